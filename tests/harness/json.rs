//! JSON compared as it was written: key order and the spelling of numbers count.

use serde_json::Value;

/// The value of a text that has to be JSON. Lone surrogates, which its grammar allows and serde_json does not read, are
/// replaced.
pub(crate) fn parse(text: &str) -> Value {
    let whole = serde_json::from_str(text).or_else(|_| serde_json::from_str(&text.replace("\\ud800", "\\ufffd")));
    whole.unwrap_or_else(|error| panic!("no JSON ({error}): {}", shortened(text)))
}

/// Asserts that both sides are the same JSON, and shows the first place where they differ.
#[track_caller]
pub(crate) fn assert_same(what: &str, expected: &Value, found: &Value) {
    if let Some((place, expected, found)) = difference("", expected, found) {
        panic!(
            "{what} differs at `{place}`\n  expected: {}\n  found:    {}",
            shortened(&expected),
            shortened(&found)
        );
    }
}

/// All text of a tool result's content, a line for each item.
pub(crate) fn text_of(result: &Value) -> String {
    let items = result["content"].as_array().map_or(&[][..], Vec::as_slice);
    items
        .iter()
        .filter_map(|item| item["text"].as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

fn difference(place: &str, expected: &Value, found: &Value) -> Option<(String, String, String)> {
    match (expected, found) {
        (Value::Object(one), Value::Object(other)) => {
            let (mine, theirs): (Vec<_>, Vec<_>) = (one.keys().collect(), other.keys().collect());
            if mine != theirs {
                return Some((place.into(), format!("keys {mine:?}"), format!("keys {theirs:?}")));
            }
            one.iter()
                .find_map(|(key, value)| difference(&format!("{place}/{key}"), value, &other[key]))
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            pairs.find_map(|(at, (one, other))| difference(&format!("{place}/{at}"), one, other))
        }
        _ => (expected != found).then(|| (place.into(), expected.to_string(), found.to_string())),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(400) {
        Some((end, _)) => format!("{} … ({} bytes)", &text[..end], text.len()),
        None => text.into(),
    }
}
