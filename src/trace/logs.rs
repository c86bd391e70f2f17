//! The daily files of the Python package: one line for each event, which `Reader.read_logs` of xetrack reads.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::PathBuf,
};

use time::OffsetDateTime;

use crate::clock;
use crate::config::private;

/// What stands between the head of a line and its JSON.
const DELIMITER: &str = "!📁!";

/// The files in one directory.
pub(super) struct Logs {
    directory: PathBuf,
    /// How they are called; `{time:YYYY-MM-DD}` stands for the day.
    format: String,
    open: Option<(String, File)>,
}

impl Logs {
    pub(super) fn new(directory: PathBuf, format: String) -> Self {
        Self {
            directory,
            format,
            open: None,
        }
    }

    /// Appends an event, to the file of its day.
    pub(super) fn write(&mut self, at: i64, event: &str) -> io::Result<()> {
        let name = named(&self.format, clock::date(at));
        if self.open.as_ref().is_none_or(|(open, _)| *open != name) {
            let path = self.directory.join(&name);
            private::touch(&path)?;
            self.open = Some((name, OpenOptions::new().append(true).open(path)?));
        }
        let moment = clock::timestamp(at);
        let line = format!(
            "{} | TRACKING | mcp_gateway:track:1{DELIMITER}{event}\n",
            &moment[..moment.len() - 3]
        );
        match &mut self.open {
            // One call of the system for one line, so that those of several gateways don't mix.
            Some((_, file)) => file.write_all(line.as_bytes()),
            None => Ok(()),
        }
    }
}

/// The name of the file for a day, without a way out of its directory.
fn named(format: &str, date: OffsetDateTime) -> String {
    let mut name = String::new();
    let mut rest = format;
    while let Some((before, pattern)) = rest.split_once("{time") {
        let (pattern, after) = pattern.split_once('}').unwrap_or((pattern, ""));
        name += before;
        name += &filled(pattern.strip_prefix(':').unwrap_or("YYYY-MM-DD"), date);
        rest = after;
    }
    (name + rest).replace(['/', '\\'], "-")
}

/// A pattern of loguru's with the date in it.
fn filled(pattern: &str, date: OffsetDateTime) -> String {
    let parts = [
        ("YYYY", format!("{:04}", date.year())),
        ("MM", format!("{:02}", u8::from(date.month()))),
        ("DD", format!("{:02}", date.day())),
        ("HH", format!("{:02}", date.hour())),
        ("mm", format!("{:02}", date.minute())),
        ("ss", format!("{:02}", date.second())),
    ];
    parts
        .iter()
        .fold(pattern.to_owned(), |text, (part, value)| text.replace(part, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_day_has_its_file() {
        let root = tempfile::tempdir().unwrap();
        let mut logs = Logs::new(root.path().join("logs"), "{time:YYYY-MM-DD}.log".into());
        for at in [1_745_757_296_123_456, 1_745_757_296_200_000, 1_745_843_696_000_000] {
            logs.write(at, r#"{"a":1}"#).unwrap();
        }
        let first = std::fs::read_to_string(root.path().join("logs/2025-04-27.log")).unwrap();
        assert_eq!(
            first.lines().next().unwrap(),
            r#"2025-04-27 12:34:56.123 | TRACKING | mcp_gateway:track:1!📁!{"a":1}"#
        );
        assert_eq!(first.lines().count(), 2);
        assert!(root.path().join("logs/2025-04-28.log").exists());
    }

    #[test]
    fn a_file_is_called_as_one_likes_and_stays_where_it_belongs() {
        let date = clock::date(1_745_757_296_123_456);
        assert_eq!(named("calls-{time:YYYYMMDD_HH}.txt", date), "calls-20250427_12.txt");
        assert_eq!(named("{time}.log", date), "2025-04-27.log");
        assert_eq!(named("../../{time:YYYY/MM}", date), "..-..-2025-04");
    }
}
