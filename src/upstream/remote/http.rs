//! Requests to one server: its headers and its token go with them, and to its origin only.

use std::{path::Path, sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use reqwest::{
    Certificate, Client, ClientBuilder, Method, Request, Response, StatusCode, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, WWW_AUTHENTICATE},
};
use tokio::time::timeout;

use super::{
    Endpoint, Unusable,
    failure::Failure,
    oauth::{Challenge, Tokens},
};
use crate::{
    config::Transport,
    http::{self, BodyFault, host_of, root_cause},
};

/// How long a connection may take to come about.
const CONNECTING: Duration = Duration::from_secs(15);
/// How often a silent connection is probed: a peer that is gone is noticed.
const PROBING: Duration = Duration::from_secs(30);
/// How long a connection waits for its next message. Node and uvicorn close it after five seconds, and a message that
/// crosses that would be lost.
const IDLE: Duration = Duration::from_secs(4);
/// Redirects of one message that are followed.
const REDIRECTS: usize = 5;

/// The media types of an answer to a message.
pub(super) const ANY_ANSWER: &str = "application/json, text/event-stream";

/// Speaks HTTP with one server.
pub(super) struct Http {
    server: Arc<str>,
    url: Url,
    client: Client,
    headers: HeaderMap,
    /// `None` where the entry has an `Authorization` header of its own.
    tokens: Option<Tokens>,
}

impl Http {
    /// # Errors
    /// [`Unusable`], where the entry can't be used.
    pub(super) fn new(endpoint: &Endpoint) -> Result<Self, Unusable> {
        let mut url = endpoint.address()?;
        let mut headers = HeaderMap::new();
        for (name, value) in &endpoint.headers {
            let header = HeaderName::try_from(name).map_err(|_| Unusable::Header(name.clone()))?;
            let mut value = HeaderValue::try_from(value).map_err(|_| Unusable::Header(name.clone()))?;
            value.set_sensitive(true);
            headers.append(header, value);
        }
        // What an address says of who is asking is a header as well.
        if !headers.contains_key(AUTHORIZATION)
            && let Some(header) = basic(&url)
        {
            headers.insert(AUTHORIZATION, header);
        }
        let tokens = (!headers.contains_key(AUTHORIZATION)).then(|| Tokens::new(endpoint, &url));
        // The HTTP client logs whom it is connected to, as the address has it. An address with a host takes both.
        let _ = url.set_username("").and_then(|()| url.set_password(None));
        let client = build(client(&url, endpoint.ca.as_deref())?)?;
        Ok(Self {
            server: endpoint.server.clone(),
            url,
            client,
            headers,
            tokens,
        })
    }

    /// Where the server is.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// Whether it is for tokens to say who is asking.
    pub(super) fn takes_tokens(&self) -> bool {
        self.tokens.is_some()
    }

    /// What the server says to who has no token; empty, if it does not mind.
    ///
    /// # Errors
    /// [`Failure`], where it says nothing.
    pub(super) async fn challenge(&self, transport: Transport) -> Result<Challenge, Failure> {
        let response = self.probe(transport, None).await?;
        Ok(Challenge::of(response.headers().get_all(WWW_AUTHENTICATE)))
    }

    /// Whether the server takes this token, as far as can be told.
    pub(super) async fn takes(&self, transport: Transport, token: &HeaderValue) -> bool {
        let probed = self.probe(transport, Some(token)).await;
        probed.map_or(true, |response| response.status() != StatusCode::UNAUTHORIZED)
    }

