//! OAuth 2.1 as MCP 2025-11-25 has it: a person signs in by `mcp-gateway auth`, and the gateway sends and renews what
//! was granted then. At run time no browser is opened.

mod callback;
mod challenge;
mod client;
mod metadata;
mod network;
mod sign_in;
mod sign_out;
mod store;
mod tokens;

use reqwest::StatusCode;

pub use sign_in::{Choice, Granting, News, Page, sign_in};
pub use sign_out::{SignOut, sign_out};

pub(super) use challenge::Challenge;
pub(super) use store::Store;
pub(super) use tokens::Tokens;

use super::{
    Unusable,
    failure::{self, Failure},
    http, reach,
};

impl From<Failure> for AuthError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unreachable { host, cause } => Self::Unreachable { host, cause },
            failure => Self::Failed(failure.to_string()),
        }
    }
}

/// Whose turn it is after an error of RFC 6749, 7591 or 8707.
fn hint(what: &str, error: &str) -> &'static str {
    match error {
        _ if what == REGISTERING => {
            "; register one there by hand, and write its `clientId` under `auth` in the entry, or ask its operator"
        }
        "access_denied" => "; sign in again, and accept in the browser",
        "invalid_grant" => "; sign in again",
        "invalid_client" | "unauthorized_client" => "; the `clientId` under `auth` in its entry may be wrong",
        "invalid_scope" => "; the `scopes` under `auth` in its entry may be wrong",
        "invalid_target" => "; it gives no tokens for this server, unless its operator allows that",
        "server_error" | "slow_down" | "temporarily_unavailable" => "; try again later",
        _ => "; its operator has to say why",
    }
}

/// What somebody can do about a status.
fn advice(status: StatusCode) -> &'static str {
    match status {
        StatusCode::TOO_MANY_REQUESTS => ": it has had enough requests for now; try again later",
        status if status.is_server_error() => ": that is a fault at its end; try again later",
        status if status.is_redirection() => {
            ": a sign-in follows no redirects, so its operator has to name the address that is meant"
        }
        _ => ": its operator has to say why, unless something of your network stands before it",
    }
}

/// What a refusal to register is called.
const REGISTERING: &str = "to register a client";

/// Why nothing was granted. No token, code or address is in the words.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The entry can't be used.
    #[error(transparent)]
    Entry(#[from] Unusable),
    /// The way to the server can be listened to.
    #[error(
        "its address is not https, so a token for it could be read on the way; if it has one, correct the `url` of its entry"
    )]
    NotHttps,
    /// The entry says what to send.
    #[error(
        "its entry says who is asking, by an `Authorization` header or a user in its `url`, and that is sent instead of a token; remove it to \
         sign in"
    )]
    HasHeader,
    /// The server or the authorization server gave no answer.
    #[error("{0}")]
    Failed(String),
    /// No connection to a host came about.
    #[error(
        "{host} can't be reached: {cause}. If that is the host that you mean, it may be down, or your network may not let you there"
    )]
    Unreachable {
        /// The host.
        host: String,
        /// What the system says.
        cause: String,
    },
    /// The server names an address that it may not send the gateway to.
    #[error("the server sends the sign-in to {host}, and {why}: that is its operator's to mend")]
    Forbidden {
        /// The host.
        host: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The metadata is for something else.
    #[error(
        "its metadata (RFC 9728) is about {about} and not about the `url` of its entry: correct that, or ask its operator"
    )]
    OtherResource {
        /// The host or what else can be said of it.
        about: String,
    },
    /// The server does not say who grants tokens for it.
    #[error(
        "it names nobody who grants tokens for it: that is its operator's to mend; if you have a token, write that into the `headers` of its \
         entry"
    )]
    NoIssuer,
    /// There is no metadata where it should be.
    #[error(
        "{host} offers no sign-in: it has no metadata (RFC 9728, RFC 8414); if it wants a token, write that into the `headers` of its entry"
    )]
    NoMetadata {
        /// The host.
        host: String,
    },
    /// The metadata or the answer is that of another authorization server.
    #[error(
        "the answer is not from the authorization server that the sign-in was started with (RFC 9207), so it may be forged: nothing was \
         sent there. If it comes again, the operator of the server has to mend it"
    )]
    OtherIssuer,
    /// What one host grants would be shown to another.
    #[error(
        "it has you sign in at {page} and has the answer brought to {to}, which could use it in your name at {page}: no page was opened. \
         Only its operator can mend that; if you did not expect {page}, do not use this server"
    )]
    Carried {
        /// The host of the page.
        page: String,
        /// The host of the token endpoint.
        to: String,
    },
    /// The authorization server can't bind a code to a client.
    #[error(
        "its authorization server does not support PKCE with S256, so others could use the sign-in: its operator has to mend that, or to give \
         you a token for the `headers` of its entry"
    )]
    NoPkce,
    /// There is no client to be.
    #[error("its authorization server registers no clients: register one there, and write its `clientId` under `auth`")]
    NoRegistration,
    /// The authorization server said no.
    #[error("its authorization server refused {what}: {error}{}", hint(.what, .error))]
    Refused {
        /// What was asked for.
        what: &'static str,
        /// The code of the error.
        error: String,
    },
    /// The authorization server failed, or redirects.
    #[error("{host} answered HTTP {status}{}", advice(*.status))]
    Status {
        /// The host.
        host: String,
        /// The status.
        status: StatusCode,
    },
    /// An answer that can't be read.
    #[error(
        "{0} that came can't be understood: that is its operator's to mend, unless something of your network answers in its place"
    )]
    Nonsense(&'static str),
    /// The token is of a kind that can't be sent.
    #[error("its authorization server gave a token that is not a bearer token: that is its operator's to mend")]
    NoBearer,
    /// The page for the browser can't be opened.
    #[error(
        "the browser can't return to port {port} of this machine ({cause}): end what uses it, or give another by `--port`"
    )]
    NoPort {
        /// The port; 0 for any.
        port: u16,
        /// What the system says.
        cause: String,
    },
    /// The browser did not return.
    #[error(
        "nobody signed in within ten minutes: run it again, and open the address in a browser; where that ends at a page that can't be opened, \
         paste the address of that page"
    )]
    NobodyCame,
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(String),
    /// The tokens can't be written or removed.
    #[error("the tokens can't be kept: {0}")]
    NotKept(String),
}
