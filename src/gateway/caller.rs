//! Requests that say for themselves what their client can do, as those of 2026-07-28 do. While one is under way, it is how
//! servers reach the client: a question becomes part of its answer, and the client asks again with what was wanted.

use std::{
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::client::NoAnswer;
use crate::{
    guard::Cleared,
    sync::lock,
    upstream::Answer,
    wire::era::{LOG_LEVELS, meta},
};

/// What a server may ask for within a request.
pub const INPUTS: [&str; 3] = ["sampling/createMessage", "elicitation/create", "roots/list"];

tokio::task_local! {
    /// The request that is being answered here.
    static CURRENT: Arc<Caller>;
}

/// One request of the client's.
pub struct Caller {
    /// What the client can do, as JSON.
    capabilities: Cleared,
    /// The least level of log messages that it wants, among [`LOG_LEVELS`].
    log_level: Option<usize>,
    /// Its progress token as JSON, while it waits for its answer.
    progress_token: Mutex<Option<String>>,
    questions: mpsc::UnboundedSender<Question>,
    /// How many questions had no name.
    unnamed: AtomicU64,
}

/// What a server asks of the client within a request.
pub struct Question {
    /// What it is known by, as a JSON string.
    pub name: Cleared,
    /// One of [`INPUTS`].
    pub method: &'static str,
    /// What is asked.
    pub params: Cleared,
    answer: oneshot::Sender<Answer>,
}

impl Question {
    /// Answers it. The server may have gone.
    pub fn answer(self, result: Answer) {
        drop(self.answer.send(result));
    }
}

impl Caller {
    /// A request, and where its questions arrive.
    pub fn new(capabilities: Cleared, log_level: Option<usize>) -> (Arc<Self>, mpsc::UnboundedReceiver<Question>) {
        let (questions, asked) = mpsc::unbounded_channel();
        let caller = Self {
            capabilities,
            log_level,
            progress_token: Mutex::default(),
            questions,
            unnamed: AtomicU64::new(1),
        };
        (Arc::new(caller), asked)
    }

    /// `answering` on behalf of it.
    pub fn scope<F: Future>(self: Arc<Self>, answering: F) -> impl Future<Output = F::Output> {
        CURRENT.scope(self, answering)
    }

    /// The one that is being answered here.
    pub(super) fn current() -> Option<Arc<Self>> {
        CURRENT.try_with(Arc::clone).ok()
    }

    /// Where progress on it goes: nowhere, while the client does not wait.
    pub fn set_progress_token(&self, token: Option<String>) {
        *self.token() = token;
    }

    /// Its progress token as JSON, while the client waits.
    pub(super) fn progress_token(&self) -> Option<String> {
        self.token().clone()
    }

    /// What the client can do, as JSON.
    pub(super) fn capabilities(&self) -> &Cleared {
        &self.capabilities
    }

    /// Parameters for a server of the same version, which are to say what the client says.
    pub(super) fn describe(&self, params: &Cleared) -> Cleared {
        let params = params.with_meta(meta::CAPABILITIES, &self.capabilities);
        match self.log_level {
            Some(level) => params.with_meta(meta::LOG_LEVEL, &Cleared::word(LOG_LEVELS[level])),
            None => params,
        }
    }

    /// A name, as a JSON string, for a question that has none from who asks it.
    pub(super) fn name_of_question(&self) -> Cleared {
        Cleared::with_number("\"input-", self.unnamed.fetch_add(1, Ordering::Relaxed), "\"")
    }

    /// Puts a question to the client.
    ///
    /// # Errors
    /// [`NoAnswer`], when none comes within `patience`.
    pub(super) async fn ask(
        &self,
        name: Cleared,
        method: &'static str,
        params: Cleared,
        patience: Duration,
    ) -> Result<Answer, NoAnswer> {
        let (answer, answered) = oneshot::channel();
        let question = Question {
            name,
            method,
            params,
            answer,
        };
        self.questions.send(question).map_err(|_| NoAnswer::Gone)?;
        match timeout(patience, answered).await {
            Ok(answer) => answer.map_err(|_| NoAnswer::Gone),
            Err(_) => Err(NoAnswer::TimedOut(patience)),
        }
    }

    fn token(&self) -> MutexGuard<'_, Option<String>> {
        lock(&self.progress_token)
    }
}

/// The requests under way, by the servers that they are for.
#[derive(Default)]
pub(super) struct Callers(Mutex<Vec<(Arc<str>, Arc<Caller>)>>);

impl Callers {
    /// The request that is being answered here goes to this server, as long as what is returned lives.
    pub(super) fn enter(&self, server: &Arc<str>) -> Option<Entered<'_>> {
        let caller = Caller::current()?;
        self.lock().push((server.clone(), caller.clone()));
        Some(Entered { callers: self, caller })
    }

    /// The request on whose behalf a server asks something: the one that is being answered here, or else the latest that
    /// is under way there.
    pub(super) fn of(&self, server: &str) -> Option<Arc<Caller>> {
        Caller::current().or_else(|| {
            let callers = self.lock();
            let mut latest = callers.iter().rev().filter(|(name, _)| &**name == server);
            latest.next().map(|(_, caller)| caller.clone())
        })
    }

    /// Whether a request to this server wants log messages of this level.
    pub(super) fn want_log(&self, server: &str, level: usize) -> bool {
        let wants = |caller: &Caller| caller.log_level.is_some_and(|least| least <= level);
        self.lock()
            .iter()
            .any(|(name, caller)| &**name == server && wants(caller))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Arc<str>, Arc<Caller>)>> {
        lock(&self.0)
    }
}

/// A request that is under way at a server.
pub(super) struct Entered<'c> {
    callers: &'c Callers,
    caller: Arc<Caller>,
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        let mut callers = self.callers.lock();
        let own = callers
            .iter()
            .rposition(|(_, caller)| Arc::ptr_eq(caller, &self.caller));
        own.map(|at| callers.remove(at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_question_goes_to_the_latest_request_at_its_server() {
        let callers = Callers::default();
        let capabilities = || Cleared::constant("{}");
        let ((first, _a), (second, mut asked)) =
            (Caller::new(capabilities(), None), Caller::new(capabilities(), Some(3)));
        let server: Arc<str> = "s".into();
        let one = first.clone().scope(async { callers.enter(&server) }).await;
        let two = second.clone().scope(async { callers.enter(&server) }).await;
        assert!(
            one.is_some() && callers.enter(&server).is_none(),
            "nothing is being answered here"
        );
        assert!(Arc::ptr_eq(&callers.of("s").expect("two are there"), &second));
        assert!(callers.of("t").is_none());
        assert!(callers.want_log("s", 3) && !callers.want_log("s", 2));
        let answered = callers.of("s").expect("two are there");
        let asking = answered.ask(
            Cleared::constant(r#""n""#),
            INPUTS[2],
            capabilities(),
            Duration::from_secs(5),
        );
        let answering = async {
            let question = asked.recv().await.expect("it was asked");
            assert_eq!((question.name.text(), question.method), (r#""n""#, "roots/list"));
            question.answer(Ok("{}".to_owned().into()));
        };
        let (answer, ()) = tokio::join!(asking, answering);
        assert!(answer.expect("it was answered").is_ok());
        drop(two);
        assert!(Arc::ptr_eq(&callers.of("s").expect("one is left"), &first));
    }
}
