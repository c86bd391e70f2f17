//! Unix: a process group for each server, and signals.

mod family;
mod table;

use std::{
    io,
    os::unix::process::ExitStatusExt,
    process::ExitStatus,
    sync::{Arc, Mutex},
    time::Duration,
};

use nix::{errno::Errno, sys::signal::SigSet, unistd::setsid};
use tokio::{
    process::{Child, Command},
    task,
};

use crate::{process::Pipes, sync::lock};

pub(crate) use family::Family;
#[cfg(test)]
pub(crate) use table::is_running;

/// Whether the gateway needs a watchdog: nothing else ends processes when their parent is killed.
pub(crate) const NEEDS_WATCHDOG: bool = true;

/// The error of the system for a file that it does not know how to run.
pub(crate) const WRONG_FORMAT: Option<i32> = Some(Errno::ENOEXEC as i32);

/// How many bytes a pipe may hold. Messages are often larger than the usual 64 KiB, and whenever a pipe is full its two
/// sides must take turns: a message of 1 MiB takes about half the time with these. Twice this would gain a little more, but Linux slows
/// all pipes of a user down from 64 MiB on, which is 64 servers.
#[cfg(target_os = "linux")]
const PIPE_BYTES: i32 = 512 * 1024;

/// A server's program: the process that was started, with all that it started itself.
pub(crate) struct Leader {
    process: Child,
    family: Arc<Mutex<Family>>,
    /// Whether the end has come for all.
    ended: bool,
}

impl Leader {
    /// Starts `command` in a process group of its own; `mark` is the mark in its environment.
    pub(crate) fn start(mut command: Command, mark: String) -> io::Result<Self> {
        let process = command.process_group(0).spawn()?;
        #[cfg(target_os = "linux")]
        {
            process.stdin.as_ref().map(widen);
            process.stdout.as_ref().map(widen);
        }
        let mut family = Family::new(mark);
        process.id().into_iter().for_each(|group| family.add(group));
        Ok(Self {
            process,
            family: Arc::new(Mutex::new(family)),
            ended: false,
        })
    }

    /// The number of the process that was started, which is that of its group; `None` once its end was noted.
    pub(crate) fn id(&self) -> Option<u32> {
        self.process.id()
    }

    /// Its pipes, once.
    pub(crate) fn pipes(&mut self) -> Option<Pipes> {
        let Child {
            stdin, stdout, stderr, ..
        } = &mut self.process;
        Some(Pipes {
            stdin: stdin.take()?,
            stdout: stdout.take()?,
            stderr: stderr.take()?,
        })
    }

    /// Waits until it has ended.
    pub(crate) async fn wait(&mut self) -> io::Result<ExitStatus> {
        self.process.wait().await
    }

    /// Takes note of the descendants, so that they are found after those they descend from have left.
    pub(crate) async fn remember(&self) {
        self.off_thread(Family::remember).await;
    }

    /// Ends everything: SIGTERM, up to `grace` for those that heed it, SIGKILL.
    pub(crate) async fn end(&mut self, grace: Duration) {
        self.ended = self.off_thread(move |family| family.end(grace)).await;
    }

    /// Kills everything that has not been ended, at once.
    pub(crate) fn kill(&mut self) {
        if !self.ended {
            lock(&self.family).kill();
        }
    }

    /// Looking through all processes takes milliseconds, in which calls of other servers should go on. Tells whether it
    /// was done: not where the runtime is about to end.
    async fn off_thread(&self, work: impl FnOnce(&mut Family) + Send + 'static) -> bool {
        let family = Arc::clone(&self.family);
        let work = move || work(&mut lock(&family));
        task::spawn_blocking(work).await.is_ok()
    }
}

/// The system may refuse, since all pipes of a user are limited together; then the pipe stays as it is.
#[cfg(target_os = "linux")]
fn widen(pipe: &impl std::os::fd::AsFd) {
    nix::fcntl::fcntl(pipe, nix::fcntl::FcntlArg::F_SETPIPE_SZ(PIPE_BYTES)).ok();
}

/// The signal that ended a process.
pub(crate) fn signal(status: ExitStatus) -> Option<i32> {
    status.signal()
}

/// Makes this process one that outlives what ends the gateway: signals to it or to its group, a terminal that closes,
/// a `pkill` by its name.
pub(crate) fn become_watchdog() {
    SigSet::all().thread_block().ok();
    setsid().ok();
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_name(c"mcp-watchdog").ok();
}
