//! The table's own examples, what must stay as it is, and properties of every find.

use std::borrow::Cow;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::detect::{Context, Detector, Finding, Role};

fn engine(options: serde_json::Value) -> Engine {
    Engine::new(serde_json::from_value(options).unwrap()).unwrap()
}

fn find(engine: &Engine, text: &str, names: &[&str]) -> Vec<Finding> {
    let names: Vec<Cow<'_, str>> = names.iter().map(|&name| name.into()).collect();
    let mut found = Vec::new();
    engine.find(
        text,
        &Context {
            names: &names,
            role: Role::Text,
            ..Context::default()
        },
        &mut found,
    );
    found
}

fn masked(engine: &Engine, text: &str, names: &[&str]) -> String {
    let mut out = text.to_owned();
    for finding in find(engine, text, names).iter().rev() {
        out.replace_range(finding.start..finding.end, &format!("<{}>", finding.label));
    }
    out
}

/// The text of an example and the stretches between `‹` and `›`, or all of it.
fn unmark(example: &str) -> (String, Vec<(usize, usize)>) {
    let (mut text, mut spans, mut start) = (String::new(), Vec::new(), 0);
    for c in example.chars() {
        match c {
            '‹' => start = text.len(),
            '›' => spans.push((start, text.len())),
            c => text.push(c),
        }
    }
    if spans.is_empty() {
        spans.push((0, text.len()));
    }
    (text, spans)
}

