//! A directory and an environment of a test's own.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::processes::{self, Process};

/// Home, working, state and temporary directories that only one test uses. What still runs there when it is dropped
/// is killed.
pub(crate) struct Sandbox {
    root: TempDir,
}

impl Sandbox {
    /// An empty one.
    pub(crate) fn new() -> Self {
        let root = tempfile::Builder::new()
            .prefix("mcp-gateway-test-")
            .tempdir()
            .expect("a temporary directory");
        for folder in ["home", "work", "state", "config", "cache", "data", "tmp"] {
            std::fs::create_dir(root.path().join(folder)).expect("the sandbox is writable");
        }
        Self { root }
    }

    /// The place of a file, `work/mcp.json` for one.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.root.path().join(file)
    }

    /// Writes a file, and the folders on the way to it.
    pub(crate) fn write(&self, file: &str, text: &str) -> PathBuf {
        let path = self.path(file);
        let parent = path.parent().expect("a file lies in a folder");
        std::fs::create_dir_all(parent)
            .and_then(|()| std::fs::write(&path, text))
            .expect("the sandbox is writable");
        path
    }

    /// A program that sees nothing of the environment of whoever runs the tests.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(self.path("work"));
        let folders = [
            ("HOME", "home"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_DATA_HOME", "data"),
            ("TMPDIR", "tmp"),
        ];
        command.envs(folders.map(|(name, folder)| (name, self.path(folder))));
        let plain = [
            ("USER", "tester"),
            ("LOGNAME", "tester"),
            ("SHELL", "/bin/sh"),
            ("TERM", "dumb"),
            ("LANG", "C.UTF-8"),
        ];
        command.envs(plain).env("PATH", "/usr/local/bin:/usr/bin:/bin");
        command
    }

    /// What runs on behalf of this test, whoever its parent is by now.
    pub(crate) fn processes(&self) -> Vec<Process> {
        processes::that_mention(self.root.path())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for process in self.processes() {
            process.kill();
        }
    }
}
