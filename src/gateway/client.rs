//! The client as servers reach it: what it can do, and their requests to it.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{oneshot, watch},
    time::{Instant, timeout_at},
};

use super::{
    caller::{Caller, Callers},
    listeners::{Filter, Listeners},
};
use crate::{
    guard::Cleared,
    json,
    message::Payload,
    sync::lock,
    upstream::{Answer, Changes, Offering, Progress},
    wire::{Frame, Id, Outbox, era},
};

/// Why the client gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoAnswer {
    /// It took too long.
    #[error("the client did not answer within {} s", .0.as_secs_f32())]
    TimedOut(Duration),
    /// There is none.
    #[error("there is no client that waits for an answer of this server")]
    Gone,
    /// Its version of the protocol has no such question.
    #[error("the client's version of the protocol has no such request")]
    Unaskable,
}

/// One client, before it comes, while it is there and when it has gone.
pub struct Client {
    outbox: Mutex<Option<Outbox>>,
    /// What it can do, as JSON, once that is known.
    capabilities: watch::Sender<Option<String>>,
    /// Whether it may be asked something: its handshake is over.
    initialized: watch::Sender<bool>,
    next: AtomicU64,
    asked: Mutex<HashMap<u64, Waiting>>,
    /// Whether it is of the era without a handshake: it is reached only by what it asked for.
    stateless: AtomicBool,
    /// Its requests that are under way, if they say for themselves what it can do.
    pub(super) callers: Callers,
    listeners: Listeners,
    /// The changes of each offering that the client knew of when it last listed it; it hears of later ones only.
    listed: [AtomicU64; Offering::ALL.len()],
}

/// Whom a server's request is put to.
pub(super) enum Addressee {
    /// The client, at any time.
    Connection,
    /// The client, by way of its request.
    Request(Arc<Caller>),
    /// Nobody: the client makes no request of this server now, and can't be asked otherwise.
    Nobody,
}

/// A request to the client that waits for its answer.
struct Waiting {
    answer: oneshot::Sender<Answer>,
    /// Where progress on it goes.
    progress: Option<Arc<dyn Progress>>,
}

impl Default for Client {
    fn default() -> Self {
        Self {
            outbox: Mutex::default(),
            capabilities: watch::Sender::new(None),
            initialized: watch::Sender::new(false),
            next: AtomicU64::new(1),
            asked: Mutex::default(),
            stateless: AtomicBool::new(false),
            callers: Callers::default(),
            listeners: Listeners::default(),
            listed: Offering::ALL.map(|_| AtomicU64::new(u64::MAX)),
        }
    }
}

impl Client {
    /// What it can do, as JSON, once that is known.
    pub fn capabilities(&self) -> watch::Receiver<Option<String>> {
        self.capabilities.subscribe()
    }

    /// It is there, and reads what is put into `outbox`.
    pub fn connect(&self, outbox: Outbox) {
        *lock(&self.outbox) = Some(outbox);
    }

    /// It has gone: whoever waits for its answer hears of it.
    pub fn disconnect(&self) {
        lock(&self.outbox).take();
        self.waiting().clear();
    }

    /// It said what it can do, as a JSON object, for as long as the connection lasts.
    pub fn declare(&self, capabilities: &str) {
        self.stateless.store(false, Ordering::Relaxed);
        self.capabilities.send_replace(Some(of_servers(capabilities)));
    }

    /// It said with a request what it can do. Servers with a handshake are told what its first one says.
    pub fn declares_with_each_request(&self, capabilities: &str) {
        let first = self.capabilities.send_if_modified(|known| {
            let unknown = known.is_none();
            known.get_or_insert_with(|| of_servers(capabilities));
            unknown
        });
        if first {
            self.stateless.store(true, Ordering::Relaxed);
        }
    }

    /// It uses the connection. One that never shook hands has told nothing of what it can do.
    pub fn uses_connection(&self) {
        self.capabilities.send_if_modified(|capabilities| {
            let unknown = capabilities.is_none();
            capabilities.get_or_insert_with(|| "{}".to_owned());
            unknown
        });
        self.initialized.send_replace(true);
    }

    /// Whom a server's request is put to, and what the client can do then, as JSON.
    pub(super) fn addressee(&self, server: &str) -> (Addressee, String) {
        match self.callers.of(server) {
            Some(caller) => {
                let capabilities = caller.capabilities().text().to_owned();
                (Addressee::Request(caller), capabilities)
            }
            None if self.is_stateless() => (Addressee::Nobody, "{}".to_owned()),
            None => {
                let capabilities = self.capabilities.borrow().clone();
                (Addressee::Connection, capabilities.unwrap_or_else(|| "{}".to_owned()))
            }
        }
    }

    /// The way to it, if it is there.
    pub(super) fn outbox(&self) -> Option<Outbox> {
        lock(&self.outbox).clone()
    }

    /// Tells it what a server tells, or of the server's lists, in the way that it asked for.
    pub(super) async fn notify(&self, server: &str, method: &str, params: &Cleared) {
        let Some(outbox) = self.outbox() else { return };
        let mut frames = self.listeners.frames(method, params);
        if !self.is_stateless() || self.wants_log(server, method, params) {
            frames.push(Frame::notification(method, params));
        }
        for frame in frames {
            // A client that has gone meanwhile has no use for it.
            let _ = outbox.send(frame).await;
        }
    }

