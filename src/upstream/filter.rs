//! Which tools of a server are offered.

use wildmatch::WildMatch;

use super::catalog::Tool;
use crate::config;

/// The globs of an entry: `*` for any characters, `?` for one.
pub(super) struct ToolFilter {
    /// Only these; `None` for all.
    allow: Option<Vec<WildMatch>>,
    /// Not these, whatever is allowed.
    deny: Vec<WildMatch>,
}

impl ToolFilter {
    pub(super) fn new(filter: &config::Filter) -> Self {
        let globs = |patterns: &Vec<String>| patterns.iter().map(|pattern| WildMatch::new(pattern)).collect();
        Self {
            allow: filter.allow.as_ref().map(globs),
            deny: globs(&filter.deny),
        }
    }

    /// The tools that are offered. A pattern that fits none of `server`'s tools is probably a slip, and reported.
    pub(super) fn keep(&self, server: &str, mut tools: Vec<Tool>) -> Vec<Tool> {
        for (list, globs) in [
            ("allow", self.allow.as_deref().unwrap_or_default()),
            ("deny", &self.deny),
        ] {
            for glob in globs
                .iter()
                .filter(|glob| !tools.iter().any(|tool| glob.matches(&tool.name)))
            {
                tracing::warn!(server, "`{glob}` in `tools.{list}` matches no tool of this server");
            }
        }
        tools.retain(|tool| self.offers(&tool.name));
        tools
    }

    fn offers(&self, name: &str) -> bool {
        let any = |globs: &[WildMatch]| globs.iter().any(|glob| glob.matches(name));
        self.allow.as_deref().is_none_or(any) && !any(&self.deny)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deny_wins_and_allow_is_everything_where_it_is_absent() {
        let offered = |allow: Option<&[&str]>, deny: &[&str]| {
            let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
            let filter = ToolFilter::new(&config::Filter {
                allow: allow.map(texts),
                deny: texts(deny),
            });
            ["read", "read_all", "write"].map(|name| filter.offers(name))
        };
        assert_eq!(offered(None, &[]), [true, true, true]);
        assert_eq!(offered(Some(&["read*"]), &["*_all"]), [true, false, false]);
        assert_eq!(offered(Some(&[]), &[]), [false, false, false]);
        assert_eq!(offered(None, &["writ?", "READ"]), [true, true, false]);
    }
}
