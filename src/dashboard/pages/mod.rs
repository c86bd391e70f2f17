//! The pages: one row and one file for each.

mod call;
pub(super) mod calls;
mod findings;
mod overview;
mod patterns;
mod scans;
mod tools;

use std::fmt::Write as _;

use maud::Markup;
use serde::Deserialize;
use url::form_urlencoded::byte_serialize;

use super::period::Period;
use crate::trace::query::{Chosen, Reader};

/// One page.
pub(super) struct Page {
    pub(super) path: &'static str,
    pub(super) title: &'static str,
    /// What it answers, in a sentence.
    pub(super) about: &'static str,
    /// Whether it stands in the navigation.
    pub(super) is_listed: bool,
    /// Whether it is about a period that can be chosen.
    pub(super) has_period: bool,
    /// What stands in it.
    pub(super) show: fn(&Reader, &Asked) -> rusqlite::Result<Markup>,
}

/// Every page.
pub(super) const PAGES: &[Page] = &[
    Page {
        path: "/",
        title: "Overview",
        about: "What your servers do, and how they are.",
        is_listed: true,
        has_period: true,
        show: overview::show,
    },
    Page {
        path: "/calls",
        title: "Calls",
        about: "The latest calls, as they come.",
        is_listed: true,
        has_period: false,
        show: calls::show,
    },
    Page {
        path: "/call",
        title: "Call",
        about: "What was asked, what was answered, and what the gateway did with it.",
        is_listed: false,
        has_period: false,
        show: call::show,
    },
    Page {
        path: "/findings",
        title: "Findings",
        about: "What the guardrails masked and stopped: rules and places, never the value.",
        is_listed: true,
        has_period: true,
        show: findings::show,
    },
    Page {
        path: "/tools",
        title: "Tools",
        about: "What takes the model's context, and what it costs.",
        is_listed: true,
        has_period: true,
        show: tools::show,
    },
    Page {
        path: "/patterns",
        title: "Patterns",
        about: "What goes wrong again and again, and what to do about it.",
        is_listed: true,
        has_period: true,
        show: patterns::show,
    },
    Page {
        path: "/scans",
        title: "Scans",
        about: "What the scanner thinks of your servers, and why.",
        is_listed: true,
        has_period: false,
        show: scans::show,
    },
];

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// The name of a period.
    since: Option<String>,
    server: Option<String>,
    name: Option<String>,
    outcome: Option<String>,
    /// In microseconds since 1970.
    from: Option<i64>,
    /// In microseconds since 1970.
    until: Option<i64>,
    /// The UUID of a call.
    id: Option<String>,
    /// The number of a call.
    pub(super) after: Option<i64>,
}

impl Asked {
    /// The period that a page is about.
    pub(super) fn period(&self) -> Period {
        Period::named(self.since.as_deref())
    }

    /// The calls that a list is of; without a limit.
    pub(super) fn chosen(&self) -> Chosen {
        Chosen {
            server: self.server.clone(),
            name: self.name.clone(),
            outcome: self.outcome.clone(),
            since: self.from.unwrap_or_default(),
            until: self.until,
            ..Chosen::default()
        }
    }
}

/// An address of ours with these parameters. What others wrote stands in a parameter only, so that no address of theirs
/// is ever followed.
fn link(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut link = path.to_owned();
    for (at, (name, value)) in parameters.iter().enumerate() {
        let sign = if at == 0 { '?' } else { '&' };
        let value: String = byte_serialize(value.as_bytes()).collect();
        // Writing to a text can't fail.
        let _ = write!(link, "{sign}{name}={value}");
    }
    link
}

/// Where the calls of a tool are.
fn calls_of(server: &str, name: &str) -> String {
    link("/calls", &[("server", server), ("name", name)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_nowhere_else() {
        assert_eq!(
            calls_of("javascript:alert(1)", "a&b=\"c\" d/e"),
            "/calls?server=javascript%3Aalert%281%29&name=a%26b%3D%22c%22+d%2Fe"
        );
    }

    #[test]
    fn pages_have_addresses_and_names_of_their_own() {
        for (at, page) in PAGES.iter().enumerate() {
            assert!(page.path.starts_with('/') && page.about.ends_with('.'), "{}", page.path);
            let others = &PAGES[at + 1..];
            assert!(
                others
                    .iter()
                    .all(|other| other.path != page.path && other.title != page.title),
                "{}",
                page.path
            );
        }
    }
}
