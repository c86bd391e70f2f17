//! The client's side of the wire: decode, ask the gateway, encode.

mod requests;
mod stateless;

use std::{
    collections::HashMap,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::mpsc,
    task::AbortHandle,
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::stateless::Rounds;
use crate::{
    gateway::Gateway,
    guard::Cleared,
    json,
    message::Payload,
    sync::lock,
    wire::{Frame, Id, Limits, Line, LineReader, Malformed, Message, Outbox, id_of_ends, read},
};

/// How long answers that are under way may take once the client has closed its end.
const GRACE: Duration = Duration::from_millis(300);

/// The client's connection.
struct Connection {
    gateway: Arc<Gateway>,
    outbox: Outbox,
    /// The requests under way, to be cancelled by their ids.
    under_way: Mutex<HashMap<Id, AbortHandle>>,
    tasks: TaskTracker,
    limits: Limits,
    /// Notifications for servers, which must not hold up the reading of further messages.
    news: mpsc::UnboundedSender<(String, Payload)>,
    /// Requests that wait for what their servers asked of the client.
    rounds: Rounds,
    /// The level of log messages that a request asked for last.
    log_level: Mutex<Option<String>>,
    /// The end of what lasts as long as the connection.
    ending: CancellationToken,
}

/// Serves one client until it closes `input`, stops reading `output`, or `stop` is called.
pub async fn serve(
    gateway: Arc<Gateway>,
    input: impl AsyncRead + Unpin,
    output: impl AsyncWrite + Unpin + Send + 'static,
    limits: Limits,
    stop: CancellationToken,
) {
    let (outbox, writing) = Outbox::new(output);
    let writing = tokio::spawn(writing);
    gateway.client().connect(outbox.clone());
    let (news, told) = mpsc::unbounded_channel();
    let connection = Arc::new(Connection {
        gateway: gateway.clone(),
        outbox: outbox.clone(),
        under_way: Mutex::default(),
        tasks: TaskTracker::new(),
        limits,
        news,
        rounds: Rounds::default(),
        log_level: Mutex::default(),
        ending: CancellationToken::new(),
    });
    let beside = tokio::spawn(beside(gateway.clone(), told));
    let lines = LineReader::new(input, limits.message);
    connection.receive_all(lines, &stop).await;
    connection.ending.cancel();
    connection.tasks.close();
    if timeout(GRACE, connection.tasks.wait()).await.is_err() {
        connection.lock().values().for_each(AbortHandle::abort);
        connection.tasks.wait().await;
    }
    beside.abort();
    gateway.client().disconnect();
    drop((connection, outbox));
    // What was answered is still written, if the client reads it.
    let _ = timeout(GRACE, writing).await;
}

/// What goes on beside the client's requests.
async fn beside(gateway: Arc<Gateway>, mut told: mpsc::UnboundedReceiver<(String, Payload)>) {
    let tell = async {
        while let Some((method, params)) = told.recv().await {
            gateway.tell_servers(&method, params).await;
        }
    };
    tokio::join!(tell, gateway.announce_changes(), gateway.keep_standing());
}

impl Connection {
    /// Receives what the client sends until there is no use in it any more.
    async fn receive_all(self: &Arc<Self>, mut lines: LineReader<impl AsyncRead + Unpin>, stop: &CancellationToken) {
        let mut ended = pin!(async {
            tokio::select! {
                () = self.outbox.closed() => tracing::info!("the client does not read any more"),
                () = stop.cancelled() => {}
            }
        });
        loop {
            tokio::select! {
                line = lines.next() => match line {
                    Ok(Some(line)) => self.receive(line).await,
                    Ok(None) => return tracing::info!("the client closed its end"),
                    Err(error) => return tracing::error!("standard input can't be read: {error}"),
                },
                () = &mut ended => return,
            }
        }
    }

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
            Ok(Message::Notification { method, params }) => self.notification(method, params),
            Ok(Message::Response { id, outcome }) => self.gateway.client().answered(id.as_ref(), outcome),
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
        // It is large, and a task is moved several times until it starts: what is moved is the box.
        let task = self.tasks.spawn(Box::pin(async move {
            let frame = connection.reply(&id, &method, &params).await;
            connection.lock().remove(&id);
            connection.send(frame).await;
        }));
        // A task starts when this one waits, so it can't have ended yet.
        self.lock().insert(key, task.abort_handle());
    }

    /// The answer to a request, in the way of its version.
    async fn reply(&self, id: &Id, method: &str, params: &Payload) -> Frame {
        if stateless::is_stateless(method, params) {
            return Box::pin(self.answer_stateless(id, method, params)).await;
        }
        match self.answer(method, params).await {
            Ok(result) => Frame::result(id, &result),
            Err(error) => Frame::error(Some(id), &error),
        }
    }

    fn notification(&self, method: String, params: Payload) {
        match method.as_str() {
            "notifications/cancelled" => {
                let id = json::members(params.text())
                    .ok()
                    .and_then(|members| Id::new(members.raw("requestId")?));
                if let Some(task) = id.and_then(|id| self.lock().remove(&id)) {
                    tracing::debug!("the client cancelled a request");
                    task.abort();
                }
            }
            "notifications/initialized" => self.gateway.client().uses_connection(),
            // Its receiver lives as long as the connection.
            _ => drop(self.news.send((method, params))),
        }
    }

    async fn send(&self, frame: Frame) {
        // A client that is gone needs no answer; the end of its input ends the gateway.
        let _ = self.outbox.send(frame).await;
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Id, AbortHandle>> {
        lock(&self.under_way)
    }
}
