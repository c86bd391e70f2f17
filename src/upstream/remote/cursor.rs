//! Where a stream of events was broken off, and when it is opened again.

use std::time::Duration;

/// The pause before a stream is opened again, where the server names none; doubled as long as it brings nothing.
const PAUSE: Duration = Duration::from_secs(1);
/// The shortest pause, whatever the server names: a stream that ends at once is opened again without end.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Where a stream of events was broken off.
#[derive(Default)]
pub(super) struct Cursor {
    /// The id of its last event, where it had one.
    pub(super) last: Option<String>,
    /// The pause that the server named.
    pub(super) pause: Option<Duration>,
    /// Openings in a row that brought nothing.
    pub(super) idle: u32,
}

impl Cursor {
    /// How long to wait before it is opened again.
    pub(super) fn pause(&self) -> Duration {
        let wait = self.pause.unwrap_or(PAUSE).max(SHORTEST_PAUSE);
        wait.saturating_mul(1 << self.idle.saturating_sub(1).min(6))
            .min(LONGEST_PAUSE.max(wait))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_not_opened_again_at_once_whatever_the_server_names() {
        let pause = |named, idle| {
            let pause = Some(Duration::from_millis(named));
            Cursor {
                last: None,
                pause,
                idle,
            }
            .pause()
        };
        for idle in [0, 1, 5, 100] {
            assert!(pause(0, idle) >= SHORTEST_PAUSE);
            assert!(pause(u64::MAX, idle) >= LONGEST_PAUSE);
        }
        assert_eq!(pause(250, 2), Duration::from_millis(500));
        assert!(pause(1000, 100) <= LONGEST_PAUSE + Duration::from_secs(4));
    }
}
