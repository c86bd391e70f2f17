//! Values of headers, and values that no operator joins to their name.

use super::names::Promise;
use super::randomness::{self, Make};
use super::value::Value;
use super::verdict::{self, LIKELY, Manner, SURE};
use super::{rules, stand_in};
use crate::detect::Finding;
use base64::Engine;
use std::borrow::Cow;

/// Schemes of `Authorization` and the rule for their credentials, in lower case.
const SCHEMES: &[(&str, &str)] = &[
    ("basic", "context-basic"),
    ("bearer", "context-bearer"),
    ("token", "context-authorization"),
    ("apikey", "context-authorization"),
    ("apikey-v1", "context-authorization"),
    ("api-key", "context-authorization"),
    ("oauth", "context-authorization"),
    ("ssws", "context-authorization"),
    ("digest", "context-authorization"),
    ("negotiate", "context-authorization"),
    ("ntlm", "context-authorization"),
    ("hawk", "context-authorization"),
    ("jwt", "context-authorization"),
    ("key", "context-authorization"),
    ("sso-key", "context-authorization"),
    ("genie-key", "context-authorization"),
    ("splunk", "context-authorization"),
    ("discogs", "context-authorization"),
    ("bot", "context-authorization"),
    ("deepl-auth-key", "context-authorization"),
    ("klaviyo-api-key", "context-authorization"),
    ("snyk", "context-authorization"),
    ("flyv1", "context-authorization"),
];

/// The longest login that is decoded, in bytes.
const LONGEST_LOGIN: usize = 4096;

/// Reports the credentials of an `Authorization` value; true where the value is one, secret or not.
pub(super) fn authorization(text: &str, promise: Promise, value: &Value, found: &mut Vec<Finding>) -> bool {
    let start = value.range.start;
    let end = if value.quoted {
        value.range.end
    } else {
        end_of_line(text, start)
    };
    let held = &text[start..end];
    let scheme = held
        .bytes()
        .take(24)
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'-')
        .count();
    let gap = held.as_bytes()[scheme..]
        .iter()
        .take(8)
        .take_while(|b| **b == b' ')
        .count();
    let lower = held[..scheme].to_ascii_lowercase();
    let Some(&(_, rule)) = SCHEMES.iter().find(|row| gap > 0 && row.0 == lower) else {
        // `auth` in the configuration of Docker: what stands behind `Basic`, alone.
        if is_encoded_login(&text[value.range.clone()]) {
            found.push(rules::named("context-basic", value.range.clone(), SURE));
            return true;
        }
        if promise != Promise::Authorization {
            return false;
        }
        if let Some(score) = verdict::judge(Promise::Token, &text[value.range.clone()], Manner::Literal) {
            found.push(rules::finding(promise, value.range.clone(), score));
        }
        return true;
    };
    let from = start + scheme + gap;
    let length = text[from..end]
        .bytes()
        .take_while(|b| !b.is_ascii_whitespace() && !b"\"'`<>,;\\)".contains(b))
        .count();
    let credentials = from..from + length;
    if is_credentials(rule, &text[credentials.clone()]) {
        found.push(rules::named(rule, credentials, SURE));
    }
    true
}

/// The rule for what follows `word`, where that is a scheme that stands before credentials only.
pub(super) fn scheme(word: &str) -> Option<&'static str> {
    let is = |scheme: &str| word.eq_ignore_ascii_case(scheme);
    match word.len() {
        5 if is("basic") || word == "PLAIN" => Some("context-basic"),
        6 if is("bearer") => Some("context-bearer"),
        _ => None,
    }
}

/// Whether what follows a scheme is a secret.
pub(super) fn is_credentials(rule: &str, value: &str) -> bool {
    if value.len() < 6 || stand_in::is_stand_in(value) {
        return false;
    }
    match (rule, randomness::make(value)) {
        ("context-basic", _) => {
            decoded(value).is_some_and(|plain| plain.contains(&b':') || plain.iter().filter(|b| **b == 0).count() == 2)
        }
        (_, Make::Random | Make::Hex | Make::Uuid) => true,
        (_, Make::Mixed) => value.len() >= 8 && value.bytes().any(|b| b.is_ascii_digit()),
        _ => false,
    }
}

