//! A circuit breaker: a service that fails again and again is left alone for a while, so that messages need not wait for
//! another failure.

use std::{
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

use crate::sync::lock;

/// Failures in a row after which it opens.
const FAILURES: usize = 5;

/// How long it stays open before one more message may try.
const PAUSE: Duration = Duration::from_secs(30);

/// Counts failures in a row.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: usize,
    /// The end of the pause.
    closed_at: Option<Instant>,
}

impl Breaker {
    /// Whether the service may be asked; else how long it is left alone. After the pause one message tries, and the
    /// others wait for what becomes of it for another pause.
    pub(super) fn admit(&self, now: Instant) -> Result<(), Duration> {
        let mut state = self.state();
        match state.closed_at {
            Some(at) if at > now => Err(at - now),
            Some(_) => {
                state.closed_at = Some(now + PAUSE);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The service answered.
    pub(super) fn succeeded(&self) {
        *self.state() = State::default();
    }

    /// It did not.
    pub(super) fn failed(&self, now: Instant) {
        let mut state = self.state();
        state.failures += 1;
        if state.failures >= FAILURES {
            state.closed_at = Some(now + PAUSE);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_failures_in_a_row_and_one_message_tries_again() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        for _ in 1..FAILURES {
            breaker.failed(start);
        }
        breaker.succeeded();
        for _ in 0..FAILURES {
            assert_eq!(breaker.admit(start), Ok(()));
            breaker.failed(start);
        }
        assert_eq!(breaker.admit(start), Err(PAUSE));
        let later = start + PAUSE;
        assert_eq!(breaker.admit(later), Ok(()), "one tries");
        assert_eq!(breaker.admit(later), Err(PAUSE), "the others wait");
        breaker.failed(later);
        assert_eq!(breaker.admit(later + PAUSE / 2), Err(PAUSE / 2));
        assert_eq!(breaker.admit(later + PAUSE), Ok(()));
        breaker.succeeded();
        assert_eq!(breaker.admit(later + PAUSE), Ok(()));
        assert_eq!(breaker.admit(later + PAUSE), Ok(()));
    }
}
