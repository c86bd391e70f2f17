//! The observer that keeps what it is told.

use std::{
    sync::{
        Arc, Mutex, Once,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use super::{
    queue::Queue,
    record::{Record, Scan},
    schema::StoreError,
    settings::Settings,
    writer::Writer,
};
use crate::{
    guard::{Begun, End, Observer, Outcome, Passage, Scanned, ServerNews},
    mask::Masker,
    message::Envelope,
    sync::lock,
};

/// How long the end may wait for the last batch.
const ENDING: Duration = Duration::from_millis(1500);

/// Hands what it is told to the thread that writes, which begins with the first record.
pub struct Recorder {
    queue: Arc<Queue>,
    failing: Arc<AtomicBool>,
    writer: Mutex<Option<Writer>>,
    begun: Once,
}

/// A store that is required can't be opened.
#[derive(Debug, thiserror::Error)]
#[error("the trace store is required, and {0}")]
pub struct Unopened(#[from] StoreError);

impl Recorder {
    /// A recorder with these settings; `masker` takes secrets out of everything before it is kept.
    ///
    /// # Errors
    /// [`Unopened`] where the settings require a store that can't be had.
    pub fn new(settings: Settings, masker: Arc<Masker>) -> Result<Self, Unopened> {
        let failing = Arc::new(AtomicBool::new(false));
        let required = settings.required;
        let mut writer = Writer::new(settings, masker, failing.clone());
        if required {
            writer.open()?;
        }
        Ok(Self {
            queue: Arc::default(),
            failing,
            writer: Mutex::new(Some(writer)),
            begun: Once::new(),
        })
    }

    fn push(&self, record: Record) {
        self.begun.call_once(|| self.begin());
        self.queue.push(record);
    }

    fn begin(&self) {
        let Some(writer) = lock(&self.writer).take() else {
            return;
        };
        let queue = self.queue.clone();
        let run = move || {
            writer.run(&queue);
            queue.end();
        };
        if let Err(error) = thread::Builder::new().name("trace".to_owned()).spawn(run) {
            tracing::error!("no thread can be had to record calls, so none is: {error}");
            self.failing.store(true, Ordering::Relaxed);
            self.queue.end();
        }
    }

    /// Whether the last attempt to write failed.
    pub fn failing(&self) -> Arc<AtomicBool> {
        self.failing.clone()
    }
}

impl Observer for Recorder {
    fn record(&self, _: &Envelope, _: &Outcome<'_>) {}

    fn scanned(&self, scan: &Scanned<'_>) {
        self.push(Record::Scanned(Scan {
            server: scan.server.to_owned(),
            subject: scan.subject.to_owned(),
            version: scan.version.map(str::to_owned),
            verdict: scan.verdict.to_owned(),
            score: scan.risk,
            report: scan.report.to_owned(),
        }));
    }

    fn follows(&self) -> bool {
        true
    }

    fn passage(&self, passage: &Passage<'_>) {
        if !passage.inspections.is_empty() || matches!(passage.outcome, Outcome::Stopped(_)) {
            self.push(Record::Passed(passage.into()));
        }
    }

    fn call_started(&self, call: &Begun) {
        self.push(Record::Started(call.clone()));
    }

    fn call_ended(&self, call: &Begun, end: &End<'_>) {
        self.push(Record::Ended((call, end).into()));
    }

    fn server(&self, news: &ServerNews<'_>) {
        self.push(Record::Server(news.into()));
    }

    fn finish(&self) {
        if self.begun.is_completed() && !self.queue.close(ENDING) {
            tracing::warn!(
                "the last calls could not be recorded in time: another program holds the trace store, or the disk is slow"
            );
        }
    }
}
