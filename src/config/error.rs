//! Why a configuration file as a whole cannot be used.

use std::io;
use std::path::PathBuf;

use super::discover::SMALLEST;
use super::source::SyntaxError;

/// Why a file as a whole cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}\n  mend: {}", self.what(), self.mend())]
pub enum ConfigError {
    /// It cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not JSON. Its message shows the line, too.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// It holds no servers in any of the shapes that clients use.
    NoServers {
        /// The file.
        path: PathBuf,
    },
    /// Several entries have `servers`, and no name says which one is meant.
    SeveralGateways {
        /// The file.
        path: PathBuf,
        /// Their names, for people.
        names: String,
    },
    /// No gateway has the name that was asked for.
    NoSuchGateway {
        /// The file.
        path: PathBuf,
        /// What was asked for.
        name: String,
        /// The names of those there are, for people.
        names: String,
        /// The nearest name, for people.
        hint: String,
    },
}

impl ConfigError {
    /// What is wrong.
    pub fn what(&self) -> String {
        match self {
            Self::Unreadable { path, source } => format!("{} cannot be read: {source}", path.display()),
            Self::Syntax(error) => error.what.clone(),
            Self::NoServers { path } => format!("{} holds no servers", path.display()),
            Self::SeveralGateways { path, names } => format!("{} has several gateways: {names}", path.display()),
            Self::NoSuchGateway { path, name, hint, .. } => {
                format!("{} has no gateway called {name}{hint}", path.display())
            }
        }
    }

    /// What to do about it.
    pub fn mend(&self) -> String {
        match self {
            Self::Unreadable { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                "let this user read it, or name another one with --mcp-json-path".into()
            }
            Self::Unreadable { .. } => "name another one with --mcp-json-path".into(),
            Self::Syntax(error) => error.mend.into(),
            Self::NoServers { .. } => format!("write its servers into it. The smallest file that works:\n\n{SMALLEST}"),
            Self::SeveralGateways { .. } => "say which one with --name".into(),
            Self::NoSuchGateway { names, .. } => format!("name one of its gateways: {names}"),
        }
    }
}
