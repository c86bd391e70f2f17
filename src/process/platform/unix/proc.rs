//! The processes of a Linux system, from `/proc`.

use std::{fs, process, thread::sleep, time::Duration};

use super::Process;
use crate::process::MARK;

/// All processes; those are marked whose mark is `mark` or lies under it. None that is older than this process is
/// looked at for a mark: that saves the reading of most.
pub(crate) fn processes(mark: &str) -> Vec<Process> {
    let oldest = stat(process::id().cast_signed()).map_or(0, |own| ticks(&own));
    let pids = fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut table: Vec<_> = pids
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(stat)
        .collect();
    // A thread of the kernel is in no group.
    for process in table
        .iter_mut()
        .filter(|it| it.group != 0 && !it.zombie && ticks(it) >= oldest)
    {
        process.marked = carries(process.pid, mark);
    }
    table
}

/// When a process started.
pub(crate) fn started(pid: i32) -> Option<String> {
    stat(pid).map(|process| process.started)
}

/// A process, not marked, from the fields of proc_pid_stat(5): they are counted here from the state, which follows the
/// name in parentheses.
fn stat(pid: i32) -> Option<Process> {
    let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
    let stat = String::from_utf8_lossy(&stat);
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    Some(Process {
        pid,
        parent: fields.get(1)?.parse().ok()?,
        group: fields.get(2)?.parse().ok()?,
        started: fields.get(19)?.to_string(),
        zombie: matches!(fields[0], "Z" | "X"),
        marked: false,
    })
}

/// A start as a number: ticks of the clock since the system's.
fn ticks(process: &Process) -> u64 {
    process.started.parse().unwrap_or(0)
}

/// Whether a process carries the mark.
fn carries(pid: i32, mark: &str) -> bool {
    environment(pid).split(|byte| *byte == 0).any(|variable| {
        let value = variable
            .strip_prefix(MARK.as_bytes())
            .and_then(|rest| rest.strip_prefix(b"="));
        let rest = value.and_then(|value| value.strip_prefix(mark.as_bytes()));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"."))
    })
}

/// The environment of a process; that of another user's cannot be read, and is none of ours.
fn environment(pid: i32) -> Vec<u8> {
    let read = |file| fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
    for _ in 0..20 {
        let environment = read("environ");
        // Both are empty for the moment in which the system loads a program: a mark would be missed then.
        if !environment.is_empty() || !read("cmdline").is_empty() {
            return environment;
        }
        sleep(Duration::from_millis(1));
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_this_process() {
        let own = process::id().cast_signed();
        let table = processes("no such mark");
        let found = table.iter().find(|it| it.pid == own).expect("in the table");
        assert_eq!(found.parent, std::os::unix::process::parent_id().cast_signed());
        assert_eq!(Some(&found.started), started(own).as_ref());
        assert!(!found.zombie && !found.marked);
    }

    #[test]
    fn a_mark_is_found_and_no_other_is_taken_for_it() {
        let mut child = process::Command::new("/bin/sleep")
            .arg("9")
            .env(MARK, "a1.7")
            .spawn()
            .expect("sleep");
        let pid = child.id().cast_signed();
        // A busy machine takes longer to load the program than is waited for where many processes are looked at.
        while environment(pid).is_empty() {}
        for (mark, carried) in [
            ("a1", true),
            ("a1.7", true),
            ("a", false),
            ("a1.", false),
            ("a1.77", false),
        ] {
            assert_eq!(carries(pid, mark), carried, "{mark}");
        }
        child.kill().expect("killed");
        child.wait().expect("ended");
    }
}
