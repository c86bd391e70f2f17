//! All servers of the configuration.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, RwLock},
    time::Duration,
};

use futures_util::future::join_all;
use tokio::{sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{
    catalog::{Changes, Offering},
    gate::Gate,
    server::{Server, State},
    session::Inbound,
    supervise::supervise,
};
use crate::{
    config::{self, Blocked},
    guard::{Chain, ServerNews, ServerState},
    mask::Masker,
    process::Watchdog,
    sync::{self, lock},
    wire::Limits,
};

const CHANGED: &str = "its entry in the configuration was changed or taken out";

/// What every server of a fleet lives among.
pub struct Surroundings {
    /// What everything passes.
    pub chain: Chain,
    /// Takes secrets out of what goes to the log.
    pub redactor: Arc<Masker>,
    /// How large messages may be.
    pub limits: Limits,
    /// Ends what a gateway that was killed leaves behind.
    pub watchdog: Watchdog,
    /// Where the user's tokens for remote servers are.
    pub state: PathBuf,
    /// What the client can do, as JSON, once that is known.
    pub client: watch::Receiver<Option<String>>,
    /// The end of the gateway.
    pub stop: CancellationToken,
    /// What rules over the servers, if anything does.
    pub gate: Option<Arc<dyn Gate>>,
    /// Counts the times that what the fleet offers changed.
    pub changes: watch::Sender<Changes>,
}

impl Surroundings {
    /// Tells those who follow the servers what this one is doing.
    pub(super) fn tell(&self, name: &Arc<str>, state: ServerState<'_>) {
        self.chain.tell_of_server(&ServerNews { name, state });
    }

    pub(super) fn changed(&self, offerings: impl Iterator<Item = Offering>) {
        self.changes
            .send_modify(|changes| offerings.for_each(|offering| changes.count(offering)));
    }
}

/// Gives a server whom it talks to.
type Inbounds = dyn Fn(&Arc<Server>) -> Arc<dyn Inbound> + Send + Sync;

/// The servers, in the order of the configuration.
pub struct Fleet {
    around: Arc<Surroundings>,
    inbound: Box<Inbounds>,
    servers: RwLock<Arc<[Arc<Server>]>>,
    /// What runs each server that was started, by its name.
    supervisors: Mutex<HashMap<Arc<str>, JoinHandle<()>>>,
}

/// A server that the configuration wants, and what keeps it from being started.
pub struct Wanted {
    /// The server.
    pub config: config::Server,
    /// Why it must not be started yet.
    pub held: Option<String>,
}

impl Wanted {
    /// Whether it would be started if it were not held.
    pub fn waits(&self) -> bool {
        self.held.is_some() && self.held == off(self)
    }
}

impl From<config::Server> for Wanted {
    fn from(config: config::Server) -> Self {
        Self { config, held: None }
    }
}

impl Fleet {
    /// An empty fleet; `inbound` gives each server whom it talks to.
    pub fn new(
        around: Arc<Surroundings>,
        inbound: impl Fn(&Arc<Server>) -> Arc<dyn Inbound> + Send + Sync + 'static,
    ) -> Self {
        Self {
            around,
            inbound: Box::new(inbound),
            servers: RwLock::new(Arc::new([])),
            supervisors: Mutex::default(),
        }
    }

    /// Makes these the servers: those that stay as they are go on, the others are ended or started. Needs a tokio runtime.
    pub fn apply(&self, wanted: Vec<Wanted>) {
        let before = self.servers();
        let now: Arc<[Arc<Server>]> = wanted
            .into_iter()
            .map(|wanted| {
                let off = off(&wanted);
                same(&before, &wanted, off.as_deref()).unwrap_or_else(|| self.add(wanted, off))
            })
            .collect();
        *sync::write(&self.servers) = now.clone();
        let is_in =
            |servers: &[Arc<Server>], server: &Arc<Server>| servers.iter().any(|other| Arc::ptr_eq(other, server));
        for server in before.iter().filter(|server| !is_in(&now, server)) {
            tracing::info!(server = %server.name, "{CHANGED}");
            server.leave(CHANGED);
        }
        for server in now
            .iter()
            .filter(|server| server.off.is_none() && !is_in(&before, server))
        {
            self.supervise(server.clone());
        }
        if before.len() != now.len() || before.iter().zip(&*now).any(|(before, now)| !Arc::ptr_eq(before, now)) {
            self.around.changed(Offering::ALL.into_iter());
        }
    }

    /// A server that was not there before, which does not run yet; `off` says why it is not to.
    fn add(&self, wanted: Wanted, off: Option<String>) -> Arc<Server> {
        let config = wanted.config;
        match &off {
            Some(why) if config.disabled => tracing::info!(server = config.name, "{why}"),
            Some(why) => tracing::warn!(server = config.name, "not started: {why}"),
            None if config.blocked == Blocked::Skipped => {
                tracing::warn!(server = config.name, "never scanned: the configuration says `skipped`");
            }
            None => {}
        }
        let server = Server::new(config, off, self.around.stop.child_token());
        if let Some(why) = &server.off {
            self.around.tell(&server.name, ServerState::Off(why));
        }
        Arc::new(server)
    }

    /// Runs a server, once the one of its name before it has ended.
    fn supervise(&self, server: Arc<Server>) {
        let mut supervisors = lock(&self.supervisors);
        let before = supervisors.remove(&server.name);
        let (around, inbound) = (self.around.clone(), (self.inbound)(&server));
        let name = server.name.clone();
        let run = async move {
            if let Some(before) = before {
                // However it ended, its place is free.
                let _ = before.await;
            }
            supervise(server, around, inbound).await;
        };
        supervisors.insert(name, tokio::spawn(run));
    }

    /// Every server, in the order of the configuration.
    pub fn servers(&self) -> Arc<[Arc<Server>]> {
        sync::read(&self.servers).clone()
    }

    /// The server of this name.
    pub fn get(&self, name: &str) -> Option<Arc<Server>> {
        self.servers().iter().find(|server| &*server.name == name).cloned()
    }

    /// Waits until every server is ready or down, but no longer than `patience`.
    pub async fn settled(&self, patience: Duration) {
        let servers = self.servers();
        let all = join_all(servers.iter().map(|server| server.settled()));
        // Those that are slower are heard of by a change.
        let _ = tokio::time::timeout(patience, all).await;
    }

    /// Waits until every server has ended; the `stop` of the surroundings tells them to.
    pub async fn ended(&self) {
        let supervisors = std::mem::take(&mut *lock(&self.supervisors));
        join_all(supervisors.into_values()).await;
    }
}

/// The server among those `before` that is what is wanted now, so that it goes on; `off` says why it would not be started.
fn same(before: &[Arc<Server>], wanted: &Wanted, off: Option<&str>) -> Option<Arc<Server>> {
    let of_name = before.iter().find(|server| server.config.name == wanted.config.name)?;
    // One that a ruling keeps off keeps its reason when the configuration says the same, and is tried again when not.
    let is_ruled_off = of_name.off.is_none() && matches!(of_name.state(), State::Off(_));
    let stays = if is_ruled_off {
        wanted.config.blocked == Blocked::Blocked
    } else {
        of_name.off.as_deref() == off
    };
    (stays && runs_alike(&of_name.config, &wanted.config)).then(|| of_name.clone())
}

/// Why a server must not be started.
fn off(wanted: &Wanted) -> Option<String> {
    match wanted.config.blocked {
        Blocked::Blocked => {
            Some("blocked in the configuration, since a scan found it risky (`mcp-gateway scan` says why)".to_owned())
        }
        _ if wanted.config.disabled => Some("disabled in the configuration".to_owned()),
        _ => wanted.held.clone(),
    }
}

/// Whether a server need not be started anew to be what the other entry says. What keeps it off is not asked here.
fn runs_alike(running: &config::Server, entry: &config::Server) -> bool {
    let config::Server {
        pointer,
        disabled,
        blocked,
        ..
    } = running;
    let entry = config::Server {
        pointer: pointer.clone(),
        disabled: *disabled,
        blocked: *blocked,
        ..entry.clone()
    };
    *running == entry
}
