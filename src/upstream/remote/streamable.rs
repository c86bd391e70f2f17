//! Streamable HTTP, as MCP has it since 2025-03-26: each message is a POST, answered by JSON or by a stream of events.
//! 2026-07-28 has neither sessions nor a stream of the server's own, and takes the end of an answer for a cancellation.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::TryStreamExt;
use reqwest::{
    Method, Response, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use tokio::{
    sync::Notify,
    time::{Instant, sleep, timeout_at},
};
use tokio_util::io::StreamReader;

use super::{
    cursor::Cursor,
    events::{Event, Events},
    failure::Failure,
    http,
    inbox::{self, Incoming},
    link::{Link, Transport},
    mirror::Mirrors,
};
use crate::{
    json,
    message::Payload,
    sync::lock,
    wire::{Id, Message},
};

const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
const VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const LAST_EVENT: HeaderName = HeaderName::from_static("last-event-id");
const EITHER: HeaderValue = HeaderValue::from_static(http::ANY_ANSWER);
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const EVENTS: HeaderValue = HeaderValue::from_static("text/event-stream");

/// A stream that stayed open this long was worth opening.
const SUSTAINED: Duration = Duration::from_secs(5);
/// How often in a row an answer's stream is opened again without bringing anything.
const RESUMES: u32 = 5;
/// How long the stream of an answer may stay open after it, so that its connection can be used again.
const LINGER: Duration = Duration::from_secs(2);
/// How much of an error's body is read, in bytes.
const ERROR_BODY: usize = 64 * 1024;

/// One connection: what `initialize` has agreed on is sent with every later message.
pub(super) struct Streamable {
    link: Link,
    agreed: Mutex<HeaderMap>,
    established: Notify,
    /// What headers repeat of calls, from 2026-07-28 on.
    mirrors: Mirrors,
    /// Whether the latest request was of 2026-07-28: a server of that era takes nothing but requests.
    stateless: AtomicBool,
}

/// The request that an answer is waited for.
#[derive(Clone, Copy)]
struct Awaited<'a> {
    id: &'a Id,
    method: &'a str,
}

impl Awaited<'_> {
    fn is_handshake(&self) -> bool {
        self.method == "initialize"
    }
}

impl Streamable {
    pub(super) fn new(link: Link) -> Self {
        Self {
            link,
            agreed: Mutex::default(),
            established: Notify::new(),
            mirrors: Mirrors::default(),
            stateless: AtomicBool::new(false),
        }
    }

    /// Sends a request to the server's one address. Any answer of a server that still knows the session is given.
    async fn send(&self, method: Method, headers: HeaderMap, body: Option<Bytes>) -> Result<Response, Failure> {
        let mut all = self.agreed().clone();
        all.extend(headers);
        let in_session = all.contains_key(SESSION);
        let get = method == Method::GET;
        let response = self.link.http.send(method, self.link.http.url(), all, body).await?;
        // A server without the stream of GET may know no such address.
        if response.status() == StatusCode::NOT_FOUND && in_session && !get {
            return Err(Failure::Expired);
        }
        Ok(response)
    }

    async fn post(&self, line: Bytes, more: HeaderMap) -> Result<Response, Failure> {
        let mut headers = HeaderMap::from_iter([(ACCEPT, EITHER), (CONTENT_TYPE, JSON)]);
        headers.extend(more);
        self.send(Method::POST, headers, Some(line)).await
    }

    /// Opens the stream of the server's own messages, or one that was broken off.
    async fn open(&self, cursor: &Cursor) -> Result<Response, Failure> {
        let mut headers = HeaderMap::from_iter([(ACCEPT, EVENTS)]);
        if let Some(id) = cursor.last.as_ref().and_then(|id| HeaderValue::from_str(id).ok()) {
            headers.insert(LAST_EVENT, id);
        }
        let response = self.send(Method::GET, headers, None).await?;
        match response.status() {
            status if !status.is_success() => Err(Failure::Status(status)),
            _ if !http::is(&response, "text/event-stream") => Err(Failure::of_type(&http::content_type(&response))),
            _ => Ok(response),
        }
    }

