//! What a server asks, mostly of the client, and for whose sake.

use std::sync::Arc;

use tokio::time::Instant;

use super::Session;
use crate::{
    guard::Cleared,
    json,
    message::Payload,
    wire::{Frame, Id},
};

/// Requests of a server's that end with the last of the client's requests during which they were made: they are asked
/// of a person or a model on behalf of these.
const WITHIN_A_CALL: [&str; 2] = ["sampling/createMessage", "elicitation/create"];

/// Requests of a server's that are under way at once, at most: answered already, but not read by the server yet, or not.
const MOST_ASKED: usize = 100;

const TOO_MANY: &str = r#"{"code":-32603,"message":"too many requests wait for their answers already"}"#;
const TOO_LONG: &str = r#"{"code":-32600,"message":"the id of a request is longer than 1024 bytes"}"#;
const IN_USE: &str = r#"{"code":-32600,"message":"another request with the same id waits for its answer"}"#;

/// The longest id of a request, in bytes: it is kept until the answer is read.
const LONGEST_ID: usize = 1024;

impl Session {
    /// Answers a request of the server's. One too many, or with an id that is too long or stands for another one that is
    /// under way, is refused; where the server does not read its answers either, it is dropped.
    pub(super) fn asked(self: &Arc<Self>, id: Id, method: String, params: Payload) {
        let refusal = {
            let asked = &self.lock().asked;
            match &id {
                id if id.raw().len() > LONGEST_ID => Some((None, Cleared::constant(TOO_LONG))),
                id if asked.contains_key(id) => Some((None, Cleared::constant(IN_USE))),
                id if asked.len() >= MOST_ASKED => Some((Some(id), Cleared::constant(TOO_MANY))),
                _ => None,
            }
        };
        if let Some((id, error)) = refusal {
            self.outbox.try_send(Frame::error(id, &error));
            return;
        }
        let (session, key) = (self.clone(), id.clone());
        let task = tokio::spawn(async move {
            let answer = match method.as_str() {
                "ping" => Ok(Cleared::constant("{}")),
                _ => {
                    let answer = session.inbound.request(None, &method, params);
                    session.on_behalf_of_calls(&method, answer).await
                }
            };
            let frame = match answer {
                Ok(result) => Frame::result(&id, &result),
                Err(error) => Frame::error(Some(&id), &error),
            };
            // A server that is gone needs no answer.
            let _ = session.outbox.send(frame).await;
            session.lock().asked.remove(&id);
        });
        // A task starts when this one waits, so it can't have ended yet.
        self.lock().asked.insert(key, task.abort_handle());
    }

    /// Waits for the answer to a request of the server's, at most until the requests of the client's have ended that are
    /// under way now, if it is one of those that are made on their behalf.
    async fn on_behalf_of_calls(
        &self,
        method: &str,
        answer: impl Future<Output = Result<Cleared, Cleared>>,
    ) -> Result<Cleared, Cleared> {
        if !WITHIN_A_CALL.contains(&method) {
            return answer.await;
        }
        let calls = Calls::under_way(self);
        tokio::select! {
            answer = answer => answer,
            () = calls.ended(), if !calls.numbers.is_empty() => Err(Cleared::constant(
                r#"{"code":-32603,"message":"the call that this was asked for has ended"}"#,
            )),
        }
    }

    /// The server does not want an answer any more, or ends a subscription.
    pub(super) fn cancelled(&self, params: &Payload) {
        let id = json::members(params.text())
            .ok()
            .and_then(|members| Id::new(members.raw("requestId")?));
        let Some(id) = id else { return };
        if let Some(task) = self.lock().asked.remove(&id) {
            task.abort();
        }
        let ends = |number: &u64| self.lock().pending.get(number).is_some_and(|pending| pending.lasting);
        // Dropped, it is as if the server had ended it by an answer.
        drop(id.number().filter(ends).and_then(|number| self.take(number)));
    }
}

/// The client's requests that were under way when the server asked something on their behalf.
struct Calls<'s> {
    session: &'s Session,
    numbers: Vec<u64>,
}

impl<'s> Calls<'s> {
    fn under_way(session: &'s Session) -> Self {
        let mut state = session.lock();
        let calls = state.pending.iter_mut().filter(|(_, pending)| pending.of_client);
        let numbers = calls.map(|(number, pending)| {
            pending.asking += 1;
            *number
        });
        let numbers = numbers.collect();
        drop(state);
        Self { session, numbers }
    }

    /// Waits until none of them is under way.
    async fn ended(&self) {
        loop {
            let finished = self.session.finished.notified();
            let mut finished = std::pin::pin!(finished);
            // From here on no end is missed.
            finished.as_mut().enable();
            if !self
                .numbers
                .iter()
                .any(|number| self.session.lock().pending.contains_key(number))
            {
                return;
            }
            finished.await;
        }
    }
}

/// The server goes on with them: their time counts anew.
impl Drop for Calls<'_> {
    fn drop(&mut self) {
        let mut state = self.session.lock();
        for number in &self.numbers {
            if let Some(pending) = state.pending.get_mut(number) {
                pending.asking -= 1;
                pending.heard = Instant::now();
            }
        }
    }
}
