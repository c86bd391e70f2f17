//! Windows: a job for each server, which the system ends when the gateway leaves, in whatever way.

use std::{io, process::ExitStatus, time::Duration};

use process_wrap::tokio::{ChildWrapper, CommandWrap, JobObject, KillOnDrop};
use tokio::process;

use crate::process::Pipes;

/// Whether the gateway needs a watchdog: a job ends with the process that holds it.
pub(crate) const NEEDS_WATCHDOG: bool = false;

/// The error of the system for a file that it does not know how to run: `ERROR_BAD_EXE_FORMAT`.
pub(crate) const WRONG_FORMAT: Option<i32> = Some(193);

/// A server's program in its job.
pub(crate) struct Leader(Box<dyn ChildWrapper>);

impl Leader {
    /// Starts `command` in a job of its own; a mark is not needed to find its descendants.
    pub(crate) fn start(command: process::Command, _mark: String) -> io::Result<Self> {
        CommandWrap::from(command)
            .wrap(KillOnDrop)
            .wrap(JobObject)
            .spawn()
            .map(Self)
    }

    /// The number of the process that was started.
    pub(crate) fn id(&self) -> Option<u32> {
        self.0.id()
    }

    /// Its pipes, once.
    pub(crate) fn pipes(&mut self) -> Option<Pipes> {
        let (stdin, stdout) = (self.0.stdin().take()?, self.0.stdout().take()?);
        Some(Pipes {
            stdin,
            stdout,
            stderr: self.0.stderr().take()?,
        })
    }

    /// Waits until it has ended: the process itself, not the whole job.
    pub(crate) async fn wait(&mut self) -> io::Result<ExitStatus> {
        self.0.inner_mut().wait().await
    }

    /// The job knows its processes.
    pub(crate) async fn remember(&self) {}

    /// Ends everything, without a grace: nothing asks a Windows process without a window to leave.
    pub(crate) async fn end(&mut self, _grace: Duration) {
        self.kill();
    }

    /// Kills everything, at once. An error tells that nothing is left.
    pub(crate) fn kill(&mut self) {
        self.0.start_kill().ok();
    }
}

/// The processes of a session: those of a job, which the system ends.
pub(crate) struct Family;

impl Family {
    /// There is nothing to find.
    pub(crate) fn new(_mark: String) -> Self {
        Self
    }

    /// A job holds its processes by itself.
    pub(crate) fn add(&mut self, _leader: u32) {}

    /// A job lets go of its processes by itself.
    pub(crate) fn remove(&mut self, _leader: u32) {}

    /// The system has ended the jobs.
    pub(crate) fn end(&mut self, _grace: Duration) {}
}

/// There are no signals.
pub(crate) fn signal(_status: ExitStatus) -> Option<i32> {
    None
}

/// There is nothing to outlive.
pub(crate) fn become_watchdog() {}
