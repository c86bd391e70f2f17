//! The items of a list as they came, beside what was left of each: a judge may leave some out, or put them in another order.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::json;

/// Each item of `shown` with the one of `own` that it was made from. The scanner judges the one and the client gets the other,
/// so what was made from none is left out. Items go by their member `key`; where none was left out or moved, by their places:
/// a key may have been masked.
pub(super) fn pairs<'a>(own: &[&'a str], shown: &[&'a str], key: &str) -> Vec<(&'a str, &'a str)> {
    let key_of = |item: &&str| json::members(item).ok().and_then(|members| members.string(key));
    let keys: Vec<_> = own.iter().map(key_of).collect();
    let shown: Vec<_> = shown.iter().map(|item| (*item, key_of(item))).collect();
    let known: HashSet<&String> = keys.iter().flatten().collect();
    let fits = |(own, (_, shown)): (&Option<String>, &(&str, Option<String>))| {
        own == shown || shown.as_ref().is_some_and(|key| !known.contains(key))
    };
    if keys.len() == shown.len() && keys.iter().zip(&shown).all(fits) {
        return own.iter().zip(shown).map(|(own, (shown, _))| (*own, shown)).collect();
    }
    let mut left: HashMap<String, VecDeque<&str>> = HashMap::new();
    for (item, key) in own.iter().zip(keys) {
        left.entry(key.unwrap_or_default()).or_default().push_back(item);
    }
    let pairs = shown
        .into_iter()
        .filter_map(|(item, key)| Some((left.get_mut(&key?)?.pop_front()?, item)));
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paired(own: &[&str], shown: &[&str]) -> Vec<String> {
        let item = |text: &&str| format!(r#"{{"name":"{text}"}}"#);
        let (own, shown): (Vec<_>, Vec<_>) = (own.iter().map(item).collect(), shown.iter().map(item).collect());
        let name = |item: &str| item[9..item.len() - 2].to_owned();
        let own: Vec<_> = own.iter().map(String::as_str).collect();
        let shown: Vec<_> = shown.iter().map(String::as_str).collect();
        let pairs = pairs(&own, &shown, "name").into_iter();
        pairs
            .map(|(own, shown)| format!("{}-{}", name(own), name(shown)))
            .collect()
    }

    #[test]
    fn what_is_left_of_a_list_stands_beside_what_it_was_made_from() {
        for (own, shown, pairs) in [
            (["a", "b", "c"], &["a", "b", "c"][..], &["a-a", "b-b", "c-c"][..]),
            (["a", "b", "c"], &["a", "<X>", "c"], &["a-a", "b-<X>", "c-c"]),
            (["a", "b", "b"], &["a", "b", "b"], &["a-a", "b-b", "b-b"]),
            (["a", "b", "c"], &["a", "c"], &["a-a", "c-c"]),
            (["a", "b", "c"], &["c", "b", "a"], &["c-c", "b-b", "a-a"]),
            (["a", "b", "c"], &["a", "b", "c", "d"], &["a-a", "b-b", "c-c"]),
            (["a", "b", "c"], &["a", "b", "b"], &["a-a", "b-b"]),
            (["<X>", "b", "c"], &["<X>", "<X>", "c"], &["<X>-<X>", "c-c"]),
            (["a", "b", "c"], &[], &[]),
        ] {
            assert_eq!(paired(&own, shown), pairs, "{own:?} {shown:?}");
        }
    }
}
