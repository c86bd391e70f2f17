//! One connection to a server: a process that was started, or a server elsewhere. To a session both are lines each way.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use async_trait::async_trait;
use serde_json::json;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::mpsc,
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::{
    catalog::Offering,
    fleet::Surroundings,
    remote::{self, Again, Endpoint, Unanswered},
    server::Server,
    session::{Inbound, Session},
};
use crate::{
    guard::{Chain, Cleared},
    json,
    mask::Masker,
    message::{Direction, Envelope, Kind, Payload},
    process::{self, Child, LastWords, SpawnError},
    text::visible,
    wire::{LineReader, Outbox, code},
};

/// How long a server may take to end after its standard input was closed, before it is told to.
const PATIENCE: Duration = Duration::from_millis(500);
/// So much of what is no message is told, in bytes.
const SHOWN: usize = 200;
/// How long the status of a process is waited for once its output has ended.
const LAST_WORDS: Duration = Duration::from_millis(150);

/// How a connection ended, or why there is none.
pub(super) struct End {
    pub(super) why: String,
    /// What its program said before, which goes behind it.
    pub(super) said: Vec<Said>,
    /// When another connection may do better.
    pub(super) again: Again,
}

/// Some last words of a server's program, without secrets.
pub(super) struct Said {
    before: &'static str,
    text: String,
    after: &'static str,
}

/// A connection that is open.
pub(super) struct Connection {
    /// Where requests go.
    pub(super) session: Arc<Session>,
    /// Which lists the server says have changed.
    changed: mpsc::UnboundedReceiver<Offering>,
    reading: JoinHandle<()>,
    /// Cancelled once nothing more is read.
    read: CancellationToken,
    writing: JoinHandle<()>,
    peer: Peer,
    redactor: Arc<Masker>,
}

/// What is at the other end.
enum Peer {
    Process {
        child: Child,
        log: JoinHandle<()>,
        last_words: Arc<LastWords>,
    },
    Remote(remote::Connection),
}

impl Connection {
    /// Starts the server's program, or turns to where it is.
    pub(super) fn open(server: &Server, around: &Arc<Surroundings>, inbound: &Arc<dyn Inbound>) -> Result<Self, End> {
        if let Some(endpoint) = Endpoint::of(&server.config, &around.state) {
            let remote = remote::open(&endpoint, around.limits).map_err(|error| End::for_good(error.to_string()))?;
            let peer = Peer::Remote(remote.connection);
            let connection = Self::over(remote.input, remote.output, peer, server, around, inbound);
            tokio::spawn(fail(remote.unanswered, Arc::downgrade(&connection.session)));
            return Ok(connection);
        }
        let Some(command) = process::Command::of(&server.config.launch) else {
            return Err(End::for_good("its entry says neither what to start nor where it is"));
        };
        let (child, pipes) = process::spawn(&command, &around.watchdog).map_err(|error| match error {
            // What the system refuses now it may grant later; anything else is in the configuration.
            SpawnError::Refused { .. } => End::for_now(error.to_string()),
            _ => End::for_good(error.to_string()),
        })?;
        tracing::debug!(server = %server.name, "started");
        let last_words = Arc::new(LastWords::default());
        let log = {
            let (server, redactor, kept) = (server.name.clone(), around.redactor.clone(), last_words.clone());
            tokio::spawn(async move {
                kept.listen(
                    pipes.stderr,
                    &redactor,
                    |line| tracing::info!(%server, "stderr: {line}"),
                )
                .await;
            })
        };
        let peer = Peer::Process { child, log, last_words };
        Ok(Self::over(pipes.stdin, pipes.stdout, peer, server, around, inbound))
    }

    fn over(
        input: impl AsyncWrite + Unpin + Send + 'static,
        output: impl AsyncRead + Unpin + Send + 'static,
        peer: Peer,
        server: &Server,
        around: &Surroundings,
        inbound: &Arc<dyn Inbound>,
    ) -> Self {
        let limit = around.limits.message;
        let (outbox, writing) = Outbox::new(input);
        let (relist, changed) = mpsc::unbounded_channel();
        let watcher = Arc::new(ListWatcher {
            inner: inbound.clone(),
            relist,
        });
        let session = Arc::new(Session::new(server.name.clone(), outbox, watcher, limit));
        let end = CancellationToken::new();
        let ending = end.clone().drop_guard();
        let lines = read(output, session.clone(), limit);
        let reading = tokio::spawn(async move {
            lines.await;
            drop(ending);
        });
        Self {
            session,
            changed,
            reading,
            read: end,
            writing: tokio::spawn(writing),
            peer,
            redactor: around.redactor.clone(),
        }
    }

    /// Waits until the server says that a list has changed, or the connection has ended. Nothing is lost when the future is
    /// dropped.
    pub(super) async fn event(&mut self) -> Event {
        tokio::select! {
            Some(offering) = self.changed.recv() => Event::Changed(offering),
            end = self.peer.ended(&self.read) => Event::Ended(with_noise(end, &self.session, &self.redactor)),
        }
    }

    /// Waits until it has ended, and says how. Nothing is lost when the future is dropped.
    pub(super) async fn ended(&mut self) -> End {
        let end = self.peer.ended(&self.read).await;
        with_noise(end, &self.session, &self.redactor)
    }

