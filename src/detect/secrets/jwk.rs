//! The private members of JSON Web Keys (RFC 7517, 7518 and 8037).

use std::ops::Range;

use super::RuleInfo;
use crate::detect::{Context, Finding};

/// The rules of this module.
pub(super) const RULES: &[RuleInfo] = &[RuleInfo {
    id: "jwk-private-member",
    provider: "generic",
    what: "private member of a JSON Web Key",
    label: "PRIVATE_KEY",
    example: r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#,
}];

/// The members that are private: of RSA, elliptic curves and octet pairs; of RSA; of symmetric keys.
const PRIVATE: &[&[u8]] = &[b"d", b"p", b"q", b"dp", b"dq", b"qi"];
/// The member of symmetric keys.
const SYMMETRIC: &[u8] = b"k";

/// The longest of these names, in bytes.
const LONGEST_NAME: usize = 2;

/// The fewest characters of a member: a symmetric key of 128 bits.
const LEAST: usize = 22;
/// How long `d` is for the curves, in characters of base64: 256, 384, 456 and 521 bits.
const CURVES: &[usize] = &[43, 64, 76, 88];
/// The fewest characters of an RSA key's members.
const LEAST_RSA: usize = 85;
/// How far the members of a key stand from the one that tells its kind, in bytes.
const REACH: usize = 8192;

/// A whole member of a JSON document.
pub(super) fn leaf(text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
    let Some(name) = context.names.last().filter(|name| tells(name)) else {
        return;
    };
    let name = name.as_bytes();
    let fits = match name {
        b"d" => CURVES.contains(&text.len()) || text.len() >= LEAST_RSA,
        name if PRIVATE.contains(&name) => text.len() >= LEAST_RSA,
        SYMMETRIC => text.len() >= LEAST && context.before == "oct",
        _ => false,
    };
    if fits && is_opaque(text.as_bytes()) {
        found.push(finding(0..text.len()));
    }
}

/// Whether a member called `name` may be a private one of a key.
pub(super) fn tells(name: &str) -> bool {
    name.len() <= LONGEST_NAME
}

/// The private members of the key whose `kty` is at `at`, where the object stands in a text.
pub(super) fn object(text: &str, at: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let start = memchr::memrchr(b'{', &bytes[at.saturating_sub(REACH)..at]);
    let start = start.map_or(at, |start| at.saturating_sub(REACH) + start);
    let rest = &bytes[at..bytes.len().min(at + REACH)];
    let end = at + memchr::memchr(b'}', rest).unwrap_or(rest.len());
    let symmetric = memchr::memmem::find(&bytes[start..end], b"oct").is_some();
    let mut here = start;
    while let Some(next) = bytes[here..end].iter().position(|b| is_base64url(*b)) {
        let from = here + next;
        let length = bytes[from..end].iter().take_while(|b| is_base64url(**b)).count();
        here = from + length;
        if length < LEAST {
            continue;
        }
        let name = name_before(&bytes[start..from]);
        if (PRIVATE.contains(&name) || symmetric && name == SYMMETRIC) && is_opaque(&bytes[from..here]) {
            found.push(finding(from..here));
        }
    }
}

/// The name that a value is given behind `before`: `"d": "`, `\"d\":\"`, `d: `.
fn name_before(before: &[u8]) -> &[u8] {
    let is_quote = |b: u8| matches!(b, b'"' | b'\'' | b'\\' | b' ');
    let without = |bytes: &[u8]| bytes.iter().rposition(|b| !is_quote(*b)).map_or(0, |last| last + 1);
    let colon = &before[..without(before)];
    let Some(name) = colon.strip_suffix(b":") else {
        return b"";
    };
    let name = &name[..without(name)];
    let length = name
        .iter()
        .rev()
        .take(3)
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    &name[name.len() - length..]
}

fn is_base64url(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')
}

/// Whether these are letters of both cases and digits mixed, as of random bytes.
fn is_opaque(value: &[u8]) -> bool {
    let has = |is: fn(&u8) -> bool| value.iter().any(is);
    value.iter().all(|b| is_base64url(*b))
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
}

fn finding(span: Range<usize>) -> Finding {
    RULES[0].finding(span, 0.9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    const D: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

    fn objects(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        text.match_indices("kty")
            .for_each(|(at, _)| object(text, at, &mut found));
        found.iter().map(|finding| &text[finding.start..finding.end]).collect()
    }

    #[test]
    fn private_members_in_a_text() {
        for text in [
            format!(
                r#"key: {{"kty":"OKP","crv":"Ed25519","x":"{}","d":"{D}"}}"#,
                D.replace('n', "m")
            ),
            format!(r#"{{\"d\": \"{D}\", \"kty\": \"EC\"}}"#),
            format!("{{ kty: 'oct', k: '{D}', alg: 'HS256' }}"),
        ] {
            assert_eq!(objects(&text), [D], "{text}");
        }
        for text in [
            format!(r#"{{"kty":"RSA","n":"{D}","e":"AQAB","kid":"{D}"}}"#),
            format!(r#"{{"kty":"EC","k":"{D}"}}"#),
            format!(r#"{{"kty":"EC"}}, {{"d":"{D}"}}"#),
            r#"{"kty":"EC","d":"the-private-part-of-the-key"}"#.to_owned(),
            "kty".to_owned(),
        ] {
            assert_eq!(objects(&text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn private_members_of_a_document() {
        let leaf = |name: &'static str, text: &str, before: &str| {
            let names = [Cow::Borrowed("keys"), Cow::Borrowed(name)];
            let context = Context {
                names: &names,
                before,
                ..Context::default()
            };
            let mut found = Vec::new();
            super::leaf(text, &context, &mut found);
            found.len()
        };
        let long = D.repeat(4);
        for (name, text, before) in [
            ("d", D, "Ed25519"),
            ("d", &long, ""),
            ("qi", &long, ""),
            ("k", D, "oct"),
        ] {
            assert_eq!(leaf(name, text, before), 1, "{name}");
        }
        let path = "M10 20 L30 40 ".repeat(10);
        for (name, text, before) in [
            ("n", &*long, ""),
            ("x", D, ""),
            ("k", D, "EC"),
            ("d", &path, ""),
            ("p", D, ""),
        ] {
            assert_eq!(leaf(name, text, before), 0, "{name}");
        }
    }
}
