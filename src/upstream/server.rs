//! One server as the rest of the gateway knows it: what state it is in, and how to wait for it.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

use super::{catalog::Catalog, session::Session};
use crate::config;

/// A call waits for a restart that is at most this far away.
const WORTH_WAITING: Duration = Duration::from_secs(3);

const SHUTTING_DOWN: &str = "the gateway is shutting down";

/// Requests of the client's that one server may be answering at once.
pub const MOST_CALLS: usize = 512;

/// A server that runs and said what it offers.
#[derive(Clone)]
pub struct Ready {
    /// Where requests go.
    pub session: Arc<Session>,
    /// What it offers.
    pub catalog: Arc<Catalog>,
}

/// What a server is doing.
#[derive(Clone)]
pub enum State {
    /// It is not to be started, and why.
    Off(String),
    /// It was started and is not ready yet.
    Starting,
    /// It can be called.
    Ready(Ready),
    /// It can't be called.
    Down {
        /// What happened.
        why: String,
        /// When it is started again; `None`, when it is not.
        again: Option<Instant>,
    },
}

/// A server that can't be called, in words for the model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// The configuration or the scanner keeps it from being started.
    #[error("the server `{0}` is {1}")]
    Off(Arc<str>, String),
    /// It ended or did not start.
    #[error("the server `{server}` is not running: {why}. {next}")]
    Down {
        /// Its name.
        server: Arc<str>,
        /// What happened.
        why: String,
        /// When it comes back.
        next: String,
    },
    /// It is not ready in time.
    #[error(
        "the server `{0}` was started and is not ready after {seconds} s; try again later, or give it a longer `start_timeout`",
        seconds = .1.as_secs()
    )]
    Slow(Arc<str>, Duration),
}

/// One server of the configuration.
pub struct Server {
    /// Its name in the configuration.
    pub name: Arc<str>,
    /// How it is started and reached.
    pub config: config::Server,
    /// Why it must not be started, if it must not.
    pub(super) off: Option<String>,
    state: watch::Sender<State>,
    calls: Arc<Semaphore>,
    stop: CancellationToken,
    /// Why it was told to stop, where the gateway goes on.
    left: OnceLock<&'static str>,
}

impl Server {
    /// A server that nothing was done with yet.
    pub(super) fn new(config: config::Server, off: Option<String>, stop: CancellationToken) -> Self {
        let state = off.clone().map_or(State::Starting, State::Off);
        Self {
            name: config.name.as_str().into(),
            config,
            off,
            state: watch::Sender::new(state),
            calls: Arc::new(Semaphore::new(MOST_CALLS)),
            stop,
            left: OnceLock::new(),
        }
    }

    /// Ends it for good, and says to whoever still waits for it why.
    pub(super) fn leave(&self, why: &'static str) {
        self.left.get_or_init(|| why);
        self.stop.cancel();
    }

    /// Told when it must end.
    pub(super) fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Why it ends when it is told to.
    pub(super) fn farewell(&self) -> &'static str {
        self.left.get().copied().unwrap_or(SHUTTING_DOWN)
    }

    /// Room for one more request of the client's while the permit is held; `None` where [`MOST_CALLS`] are under way.
    pub fn admit(&self) -> Option<OwnedSemaphorePermit> {
        self.calls.clone().try_acquire_owned().ok()
    }

    /// What it is doing.
    pub fn state(&self) -> State {
        self.state.borrow().clone()
    }

    pub(super) fn set(&self, state: State) {
        self.state.send_replace(state);
    }

    /// What it offers, if it is ready.
    pub fn catalog(&self) -> Option<Arc<Catalog>> {
        match &*self.state.borrow() {
            State::Ready(ready) => Some(ready.catalog.clone()),
            _ => None,
        }
    }

    /// Waits while it starts.
    ///
    /// # Errors
    /// [`Unavailable`], when it can't be called.
    pub async fn ready(&self) -> Result<Ready, Unavailable> {
        let mut states = self.state.subscribe();
        let patience = self.config.start_timeout + WORTH_WAITING;
        let deadline = Instant::now() + patience;
        // What went wrong last: more telling than that it takes long.
        let mut failed = None;
        loop {
            match &*states.borrow_and_update() {
                State::Ready(ready) => return Ok(ready.clone()),
                State::Off(why) => return Err(Unavailable::Off(self.name.clone(), why.clone())),
                State::Down { why, again } => {
                    let wait = again.map(|at| at.saturating_duration_since(Instant::now()));
                    if wait.is_none_or(|wait| wait > WORTH_WAITING) {
                        return Err(self.down(why, wait));
                    }
                    failed = Some(why.clone());
                }
                State::Starting => {}
            }
            match timeout_at(deadline, states.changed()).await {
                Ok(Ok(())) => {}
                _ => {
                    return Err(match failed {
                        Some(why) => Unavailable::Down {
                            server: self.name.clone(),
                            why,
                            next: "It is being started again".to_owned(),
                        },
                        None => Unavailable::Slow(self.name.clone(), patience),
                    });
                }
            }
        }
    }

    /// The connection to it, if it is ready.
    pub fn session(&self) -> Option<Arc<Session>> {
        match &*self.state.borrow() {
            State::Ready(ready) => Some(ready.session.clone()),
            _ => None,
        }
    }

    /// Waits until it is known what it offers, or that it offers nothing for now.
    pub async fn settled(&self) {
        // The sender lives in `self`, so waiting can't fail.
        let _ = self
            .state
            .subscribe()
            .wait_for(|state| !matches!(state, State::Starting))
            .await;
    }

    fn down(&self, why: &str, wait: Option<Duration>) -> Unavailable {
        let next = match wait {
            Some(wait) => format!("It is started again in {:.0} s", wait.as_secs_f32().ceil()),
            None => {
                "It is not started again: mend its entry, and accept the change with `mcp-gateway trust`".to_owned()
            }
        };
        Unavailable::Down {
            server: self.name.clone(),
            why: why.to_owned(),
            next,
        }
    }
}
