//! Literals of source code that stand beside a telling name, but not right behind an operator: what a variable falls back
//! to, an argument of a call, the default of a declaration.

use std::ops::Range;

use super::names::Promise;
use super::randomness::{self, Make};
use super::value::{self, Value};
use super::verdict::{self, LIKELY, Manner};
use super::{operator, prose, rules, stand_in};
use crate::detect::Finding;

/// How far behind a name its literal may stand on the same line, in bytes, and how many strings may stand there.
const REACH: usize = 200;
const MOST_STRINGS: usize = 4;
/// How far before a default its declaration may begin, in bytes.
const DECLARATION_REACH: usize = 400;

/// What joins what may be missing to what stands in its place.
const FALLBACKS: &[&str] = &["||", "??", "?:", "or ", "//"];
/// What wraps a value where one that may be missing is shown.
const WRAPPERS: &[&str] = &["Optional[", "Some(", "Just(", "q{", "qq{", "q("];
/// The first words of calls that get a secret by the name they are given.
const GETTERS: &[&str] = &[
    "get", "find", "load", "read", "fetch", "has", "check", "validate", "forgot", "reset", "is",
];

/// Whether a literal is a secret where it could be a name of one as well: more than a word and a digit.
fn fits(promise: Promise, held: &str) -> bool {
    let make = randomness::make(held);
    let chosen = match make {
        Make::Random | Make::Hex | Make::Uuid => true,
        Make::Mixed => {
            let digits = held.bytes().filter(u8::is_ascii_digit).count();
            let signs = held.bytes().any(|b| b"!@#$%^&*+?".contains(&b));
            digits >= 2 || digits > 0 && signs
        }
        _ => false,
    };
    let code = make != Make::Random && held.contains(['(', '<', '{', '[']);
    let is_name = code || stand_in::names_a_secret(held) || held.contains(' ') || held.starts_with('/');
    chosen && !is_name && !prose::is_algorithm(held) && verdict::judge(promise, held, Manner::Literal).is_some()
}

fn report(text: &str, promise: Promise, span: Range<usize>, found: &mut Vec<Finding>) {
    if fits(promise, &text[span.clone()]) {
        found.push(rules::finding(promise, span, LIKELY));
    }
}

/// The literals in the code that `value` begins, such as `process.env.X || "…"` and `env("X", "…")`.
pub(super) fn within(text: &str, promise: Promise, value: &Value, found: &mut Vec<Finding>) {
    if matches!(promise, Promise::Faint | Promise::Cookie | Promise::Authorization) {
        return;
    }
    let line = line_from(text, value.range.start);
    if let Some(wrapper) = WRAPPERS.iter().find(|wrapper| line.starts_with(**wrapper)) {
        let start = value.range.start + wrapper.len();
        let length = text[start..]
            .bytes()
            .take_while(|b| b.is_ascii_graphic() && !b"])}\"'".contains(b))
            .count();
        report(text, promise, start..start + length, found);
    }
    let bytes = text.as_bytes();
    let (mut at, end) = (value.range.start, value.range.start + line.len());
    let mut depth = 0_usize;
    for _ in 0..MOST_STRINGS {
        let Some(quote) = memchr::memchr2(b'"', b'\'', &bytes[at..end]).map(|i| at + i) else {
            return;
        };
        let between = &text[at..quote];
        depth = (depth + between.matches('(').count()).saturating_sub(between.matches(')').count());
        let falls_back = FALLBACKS
            .iter()
            .any(|sign| between.trim_end().ends_with(sign.trim_end()));
        if between.contains(';') || depth == 0 && !falls_back && !between.ends_with('[') {
            return;
        }
        let Some(string) = value::value_at(text, quote) else {
            return;
        };
        if !bytes[..quote].ends_with(b"[") {
            report(text, promise, string.range.clone(), found);
        }
        at = string.range.end + 1;
        if at >= end {
            return;
        }
    }
}

/// The rest of the line from `at`, within reach.
fn line_from(text: &str, at: usize) -> &str {
    let rest = &text[at..text.floor_char_boundary(at + REACH)];
    &rest[..memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len())]
}

/// The string that a call with a telling name at `name` is given: `setPassword("…")`, `PASSWORD('…')`.
pub(super) fn argument(text: &str, name: &Range<usize>, promise: Promise, found: &mut Vec<Finding>) {
    let called = text[name.clone()].rsplit('.').next().unwrap_or_default();
    let lower = called.to_ascii_lowercase();
    if GETTERS.iter().any(|getter| lower.starts_with(getter)) {
        return;
    }
    if let Some(string) = value::value_at(text, name.end + 1).filter(|string| string.quoted) {
        report(text, promise, string.range, found);
    }
}

/// The password among the arguments of a call of [`LITERALS`](super::super) that begins at `at`: the string behind the user's,
/// or the only one.
pub(super) fn credential(text: &str, at: usize, found: &mut Vec<Finding>) {
    let line = line_from(text, at);
    let Some(open) = line.find(['(', ' ']).map(|i| at + i + 1) else {
        return;
    };
    let of_pair = text.as_bytes()[open - 1] == b'(';
    let Some(first) = value::value_at(text, open).filter(|value| value.quoted) else {
        return;
    };
    if !of_pair {
        return report(text, Promise::Password, first.range, found);
    }
    let behind = text.as_bytes().get(first.range.end + 1) == Some(&b',');
    if let Some(second) = behind.then(|| value::value_at(text, first.range.end + 2)).flatten()
        && second.quoted
    {
        report(text, Promise::Password, second.range, found);
    }
}

/// The user and password of a data source in Go's form, whose `@tcp(` is at `at`: `user:password@tcp(host)/db`.
pub(super) fn source(text: &str, at: usize, found: &mut Vec<Finding>) {
    let from = text.floor_char_boundary(at.saturating_sub(REACH));
    let start = text[from..at]
        .rfind(|c: char| c.is_whitespace() || "\"'`=".contains(c))
        .map_or(from, |i| {
            from + i + text[from + i..].chars().next().map_or(1, char::len_utf8)
        });
    let Some(colon) = text[start..at].find(':') else { return };
    let password = start + colon + 1..at;
    if verdict::judge(Promise::Password, &text[password.clone()], Manner::Literal).is_some() {
        found.push(rules::finding(Promise::Password, password, LIKELY));
    }
}

/// The name of the variable whose `default` is at `name`: `variable "db_password" { default = `.
pub(super) fn variable(text: &str, name: &Range<usize>) -> Option<Range<usize>> {
    let from = text.floor_char_boundary(name.start.saturating_sub(DECLARATION_REACH));
    let lead = text[from..name.start].rsplit_once('{')?.0.trim_end();
    let quoted = lead.strip_suffix('"')?;
    let start = quoted.rfind('"')? + 1;
    let declared = quoted[..start - 1].trim_end().ends_with("variable");
    let named = from + start..from + quoted.len();
    (declared && text.as_bytes()[named.clone()].iter().all(|b| operator::in_name(*b))).then_some(named)
}