#[test]
fn each_row_finds_its_examples_and_nothing_in_its_misses() {
    let mut wrong = Vec::new();
    for (row, _) in registry::rows() {
        let engine = engine(serde_json::json!({"entities": [row.entity], "threshold": 0}));
        let found = |text: &str| {
            find(&engine, text, &[])
                .iter()
                .map(|f| (f.start, f.end))
                .collect::<Vec<_>>()
        };
        for example in row.matches {
            let (text, spans) = unmark(example);
            if found(&text) != spans {
                wrong.push(format!("{} in {example:?}: found {:?}", row.entity, found(&text)));
            }
        }
        for example in row.misses.iter().filter(|example| !found(example).is_empty()) {
            wrong.push(format!("{} must not be in {example:?}", row.entity));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn by_default_ids_times_and_versions_stay() {
    let engine = engine(serde_json::json!({}));
    let kept: &[(&str, &[&str])] = &[
        ("123456780", &["order_id"]),
        ("1732233600", &["ts"]),
        ("1732233600", &["createdAt"]),
        ("1732233600123", &["timestamp"]),
        ("4111111111111111", &["order_id"]),
        ("10.2.1.4", &["version"]),
        ("10.2.1.4", &["app", "fileVersion"]),
        ("version 10.2.1.4 is out", &[]),
        ("nginx-1.25.3.1 and Chrome/99.0.12.3", &[]),
        ("v1.2.3.4", &[]),
        ("550e8400-e29b-41d4-a716-446655440000", &["id"]),
        ("2024-05-12T04:34:22Z", &["created"]),
        ("https://example.com/a/b?c=1", &["url"]),
        ("{\"order_id\": 123456780, \"ts\": 1732233600}", &[]),
        ("{\"ssn\": null, \"order_id\": 123456780}", &[]),
        (
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            &[],
        ),
        ("ISBN 978-3-16-148410-0", &[]),
        ("3.14159265358979", &["pi"]),
        ("-73.935242, 40.730610", &["location"]),
        ("git@github.com:owner/name.git", &["remote"]),
        ("package@1.2.3 @scope/name", &[]),
        ("arn:aws:lambda:mx-central-1:610118373846:layer:x:2", &[]),
        ("order_id,ts\n123456780,1732233600\n", &[]),
        ("<order><id>123456780</id></order>", &[]),
        ("#123456 1:23:45 12345678901234567890", &[]),
        ("std::collections::HashMap fe80 a::b", &[]),
    ];
    for (text, names) in kept {
        assert_eq!(masked(&engine, text, names), *text, "{names:?}");
    }
}

#[test]
fn even_with_all_of_presidios_amounts_and_years_stay() {
    let engine =
        engine(serde_json::json!({"entities": ["US_BANK_NUMBER", "US_DRIVER_LICENSE", "PHONE_NUMBER", "UK_NHS"]}));
    let kept: &[(&str, &[&str])] = &[
        ("12345678.9", &["account_balance"]),
        ("3.123456789", &["bank", "rate"]),
        ("4010232137", &["order_id"]),
        ("call a taxi to 48334 36 Rue de Pologne", &[]),
        ("contact us, CA 94043-1234", &[]),
        ("in office 2017-2021", &[]),
    ];
    for (text, names) in kept {
        assert_eq!(masked(&engine, text, names), *text, "{names:?}");
    }
}

#[test]
fn keys_headers_and_elements_are_context() {
    let engine = engine(serde_json::json!({}));
    let masks: &[(&str, &[&str], &str)] = &[
        ("078051121", &["ssn"], "<US_SSN>"),
        ("078051121", &["customerSsn"], "<US_SSN>"),
        ("ES30733219716080039624", &["iban"], "<IBAN_CODE>"),
        ("4258829090", &["contact", "home-phone"], "<PHONE_NUMBER>"),
        ("4111111111111112", &["card_number"], "<CREDIT_CARD>"),
        ("name,ssn\nAnn,078051121\n", &[], "name,ssn\nAnn,<US_SSN>\n"),
        ("<ssn>078051121</ssn>", &[], "<ssn><US_SSN></ssn>"),
        ("ssn=078051121&id=078051121", &[], "ssn=<US_SSN>&id=078051121"),
        ("{\"ssn\":\"078051121\"", &[], "{\"ssn\":\"<US_SSN>\""),
        ("+1 (649) 223-8813", &[], "<PHONE_NUMBER>"),
        (
            "see 'https://example.com', ann@example.com!",
            &[],
            "see 'https://example.com', <EMAIL_ADDRESS>!",
        ),
    ];
    for (text, names, expected) in masks {
        assert_eq!(masked(&engine, text, names), *expected, "{text} {names:?}");
    }
}

#[test]
fn thresholds_lists_and_custom_recognizers() {
    let all = engine(serde_json::json!({
        "entities": ["IP_ADDRESS", "TICKET"], "thresholds": {"IP_ADDRESS": 0.7},
        "deny_list": {"PROJECT": ["Zeus"]},
        "custom": [{"entity": "TICKET", "regex": "T-\\d+", "score": 0.3, "context": ["ticket"]},
                   {"entity": "ACCOUNT", "regex": "\\d{8}", "validator": "luhn"}]
    }));
    assert_eq!(masked(&all, "10.0.0.1; ip 10.0.0.1", &[]), "10.0.0.1; ip <IP_ADDRESS>");
    assert_eq!(masked(&all, "zeus and zeusy", &[]), "<PROJECT> and zeusy");
    assert_eq!(masked(&all, "T-1", &[]), "T-1");
    assert_eq!(masked(&all, "ticket T-1", &[]), "ticket <TICKET>");
    assert_eq!(masked(&all, "12345674 12345675", &[]), "<ACCOUNT> 12345675");
    let allowed = engine(serde_json::json!({"allow_list": ["^10\\."], "allow_list_match": "regex"}));
    assert_eq!(masked(&allowed, "10.0.0.1 192.168.0.1", &[]), "10.0.0.1 <IP_ADDRESS>");
}

#[test]
fn wrong_settings_say_what_to_mend() {
    let error = |options| {
        Engine::new(serde_json::from_value(options).unwrap())
            .unwrap_err()
            .to_string()
    };
    let cases = [
        (
            serde_json::json!({"entities": ["US_SNN"]}),
            "`entities`: `US_SNN` is no entity, set or country; did you mean `US_SSN`?",
        ),
        (
            serde_json::json!({"threshold": 1.5}),
            "`threshold` is 1.5; write a number from 0 to 1",
        ),
        (
            serde_json::json!({"thresholds": {"CRIPTO": 0.5}}),
            "`thresholds`: `CRIPTO` is no entity that is on; did you mean `CRYPTO`?",
        ),
        (
            serde_json::json!({"phone_regions": ["XX"]}),
            "`phone_regions`: `XX` is no region; write a two-letter code of ISO 3166-1, such as `US`",
        ),
    ];
    for (options, expected) in cases {
        assert_eq!(error(options), expected);
    }
    assert!(error(serde_json::json!({"custom": [{"entity": "X", "regex": "("}]})).contains("custom.X"));
    assert!(serde_json::from_value::<Options>(serde_json::json!({"entitys": []})).is_err());
}

static ENGINES: LazyLock<[Engine; 2]> = LazyLock::new(|| {
    [
        engine(serde_json::json!({})),
        engine(serde_json::json!({"entities": "all", "threshold": 0})),
    ]
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn finds_are_ordered_whole_characters_and_apart(
        text in "([ -~]{0,12}|[0-9]{1,5}[-. /:()+@]|\\PC{0,4}|[A-Z]{1,3}[ -]?[0-9]{1,4}|, |\n|ann@example\\.com|::|May |é){0,40}",
        name in "[a-zA-Z_-]{0,12}",
    ) {
        for engine in ENGINES.iter() {
            let found = find(engine, &text, &[&name]);
            for finding in &found {
                prop_assert!(finding.start < finding.end && (0.0..=1.0).contains(&finding.score));
                prop_assert!(text.is_char_boundary(finding.start) && text.is_char_boundary(finding.end));
            }
            prop_assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}
