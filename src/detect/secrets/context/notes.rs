//! Passwords as people and forms note them down: behind an arrow, in the next cell, on the next line.

use std::ops::Range;

use super::names::{self, Promise};
use super::operator::Named;
use super::prose::{LEAST_BARE as LEAST, is_algorithm, is_chosen, is_made_up};
use super::rules;
use super::value::{self, Value};
use super::verdict::{self, LIKELY, Manner};
use crate::detect::Finding;

/// What joins a name to its value in writing that is not for programs: a colon of full width, an arrow.
const SIGNS: &[&str] = &["：", " -> ", " → ", " – ", " — ", " - ", " -- "];
/// Words before `password` where it stands below.
const GIVEN: &[&str] = &[
    "temporary ",
    "Temporary ",
    "initial ",
    "Initial ",
    "generated ",
    "Generated ",
    "new ",
    "New ",
    "admin ",
    "Admin ",
    "root ",
    "default ",
];
/// How far behind its name the line of a password may end, in bytes.
const LINE_REACH: usize = 160;

/// What stands behind a name in writing that is not for programs: behind a sign of [`SIGNS`], in the next cell of a table, on the
/// next line, or behind a word in brackets and a colon.
pub(super) fn beside(text: &str, name: Range<usize>) -> Option<Value> {
    let rest = &text[name.end..text.floor_char_boundary(name.end + names::LONGEST)];
    if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        return value::value_at(text, name.end + sign.len());
    }
    let bar = rest.trim_start_matches(' ');
    if let Some(sign) = ["|", "│"].iter().find(|sign| bar.starts_with(**sign)) {
        let start = name.end + (rest.len() - bar.len()) + sign.len();
        let cell = text[start..].split(['\n', '|', '│']).next()?;
        let held = cell.trim();
        let from = start + cell.len() - cell.trim_start().len();
        return (!held.is_empty() && !held.contains(' ')).then_some(Value {
            range: from..from + held.len(),
            quoted: true,
            tight: false,
        });
    }
    if let Some(inner) = rest.strip_prefix(" (") {
        let (note, behind) = inner.split_once("):")?;
        let plain = note.bytes().all(|b| b.is_ascii_alphabetic() || b == b' ');
        return plain.then(|| value::value_at(text, name.end + rest.len() - behind.len()))?;
    }
    if let Some(inner) = rest.strip_prefix(" [") {
        let length = inner.find([']', ' ', '\n'])?;
        let start = name.end + " [".len();
        return inner[length..].starts_with(']').then_some(Value {
            range: start..start + length,
            quoted: true,
            tight: false,
        });
    }
    let rest = &text[name.end..text.floor_char_boundary(name.end + LINE_REACH)];
    let (label, line) = rest.split_once('\n')?;
    let label = label.trim_end();
    let lead = &text[..name.start];
    let alone = lead.is_empty() || lead.ends_with('\n');
    let given = alone || GIVEN.iter().any(|word| lead.ends_with(word));
    let introduces = label.ends_with(':') && !label.contains(['"', '\'']);
    if !(introduces || label.is_empty() && given) {
        return None;
    }
    let gap = line.len() - line.trim_start_matches(['\r', '\n', ' ', '\t']).len();
    let value = value::value_at(text, name.end + rest.len() - line.len() + gap)?;
    let alone = matches!(text.as_bytes().get(value.range.end), None | Some(b'\r' | b'\n'));
    (alone && !value.quoted && names::promise(&text[name]) == Some(Promise::Password)).then_some(value)
}

/// The value of a form's field, behind the empty line that ends its headers.
pub(super) fn in_form(text: &str, at: usize, found: &mut Vec<Finding>) {
    let Some(body) = ["\r\n\r\n", "\n\n"]
        .iter()
        .find_map(|gap| text[at..].strip_prefix(*gap))
    else {
        return;
    };
    let start = text.len() - body.len();
    let end = start + body.find(['\r', '\n']).unwrap_or(body.len());
    if verdict::judge(Promise::Password, &text[start..end], Manner::Literal).is_some() {
        found.push(rules::finding(Promise::Password, start..end, LIKELY));
    }
}

/// The value behind `pw` and an operator: two letters that may be of anything, so it has to be plainly made up; behind a `=`,
/// where code stands as well, even more so.
pub(super) fn after_pw(text: &str, named: &Named, value: Value, operator: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let opens = named.name.start == 0
        || bytes[named.name.start - 1].is_ascii_whitespace()
        || b"\"'`({[,;?&".contains(&bytes[named.name.start - 1]);
    let colon = bytes[operator] == b':';
    if !opens || colon && value.tight {
        return;
    }
    let held = &text[value.range.clone()];
    let signs = held.bytes().any(|b| b"!@#$%^&*~+".contains(&b));
    let mixed = held.bytes().any(|b| b.is_ascii_uppercase()) && held.bytes().any(|b| b.is_ascii_lowercase());
    let fits = if colon {
        is_chosen(held)
    } else {
        is_made_up(held) && (signs || mixed)
    };
    if fits
        && held.len() >= LEAST
        && !is_algorithm(held)
        && verdict::judge(Promise::Password, held, Manner::Setting).is_some()
    {
        found.push(rules::finding(Promise::Password, value.range, LIKELY));
    }
}
