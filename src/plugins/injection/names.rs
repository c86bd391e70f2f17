//! The names of the tools that servers declared: a text that names one means it.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, RwLock},
};

use crate::{json, message::Payload, sync};

/// The names that are known of one server, at most: each is looked for in every message, and a server may have others each
/// time that it is asked.
const MOST: usize = 1000;

/// The longest name that is known, in bytes.
const LONGEST: usize = 200;

/// The tools of all servers, as their lists went by.
#[derive(Default)]
pub(super) struct ToolNames(RwLock<Known>);

#[derive(Default)]
struct Known {
    names: Arc<BTreeSet<String>>,
    /// How many of them each server brought.
    brought: HashMap<Arc<str>, usize>,
}

impl ToolNames {
    /// Takes note of a page of a server's tools. A page that is not one tells nothing.
    pub(super) fn learn(&self, server: &Arc<str>, page: &Payload) {
        let names = || {
            let members = json::members(page.text()).ok()?;
            let tools = json::items(members.raw("tools")?).ok()?;
            let name = |tool: &str| json::members(tool).ok()?.string("name");
            Some(tools.into_iter().filter_map(name).collect::<Vec<_>>())
        };
        let Some(names) = names() else { return };
        let mut known = sync::write(&self.0);
        let Known { names: all, brought } = &mut *known;
        let brought = brought.entry(server.clone()).or_default();
        for name in names {
            if *brought < MOST && name.len() <= LONGEST && !all.contains(&name) {
                Arc::make_mut(all).insert(name);
                *brought += 1;
            }
        }
    }

    /// The names of them all.
    pub(super) fn all(&self) -> Arc<BTreeSet<String>> {
        sync::read(&self.0).names.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_names_others_each_time_takes_the_room_of_nobody() {
        let names = ToolNames::default();
        let page = |tools: &[String]| {
            let tools: Vec<String> = tools.iter().map(|name| format!(r#"{{"name":"{name}"}}"#)).collect();
            Payload::from(format!(r#"{{"tools":[{}]}}"#, tools.join(",")))
        };
        for round in 0..20 {
            let tools: Vec<String> = (0..500).map(|at| format!("tool_{round}_{at}")).collect();
            names.learn(&"bad".into(), &page(&tools));
        }
        names.learn(&"bad".into(), &page(&["x".repeat(LONGEST + 1)]));
        names.learn(&"good".into(), &page(&["send_email".to_owned()]));
        let all = names.all();
        assert_eq!(all.len(), MOST + 1);
        assert!(all.contains("send_email"));
    }
}
