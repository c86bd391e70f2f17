//! The watchdog's own process: a few lines, since it sits in memory beside every gateway.

use std::{
    io::{BufRead, stdin},
    process::ExitCode,
    time::Duration,
};

use crate::process::platform::{Family, become_watchdog};

/// How long servers have to heed SIGTERM once the gateway is gone: they must all be dead two seconds after it.
const GRACE: Duration = Duration::from_millis(500);

/// Reads on stdin what to watch, and ends it when stdin does. To be called first thing in `main`: neither a runtime nor
/// a configuration is needed for it.
pub fn run() -> ExitCode {
    become_watchdog();
    guard(stdin().lock());
    ExitCode::SUCCESS
}

fn guard(news: impl BufRead) {
    let mut lines = news.lines().map_while(Result::ok);
    let Some(session) = lines.next() else { return };
    let mut family = Family::new(session);
    for line in lines {
        match line.split_at_checked(1) {
            Some(("+", group)) => group.parse().into_iter().for_each(|group| family.add(group)),
            Some(("-", group)) => group.parse().into_iter().for_each(|group| family.remove(group)),
            _ => {}
        }
    }
    family.end(GRACE);
}

#[cfg(all(test, unix))]
mod tests {
    use std::{
        os::unix::process::{CommandExt, ExitStatusExt},
        process::{Child, Command, ExitStatus},
        thread::sleep,
    };

    use super::*;
    use crate::process::{MARK, platform::is_running};

    /// A shell in a process group of its own that says `ready` when it is.
    fn start(script: &str, mark: &str) -> Child {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", script])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env(MARK, mark);
        let mut child = command
            .process_group(0)
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("a shell is there");
        let mut line = String::new();
        std::io::BufReader::new(child.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("ready");
        child
    }

    fn is_alive(child: &Child) -> bool {
        is_running(child.id().cast_signed())
    }

    /// Whether it ends: what was killed takes a moment to be gone, and long where the machine is busy.
    fn ends(child: &Child) -> bool {
        (0..3000).any(|_| {
            sleep(Duration::from_millis(10));
            !is_alive(child)
        })
    }

    fn end(mut child: Child) -> ExitStatus {
        child.kill().ok();
        child.wait().expect("ended")
    }

    #[test]
    fn what_is_watched_ends_and_the_rest_lives() {
        let start = |script| start(script, "w1");
        let (watched, stubborn, released) = (
            start("echo; exec sleep 60"),
            start("trap '' TERM; echo; sleep 60"),
            start("echo; exec sleep 60"),
        );
        // Nothing carries this session: the groups alone tell.
        let news = format!(
            "w2\n\n+{}\n+{}\n+{}\n-{2}\n",
            watched.id(),
            stubborn.id(),
            released.id()
        );
        guard(news.as_bytes());
        assert!(ends(&watched) && ends(&stubborn) && is_alive(&released));
        assert_eq!(
            end(stubborn).signal(),
            Some(9),
            "it was killed, and did not come to its own end"
        );
        for child in [watched, released] {
            end(child);
        }
    }

    #[test]
    fn what_carries_the_session_ends_though_nobody_told_of_it() {
        let (mine, foreign) = (
            start("echo; exec sleep 60", "w3.1"),
            start("echo; exec sleep 60", "w33.1"),
        );
        guard("w3\n".as_bytes());
        assert!(ends(&mine) && is_alive(&foreign));
        for child in [mine, foreign] {
            end(child);
        }
    }

    #[test]
    fn without_a_session_nothing_is_touched() {
        let child = start("echo; exec sleep 60", "w4.1");
        guard("".as_bytes());
        assert!(is_alive(&child));
        end(child);
    }
}
