//! The log: lines on standard error, without secrets.

use std::{
    fmt::Debug,
    io::{self, IsTerminal, Write},
};

use tracing::{field::Field, level_filters::LevelFilter};
use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{
    field::MakeExt,
    fmt::{self, MakeWriter, format::debug_fn},
};

use super::options::Level;
use crate::{plugins::redactor, text::visible_line};

/// Lines that may wait to be written; room for them is set aside at the start. Further ones are dropped.
const WAITING: usize = 8192;

/// Logs what is at least of this level. Whoever drops the guard waits for the last lines.
///
/// Writing is another thread's work: a client that does not read standard error must not hold up the calls.
pub(super) fn start(level: Level) -> WorkerGuard {
    let (output, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(WAITING)
        .finish(io::stderr());
    let filter = match level {
        Level::Debug => LevelFilter::DEBUG,
        Level::Info => LevelFilter::INFO,
        Level::Warning => LevelFilter::WARN,
        Level::Error | Level::Critical => LevelFilter::ERROR,
    };
    let log = fmt::Subscriber::builder()
        .with_max_level(filter)
        .with_target(false)
        .with_ansi(io::stderr().is_terminal())
        .fmt_fields(debug_fn(field).delimited(" "))
        .with_writer(Masked(output))
        .finish();
    // Only the first log counts, and a process has one.
    let _ = tracing::subscriber::set_global_default(log);
    guard
}

/// Writes the message or another field of a record. Whoever wrote the value, it stays within the line, and steers no
/// terminal.
fn field(line: &mut fmt::format::Writer<'_>, field: &Field, value: &dyn Debug) -> std::fmt::Result {
    let value = format!("{value:?}").replace('\n', "\\n");
    let value = visible_line(&value);
    match field.name() {
        "message" => line.write_str(&value),
        name => write!(line, "{name}={value}"),
    }
}

/// Masks each line before it is written.
struct Masked(NonBlocking);

impl<'a> MakeWriter<'a> for Masked {
    type Writer = MaskedLine<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        MaskedLine(&self.0)
    }
}

struct MaskedLine<'a>(&'a NonBlocking);

impl Write for MaskedLine<'_> {
    /// Gets one whole line at a time.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        self.0.clone().write_all(redactor().masked(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