/// Whether `value` is base64 of `user:password`, and nothing else: bytes at random seldom are text.
fn is_encoded_login(value: &str) -> bool {
    let fits = (8..=LONGEST_LOGIN).contains(&value.len());
    fits.then(|| decoded(value)).flatten().is_some_and(|plain| {
        let (user, password) = plain.split_at(plain.iter().position(|b| *b == b':').unwrap_or(0));
        !user.is_empty() && password.len() > 4 && plain.iter().all(u8::is_ascii_graphic)
    })
}

/// The bytes that base64 stands for, with its padding or without.
fn decoded(value: &str) -> Option<Vec<u8>> {
    let engine = base64::engine::general_purpose::STANDARD_NO_PAD;
    engine.decode(value.trim_end_matches('=')).ok()
}

/// Names of a cookie, or of what is said of one, that hold no secret.
const ATTRIBUTES: &[&str] = &[
    "path", "domain", "expires", "max-age", "samesite", "version", "priority", "comment", "lang", "locale", "name",
    "url",
];

/// Reports a leaf of the cookies of a browser or a client: `{"cookies": {"sid": "x"}}`, or objects with `value`; true where
/// it is one.
pub(super) fn in_jar(text: &str, name: &str, parents: &[Cow<'_, str>], found: &mut Vec<Finding>) -> bool {
    if !is_jar(parents) || text.contains('=') && text.contains(';') {
        return false;
    }
    let known = name.starts_with('$') || ATTRIBUTES.iter().any(|known| known.eq_ignore_ascii_case(name));
    if !known && verdict::judge(Promise::Token, text, Manner::Literal).is_some() {
        found.push(rules::finding(Promise::Cookie, 0..text.len(), LIKELY));
    }
    true
}

/// Whether the last of these names is that of a jar of cookies.
pub(super) fn is_jar(names: &[Cow<'_, str>]) -> bool {
    names.last().is_some_and(|jar| jar.eq_ignore_ascii_case("cookies"))
}

/// Reports the values of cookies: `a=x; b=y`, attributes of `Set-Cookie` left out.
pub(super) fn cookies(text: &str, value: &Value, found: &mut Vec<Finding>) {
    let start = value.range.start;
    let end = if value.quoted {
        value.range.end
    } else {
        end_of_line(text, start)
    };
    let mut at = start;
    // What isn't `name=value` ends the list.
    let token = |b: u8| b.is_ascii_alphanumeric() || b"_-.!#$%&*+^|~".contains(&b);
    for part in text[start..end].split(';') {
        if let Some((name, content)) = part.split_once('=') {
            if !name.trim_start().bytes().all(token) {
                return;
            }
            let name_is = name.trim().to_ascii_lowercase();
            let lead = content.len() - content.trim_start().trim_start_matches('"').len();
            let trimmed = content.trim().trim_matches('"');
            let from = at + name.len() + 1 + lead;
            let known = ATTRIBUTES.contains(&name_is.as_str()) || name_is.is_empty();
            let secret = verdict::judge(Promise::Secret, trimmed, Manner::Literal).is_some();
            if !known && secret && !trimmed.contains(' ') {
                found.push(rules::finding(Promise::Cookie, from..from + trimmed.len(), LIKELY));
            }
        }
        at += part.len() + 1;
    }
}

/// Where the line that `at` stands in ends, or the string in quotes, within a bounded distance.
fn end_of_line(text: &str, at: usize) -> usize {
    const MOST: usize = 4096;
    let rest = &text.as_bytes()[at..text.floor_char_boundary(at + MOST)];
    let end = memchr::memchr3(b'\n', b'"', b'\'', rest).unwrap_or(rest.len());
    at + memchr::memchr2(b'\r', b'`', &rest[..end]).unwrap_or(end)
}
