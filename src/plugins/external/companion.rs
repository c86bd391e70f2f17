//! A program that runs beside the gateway and is asked by lines: one question a line, one answer a line, in any order.

use std::{
    collections::HashMap,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    io::AsyncWriteExt,
    process::ChildStdout,
    sync::{Semaphore, mpsc, oneshot},
    task::JoinHandle,
    time::{Instant, sleep_until, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{super::redactor, LONGEST, SPEC, question::id_of};
use crate::{
    plugins::terms::Terms,
    process::{self, Backoff, Child, Command, LastWords, Watchdog},
    wire::{Line, LineReader},
};

/// Questions that wait to be taken or to be written, at most.
const WAITING: usize = 64;

/// How long the program may take to end by itself once nothing is asked any more.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long the status of the program is waited for once its output has ended.
const LAST_WORDS: Duration = Duration::from_millis(150);

/// A program that is kept running from the first question on.
pub(super) struct Companion {
    settings: Arc<Settings>,
    permits: Semaphore,
    next: AtomicU64,
    desk: OnceLock<mpsc::Sender<Event>>,
    stop: CancellationToken,
    running: TaskTracker,
}

/// How it is started and asked.
struct Settings {
    name: String,
    command: Command,
    terms: Terms,
}

/// What is put on the desk of whoever keeps it running.
enum Event {
    Asked(Question),
    /// The answer to this question is not waited for any more: it took too long.
    Late(u64),
}

struct Question {
    id: u64,
    line: Bytes,
    answer: oneshot::Sender<Answered>,
}

/// The line that answers, or why there is none, in words that follow the name.
type Answered = Result<String, String>;

/// A question that was put to the program.
struct Pending {
    asked: Instant,
    answer: oneshot::Sender<Answered>,
}

impl Companion {
    pub(super) fn new(name: &str, command: Command, terms: Terms) -> Self {
        Self {
            settings: Arc::new(Settings {
                name: name.to_owned(),
                command,
                terms,
            }),
            permits: Semaphore::new(terms.concurrency),
            next: AtomicU64::new(1),
            desk: OnceLock::new(),
            stop: CancellationToken::new(),
            running: TaskTracker::new(),
        }
    }

    /// The line that answers the question that `write` makes of its id.
    ///
    /// # Errors
    /// Why there is none, in words that follow the name.
    pub(super) async fn ask(&self, write: impl FnOnce(u64) -> String) -> Answered {
        let _permit = self.permits.acquire().await.expect("it is never closed");
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        let line = Bytes::from(write(id) + "\n");
        let desk = self.desk.get_or_init(|| self.start());
        let limit = self.settings.terms.timeout;
        let asking = async {
            let gone = "has ended with the gateway";
            let question = Event::Asked(Question { id, line, answer });
            desk.send(question).await.map_err(|_| gone.to_owned())?;
            answered.await.unwrap_or_else(|_| Err(gone.to_owned()))
        };
        match timeout(limit, asking).await {
            Ok(answered) => answered,
            Err(_) => {
                // Where the desk is full, whoever keeps it has other questions that are late.
                let _ = desk.try_send(Event::Late(id));
                Err(format!("did not answer within {} s", limit.as_secs_f64()))
            }
        }
    }

    /// Ends the program. Nothing is asked any more.
    pub(super) async fn end(&self) {
        self.stop.cancel();
        self.running.close();
        self.running.wait().await;
    }

    fn start(&self) -> mpsc::Sender<Event> {
        let (desk, events) = mpsc::channel(WAITING);
        let (settings, stop) = (self.settings.clone(), self.stop.clone());
        self.running.spawn(async move { keep(&settings, events, &stop).await });
        desk
    }
}

/// Keeps the program running until `stop`.
async fn keep(settings: &Settings, mut events: mpsc::Receiver<Event>, stop: &CancellationToken) {
    let watchdog = Watchdog::shared();
    let mut backoff = Backoff::start();
    while !stop.is_cancelled() {
        let why = match Run::start(settings, &watchdog) {
            Ok(run) => run.serve(&mut events, stop).await,
            Err(error) => error.to_string(),
        };
        if stop.is_cancelled() {
            return;
        }
        tracing::error!(plugin = SPEC.name, name = settings.name, "{why}");
        let pause = backoff.pause();
        let again = Instant::now() + pause;
        loop {
            tokio::select! {
                () = sleep_until(again) => break,
                () = stop.cancelled() => return,
                event = events.recv() => match event {
                    Some(Event::Asked(question)) => {
                        let left = again.saturating_duration_since(Instant::now()).as_secs() + 1;
                        let why = format!("is not running: {why}. It is started again within {left} s");
                        let _ = question.answer.send(Err(why));
                    }
                    Some(Event::Late(_)) => {}
                    None => return,
                },
            }
        }
        backoff = Backoff::after(pause);
    }
}

/// The program from its start to its end.
struct Run {
    child: Child,
    lines: LineReader<ChildStdout>,
    /// Lines for the task that writes, which waits for a program that does not read.
    input: mpsc::Sender<Bytes>,
    writing: JoinHandle<()>,
    log: JoinHandle<()>,
    last_words: Arc<LastWords>,
    pending: HashMap<u64, Pending>,
    /// When it last answered.
    heard: Instant,
}

impl Run {
    fn start(settings: &Settings, watchdog: &Watchdog) -> Result<Self, process::SpawnError> {
        let (child, pipes) = process::spawn(&settings.command, watchdog)?;
        tracing::info!(plugin = SPEC.name, name = settings.name, "started");
        let (input, mut waiting) = mpsc::channel::<Bytes>(WAITING);
        let mut stdin = pipes.stdin;
        let writing = tokio::spawn(async move {
            while let Some(line) = waiting.recv().await {
                if stdin.write_all(&line).await.is_err() {
                    return;
                }
            }
        });
        let last_words = Arc::new(LastWords::default());
        let (kept, name) = (last_words.clone(), settings.name.clone());
        let log = tokio::spawn(async move {
            let log = |line: &str| tracing::info!(plugin = SPEC.name, name, "stderr: {line}");
            kept.listen(pipes.stderr, &redactor(), log).await;
        });
        Ok(Self {
            child,
            lines: LineReader::new(pipes.stdout, LONGEST),
            input,
            writing,
            log,
            last_words,
            pending: HashMap::new(),
            heard: Instant::now(),
        })
    }

    /// Puts questions to it until it ends or is to end, and says why.
    async fn serve(mut self, events: &mut mpsc::Receiver<Event>, stop: &CancellationToken) -> String {
        let why = self.exchange(events, stop).await;
        let why = self.last_words.behind(why);
        for (_, pending) in self.pending.drain() {
            let _ = pending.answer.send(Err(format!("gave no answer: {why}")));
        }
        self.child.shut(|| self.writing.abort(), PATIENCE).await;
        self.log.abort();
        why
    }

    async fn exchange(&mut self, events: &mut mpsc::Receiver<Event>, stop: &CancellationToken) -> String {
        loop {
            tokio::select! {
                () = stop.cancelled() => return "the gateway ends".to_owned(),
                event = events.recv() => match event {
                    Some(Event::Asked(question)) => self.put(question),
                    Some(Event::Late(id)) => {
                        let asked = self.pending.remove(&id).map(|pending| pending.asked);
                        if asked.is_some_and(|asked| asked > self.heard) {
                            return "it answered nothing any more, so it is ended".to_owned();
                        }
                    }
                    None => return "the gateway ends".to_owned(),
                },
                line = self.lines.next() => match line {
                    Ok(Some(Line::Whole(line))) => self.answered(&line),
                    Ok(Some(Line::TooLong { length, .. })) => {
                        return format!("it wrote a line of {length} bytes, which is too long");
                    }
                    Ok(None) | Err(_) => {
                        return match timeout(LAST_WORDS, self.child.wait()).await {
                            Ok(exit) => format!("it {exit}"),
                            Err(_) => "it closed its standard output".to_owned(),
                        };
                    }
                },
            }
        }
    }

    fn put(&mut self, question: Question) {
        // Those whose call was cancelled are waited for by nobody.
        self.pending.retain(|_, pending| !pending.answer.is_closed());
        let Question { id, line, answer } = question;
        if self.input.try_send(line).is_err() {
            let _ = answer.send(Err("does not read what it is asked".to_owned()));
            return;
        }
        let asked = Instant::now();
        self.pending.insert(id, Pending { asked, answer });
    }

    fn answered(&mut self, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        match id_of(&text) {
            Some(id) => {
                self.heard = Instant::now();
                // A late answer, or one to a cancelled call, is waited for by nobody.
                if let Some(pending) = self.pending.remove(&id) {
                    let _ = pending.answer.send(Ok(text.into_owned()));
                }
            }
            None if text.trim().is_empty() => {}
            None => tracing::warn!(
                plugin = SPEC.name,
                "a line on standard output that names no question is passed over; logs belong on standard error"
            ),
        }
    }
}
