//! On what terms somebody outside the gateway is asked about messages: for how long, how often at a time, and what becomes of
//! a message where there is no answer.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{BuildError, masking::take};
use crate::guard::GuardError;

/// The longest that a message may be made to wait, in seconds.
const LONGEST: f64 = 3600.0;

/// The most requests at a time.
const MOST: usize = 64;

/// What becomes of a message that nobody judged.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum OnError {
    /// It is stopped.
    #[default]
    Block,
    /// It passes, and the log says so.
    Allow,
}

/// How somebody is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    /// How long an answer may take.
    pub(super) timeout: Duration,
    /// How many requests are under way at a time.
    pub(super) concurrency: usize,
    /// What becomes of a message where there is no answer.
    pub(super) on_error: OnError,
}

impl Terms {
    /// The names of their settings.
    pub(super) const SETTINGS: [&str; 3] = ["timeout", "concurrency", "on_error"];

    /// Takes them out of a plugin's settings.
    pub(super) fn take(settings: &mut Map<String, Value>) -> Result<Self, BuildError> {
        let [timeout, concurrency, on_error] = Self::SETTINGS;
        let seconds = take(settings, timeout, "a number of seconds")?.unwrap_or(10.0);
        if !(seconds > 0.0 && seconds <= LONGEST) {
            return Err(BuildError(format!(
                "`timeout` has to be a number of seconds up to {LONGEST}"
            )));
        }
        let at_a_time = take(settings, concurrency, "a number of requests")?.unwrap_or(4);
        if !(1..=MOST).contains(&at_a_time) {
            return Err(BuildError(format!(
                "`concurrency` has to be a number of requests from 1 to {MOST}"
            )));
        }
        Ok(Self {
            timeout: Duration::from_secs_f64(seconds),
            concurrency: at_a_time,
            on_error: take(settings, on_error, "`block` or `allow`")?.unwrap_or_default(),
        })
    }
}

impl OnError {
    /// What becomes of a message that `plugin` could not judge, and why it could not.
    pub(super) fn settle(self, plugin: &'static str, why: String) -> Result<(), GuardError> {
        match self {
            Self::Block => Err(GuardError(why)),
            Self::Allow => {
                tracing::warn!(plugin, "{why}; the message passes without it");
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn terms_that_can_not_be_meant_are_refused() {
        for (settings, named) in [
            (json!({"timeout": 0}), "`timeout`"),
            (json!({"timeout": "soon"}), "`timeout`"),
            (json!({"concurrency": 0}), "`concurrency`"),
            (json!({"on_error": "ignore"}), "`block` or `allow`"),
        ] {
            let Value::Object(mut settings) = settings else {
                panic!("no object")
            };
            let error = Terms::take(&mut settings).expect_err(named);
            assert!(error.0.contains(named), "{error}");
        }
    }
}
