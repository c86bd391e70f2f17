//! HTTP services that are asked about messages: with a time-out, one more try, so many requests at a time, and a pause
//! after failures in a row.

mod breaker;
mod pieces;

use std::time::Instant;

use bytes::Bytes;
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use serde::de::DeserializeOwned;
use tokio::{
    sync::Semaphore,
    time::{Duration, sleep, timeout},
};

use breaker::Breaker;
pub(super) use pieces::{Piece, Sizes, requests};

use super::{BuildError, terms::Terms};
use crate::http::{self, BodyFault, root_cause};

/// How long it takes until something is tried once more.
const BREATH: Duration = Duration::from_millis(200);

/// Why there is no answer. None of them repeats a text that was asked about, a header or an address.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("can't be reached ({0})")]
    Unreachable(String),
    #[error("did not answer within {seconds} s; the setting `{settings}.timeout` is how long it may take")]
    TimedOut { seconds: f64, settings: String },
    #[error("answered HTTP {}: {}", .0.as_u16(), hint(*.0))]
    Status(StatusCode),
    #[error("broke off its answer ({0})")]
    Broken(String),
    #[error("answered with {0}")]
    Nonsense(&'static str),
    /// It answers, and is not what it is needed for.
    #[error("{0}")]
    Unfit(String),
    #[error("failed several times in a row and is not asked for another {} s", .0.as_secs() + 1)]
    Paused(Duration),
}

/// A service that can be asked.
pub(super) struct HttpService {
    /// What it is, for people.
    what: String,
    /// Where its settings are, such as `presidio`.
    settings: String,
    host: String,
    client: Client,
    terms: Terms,
    /// The longest answer that is read, in bytes.
    longest: usize,
    permits: Semaphore,
    breaker: Breaker,
}

impl HttpService {
    /// The service at `address`. `what` it is and where its `settings` are is for people; `longest` is the longest answer
    /// that is read, in bytes.
    pub(super) fn new(
        what: &str,
        settings: &str,
        address: &Url,
        terms: Terms,
        longest: usize,
    ) -> Result<Self, BuildError> {
        let mut builder = http::builder(address);
        // Where nothing is encrypted, a system without certificates will do.
        if address.scheme() == "http" {
            builder = builder.tls_certs_only([]);
        }
        let client = builder
            .build()
            .map_err(|error| BuildError(format!("{what} can't be asked from here: {}", root_cause(&error))))?;
        Ok(Self {
            what: what.to_owned(),
            settings: settings.to_owned(),
            host: http::host_of(address),
            client,
            terms,
            longest,
            permits: Semaphore::new(terms.concurrency),
            breaker: Breaker::default(),
        })
    }

    /// On what terms it is asked.
    pub(super) fn terms(&self) -> Terms {
        self.terms
    }

    /// A failure in words for people.
    pub(super) fn explain(&self, failure: &Failure) -> String {
        format!("{} at {} {failure}", self.what, self.host)
    }

    /// Does what it takes to judge one message, unless the service is to be left alone.
    pub(super) async fn judge<T>(&self, asking: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        self.breaker.admit(Instant::now()).map_err(Failure::Paused)?;
        let judged = asking.await;
        match &judged {
            Err(failure) if failure.is_outage() => self.breaker.failed(Instant::now()),
            _ => self.breaker.succeeded(),
        }
        judged
    }

    /// Gives up on what takes longer than the settings allow.
    pub(super) async fn in_time<T>(&self, asking: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let late = |_| Failure::TimedOut {
            seconds: self.terms.timeout.as_secs_f64(),
            settings: self.settings.clone(),
        };
        timeout(self.terms.timeout, asking).await.map_err(late)?
    }

    /// The answer to one request, which is sent once more if the service can't be reached or fails.
    pub(super) async fn ask(&self, request: impl Fn(&Client) -> RequestBuilder) -> Result<Bytes, Failure> {
        let _permit = self.permits.acquire().await.expect("it is never closed");
        let tries = async {
            match self.attempt(request(&self.client)).await {
                Err(failure) if failure.may_pass_by() => {
                    sleep(BREATH).await;
                    self.attempt(request(&self.client)).await
                }
                answered => answered,
            }
        };
        self.in_time(tries).await
    }

    async fn attempt(&self, request: RequestBuilder) -> Result<Bytes, Failure> {
        let response = request.send().await.map_err(|error| match error.is_connect() {
            true => Failure::Unreachable(root_cause(&error)),
            false => Failure::Broken(root_cause(&error)),
        })?;
        if response.status() != StatusCode::OK {
            return Err(Failure::Status(response.status()));
        }
        http::body(response, self.longest).await.map_err(|fault| match fault {
            BodyFault::TooLong(_) => Failure::Nonsense("more than it can have to say"),
            BodyFault::Broken(cause) => Failure::Broken(cause),
        })
    }
}

impl Failure {
    /// Whether the next try may go well.
    fn may_pass_by(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Broken(_) => true,
            Self::Status(status) => status.is_server_error(),
            _ => false,
        }
    }

    /// Whether any other message would have failed as well.
    fn is_outage(&self) -> bool {
        let too_often = matches!(self, Self::Status(StatusCode::TOO_MANY_REQUESTS));
        self.may_pass_by() || too_often || matches!(self, Self::TimedOut { .. })
    }
}

/// What a status means for whoever runs the gateway.
fn hint(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 | 403 => "it does not accept the key that it is sent",
        404 | 405 => "is its address right?",
        429 => "it is asked too often; try again later",
        _ => "its log may say why",
    }
}

/// An answer as JSON; `what` says what it is if it is something else.
pub(super) fn parsed<T: DeserializeOwned>(answer: &[u8], what: &'static str) -> Result<T, Failure> {
    serde_json::from_slice(answer).map_err(|_| Failure::Nonsense(what))
}

/// An http or https address; `None` for any other.
pub(super) fn address(written: &str) -> Option<Url> {
    Url::parse(written)
        .ok()
        .filter(|address| ["http", "https"].contains(&address.scheme()))
}
