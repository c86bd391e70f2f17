//! Keeping one server running: start, handshake, restart with back-off, end.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::{
    io::AsyncRead,
    sync::mpsc,
    task::JoinHandle,
    time::{Instant, sleep, sleep_until, timeout},
};

use super::{
    catalog::{Asker, Catalog, NotReady, Offering},
    filter::ToolFilter,
    fleet::Surroundings,
    process::{self, Child, SpawnError},
    server::{Ready, Server, State},
    session::{Inbound, Session},
};
use crate::{
    config::Launch,
    guard::Cleared,
    message::Payload,
    wire::{Line, LineReader, Outbox},
};

/// The first pause before a restart; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause before a restart.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A server that ran this long is restarted as if it had never failed.
const SUSTAINED: Duration = Duration::from_secs(60);
/// How long a server may take to end after its standard input was closed, before it is told to.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long the status of a process is waited for once its output has ended.
const LAST_WORDS: Duration = Duration::from_millis(150);
/// The least time between two readings of a server's lists: it may say without end that they changed.
const RELISTING: Duration = Duration::from_millis(250);
const SHUTTING_DOWN: &str = "the gateway is shutting down";
/// A longer line on standard error is cut in the log.
const LOG_LINE: usize = 8 * 1024;

/// Runs `server` until the gateway stops.
pub(super) async fn supervise(server: Arc<Server>, around: Arc<Surroundings>, inbound: Arc<dyn Inbound>) {
    let mut pause = FIRST_PAUSE;
    while !around.stop.is_cancelled() {
        server.set(State::Starting);
        let run = Run {
            server: &server,
            around: &around,
            inbound: &inbound,
            started: Instant::now(),
            pause,
        };
        if !run.run().await && !around.stop.is_cancelled() {
            return;
        }
        pause = run.pause();
        tokio::select! {
            () = sleep(pause) => {}
            () = around.stop.cancelled() => break,
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    server.set(State::Down {
        why: SHUTTING_DOWN.to_owned(),
        again: None,
    });
}

/// How a run ended.
struct End {
    why: String,
    /// Whether another run may do better.
    again: bool,
}

impl End {
    fn worth_repeating(why: String) -> Self {
        Self { why, again: true }
    }

    fn for_good(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            again: false,
        }
    }
}

/// One run of a server's process.
struct Run<'a> {
    server: &'a Arc<Server>,
    around: &'a Arc<Surroundings>,
    inbound: &'a Arc<dyn Inbound>,
    started: Instant,
    /// The pause before the next run, if this one fails at once.
    pause: Duration,
}

impl Run<'_> {
    /// Whether there is to be another run.
    async fn run(&self) -> bool {
        let Launch::Command {
            program,
            args,
            env,
            cwd,
        } = &self.server.config.launch
        else {
            return self.down(End::for_good(
                "it is a remote server, which this version does not reach",
            ));
        };
        let command = process::Command {
            program: program.to_string_lossy().into_owned(),
            args: args.clone(),
            env: env.clone(),
            cwd: Some(cwd.clone()),
        };
        let (mut child, pipes) = match process::spawn(&command, &self.around.watchdog) {
            Ok(started) => started,
            Err(error) => {
                // What the system refuses now it may grant later; anything else is in the configuration.
                return self.down(End {
                    again: matches!(error, SpawnError::Refused { .. }),
                    why: error.to_string(),
                });
            }
        };
        tracing::debug!(server = %self.server.name, "started");
        let (outbox, writing) = Outbox::new(pipes.stdin);
        let writing = tokio::spawn(writing);
        let session = Arc::new(Session::new(
            self.server.name.clone(),
            outbox,
            self.around.limits.message,
        ));
        let last_words = Arc::new(LastWords::default());
        let log = tokio::spawn(log(
            self.server.name.clone(),
            pipes.stderr,
            self.around.clone(),
            last_words.clone(),
        ));
        let (relist, lists) = mpsc::unbounded_channel();
        let desk: Arc<dyn Inbound> = Arc::new(Desk {
            inner: self.inbound.clone(),
            relist,
        });
        let reading = tokio::spawn(read(pipes.stdout, session.clone(), desk, self.around.limits.message));
        let end = self.live(&session, reading, lists, &mut child, &last_words).await;
        let why = end.why.clone();
        // Whoever hears that its call has failed may call again at once, and is to find that the server is down.
        let again = self.down(end);
        session.end(&why);
        child.shut(|| writing.abort(), PATIENCE).await;
        log.abort();
        again
    }

    /// Says that the server is down.
    fn down(&self, end: End) -> bool {
        if !self.around.stop.is_cancelled() {
            tracing::error!(server = %self.server.name, "{}", end.why);
        }
        let again = end.again.then(|| Instant::now() + self.pause());
        let offered = self.server.catalog();
        self.server.set(State::Down { why: end.why, again });
        self.around.changed(offered.iter().flat_map(|catalog| catalog.offerings()));
        again.is_some()
    }

    /// The pause before the next run.
    fn pause(&self) -> Duration {
        if self.started.elapsed() >= SUSTAINED {
            FIRST_PAUSE
        } else {
            self.pause
        }
    }

    /// From the handshake to the end of the output.
    async fn live(
        &self,
        session: &Arc<Session>,
        mut reading: JoinHandle<()>,
        mut lists: mpsc::UnboundedReceiver<Offering>,
        child: &mut Child,
        last_words: &LastWords,
    ) -> End {
        let asker = Asker {
            server: &self.server.name,
            session,
            chain: &self.around.chain,
            patience: self.server.config.start_timeout,
            tools: &ToolFilter::new(&self.server.config.tools),
        };
        let mut catalog = tokio::select! {
            made = self.establish(&asker) => match made {
                Ok(catalog) => catalog,
                Err(why) => return End::worth_repeating(with_last_words(why, last_words)),
            },
            why = ended(&mut reading, child, last_words) => return End::worth_repeating(why),
            () = self.around.stop.cancelled() => return End::for_good(SHUTTING_DOWN),
        };
        self.ready(session, &catalog, catalog.offerings());
        let mut relist_at = Instant::now();
        let mut stale: Vec<Offering> = Vec::new();
        loop {
            tokio::select! {
                why = ended(&mut reading, child, last_words) => return End::worth_repeating(why),
                () = self.around.stop.cancelled() => return End::for_good(SHUTTING_DOWN),
                Some(offering) = lists.recv() => if !stale.contains(&offering) {
                    stale.push(offering);
                },
                () = sleep_until(relist_at), if !stale.is_empty() => {
                    for offering in &stale {
                        if let Err(error) = asker.refresh(&mut catalog, *offering).await {
                            tracing::warn!(server = %self.server.name, "its list could not be read again: {error}");
                        }
                    }
                    self.ready(session, &catalog, stale.drain(..));
                    relist_at = Instant::now() + RELISTING;
                }
            }
        }
    }

    /// The handshake waits for what the client can do; the server's time starts then.
    async fn establish(&self, asker: &Asker<'_>) -> Result<Catalog, String> {
        let mut client = self.around.client.clone();
        let Ok(capabilities) = client
            .wait_for(Option::is_some)
            .await
            .map(|client| client.clone().unwrap_or_default())
        else {
            return Err("no client came".to_owned());
        };
        let patience = self.server.config.start_timeout;
        match timeout(patience, asker.catalog(&capabilities)).await {
            Ok(Ok(catalog)) => Ok(catalog),
            Ok(Err(error @ NotReady::Refused(_))) => Err(error.to_string()),
            Ok(Err(error)) => Err(format!("it could not be set up: {error}")),
            Err(_) => Err(format!("it was not ready within its start time-out of {patience:.0?}")),
        }
    }

    fn ready(&self, session: &Arc<Session>, catalog: &Catalog, changed: impl Iterator<Item = Offering>) {
        tracing::info!(server = %self.server.name, tools = catalog.tools.len(), protocol = catalog.protocol, "ready");
        self.server.set(State::Ready(Ready {
            session: session.clone(),
            catalog: Arc::new(catalog.clone()),
        }));
        self.around.changed(changed);
    }
}

