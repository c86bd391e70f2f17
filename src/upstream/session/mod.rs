//! The requests to one server that are under way.

mod asked;
mod exchange;
mod stateless;
mod under_way;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    sync::{Notify, oneshot},
    task::AbortHandle,
    time::Instant,
};

pub use self::exchange::{Answer, Failure, Inbound, Progress};
use self::{stateless::Stateless, under_way::UnderWay};
use crate::{
    guard::Cleared,
    json,
    message::Payload,
    sync::lock,
    wire::{Frame, Id, Line, Message, Outbox, id_of_ends, read_lossy},
};

/// Requests that the gateway makes of itself, beside the lists.
const OWN_REQUESTS: [&str; 3] = ["initialize", "server/discover", "subscriptions/listen"];

/// So much of a line that is no message is kept, in bytes.
const NOISE: usize = 8 * 1024;

/// The notifications that a server of 2026-07-28 takes.
const TOLD_STATELESS: &str = "notifications/cancelled";

/// One connection to a server, from its start to its end.
pub struct Session {
    server: Arc<str>,
    outbox: Outbox,
    inbound: Arc<dyn Inbound>,
    limit: usize,
    next: AtomicU64,
    state: Mutex<State>,
    /// What it knows beside, if its server is of 2026-07-28.
    stateless: OnceLock<Stateless>,
    /// Told whenever a request under way has ended.
    finished: Notify,
}

#[derive(Default)]
struct State {
    pending: HashMap<u64, Pending>,
    /// What answers the server's own requests, by their ids.
    asked: HashMap<Id, AbortHandle>,
    /// Why no request can be made any more.
    ended: Option<String>,
    /// Whether it has ever answered.
    has_answered: bool,
    /// The first line that was no message, as far as it is kept.
    noise: Option<Bytes>,
}

/// How a request ended: with the server's answer, or why there is none.
type Outcome = Result<Answer, Failure>;

struct Pending {
    answer: oneshot::Sender<Outcome>,
    progress: Option<Arc<dyn Progress>>,
    /// When the server was last heard of about it.
    heard: Instant,
    /// Whether the client wants the answer, not the gateway itself.
    of_client: bool,
    /// Whether it is answered at its end only.
    lasting: bool,
    /// How many requests of the server's wait for their answers on its behalf.
    asking: usize,
}

impl Session {
    /// A session over `outbox`, whose peer's messages are at most `limit` bytes long; `inbound` takes those that are no
    /// answers.
    pub fn new(server: Arc<str>, outbox: Outbox, inbound: Arc<dyn Inbound>, limit: usize) -> Self {
        Self {
            server,
            outbox,
            inbound,
            limit,
            next: AtomicU64::new(1),
            state: Mutex::default(),
            stateless: OnceLock::new(),
            finished: Notify::new(),
        }
    }

