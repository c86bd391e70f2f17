//! The names under which tools and prompts are offered to the client.

use std::collections::HashMap;

use crate::digest::{hex, sha256};

/// The longest name that model APIs take.
const LONGEST: usize = 64;

/// Characters of the digest that tells apart names which would be the same or too long.
const DIGEST: usize = 6;

/// Which item of which server a name stands for, in the order in which they are listed.
#[derive(Debug, Default)]
pub(super) struct Names {
    by_name: HashMap<String, (usize, usize)>,
    listed: Vec<(String, usize, usize)>,
}

impl Names {
    /// Names for the items of these servers: (prefix, the names they have there), both in their order. `reserved` are
    /// taken.
    pub(super) fn new<'a, T>(servers: impl IntoIterator<Item = (&'a str, T)>, reserved: &[&str]) -> Self
    where
        T: IntoIterator<Item = &'a str>,
    {
        let mut names = Self::default();
        for (server, (prefix, items)) in servers.into_iter().enumerate() {
            for (position, name) in items.into_iter().enumerate() {
                let mut unique = fit(prefix, name);
                if reserved.contains(&unique.as_str()) || names.by_name.contains_key(&unique) {
                    unique = told_apart(&unique, &format!("{server}/{prefix}/{name}"));
                }
                names.add(unique, server, position);
            }
        }
        names
    }

    /// Adds a name; of one that is there already, the last item counts, and it is listed once.
    pub(super) fn add(&mut self, name: String, server: usize, position: usize) {
        if self.by_name.insert(name.clone(), (server, position)).is_none() {
            self.listed.push((name, server, position));
        }
    }

    /// The positions of the server and of its item.
    pub(super) fn get(&self, name: &str) -> Option<(usize, usize)> {
        self.by_name.get(name).copied()
    }

    /// Every name with the positions of its server and its item.
    pub(super) fn listed(&self) -> &[(String, usize, usize)] {
        &self.listed
    }
}

/// What stands before the names of a server's tools: `github_`, or nothing where its prefix is empty.
pub(super) fn prefix(server: &str, configured: Option<&str>) -> String {
    match configured {
        Some("") => String::new(),
        Some(prefix) => format!("{prefix}_"),
        None => format!("{server}_"),
    }
}

/// `prefix` and `name` in the characters and the length that model APIs take.
fn fit(prefix: &str, name: &str) -> String {
    let whole = format!("{prefix}{name}");
    let plain: String = whole
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') {
                c
            } else {
                '_'
            }
        })
        .collect();
    if plain.len() <= LONGEST {
        plain
    } else {
        told_apart(&plain, &whole)
    }
}

/// `name` with the beginning of the digest of `what` behind it.
fn told_apart(name: &str, what: &str) -> String {
    let digest = hex(&sha256(what));
    format!(
        "{}_{}",
        &name[..name.len().min(LONGEST - DIGEST - 1)],
        &digest[..DIGEST]
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn listed(servers: &[(&str, &[&str])]) -> Vec<String> {
        let names = Names::new(
            servers.iter().map(|(prefix, tools)| (*prefix, tools.iter().copied())),
            &["run_tool"],
        );
        names.listed().iter().map(|(name, ..)| name.clone()).collect()
    }

    #[test]
    fn a_tool_is_named_after_its_server() {
        assert_eq!(
            listed(&[("files_", &["read", "write"]), ("", &["now"])]),
            ["files_read", "files_write", "now"]
        );
        assert_eq!(prefix("files", None), "files_");
        assert_eq!(prefix("files", Some("fs")), "fs_");
        assert_eq!(prefix("files", Some("")), "");
    }

    #[test]
    fn clashes_are_told_apart_and_the_first_keeps_the_name() {
        let names = listed(&[("", &["now", "run_tool"]), ("", &["now"]), ("a_", &["b.c", "b/c"])]);
        assert_eq!(names[0], "now");
        assert!(
            names[1].starts_with("run_tool_") && names[2].starts_with("now_"),
            "{names:?}"
        );
        assert_eq!(names[3], "a_b_c");
        assert!(names[4].starts_with("a_b_c_"), "{names:?}");
    }

    proptest! {
        #[test]
        fn names_are_unique_and_fit(tools in proptest::collection::vec("\\PC{0,90}", 0..8), prefix in "\\PC{0,70}") {
            let all: Vec<&str> = tools.iter().map(String::as_str).collect();
            let names = listed(&[(&prefix, &all), (&prefix, &all)]);
            let unique: std::collections::HashSet<_> = names.iter().collect();
            prop_assert_eq!(unique.len(), names.len());
            for name in &names {
                prop_assert!(name.len() <= LONGEST && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)));
            }
        }
    }
}
