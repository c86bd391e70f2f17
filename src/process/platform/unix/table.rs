//! The table of processes.

#[cfg_attr(target_os = "linux", path = "proc.rs")]
#[cfg_attr(not(target_os = "linux"), path = "ps.rs")]
mod source;

pub(super) use source::{processes, started};

/// A process, as far as it takes to tell whose it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Process {
    /// Its number.
    pub(super) pid: i32,
    /// Its parent's number.
    pub(super) parent: i32,
    /// The number of its process group.
    pub(super) group: i32,
    /// When it started, as the system writes it: the same for as long as it lives.
    pub(super) started: String,
    /// Whether it has ended already and only its parent has not taken note.
    pub(super) zombie: bool,
    /// Whether it carries the mark that was asked for.
    pub(super) marked: bool,
}

/// Whether a process is there and has not ended.
#[cfg(test)]
pub(crate) fn is_running(pid: i32) -> bool {
    processes("")
        .iter()
        .any(|process| process.pid == pid && !process.zombie)
}