    /// The end of a connection over which the server could not be made ready.
    pub(super) fn failed(&self, why: String) -> End {
        let end = match &self.peer {
            Peer::Process { last_words, .. } => End::for_now(why).behind(last_words),
            Peer::Remote(_) => End::for_now(why),
        };
        with_noise(end, &self.session, &self.redactor)
    }

    /// Ends what is left of it.
    pub(super) async fn close(mut self) {
        match self.peer {
            Peer::Process { child, log, .. } => {
                child.shut(|| self.writing.abort(), PATIENCE).await;
                log.abort();
            }
            Peer::Remote(ref mut connection) => {
                self.writing.abort();
                connection.ended().await;
            }
        }
        self.reading.abort();
    }
}

/// What happened to a connection.
pub(super) enum Event {
    /// The server says that this list has changed.
    Changed(Offering),
    /// It has ended.
    Ended(End),
}

impl Peer {
    async fn ended(&mut self, read: &CancellationToken) -> End {
        match self {
            Self::Process { child, last_words, .. } => {
                let why = process_ended(read, child).await;
                End::for_now(why).behind(last_words)
            }
            Self::Remote(connection) => {
                let ended = connection.ended().await;
                End {
                    again: ended.again,
                    ..End::for_now(ended.why)
                }
            }
        }
    }
}

impl End {
    /// One that no other connection would mend.
    pub(super) fn for_good(why: impl Into<String>) -> Self {
        Self {
            again: Again::Never,
            ..Self::for_now(why)
        }
    }

    /// One after which another connection may do better.
    fn for_now(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            said: Vec::new(),
            again: Again::Soon,
        }
    }

    /// The same with what was said on standard error.
    fn behind(mut self, last_words: &LastWords) -> Self {
        self.said.extend(last_words.said().map(|text| Said {
            before: LastWords::BEFORE,
            text,
            after: "",
        }));
        self
    }

    /// All of it, for people.
    pub(super) fn whole(&self) -> String {
        let said = self.said.iter().map(|said| said.with(&said.text));
        [self.why.clone()].into_iter().chain(said).collect()
    }

    /// All of it, for a model: what the program said passes the chain as if the server had answered so.
    pub(super) async fn cleared(&self, server: &Arc<str>, chain: &Chain) -> String {
        let envelope = Envelope::request(server, "", "").with(Kind::Error, Direction::ToClient);
        let mut whole = self.why.clone();
        for said in &self.said {
            let error = Payload::from(json!({"code": code::INTERNAL_ERROR, "message": said.text}));
            let cleared = chain.clear(&envelope, error).await;
            let text = cleared
                .ok()
                .and_then(|cleared| json::members(cleared.text()).ok()?.string("message"));
            whole += &said.with(&text.unwrap_or_else(|| "(a guardrail withholds it)".to_owned()));
        }
        whole
    }
}

impl Said {
    fn with(&self, text: &str) -> String {
        [self.before, text, self.after].concat()
    }
}

/// The same with what it wrote in the place of messages, without secrets: it may be no server at all.
fn with_noise(mut end: End, session: &Session, redactor: &Masker) -> End {
    let Some(noise) = session.noise() else { return end };
    let noise = redactor.masked(noise.trim_end());
    let noise = &noise[..noise.floor_char_boundary(SHOWN)];
    end.said.push(Said {
        before: "; check that its entry starts an MCP server: in the place of messages it wrote `",
        text: visible(noise),
        after: "` on its standard output",
    });
    end
}

/// Waits until a process or its output has ended, and says with what status. A process may leave its output open to one
/// that it started.
async fn process_ended(read: &CancellationToken, child: &mut Child) -> String {
    tokio::select! {
        () = read.cancelled() => match timeout(LAST_WORDS, child.wait()).await {
            Ok(exit) => format!("it {exit}"),
            Err(_) => "it closed its standard output".to_owned(),
        },
        exit = child.wait() => {
            // What it wrote before its end is still to be read.
            let _ = timeout(LAST_WORDS, read.cancelled()).await;
            format!("it {exit}")
        }
    }
}

async fn read(output: impl AsyncRead + Unpin, session: Arc<Session>, limit: usize) {
    let mut lines = LineReader::new(output, limit);
    while let Ok(Some(line)) = lines.next().await {
        session.receive(line).await;
    }
}

/// Tells the session which of its requests have no answer, as long as there are both.
async fn fail(mut unanswered: mpsc::UnboundedReceiver<Unanswered>, session: Weak<Session>) {
    while let Some(Unanswered { id, why }) = unanswered.recv().await {
        let Some(session) = session.upgrade() else { return };
        session.failed(&id, why);
    }
}

/// Takes what the server sends of its own accord: changed lists are read again, the rest goes on.
struct ListWatcher {
    inner: Arc<dyn Inbound>,
    relist: mpsc::UnboundedSender<Offering>,
}

#[async_trait]
impl Inbound for ListWatcher {
    async fn request(&self, name: Option<&str>, method: &str, params: Payload) -> Result<Cleared, Cleared> {
        self.inner.request(name, method, params).await
    }

    async fn notification(&self, method: &str, params: Payload) {
        match Offering::ALL.into_iter().find(|offering| offering.changed() == method) {
            // Nobody reads lists of a server that is not ready yet: they are still to be read.
            Some(offering) => drop(self.relist.send(offering)),
            None => self.inner.notification(method, params).await,
        }
    }
}
