//! What a process writes to its standard error.

use std::{collections::VecDeque, sync::Mutex};

use futures_util::FutureExt;
use tokio::io::AsyncRead;
use zeroize::Zeroizing;

use crate::{
    json::{self, Edit},
    mask::{Hit, Masker, in_order},
    sync::lock,
    text::visible_line,
    wire::{Line, LineReader},
};

/// A longer line is cut in the log.
const LOG_LINE: usize = 8 * 1024;

/// How much of what is there already is masked at once, in bytes.
const AT_ONCE: usize = 64 * 1024;

/// How much of what was said before is read together with what is new, in bytes.
const LATELY: usize = 8 * 1024;

/// How much of each line of that is kept, in bytes: what a line says of the next ones stands at its beginning.
const BEGINNING: usize = 512;

/// The last lines of standard error, without their secrets.
#[derive(Default)]
pub struct LastWords(Mutex<VecDeque<String>>);

impl LastWords {
    const KEPT: usize = 3;
    const WIDTH: usize = 300;

    /// Reads standard error to its end. Each line goes to `log` as `redactor` leaves it, and the last ones are kept.
    pub async fn listen(&self, stderr: impl AsyncRead + Unpin, redactor: &Masker, log: impl Fn(&str)) {
        let mut lines = LineReader::new(stderr, LOG_LINE);
        let mut lately = Lately::default();
        while let Some(new) = some_lines(&mut lines).await {
            let masked = lately.masked(&new, redactor);
            for line in masked.lines().filter(|line| !line.is_empty()) {
                log(line);
                self.push(line);
            }
        }
    }

    fn push(&self, line: &str) {
        let mut lines = lock(&self.0);
        if lines.len() == Self::KEPT {
            lines.pop_front();
        }
        lines.push_back(visible_line(&line[..line.floor_char_boundary(Self::WIDTH)]).into_owned());
    }

    /// What comes before these.
    pub const BEFORE: &str = "; the last it said on its standard error: ";

    /// All of them in one line, if there are any.
    pub fn said(&self) -> Option<String> {
        let lines = lock(&self.0);
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        (!lines.is_empty()).then(|| lines.join(" ⏎ "))
    }

    /// `why`, with these behind it.
    pub fn behind(&self, why: String) -> String {
        match self.said() {
            Some(said) => [&why, Self::BEFORE, &said].concat(),
            None => why,
        }
    }
}

/// The next line, and those behind it that are there already; each ends with a line break.
async fn some_lines(lines: &mut LineReader<impl AsyncRead + Unpin>) -> Option<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    let mut next = lines.next().await;
    while let Ok(Some(line)) = next {
        let bytes = match &line {
            Line::Whole(bytes) => bytes,
            Line::TooLong { head, .. } => head,
        };
        text.push_str(String::from_utf8_lossy(bytes).trim_end());
        text.push('\n');
        if text.len() >= AT_ONCE {
            break;
        }
        next = lines.next().now_or_never().unwrap_or(Ok(None));
    }
    (!text.is_empty()).then_some(text)
}

/// What was said lately, as it was said: a key is printed over many lines, of which most tell nothing of it by
/// themselves.
#[derive(Default)]
struct Lately(Zeroizing<String>);

impl Lately {
    /// The new lines without their secrets, read by themselves and behind what was said before.
    fn masked(&mut self, new: &str, redactor: &Masker) -> String {
        let before = self.0.len();
        let joined = Zeroizing::new([&self.0, new].concat());
        let together = redactor.text(&joined);
        let open = together.last().filter(|hit| hit.span.end >= joined.trim_end().len());
        let opening = open.map(|hit| first_line(&joined, hit));
        let mut hits: Vec<Hit> = together
            .iter()
            .filter(|hit| hit.span.end > before)
            .map(|hit| Hit {
                span: hit.span.start.saturating_sub(before)..hit.span.end - before,
                ..hit.clone()
            })
            .collect();
        let mut at = 0;
        for line in new.split_inclusive('\n') {
            let alone = redactor.text(line.trim_end());
            hits.extend(alone.into_iter().map(|hit| Hit {
                span: at + hit.span.start..at + hit.span.end,
                ..hit
            }));
            at += line.len();
        }
        let edits: Vec<Edit> = in_order(hits)
            .into_iter()
            .map(|hit| Edit {
                span: hit.span,
                with: hit.with,
            })
            .collect();
        let masked = json::splice(new, &edits);
        self.0 = beginnings(&joined, opening.unwrap_or_default());
        masked
    }
}

