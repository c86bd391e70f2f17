//! What goes on from one text of an array to the next, as a key whose lines are its items, or stand in them; and what a
//! text tells of the one before it.

use super::{Hit, Masker, Source, Written};
use crate::{
    detect::{Finding, Role, secrets::Strand},
    json::{Token, decode},
    message::Leaf,
};

/// How many places are remembered at a time in which something is open.
const MOST: usize = 8;

/// The shortest text of which the next one may tell something, in bytes: a token.
const LEAST_TOLD: usize = 16;

/// The places of a document in which something is open: the names that lead to them, and what is.
#[derive(Default)]
pub(super) struct Strands<'a> {
    open: Vec<(Vec<String>, Strand)>,
    /// The text before.
    last: Option<Token<'a>>,
}

impl<'a> Strands<'a> {
    /// Appends a hit for what of a leaf goes on with the leaves before it in its place.
    pub(super) fn leaf(&mut self, masker: &Masker, leaf: &Leaf<'_, 'a>, hits: &mut Vec<Hit>) {
        if leaf.context.role != Role::Text {
            return;
        }
        let names = leaf.context.names;
        let same = |(open, _): &(Vec<String>, Strand)| open.iter().eq(names.iter());
        let mut found = Vec::new();
        match self.open.iter().position(same) {
            Some(at) => {
                masker.detector.follow(leaf.text, &mut self.open[at].1, &mut found);
                if self.open[at].1.is_idle() {
                    self.open.remove(at);
                }
            }
            None => {
                let mut strand = Strand::default();
                masker.detector.follow(leaf.text, &mut strand, &mut found);
                if !strand.is_idle() {
                    if self.open.len() == MOST {
                        self.open.remove(0);
                    }
                    let names = names.iter().map(|name| name.to_string()).collect();
                    self.open.push((names, strand));
                }
            }
        }
        for finding in &found {
            mask(masker, leaf, leaf.token, leaf.text, finding, hits);
        }
        let last = self.last.replace(leaf.token.clone());
        if leaf.context.before.len() >= LEAST_TOLD
            && let Some(finding) = masker.detector.told_by_next(leaf.context.before, leaf.text)
            && let Some(last) = last.filter(|last| decode(last) == leaf.context.before)
        {
            mask(masker, leaf, &last, leaf.context.before, &finding, hits);
        }
    }
}

/// Appends the hit that a finding is in `text`, which `token` says; its place is that of `leaf`.
fn mask(masker: &Masker, leaf: &Leaf<'_, '_>, token: &Token<'_>, text: &str, finding: &Finding, hits: &mut Vec<Hit>) {
    if let Some(hit) = masker.hit(finding, &text[finding.start..finding.end]) {
        hits.push(Hit {
            place: masker.place(leaf),
            matched: None,
            ..Source::new(token, Written::InString).hit(hit)
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::secrets::{Engine, Options};
    use crate::mask::{Masker, Placeholder, apply};

    const LINE: &str = "MIIEpQIBAAKCAQEAn6/O8li+SX4m98LLYt/PKSzEmQ++ZBD7Loh9P13f4yQ92EF3";

    fn masked(document: &serde_json::Value) -> String {
        let engine = Engine::new(Options::default()).expect("valid options");
        let masker = Masker::new(engine, Placeholder);
        let text = document.to_string();
        let once = apply(&text, &masker.json(&text).expect("JSON"));
        let twice = apply(&once, &masker.json(&once).expect("JSON"));
        assert_eq!(twice, once, "masking twice is masking once");
        once
    }

    /// The lines of a key, each different from the others.
    fn lines() -> Vec<String> {
        let begin = "-----BEGIN RSA PRIVATE KEY-----".to_owned();
        let body = (10..40).map(|number| format!("{number}{}", &LINE[2..]));
        let last = [
            "L5iWcrQ=".to_owned(),
            "-----END RSA PRIVATE KEY-----".to_owned(),
            "done".to_owned(),
            LINE.to_owned(),
        ];
        std::iter::once(begin).chain(body).chain(last).collect()
    }

    #[test]
    fn a_key_is_masked_wherever_its_lines_stand() {
        let items = |line: &String| serde_json::json!({"type": "text", "text": line});
        let cells = |line: &String| serde_json::json!({"number": 1, "line": format!("{line}\n"), "new": "yes"});
        for document in [
            serde_json::json!({"lines": lines()}),
            serde_json::json!({"content": lines().iter().map(items).collect::<Vec<_>>()}),
            serde_json::json!({"diff": lines().iter().map(cells).collect::<Vec<_>>()}),
            serde_json::json!([{"text": serde_json::json!({"source": lines()}).to_string()}]),
            serde_json::json!({"content": [{"text": lines()[..12].join("\n")}, {"text": lines()[12..].join("\n")}]}),
        ] {
            let masked = masked(&document);
            let left = masked.matches(&LINE[2..]).count();
            assert!(
                left == 1 && masked.contains(LINE),
                "but for what stands behind the key: {masked}"
            );
            assert!(!masked.contains("L5iWcrQ"), "{masked}");
        }
    }

    #[test]
    fn a_text_tells_of_the_one_before() {
        let document =
            serde_json::json!({"s": "pS67n+J29jhIrP90+aVGF6xKZ/1VcAVhi/2JXhzl", "k": "AKIAMCPEPBYAYPJD2YDT"});
        assert_eq!(
            masked(&document),
            r#"{"s":"<AWS_SECRET_ACCESS_KEY>","k":"<AWS_ACCESS_KEY>"}"#
        );
        let apart = serde_json::json!([["pS67n+J29jhIrP90+aVGF6xKZ/1VcAVhi/2JXhzl"], ["AKIAMCPEPBYAYPJD2YDT"]]);
        assert_eq!(
            masked(&apart),
            r#"[["pS67n+J29jhIrP90+aVGF6xKZ/1VcAVhi/2JXhzl"],["<AWS_ACCESS_KEY>"]]"#
        );
    }

    #[test]
    fn lines_of_other_things_stay() {
        for document in [
            serde_json::json!({"lines": ["-----BEGIN CERTIFICATE-----", LINE, "-----END CERTIFICATE-----"]}),
            serde_json::json!({"source": ["if '-----BEGIN PRIVATE KEY-----' in pem:\n", "    return\n", LINE]}),
            serde_json::json!([{"a": "-----BEGIN PRIVATE KEY-----", "b": "x"}, {"a": "none", "b": LINE}]),
        ] {
            assert_eq!(masked(&document), document.to_string());
        }
    }
}
