use proptest::prelude::*;

use super::*;
use crate::{
    detect::{Context, Detector, Finding, Role, pii, secrets},
    mask::{Placeholder, apply, in_order},
    message::{Direction, Hints, Kind},
};

/// Finds what stands between `«` and `»`, those included, and every number.
struct Marked;

impl Detector for Marked {
    fn find(&self, text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
        let ends = text.find('«').zip(text.rfind('»').map(|at| at + '»'.len_utf8()));
        let ends = ends.or((context.role == Role::Number).then_some((0, text.len())));
        if let Some((start, end)) = ends.filter(|(start, end)| start < end) {
            found.push(Finding {
                rule: "marked".into(),
                label: "MARKED".into(),
                start,
                end,
                score: 1.0,
            });
        }
    }
}

/// Changes nothing beyond the server.
const GENTLE: Hints = Hints {
    read_only: false,
    destructive: false,
    open_world: false,
};

fn vault(flows: serde_json::Value) -> Arc<Vault> {
    Vault::new("basic", serde_json::from_value(flows).unwrap())
}

/// What the client gets of a message of a server.
fn shown(vault: &Arc<Vault>, server: &str, text: &str) -> String {
    let hits = Masker::new(Marked, Placeholder).json(text).unwrap();
    let mut hits = in_order([hits, vault.arriving(text, true).unwrap()].concat());
    vault.keep(&server.into(), &mut hits);
    apply(text, &hits)
}

fn call(server: &str, tool: &str, hints: Hints) -> Envelope {
    Envelope {
        name: tool.into(),
        hints,
        ..Envelope::request(&server.into(), "tools/call", "")
    }
}

/// What a server gets of a message that the client sent.
fn sent(vault: &Arc<Vault>, envelope: &Envelope, text: &str) -> String {
    let payload = Payload::from(text.to_owned());
    let restored = vault.restore(envelope, &payload).payload;
    restored.unwrap_or(payload).text().to_owned()
}

/// The placeholder of this session.
fn named(vault: &Vault, name: &str) -> String {
    format!("<{name}_{}>", vault.nonce)
}

