//! The person at the terminal.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, IsTerminal, Write},
    thread,
    time::Duration,
};

use crate::platform::terminal;

/// How long a question stands before an answer counts: whoever types earlier has not read it.
const GLANCE: Duration = Duration::from_millis(300);

/// Somebody who reads standard error and types at the terminal that controls this process.
pub(super) struct Person(File);

impl Person {
    /// Whoever is there. What another program types into a pipe is nobody's answer.
    ///
    /// # Errors
    /// Says that nobody is.
    pub(super) fn present() -> Result<Self, String> {
        let reads = io::stdin().is_terminal() && io::stderr().is_terminal();
        let terminal = reads.then(|| File::open(terminal::PATH).ok()).flatten();
        let terminal = terminal.ok_or("only a person at a terminal can answer, and there is none: run this in one")?;
        Ok(Self(terminal))
    }

    /// Whether they say yes, after they were shown the question. Silence is no, and so is a question that can't be asked.
    pub(super) fn says_yes(&mut self, question: &str) -> bool {
        ask(&self.0, &mut io::stderr(), question).unwrap_or(false)
    }
}

fn ask(typed: &File, screen: &mut impl Write, question: &str) -> io::Result<bool> {
    write!(screen, "{question}")?;
    screen.flush()?;
    thread::sleep(GLANCE);
    let mut answer = String::new();
    let yes = match terminal::forget_typed(typed) {
        Ok(()) => vec!["y".to_owned(), "yes".to_owned()],
        // What was typed before can't be forgotten, but it can't be this.
        Err(_) => vec![unforeseen()?],
    };
    match &*yes {
        [word] => write!(screen, " [{word} for yes, anything else for no] ")?,
        _ => write!(screen, " [y/N] ")?,
    }
    screen.flush()?;
    // A line that follows the answer is dropped with this reader: it answers nothing.
    BufReader::new(typed).read_line(&mut answer)?;
    Ok(yes.contains(&answer.trim().to_ascii_lowercase()))
}

/// A word that nobody typed before they saw it.
fn unforeseen() -> io::Result<String> {
    let mut random = [0; 2];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    Ok(format!("{:05}", u16::from_ne_bytes(random)))
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::fd::OwnedFd};

    use nix::pty::openpty;

    use super::*;

    /// A screen before which somebody sits who types once they are asked.
    struct Screen {
        keyboard: File,
        types: &'static str,
        shown: String,
    }

    impl Write for Screen {
        fn write(&mut self, shown: &[u8]) -> io::Result<usize> {
            self.shown.push_str(&String::from_utf8_lossy(shown));
            if self.shown.ends_with("] ") {
                self.keyboard.write_all(self.types.as_bytes())?;
            }
            Ok(shown.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_was_typed_before_the_question_answers_nothing() {
        for (before, types, says) in [
            ("y\ny\n", "n\n", false),
            ("y\ny\n", "\n", false),
            ("n\n", "y\n", true),
            ("", "yes\nn\n", true),
        ] {
            let terminal = openpty(None, None).expect("a terminal");
            let [mut keyboard, typed] = [terminal.master, terminal.slave].map(|end: OwnedFd| File::from(end));
            keyboard.write_all(before.as_bytes()).expect("it takes keys");
            let mut screen = Screen {
                keyboard,
                types,
                shown: String::new(),
            };
            let said = ask(&typed, &mut screen, "Well?").expect("an answer");
            assert_eq!(said, says, "{before:?}, then {types:?}");
            assert_eq!(screen.shown, "Well? [y/N] ");
        }
    }

    #[test]
    fn where_nothing_can_be_forgotten_a_yes_is_a_word_that_was_shown() {
        let typed = tempfile::NamedTempFile::new().expect("a file");
        fs::write(typed.path(), "y\n").expect("it is written");
        let mut shown = Vec::new();
        let said = ask(typed.as_file(), &mut shown, "Well?").expect("an answer");
        assert!(!said, "no terminal, and typed before");
        let shown = String::from_utf8(shown).expect("a text");
        assert!(shown.contains("for yes, anything else for no"), "{shown}");
    }
}
