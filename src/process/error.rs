//! Why a server's program could not be started, and what mends it.

use std::{io, path::PathBuf};

/// Why a server's program could not be started. Arguments and variables are never named: they may hold secrets.
#[derive(Debug, thiserror::Error)]
#[error("{}: {}", self.what(), self.mend())]
pub enum SpawnError {
    /// Nothing of that name in `PATH`.
    NotInPath {
        /// The name that was looked for.
        program: String,
        /// The `PATH` that was searched.
        searched: String,
        /// What to do about it.
        mend: String,
    },
    /// A path that leads nowhere.
    NoSuchFile(PathBuf),
    /// A file that is no program, or not this user's to run.
    NotExecutable(PathBuf),
    /// A script whose first line names a program that does not exist.
    NoInterpreter(PathBuf),
    /// A file that the system does not know how to run.
    WrongFormat(PathBuf),
    /// The working directory does not exist, or is a file.
    NoDirectory(PathBuf),
    /// A string of the entry that no program can be given.
    Nul,
    /// The system said no; not the configuration's fault.
    Refused {
        /// The program.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl SpawnError {
    /// What is wrong.
    pub fn what(&self) -> String {
        match self {
            Self::NotInPath { program, searched, .. } => format!("`{program}` was not found in PATH ({searched})"),
            Self::NoSuchFile(file) => format!("`{}` does not exist", file.display()),
            Self::NotExecutable(file) => format!("`{}` is not an executable file", file.display()),
            Self::NoInterpreter(file) => format!(
                "`{}` exists, but not the interpreter that its first line names",
                file.display()
            ),
            Self::WrongFormat(file) => format!("`{}` is not in a format that this system can run", file.display()),
            Self::NoDirectory(directory) => format!("the working directory `{}` does not exist", directory.display()),
            Self::Nul => "`command`, `args` or `env` holds a NUL character".into(),
            Self::Refused { program, source } => format!("the system did not start `{}` ({source})", program.display()),
        }
    }

    /// What to do about it.
    pub fn mend(&self) -> String {
        match self {
            Self::NotInPath { mend, .. } => mend.as_str(),
            Self::NoSuchFile(_) => "correct the path in `command`",
            Self::NotExecutable(_) => "is it the right path? If so, run `chmod +x` on it",
            Self::NoInterpreter(_) => "install that, or correct the line",
            Self::WrongFormat(_) => {
                "a script needs a first line such as `#!/bin/sh`, a binary must be built for this processor"
            }
            Self::NoDirectory(_) => "create it, or correct `cwd`",
            Self::Nul => "remove it",
            Self::Refused { .. } => "start it in a terminal to see more",
        }
        .into()
    }

    /// What it means that the system answered `source` when asked to start `program`, which exists.
    pub(super) fn from_system(program: PathBuf, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::NotFound => Self::NoInterpreter(program),
            io::ErrorKind::InvalidInput => Self::Nul,
            _ if source.raw_os_error() == super::platform::WRONG_FORMAT => Self::WrongFormat(program),
            _ => Self::Refused { program, source },
        }
    }
}
