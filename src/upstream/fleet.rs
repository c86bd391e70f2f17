//! All servers of the configuration.

use std::{path::PathBuf, sync::Arc, time::Duration};

use futures_util::future::join_all;
use tokio::{sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{
    catalog::{Changes, Offering},
    process::Watchdog,
    server::{Server, State},
    session::Inbound,
    supervise::supervise,
};
use crate::{
    config::{self, Blocked},
    guard::Chain,
    mask::Masker,
    wire::Limits,
};

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
    /// Counts the times that what the fleet offers changed.
    pub changes: watch::Sender<Changes>,
}

impl Surroundings {
    pub(super) fn changed(&self, offerings: impl Iterator<Item = Offering>) {
        self.changes
            .send_modify(|changes| offerings.for_each(|offering| changes.count(offering)));
    }
}

/// The servers, in the order of the configuration.
pub struct Fleet {
    servers: Vec<Arc<Server>>,
    supervisors: std::sync::Mutex<Vec<JoinHandle<()>>>,
}

impl Fleet {
    /// Starts every server that may be started; `inbound` gives each one whom it talks to.
    pub fn start(
        servers: Vec<config::Server>,
        around: &Arc<Surroundings>,
        inbound: impl Fn(&Arc<Server>) -> Arc<dyn Inbound>,
    ) -> Self {
        let servers: Vec<_> = servers
            .into_iter()
            .map(|config| {
                let state = match (&config.blocked, config.disabled) {
                    (Blocked::Blocked, _) => {
                        tracing::warn!(
                            server = config.name,
                            "blocked by the configuration (`blocked`): not started"
                        );
                        State::Off("blocked in the configuration, since a scan found it risky".to_owned())
                    }
                    (_, true) => State::Off("disabled in the configuration".to_owned()),
                    (blocked, false) => {
                        if *blocked == Blocked::Skipped {
                            tracing::warn!(server = config.name, "never scanned: the configuration says `skipped`");
                        }
                        State::Starting
                    }
                };
                Arc::new(Server::new(config, state))
            })
            .collect();
        let supervisors = servers
            .iter()
            .filter(|server| matches!(server.state(), State::Starting))
            .map(|server| tokio::spawn(supervise(server.clone(), around.clone(), inbound(server))))
            .collect();
        Self {
            servers,
            supervisors: std::sync::Mutex::new(supervisors),
        }
    }

    /// Every server, in the order of the configuration.
    pub fn servers(&self) -> &[Arc<Server>] {
        &self.servers
    }

    /// The server of this name.
    pub fn get(&self, name: &str) -> Option<&Arc<Server>> {
        self.servers.iter().find(|server| &*server.name == name)
    }

    /// Waits until every server is ready or down, but no longer than `patience`.
    pub async fn settled(&self, patience: Duration) {
        let all = join_all(self.servers.iter().map(|server| server.settled()));
        // Those that are slower are heard of by a change.
        let _ = tokio::time::timeout(patience, all).await;
    }

    /// Waits until every server has ended; the `stop` of the surroundings tells them to.
    pub async fn ended(&self) {
        let supervisors = std::mem::take(
            &mut *self
                .supervisors
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        );
        join_all(supervisors).await;
    }
}