/// Waits until the server's output or its process has ended, and says with what status and last words. A process may
/// leave its output open to one that it started.
async fn ended(reading: &mut JoinHandle<()>, child: &mut Child, last_words: &LastWords) -> String {
    let status = tokio::select! {
        _ = &mut *reading => match timeout(LAST_WORDS, child.wait()).await {
            Ok(exit) => format!("it {exit}"),
            Err(_) => "it closed its standard output".to_owned(),
        },
        exit = child.wait() => {
            // What it wrote before its end is still to be read.
            let _ = timeout(LAST_WORDS, reading).await;
            format!("it {exit}")
        }
    };
    with_last_words(status, last_words)
}

async fn read(output: impl AsyncRead + Unpin, session: Arc<Session>, inbound: Arc<dyn Inbound>, limit: usize) {
    let mut lines = LineReader::new(output, limit);
    while let Ok(Some(line)) = lines.next().await {
        session.receive(line, &inbound).await;
    }
}

/// Standard error goes to the log under the server's name, without its secrets.
async fn log(server: Arc<str>, output: impl AsyncRead + Unpin, around: Arc<Surroundings>, last_words: Arc<LastWords>) {
    let mut lines = LineReader::new(output, LOG_LINE);
    while let Ok(Some(line)) = lines.next().await {
        let bytes = match &line {
            Line::Whole(bytes) => bytes,
            Line::TooLong { head, .. } => head,
        };
        let text = String::from_utf8_lossy(bytes);
        let text = around.redactor.masked(text.trim_end());
        if !text.is_empty() {
            tracing::info!(server = %server, "stderr: {text}");
            last_words.push(&text);
        }
    }
}

/// The last lines of standard error, already without secrets.
#[derive(Default)]
struct LastWords(Mutex<VecDeque<String>>);

impl LastWords {
    const KEPT: usize = 3;
    const WIDTH: usize = 300;

    fn push(&self, line: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == Self::KEPT {
            lines.pop_front();
        }
        lines.push_back(line[..line.floor_char_boundary(Self::WIDTH)].to_owned());
    }
}

fn with_last_words(why: String, last_words: &LastWords) -> String {
    let lines = last_words.0.lock().unwrap_or_else(PoisonError::into_inner);
    if lines.is_empty() {
        return why;
    }
    let said = lines.iter().map(String::as_str).collect::<Vec<_>>().join(" ⏎ ");
    format!("{why}; the last it said on its standard error: {said}")
}

/// Takes what the server sends of its own accord: changed lists are read again, the rest goes on.
struct Desk {
    inner: Arc<dyn Inbound>,
    relist: mpsc::UnboundedSender<Offering>,
}

#[async_trait]
impl Inbound for Desk {
    async fn request(&self, method: &str, params: Payload) -> Result<Cleared, Cleared> {
        self.inner.request(method, params).await
    }

    async fn notification(&self, method: &str, params: Payload) {
        match Offering::ALL.into_iter().find(|offering| offering.changed() == method) {
            // Nobody reads lists of a server that is not ready yet: they are still to be read.
            Some(offering) => drop(self.relist.send(offering)),
            None => self.inner.notification(method, params).await,
        }
    }
}
