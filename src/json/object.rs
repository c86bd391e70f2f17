//! Objects with a member more, another value for one, or some fewer. All else of them stays as it was written.

use super::{Edit, members, quote, splice};

/// The object with `value` as its member `name`, in the place of the one that it has or else behind the last one; a text
/// that is no object as it is.
pub fn with_member(object: &str, name: &str, value: &str) -> String {
    let Ok(found) = members(object) else {
        return object.to_owned();
    };
    let edit = match found.span(name) {
        Some(span) => Edit {
            span,
            with: value.to_owned(),
        },
        None => {
            let end = object.trim_ascii_end().len() - 1;
            let comma = if found.iter().next().is_some() { "," } else { "" };
            Edit {
                span: end..end,
                with: format!("{comma}{}:{value}", quote(name)),
            }
        }
    };
    splice(object, &[edit])
}

/// The object without the members for which `dropped` holds.
pub fn without_members(object: &str, dropped: impl Fn(&str) -> bool) -> String {
    let Ok(found) = members(object) else {
        return object.to_owned();
    };
    if !found.iter().any(|(name, _)| dropped(name)) {
        return object.to_owned();
    }
    let kept: Vec<String> = found
        .iter()
        .filter(|(name, _)| !dropped(name))
        .map(|(name, value)| format!("{}:{value}", quote(name)))
        .collect();
    format!("{{{}}}", kept.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_member_changes() {
        for (object, with) in [
            ("{}", r#"{"k":1}"#),
            (r#"{ "a": 1.0 } "#, r#"{ "a": 1.0 ,"k":1} "#),
            (r#"{"k": {"x":2} ,"a":[]}"#, r#"{"k": 1 ,"a":[]}"#),
            ("[]", "[]"),
        ] {
            assert_eq!(with_member(object, "k", "1"), with, "{object}");
        }
    }

    #[test]
    fn members_are_dropped_and_the_rest_stays() {
        let without = |object: &str| without_members(object, |name| name.starts_with("x/"));
        assert_eq!(without(r#"{"x/a":1,"b": 1.0,"x/c":[]}"#), r#"{"b":1.0}"#);
        assert_eq!(without(r#"{"x/a":1}"#), "{}");
        assert_eq!(without(r#"{ "b": 1.0 }"#), r#"{ "b": 1.0 }"#);
    }
}