    /// Passes on the messages in `data`; whether the one that is waited for was among them.
    async fn take(&self, data: Bytes, awaited: Option<Awaited<'_>>) -> bool {
        let mut answered = false;
        for Incoming { line, message } in inbox::messages(&self.link.server, data) {
            match (message, awaited) {
                (Message::Response { id: Some(id), outcome }, Some(awaited)) if is_same(&id, awaited.id) => {
                    match outcome {
                        Ok(result) if awaited.is_handshake() => self.agree_on_version(&result),
                        Ok(result) if awaited.method == "tools/list" => self.mirrors.learn(result.text()),
                        _ => {}
                    }
                    answered = true;
                }
                // It stands in the answer to this request, so it is about it.
                (
                    Message::Response {
                        id: None,
                        outcome: Err(error),
                    },
                    Some(awaited),
                ) => {
                    self.link.inbox.answer_with(awaited.id, &error).await;
                    answered = true;
                    continue;
                }
                _ => {}
            }
            self.link.inbox.line(line).await;
        }
        answered
    }

    /// Passes on the messages of a stream up to its end; whether the one that is waited for was among them.
    async fn read(
        &self,
        response: Response,
        cursor: &mut Cursor,
        awaited: Option<Awaited<'_>>,
    ) -> Result<bool, Failure> {
        let url = response.url().clone();
        let mut events = events(response, self.link.limit);
        let mut answered = false;
        let mut deadline = None;
        loop {
            let next = match deadline {
                None => events.next().await,
                Some(deadline) => match timeout_at(deadline, events.next()).await {
                    Ok(next) => next,
                    Err(_) => return Ok(true),
                },
            };
            if cursor.last != events.last_id && events.last_id.is_some() {
                cursor.last.clone_from(&events.last_id);
                cursor.idle = 0;
            }
            cursor.pause = events.retry.or(cursor.pause);
            match next {
                Ok(Some(Event::Whole(name, data))) if name == "message" => {
                    cursor.idle = 0;
                    answered |= self.take(data, awaited).await;
                }
                Ok(Some(Event::Whole(..))) => tracing::debug!(server = %self.link.server, "an unknown event"),
                Ok(Some(Event::TooLong { length, .. })) => {
                    let failure = Failure::TooLong {
                        length,
                        limit: self.link.limit,
                    };
                    match awaited {
                        Some(_) if !answered => return Err(failure),
                        _ => tracing::warn!(server = %self.link.server, "dropped a message: {failure}"),
                    }
                }
                Ok(None) => return Ok(answered),
                Err(_) if answered => return Ok(true),
                Err(error) => return Err(Failure::of_reading(&url, &error)),
            }
            if answered {
                deadline.get_or_insert_with(|| Instant::now() + LINGER);
            }
        }
    }

    /// Reads the answer out of a stream, which may break off and be opened again where the server gave its events ids.
    async fn read_answer(&self, response: Response, awaited: Awaited<'_>) -> Result<(), Failure> {
        let mut cursor = Cursor::default();
        let mut opened = Ok(response);
        loop {
            let failure = match opened {
                Ok(response) => match self.read(response, &mut cursor, Some(awaited)).await {
                    Ok(true) => return Ok(()),
                    Ok(false) => Failure::NoAnswer,
                    Err(failure) => failure,
                },
                Err(failure) => failure,
            };
            let passing = matches!(
                &failure,
                Failure::NoAnswer | Failure::Broken { .. } | Failure::Unreachable { .. }
            ) || matches!(&failure, Failure::Status(status) if status.is_server_error());
            if !passing || cursor.last.is_none() || cursor.idle == RESUMES {
                return Err(failure);
            }
            cursor.idle += 1;
            sleep(cursor.pause()).await;
            opened = self.open(&cursor).await;
        }
    }

