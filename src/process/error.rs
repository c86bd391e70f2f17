//! Why a server's program could not be started, and what mends it.

use std::{io, path::PathBuf};

/// Why a server's program could not be started. Arguments and variables are never named: they may hold secrets.
#[derive(Debug, thiserror::Error)]
pub enum SpawnError {
    /// Nothing of that name in `PATH`.
    #[error("`{program}` was not found in PATH ({searched}): {mend}")]
    NotInPath {
        /// The name that was looked for.
        program: String,
        /// The `PATH` that was searched.
        searched: String,
        /// What to do about it.
        mend: String,
    },
    /// A path that leads nowhere.
    #[error("`{}` does not exist: correct the path in `command`", .0.display())]
    NoSuchFile(PathBuf),
    /// A file that is no program, or not this user's to run.
    #[error("`{}` is not an executable file: is it the right path? If so, run `chmod +x` on it", .0.display())]
    NotExecutable(PathBuf),
    /// A script whose first line names a program that does not exist.
    #[error("`{}` exists, but not the interpreter that its first line names: install that, or correct the line", .0.display())]
    NoInterpreter(PathBuf),
    /// A file that the system does not know how to run.
    #[error(
        "`{}` is not in a format that this system can run: a script needs a first line such as `#!/bin/sh`, a binary \
         must be built for this processor", .0.display()
    )]
    WrongFormat(PathBuf),
    /// The working directory does not exist, or is a file.
    #[error("the working directory `{}` does not exist: create it, or correct `cwd`", .0.display())]
    NoDirectory(PathBuf),
    /// A string of the entry that no program can be given.
    #[error("`command`, `args` or `env` holds a NUL character: remove it")]
    Nul,
    /// The system said no; not the configuration's fault.
    #[error("the system did not start `{}`: {source}", program.display())]
    Refused {
        /// The program.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl SpawnError {
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
