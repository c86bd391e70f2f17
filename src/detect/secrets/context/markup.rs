//! Elements of XML and HTML: a telling name is that of the element, an attribute of it, or the text of the element before.

use std::ops::Range;

use super::held::HOLDERS;
use super::names::{self, Promise};
use super::operator;
use super::report;
use super::value::Value;
use super::verdict::Manner;
use crate::detect::Finding;

/// How long a tag may be if an attribute ends it, in bytes.
const LONGEST_TAG: usize = 512;
/// The longest text of an element that is read.
const LONGEST_TEXT: usize = 4096;
/// How far behind a value its name may stand.
const NAME_REACH: usize = 64;
/// Elements that hold what the element before them names.
const BESIDE: &[&str] = &["value", "Value", "string", "td", "dd", "TD", "integer"];
/// Attributes and members that hold a name.
const NAMERS: &[&str] = &["name", "key", "Name", "Key", "id"];

/// What is found in the element whose first tag ends at `close`: `<name attributes>value</name>`.
pub(super) fn element(text: &str, close: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let gap = bytes[close + 1..]
        .iter()
        .take(128)
        .take_while(|b| b.is_ascii_whitespace())
        .count();
    let mut from = close + 1 + gap;
    let data = bytes[from..].starts_with(b"<![CDATA[");
    if data {
        from += "<![CDATA[".len();
    } else if bytes.get(from).is_none_or(|b| *b == b'<') {
        return;
    }
    let with_attribute = close > 0 && matches!(bytes[close - 1], b'"' | b'\'');
    let least = close.saturating_sub(if with_attribute { LONGEST_TAG } else { names::LONGEST });
    let Some(open) = memchr::memrchr(b'<', &bytes[least..close]).map(|i| least + i) else {
        return;
    };
    let tag = &bytes[open + 1..close];
    let end = tag
        .iter()
        .position(|b| !operator::in_name(*b) && *b != b':')
        .unwrap_or(tag.len());
    let start = tag[..end].iter().rposition(|b| *b == b':').map_or(0, |i| i + 1);
    let name = &text[open + 1 + start..open + 1 + end];
    let own = names::promise(name).map(|promise| (promise, Manner::Literal));
    let attribute = || with_attribute.then(|| named_by(&text[open + 1 + end..close])).flatten();
    let beside = || BESIDE.contains(&name).then(|| named_before(text, open)).flatten();
    let Some((promise, manner)) = own.or_else(|| attribute().or_else(beside).map(|promise| (promise, Manner::Line)))
    else {
        return;
    };
    let most = bytes.len().min(from + LONGEST_TEXT);
    let ends = if data {
        memchr::memmem::find(&bytes[from..most], b"]]>")
    } else {
        memchr::memchr(b'<', &bytes[from..most]).filter(|length| bytes.get(from + length + 1) == Some(&b'/'))
    };
    let Some(length) = ends else { return };
    let trimmed = bytes[from..from + length].trim_ascii_end().len();
    let value = Value {
        range: from..from + trimmed,
        quoted: true,
        tight: true,
    };
    // What is beside a name is a form or a translation more often than a secret.
    let chosen = manner == Manner::Literal || bytes[value.range.clone()].iter().any(u8::is_ascii_digit);
    if chosen && (manner == Manner::Literal || !text[value.range.clone()].contains(' ')) {
        report(text, promise, &value, manner, found);
    }
}

/// What the attributes of a tag promise of its text: `<string name="api_key">`.
fn named_by(attributes: &str) -> Option<Promise> {
    if !operator::may_tell(attributes.as_bytes()) {
        return None;
    }
    NAMERS.iter().find_map(|namer| {
        let (before, behind) = attributes.split_once(namer)?;
        let value = behind.strip_prefix("=\"").or_else(|| behind.strip_prefix("='"))?;
        let end = value.find(['"', '\''])?;
        before.ends_with(' ').then(|| promised(&value[..end])).flatten()
    })
}

