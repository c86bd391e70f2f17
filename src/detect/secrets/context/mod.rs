//! Secrets without a shape of their own: an opaque value, or a password, beside a name that tells what it is.
//!
//! The scan names a place (an operator, an option, a long run); here the name before it and the value after it are
//! read, each within a bounded distance, and [`verdict`] decides.

mod below;
mod beside;
mod commands;
mod credentials;
mod foreign;
mod held;
mod kubernetes;
mod literal;
mod markup;
mod memo;
mod names;
mod notes;
mod operator;
mod option;
mod position;
mod prose;
mod providers;
mod randomness;
mod rules;
mod sentence;
mod sql;
mod stand_in;
mod table;
#[cfg(test)]
mod tests;
mod value;
mod verdict;
mod words;

use self::names::Promise;
use self::value::Value;
use self::verdict::Manner;
use super::placeholder;
use crate::detect::{Context, Finding, Role};
use std::borrow::Cow;
use std::ops::Range;

pub(super) use self::beside::value;
pub(super) use self::foreign::foreign;
pub(super) use self::option::flag;
pub(super) use self::prose::{literals, passphrase, prose};
pub(super) use self::rules::RULES;
pub(super) use self::table::table;

/// The shortest value of a plain `key` that is taken for a secret: shorter ones name things.
const LEAST_FOR_KEY: usize = 32;

/// Whether the name of a member promises something of its value.
pub(super) fn tells(name: &str) -> bool {
    told(name).is_some()
}

