//! Names that give way to another one: types, and members that hold what another one names.

use std::ops::Range;

use super::operator::{in_name, start_of_name};

/// Types that stand between a name and `=`: `var token string = `, `password: str = `.
pub(super) const TYPES: &[&str] = &["string", "str", "String", "SecretStr", "CharSequence", "text", "Text"];

/// Names of an attribute or member that holds what another one names: `<add key="password" value="x">`.
pub(super) const HOLDERS: &[&str] = &[
    "value",
    "val",
    "Value",
    "VALUE",
    "stringValue",
    "default_value",
    "plaintext",
];
/// Names of the one that names it.
const NAMERS: &[&str] = &[
    "name",
    "key",
    "Name",
    "Key",
    "id",
    "NAME",
    "parameter",
    "property",
    "ParameterKey",
];
/// How far before a holder the name may stand, in bytes.
const HOLDER_REACH: usize = 96;

/// The name before a type at `start`, over those that wrap it: `password: Option<String>`.
fn typed(bytes: &[u8], mut start: usize) -> Option<Range<usize>> {
    for _ in 0..3 {
        let mut end = start;
        while end > 0 && start - end < 8 && b" \t:&?<[".contains(&bytes[end - 1]) {
            end -= 1;
        }
        let from = start_of_name(bytes, end).filter(|_| end < start)?;
        if !bytes[end..start].iter().any(|b| b"<[".contains(b)) {
            return Some(from..end);
        }
        start = from;
    }
    None
}

/// The name of what the first member, at `start`, is in: `apiKey:` and a line end, `"apiKey": {`.
fn parent(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let near = bytes[..start].iter().rev().take(HOLDER_REACH);
    let gap = near
        .take_while(|b| b.is_ascii_whitespace() || b"\"'{:\\".contains(b))
        .count();
    let between = &bytes[start - gap..start];
    let opens = between.contains(&b':') && between.iter().any(|b| matches!(b, b'\n' | b'{'));
    let end = start - gap;
    let from = opens.then(|| start_of_name(bytes, end)).flatten()?;
    Some(from..end)
}

/// The name that `name` stands in for: the one before a type, or the one that another member before it gives.
pub(super) fn typed_or_held(text: &str, name: &Range<usize>) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    if TYPES.contains(&&text[name.clone()]) {
        return typed(bytes, name.start);
    }
    if &text[name.clone()] == "default" {
        return super::literal::variable(text, name);
    }
    if !HOLDERS.contains(&&text[name.clone()]) {
        return None;
    }
    if let Some(parent) = parent(bytes, name.start) {
        return Some(parent);
    }
    let from = name.start.saturating_sub(HOLDER_REACH);
    let mut words = Vec::new();
    let mut at = name.start;
    // The words before, nearest first: the value of the namer, then the namer.
    while at > from && words.len() < 2 {
        let end = (from..at).rev().find(|&i| in_name(bytes[i]))? + 1;
        let start = start_of_name(bytes, end)?;
        words.push(start..end);
        at = start;
    }
    let [named, namer] = words.as_slice() else { return None };
    let between = &bytes[namer.end..named.start];
    let joined = between.iter().any(|b| matches!(b, b':' | b'=')) && !between.contains(&b',');
    (joined && NAMERS.contains(&&text[namer.clone()])).then(|| named.clone())
}

/// Whether a member of this name holds the value of another one, or of the object it stands in.
pub(super) fn is_holder(name: &str) -> bool {
    matches!(
        name,
        "value"
            | "val"
            | "values"
            | "content"
            | "data"
            | "text"
            | "default"
            | "current"
            | "plaintext"
            | "secretString"
            | "primary"
            | "secondary"
            | "$value"
    )
}

#[cfg(test)]
mod tests {
    use super::super::operator::name_before;
    use super::*;

    #[test]
    fn types_are_stepped_over_and_holders_give_way() {
        for (text, expected) in [
            ("var sentryToken string =", "sentryToken"),
            ("password: str =", "password"),
            ("val password: String? =", "password"),
            ("password: Option<String> =", "password"),
            ("<add key=\"ClearTextPassword\" value=", "ClearTextPassword"),
            ("{\"name\": \"API_TOKEN\", \"value\":", "API_TOKEN"),
            ("- name: API_TOKEN\n  value:", "API_TOKEN"),
        ] {
            let named = name_before(text, text.len() - 1).expect("a telling name");
            let outer = typed_or_held(text, &named.name).map(|outer| &text[outer]);
            assert_eq!(outer, Some(expected), "{text}");
        }
    }
}
