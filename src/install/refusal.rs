//! Why an installation changes nothing.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::NAME;
use crate::config::edit::EditError;
use crate::text::quoted;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// A file can't be read.
    #[error("{} can't be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file can't be written.
    #[error("{} can't be written: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is not understood.
    #[error("{} is left as it is: {source}", path.display())]
    NotUnderstood {
        /// The file.
        path: PathBuf,
        /// Why.
        source: EditError,
    },
    /// The client keeps what this program does not edit.
    #[error("{0} keeps its servers in YAML, which this program does not edit: write the entry by hand into {file}\n\n{1}", file = .2.display())]
    ByHand(&'static str, String, PathBuf),
    /// Several entries start a gateway.
    #[error("{} has several entries that start a gateway, {names}: remove all but one", path.display())]
    SeveralGateways {
        /// The file.
        path: PathBuf,
        /// Their names.
        names: String,
    },
    /// An entry has servers and does not start a gateway.
    #[error("{} has `servers` but does not start a gateway that is known: rename the key, or remove the entry", quoted(.0))]
    NoGateway(String),
    /// Two servers have the same name.
    #[error("{} stands both beside the gateway and behind it, in {}, and is not the same: rename or remove one of the two", quoted(name), file.display())]
    Clash {
        /// Their name.
        name: String,
        /// Where the one behind the gateway stands.
        file: PathBuf,
    },
    /// An entry in a project's file names a file outside of the project.
    #[error("the gateway's entry in {} reads {}, which is none of its project's: a file that may have come with a repository has no business with your other servers. Remove its --mcp-json-path, or the entry", path.display(), file.display())]
    Foreign {
        /// The project's file.
        path: PathBuf,
        /// The other one.
        file: PathBuf,
    },
    /// A link leads nowhere.
    #[error("{} is a link to a file that is not there: make that file, or remove the link", .0.display())]
    Dangling(PathBuf),
    /// A file may not be written.
    #[error("{} is read-only: let it be written, or change what makes it", .0.display())]
    ReadOnly(PathBuf),
    /// The gateway's entry would have the name of an entry that stays.
    #[error("`{NAME}` is the name of an entry that can't be moved: rename it")]
    NameTaken,
    /// A container reads a file of which this side is not known.
    #[error(
        "{} runs a container that reads {file}, which none of its mounts brings in: name the file by hand",
        quoted(name)
    )]
    NotMounted {
        /// The entry.
        name: String,
        /// The file inside.
        file: String,
    },
    /// A container gets variables from a file, which no entry of a client can name for all of them.
    #[error(
        "{} gives its container the variables in {}, which the gateway's entry could not: write them into its `env`, without --env-file",
        quoted(name),
        quoted(file)
    )]
    EnvFile {
        /// The entry.
        name: String,
        /// The file.
        file: String,
    },
    /// The gateway's entry names a file that is not there.
    #[error("the gateway's entry reads {}, which is not there: correct its --mcp-json-path, or remove the entry", .0.display())]
    Missing(PathBuf),
    /// Nothing of the client is there.
    #[error("{0} has no file {file} and no folder for it: start {0} once, or name its file with --mcp-json-path", file = .1.display())]
    NotInstalled(&'static str, PathBuf),
    /// A file is not what it was when it was read.
    #[error("{} was changed by another program in the meantime: try again, with that program closed", .0.display())]
    Changed(PathBuf),
}

impl Refusal {
    pub(super) fn unwritable(path: &Path, source: io::Error) -> Self {
        Self::Unwritable {
            path: path.to_owned(),
            source,
        }
    }
}

/// A fault of a file that is edited.
pub(super) fn not_understood(path: &Path) -> impl Fn(EditError) -> Refusal {
    let path = path.to_owned();
    move |source| Refusal::NotUnderstood {
        path: path.clone(),
        source,
    }
}
