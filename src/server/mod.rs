//! The client's side of the wire: decode, ask the gateway, encode.

mod requests;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
    task::AbortHandle,
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    gateway::{ClientSide, Gateway},
    guard::Cleared,
    json,
    message::Payload,
    wire::{Frame, Id, Limits, Line, LineReader, Malformed, Message, Outbox, id_of_ends, read},
};

/// How long answers that are under way may take once the client has closed its end.
const GRACE: Duration = Duration::from_millis(300);

/// The client's connection.
struct Connection {
    gateway: Arc<Gateway>,
    client: ClientSide,
    /// What the client can do, as JSON, for servers to be told.
    capabilities: watch::Sender<Option<String>>,
    /// The requests under way, to be cancelled by their ids.
    under_way: Mutex<HashMap<Id, AbortHandle>>,
    tasks: TaskTracker,
    limits: Limits,
    /// The count of changes at which the client was last given the tools; it hears of later ones only.
    listed: AtomicU64,
}

/// Serves one client until it closes `input`, stops reading `output`, or `stop` is called.
pub async fn serve(
    gateway: Arc<Gateway>,
    input: impl AsyncRead + Unpin,
    output: impl AsyncWrite + Unpin + Send + 'static,
    capabilities: watch::Sender<Option<String>>,
    limits: Limits,
    stop: CancellationToken,
) {
    let (outbox, writing) = Outbox::new(output);
    let writing = tokio::spawn(writing);
    let connection = Arc::new(Connection {
        gateway,
        client: ClientSide { outbox: outbox.clone() },
        capabilities,
        under_way: Mutex::default(),
        tasks: TaskTracker::new(),
        limits,
        listed: AtomicU64::new(u64::MAX),
    });
    let announcing = tokio::spawn(connection.clone().announce_changes());
    let mut lines = LineReader::new(input, limits.message);
    loop {
        tokio::select! {
            line = lines.next() => match line {
                Ok(Some(line)) => connection.receive(line).await,
                Ok(None) => {
                    tracing::info!("the client closed its end");
                    break;
                }
                Err(error) => {
                    tracing::error!("standard input can't be read: {error}");
                    break;
                }
            },
            () = outbox.closed() => {
                tracing::info!("the client does not read any more");
                break;
            }
            () = stop.cancelled() => break,
        }
    }
    connection.tasks.close();
    if timeout(GRACE, connection.tasks.wait()).await.is_err() {
        connection.lock().values().for_each(AbortHandle::abort);
        connection.tasks.wait().await;
    }
    announcing.abort();
    drop((connection, outbox));
    // What was answered is still written, if the client reads it.
    let _ = timeout(GRACE, writing).await;
}

impl Connection {
    async fn receive(self: &Arc<Self>, line: Line) {
        let line = match line {
            Line::Whole(line) if line.is_empty() => return,
            Line::Whole(line) => line,
            Line::TooLong { head, tail, length } => {
                tracing::warn!(
                    length,
                    limit = self.limits.message,
                    "the client sent a message over the limit; it was dropped"
                );
                let error = Cleared::with_number(
                    r#"{"code":-32600,"message":"the message is over the gateway's limit of "#,
                    self.limits.message as u64,
                    r#" bytes; send less at once"}"#,
                );
                return self.send(Frame::error(id_of_ends(&head, &tail).as_ref(), &error)).await;
            }
        };
        match read(line) {
            Ok(Message::Request { id, method, params }) => self.request(id, method, params),
            Ok(Message::Notification { method, params }) => self.notification(&method, &params),
            Ok(Message::Response { .. }) => tracing::debug!("the client answered a request that nobody made"),
            Err(malformed) => self.malformed(&malformed).await,
        }
    }

    async fn malformed(&self, malformed: &Malformed) {
        let (id, error) = match malformed {
            Malformed::NotJson(_) => (None, r#"{"code":-32700,"message":"the message is not JSON"}"#),
            Malformed::Batch => (
                None,
                r#"{"code":-32600,"message":"batches are not part of MCP any more; send one message a line"}"#,
            ),
            Malformed::NoMessage(id) => (
                id.as_ref(),
                r#"{"code":-32600,"message":"the message is neither a request nor a notification nor an answer"}"#,
            ),
        };
        tracing::warn!("the client sent something that is no message: {malformed}");
        self.send(Frame::error(id, &Cleared::constant(error))).await;
    }

    /// Answers a request beside the reading of further ones.
    fn request(self: &Arc<Self>, id: Id, method: String, params: Payload) {
        let (connection, key) = (self.clone(), id.clone());
        let task = self.tasks.spawn(async move {
            let frame = match connection.answer(&method, &params).await {
                Ok(result) => Frame::result(&id, &result),
                Err(error) => Frame::error(Some(&id), &error),
            };
            connection.lock().remove(&id);
            connection.send(frame).await;
        });
        // A task starts when this one waits, so it can't have ended yet.
        self.lock().insert(key, task.abort_handle());
    }

    fn notification(&self, method: &str, params: &Payload) {
        match method {
            "notifications/cancelled" => {
                let id = json::members(params.text())
                    .ok()
                    .and_then(|members| Id::new(members.raw("requestId")?));
                if let Some(task) = id.and_then(|id| self.lock().remove(&id)) {
                    tracing::debug!("the client cancelled a request");
                    task.abort();
                }
            }
            "notifications/initialized" => {}
            other => tracing::debug!(
                method = other,
                "a notification of the client's that no server is told of"
            ),
        }
    }

    /// Tells the client each time that what is offered has changed.
    async fn announce_changes(self: Arc<Self>) {
        let mut changes = self.gateway.changes();
        while changes.changed().await.is_ok() {
            if *changes.borrow_and_update() <= self.listed.load(Ordering::Relaxed) {
                continue;
            }
            self.send(Frame::notification(
                "notifications/tools/list_changed",
                &Cleared::constant("{}"),
            ))
            .await;
        }
    }

    async fn send(&self, frame: Frame) {
        // A client that is gone needs no answer; the end of its input ends the gateway.
        let _ = self.client.outbox.send(frame).await;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Id, AbortHandle>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