    /// It asked for news by the request `id`, of which nothing more was sent yet than that it gets them.
    pub fn listen(&self, id: Id, filter: Filter, changes: Changes) {
        for offering in &filter.lists {
            let listed = &self.listed[*offering as usize];
            // It knows nothing of the lists, and wants to hear of what happens from now on.
            let _ = listed.compare_exchange(u64::MAX, changes.of(*offering), Ordering::Relaxed, Ordering::Relaxed);
        }
        self.listeners.add(id, filter);
    }

    /// It wants no news any more that it asked for by the request `id`; the resources are returned that it is subscribed to
    /// by no other.
    pub fn unlisten(&self, id: &Id) -> Vec<String> {
        self.listeners.remove(id)
    }

    fn is_stateless(&self) -> bool {
        self.stateless.load(Ordering::Relaxed)
    }

    /// Whether this is a log message that a request under way asked for.
    fn wants_log(&self, server: &str, method: &str, params: &Cleared) -> bool {
        let level = || json::members(params.text()).ok()?.string("level");
        let level = || level().and_then(|level| era::log_level(&level));
        method == "notifications/message" && level().is_some_and(|level| self.callers.want_log(server, level))
    }

    /// It was given the lists of an offering, as of these changes.
    pub(super) fn was_given(&self, offering: Offering, changes: u64) {
        self.listed[offering as usize].store(changes, Ordering::Relaxed);
    }

    /// Whether it knows the lists of an offering as they were before these changes.
    pub(super) fn is_behind(&self, offering: Offering, changes: Changes) -> bool {
        changes.of(offering) > self.listed[offering as usize].load(Ordering::Relaxed)
    }

    /// Puts a question of the gateway's own to it, within the request that is being answered here if there is one.
    ///
    /// # Errors
    /// [`NoAnswer`], when none comes within `patience`.
    pub(super) async fn ask(
        &self,
        method: &'static str,
        params: Cleared,
        patience: Duration,
    ) -> Result<Answer, NoAnswer> {
        match Caller::current() {
            Some(caller) => {
                // Nobody has an answer ready who was not shown the question.
                let unguessable = RandomState::new().hash_one(self.number());
                let name = Cleared::with_number("\"gateway-", unguessable, "\"");
                caller.ask(name, method, params, patience).await
            }
            None => self.request(self.number(), method, &params, patience, None).await,
        }
    }

    /// What it can do where it would be [asked](Self::ask), as JSON.
    pub(super) fn can(&self) -> String {
        let (_, capabilities) = self.addressee("");
        capabilities
    }

    /// The number of the next request to it; also the progress token that its parameters may carry.
    pub(super) fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Makes the request `number`, once its handshake is over, and waits for its answer. If the caller goes away before, or
    /// loses patience, the client is told that the request is cancelled.
    ///
    /// # Errors
    /// [`NoAnswer`], when none comes within `patience`.
    pub(super) async fn request(
        &self,
        number: u64,
        method: &str,
        params: &Cleared,
        patience: Duration,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<Answer, NoAnswer> {
        let deadline = Instant::now() + patience;
        let mut initialized = self.initialized.subscribe();
        match timeout_at(deadline, initialized.wait_for(|initialized| *initialized)).await {
            Ok(_) => {}
            Err(_) => return Err(NoAnswer::TimedOut(patience)),
        }
        let outbox = self.outbox().ok_or(NoAnswer::Gone)?;
        let (answer, answered) = oneshot::channel();
        self.waiting().insert(number, Waiting { answer, progress });
        let _under_way = UnderWay { client: self, number };
        let request = Frame::request(&Id::from(number), method, params);
        outbox.send(request).await.map_err(|_| NoAnswer::Gone)?;
        match timeout_at(deadline, answered).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(NoAnswer::Gone),
            Err(_) => Err(NoAnswer::TimedOut(patience)),
        }
    }

    /// It answered a request.
    pub fn answered(&self, id: Option<&Id>, outcome: Answer) {
        let waiting = id
            .and_then(Id::number)
            .and_then(|number| self.waiting().remove(&number));
        match waiting {
            // The server that asked may have gone.
            Some(waiting) => drop(waiting.answer.send(outcome)),
            None => tracing::debug!("the client answered a request that nobody waits for"),
        }
    }

    /// It told of progress on a request.
    pub(super) async fn progressed(&self, params: Payload) {
        let token = json::members(params.text())
            .ok()
            .and_then(|members| Id::new(members.raw("progressToken")?)?.number());
        let progress = token.and_then(|number| self.waiting().get(&number)?.progress.clone());
        if let Some(progress) = progress {
            progress.progress(params).await;
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, Waiting>> {
        lock(&self.asked)
    }
}

/// The capabilities that servers make use of. Tasks are none of them: who may ask for its own may ask for those of another.
fn of_servers(capabilities: &str) -> String {
    json::without_members(capabilities, |name| name == "tasks")
}

/// Whether capabilities hold the one at this path.
pub(super) fn declared(capabilities: &str, path: &[&str]) -> bool {
    let mut at = capabilities;
    for name in path {
        match json::members(at).ok().and_then(|members| members.raw(name)) {
            Some(raw) if raw != "null" && raw != "false" => at = raw,
            _ => return false,
        }
    }
    true
}

/// A request that the client knows of. Dropped before its answer came, it is cancelled.
struct UnderWay<'c> {
    client: &'c Client,
    number: u64,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if self.client.waiting().remove(&self.number).is_some() {
            let params = Cleared::with_number(
                r#"{"requestId":"#,
                self.number,
                r#","reason":"the server does not wait for it any more"}"#,
            );
            if let Some(outbox) = self.client.outbox() {
                outbox.try_send(Frame::notification("notifications/cancelled", &params));
            }
        }
    }
}