    /// Passes on the answer of a status that is no success: the error in it, if it is one of JSON-RPC.
    async fn read_refusal(&self, response: Response, awaited: Awaited<'_>) -> Result<(), Failure> {
        let status = response.status();
        if !http::is(&response, "application/json") {
            let elsewhere = matches!(status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
            return Err(match awaited.is_handshake() && elsewhere {
                true => Failure::NoSuchTransport(status),
                false => Failure::Status(status),
            });
        }
        let in_session = self.agreed().contains_key(SESSION);
        let body = http::body(response, ERROR_BODY).await?;
        // Servers on the TypeScript SDK answer 400 in the place of 404.
        let lost = |body: &[u8]| String::from_utf8_lossy(body).to_ascii_lowercase().contains("session");
        if status == StatusCode::BAD_REQUEST && in_session && lost(&body) {
            return Err(Failure::Expired);
        }
        if self.take(body, Some(awaited)).await {
            Ok(())
        } else {
            Err(Failure::Status(status))
        }
    }

    fn agree_on_version(&self, result: &Payload) {
        let version = json::members(result.text())
            .ok()
            .and_then(|members| members.string("protocolVersion"));
        if let Some(version) = version.and_then(|version| HeaderValue::try_from(version).ok()) {
            self.agreed().insert(VERSION, version);
        }
    }

    fn agreed(&self) -> std::sync::MutexGuard<'_, HeaderMap> {
        lock(&self.agreed)
    }
}

#[async_trait]
impl Transport for Streamable {
    fn link(&self) -> &Link {
        &self.link
    }

    async fn ask(&self, id: &Id, method: &str, line: Bytes) -> Result<(), Failure> {
        let awaited = Awaited { id, method };
        let mirrored = self.mirrors.headers(method, &String::from_utf8_lossy(&line));
        self.stateless.store(!mirrored.is_empty(), Ordering::Relaxed);
        let response = self.post(line, mirrored).await?;
        if !response.status().is_success() {
            return self.read_refusal(response, awaited).await;
        }
        if let (true, Some(session)) = (awaited.is_handshake(), response.headers().get(&SESSION)) {
            let mut session = session.clone();
            session.set_sensitive(true);
            self.agreed().insert(SESSION, session);
        }
        if http::is(&response, "text/event-stream") {
            return self.read_answer(response, awaited).await;
        }
        if !http::is(&response, "application/json") {
            return Err(match http::content_type(&response) {
                none if none.is_empty() => Failure::NoAnswer,
                other => Failure::of_type(&other),
            });
        }
        let body = http::body(response, self.link.limit).await?;
        if self.take(body, Some(awaited)).await {
            Ok(())
        } else {
            Err(Failure::NoAnswer)
        }
    }

    async fn tell(&self, line: Bytes) -> Result<(), Failure> {
        // Where it was a request that was cancelled, its end tells that.
        if self.stateless.load(Ordering::Relaxed) {
            return Ok(());
        }
        let response = self.post(line, HeaderMap::new()).await?;
        if response.status().is_success() {
            Ok(())
        } else {
            Err(Failure::Status(response.status()))
        }
    }

    fn established(&self) {
        self.established.notify_one();
    }

    async fn listen(&self) {
        self.established.notified().await;
        let server = &self.link.server;
        let mut cursor = Cursor::default();
        loop {
            let started = Instant::now();
            let read = match self.open(&cursor).await {
                Ok(response) => self.read(response, &mut cursor, None).await,
                Err(failure) => Err(failure),
            };
            if started.elapsed() >= SUSTAINED {
                cursor.idle = 0;
            }
            match read {
                Ok(_) | Err(Failure::Broken { .. } | Failure::Unreachable { .. }) => {}
                Err(Failure::Status(status)) if status.is_server_error() => {}
                Err(failure) => {
                    tracing::debug!(%server, "has no stream of its own messages: {failure}");
                    return;
                }
            }
            cursor.idle += 1;
            sleep(cursor.pause()).await;
        }
    }

    async fn leave(&self) {
        if !self.agreed().contains_key(SESSION) {
            return;
        }
        match self.send(Method::DELETE, HeaderMap::new(), None).await {
            // A server may keep its sessions to itself.
            Ok(_) | Err(Failure::Expired) => {}
            Err(failure) => tracing::debug!(server = %self.link.server, "did not end its session: {failure}"),
        }
    }
}

/// The events in an answer.
pub(super) fn events(response: Response, limit: usize) -> Events<impl tokio::io::AsyncRead + Unpin> {
    let bytes = response.bytes_stream().map_err(std::io::Error::other);
    Events::new(StreamReader::new(Box::pin(bytes)), limit)
}

/// Whether a server echoed an id, if in another spelling.
fn is_same(theirs: &Id, ours: &Id) -> bool {
    theirs == ours || theirs.number().is_some() && theirs.number() == ours.number()
}
