//! What a scan found, and the three ways to show it.

mod json;
mod sarif;
mod table;

use std::path::PathBuf;

use super::finding::{Finding, Verdict};
use super::reputation::Assessment;

/// Everything that was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The servers, in the order in which they were scanned.
    pub servers: Vec<ServerReport>,
    /// What concerns several servers at once; no part of the verdict of any.
    pub fleet: Vec<Finding>,
    /// What could not be checked, each a sentence that says why. Empty where the scan is complete.
    pub incomplete: Vec<String>,
    /// The file that names the servers, or holds what was captured of them; relative to the working directory if it lies
    /// below it.
    pub file: PathBuf,
}

/// What was found of one server.
#[derive(Clone, Debug, Default)]
pub struct ServerReport {
    /// Its name in the configuration.
    pub name: String,
    /// What is done about the server as a whole.
    pub verdict: Verdict,
    /// How it is started, without secrets; empty where that is not known.
    pub command: String,
    /// What is known of what it runs.
    pub reputation: Vec<Assessment>,
    /// What is true of the server as a whole: its package, how it is started, its instructions, what changed.
    pub findings: Vec<Finding>,
    /// Its tools, in its order.
    pub tools: Vec<Item>,
    /// Its prompts.
    pub prompts: Vec<Item>,
    /// Its resources and resource templates.
    pub resources: Vec<Item>,
}

/// What was found of one tool, prompt or resource.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// Its name, or URI.
    pub name: String,
    /// What is done about it.
    pub verdict: Verdict,
    /// The points of its findings and of what they mean together.
    pub score: u32,
    /// The findings, in the order of their places.
    pub findings: Vec<Finding>,
}

impl ServerReport {
    /// The worst verdict of the server and of anything it offers.
    pub fn worst(&self) -> Verdict {
        self.items()
            .map(|(_, item)| item.verdict)
            .max()
            .unwrap_or_default()
            .max(self.verdict)
    }

    /// Everything that the server offers, each with what it is.
    pub fn items(&self) -> impl Iterator<Item = (&'static str, &Item)> {
        let kinds = [
            ("tool", &self.tools),
            ("prompt", &self.prompts),
            ("resource", &self.resources),
        ];
        kinds
            .into_iter()
            .flat_map(|(kind, items)| items.iter().map(move |item| (kind, item)))
    }
}

impl Report {
    /// The worst verdict of all.
    pub fn worst(&self) -> Verdict {
        self.servers.iter().map(ServerReport::worst).max().unwrap_or_default()
    }

    /// As a table for people.
    pub fn table(&self) -> String {
        table::table(self)
    }

    /// As one JSON document:
    /// `{"servers": {NAME: {"verdict", "findings", "tools": {NAME: {"verdict", "score", "findings"}}, "prompts",
    /// "resources"}}, "fleet": […], "incomplete": […]}`.
    pub fn json(&self) -> String {
        json::json(self)
    }

    /// As SARIF 2.1.0, which code hosts and editors read.
    pub fn sarif(&self) -> String {
        sarif::sarif(self)
    }
}
