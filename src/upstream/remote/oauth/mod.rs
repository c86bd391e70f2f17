//! OAuth 2.1 as MCP 2025-11-25 has it: a person signs in by `mcp-gateway auth`, and the gateway sends and renews what
//! was granted then. At run time no browser is opened.

mod callback;
mod challenge;
mod client;
mod metadata;
mod network;
mod sign_in;
mod store;
mod tokens;

use reqwest::StatusCode;

pub use sign_in::{Choice, sign_in, sign_out};

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
        Self::Failed(failure.to_string())
    }
}

/// What to do about an error of RFC 6749.
fn hint(error: &str) -> &'static str {
    match error {
        "access_denied" => "; sign in again, and accept in the browser",
        "invalid_grant" => "; sign in again",
        "invalid_client" | "unauthorized_client" => "; the `clientId` under `auth` in its entry may be wrong",
        "invalid_scope" => "; the `scopes` under `auth` in its entry may be wrong",
        _ => "",
    }
}

/// Why nothing was granted. No token, code or address is in the words.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The entry can't be used.
    #[error(transparent)]
    Entry(#[from] Unusable),
    /// The way to the server can be listened to.
    #[error("its address is not https, so a token for it could be read on the way")]
    NotHttps,
    /// The entry says what to send.
    #[error("its entry has an `Authorization` header, which is sent instead of a token; remove it to sign in")]
    HasHeader,
    /// The server or the authorization server gave no answer.
    #[error("{0}")]
    Failed(String),
    /// The name of the server is not known.
    #[error("{host} can't be reached: {cause}")]
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
    #[error("its metadata (RFC 9728) is about another server")]
    OtherResource,
    /// The server does not say who grants tokens for it.
    #[error("it names nobody who grants tokens for it")]
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
    /// The answer is to another question.
    #[error(
        "the browser brought an answer that does not belong to this sign-in (`state`): try again, in the page that opens then"
    )]
    OtherState,
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
    #[error("its authorization server refused {what}: {error}{}", hint(.error))]
    Refused {
        /// What was asked for.
        what: &'static str,
        /// The code of the error.
        error: String,
    },
    /// The authorization server failed, or redirects.
    #[error("{host} answered HTTP {status}")]
    Status {
        /// The host.
        host: String,
        /// The status.
        status: StatusCode,
    },
    /// An answer that can't be read.
    #[error("{0} that came can't be understood")]
    Nonsense(&'static str),
    /// The token is of a kind that can't be sent.
    #[error("the token is not a bearer token")]
    NoBearer,
    /// The page for the browser can't be opened.
    #[error("this machine gives no port for the browser to return to: {0}")]
    NoPort(String),
    /// The browser did not return.
    #[error("nobody signed in within ten minutes")]
    NobodyCame,
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(String),
    /// The tokens can't be written or removed.
    #[error("the tokens can't be kept: {0}")]
    NotKept(String),
}
