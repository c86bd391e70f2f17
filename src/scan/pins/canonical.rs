//! One spelling for each JSON value, so that the same definition has the same digest however it was written: the JSON
//! Canonicalization Scheme (RFC 8785), but for integers, which keep all their digits.

use serde_json::{Number, Value};

use crate::digest::{hex, sha256};

/// The canonical text of a value.
pub(super) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

/// SHA-256 of the canonical text, in hexadecimal digits.
pub(super) fn digest(value: &Value) -> String {
    hex(&sha256(canonical(value)))
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
            sorted.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            list('{', '}', sorted.into_iter(), out, |(name, value), out| {
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write(value, out);
            });
        }
        Value::Array(items) => list('[', ']', items.iter(), out, write),
        Value::Number(number) => out.push_str(&spelled(number)),
        other => out.push_str(&other.to_string()),
    }
}

fn list<T>(open: char, close: char, items: impl Iterator<Item = T>, out: &mut String, item: impl Fn(T, &mut String)) {
    out.push(open);
    for (at, it) in items.enumerate() {
        if at > 0 {
            out.push(',');
        }
        item(it, out);
    }
    out.push(close);
}

/// A number as ECMAScript writes it.
fn spelled(number: &Number) -> String {
    let written = number.to_string();
    let is_integer = written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    match written.parse::<f64>() {
        _ if is_integer && written != "-0" => written,
        Ok(0.0) => "0".to_owned(),
        Ok(float) if float.is_finite() => {
            let size = float.abs();
            if (1e-6..1e21).contains(&size) {
                float.to_string()
            } else {
                let text = format!("{float:e}");
                if text.contains("e-") {
                    text
                } else {
                    text.replace('e', "e+")
                }
            }
        }
        _ => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(text: &str) -> String {
        canonical(&serde_json::from_str(text).expect("JSON"))
    }

    #[test]
    fn the_examples_of_the_rfc() {
        let numbers = "[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001, -0, 1.0]";
        assert_eq!(of(numbers), "[333333333.3333333,1e+30,4.5,0.002,1e-27,0,1]");
        // Sorted by UTF-16 code units: U+1F600 comes before U+FB33.
        let keys = "{\"\\ufb33\": 1, \"\\ud83d\\ude00\": 2, \"1\": 3, \"\\r\": 4, \"\u{20ac}\": 5}";
        assert_eq!(
            of(keys),
            "{\"\\r\":4,\"1\":3,\"\u{20ac}\":5,\"\u{1f600}\":2,\"\u{fb33}\":1}"
        );
        assert_eq!(
            of(r#"{"b": [true, null, {}], "a": "\u000f\u0061/"}"#),
            r#"{"a":"\u000fa/","b":[true,null,{}]}"#
        );
    }

    #[test]
    fn integers_keep_their_digits() {
        assert_eq!(of("123456789012345678901234567890"), "123456789012345678901234567890");
    }

    #[test]
    fn another_spelling_is_the_same_and_another_value_is_not() {
        assert_eq!(
            digest(&json!({"a": 1, "b": 2})),
            digest(&serde_json::from_str("{\"b\":2,\n\"a\":1}").expect("JSON"))
        );
        assert_ne!(digest(&json!({"a": "x"})), digest(&json!({"a": "x "})));
        assert_eq!(digest(&json!({})).len(), 64);
    }
}
