//! The nearest name to a misspelt one.

/// Longest name that is compared, in bytes: the cost grows with the square, and a model may send anything.
const LONGEST: usize = 128;

/// The candidate that `name` most likely meant, if any is near enough: one slip for a short name, about one in three
/// characters for a long one. Case, `-`, `_` and spaces do not count.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = folded(name)?;
    let length = name.chars().count();
    let candidate = |candidate| {
        let other = folded(candidate)?;
        let other_length = other.chars().count();
        let allowed = (length.max(other_length) / 3).max(1);
        // The difference in length is a lower bound of the distance, and cheap.
        let slips = (length.abs_diff(other_length) <= allowed).then(|| strsim::osa_distance(&name, &other))?;
        (slips <= allowed).then_some((slips, candidate))
    };
    candidates
        .into_iter()
        .filter_map(candidate)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

/// ` (did you mean …?)` for a message, or nothing.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, candidates)
        .map(|near| format!(" (did you mean {}?)", super::quoted(near)))
        .unwrap_or_default()
}

/// Whether two names are the same but for case, `-`, `_` and spaces.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    folded_chars(one).eq(folded_chars(other))
}

/// A name as it is compared. `None` for one that is not worth comparing.
pub(crate) fn folded(name: &str) -> Option<String> {
    (!name.is_empty() && name.len() <= LONGEST).then(|| folded_chars(name).collect())
}

fn folded_chars(name: &str) -> impl Iterator<Item = char> {
    name.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name() {
        let plugins = ["basic", "presidio", "xetrack", "lasso", "injection"];
        for (typed, meant) in [
            ("presido", "presidio"),
            ("Basic", "basic"),
            ("xe-track", "xetrack"),
            ("laso", "lasso"),
            ("bsaic", "basic"),
        ] {
            assert_eq!(nearest(typed, plugins), Some(meant), "{typed}");
        }
    }

    #[test]
    fn a_stranger_finds_none() {
        assert_eq!(nearest("weather", ["basic", "presidio"]), None);
        assert_eq!(nearest("", ["a"]), None);
        assert_eq!(nearest(&"x".repeat(1_000_000), ["x"]), None);
    }

    #[test]
    fn the_nearest_of_several_wins() {
        assert_eq!(
            nearest("disabledTool", ["disabled", "disabledTools"]),
            Some("disabledTools")
        );
    }

    #[test]
    fn a_message_says_it_or_nothing() {
        assert_eq!(did_you_mean("presido", ["presidio"]), " (did you mean `presidio`?)");
        assert_eq!(did_you_mean("weather", ["presidio"]), "");
    }

    #[test]
    fn names_are_the_same_in_any_case_and_style() {
        assert!(is_same("enabled_tools", "enabledTools") && is_same("ENVFILE", "envFile"));
        assert!(!is_same("tool", "tools"));
    }
}
