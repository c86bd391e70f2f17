//! What a process writes to its standard error.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use tokio::io::AsyncRead;

use crate::{
    mask::Masker,
    wire::{Line, LineReader},
};

/// A longer line is cut in the log.
const LOG_LINE: usize = 8 * 1024;

/// The last lines of standard error, without their secrets.
#[derive(Default)]
pub struct LastWords(Mutex<VecDeque<String>>);

impl LastWords {
    const KEPT: usize = 3;
    const WIDTH: usize = 300;

    /// Reads standard error to its end. Each line goes to `log` as `redactor` leaves it, and the last ones are kept.
    pub async fn listen(&self, stderr: impl AsyncRead + Unpin, redactor: &Masker, log: impl Fn(&str)) {
        let mut lines = LineReader::new(stderr, LOG_LINE);
        while let Ok(Some(line)) = lines.next().await {
            let bytes = match &line {
                Line::Whole(bytes) => bytes,
                Line::TooLong { head, .. } => head,
            };
            let text = String::from_utf8_lossy(bytes);
            let text = redactor.masked(text.trim_end());
            if !text.is_empty() {
                log(&text);
                self.push(&text);
            }
        }
    }

    fn push(&self, line: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == Self::KEPT {
            lines.pop_front();
        }
        lines.push_back(line[..line.floor_char_boundary(Self::WIDTH)].to_owned());
    }

    /// `why`, with these behind it.
    pub fn behind(&self, why: String) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.is_empty() {
            return why;
        }
        let said = lines.iter().map(String::as_str).collect::<Vec<_>>().join(" ⏎ ");
        format!("{why}; the last it said on its standard error: {said}")
    }
}
