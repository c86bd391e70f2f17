//! Servers elsewhere, reached over HTTP. To whoever supervises one it looks like a process: lines in, lines out, an end.
//!
//! [`open()`] starts a connection. What is written to its `input` is sent as it is, one message a line, and what the
//! server sends is read from its `output`; every request is answered there, or comes out of `unanswered` with what went
//! wrong, unless the connection ends.

mod cursor;
pub mod events;
mod failure;
mod http;
mod inbox;
mod link;
pub(super) mod mirror;
pub mod oauth;
mod reach;
mod sse;
mod streamable;
#[cfg(test)]
mod tests;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use reqwest::Url;
use tokio::{
    io::DuplexStream,
    sync::{mpsc, watch},
    time::sleep,
};

pub use self::inbox::Unanswered;
use self::{http::Http, inbox::Inbox, link::Link, oauth::Store, sse::Sse, streamable::Streamable};
use crate::{
    config::{self, Launch, OAuthClient, Transport},
    wire::Limits,
};

/// How much may wait in either direction, in bytes.
const PIPE: usize = 64 * 1024;
/// How often it is looked whether somebody has signed in.
const LOOK: Duration = Duration::from_secs(2);

/// Where a server is, and what is sent to it.
#[derive(Clone)]
pub struct Endpoint {
    /// Its name in the configuration.
    pub server: Arc<str>,
    /// Its http or https address.
    pub url: String,
    /// Which transport it speaks.
    pub transport: Transport,
    /// Headers for each request.
    pub headers: Vec<(String, String)>,
    /// The OAuth client that is registered with it.
    pub oauth: Option<OAuthClient>,
    /// A file with the certificates of a private authority, in PEM.
    pub ca: Option<PathBuf>,
    /// The state directory of the user.
    pub state: PathBuf,
}

/// A connection.
pub struct Remote {
    /// What is written here is sent, one message a line. Its end ends the connection.
    pub input: DuplexStream,
    /// What the server sends, one message a line.
    pub output: DuplexStream,
    /// Requests that have no answer, each with the reason.
    pub unanswered: mpsc::UnboundedReceiver<Unanswered>,
    /// What knows of its end.
    pub connection: Connection,
}

/// What knows of the end of a connection.
#[derive(Clone)]
pub struct Connection {
    end: watch::Receiver<Option<Ended>>,
}

/// How a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// What happened, in words for the user; there is no secret in them.
    pub why: String,
    /// Whether another connection may do better.
    pub again: Again,
}

/// When another connection may do better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// After a pause.
    Soon,
    /// Once somebody has [signed in](Endpoint::signed_in).
    SignedIn,
    /// Only with another entry.
    Never,
}

/// What is wrong with an entry.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The address is none.
    #[error("its `url` is no address")]
    Address,
    /// A header can't be sent.
    #[error("its header `{0}` can't be sent")]
    Header(String),
    /// The certificates can't be read.
    #[error("the certificates in {path} can't be used: {why}", path = path.display())]
    Authority {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The system has no certificates, or none that are usable.
    #[error("no https connection is possible: {0}")]
    Client(String),
}

impl Endpoint {
    /// That of a server of the configuration, if it is a remote one.
    pub fn of(server: &config::Server, state: &Path) -> Option<Self> {
        let Launch::Remote {
            url,
            transport,
            headers,
            oauth,
            ca,
        } = &server.launch
        else {
            return None;
        };
        Some(Self {
            server: server.name.as_str().into(),
            url: url.clone(),
            transport: *transport,
            headers: headers.clone(),
            oauth: oauth.clone(),
            ca: ca.clone(),
            state: state.to_owned(),
        })
    }

    /// Waits until somebody has signed in to it, or out.
    pub async fn signed_in(&self) {
        let Ok(url) = self.address() else {
            return std::future::pending().await;
        };
        let store = Store::new(&self.state, &self.server, &url);
        let before = store.signed_in_at();
        while store.signed_in_at() == before {
            sleep(LOOK).await;
        }
    }

    fn address(&self) -> Result<Url, Unusable> {
        let url = Url::parse(&self.url).map_err(|_| Unusable::Address)?;
        if url.has_host() && matches!(url.scheme(), "http" | "https") {
            Ok(url)
        } else {
            Err(Unusable::Address)
        }
    }
}

impl Connection {
    /// Waits for the end of the connection, which is where its output ends: at most a second after the end of its
    /// input.
    pub async fn ended(&mut self) -> Ended {
        let gone = || Ended {
            why: "the gateway is shutting down".to_owned(),
            again: Again::Soon,
        };
        self.end
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|end| end.clone())
            .unwrap_or_else(gone)
    }
}

/// Opens a connection to a server. Whether it can be reached is told by its end. Needs a tokio runtime.
///
/// # Errors
/// [`Unusable`], where the entry has to be changed first.
pub fn open(endpoint: &Endpoint, limits: Limits) -> Result<Remote, Unusable> {
    let http = Http::new(endpoint)?;
    let (input, sent) = tokio::io::duplex(PIPE);
    let (received, output) = tokio::io::duplex(PIPE);
    let (failing, unanswered) = mpsc::unbounded_channel();
    let (inbox, writing) = Inbox::new(received, failing);
    tokio::spawn(writing);
    let (link, over) = Link::new(endpoint.server.clone(), http, inbox, limits.message);
    let transport: Arc<dyn link::Transport> = match endpoint.transport {
        Transport::StreamableHttp => Arc::new(Streamable::new(link)),
        Transport::Sse => Arc::new(Sse::new(link)),
    };
    let (ended, end) = watch::channel(None);
    tokio::spawn(async move { ended.send_replace(Some(link::run(transport, sent, over).await)) });
    Ok(Remote {
        input,
        output,
        unanswered,
        connection: Connection { end },
    })
}
