//! HTTP with SSE, as MCP had it in 2024-11-05: one stream brings every message, and names the address for POSTs.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use reqwest::{
    Method, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue},
};
use tokio::{sync::watch, time::timeout};

use super::{
    Again,
    events::{Event, Events},
    failure::Failure,
    http, inbox,
    link::{Link, Transport},
    streamable::events,
};
use crate::{
    http::host_of,
    wire::{Id, id_of_ends},
};

/// How long the server may take to take a message; its answer comes by the stream.
const TAKING: Duration = Duration::from_secs(60);

/// One connection.
pub(super) struct Sse {
    link: Link,
    /// Where messages go, once the server has said it.
    target: watch::Sender<Option<Url>>,
}

impl Sse {
    pub(super) fn new(link: Link) -> Self {
        Self {
            link,
            target: watch::Sender::new(None),
        }
    }

    async fn post(&self, line: Bytes) -> Result<(), Failure> {
        let mut targets = self.target.subscribe();
        let target = targets
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|target| target.clone());
        let target = target.unwrap_or_else(|| self.link.http.url().clone());
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        let sending = self.link.http.send(Method::POST, &target, headers, Some(line));
        let timed_out = || Failure::TimedOut {
            host: host_of(&target),
            seconds: TAKING.as_secs(),
        };
        let response = timeout(TAKING, sending).await.map_err(|_| timed_out())??;
        if response.status().is_success() {
            Ok(())
        } else {
            Err(Failure::Status(response.status()))
        }
    }

    async fn read<R: tokio::io::AsyncRead + Unpin>(&self, mut events: Events<R>) -> Result<(), Failure> {
        let Link {
            server,
            http,
            inbox,
            limit,
            ..
        } = &self.link;
        loop {
            match events
                .next()
                .await
                .map_err(|error| Failure::of_reading(http.url(), &error))?
            {
                None => return Ok(()),
                Some(Event::Whole(name, data)) if name == "endpoint" => self.aim(&data)?,
                Some(Event::Whole(name, data)) if name == "message" => {
                    for incoming in inbox::messages(server, data) {
                        inbox.line(incoming.line).await;
                    }
                }
                Some(Event::Whole(..)) => tracing::debug!(%server, "an unknown event"),
                Some(Event::TooLong { head, tail, length }) => {
                    let failure = Failure::TooLong { length, limit: *limit };
                    tracing::warn!(%server, "dropped a message: {failure}");
                    if let Some(id) = id_of_ends(&head, &tail) {
                        inbox.fail(&id, &failure);
                    }
                }
            }
        }
    }

    /// Messages go to where the server says, at its own origin.
    fn aim(&self, address: &[u8]) -> Result<(), Failure> {
        let base = self.link.http.url();
        let address = String::from_utf8_lossy(address);
        let target = base.join(address.trim()).map_err(|_| Failure::Redirected {
            to: "no address".to_owned(),
        })?;
        if target.origin() != base.origin() {
            return Err(Failure::Redirected { to: host_of(&target) });
        }
        self.target.send_replace(Some(target));
        Ok(())
    }
}

#[async_trait]
impl Transport for Sse {
    fn link(&self) -> &Link {
        &self.link
    }

    async fn ask(&self, _id: &Id, _method: &str, line: Bytes) -> Result<(), Failure> {
        self.post(line).await
    }

    async fn tell(&self, line: Bytes) -> Result<(), Failure> {
        self.post(line).await
    }

    fn established(&self) {}

    async fn listen(&self) {
        let http = &self.link.http;
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("text/event-stream"))]);
        let read = match http.send(Method::GET, http.url(), headers, None).await {
            Ok(response) if !response.status().is_success() => Err(Failure::Status(response.status())),
            Ok(response) if !http::is(&response, "text/event-stream") => {
                Err(Failure::of_type(&http::content_type(&response)))
            }
            Ok(response) => self.read(events(response, self.link.limit)).await,
            Err(failure) => Err(failure),
        };
        match read {
            Ok(()) => self.link.end("it closed its stream of events".to_owned(), Again::Soon),
            Err(failure) if self.link.end_on(&failure) => {}
            Err(failure) => self.link.end(failure.to_string(), Again::Soon),
        }
    }

    /// Its end is that of the stream.
    async fn leave(&self) {}
}
