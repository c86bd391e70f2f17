//! The person at the terminal.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, IsTerminal, Write},
};

use crate::platform::terminal;

/// Somebody who reads standard error and types at the terminal that controls this process.
pub(super) struct Person(BufReader<File>);

impl Person {
    /// Whoever is there. What another program types into a pipe is nobody's answer.
    ///
    /// # Errors
    /// Says that nobody is.
    pub(super) fn present() -> Result<Self, String> {
        let reads = io::stdin().is_terminal() && io::stderr().is_terminal();
        let terminal = reads.then(|| File::open(terminal::PATH).ok()).flatten();
        let terminal = terminal.ok_or("only a person at a terminal can answer, and there is none: run this in one")?;
        Ok(Self(BufReader::new(terminal)))
    }

    /// Whether they say yes. Silence is no, and so is a question that can't be asked.
    pub(super) fn says_yes(&mut self, question: &str) -> bool {
        let mut answer = String::new();
        let asked = write!(io::stderr(), "{question} [y/N] ").and_then(|()| self.0.read_line(&mut answer));
        asked.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
    }
}
