//! What every row of the table has to keep to.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::shape::{Shape, dice};
use super::super::{Engine, Options, Sensitivity, placeholder, rules};
use super::{Anchor, Rule, all};
use crate::detect::{Context, Detector, Finding};

fn engine() -> Engine {
    Engine::new(Options {
        sensitivity: Sensitivity::High,
        ..Options::default()
    })
    .expect("valid options")
}

fn find(engine: &Engine, text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    engine.find(text, &Context::default(), &mut found);
    found
}

fn masked(engine: &Engine, text: &str) -> String {
    let mut masked = text.to_owned();
    for finding in find(engine, text).iter().rev() {
        masked.replace_range(finding.start..finding.end, &format!("<{}>", finding.label));
    }
    masked
}

/// Is no stretch of twelve bytes of the token (but for its first quarter) left in `masked`?
fn hides(rule: &Rule, masked: &str) -> bool {
    let token = rule.info.example.as_bytes();
    let width = 12.min(token.len());
    !token
        .windows(width)
        .skip(token.len() / 4)
        .any(|window| memchr::memmem::find(masked.as_bytes(), window).is_some())
}

#[test]
fn rules_are_well_formed() {
    let mut ids = BTreeSet::new();
    for info in rules() {
        assert!(ids.insert(info.id), "`{}` is there twice", info.id);
        assert!(
            info.id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
            "{}",
            info.id
        );
        assert!(
            placeholder::is(&format!("<{}>", info.label)),
            "{}: {}",
            info.id,
            info.label
        );
        assert!(!info.provider.is_empty() && !info.what.is_empty(), "{}", info.id);
    }
}

#[test]
fn rows_are_well_formed() {
    for rule in all() {
        let id = rule.info.id;
        let shape = Shape::parse(rule.shape);
        assert!(shape.is_ok(), "{id}: {}", shape.expect_err("checked"));
        assert!(rule.issued.is_none_or(|issued| Shape::parse(issued).is_ok()), "{id}");
        match rule.anchor {
            Anchor::Prefix(prefixes) => {
                assert!(!prefixes.is_empty(), "{id}");
                prefixes
                    .iter()
                    .for_each(|prefix| assert!(prefix.len() >= 2 && prefix.is_ascii(), "{id}: {prefix}"));
            }
            Anchor::Within(anchor, min, max) => {
                assert!(!anchor.is_empty() && min <= max, "{id}");
            }
        }
        assert!((0.3..=1.0).contains(&rule.score), "{id}");
    }
}

#[test]
fn patterns_match_the_examples_too() {
    for rule in all() {
        let pattern = regex::bytes::RegexBuilder::new(&rule.pattern())
            .unicode(false)
            .size_limit(1 << 28)
            .build();
        assert!(
            pattern
                .expect("a row is a regex")
                .is_match(rule.info.example.as_bytes()),
            "{}",
            rule.info.id
        );
    }
}

#[test]
fn rows_match_their_examples() {
    let engine = engine();
    for rule in all() {
        for hit in std::iter::once(&rule.info.example).chain(rule.hits) {
            let found = find(&engine, hit);
            let whole = found.iter().any(|finding| {
                // A crypt hash starts behind its `$`.
                finding.start <= 1 && finding.end == hit.len()
            });
            assert!(whole, "{}: {hit}: {found:?}", rule.info.id);
        }
    }
}

#[test]
fn rows_match_no_more_than_they_should() {
    let engine = engine();
    for rule in all() {
        for miss in rule.misses {
            assert_eq!(find(&engine, miss), vec![], "{}: {miss}", rule.info.id);
        }
        let Anchor::Prefix(prefixes) = rule.anchor else {
            continue;
        };
        for prefix in prefixes {
            for text in [format!("{prefix} is the prefix"), format!("{prefix}your-token-here")] {
                let found = find(&engine, &text);
                assert!(
                    found.iter().all(|finding| finding.rule != rule.info.id),
                    "{}: {text}: {found:?}",
                    rule.info.id
                );
            }
        }
    }
}

