//! The watchdog: a second process of this binary that ends the servers when the gateway is killed.
//!
//! It holds the reading end of a pipe from the gateway, so that even after a SIGKILL the system tells it. What it reads
//! is the gateway's session on the first line, then `+GROUP` and `-GROUP` for each process group that comes and goes.
//! Where the system ends a job with its owner, as Windows does, there is none.

mod process;

use std::{
    collections::BTreeSet,
    hash::{BuildHasher, RandomState},
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, MutexGuard, Weak},
    thread::sleep,
    time::{Duration, Instant},
};

pub use process::run;

use super::platform;

use crate::sync::lock;

/// How long the gateway, when it ends, waits for its watchdog to have left. It leaves at once if no process is left.
const FAREWELL: Duration = Duration::from_millis(100);

/// The gateway's hold on its watchdog, and the session that its servers are marked with. Clones are the same one. When
/// the last is gone, so is the watchdog.
#[derive(Clone, Debug)]
pub struct Watchdog(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    /// The binary; `None` where there is no watchdog to start.
    program: Option<PathBuf>,
    process: Option<Child>,
    session: String,
    /// How many servers were started.
    count: usize,
    groups: BTreeSet<u32>,
}

impl Watchdog {
    /// The sub-command of the binary that must call [`run`].
    pub const COMMAND: &str = "watchdog";

    /// One that is started before the first server, as `program watchdog`; the path is an absolute one.
    pub fn new(program: PathBuf) -> Self {
        Self::with(Some(program).filter(|_| platform::NEEDS_WATCHDOG))
    }

    /// That of this process, which is the same one for all who start programs while any of them holds it.
    pub fn shared() -> Self {
        static SHARED: Mutex<Weak<Mutex<State>>> = Mutex::new(Weak::new());
        let mut shared = lock(&SHARED);
        let watchdog = shared.upgrade().map_or_else(
            || std::env::current_exe().map_or_else(|_| Self::none(), Self::new),
            Self,
        );
        *shared = Arc::downgrade(&watchdog.0);
        watchdog
    }

    /// None: whatever is started outlives a gateway that is killed. For tests.
    pub fn none() -> Self {
        Self::with(None)
    }

    fn with(program: Option<PathBuf>) -> Self {
        // A random number, since it must be unlike that of any other gateway on the system. It is no secret: with a mark
        // that it makes up, a process brings about its own end only.
        let session = format!("{:016x}", RandomState::new().hash_one(std::process::id()));
        Self(Arc::new(Mutex::new(State {
            program,
            process: None,
            session,
            count: 0,
            groups: BTreeSet::new(),
        })))
    }

    /// The mark of the next server to be started: it lies under the session. From here on the watchdog is awake.
    pub(super) fn mark(&self) -> String {
        let mut state = self.state();
        state.count += 1;
        state.tell("\n");
        format!("{}.{}", state.session, state.count)
    }

    /// Has the process group ended when the gateway is gone.
    pub(super) fn watch(&self, group: u32) {
        let mut state = self.state();
        state.groups.insert(group);
        state.tell(&format!("+{group}\n"));
    }

    /// Takes back [`Watchdog::watch`].
    pub(super) fn release(&self, group: u32) {
        let mut state = self.state();
        state.groups.remove(&group);
        state.tell(&format!("-{group}\n"));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0)
    }
}

impl State {
    /// Writes a line, or starts the watchdog if it is not there, be it for the first time or because someone ended it.
    fn tell(&mut self, line: &str) {
        let Some(program) = &self.program else { return };
        if let Some(process) = &mut self.process {
            if write(process, line).is_ok() {
                return;
            }
            process.kill().and_then(|()| process.wait()).ok();
        }
        let groups: String = self.groups.iter().map(|group| format!("+{group}\n")).collect();
        let news = format!("{}\n{groups}", self.session);
        match start(program, &news) {
            Ok(process) => self.process = Some(process),
            Err(error) => {
                self.program = None;
                tracing::warn!("no watchdog could be started, servers will outlive a gateway that is killed: {error}");
            }
        }
    }
}

/// Starts the watchdog and has it read `news`. It holds nothing that anyone else could wait for: no output, no directory.
fn start(program: &Path, news: &str) -> io::Result<Child> {
    let mut command = Command::new(program);
    command.arg(Watchdog::COMMAND).env_clear().current_dir("/");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut process = command.spawn()?;
    write(&mut process, news)?;
    Ok(process)
}

fn write(process: &mut Child, text: &str) -> io::Result<()> {
    let pipe = process.stdin.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
    pipe.write_all(text.as_bytes())
}

impl Drop for State {
    fn drop(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        drop(process.stdin.take());
        let deadline = Instant::now() + FAREWELL;
        while matches!(process.try_wait(), Ok(None)) && Instant::now() < deadline {
            sleep(FAREWELL / 50);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use super::*;
    use crate::process::scripts;

    /// Until the log that the watchdog writes, less the session, is `expected`.
    fn wait_for(log: &Path, session: &str, expected: &str) {
        let read = || {
            fs::read_to_string(log)
                .unwrap_or_default()
                .replace(session, "S")
                .replace("\n", " ")
        };
        let deadline = Instant::now() + Duration::from_secs(5);
        while read().trim() != expected && Instant::now() < deadline {
            sleep(Duration::from_millis(5));
        }
        assert_eq!(read().trim(), expected);
    }

    #[test]
    fn the_watchdog_is_told_started_again_and_sent_home() {
        let directory = tempfile::tempdir().expect("a directory");
        let (program, log) = (directory.path().join("dog"), directory.path().join("log"));
        let scribe = "echo $1; while read line; do echo $line; done; echo over";
        scripts::write(&program, &format!("#!/bin/sh\nexec >> {}; {scribe}", log.display()));
        let watchdog = Watchdog::new(program);
        let session = watchdog.state().session.clone();
        assert!(watchdog.state().process.is_none());
        assert_eq!(watchdog.mark(), format!("{session}.1"));
        watchdog.watch(7);
        watchdog.watch(8);
        watchdog.release(7);
        wait_for(&log, &session, "watchdog S +7 +8 -7");

        fs::remove_file(&log).expect("written");
        let kill = |process: &mut Child| process.kill().and_then(|()| process.wait());
        watchdog
            .state()
            .process
            .as_mut()
            .map(kill)
            .expect("it runs")
            .expect("killed");
        assert_eq!(watchdog.mark(), format!("{session}.2"));
        wait_for(&log, &session, "watchdog S +8");

        drop(watchdog);
        wait_for(&log, &session, "watchdog S +8 over");
    }

    #[test]
    fn one_that_cannot_be_started_stops_nothing() {
        let watchdog = Watchdog::new("/no/such/program".into());
        assert!(watchdog.mark().ends_with(".1"));
        watchdog.watch(7);
        assert!(watchdog.state().program.is_none());
    }
}
