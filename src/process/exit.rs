//! How a process ended.

use std::{fmt, process::ExitStatus};

/// How a server's program ended, in words that a person can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// By itself, with this exit code.
    Code(i32),
    /// By this signal.
    Signal(i32),
    /// The system did not tell.
    Unknown,
}

/// What an exit code commonly means.
const CODES: &[(i32, &str)] = &[
    (126, "a command was found but may not be executed"),
    (127, "a command was not found"),
    (134, "a crash: it aborted"),
    (137, "killed: out of memory?"),
    (139, "a crash: it touched memory that is not its own"),
];

/// The signals that end a process, by the numbers that are the same on every Unix, and what they commonly mean.
const SIGNALS: &[(i32, &str, &str)] = &[
    (1, "SIGHUP", ""),
    (2, "SIGINT", ""),
    (3, "SIGQUIT", ""),
    (4, "SIGILL", "a crash: built for another processor?"),
    (5, "SIGTRAP", "a crash"),
    (6, "SIGABRT", "a crash: it aborted"),
    (8, "SIGFPE", "a crash"),
    (9, "SIGKILL", "out of memory?"),
    (11, "SIGSEGV", "a crash: it touched memory that is not its own"),
    (13, "SIGPIPE", "it wrote to a pipe that nobody reads"),
    (14, "SIGALRM", ""),
    (15, "SIGTERM", ""),
];

impl From<ExitStatus> for Exit {
    fn from(status: ExitStatus) -> Self {
        match (status.code(), super::platform::signal(status)) {
            (Some(code), _) => Self::Code(code),
            (None, Some(signal)) => Self::Signal(signal),
            (None, None) => Self::Unknown,
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let meaning = match self {
            Self::Code(code) => {
                write!(f, "exited with code {code}")?;
                CODES
                    .iter()
                    .find(|(known, _)| known == code)
                    .map(|(_, meaning)| *meaning)
            }
            Self::Signal(signal) => match SIGNALS.iter().find(|(known, ..)| known == signal) {
                Some((_, name, meaning)) => {
                    write!(f, "was killed by {name}")?;
                    Some(*meaning)
                }
                None => return write!(f, "was killed by signal {signal}"),
            },
            Self::Unknown => return f.write_str("ended in a way that the system did not tell"),
        };
        match meaning.filter(|meaning| !meaning.is_empty()) {
            Some(meaning) => write!(f, " ({meaning})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exit_reads_well() {
        for (exit, text) in [
            (Exit::Code(0), "exited with code 0"),
            (Exit::Code(1), "exited with code 1"),
            (Exit::Code(127), "exited with code 127 (a command was not found)"),
            (Exit::Signal(9), "was killed by SIGKILL (out of memory?)"),
            (Exit::Signal(15), "was killed by SIGTERM"),
            (Exit::Signal(40), "was killed by signal 40"),
            (Exit::Unknown, "ended in a way that the system did not tell"),
        ] {
            assert_eq!(exit.to_string(), text);
        }
    }
}
