//! A family: processes that belong together, however they were started, and their end.

use std::{
    collections::HashSet,
    process,
    thread::sleep,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::Pid,
};

use super::table::{Process, processes, started};

/// How long it takes until what was signalled is looked at again.
const PAUSE: Duration = Duration::from_millis(20);

/// How often SIGKILL is sent to what is left: a process may fork while it is looked for.
const KILLS: usize = 10;

/// Processes that belong together: those of some process groups, those that carry the mark in their environment, and
/// all that descend from them.
pub(crate) struct Family {
    mark: String,
    groups: Vec<Identity>,
    /// The members when they were last looked at: of those whose parents left, the descent can no longer be told.
    known: HashSet<Identity>,
}

/// A process as it was when it was seen. The number alone would not do: the system gives it to another one later.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Identity {
    pid: i32,
    /// When it started; `None` where it had left before that could be read.
    started: Option<String>,
}

impl Family {
    /// Those that carry `mark`, or one under it: a session holds the marks of its servers.
    pub(crate) fn new(mark: String) -> Self {
        Self {
            mark,
            groups: Vec::new(),
            known: HashSet::new(),
        }
    }

    /// Adds the process group that the process `leader` leads.
    pub(crate) fn add(&mut self, leader: u32) {
        let Ok(pid) = i32::try_from(leader) else { return };
        self.groups.push(Identity {
            pid,
            started: started(pid),
        });
    }

    /// Removes a process group.
    pub(crate) fn remove(&mut self, leader: u32) {
        self.groups.retain(|group| i64::from(group.pid) != i64::from(leader));
    }

    /// Ends all: SIGTERM, up to `grace` for those that heed it, SIGKILL.
    pub(crate) fn end(&mut self, grace: Duration) {
        let deadline = Instant::now() + grace;
        let mut left = self.signal(Signal::SIGTERM);
        // One that is stopped, by the terminal or a debugger, must go on to heed it.
        self.send(&left, Signal::SIGCONT);
        while !left.is_empty() && Instant::now() < deadline {
            sleep(PAUSE);
            left = self.members();
        }
        if !left.is_empty() {
            self.kill();
        }
    }

    /// Kills all, at once.
    pub(crate) fn kill(&mut self) {
        for _ in 0..KILLS {
            if self.signal(Signal::SIGKILL).is_empty() {
                return;
            }
            sleep(PAUSE);
        }
    }

    /// Takes note of the members, so that they are found after those they descend from have left.
    pub(crate) fn remember(&mut self) {
        self.members();
    }

    /// The members that are alive.
    fn members(&mut self) -> Vec<Process> {
        let mut table = processes(&self.mark);
        self.groups.retain(|group| group.is_not_another(&table));
        let mut members: HashSet<i32> = table.iter().filter(|it| self.is_founder(it)).map(|it| it.pid).collect();
        let descends =
            |it: &&Process, members: &HashSet<i32>| members.contains(&it.parent) && !members.contains(&it.pid);
        while let Some(child) = table.iter().find(|it| descends(it, &members)) {
            members.insert(child.pid);
        }
        let own = process::id().cast_signed();
        table.retain(|it| members.contains(&it.pid) && !it.zombie && it.pid != own);
        self.known = table.iter().map(Identity::of).collect();
        table
    }

    /// Whether a process is a member by itself, not by its descent.
    fn is_founder(&self, process: &Process) -> bool {
        process.marked
            || self.groups.iter().any(|group| group.pid == process.group)
            || self.known.contains(&Identity::of(process))
    }

    /// Sends a signal to all, and tells who they were.
    fn signal(&mut self, signal: Signal) -> Vec<Process> {
        let members = self.members();
        self.send(&members, signal);
        members
    }

    /// An error tells that a process has left by itself, or runs as another user now and is not ours to end.
    fn send(&self, members: &[Process], signal: Signal) {
        // Whole groups first: the system signals all in one at once, so that none escapes by forking.
        let has_members = |group: &&Identity| members.iter().any(|it| it.group == group.pid);
        for group in self.groups.iter().filter(has_members) {
            killpg(Pid::from_raw(group.pid), signal).ok();
        }
        for member in members {
            kill(Pid::from_raw(member.pid), signal).ok();
        }
    }
}

impl Identity {
    fn of(process: &Process) -> Self {
        Self {
            pid: process.pid,
            started: Some(process.started.clone()),
        }
    }

    /// Whether the number has not been given to another process since. As long as a group has members, the system
    /// gives its number to none.
    fn is_not_another(&self, table: &[Process]) -> bool {
        table
            .iter()
            .all(|it| it.pid != self.pid || Some(&it.started) == self.started.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use std::{os::unix::process::CommandExt, process::Command};

    use super::*;

    #[test]
    fn a_group_whose_number_went_to_another_process_is_left_alone() {
        let mut child = Command::new("/bin/sleep")
            .arg("60")
            .process_group(0)
            .spawn()
            .expect("sleep is there");
        let mut family = Family::new("f1".to_owned());
        family.add(child.id());
        assert_eq!(family.members().len(), 1);
        family.groups[0].started = Some("earlier".to_owned());
        family.known.clear();
        assert_eq!(family.members(), []);
        child.kill().expect("killed");
        child.wait().expect("ended");
    }
}
