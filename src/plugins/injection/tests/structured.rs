//! What stands beside the content of a tool's result: clients give it to the model, too.

use serde_json::json;

use super::*;

fn fencing() -> std::sync::Arc<dyn Guardrail> {
    injection(json!({"block": "warn", "review": "warn"}))
}

/// The result of a tool whose structured content has this schema.
fn result_like(schema: Value) -> Envelope {
    Envelope {
        output: Some(Payload::from(schema)),
        ..result()
    }
}

fn is_fenced(text: &Value) -> bool {
    let text = text.as_str().expect("a text");
    text.starts_with("[mcp-gateway: ") && text.contains(SUSPICIOUS) && text.ends_with(']')
}

#[tokio::test]
async fn what_stands_beside_the_content_is_fenced_in_its_place() {
    let payload = json!({
        "content": [{"type": "text", "text": "2 lines"}],
        "structuredContent": {"page": {"lines": ["one", SUSPICIOUS]}, "n": 2},
        "note": SUSPICIOUS,
    });
    let Verdict::Modified(changed, redactions) = judged(&*fencing(), &result(), &payload).await else {
        panic!("not fenced")
    };
    let changed: Value = serde_json::from_str(changed.text()).expect("JSON");
    let structured = &changed["structuredContent"];
    assert!(
        is_fenced(&structured["page"]["lines"][1]) && is_fenced(&changed["note"]),
        "{changed}"
    );
    assert_eq!(
        (&structured["page"]["lines"][0], &structured["n"]),
        (&json!("one"), &json!(2))
    );
    assert_eq!(changed["content"], payload["content"], "nothing speaks in it");
    let places: HashSet<&str> = redactions.iter().map(|redaction| redaction.place.as_str()).collect();
    assert_eq!(places, HashSet::from(["structuredContent.page.lines[1]", "note"]));
    let both = json!({"content": [{"type": "text", "text": SUSPICIOUS}], "structuredContent": {"line": SUSPICIOUS}});
    let Verdict::Modified(changed, _) = judged(&*fencing(), &result(), &both).await else {
        panic!("not fenced")
    };
    let changed: Value = serde_json::from_str(changed.text()).expect("JSON");
    assert_eq!(changed["content"].as_array().map(Vec::len), Some(3), "{changed}");
    assert!(is_fenced(&changed["structuredContent"]["line"]), "{changed}");
}

#[tokio::test]
async fn what_the_schema_would_not_take_with_its_notes_is_withheld() {
    let payload = json!({"structuredContent": {"rows": [{"say": SUSPICIOUS}]}});
    for (say, is_taken) in [
        (json!({"type": "string"}), true),
        (json!({"type": "string", "maxLength": 5000}), true),
        (json!({"type": "string", "maxLength": SUSPICIOUS.len()}), false),
        (json!({"type": "string", "pattern": "^Save"}), false),
        (json!({"type": "string", "format": "uri"}), false),
        (json!({"enum": [SUSPICIOUS, "x"]}), false),
        (json!({"anyOf": [{"const": SUSPICIOUS}, {"type": "null"}]}), false),
    ] {
        let schema = json!({
            "properties": {"rows": {"items": {"$ref": "#/$defs/row"}}},
            "$defs": {"row": {"additionalProperties": say}},
        });
        let verdict = judged(&*fencing(), &result_like(schema), &payload).await;
        match verdict {
            Verdict::Modified(..) if is_taken => {}
            Verdict::Block(reason) if !is_taken => assert!(reason.0.contains("structuredContent.rows[0].say")),
            other => panic!("{say}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_name_beside_the_content_is_withheld_with_all() {
    let payload = json!({"content": [], "structuredContent": {SUSPICIOUS: 1}});
    let verdict = judged(&*fencing(), &result(), &payload).await;
    assert!(matches!(verdict, Verdict::Block(_)), "{verdict:?}");
    let within = json!({"content": [{"type": "text", "text": "x", SUSPICIOUS: 1}]});
    let verdict = judged(&*fencing(), &result(), &within).await;
    assert!(matches!(verdict, Verdict::Modified(..)), "{verdict:?}");
}
