//! What a server offers.

use std::sync::Arc;

use super::gate::{Declared, Ruling, Withheld};
use crate::{
    guard::Cleared,
    json,
    message::{Hints, Payload},
};

/// A tool of a server's.
#[derive(Clone, Debug)]
pub struct Tool {
    /// Its name at the server.
    pub name: String,
    /// What it is for, in the server's words; empty where it says nothing.
    pub description: String,
    /// The arguments that its schema requires.
    pub required: Vec<String>,
    /// The JSON schema of its arguments.
    pub schema: Option<Payload>,
    /// What it says of itself in its annotations.
    pub hints: Hints,
    /// The JSON schema of its structured content, by which a client may check it.
    pub output: Option<Payload>,
    /// The whole definition, as the server wrote it.
    pub definition: Cleared,
}

/// A prompt, a resource or a resource template of a server's.
#[derive(Clone, Debug)]
pub struct Item {
    /// What the server knows it by: its name, its URI or its URI template. Not for the client's eyes where it is masked.
    pub key: String,
    /// What the chain left of the key, where it masked part of it.
    pub masked: Option<String>,
    /// The whole definition, as the server wrote it.
    pub definition: Cleared,
}

impl Item {
    /// What guardrails and the record know it by.
    pub fn known_as(&self) -> &str {
        self.masked.as_deref().unwrap_or(&self.key)
    }
}

/// What a server can offer, as a client hears of its changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offering {
    /// `tools/list`.
    Tools,
    /// `prompts/list`.
    Prompts,
    /// `resources/list` and `resources/templates/list`.
    Resources,
}

impl Offering {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Tools, Self::Prompts, Self::Resources];

    /// The capability that a server declares for it.
    pub fn capability(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Prompts => "prompts",
            Self::Resources => "resources",
        }
    }

    /// The notification that it has changed.
    pub fn changed(self) -> &'static str {
        match self {
            Self::Tools => "notifications/tools/list_changed",
            Self::Prompts => "notifications/prompts/list_changed",
            Self::Resources => "notifications/resources/list_changed",
        }
    }
}

/// How often each offering of the fleet has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes([u64; Offering::ALL.len()]);

impl Changes {
    /// How often this one has.
    pub fn of(&self, offering: Offering) -> u64 {
        self.0[offering as usize]
    }

    /// Counts one more change of it.
    pub(super) fn count(&mut self, offering: Offering) {
        self.0[offering as usize] += 1;
    }
}

/// What a server offers.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// The protocol version agreed on.
    pub protocol: String,
    /// What it says that it is, as it wrote it: its `serverInfo`.
    pub about: Option<Cleared>,
    /// Its capabilities, as it wrote them.
    pub capabilities: Cleared,
    /// What it tells a model of itself, as a JSON string.
    pub instructions: Option<Cleared>,
    /// Its tools, in its order.
    pub tools: Arc<Vec<Tool>>,
    /// Its prompts.
    pub prompts: Arc<Vec<Item>>,
    /// Its resources.
    pub resources: Arc<Vec<Item>>,
    /// Its resource templates.
    pub templates: Arc<Vec<Item>>,
    /// Tools of its that are not offered, because of what a scan found.
    pub withheld: Arc<Vec<Withheld>>,
    /// All of this as it wrote it.
    pub(super) declared: Declared,
}

impl Catalog {
    /// Whether the server declared a capability.
    pub fn has(&self, capability: &str) -> bool {
        json::members(self.capabilities.text())
            .is_ok_and(|members| members.raw(capability).is_some_and(|raw| raw != "null"))
    }

    /// The same without the tools that are not to be used.
    pub(super) fn under(mut self, ruling: &Ruling) -> Self {
        if ruling.tools.is_empty() {
            return self;
        }
        let reason = |at: usize| ruling.tools.iter().find(|(place, _)| *place == at).map(|(_, why)| why);
        let withheld = self.tools.iter().enumerate().filter_map(|(at, tool)| {
            Some(Withheld {
                name: tool.name.clone(),
                why: reason(at)?.clone(),
            })
        });
        let withheld: Vec<Withheld> = withheld.collect();
        // Nobody can tell which of two tools with one name is called.
        let is_withheld = |tool: &Tool| withheld.iter().any(|other| other.name == tool.name);
        let offered = self.tools.iter().filter(|tool| !is_withheld(tool)).cloned().collect();
        self.tools = Arc::new(offered);
        self.withheld = Arc::new(withheld);
        self
    }

    /// What it offers.
    pub fn offerings(&self) -> impl Iterator<Item = Offering> {
        Offering::ALL
            .into_iter()
            .filter(|offering| self.has(offering.capability()))
    }
}
