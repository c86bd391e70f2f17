//! The names of the tools that servers declared: a text that names one means it.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use crate::{
    json,
    message::{Envelope, Payload},
};

/// The tools of every server, as their lists went by.
#[derive(Default)]
pub(super) struct ToolNames {
    of_servers: RwLock<BTreeMap<Arc<str>, Vec<String>>>,
}

impl ToolNames {
    /// Takes note of a page of a server's tools. A page that is not one tells nothing.
    pub(super) fn learn(&self, envelope: &Envelope, page: &Payload) {
        let names = || {
            let members = json::members(page.text()).ok()?;
            let tools = json::items(members.raw("tools")?).ok()?;
            let name = |tool: &str| json::members(tool).ok()?.string("name");
            Some(tools.into_iter().filter_map(name).collect::<Vec<_>>())
        };
        if let Some(names) = names() {
            let mut all = self.of_servers.write().unwrap_or_else(PoisonError::into_inner);
            let known = all.entry(envelope.server.clone()).or_default();
            for name in names {
                if !known.contains(&name) {
                    known.push(name);
                }
            }
        }
    }

    /// The names of them all.
    pub(super) fn all(&self) -> Vec<String> {
        let all = self.of_servers.read().unwrap_or_else(PoisonError::into_inner);
        all.values().flatten().cloned().collect()
    }
}
