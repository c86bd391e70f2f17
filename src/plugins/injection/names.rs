//! The names of the tools that servers declared: a text that names one means it.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError, RwLock},
};

use crate::{json, message::Payload};

/// The tools of all servers, as their lists went by.
#[derive(Default)]
pub(super) struct ToolNames {
    known: RwLock<Arc<BTreeSet<String>>>,
}

impl ToolNames {
    /// Takes note of a page of a server's tools. A page that is not one tells nothing.
    pub(super) fn learn(&self, page: &Payload) {
        let names = || {
            let members = json::members(page.text()).ok()?;
            let tools = json::items(members.raw("tools")?).ok()?;
            let name = |tool: &str| json::members(tool).ok()?.string("name");
            Some(tools.into_iter().filter_map(name).collect::<Vec<_>>())
        };
        let Some(names) = names() else { return };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if names.iter().any(|name| !known.contains(name)) {
            Arc::make_mut(&mut known).extend(names);
        }
    }

    /// The names of them all.
    pub(super) fn all(&self) -> Arc<BTreeSet<String>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