/// What the text of the element that ends before `open` promises: `<key>password</key><string>`, `<td>Password</td><td>`; or the
/// name of the one that begins there: `<Password><Value>`.
fn named_before(text: &str, open: usize) -> Option<Promise> {
    let from = text.floor_char_boundary(open.saturating_sub(names::LONGEST + 48));
    let (lead, last) = text[from..open].trim_end().rsplit_once('<')?;
    if let Some(parent) = last.strip_suffix('>').filter(|last| !last.starts_with('/')) {
        return promised(parent);
    }
    let closed = last.strip_prefix('/')?.ends_with('>');
    let name = closed.then(|| lead.rsplit_once('>')).flatten()?.1;
    promised(name.trim().trim_end_matches(':'))
}

fn promised(name: &str) -> Option<Promise> {
    names::promise(name).filter(|promise| !matches!(promise, Promise::Faint | Promise::Cookie))
}

/// Whether the name at `name` is that of the value of a field for a password: `<input type="password" value="x">`.
pub(super) fn is_password_field(text: &str, name: &Range<usize>) -> bool {
    if &text[name.clone()] != "value" {
        return false;
    }
    let near = &text[text.floor_char_boundary(name.start.saturating_sub(LONGEST_TAG))..name.start];
    let tag = near.rsplit('<').next().unwrap_or_default();
    ["type=\"password\"", "type='password'", "type=password "]
        .iter()
        .any(|field| tag.contains(field))
}

/// The name that stands behind the value of the holder at `name`: `<input value="…" name="password">`,
/// `{"value": "…", "name": "DB_PASSWORD"}`.
pub(super) fn named_behind(text: &str, name: &Range<usize>) -> Option<Range<usize>> {
    if !HOLDERS.contains(&&text[name.clone()]) {
        return None;
    }
    let operator = name.end
        + text[name.end..]
            .bytes()
            .take(4)
            .position(|b| matches!(b, b'=' | b':'))?;
    let value = super::value::value_at(text, operator + 1)?;
    let start = value.range.end;
    let rest = &text[start..text.floor_char_boundary(start + NAME_REACH)];
    let rest = &rest[..rest.find(['>', '}', '{']).unwrap_or(rest.len())];
    NAMERS.iter().find_map(|namer| {
        let at = rest.find(namer)?;
        let apart = rest[..at].bytes().all(|b| b" \t\r\n\"',\\".contains(&b)) && at > 0;
        let lead = rest[at + namer.len()..]
            .bytes()
            .take_while(|b| b" \t\"'=:\\".contains(b))
            .count();
        let from = at + namer.len() + lead;
        let length = rest[from..].bytes().take_while(|b| operator::in_name(*b)).count();
        (apart && lead > 0 && length > 0).then(|| start + from..start + from + length)
    })
}

#[cfg(test)]
mod tests {
    use super::super::assignment;

    fn secrets(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        text.match_indices(['>', '=', ':'])
            .for_each(|(at, _)| assignment(text, at, &mut found));
        found.iter().map(|finding| &text[finding.start..finding.end]).collect()
    }

    #[test]
    fn elements_with_secrets() {
        for shape in [
            "<password><![CDATA[X]]></password>",
            "<property>\n  <name>db.password</name>\n  <value>X</value>\n</property>",
            "<key>password</key>\n<string>X</string>",
            "<string name=\"password\">X</string>",
            "<wsse:Password Type=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText\">X</wsse:Password>",
            "<Key>Password</Key>\n\t<Value ProtectInMemory=\"True\">X</Value>",
            "<tr><td>Password</td><td>X</td></tr>",
            "<input value=\"X\" name=\"password\" type=\"password\">",
            "- value: X\n  name: DB_PASSWORD\n",
        ] {
            let text = shape.replace('X', "Kq7vLp2Zx9d");
            assert_eq!(secrets(&text), ["Kq7vLp2Zx9d"], "{text}");
        }
    }

    #[test]
    fn elements_without() {
        for text in [
            "<tr><td>Password</td><td>Required</td></tr>",
            "<tr><td>Password</td><td>at least 12 signs</td></tr>",
            "<string name=\"password\">Mot de passe</string>",
            "<string name=\"password_hint\">Kq7vLp2Zx9d</string>",
            "<label name=\"password\">Password</label>",
            "<td>User</td><td>Kq7vLp2Zx9d</td>",
            "<input value=\"Kq7vLp2Zx9d\" name=\"user\"><input name=\"password\">",
        ] {
            assert_eq!(secrets(text), Vec::<&str>::new(), "{text}");
        }
    }
}
