//! Processes, as Linux's `/proc` shows them.

use std::fmt;
use std::fs;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

/// A running process.
pub(crate) struct Process {
    pub(crate) pid: u32,
    command_line: String,
}

impl Process {
    /// Ends it at once.
    pub(crate) fn kill(&self) {
        // It may be gone already.
        let _ = send(self.pid, Signal::KILL);
    }
}

impl fmt::Debug for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.pid, self.command_line)
    }
}

/// Sends a signal.
pub(crate) fn send(pid: u32, signal: Signal) -> rustix::io::Result<()> {
    let pid = i32::try_from(pid)
        .ok()
        .and_then(Pid::from_raw)
        .expect("a process id is a positive i32");
    kill_process(pid, signal)
}

/// Whether the process exists and is no zombie.
pub(crate) fn is_running(pid: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = status.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    state.is_some_and(|state| !matches!(state, 'Z' | 'X'))
}

/// The processes whose environment, command line or working directory lies in `place`: neither a new session nor a
/// new parent hides one.
pub(crate) fn that_mention(place: &Path) -> Vec<Process> {
    let needle = place.to_str().expect("a sandbox has a plain name");
    let mentions = |text: Vec<u8>| String::from_utf8_lossy(&text).contains(needle);
    let entries = fs::read_dir("/proc").expect("these tests need Linux's /proc").flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let ours = pids.filter(|pid| {
        let read = |file| fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
        let folder = fs::read_link(format!("/proc/{pid}/cwd")).unwrap_or_default();
        let inside = folder.starts_with(place) || mentions(read("environ")) || mentions(read("cmdline"));
        inside && is_running(*pid)
    });
    ours.map(|pid| {
        let command_line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        Process {
            pid,
            command_line: String::from_utf8_lossy(&command_line).replace('\0', " ").trim().into(),
        }
    })
    .collect()
}
