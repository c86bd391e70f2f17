use super::*;
use proptest::prelude::*;

/// Finds the digit runs of three and more; names tell nothing.
struct Digits;
impl Detector for Digits {
    fn find(&self, text: &str, _: &Context<'_>, found: &mut Vec<Finding>) {
        let mut start = None;
        for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
            match (c.is_ascii_digit(), start) {
                (true, None) => start = Some(at),
                (false, Some(from)) => {
                    start = None;
                    if at - from >= 3 {
                        found.push(Finding {
                            rule: "digits".into(),
                            label: "N".into(),
                            start: from,
                            end: at,
                            score: 1.0,
                        });
                    }
                }
                _ => {}
            }
        }
    }

    fn find_across(&self, parts: &[&str], found: &mut Vec<Finding>) {
        let mut all = Vec::new();
        self.find(&parts.concat(), &Context::default(), &mut all);
        found.extend(
            all.into_iter()
                .filter(|f| f.start < parts[0].len() && f.end > parts[0].len()),
        );
    }
}

fn mask(text: &str) -> String {
    let masker = Masker::new(Digits, Placeholder);
    apply(text, &masker.json(text).unwrap())
}

#[test]
fn strings_keys_and_numbers_are_masked_and_the_rest_stays() {
    assert_eq!(
        mask(r#"{"a\u0062": "x\n123 \ud800", "456": 789, "k": 1.0}"#),
        r#"{"a\u0062": "x\n<N> \ud800", "<N>": "<N>", "k": 1.0}"#
    );
}

#[test]
fn two_keys_masked_to_the_same_text_lose_no_entry() {
    assert_eq!(
        mask(r#"{"123":1,"456":2,"<N>":3,"x":{"789":4}}"#),
        r#"{"<N>":1,"<N>_2":2,"<N>_3":3,"x":{"<N>":4}}"#
    );
}

#[test]
fn numbers_of_structured_content_stay_numbers() {
    assert_eq!(
        mask(r#"{"structuredContent":{"n":123},"n":123}"#),
        r#"{"structuredContent":{"n":0},"n":"<N>"}"#
    );
}

#[test]
fn json_inside_a_string_stays_json_and_names_its_place() {
    let text = r#"{"content":[{"text":"{\"id\":12345,\"n\":[\"say \\\"678\\\"\"]}"}]}"#;
    let hits = Masker::new(Digits, Placeholder).json(text).unwrap();
    let masked = apply(text, &hits);
    assert_eq!(
        masked,
        r#"{"content":[{"text":"{\"id\":\"<N>\",\"n\":[\"say \\\"<N>\\\"\"]}"}]}"#
    );
    assert_eq!(hits[0].place, "content[0].text → id");
    let outer: serde_json::Value = serde_json::from_str(&masked).unwrap();
    serde_json::from_str::<serde_json::Value>(outer["content"][0]["text"].as_str().unwrap()).unwrap();
}

#[test]
fn what_is_split_over_neighbouring_items_is_masked_in_each() {
    let text = r#"{"content":[{"type":"text","text":"a 12"},{"type":"text","text":"34 b"}]}"#;
    assert_eq!(
        mask(text),
        r#"{"content":[{"type":"text","text":"a <N>"},{"type":"text","text":"<N> b"}]}"#
    );
}

#[test]
fn a_hit_holds_what_it_replaces_if_that_is_one_whole_finding() {
    let whole = |text: &str| {
        let hits = Masker::new(Digits, Placeholder).json(text).unwrap();
        let matched = hits
            .iter()
            .map(|hit| hit.matched.as_ref().map(|it| it.text().to_owned()));
        matched.collect::<Vec<_>>()
    };
    assert_eq!(
        whole(r#"["a 1\u003234",567]"#),
        [Some("1234".to_owned()), Some("567".to_owned())]
    );
    assert_eq!(whole("[1.2345]"), [None], "the whole number is replaced");
    assert_eq!(whole(r#"[{"text":"12"},{"text":"34"}]"#), [None, None]);
}

proptest! {
    #[test]
    fn masking_keeps_json_valid_and_twice_is_once(text in r#"[a-z0-9"\\\n\u{e9}{\[:,\]}]{0,40}"#) {
        let document = format!(r#"{{"k":{0},{0}:[{0},1234]}}"#, json::quote(&text));
        let once = mask(&document);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&once).is_ok(), "{}", once);
        prop_assert_eq!(mask(&once), once);
    }
}
