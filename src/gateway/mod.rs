//! The flow of a call: who is meant, the chain, the server, the chain again.

mod asking;
mod call;
mod caller;
mod client;
mod directory;
mod exchange;
mod labels;
mod listeners;
mod listing;
mod meta;
mod metadata;
mod names;
mod notes;
mod own_files;
mod person;
mod relay;
mod requests;
mod reverse;
mod search;
mod standing;
mod uris;

use std::{
    sync::{Arc, RwLock, Weak},
    time::Duration,
};

use serde_json::Value;
use tokio::sync::watch;

pub use call::Asked;
pub use caller::{Caller, INPUTS, Question};
pub use client::Client;
pub use listeners::Filter;
pub use meta::{GET_METADATA, RUN_TOOL};
pub use own_files::OwnFiles;
pub use person::{Desk, Waiting, WaitingRoom};

use crate::{
    guard::{Chain, Cleared},
    message::{Envelope, Kind, Payload},
    sync,
    upstream::{Changes, Fleet, Inbound, Server, Surroundings, Wanted},
    wire::Limits,
};
use directory::{Directories, Directory};
use person::form;
use reverse::FromServer;
use standing::Standing;

/// How long the first list waits for servers that are still starting.
const LIST_PATIENCE: Duration = Duration::from_secs(5);

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

/// An entry of the configuration that can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// The name of the server.
    pub name: String,
    /// What is wrong with the entry.
    pub problem: String,
}

/// The gateway between one client and the fleet.
pub struct Gateway {
    fleet: Fleet,
    client: Arc<Client>,
    chain: Chain,
    offer: Offer,
    limits: Limits,
    changes: watch::Receiver<Changes>,
    unusable: RwLock<Arc<[Unusable]>>,
    directories: Directories,
    standing: Standing,
}

impl Gateway {
    /// A gateway between `client` and no servers yet.
    pub fn new(around: &Arc<Surroundings>, client: Arc<Client>, offer: Offer) -> Arc<Self> {
        Arc::new_cyclic(|gateway: &Weak<Self>| {
            let gateway = gateway.clone();
            let inbound = move |server: &Arc<Server>| -> Arc<dyn Inbound> {
                Arc::new(FromServer {
                    server: server.clone(),
                    gateway: gateway.clone(),
                })
            };
            Self {
                fleet: Fleet::new(around.clone(), inbound),
                client,
                chain: around.chain.clone(),
                offer,
                limits: around.limits,
                changes: around.changes.subscribe(),
                unusable: RwLock::new(Arc::new([])),
                directories: Directories::default(),
                standing: Standing::default(),
            }
        })
    }

    /// Makes these the servers behind it, and these the entries that can't be used. Needs a tokio runtime.
    pub fn apply(&self, servers: Vec<Wanted>, unusable: Vec<Unusable>) {
        *sync::write(&self.unusable) = unusable.into();
        self.fleet.apply(servers);
    }

    /// The entries of the configuration that can't be used.
    fn unusable(&self) -> Arc<[Unusable]> {
        sync::read(&self.unusable).clone()
    }

    /// The servers behind it.
    pub fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    /// The client in front of it.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// How often what the servers offer has changed.
    pub fn changes(&self) -> Changes {
        *self.changes.borrow()
    }

    /// What is offered by name now.
    fn directory(&self) -> Arc<Directory> {
        self.directories.get(&self.fleet, *self.changes.borrow(), self.offer)
    }

    /// Waits for the servers that a name may belong to and that are still starting, if nobody offers it yet.
    async fn wait_for_owners(&self, name: &str, is_offered: impl Fn(&Directory) -> bool) {
        if is_offered(&self.directory()) {
            return;
        }
        let servers = self.fleet.servers();
        for server in servers
            .iter()
            .filter(|server| name.starts_with(&directory::prefix(server)))
        {
            // Whether it can be asked is said by whoever asks it.
            let _ = server.ready().await;
        }
    }

    /// Why a server of this name can't be used, though the configuration may name it.
    fn no_server(&self, name: &str) -> String {
        let unusable = self.unusable();
        let of_it = unusable.iter().filter(|entry| entry.name == name);
        let problems: Vec<&str> = of_it.map(|entry| entry.problem.as_str()).collect();
        if !problems.is_empty() {
            return format!("The server `{name}` was not started: {}.", problems.join("; "));
        }
        let servers = self.fleet.servers();
        let names = servers.iter().map(|server| &*server.name);
        format!("There is no server `{name}`. {}", call::near(name, names, "Servers"))
    }

    /// Asks the person at the client to accept something. Silence is no, and so is a client without forms.
    pub async fn confirm(&self, question: &str, patience: Duration) -> bool {
        match form::confirm(&self.client, &self.chain, question, patience).await {
            Ok(accepted) => accepted,
            Err(unanswered) => {
                tracing::warn!("a question has no answer: {unanswered}");
                false
            }
        }
    }

    /// What the gateway itself says, cleared.
    pub async fn own_words(&self, method: &str, kind: Kind, words: Value) -> Cleared {
        self.own_payload(method, kind, Payload::from(words)).await
    }

    /// [`own_words`](Self::own_words) that are JSON already.
    pub async fn own_payload(&self, method: &str, kind: Kind, payload: Payload) -> Cleared {
        self.chain.own_words(&Envelope::own(method, kind), payload).await
    }
}
