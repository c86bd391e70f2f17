//! The processes of a Unix without `/proc`, from `ps`.

use std::process::{Command, Stdio};

use super::Process;
use crate::process::MARK;

/// The option that has `ps` append the environment to the command; it shows that of the user's own processes.
#[cfg(target_vendor = "apple")]
const ENVIRONMENT: &str = "-E";
#[cfg(not(target_vendor = "apple"))]
const ENVIRONMENT: &str = "-e";

/// What each line tells. A start takes five words: `Mon Nov  2 10:11:12 2026`.
const COLUMNS: &str = "pid=,ppid=,pgid=,stat=,lstart=,command=";

/// All processes; those are marked whose mark is `mark` or lies under it.
pub(crate) fn processes(mark: &str) -> Vec<Process> {
    ps(&["-A", ENVIRONMENT, "-ww"])
        .lines()
        .filter_map(|line| read(line, mark))
        .collect()
}

/// When a process started.
pub(crate) fn started(pid: i32) -> Option<String> {
    Some(read(ps(&["-p", &pid.to_string()]).lines().next()?, "")?.started)
}

fn ps(options: &[&str]) -> String {
    let mut ps = Command::new("/bin/ps");
    ps.args(options)
        .args(["-o", COLUMNS])
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    ps.output()
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default()
}

fn read(line: &str, mark: &str) -> Option<Process> {
    let mut words = line.split_whitespace();
    Some(Process {
        pid: words.next()?.parse().ok()?,
        parent: words.next()?.parse().ok()?,
        group: words.next()?.parse().ok()?,
        zombie: words.next()?.starts_with('Z'),
        started: words.by_ref().take(5).collect::<Vec<_>>().join(" "),
        marked: words.any(|word| carries(word, mark)),
    })
}

fn carries(word: &str, mark: &str) -> bool {
    let value = word.strip_prefix(MARK).and_then(|rest| rest.strip_prefix('='));
    let rest = value.and_then(|value| value.strip_prefix(mark));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read() {
        let line = "  812   640   811 Ss   Mon Nov  2 10:11:12 2026 node server.js HOME=/h MCP_GATEWAY_SESSION=a1.7";
        let process = Process {
            pid: 812,
            parent: 640,
            group: 811,
            started: "Mon Nov 2 10:11:12 2026".to_owned(),
            zombie: false,
            marked: true,
        };
        assert_eq!(read(line, "a1"), Some(process));
        assert!(!read(line, "a").expect("a line").marked);
        assert_eq!(read("PID PPID", "a1"), None);
    }
}