    /// The answer to a question that opens no session.
    async fn probe(&self, transport: Transport, token: Option<&HeaderValue>) -> Result<Response, Failure> {
        let mut headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(ANY_ANSWER))]);
        let (method, body) = match transport {
            Transport::StreamableHttp => (Method::POST, Some(r#"{"jsonrpc":"2.0","id":0,"method":"ping"}"#.into())),
            Transport::Sse => (Method::GET, None),
        };
        headers.extend(
            body.is_some()
                .then_some((CONTENT_TYPE, HeaderValue::from_static("application/json"))),
        );
        let asking = self.follow(&method, &self.url, &headers, &body, token);
        timeout(CONNECTING, asking).await.map_err(|_| Failure::TimedOut {
            host: host_of(&self.url),
            seconds: CONNECTING.as_secs(),
        })?
    }

    /// Sends one message and gives the answer once its head is there, if that is a success. A token that has run out is
    /// renewed, and a message that was not taken because of it is sent again; nothing else is.
    ///
    /// # Errors
    /// [`Failure`]; whether the server knows of the message is in its words.
    pub(super) async fn send(
        &self,
        method: Method,
        to: &Url,
        headers: HeaderMap,
        body: Option<Bytes>,
    ) -> Result<Response, Failure> {
        let mut token = self.token(None).await?;
        let mut response = self.follow(&method, to, &headers, &body, token.as_ref()).await?;
        if response.status() == StatusCode::UNAUTHORIZED && token.is_some() {
            token = self.token(token).await?;
            response = self.follow(&method, to, &headers, &body, token.as_ref()).await?;
        }
        match response.status() {
            status if status.is_success() => Ok(response),
            StatusCode::UNAUTHORIZED => Err(match (&self.tokens, token) {
                (None, _) => Failure::BadHeader,
                (Some(_), None) => Failure::SignIn {
                    server: self.server.to_string(),
                },
                (Some(_), Some(_)) => Failure::NotTaken {
                    server: self.server.to_string(),
                },
            }),
            StatusCode::FORBIDDEN if self.tokens.is_some() => Err(self.forbidden(&response)),
            _ => Ok(response),
        }
    }

    /// The token to send, other than the one that was refused.
    async fn token(&self, refused: Option<HeaderValue>) -> Result<Option<HeaderValue>, Failure> {
        match &self.tokens {
            Some(tokens) => tokens.bearer(refused).await,
            None => Ok(None),
        }
    }

    /// Sends it, and sends it once more wherever the same origin redirects it to.
    async fn follow(
        &self,
        method: &Method,
        to: &Url,
        headers: &HeaderMap,
        body: &Option<Bytes>,
        token: Option<&HeaderValue>,
    ) -> Result<Response, Failure> {
        let mut to = to.clone();
        for _ in 0..REDIRECTS {
            if to.origin() != self.url.origin() {
                return Err(Failure::Redirected { to: host_of(&to) });
            }
            let mut request = Request::new(method.clone(), to.clone());
            request.headers_mut().extend(self.headers.clone());
            request.headers_mut().extend(headers.clone());
            if let Some(token) = token {
                request.headers_mut().insert(AUTHORIZATION, token.clone());
            }
            *request.body_mut() = body.clone().map(Into::into);
            let response = self
                .client
                .execute(request)
                .await
                .map_err(|error| Failure::of_sending(&to, &error))?;
            let Some(next) = redirect(&response, &to) else {
                return Ok(response);
            };
            // The other redirects turn a message into a mere question.
            let keeps = matches!(
                response.status(),
                StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
            );
            if !keeps && *method != Method::GET && next.origin() == self.url.origin() {
                return Err(Failure::MethodLost {
                    to: host_of(&next),
                    status: response.status().as_u16(),
                });
            }
            to = next;
        }
        Err(Failure::RedirectedTooOften)
    }

    fn forbidden(&self, response: &Response) -> Failure {
        let challenge = Challenge::of(response.headers().get_all(WWW_AUTHENTICATE));
        if challenge.error.as_deref() != Some("insufficient_scope") {
            return Failure::Status(StatusCode::FORBIDDEN);
        }
        // What it wants is shown to the person who signs in, and not here: a model reads this, and a list of scopes is as
        // good as a sentence.
        if let (Some(tokens), Some(scope)) = (&self.tokens, &challenge.scope) {
            tokens.miss(scope);
        }
        Failure::MoreScope {
            server: self.server.to_string(),
        }
    }
}

/// A client for the server at `url`, or for what it names. It follows no redirects by itself.
///
/// # Errors
/// [`Unusable`], where the file of the private certificate authority can't be used.
pub(super) fn client(url: &Url, ca: Option<&Path>) -> Result<ClientBuilder, Unusable> {
    let mut builder = http::builder(url)
        .connect_timeout(CONNECTING)
        .tcp_keepalive(PROBING)
        .pool_idle_timeout(IDLE);
    if let Some(path) = ca {
        let amiss = |why: String| Unusable::Authority {
            path: path.to_owned(),
            why,
        };
        let pem = std::fs::read(path).map_err(|error| amiss(error.to_string()))?;
        let certificates = Certificate::from_pem_bundle(&pem).map_err(|_| amiss("it is not PEM".to_owned()))?;
        if certificates.is_empty() {
            return Err(amiss("it holds no certificate".to_owned()));
        }
        builder = builder.tls_certs_merge(certificates);
    }
    Ok(builder)
}

/// The `Authorization` header for the user and the password in an address (RFC 7617), if it has any.
fn basic(url: &Url) -> Option<HeaderValue> {
    let (user, password) = (url.username(), url.password().unwrap_or_default());
    if user.is_empty() && password.is_empty() {
        return None;
    }
    let mut pair: Vec<u8> = percent_decode_str(user).collect();
    pair.push(b':');
    pair.extend(percent_decode_str(password));
    let mut header = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair))).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// # Errors
/// [`Unusable`], where the system's certificates can't be used.
pub(super) fn build(builder: ClientBuilder) -> Result<Client, Unusable> {
    builder.build().map_err(|error| Unusable::Client(root_cause(&error)))
}

/// Reads an answer whole.
///
/// # Errors
/// [`Failure`], where it breaks off or is over `limit` bytes.
pub(super) async fn body(response: Response, limit: usize) -> Result<Bytes, Failure> {
    let host = host_of(response.url());
    http::body(response, limit).await.map_err(|fault| match fault {
        BodyFault::TooLong(length) => Failure::TooLong { length, limit },
        BodyFault::Broken(cause) => Failure::Broken { host, cause },
    })
}

/// Where an answer redirects to, if it does.
fn redirect(response: &Response, from: &Url) -> Option<Url> {
    let location = response
        .status()
        .is_redirection()
        .then(|| response.headers().get(LOCATION))??;
    from.join(location.to_str().ok()?).ok()
}

/// Whether an answer is of this media type, whatever its parameters.
pub(super) fn is(response: &Response, media_type: &str) -> bool {
    content_type(response).eq_ignore_ascii_case(media_type)
}

/// The media type of an answer, without its parameters.
pub(super) fn content_type(response: &Response) -> String {
    let value = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_owned()
}