/// Whether [`leaf`] finds nothing in what these names lead to, but where what stands before it is an option.
pub(super) fn is_silent(names: &[Cow<'_, str>]) -> bool {
    let Some((last, parents)) = names.split_last() else {
        return true;
    };
    !(held::is_holder(last) || tells(last) || kubernetes::is_data(names) || credentials::is_jar(parents))
}

/// What is found where `text` is the whole value of a member: its name and those of its parents are the context.
pub(super) fn leaf(text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
    let Some((last, parents)) = context.names.split_last() else {
        return;
    };
    if context.role == Role::Key {
        // The members of a schema for a password are no passwords: of names only what is opaque by itself.
        return inner_name(text, last, found);
    }
    if kubernetes::datum(text, context.names, found) || credentials::in_jar(text, last, parents, found) {
        return;
    }
    let before = context.before.trim_start_matches('-');
    let option = before.len() < context.before.len();
    let name = if held::is_holder(last) {
        // {"name": "API_TOKEN", "value": "x"}, or {"token": {"value": "x"}}
        if told(before).is_some() {
            before
        } else {
            parents.last().map_or("", |name| name.as_ref())
        }
    } else {
        last.as_ref()
    };
    let named = told(name).or_else(|| option.then(|| told(before)).flatten());
    if let Some(promise) = named {
        if promise == Promise::Faint && name == "key" && text.len() < LEAST_FOR_KEY {
            return;
        }
        let trimmed = text.trim();
        let start = text.len() - text.trim_start().len();
        let value = Value {
            range: start..start + trimmed.len(),
            quoted: true,
            tight: true,
        };
        report(text, promise, &value, Manner::Literal, found);
    }
}

/// What is found where `name` is that of a member of what is called `parent`: `{"tokens": {"x": …}}`.
fn inner_name(name: &str, parent: &str, found: &mut Vec<Finding>) {
    if told(parent).is_some_and(|promise| promise != Promise::Faint) {
        let value = Value {
            range: 0..name.len(),
            quoted: true,
            tight: true,
        };
        report(name, Promise::Token, &value, Manner::Literal, found);
    }
}

/// What another leaf promises of this one. A mask in it promises nothing, else a second masking found more than the first.
fn told(name: &str) -> Option<Promise> {
    memo::remembered(name, |name| {
        names::may_promise(name)
            .then(|| names::promise(name))
            .flatten()
            .filter(|_| placeholder::first(name).is_none())
    })
}

/// What is found round the operator at `operator`: one of `=`, `:`, `>`, or `,` after a quote.
pub(super) fn assignment(text: &str, operator: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    // Of an operator of several signs, the last one counts.
    if let Some(b'=' | b':' | b'>' | b'/') = bytes.get(operator + 1) {
        let path =
            bytes[operator] == b':' && bytes.get(operator + 1) == Some(&b'/') && bytes.get(operator + 2) == Some(&b'/');
        if bytes[operator + 1] != b'/' || path {
            return;
        }
    }
    let before = operator.checked_sub(1).map(|at| bytes[at]);
    if bytes[operator] == b':' {
        commands::at_colon(text, operator, found);
    }
    match (bytes[operator], before) {
        // A name in the scope of another one: `ModulePass::init`.
        (b':', Some(b':')) if bytes.get(operator + 1).is_some_and(u8::is_ascii_alphabetic) => {}
        // The next item of a list is on the next line.
        (b',', _) if matches!(bytes.get(operator + 1), Some(b'\n' | b'\r')) => {}
        (b'>', Some(b'=')) => named_before(text, operator - 1, operator, found),
        (b'>', Some(b'-' | b'/')) | (b'=', Some(b'<' | b'>')) => {}
        (b'>', _) => markup::element(text, operator, found),
        _ => named_before(text, operator, operator, found),
    }
}

/// A name, an operator from `first` to `last`, a value.
fn named_before(text: &str, first: usize, last: usize, found: &mut Vec<Finding>) {
    let first = operator::before_note(text.as_bytes(), first);
    if operator::is_dull(text.as_bytes(), first) || operator::is_declared(text.as_bytes(), last) {
        return;
    }
    let Some(named) = operator::name_before(text, first) else {
        return;
    };
    if &text[named.name.clone()] == "kind" {
        return kubernetes::manifest(text, last, found);
    }
    // The value before what its name promises, which takes longer.
    let Some(mut value) = value::value_behind(text, last).or_else(|| block_scalar(text, last + 1)) else {
        return;
    };
    let in_environment = !value.quoted && is_in_environment(text, &named, last);
    if in_environment {
        value.range.end = value::end_of_word(text, &value.range);
    }
    let held = &text[value.range.clone()];
    if !value.quoted && !in_environment {
        if !names::may_be_header(&text[named.name.clone()]) && stand_in::is_reference(held) {
            if let Some((promise, _)) = promised(text, &named.name) {
                literal::within(text, promise, &value, found);
            }
            return;
        }
        if text.as_bytes()[last] == b':' && operator::is_type_of(text, value.range.end) {
            return;
        }
    }
    let Some((promise, name)) = promised(text, &named.name) else {
        return;
    };
    if text[name.clone()].eq_ignore_ascii_case("pw") {
        return notes::after_pw(text, &named, value, last, found);
    }
    if !value.quoted
        && let Some(seed) = position::seed(text, &value.range)
    {
        return found.push(rules::finding(Promise::Secret, seed, verdict::LIKELY));
    }
    if !value.quoted && commands::gives_login(&text[name.clone()]) && commands::of_login(text, &value.range, found) {
        return;
    }
    if promise == Promise::Faint && held == "(" && text[name.clone()].ends_with("auth") {
        return literal::credential(text, value.range.start, found);
    }
    let comma = text.as_bytes()[last] == b',';
    let queried = name.start > 0 && b"?&;".contains(&text.as_bytes()[name.start - 1]);
    let promise = match promise {
        // One item of a list after another: only what is opaque by itself, but for the arguments of `define`.
        Promise::Password | Promise::Pass | Promise::Secret | Promise::Token if comma && !is_argument(text, &name) => {
            if !text[value.range.clone()].bytes().any(|b| b.is_ascii_digit()) {
                return;
            }
            Promise::Token
        }
        Promise::Faint if comma && !is_argument(text, &name) => return,
        Promise::Faint | Promise::Token if comma => Promise::Secret,
        Promise::Pass if queried => Promise::Password,
        Promise::Faint if &text[name.clone()] == "key" && value.range.len() < LEAST_FOR_KEY => return,
        // A variable of a style sheet.
        Promise::Faint if text.as_bytes()[last] == b':' && text[name.clone()].starts_with("--") => return,
        Promise::Cookie if !value.quoted && text.as_bytes()[last] == b'=' => return,
        promise => promise,
    };
    let manner = match (value.quoted, queried || is_setting(text, &name, &value)) {
        (true, _) if ends_a_quote(text, &named.name, named.quoted, &value) => return,
        (true, _) => Manner::Literal,
        _ if in_environment => Manner::Environment,
        (false, true) if named.tight && value.tight => Manner::Setting,
        (false, true) if text.as_bytes()[last] == b'=' && follows_user(text, name.start) => Manner::Setting,
        (false, true) if text.as_bytes()[last] == b':' => Manner::Line,
        _ => Manner::Bare,
    };
    let from = found.len();
    report(text, promise, &value, manner, found);
    if value.quoted && named.tight && value.tight && is_doubtful(text, &named.name, &value) {
        found[from..]
            .iter_mut()
            .for_each(|finding| finding.score = finding.score.min(verdict::DOUBTFUL));
    }
}

/// Whether what touches its name in quotes may be code as well: words in backquotes are a command of a shell, and what a
/// `;` parts in `Password="a;b";` at the start of a line may be several settings or statements.
fn is_doubtful(text: &str, name: &Range<usize>, value: &Value) -> bool {
    let bytes = text.as_bytes();
    let held = &bytes[value.range.clone()];
    match bytes[value.range.start - 1] {
        b'`' => held.contains(&b' '),
        b'"' => {
            let at_start = name.start == 0 || matches!(bytes[name.start - 1], b'\n' | b'\r');
            at_start && held.contains(&b';') && bytes[value.range.end..].starts_with(b"\";")
        }
        _ => false,
    }
}

/// Whether the name in quotes at `name` is an argument of a call that defines it, or an option: `define('KEY', `, `"--key", `.
fn is_argument(text: &str, name: &Range<usize>) -> bool {
    const DEFINERS: &[&str] = &[
        "define(",
        "setProperty(",
        "setenv(",
        "putenv(",
        "set(",
        "put(",
        "setItem(",
        "add(",
    ];
    let lead = text[..name.start].trim_end_matches(['"', '\'', '\\', ' ']);
    text[name.clone()].starts_with('-') || DEFINERS.iter().any(|definer| lead.ends_with(definer))
}

/// Whether the quote before a value ends a string that the name is in: `'Password: ', x`.
fn ends_a_quote(text: &str, name: &Range<usize>, name_is_quoted: bool, value: &Value) -> bool {
    let bytes = text.as_bytes();
    let quote = bytes[value.range.start - 1];
    let opened = name.start > 0 && bytes[name.start - 1] == quote && !name_is_quoted;
    let first = text[value.range.clone()].trim_start().bytes().next();
    opened || !name_is_quoted && matches!(first, Some(b',' | b')' | b';' | b']' | b'}' | b'+'))
}

/// What the name at `name` promises, itself or with the words before it, and where the name starts; a type before `=` is
/// stepped over, and `value` gives way to the name that stands before it.
fn promised(text: &str, name: &Range<usize>) -> Option<(Promise, Range<usize>)> {
    if operator::is_of_id(text, name.start) {
        return None;
    }
    let own = names::promise(&text[name.clone()]);
    match own {
        Some(Promise::Token) if operator::goes_on_listing(text, name.start) => return None,
        Some(promise) if promise > Promise::Faint => return Some((promise, name.clone())),
        _ => {}
    }
    let longer = operator::with_words_before(text, name);
    if longer != *name
        && let Some(promise) = names::promise(&text[longer.clone()])
    {
        return Some((promise.max(own.unwrap_or(promise)), longer));
    }
    own.map(|promise| (promise, name.clone())).or_else(|| {
        held::typed_or_held(text, name)
            .or_else(|| markup::named_behind(text, name))
            .and_then(|outer| names::promise(&text[outer.clone()]).map(|promise| (promise, outer)))
            .or_else(|| markup::is_password_field(text, name).then(|| (Promise::Password, name.clone())))
    })
}

/// The first line of a YAML block scalar: `key: |` and the value on the next line.
fn block_scalar(text: &str, at: usize) -> Option<Value> {
    let rest = &text.as_bytes()[at..];
    let space = rest.iter().take(8).take_while(|b| **b == b' ').count();
    let mark = rest[space..].iter().take(3).take_while(|b| b"|>-+".contains(b)).count();
    let line = at + space + mark;
    if mark == 0 && !text[line..].starts_with(['\n', '\r']) {
        return None;
    }
    if mark == 0 && !text[..at].ends_with("\":") {
        return None;
    }
    let next = line
        + text.as_bytes()[line..]
            .iter()
            .take(2)
            .take_while(|b| b"\r\n".contains(b))
            .count();
    let value = value::value_at(text, next)?;
    (next > line && (mark > 0 || value.quoted)).then_some(value)
}

/// Whether a bare value has its line to itself: only the name, `export` or a comment sign before, nothing after it.
fn is_setting(text: &str, name: &Range<usize>, value: &Value) -> bool {
    let bytes = text.as_bytes();
    let before = bytes[..name.start]
        .iter()
        .rev()
        .take(24)
        .take_while(|b| !b"\n\r;{".contains(b));
    let led = before
        .clone()
        .all(|b| b" \t#-\"'/".contains(b) || b.is_ascii_alphabetic())
        && before.count() < 24;
    let rest = bytes[value.range.end..].iter().find(|b| !b" \t".contains(b));
    led && matches!(rest, None | Some(b'\n' | b'\r' | b'#' | b';'))
}

/// Whether a name sets a variable of an environment, as no code does: in capitals, at the start of a line, `=` right behind it.
fn is_in_environment(text: &str, named: &operator::Named, last: usize) -> bool {
    let bytes = text.as_bytes();
    let name = &bytes[named.name.clone()];
    let lead = text[..named.name.start].trim_end_matches("export ");
    let capitals = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
    bytes[last] == b'='
        && last == named.name.end
        && name.iter().all(capitals)
        && (lead.is_empty() || lead.ends_with(['\n', '\0']))
        && !bytes[last + 1..].first().is_none_or(u8::is_ascii_whitespace)
}

/// Whether the line before the one at `at` sets a user, as in `user = x` above `password = y`; comments are skipped.
fn follows_user(text: &str, at: usize) -> bool {
    const USERS: &[&str] = &[
        "user", "username", "login", "uid", "usr", "email", "account", "host", "hostname", "server", "database",
    ];
    let from = at.saturating_sub(160);
    let from = text.floor_char_boundary(from);
    let mut lines = text[from..at].rsplit('\n').skip(1).map(str::trim_start);
    let line = lines.find(|line| !line.is_empty() && !line.starts_with(['#', ';']) && !line.starts_with("//"));
    line.and_then(|line| line.split_once('=')).is_some_and(|(name, value)| {
        let name = name.trim().to_ascii_lowercase();
        let bare = !value.contains(['(', '.', ';', '[', ',']);
        bare && USERS.iter().any(|user| name.ends_with(user))
    })
}

/// Judges a value and reports it, or the credentials in it.
fn report(text: &str, promise: Promise, value: &Value, manner: Manner, found: &mut Vec<Finding>) {
    if value.range.is_empty() {
        return;
    }
    match promise {
        Promise::Cookie => return credentials::cookies(text, value, found),
        Promise::Authorization | Promise::Token | Promise::Faint
            if credentials::authorization(text, promise, value, found) =>
        {
            return;
        }
        _ => {}
    }
    let whole = &text[value.range.clone()];
    let held = whole.trim();
    let lead = whole.len() - whole.trim_start().len();
    if let Some(score) = verdict::judge(promise, held, manner) {
        let start = value.range.start + lead;
        found.push(rules::finding(promise, start..start + held.len(), score));
    }
}