    /// The number of the next request; also the progress token that its parameters may carry.
    pub fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// From now on it talks with a server of 2026-07-28: each request has these members in its `_meta`, and `news` are asked
    /// for, by a filter.
    pub fn without_handshake(self: &Arc<Self>, meta: Vec<(&'static str, Cleared)>, news: Cleared) {
        let stateless = Stateless::new(meta, self.inbound.clone());
        if self.stateless.set(stateless).is_ok() {
            stateless::listen(self.clone(), news, None);
        }
    }

    /// Whether its server is of 2026-07-28.
    pub fn is_stateless(&self) -> bool {
        self.stateless().is_some()
    }

    fn stateless(&self) -> Option<&Stateless> {
        self.stateless.get()
    }

    /// Makes the request `number` in the way of the server's era, and waits for its answer.
    ///
    /// # Errors
    /// A [`Failure`] when no answer comes: within `patience` of the request or of its last progress, or at all.
    pub async fn request(
        self: &Arc<Self>,
        number: u64,
        method: &str,
        params: &Cleared,
        patience: Duration,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<Answer, Failure> {
        match self.stateless() {
            Some(stateless) => {
                stateless
                    .request(self, number, method, params, patience, progress)
                    .await
            }
            None => self.ask(number, method, params, patience, progress).await,
        }
    }

    /// Makes the request `number` and waits for its answer. If the caller goes away before, the server is told that the
    /// request is cancelled.
    ///
    /// # Errors
    /// A [`Failure`] when no answer comes: within `patience` of the request or of its last progress, or at all.
    async fn ask(
        &self,
        number: u64,
        method: &str,
        params: &Cleared,
        patience: Duration,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<Answer, Failure> {
        let answered = self.begin(number, method, progress)?;
        let under_way = UnderWay {
            session: self,
            number,
            cancel: method != "initialize",
        };
        let sent = self
            .outbox
            .send(Frame::request(&Id::from(number), method, params))
            .await;
        sent.map_err(|_| Failure::Gone("it closed its standard input".to_owned()))?;
        let outcome = self.answer(number, answered, patience).await?;
        under_way.done();
        outcome
    }

    /// Enters a request under way; its outcome comes through the channel.
    fn begin(
        &self,
        number: u64,
        method: &str,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<oneshot::Receiver<Outcome>, Failure> {
        let (answer, answered) = oneshot::channel();
        let mut state = self.lock();
        if let Some(why) = &state.ended {
            return Err(Failure::Gone(why.clone()));
        }
        state.pending.insert(
            number,
            Pending {
                answer,
                progress,
                heard: Instant::now(),
                of_client: !OWN_REQUESTS.contains(&method) && !method.ends_with("/list"),
                lasting: method == "subscriptions/listen",
                asking: 0,
            },
        );
        Ok(answered)
    }

    /// Waits for the outcome of a request: as long as the server is heard of it at least every `patience`.
    ///
    /// # Errors
    /// [`Failure::TimedOut`].
    async fn answer(
        &self,
        number: u64,
        mut answered: oneshot::Receiver<Outcome>,
        patience: Duration,
    ) -> Result<Outcome, Failure> {
        let ended = |_| Err(Failure::Gone("the connection ended".to_owned()));
        loop {
            // The time in which the server waits for others is not its own.
            let heard = |pending: &Pending| match pending.asking {
                0 => pending.heard,
                _ => Instant::now(),
            };
            let Some(heard) = self.lock().pending.get(&number).map(heard) else {
                return Ok(answered.await.unwrap_or_else(ended));
            };
            if let Ok(outcome) = tokio::time::timeout_at(heard + patience, &mut answered).await {
                return Ok(outcome.unwrap_or_else(ended));
            }
            // Progress may have come meanwhile.
            let is_silent = |pending: &Pending| pending.heard <= heard && pending.asking == 0;
            if self.lock().pending.get(&number).is_some_and(is_silent) {
                return Err(Failure::TimedOut(patience));
            }
        }
    }

    /// Tells the server something that needs no answer, if it is of the era for it.
    pub async fn notify(&self, method: &str, params: &Cleared) {
        if self.is_stateless() && method != TOLD_STATELESS {
            return;
        }
        // A server that is gone has no use for it.
        let _ = self.outbox.send(Frame::notification(method, params)).await;
    }

    /// Tells the server something if it reads fast enough, without waiting for it.
    pub fn tell(&self, method: &str, params: &Cleared) {
        if self.is_stateless() && method != TOLD_STATELESS {
            return;
        }
        self.outbox.try_send(Frame::notification(method, params));
    }

    /// Takes one line of the server's. Requests of the server's are answered beside the reading of further lines.
    pub async fn receive(self: &Arc<Self>, line: Line) {
        let line = match line {
            Line::Whole(line) => line,
            Line::TooLong { head, tail, length } => return self.too_long(&head, &tail, length),
        };
        if line.is_empty() {
            return;
        }
        // A server that writes other encodings is read as well as can be, so that its call does not hang.
        let (message, replaced) = read_lossy(line.clone());
        if replaced {
            tracing::warn!(server = %self.server, "a message is not UTF-8; the bytes that are not were replaced");
        }
        match message {
            Ok(Message::Response { id: Some(id), outcome }) => self.answered(&id, outcome),
            Ok(Message::Response { id: None, outcome }) => self.answered_without_id(outcome),
            Ok(Message::Request { id, method, params }) => self.asked(id, method, params),
            Ok(Message::Notification { method, params }) if method == "notifications/progress" => {
                self.progressed(params).await;
            }
            Ok(Message::Notification { method, params }) if method == "notifications/cancelled" => {
                self.cancelled(&params);
            }
            Ok(Message::Notification { method, params }) if method == "notifications/subscriptions/acknowledged" => {
                if let Some(stateless) = self.stateless() {
                    stateless.granted(&params);
                }
            }
            Ok(Message::Notification { method, params }) => self.inbound.notification(&method, params).await,
            Err(malformed) => {
                tracing::warn!(server = %self.server, "skipped a line on its standard output: {malformed}");
                self.lock()
                    .noise
                    .get_or_insert_with(|| line.slice(..line.len().min(NOISE)));
            }
        }
    }

    /// Ends the session: every request under way fails, and so does every later one.
    pub fn end(&self, why: &str) {
        let (pending, asked) = {
            let mut state = self.lock();
            state.ended.get_or_insert_with(|| why.to_owned());
            (std::mem::take(&mut state.pending), std::mem::take(&mut state.asked))
        };
        asked.values().for_each(AbortHandle::abort);
        if let Some(stateless) = self.stateless() {
            stateless.end();
        }
        for (_, pending) in pending {
            // Whoever asked may have gone.
            let _ = pending.answer.send(Err(Failure::Gone(why.to_owned())));
        }
    }

    /// What it wrote that is no message, if it has never answered: it may be no server at all.
    pub fn noise(&self) -> Option<String> {
        let state = self.lock();
        let noise = state.noise.as_ref().filter(|_| !state.has_answered);
        noise.map(|noise| String::from_utf8_lossy(noise).into_owned())
    }

    /// Waits until the server does not read any more.
    pub async fn closed(&self) {
        self.outbox.closed().await;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Takes a request out of those under way.
    fn take(&self, number: u64) -> Option<Pending> {
        let pending = self.lock().pending.remove(&number);
        self.finished.notify_waiters();
        pending
    }

    fn answered(&self, id: &Id, outcome: Answer) {
        self.lock().has_answered = true;
        match id.number().and_then(|number| self.take(number)) {
            // Whoever asked may have gone.
            Some(pending) => drop(pending.answer.send(Ok(outcome))),
            None => tracing::debug!(server = %self.server, "answered a request that nobody waits for"),
        }
    }

    /// A request has no answer, and why.
    pub(super) fn failed(&self, id: &Id, why: String) {
        if let Some(pending) = id.number().and_then(|number| self.take(number)) {
            // Whoever asked may have gone.
            let _ = pending.answer.send(Err(Failure::Astray(why)));
        }
    }

    /// An error about a message that the server could not read: if just one request is under way, it is that one.
    fn answered_without_id(&self, outcome: Answer) {
        let only = {
            let state = self.lock();
            let mut answerable = state.pending.iter().filter(|(_, pending)| !pending.lasting);
            let first = answerable.next().map(|(number, _)| *number);
            first.filter(|_| answerable.next().is_none())
        };
        match only.and_then(|number| self.take(number)) {
            Some(pending) => drop(pending.answer.send(Ok(outcome))),
            None => tracing::warn!(server = %self.server, "sent an error that names no request"),
        }
    }

    async fn progressed(&self, params: Payload) {
        let token = json::members(params.text()).ok().and_then(|members| {
            let raw = members.raw("progressToken")?;
            raw.trim_matches('"').parse::<u64>().ok()
        });
        let progress = token.and_then(|number| {
            let mut state = self.lock();
            let pending = state.pending.get_mut(&number)?;
            pending.heard = Instant::now();
            pending.progress.clone()
        });
        if let Some(progress) = progress {
            progress.progress(params).await;
        }
    }

    fn too_long(&self, head: &[u8], tail: &[u8], length: usize) {
        tracing::warn!(server = %self.server, length, limit = self.limit, "dropped a message over the limit");
        let number = id_of_ends(head, tail).and_then(|id| id.number());
        if let Some(pending) = number.and_then(|number| self.take(number)) {
            let _ = pending.answer.send(Err(Failure::TooLong {
                length,
                limit: self.limit,
            }));
        }
    }
}