/// A name, and what makes a text of a token.
type Placement = (&'static str, fn(&str) -> String);

/// Text that a token stands in: fifteen ways.
const PLACEMENTS: [Placement; 15] = [
    ("quoted", |token| format!("the \"{token}\" one")),
    ("between newlines", |token| format!("one\n{token}\ntwo")),
    ("before a comma", |token| format!("{token}, and more")),
    ("before a full stop", |token| format!("It is {token}. And more")),
    ("before a parenthesis", |token| format!("(it is {token})")),
    ("before a tag", |token| format!("<p>{token}</p>")),
    ("before an ampersand", |token| format!("token={token}&page=2")),
    ("before a pipe", |token| format!("| name | {token}| more |")),
    ("in a URL", |token| format!("https://example.org/a?b={token}")),
    ("JSON-escaped", |token| {
        serde_json::json!({ "a": format!("x\n{token}\n") }).to_string()
    }),
    ("JSON-escaped twice", |token| {
        serde_json::json!({ "a": serde_json::json!({ "b": format!("x\n{token}\n") }).to_string() }).to_string()
    }),
    ("in base 64", |token| {
        STANDARD.encode(format!("the token is {token} and that is all there is"))
    }),
    ("in hexadecimal", |token| {
        format!("the token is {token} and that is all")
            .bytes()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }),
    ("percent-encoded", |token| {
        let encoded: String = token.bytes().map(|byte| format!("%{byte:02X}")).collect();
        format!("see https://example.org/?q={encoded}&page=2")
    }),
    ("with `\\u` escapes", |token| {
        let (first, rest) = token.split_at(1);
        format!(r#"{{"a": "\u{:04x}{rest}"}}"#, first.as_bytes()[0])
    }),
];

/// Further ways that a token may be changed in, and still be found.
const CHANGES: [Placement; 2] = [
    ("with a zero-width space", |token| {
        format!("it is {}\u{200b}{} here", &token[..8], &token[8..])
    }),
    (WRAPPED, |token| {
        let line = format!("{} {token} and so on", "word ".repeat(11));
        let lines = line
            .as_bytes()
            .chunks(76)
            .map(|chunk| String::from_utf8_lossy(chunk).into_owned());
        lines.collect::<Vec<_>>().join("\n")
    }),
];

const WRAPPED: &str = "wrapped at 76 columns";

/// Lines are joined where a whole prefix has been met: one within the token, or cut itself, says nothing.
fn survives_wrapping(rule: &Rule) -> bool {
    let Anchor::Prefix(prefixes) = rule.anchor else {
        return false;
    };
    prefixes.iter().all(|prefix| prefix.len() < 20) && !rule.in_url && !rule.info.example.contains(' ')
}

#[test]
fn rows_match_their_examples_wherever_they_stand() {
    let engine = engine();
    let mut lost = Vec::new();
    for rule in all() {
        for (name, place) in PLACEMENTS.iter().chain(&CHANGES) {
            let text = place(rule.info.example);
            let masked = masked(&engine, &text);
            let expected = *name != WRAPPED || survives_wrapping(rule);
            if expected && (masked == text || !hides(rule, &masked)) {
                lost.push(format!("{} {name}: {masked}", rule.info.id));
            }
        }
    }
    assert!(lost.is_empty(), "{} lost:\n{}", lost.len(), lost.join("\n"));
}

#[test]
fn a_key_is_searched_like_a_value() {
    let engine = engine();
    for rule in all() {
        let mut found = Vec::new();
        let context = Context {
            role: crate::detect::Role::Key,
            names: &[Cow::Borrowed("headers")],
            ..Context::default()
        };
        engine.find(rule.info.example, &context, &mut found);
        assert!(!found.is_empty(), "{}", rule.info.id);
    }
}

/// How many bytes of a secret in a row must not be left.
const WINDOW: usize = 8;

#[test]
fn nothing_of_a_random_token_is_left() {
    let engine = engine();
    let mut dice = dice();
    let mut lost = Vec::new();
    for rule in all() {
        let prefixes = match rule.anchor {
            Anchor::Prefix(prefixes) => prefixes,
            Anchor::Within(..) => &[""],
        };
        let shape = Shape::parse(rule.shape).expect("a row is a regex");
        for prefix in prefixes.iter().cycle().take(8) {
            let body = shape.sample(&mut dice);
            if rule.needs_digit && !body.iter().any(u8::is_ascii_digit) {
                continue;
            }
            let shown = String::from_utf8_lossy(&body);
            let masked = masked(&engine, &format!("it is \"{prefix}{shown}\" and that is all"));
            let left = |window: &[u8]| memchr::memmem::find(masked.as_bytes(), window).is_some();
            if body.windows(WINDOW).any(left) {
                lost.push(format!("{}: {prefix}{shown} became {masked}", rule.info.id));
            }
        }
    }
    assert!(lost.is_empty(), "{} lost:\n{}", lost.len(), lost.join("\n"));
}
