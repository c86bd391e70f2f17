//! The way from the calls to the writer: bounded, and nobody waits who puts something in.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::record::Record;
use crate::sync::lock;

/// The most that may wait, in bytes. What comes on top is lost, and counted.
const MOST_BYTES: usize = 64 << 20;

/// How long the writer gathers what belongs to one batch. Waking it for each record would cost a call more than the
/// record does.
const GATHERING: Duration = Duration::from_millis(100);

/// What waits to be written.
#[derive(Default)]
pub(super) struct Queue {
    inside: Mutex<Inside>,
    /// Told when the first record of a batch has come, and at the end.
    came: Condvar,
    /// Told when the writer has ended.
    ended: Condvar,
}

#[derive(Default)]
struct Inside {
    records: Vec<Record>,
    bytes: usize,
    lost: u64,
    closing: bool,
    has_ended: bool,
}

/// What the writer gets at a time.
pub(super) struct Batch {
    pub(super) records: Vec<Record>,
    /// How many records did not fit since the last batch.
    pub(super) lost: u64,
    /// Whether nothing follows.
    pub(super) is_last: bool,
}

impl Queue {
    /// Puts a record in, if there is room for it.
    pub(super) fn push(&self, record: Record) {
        let size = record.size();
        let mut inside = self.lock();
        if inside.bytes + size > MOST_BYTES {
            inside.lost += 1;
            return;
        }
        inside.bytes += size;
        let is_first = inside.records.is_empty();
        inside.records.push(record);
        drop(inside);
        if is_first {
            self.came.notify_one();
        }
    }

    /// Waits for records, but no longer than `patience`, and gathers what comes with them.
    pub(super) fn batch(&self, patience: Duration) -> Batch {
        let inside = self.lock();
        let idle = |inside: &mut Inside| inside.records.is_empty() && !inside.closing;
        let waited = self.came.wait_timeout_while(inside, patience, idle);
        let (inside, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let gathering = |inside: &mut Inside| !inside.records.is_empty() && !inside.closing;
        let waited = self.came.wait_timeout_while(inside, GATHERING, gathering);
        let (mut inside, _) = waited.unwrap_or_else(PoisonError::into_inner);
        inside.bytes = 0;
        Batch {
            records: std::mem::take(&mut inside.records),
            lost: std::mem::take(&mut inside.lost),
            is_last: inside.closing,
        }
    }

    /// Says that nothing follows, and waits for the writer to end, but no longer than `patience`. Whether it did.
    pub(super) fn close(&self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        let mut inside = self.lock();
        inside.closing = true;
        self.came.notify_all();
        let left = deadline.saturating_duration_since(Instant::now());
        let waited = self.ended.wait_timeout_while(inside, left, |inside| !inside.has_ended);
        waited.unwrap_or_else(PoisonError::into_inner).0.has_ended
    }

    /// Whether nothing follows what is in it.
    pub(super) fn is_closing(&self) -> bool {
        self.lock().closing
    }

    /// Says that the writer has ended.
    pub(super) fn end(&self) {
        self.lock().has_ended = true;
        self.ended.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        lock(&self.inside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Scan;

    fn record(length: usize) -> Record {
        Record::Scanned(Scan {
            report: "x".repeat(length),
            ..Scan::default()
        })
    }

    #[test]
    fn what_does_not_fit_is_counted_and_nobody_waits() {
        let queue = Queue::default();
        for _ in 0..3 {
            queue.push(record(MOST_BYTES / 2 - 1024));
        }
        let batch = queue.batch(Duration::ZERO);
        assert_eq!((batch.records.len(), batch.lost), (2, 1));
        queue.push(record(1));
        assert_eq!(queue.batch(Duration::ZERO).records.len(), 1, "there is room again");
    }

    #[test]
    fn the_end_waits_for_the_writer() {
        let queue = Queue::default();
        queue.push(record(1));
        assert!(!queue.close(Duration::ZERO), "nobody has written it");
        let batch = queue.batch(Duration::ZERO);
        assert!(batch.is_last && batch.records.len() == 1);
        queue.end();
        assert!(queue.close(Duration::ZERO));
    }
}
