//! The thread that writes: it masks each record, measures it, and hands it to the store, the logs and the collector.

use std::{
    collections::HashMap,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use uuid::Uuid;

use super::{
    calls::Call,
    events::{Event, Layout, events},
    logs::Logs,
    otlp::Exporter,
    prune,
    queue::{Batch, Queue},
    record::Record,
    rows::{Entry, Gateway, Running},
    schema::{StoreError, advice},
    settings::Settings,
    store::Store,
    tokens,
    translate::Translator,
};
use crate::{clock, guard::CallId, mask::Masker, text::counted};

/// The longest time between two signs of life.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// How often it is looked whether the vocabulary has been read.
const READING: Duration = Duration::from_millis(10);

/// How often what is too old is deleted.
const PRUNING: Duration = Duration::from_secs(600);

/// Entries that wait at most while the store can't be written. Further ones are lost, and counted.
const MOST_WAITING: usize = 100_000;

/// Writes what the queue brings.
pub(super) struct Writer {
    settings: Settings,
    gateway: Gateway,
    translator: Translator,
    store: Option<Store>,
    logs: Option<Logs>,
    exporter: Option<Exporter>,
    /// Calls that have begun and not ended, and whether the store knows of them.
    running: HashMap<CallId, (Running, bool)>,
    waiting: Vec<Entry>,
    lost: u64,
    /// The moment of the last event: no two of a gateway have the same.
    last_event: i64,
    failing: Arc<AtomicBool>,
    logs_failed: bool,
    pruned: Option<Instant>,
}

impl Writer {
    pub(super) fn new(settings: Settings, masker: Arc<Masker>, failing: Arc<AtomicBool>) -> Self {
        let gateway = Gateway {
            id: Uuid::now_v7().to_string(),
            started_at: clock::now(),
        };
        let logs = settings.logs_path.clone();
        Self {
            translator: Translator::new(masker, settings.max_text),
            logs: logs.map(|directory| Logs::new(directory, settings.log_format.clone())),
            exporter: None,
            store: None,
            running: HashMap::new(),
            waiting: Vec::new(),
            lost: 0,
            last_event: 0,
            failing,
            logs_failed: false,
            pruned: None,
            settings,
            gateway,
        }
    }

    /// Opens the store.
    pub(super) fn open(&mut self) -> Result<(), StoreError> {
        if self.store.is_none() {
            self.store = Some(Store::open(&self.settings.db_path, &self.gateway)?);
        }
        Ok(())
    }

    /// Writes until the queue is closed.
    pub(super) fn run(mut self, queue: &Queue) {
        self.flush(false);
        read_vocabulary(queue);
        let endpoint = self.settings.otlp.clone();
        self.exporter = endpoint.map(|endpoint| Exporter::start(endpoint, self.gateway.id.clone()));
        loop {
            let batch = queue.batch(HEARTBEAT);
            let is_last = batch.is_last;
            self.take(batch);
            self.flush(is_last);
            if is_last {
                break;
            }
            self.prune();
        }
        let lost = self.lost + self.waiting.len() as u64;
        if lost > 0 {
            tracing::warn!("{} could not be kept", counted(lost, "record"));
        }
        if let Some(exporter) = self.exporter {
            exporter.finish();
        }
    }

    /// Makes entries of records, and tells the logs and the collector of them.
    fn take(&mut self, batch: Batch) {
        self.lost += batch.lost;
        for record in batch.records {
            let room = self.waiting.len() < MOST_WAITING;
            let before = self.waiting.len();
            match record {
                Record::Started(begun) => {
                    let running = self.translator.running(&begun);
                    self.running.insert(begun.id, (running, false));
                }
                Record::Ended(ended) => {
                    let began = self.running.remove(&ended.begun.id);
                    let (running, _) = began.unwrap_or_else(|| (self.translator.running(&ended.begun), false));
                    let call = self.translator.call(&ended, running.id, &self.settings.prices);
                    self.call(call);
                }
                Record::Passed(passed) => {
                    let call = passed.call.and_then(|id| self.running.get(&id));
                    let actions = self
                        .translator
                        .actions(&passed, call.map(|(running, _)| running.id.as_str()));
                    self.waiting
                        .extend(actions.into_iter().map(|action| Entry::Action(Box::new(action))));
                }
                Record::Server(server) => {
                    self.waiting
                        .push(Entry::Server(Box::new(self.translator.server(&server))));
                }
                Record::Scanned(scan) => {
                    let scan = self.translator.scan(&scan);
                    self.waiting.push(Entry::Scan { at: clock::now(), scan });
                }
            }
            if !room {
                self.lost += (self.waiting.len() - before) as u64;
                self.waiting.truncate(before);
            }
        }
        for (running, is_known) in self.running.values_mut().filter(|(_, is_known)| !is_known) {
            self.waiting.push(Entry::Running(running.clone()));
            *is_known = true;
        }
    }

    fn call(&mut self, call: Call) {
        let layout = Layout {
            arguments: self.settings.flatten_arguments,
            response: self.settings.flatten_response,
            max_text: self.settings.max_text,
        };
        let mut rows = Vec::new();
        for event in events(&call, layout) {
            let ended = call.at + call.took;
            self.last_event = ended.max(self.last_event + 1);
            self.log(self.last_event, &event);
            rows.push((self.last_event, event));
        }
        if let Some(exporter) = &self.exporter {
            exporter.send(&call);
        }
        let arguments = call.arguments.as_deref().map(|arguments| layout.cut(arguments));
        self.waiting.push(Entry::Call(
            Box::new(Call {
                arguments,
                answer: None,
                ..call
            }),
            rows,
        ));
    }

    /// Writes an event to the day's file and to standard error, if that is wanted.
    fn log(&mut self, at: i64, event: &Event) {
        if self.logs.is_none() && !self.settings.logs_stderr {
            return;
        }
        let line = event.json(at, &self.gateway.id);
        if self.settings.logs_stderr {
            tracing::info!("{line}");
        }
        let written = self.logs.as_mut().map_or(Ok(()), |logs| logs.write(at, &line));
        self.report_logs(written);
    }

    fn report_logs(&mut self, written: io::Result<()>) {
        match written {
            Err(error) if !self.logs_failed => {
                tracing::error!("the files of XETRACK_LOGS_PATH can't be written: {error}");
                self.logs_failed = true;
            }
            Err(_) => {}
            Ok(()) => self.logs_failed = false,
        }
    }

    /// Writes what waits. What can't be written waits on.
    fn flush(&mut self, is_last: bool) {
        let written = self.open().map_err(|error| error.to_string()).and_then(|()| {
            let Some(store) = &mut self.store else { return Ok(()) };
            let place = self.settings.db_path.display();
            let written = store.write(&self.waiting, self.lost, is_last);
            written.map_err(|error| format!("{place} can't be written: {error}{}", advice(&error)))
        });
        match written {
            Ok(()) => {
                self.waiting.clear();
                if self.failing.swap(false, Ordering::Relaxed) {
                    tracing::warn!("calls are recorded again; lost: {}", counted(self.lost, "record"));
                }
            }
            Err(why) => {
                if !self.failing.swap(true, Ordering::Relaxed) {
                    tracing::error!(
                        "calls can't be recorded: {why}. They wait, and what is too much for that is counted"
                    );
                }
            }
        }
    }

    /// Deletes what is too old or too much, now and then.
    fn prune(&mut self) {
        if self.pruned.is_some_and(|at| at.elapsed() < PRUNING) {
            return;
        }
        self.pruned = Some(Instant::now());
        let kept = prune::Kept {
            age: self.settings.max_age,
            size: self.settings.max_size,
        };
        if let Some(Err(error)) = self.store.as_ref().map(|store| prune::prune(store.connection(), &kept)) {
            tracing::warn!("old calls could not be deleted: {error}");
        }
    }
}

/// Waits until tokens can be counted, but not at the end: rows that say about how many are better than none. What comes
/// meanwhile waits in the queue.
fn read_vocabulary(queue: &Queue) {
    // Where there is no thread to be had, tokens are estimated.
    if thread::Builder::new().spawn(tokens::load).is_ok() {
        while !tokens::is_loaded() && !queue.is_closing() {
            thread::sleep(READING);
        }
    }
}
