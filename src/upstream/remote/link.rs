//! The link between a session and a transport: lines of the session are told apart and handed over, each in its turn.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::{io::DuplexStream, sync::mpsc, task::AbortHandle, task::JoinSet, time::timeout};

use super::{Again, Ended, failure::Failure, http::Http, inbox::Inbox};
use crate::{
    json,
    message::Payload,
    wire::{Id, Line, LineReader, Message, read},
};

/// How long a message that needs no answer may take to be taken.
const TELLING: Duration = Duration::from_secs(10);
/// How long the farewell may take: clients kill the gateway two seconds after they closed its input.
const FAREWELL: Duration = Duration::from_secs(1);

/// A way to exchange messages with a server over HTTP.
#[async_trait]
pub(super) trait Transport: Send + Sync + 'static {
    /// What it is linked with.
    fn link(&self) -> &Link;
    /// Sends a request and passes on what answers it.
    async fn ask(&self, id: &Id, method: &str, line: Bytes) -> Result<(), Failure>;
    /// Sends what needs no answer.
    async fn tell(&self, line: Bytes) -> Result<(), Failure>;
    /// The server was told that the handshake is over.
    fn established(&self);
    /// Passes on what the server sends of its own accord, from the start of the connection to its end.
    async fn listen(&self);
    /// Tells the server that the connection ends.
    async fn leave(&self);
}

/// What a transport is linked with.
pub(super) struct Link {
    pub(super) server: Arc<str>,
    pub(super) http: Http,
    pub(super) inbox: Inbox,
    /// The largest message, in bytes.
    pub(super) limit: usize,
    over: mpsc::UnboundedSender<Ended>,
}

impl Link {
    /// A link, and where it tells of its end.
    pub(super) fn new(
        server: Arc<str>,
        http: Http,
        inbox: Inbox,
        limit: usize,
    ) -> (Self, mpsc::UnboundedReceiver<Ended>) {
        let (over, end) = mpsc::unbounded_channel();
        (
            Self {
                server,
                http,
                inbox,
                limit,
                over,
            },
            end,
        )
    }

    /// Ends the connection.
    pub(super) fn end(&self, why: String, again: Again) {
        // Only the first end is listened to.
        let _ = self.over.send(Ended { why, again });
    }

    /// Ends the connection if no other message would fare better.
    pub(super) fn end_on(&self, failure: &Failure) -> bool {
        let again = match failure {
            Failure::SignIn { .. } | Failure::RunOut { .. } | Failure::NotTaken { .. } => Again::SignedIn,
            Failure::BadHeader => Again::Never,
            Failure::Expired => Again::Soon,
            _ => return false,
        };
        self.end(failure.to_string(), again);
        true
    }
}

/// Runs a connection until the session goes or the transport says that it is over.
pub(super) async fn run(
    transport: Arc<dyn Transport>,
    input: DuplexStream,
    mut over: mpsc::UnboundedReceiver<Ended>,
) -> Ended {
    // What the session sends was measured before.
    let mut lines = LineReader::new(input, usize::MAX);
    let (queue, waiting) = mpsc::unbounded_channel();
    // Dropped, it ends every task.
    let mut tasks = JoinSet::new();
    tasks.spawn(tell_in_turn(transport.clone(), waiting));
    let listener = transport.clone();
    tasks.spawn(async move { listener.listen().await });
    let mut asked: HashMap<Id, AbortHandle> = HashMap::new();
    loop {
        let line = tokio::select! {
            Some(ended) = over.recv() => return ended,
            Some(_) = tasks.join_next() => continue,
            line = lines.next() => line,
        };
        let Ok(Some(Line::Whole(line))) = line else { break };
        match read(line.clone()) {
            Ok(Message::Request { id, method, .. }) => {
                asked.retain(|_, task| !task.is_finished());
                let task = tasks.spawn(ask(transport.clone(), id.clone(), method, line));
                asked.insert(id, task);
            }
            // No request may overtake it.
            Ok(Message::Notification { method, .. }) if method == "notifications/initialized" => {
                tell(&*transport, line).await;
                transport.established();
            }
            Ok(Message::Notification { method, params }) if method == "notifications/cancelled" => {
                let ends = cancelled(&params).and_then(|id| asked.remove(&id));
                let _ = queue.send((line, ends));
            }
            // The queue lives as long as its task.
            Ok(_) => drop(queue.send((line, None))),
            Err(malformed) => tracing::warn!(server = %transport.link().server, "not sent: {malformed}"),
        }
    }
    drop(tasks);
    if timeout(FAREWELL, transport.leave()).await.is_err() {
        tracing::debug!(server = %transport.link().server, "took too long to be left");
    }
    Ended {
        why: "the gateway has closed the connection".to_owned(),
        again: Again::Soon,
    }
}

async fn ask(transport: Arc<dyn Transport>, id: Id, method: String, line: Bytes) {
    let Err(failure) = transport.ask(&id, &method, line).await else {
        return;
    };
    let link = transport.link();
    if link.end_on(&failure) {
        return;
    }
    match method.as_str() {
        // Without a handshake there is no connection, and its end says why in full.
        "initialize" => link.end(failure.to_string(), Again::Soon),
        _ => link.inbox.fail(&id, &failure),
    }
}

async fn tell(transport: &dyn Transport, line: Bytes) {
    let server = &transport.link().server;
    match timeout(TELLING, transport.tell(line)).await {
        Ok(Ok(())) => {}
        Ok(Err(failure)) if transport.link().end_on(&failure) => {}
        Ok(Err(failure)) => tracing::warn!(%server, "a notification or an answer did not get there: {failure}"),
        Err(_) => tracing::warn!(%server, "a notification or an answer was not taken within {} s", TELLING.as_secs()),
    }
}

/// What needs no answer leaves in order. A request that is cancelled is waited for until the server has been told.
async fn tell_in_turn(
    transport: Arc<dyn Transport>,
    mut waiting: mpsc::UnboundedReceiver<(Bytes, Option<AbortHandle>)>,
) {
    while let Some((line, ends)) = waiting.recv().await {
        tell(&*transport, line).await;
        if let Some(request) = ends {
            request.abort();
        }
    }
}

fn cancelled(params: &Payload) -> Option<Id> {
    Id::new(json::members(params.text()).ok()?.raw("requestId")?)
}
