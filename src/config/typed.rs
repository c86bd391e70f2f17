//! Values of settings as types, and what is wrong with them in words for whoever wrote them.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::text::{did_you_mean, listed};

/// What serde calls things, and what people call them.
const WORDS: [(&str, &str); 9] = [
    ("a sequence", "a list"),
    ("sequence", "a list"),
    ("a map", "an object"),
    ("map", "an object"),
    ("a boolean", "true or false"),
    ("boolean", "true or false"),
    ("a string", "text"),
    ("string", "text"),
    ("number", "a number"),
];

/// Reads a value. The error says where in it the mistake is and what would be right there; no value is repeated but the
/// name of a choice, since a setting may be a key.
///
/// # Errors
/// It is not of this type.
pub fn typed<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let what = readable(&error.inner().to_string());
        match error.path().to_string().as_str() {
            "." => what,
            path => format!("`{path}`: {what}"),
        }
    })
}

/// The message of an error of serde, for people. One of our own stays as it is.
fn readable(message: &str) -> String {
    let known = |start: &str| message.strip_prefix(start);
    if let Some(rest) = known("invalid type: ")
        && let Some((found, wanted)) = rest.split_once(", expected ")
    {
        let kind = found.split(" `").next().unwrap_or(found);
        let kind = kind.split(" \"").next().unwrap_or(kind);
        return format!("it is {}, and has to be {}", word(kind), word(wanted));
    }
    if let Some(rest) = known("unknown variant ")
        && let Some((name, choices)) = choices(rest)
    {
        let hint = did_you_mean(name, choices.iter().copied());
        return format!("`{name}` is no choice here{hint}; the choices are {}", listed(choices));
    }
    if let Some(rest) = known("unknown field ")
        && let Some((name, choices)) = choices(rest)
    {
        let hint = did_you_mean(name, choices.iter().copied());
        return format!("there is no key `{name}` here{hint}; the keys are {}", listed(choices));
    }
    match known("missing field ") {
        Some(name) => format!("{name} is missing"),
        None => message.to_owned(),
    }
}

fn word(of_serde: &str) -> &str {
    let found = WORDS.iter().find(|(theirs, _)| *theirs == of_serde);
    let struct_or = if of_serde.starts_with("struct ") {
        "an object"
    } else {
        of_serde
    };
    found.map_or(struct_or, |(_, ours)| ours)
}

/// The name and the choices of "`a`, expected one of `b`, `c`".
fn choices(rest: &str) -> Option<(&str, Vec<&str>)> {
    let (name, wanted) = rest.split_once(", expected ")?;
    let between = wanted.split('`').skip(1).step_by(2).collect();
    Some((name.trim_matches('`'), between))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Settings {
        level: Level,
        rules: Vec<String>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Level {
        Low,
        High,
    }

    #[test]
    fn a_mistake_is_told_with_its_place_and_what_would_be_right() {
        let table = [
            (
                json!({"level": "lwo", "rules": []}),
                "`level`: `lwo` is no choice here (did you mean `low`?); the choices are `low` and `high`",
            ),
            (
                json!({"level": "low", "rules": 7}),
                "`rules`: it is a number, and has to be a list",
            ),
            (
                json!({"level": "low", "rules": ["a", true]}),
                "`rules[1]`: it is true or false, and has to be text",
            ),
            (
                json!({"level": "low", "rules": "s3cret"}),
                "`rules`: it is text, and has to be a list",
            ),
            (json!({"level": "low"}), "`rules` is missing"),
            (
                json!({"lvel": "low"}),
                "`lvel`: there is no key `lvel` here (did you mean `level`?); the keys are `level` and `rules`",
            ),
        ];
        for (value, said) in table {
            assert_eq!(typed::<Settings>(value).map(drop), Err(said.to_owned()));
        }
    }
}
