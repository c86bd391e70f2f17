//! The flow of a call: who is meant, the chain, the server, the chain again.

mod call;
mod meta;
mod metadata;
mod names;
mod relay;
mod search;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::Value;
use tokio::sync::watch;

pub use call::Asked;
pub use meta::{GET_METADATA, RUN_TOOL};
pub use relay::ClientSide;

use crate::{
    guard::{Chain, Cleared},
    message::{Direction, Envelope, Kind, Payload},
    upstream::{Catalog, Fleet, Server, Tool},
    wire::Limits,
};
use names::Names;

/// How long the first list of direct tools waits for servers that are still starting.
const LIST_PATIENCE: Duration = Duration::from_secs(5);

/// With more tools than this, offering each by name costs a model more than it helps.
const MANY_TOOLS: usize = 40;

/// How tools are offered to the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Offer {
    /// `get_metadata`, `run_tool`, and each tool by name.
    #[default]
    Both,
    /// Each tool by name, and `get_metadata`.
    Direct,
    /// `get_metadata` and `run_tool` alone.
    Meta,
}

/// The gateway between one client and the fleet.
pub struct Gateway {
    fleet: Arc<Fleet>,
    chain: Chain,
    offer: Offer,
    limits: Limits,
    changes: watch::Receiver<u64>,
    /// The names of the direct tools, and the count of changes at which they were given.
    names: Mutex<Option<(u64, Arc<Directory>)>>,
}

/// What is offered by name, at one moment.
struct Directory {
    /// The servers that are ready, with what they offer.
    servers: Vec<(Arc<Server>, Arc<Catalog>)>,
    names: Names,
}

impl Directory {
    fn tools(&self) -> impl Iterator<Item = (&str, &Tool)> {
        self.names
            .iter()
            .map(|(name, server, tool)| (name, &self.servers[server].1.tools[tool]))
    }
}

impl Gateway {
    /// A gateway to `fleet`, whose `changes` tell that its lists are to be read again.
    pub fn new(fleet: Arc<Fleet>, chain: Chain, offer: Offer, limits: Limits, changes: watch::Receiver<u64>) -> Self {
        Self {
            fleet,
            chain,
            offer,
            limits,
            changes,
            names: Mutex::default(),
        }
    }

    /// The servers behind it.
    pub fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    /// Counts the times that what is offered changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.clone()
    }

    /// The answer to `tools/list`, and the count of changes that it knows of.
    pub async fn list_tools(&self) -> (Cleared, u64) {
        let names: Vec<&str> = self.fleet.servers().iter().map(|server| &*server.name).collect();
        let mut own = vec![meta::get_metadata(&names)];
        if self.offer != Offer::Direct {
            own.push(meta::run_tool(&names));
        }
        let mut definitions = Vec::with_capacity(own.len());
        for definition in own {
            definitions.push(self.own_words("tools/list", Kind::Definition, definition).await);
        }
        // With the two tools alone there is nothing that could change.
        let mut known = u64::MAX;
        if self.offer != Offer::Meta {
            self.fleet.settled(LIST_PATIENCE).await;
            known = *self.changes.borrow();
            let directory = self.directory();
            let count = directory.tools().count();
            if count > MANY_TOOLS {
                tracing::info!(
                    "{count} tools are offered by name; `--tools meta` would spare the model their definitions"
                );
            }
            for (name, tool) in directory.tools() {
                let name = self.own_words("tools/list", Kind::Definition, Value::from(name)).await;
                definitions.push(tool.definition.with_member("name", &name));
            }
        }
        (Cleared::list("tools", &definitions), known)
    }

    /// What is offered by name now.
    fn directory(&self) -> Arc<Directory> {
        let change = *self.changes.borrow();
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, directory)) = names.as_ref().filter(|(made, _)| *made == change) {
            return directory.clone();
        }
        let servers: Vec<_> = self
            .fleet
            .servers()
            .iter()
            .filter_map(|server| server.catalog().map(|catalog| (server.clone(), catalog)))
            .collect();
        let prefixes: Vec<String> = servers
            .iter()
            .map(|(server, _)| names::prefix(&server.name, server.config.prefix.as_deref()))
            .collect();
        let reserved = match self.offer {
            Offer::Direct => &[GET_METADATA][..],
            _ => &[GET_METADATA, RUN_TOOL],
        };
        let tools = servers
            .iter()
            .map(|(_, catalog)| catalog.tools.iter().map(|tool| tool.name.as_str()));
        let directory = Directory {
            names: Names::new(prefixes.iter().map(String::as_str).zip(tools), reserved),
            servers: servers.clone(),
        };
        let directory = Arc::new(directory);
        *names = Some((change, directory.clone()));
        directory
    }

    /// What the gateway itself says, cleared.
    pub async fn own_words(&self, method: &str, kind: Kind, words: Value) -> Cleared {
        self.own_payload(method, kind, Payload::from(words)).await
    }

    async fn own_payload(&self, method: &str, kind: Kind, payload: Payload) -> Cleared {
        let envelope = Envelope {
            server: "".into(),
            method: method.into(),
            name: "".into(),
            kind,
            direction: Direction::ToClient,
        };
        self.chain.own_words(&envelope, payload).await
    }
}