fn arguments(arguments: impl std::fmt::Display) -> String {
    format!(r#"{{"name":"t","arguments":{arguments},"_meta":{{}}}}"#)
}

#[test]
fn a_value_goes_back_to_where_it_came_from_and_nowhere_else() {
    let vault = vault(serde_json::json!([]));
    let masked = shown(&vault, "a", r#"{"text":"key = «one»"}"#);
    let placeholder = named(&vault, "MARKED_1");
    assert_eq!(masked, format!(r#"{{"text":"key = {placeholder}"}}"#));
    let text = arguments(format!(r#"{{"auth":"Bearer {placeholder}"}}"#));
    assert_eq!(
        sent(&vault, &call("a", "t", GENTLE), &text),
        arguments(r#"{"auth":"Bearer «one»"}"#)
    );
    assert_eq!(sent(&vault, &call("b", "t", GENTLE), &text), text);
    let question = Envelope::request(&"a".into(), "sampling/createMessage", "");
    for other in [
        question.with(Kind::Sampling, Direction::ToServer),
        Envelope::request(&"a".into(), "prompts/get", "t"),
        call("a", "t", GENTLE).with(Kind::Notification, Direction::ToServer),
        call("a", "t", GENTLE).with(Kind::Arguments, Direction::ToClient),
    ] {
        assert_eq!(sent(&vault, &other, &text), text, "{other:?}");
    }
}

#[test]
fn only_values_of_arguments_are_put_back() {
    let vault = vault(serde_json::json!([]));
    shown(&vault, "a", r#""«one»""#);
    let one = named(&vault, "MARKED_1");
    let lower = one.to_lowercase();
    let unknown = named(&vault, "MARKED_2");
    let text = format!(
        r#"{{"name":"{one}","arguments":{{"{one}":["{lower}","{unknown}","<MARKED_1_x000000>","<MARKED_1"],"n":1}},"_meta":{{"m":"{one}"}}}}"#
    );
    assert_eq!(sent(&vault, &call("a", "t", GENTLE), &text), text);
}

#[test]
fn a_value_is_escaped_as_deep_as_it_stands() {
    let vault = vault(serde_json::json!([]));
    let value = "«say \"é\"\\\n»";
    shown(&vault, "a", &json::quote(value));
    let placeholder = named(&vault, "MARKED_1");
    let inner = serde_json::json!({"deep": serde_json::json!({"k": placeholder}).to_string(), "plain": placeholder});
    let text = arguments(serde_json::json!({"content": inner.to_string()}));
    let escaped = text.replace('<', "\\u003c");
    for text in [text, escaped] {
        let got: serde_json::Value = serde_json::from_str(&sent(&vault, &call("a", "t", GENTLE), &text)).unwrap();
        let content: serde_json::Value = serde_json::from_str(got["arguments"]["content"].as_str().unwrap()).unwrap();
        let deep: serde_json::Value = serde_json::from_str(content["deep"].as_str().unwrap()).unwrap();
        assert_eq!((&deep["k"], &content["plain"]), (&value.into(), &value.into()));
    }
}

#[test]
fn what_may_do_harm_needs_a_flow() {
    let open_world = Hints {
        open_world: true,
        ..GENTLE
    };
    for hints in [Hints::default(), open_world] {
        let flow = serde_json::json!([{"from": "a", "to": "a", "kinds": ["MARKED"], "tools": ["post"]}]);
        for (flows, tool, passes) in [
            (serde_json::json!([]), "post", false),
            (flow.clone(), "post", true),
            (flow, "delete", false),
        ] {
            let vault = vault(flows);
            shown(&vault, "a", r#""«one»""#);
            let text = arguments(format!(r#"["{}"]"#, named(&vault, "MARKED_1")));
            let envelope = call("a", tool, hints);
            let refusal = vault.refusal(&envelope, &Payload::from(text.clone()));
            assert_eq!(refusal.is_none(), passes, "{tool}");
            if let Some(refusal) = refusal {
                assert!(refusal.contains(r#"--set 'basic.flows=[{"from":"a""#), "{refusal}");
            }
            assert_eq!(sent(&vault, &envelope, &text).contains("«one»"), passes);
        }
    }
}

#[test]
fn a_flow_leads_to_another_server_and_for_its_kinds_alone() {
    for (kinds, passes) in [(["MARKED"], true), (["OTHER"], false)] {
        let vault = vault(serde_json::json!([{"from": "a", "to": "b", "kinds": kinds}]));
        shown(&vault, "a", r#""«one»""#);
        let text = arguments(format!(r#"["{}"]"#, named(&vault, "MARKED_1")));
        let restoration = vault.restore(&call("b", "t", Hints::default()), &Payload::from(text.clone()));
        assert_eq!(restoration.payload.is_some(), passes, "{kinds:?}");
        let returned = &restoration.returned[0];
        assert_eq!((&*returned.from, returned.restored), ("a", passes));
        assert_eq!(returned.place, "arguments[0]");
        assert_eq!(sent(&vault, &call("c", "t", GENTLE), &text), text);
    }
}

#[test]
fn a_placeholder_in_a_name_is_not_written_over_the_real_one() {
    let vault = vault(serde_json::json!([]));
    shown(&vault, "a", r#"{"«one»":1}"#);
    let text = arguments(format!(r#"{{"{}":1}}"#, named(&vault, "MARKED_1")));
    let refused = |server, hints| {
        let payload = Payload::from(text.clone());
        vault.refusal(&call(server, "t", hints), &payload).is_some()
    };
    let reading = Hints {
        read_only: true,
        ..GENTLE
    };
    assert!(refused("a", GENTLE) && !refused("a", reading) && !refused("b", GENTLE));
}

#[test]
fn look_alikes_of_a_server_stand_for_nothing() {
    let vault = vault(serde_json::json!([]));
    shown(&vault, "a", r#""«one»""#);
    let (one, other) = (named(&vault, "MARKED_1"), "<MARKED_1_x000000>");
    let alike = format!(r#"{{"t":"use {one} or {other}","{one}":"\u003c{}"}}"#, &one[1..]);
    let masked = shown(&vault, "b", &alike);
    let not = named(&vault, "MARKED_1_not");
    assert_eq!(masked, format!(r#"{{"t":"use {not} or {other}","{not}":"{not}"}}"#));
    assert_eq!(shown(&vault, "b", &masked), masked);
    assert_eq!(vault.arriving(&alike, false).unwrap(), [], "the gateway's own words");
    let items = |first: &str, second: &str| {
        let item = |text: &str| format!(r#"{{"type":"text","text":"{text}"}}"#);
        format!(r#"{{"content":[{},{}]}}"#, item(first), item(second))
    };
    let split = items(&format!("x {}", &one[..9]), &one[9..]);
    assert_eq!(shown(&vault, "b", &split), items("x <LOOK_ALIKE>", "<LOOK_ALIKE>"));
}

#[test]
fn look_alikes_that_a_judge_puts_together_stand_for_nothing() {
    let vault = vault(serde_json::json!([]));
    shown(&vault, "a", r#""«one»""#);
    let one = named(&vault, "MARKED_1");
    let pieces = format!("{}\\u001b[0m{}", &one[..12], &one[12..]);
    let before = shown(&vault, "b", &format!(r#"["«two»","{pieces}"]"#));
    let after = before.replace("\\u001b[0m", "");
    let hits = vault.arriving_changed(&before, &after, true).unwrap();
    let (two, not) = (named(&vault, "MARKED_2"), named(&vault, "MARKED_1_not"));
    assert_eq!(apply(&after, &hits), format!(r#"["{two}","{not}"]"#));
}

#[test]
fn what_was_put_back_is_masked_again_wherever_it_turns_up() {
    let vault = vault(serde_json::json!([]));
    let secret = |text: &str| format!(r#"{{"password":"«{text}»"}}"#);
    shown(&vault, "a", &secret("one"));
    let plain = r#"{"echo":"it is «one»","inner":"{\"k\":[\"«one»\"]}"}"#;
    let unmarked = plain.replace('»', "»!").replace('«', "!«");
    let one = named(&vault, "MARKED_1");
    assert!(
        vault.arriving(&unmarked, true).unwrap().is_empty(),
        "nobody was given it yet"
    );
    sent(&vault, &call("a", "t", GENTLE), &arguments(format!(r#"["{one}"]"#)));
    let expected = unmarked.replace("«one»", &one);
    let mut hits = vault.arriving(&unmarked, true).unwrap();
    vault.keep(&"a".into(), &mut hits);
    assert_eq!(apply(&unmarked, &hits), expected);
    let of_gateway = apply(&unmarked, &vault.arriving(&unmarked, false).unwrap());
    assert_eq!(of_gateway, unmarked.replace("«one»", "<MARKED>"));
}

#[test]
fn numbers_become_zero_or_texts_that_are_numbers_again() {
    let vault = vault(serde_json::json!([]));
    let masked = shown(
        &vault,
        "a",
        r#"{"structuredContent":{"n":41111},"n":41111,"text":"{\"n\":41111}","same":"«41111»"}"#,
    );
    let (one, other) = (named(&vault, "MARKED_1"), named(&vault, "MARKED_2"));
    assert_eq!(
        masked,
        format!(r#"{{"structuredContent":{{"n":0}},"n":"{one}","text":"{{\"n\":\"{one}\"}}","same":"{other}"}}"#)
    );
    let text = |one: &str, other: &str| {
        arguments(format!(
            r#"{{"n":{one},"inner":"{{\"n\":[{}]}}","part":"it is {}","same":"{other}"}}"#,
            one.replace('"', "\\\""),
            one.trim_matches('"'),
        ))
    };
    let masked = text(&json::quote(&one), &other);
    for masked in [masked.clone(), masked.replace('<', "\\u003c")] {
        assert_eq!(sent(&vault, &call("a", "t", GENTLE), &masked), text("41111", "«41111»"));
    }
    let wants = Envelope {
        schema: Some(Payload::from(
            serde_json::json!({"properties": {"n": {"type": "string"}}}),
        )),
        ..call("a", "t", GENTLE)
    };
    let text = arguments(format!(r#"{{"n":"{one}"}}"#));
    assert_eq!(sent(&vault, &wants, &text), arguments(r#"{"n":"41111"}"#));
    let unmarked = r#"{"n":411112,"t":"x41111y"}"#;
    assert_eq!(
        vault.arriving(unmarked, true).unwrap(),
        [],
        "another number, and a short one in a word"
    );
    let masked = apply("[41111]", &vault.arriving("[41111]", true).unwrap());
    assert_eq!(masked, r#"["<MARKED>"]"#);
}

#[test]
fn the_maskers_take_no_placeholder_for_what_they_look_for() {
    let of_secrets = secrets::rules().map(|rule| rule.label);
    let kinds: std::collections::BTreeSet<&str> = of_secrets.chain(pii::entities_of("all")).collect();
    let sensitive = serde_json::from_value(serde_json::json!({"sensitivity": "high"})).unwrap();
    let all = serde_json::from_value(serde_json::json!({"entities": ["all"], "threshold": 0.3})).unwrap();
    let maskers = [
        Masker::new(secrets::Engine::new(sensitive).unwrap(), Placeholder),
        Masker::new(pii::Engine::new(all).unwrap(), Placeholder),
    ];
    for kind in kinds {
        for suffix in ["1_x123456", "4111_x7f3a2b", "12345678_xabcdef"] {
            let it = format!("<{kind}_{suffix}>");
            let field = kind.to_ascii_lowercase();
            let texts = serde_json::json!({
                "plain": it,
                (field.clone()): it,
                "password": it,
                "header": format!("Authorization: Bearer {it}"),
                "line": format!("{field}={it}\nexport SECRET_KEY='{it}'"),
                "url": format!("https://user:{it}@example.test/?token={it}"),
                "sentence": format!("the {field} is {it}, the password is {it}."),
                "text": serde_json::json!({(field.clone()): it, "api_key": [it]}).to_string(),
            });
            let text = arguments(&texts);
            for masker in &maskers {
                let hits = masker.json(&text).unwrap();
                assert_eq!(apply(&text, &hits), text, "{hits:?}");
            }
        }
    }
}

proptest! {
    /// Masking and then restoring is nothing to the server that it came from; to another, no value is in it.
    #[test]
    fn what_comes_back_is_what_was_sent(
        values in proptest::collection::vec(r#"[a-z"\\\n\u{e9}\u{1f600}{\[:,\]}<>]{2,12}"#, 1..5),
        around in r#"[a-z "\\\n\u{e9}]{0,6}"#,
        depth in 0..4,
    ) {
        let vault = vault(serde_json::json!([]));
        let values: Vec<String> = values.into_iter().map(|value| format!("«{value}»")).collect();
        let mut inner = serde_json::json!({"v": values, "t": format!("{around}{}{around}", values[0])});
        for _ in 0..depth {
            inner = serde_json::json!({"inner": inner.to_string()});
        }
        let original = arguments(&inner);
        let masked = shown(&vault, "a", &original);
        let value_of = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        value_of(&masked);
        let back = sent(&vault, &call("a", "t", GENTLE), &masked);
        prop_assert_eq!(value_of(&back), value_of(&original));
        let elsewhere = sent(&vault, &call("b", "t", GENTLE), &masked);
        prop_assert_eq!(&elsewhere, &masked);
        prop_assert!(!elsewhere.contains('«'), "{}", elsewhere);
        prop_assert_eq!(shown(&vault, "a", &back), masked, "on its way back");
    }
}
