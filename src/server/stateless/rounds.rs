//! Requests whose servers ask the client for something before they answer. The client gets the questions as the result,
//! with a state that stands for the request; it asks again with that state and the answers, and the request goes on where
//! it was.

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

use super::envelope::Request;
use crate::{
    gateway::{Asked, Caller, Question},
    guard::Cleared,
    message::Payload,
    sync::lock,
};

/// How long further questions are waited for after one, so that the client is asked them together.
const TOGETHER: Duration = Duration::from_millis(20);
/// How long a request waits for its answers, until it is cancelled.
const KEPT: Duration = Duration::from_secs(15 * 60);
/// Requests that may wait for their answers at once.
const MOST_WAITING: usize = 256;

type Answering = Pin<Box<dyn Future<Output = Asked> + Send>>;

/// The requests that wait for the client, by the state that it was given.
#[derive(Default)]
pub(in crate::server) struct Rounds(Arc<Mutex<HashMap<String, Call>>>);

/// A request under way. Dropped, it is cancelled at its server.
pub(super) struct Call {
    method: String,
    params: Payload,
    caller: Arc<Caller>,
    questions: mpsc::UnboundedReceiver<Question>,
    /// Goes on only while it is waited for.
    answering: Answering,
    /// What the client was asked, or is to be asked.
    open: Vec<Question>,
    /// What it answered that was not asked yet, by name.
    given: HashMap<String, Payload>,
}

impl Call {
    pub(super) fn new(
        method: &str,
        request: Request,
        caller: Arc<Caller>,
        questions: mpsc::UnboundedReceiver<Question>,
        answering: Answering,
    ) -> Self {
        Self {
            method: method.to_owned(),
            params: request.params,
            caller,
            questions,
            answering,
            open: Vec::new(),
            given: request.responses.into_iter().collect(),
        }
    }

    /// Goes on to the answer, or to questions that the client has not answered.
    async fn advance(&mut self) -> Option<Asked> {
        self.hand_over();
        while self.open.is_empty() {
            tokio::select! {
                biased;
                answer = &mut self.answering => return Some(answer),
                Some(question) = self.questions.recv() => {
                    self.open.push(question);
                    let more = timeout(TOGETHER, self.further_questions()).await;
                    if let Ok(answer) = more {
                        return Some(answer);
                    }
                    self.hand_over();
                }
            }
        }
        None
    }

    /// Gathers questions, as long as there is no answer.
    async fn further_questions(&mut self) -> Asked {
        loop {
            tokio::select! {
                biased;
                answer = &mut self.answering => return answer,
                Some(question) = self.questions.recv() => self.open.push(question),
            }
        }
    }

    /// Answers the open questions to which the client has given an answer.
    fn hand_over(&mut self) {
        for question in std::mem::take(&mut self.open) {
            let name: Option<String> = serde_json::from_str(question.name.text()).ok();
            match name.and_then(|name| self.given.remove(&name)) {
                Some(answer) => question.answer(Ok(answer)),
                None => self.open.push(question),
            }
        }
    }
}

impl Rounds {
    /// Goes on with a request: to its answer, or to a result that asks for more.
    pub(super) async fn advance(&self, mut call: Call) -> Asked {
        match call.advance().await {
            Some(answer) => answer,
            None => self.keep(call),
        }
    }

    /// The request that a state stands for, with the answers that another brings.
    pub(super) fn resume(&self, state: &str, method: &str, request: &Request) -> Result<Call, &'static str> {
        let mut waiting = lock(&self.0);
        let fits = |call: &Call| call.method == method && request.asks_the_same(&call.params);
        match waiting.get(state) {
            Some(call) if !fits(call) => return Err("the `requestState` belongs to another request"),
            Some(_) => {}
            None => {
                return Err(
                    "the `requestState` is none that waits: it was used, has expired or was changed. Make the request again without it",
                );
            }
        }
        let mut call = waiting.remove(state).expect("it was found above");
        call.given = request.responses.iter().cloned().collect();
        call.caller.set_progress_token(request.progress_token());
        Ok(call)
    }

    /// Keeps a request until its answers come; the result that asks for them.
    fn keep(&self, call: Call) -> Asked {
        let mut random = [0; 16];
        if getrandom::fill(&mut random).is_err() {
            return Err(Cleared::constant(
                r#"{"code":-32603,"message":"the system gives no random numbers, so no request can wait for answers"}"#,
            ));
        }
        let state = Cleared::token(u128::from_ne_bytes(random));
        let asked: Vec<Cleared> = call
            .open
            .iter()
            .map(|question| {
                let method = Cleared::word(question.method);
                Cleared::object([("method", &method), ("params", &question.params)])
            })
            .collect();
        let asked = Cleared::map(call.open.iter().map(|question| &question.name).zip(&asked));
        call.caller.set_progress_token(None);
        let mut waiting = lock(&self.0);
        if waiting.len() >= MOST_WAITING {
            return Err(Cleared::constant(
                r#"{"code":-32603,"message":"too many requests wait for answers already: answer some of them"}"#,
            ));
        }
        let key: String = serde_json::from_str(state.text()).unwrap_or_default();
        waiting.insert(key.clone(), call);
        tokio::spawn(expire(Arc::downgrade(&self.0), key));
        Ok(Cleared::object([
            ("resultType", &Cleared::word("input_required")),
            ("inputRequests", &asked),
            ("requestState", &state),
        ]))
    }
}

/// Ends a request whose answers did not come.
async fn expire(waiting: Weak<Mutex<HashMap<String, Call>>>, state: String) {
    sleep(KEPT).await;
    if let Some(waiting) = waiting.upgrade() {
        let expired = lock(&waiting).remove(&state);
        drop(expired);
    }
}
