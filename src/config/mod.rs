//! The configuration: which file, what it says, and what is wrong with it.
//!
//! [`discover()`] finds the file, [`load()`] reads it, [`is_trusted`] tells whether its servers may start. A file is read in
//! the spelling of any client, tolerantly, and each entry on its own: what is wrong with one is a [`Problem`]
//! with its place and its mend, and the others are valid [`Server`]s.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

mod accepted;
pub mod blocked;
mod command;
mod digest;
mod dirs;
mod discover;
pub mod edit;
mod entry;
pub mod envfile;
mod error;
mod excerpt;
mod launch;
mod load;
mod own;
pub mod private;
mod problem;
mod raw;
mod regular;
mod relaunch;
mod remote;
mod report;
#[cfg(test)]
mod samples;
mod settings;
mod shapes;
mod source;
#[cfg(test)]
mod testing;
mod timeout;
mod trust;
mod typed;
mod values;
mod variables;
pub mod verdicts;
pub mod write;
mod written;

pub use accepted::Accepted;
pub use digest::Digest;
pub use dirs::{Dirs, DirsError};
pub use discover::{DiscoverError, Found, SMALLEST, discover};
pub use error::ConfigError;
pub use load::{load, parse};
pub use problem::{Origin, Problem};
pub use raw::is_secret;
pub use regular::{read_at_most, read_regular, read_regular_text, text};
pub use relaunch::Relaunch;
pub use relaunch::program_stem;
pub use settings::{PluginSettings, Settings, settings};
pub use source::{SyntaxError, origin};
pub use trust::{is_accepted, is_trusted, trust};
pub use typed::typed;
pub use variables::expanded;
pub use written::{Part, Written, lines};

/// How long a server may take to start where its entry does not say.
pub const START_TIMEOUT: Duration = Duration::from_secs(120);

/// How long a call may take without progress where the entry of its server does not say.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(600);

/// A configuration file, as far as it is valid.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file.
    pub path: PathBuf,
    /// The gateway's own entry; `None` where the file has none, and is used whole.
    pub gateway: Option<Gateway>,
    /// The servers whose entries are right, those that are disabled or blocked included, in the order of the file.
    pub servers: Vec<Server>,
    /// The settings of plugins in the gateway's own entry.
    pub plugins: Settings,
    /// The settings of the scanner in the gateway's own entry.
    pub scan: Option<PluginSettings>,
    /// What is wrong. One with a `server` costs that server; one without should stop the start.
    pub problems: Vec<Problem>,
    /// What is worth a line at debug level.
    pub notes: Vec<Problem>,
    /// The entries that a gateway of this file may use, as they were written.
    pub written: Vec<Written>,
    /// What the file says, for [`is_trusted`] and [`trust()`].
    pub digest: Digest,
}

/// The gateway's own entry, as its client uses it to start the gateway.
#[derive(Clone, PartialEq, Eq)]
pub struct Gateway {
    /// The name of the entry.
    pub name: String,
    /// The arguments that the client gives to the gateway, without those of `uvx`, `docker` and the like before it.
    pub args: Vec<String>,
    /// The environment that the client adds.
    pub env: Vec<(String, String)>,
    /// The entry as a JSON pointer into the file.
    pub pointer: String,
}

/// A server that can be started.
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// Its name, as the client sees it.
    pub name: String,
    /// How it is reached.
    pub launch: Launch,
    /// What stands before the names of its tools; `None` for its own name, `""` for nothing.
    pub prefix: Option<String>,
    /// How long it may take until it is ready.
    pub start_timeout: Duration,
    /// How long a call may take, counted anew with each progress.
    pub call_timeout: Duration,
    /// Whether a person switched it off.
    pub disabled: bool,
    /// What the scanner, or a person in its place, says of it.
    pub blocked: Blocked,
    /// Which of its tools are offered.
    pub tools: Filter,
    /// Its entry as a JSON pointer into the file.
    pub pointer: String,
}

/// How a server is reached.
#[derive(Clone, PartialEq)]
pub enum Launch {
    /// A program is started and spoken to over stdio.
    Command {
        /// A name to look up in PATH, or an absolute path.
        program: PathBuf,
        /// Its arguments.
        args: Vec<String>,
        /// What its environment gets on top of the clean one; each name once.
        env: Vec<(String, String)>,
        /// Where it runs.
        cwd: PathBuf,
    },
    /// A server elsewhere is spoken to over HTTP.
    Remote {
        /// An http or https address.
        url: String,
        /// Which transport it speaks.
        transport: Transport,
        /// Headers for each request, a bearer token included.
        headers: Vec<(String, String)>,
        /// The OAuth client that is registered with it, if one is.
        oauth: Option<OAuthClient>,
        /// A file with the certificates of a private authority, in PEM.
        ca: Option<PathBuf>,
    },
}

impl Launch {
    /// The words of the command line, or the address.
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::Command { program, args, .. } => {
                let program = program.to_string_lossy().into_owned();
                std::iter::once(program).chain(args.iter().cloned()).collect()
            }
            Self::Remote { url, .. } => vec![url.clone()],
        }
    }
}

/// A transport of MCP over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Streamable HTTP, since 2025-03-26.
    StreamableHttp,
    /// HTTP with SSE, of 2024-11-05.
    Sse,
}

/// An OAuth client that was registered by hand.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct OAuthClient {
    /// Its id.
    pub id: String,
    /// Its secret, unless it is a public client.
    pub secret: Option<String>,
    /// The scopes to ask for; empty for the server's own choice.
    pub scopes: Vec<String>,
}

/// What `blocked` says of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// `null` or nothing: not judged yet.
    No,
    /// The scanner found nothing.
    Passed,
    /// It must not be started.
    Blocked,
    /// A person wants it started without a scan.
    Skipped,
}

/// Which tools of a server are offered, as globs in the way they were written. `deny` wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these; `None` for all.
    pub allow: Option<Vec<String>>,
    /// Not these.
    pub deny: Vec<String>,
}

/// Names only: a secret may stand in any value.
impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway")
            .field("name", &self.name)
            .field("env", &Names(&self.env))
            .finish_non_exhaustive()
    }
}

/// Names only: a secret may stand in any value.
impl fmt::Debug for Launch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command {
                program,
                args,
                env,
                cwd,
            } => f
                .debug_struct("Command")
                .field("program", program)
                .field("args", &args.len())
                .field("env", &Names(env))
                .field("cwd", cwd)
                .finish(),
            Self::Remote { transport, headers, .. } => f
                .debug_struct("Remote")
                .field("transport", transport)
                .field("headers", &Names(headers))
                .finish_non_exhaustive(),
        }
    }
}

/// The names of pairs whose values must not be shown.
struct Names<'a>(&'a [(String, String)]);

impl fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}
