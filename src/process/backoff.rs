//! How long to wait before something that ended is started again.

use std::time::Duration;

use tokio::time::Instant;

/// The first pause; each further one is twice as long.
const FIRST: Duration = Duration::from_millis(250);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(60);
/// What ran this long is started again as if it had never failed.
const SUSTAINED: Duration = Duration::from_secs(60);

/// The pauses between the runs of one thing, from the start of a run on.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    started: Instant,
    pause: Duration,
}

impl Backoff {
    /// For a first run that starts now.
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
            pause: FIRST,
        }
    }

    /// The pause if the run ends now.
    pub fn pause(&self) -> Duration {
        if self.started.elapsed() >= SUSTAINED {
            FIRST
        } else {
            self.pause
        }
    }

    /// For a next run that starts now, where the one before ended and was followed by this pause.
    #[must_use]
    pub fn after(pause: Duration) -> Self {
        Self {
            started: Instant::now(),
            pause: (pause * 2).min(LONGEST),
        }
    }
}