/// The line that a hit begins in.
fn first_line<'t>(text: &'t str, hit: &Hit) -> &'t str {
    let start = text[..hit.span.start].rfind('\n').map_or(0, |at| at + 1);
    let line = &text[start..];
    &line[..line.find('\n').map_or(line.len(), |at| at + 1)]
}

/// How the last lines of a text begin; before them `opening`, if they would not reach back to it.
fn beginnings(text: &str, opening: &str) -> Zeroizing<String> {
    let (mut kept, mut length) = (Vec::new(), 0);
    for line in text.split_inclusive('\n').rev() {
        let line = line.trim_end();
        let line = &line[..line.floor_char_boundary(BEGINNING)];
        length += line.len() + 1;
        if length > LATELY {
            kept.push(opening.trim_end());
            break;
        }
        kept.push(line);
    }
    let mut lately = Zeroizing::new(String::with_capacity(length + opening.len()));
    for line in kept.iter().rev().filter(|line| !line.is_empty()) {
        lately.push_str(line);
        lately.push('\n');
    }
    lately
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        detect::secrets::{Engine, Options},
        mask::Placeholder,
    };

    /// What is logged of these texts, which are read one after the other.
    fn logged(texts: &[&str]) -> String {
        let redactor = Masker::new(Engine::new(Options::default()).unwrap(), Placeholder);
        let mut lately = Lately::default();
        texts.iter().map(|text| lately.masked(text, &redactor)).collect()
    }

    /// A key of so many lines that was made up.
    fn key(lines: usize) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut state = 7_u64;
        let mut letter = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            char::from(LETTERS[(state >> 58) as usize])
        };
        let mut line = || (0..64).map(|_| letter()).collect::<String>();
        let body: Vec<String> = (0..lines).map(|_| line()).collect();
        format!(
            "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----\n",
            body.join("\n")
        )
    }

    #[test]
    fn a_key_that_is_printed_line_by_line_is_masked_to_its_end() {
        for lines in [5, 30, 400] {
            let key = key(lines);
            let said = format!("before\n{key}after it\n");
            let by_line: Vec<&str> = said.split_inclusive('\n').collect();
            for texts in [by_line, vec![&said]] {
                let logged = logged(&texts);
                assert!(
                    logged.starts_with("before\n") && logged.ends_with("after it\n"),
                    "{logged}"
                );
                for line in key.lines().filter(|line| !line.starts_with('-')) {
                    assert!(!logged.contains(line), "{lines}: {line} in {logged}");
                }
            }
        }
    }

    #[test]
    fn the_values_of_a_manifest_are_masked_line_by_line() {
        let manifest = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  first: aHVudGVyMjIyMg==\n  more: c2VjcmV0bHkhIQ==\n";
        let lines: Vec<&str> = manifest.split_inclusive('\n').collect();
        let logged = logged(&lines);
        assert!(!logged.contains("aHVud") && !logged.contains("c2Vjc"), "{logged}");
        assert!(logged.contains("name: db"), "{logged}");
    }

    #[test]
    fn what_is_no_secret_is_logged_as_it_was_said() {
        let lines = [
            "starting\n",
            "listening on 127.0.0.1:8080\n",
            "Traceback (most recent call last):\n",
            "  File \"x.py\", line 3, in <module>\n",
        ];
        assert_eq!(logged(&lines), lines.concat());
        assert_eq!(
            logged(&[r#"{"password":"Zk8!wLp2Qx9dM"}"#]),
            r#"{"password":"<PASSWORD>"}"#
        );
    }
}
