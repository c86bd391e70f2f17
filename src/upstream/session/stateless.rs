//! Sessions with servers of 2026-07-28. To whoever uses one it is a session like any other: what its server asks for within
//! a request is asked of the client as a request of the server's, and the request is made again with the answers; what
//! earlier versions have requests for travels with the requests, or is asked for by `subscriptions/listen`.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::future::join_all;
use tokio::{
    sync::oneshot,
    task::AbortHandle,
    time::{sleep, timeout},
};

use super::{Answer, Failure, Inbound, Progress, Session};
use crate::{
    guard::{Cleared, Returned},
    json,
    message::Payload,
    sync::lock,
    wire::{Id, era::meta},
};

/// How often a server may ask for more before it answers.
const ROUNDS: usize = 32;
/// How much it may ask for at once.
const MOST_INPUTS: usize = 100;
/// The answer instead of a result that asks for more.
const TOO_MUCH: &str = r#"{"code":-32603,"message":"the server asks for more than 100 things at once"}"#;
/// The pause before a request is made again for which the server wants nothing but time.
const PAUSE: Duration = Duration::from_millis(100);
/// The level of log messages for clients that have named none: servers of earlier versions send what they like then, and
/// those of this one nothing without a level.
const DEFAULT_LEVEL: &str = "info";
/// How long a subscription is waited upon: until it ends.
const FOREVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);
/// The pause before a subscription that ended is asked for again; twice as long after each that was not granted.
const RENEWAL: Duration = Duration::from_secs(1);
/// The longest pause before a subscription is asked for again.
const LONGEST_RENEWAL: Duration = Duration::from_secs(60);

/// What a session with a server of this era knows.
pub(super) struct Stateless {
    /// Members of the `_meta` of each request, but for those that it has of its own.
    meta: Vec<(&'static str, Cleared)>,
    /// The level of log messages that is wanted by a client that does not say so with each request, as a JSON string.
    log_level: Mutex<Cleared>,
    /// What takes the server's questions.
    inbound: Arc<dyn Inbound>,
    /// Subscriptions to resources, by the URI as JSON.
    resources: Mutex<HashMap<String, AbortHandle>>,
    /// Subscriptions that the server has not granted yet, by the numbers of their requests, and who is told of it.
    ungranted: Mutex<HashMap<u64, Option<oneshot::Sender<()>>>>,
}

/// What a server wants before it answers a request.
struct InputRequired {
    /// By its names for them: the method, and its parameters.
    inputs: Vec<(String, String, Payload)>,
    state: Option<String>,
}

impl InputRequired {
    /// What a result says that it wants, if it does.
    fn read(result: &Payload) -> Option<Self> {
        let members = json::members(result.text()).ok()?;
        if members.string("resultType")? != "input_required" {
            return None;
        }
        let inputs = members.raw("inputRequests").and_then(|raw| json::members(raw).ok());
        let inputs = inputs.unwrap_or_default();
        let input = |(name, raw): (&str, &str)| {
            let members = json::members(raw).ok()?;
            let params = members
                .raw("params")
                .map_or_else(|| Payload::from("{}".to_owned()), |raw| result.part(raw));
            Some((name.to_owned(), members.string("method")?, params))
        };
        Some(Self {
            inputs: inputs.iter().filter_map(input).collect(),
            state: members.string("requestState"),
        })
    }
}

impl Stateless {
    pub(super) fn new(meta: Vec<(&'static str, Cleared)>, inbound: Arc<dyn Inbound>) -> Self {
        Self {
            meta,
            log_level: Mutex::new(Cleared::word(DEFAULT_LEVEL)),
            inbound,
            resources: Mutex::default(),
            ungranted: Mutex::default(),
        }
    }

    /// Makes a request that earlier versions have, too.
    pub(super) async fn request(
        &self,
        session: &Arc<Session>,
        number: u64,
        method: &str,
        params: &Cleared,
        patience: Duration,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<Answer, Failure> {
        let nothing = || Ok(Ok(Payload::from("{}".to_owned())));
        match method {
            "logging/setLevel" => {
                let members = json::members(params.text()).unwrap_or_default();
                if let Some(level) = members.raw("level") {
                    *lock(&self.log_level) = params.part(level);
                }
                nothing()
            }
            "resources/subscribe" => self.subscribe(session, params, patience).await,
            "resources/unsubscribe" => {
                if let Some(subscription) = uri(params).and_then(|uri| lock(&self.resources).remove(uri.text())) {
                    subscription.abort();
                }
                nothing()
            }
            _ => {
                self.in_rounds(session, number, method, params, patience, progress)
                    .await
            }
        }
    }

    /// Makes a request as often as the server asks for more.
    async fn in_rounds(
        &self,
        session: &Session,
        mut number: u64,
        method: &str,
        params: &Cleared,
        patience: Duration,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<Answer, Failure> {
        let first = self.with_meta(params);
        let mut params = first.clone();
        for _ in 0..ROUNDS {
            if progress.is_some() {
                params = params.with_meta("progressToken", &Cleared::with_number("", number, ""));
            }
            let answer = session.ask(number, method, &params, patience, progress.clone()).await?;
            let Some(required) = answer.as_ref().ok().and_then(InputRequired::read) else {
                return Ok(answer);
            };
            params = first.clone();
            if required.inputs.len() > MOST_INPUTS {
                return Ok(Err(Payload::from(TOO_MUCH.to_owned())));
            }
            if required.inputs.is_empty() {
                sleep(PAUSE).await;
            } else {
                match self.inputs(&required.inputs).await {
                    Ok(answers) => params = params.with_returned(&Returned::InputKeys(&answers)),
                    Err(error) => return Ok(Err(error)),
                }
            }
            if let Some(state) = &required.state {
                params = params.with_returned(&Returned::RequestState(state));
            }
            number = session.number();
        }
        Err(Failure::EndlessQuestions(ROUNDS))
    }

    /// What the server asked for, by its names; or the first error instead of it.
    async fn inputs(&self, inputs: &[(String, String, Payload)]) -> Result<Vec<(String, Cleared)>, Payload> {
        let ask = async |(name, method, params): &(String, String, Payload)| {
            let answer = self.inbound.request(Some(name), method, params.clone()).await;
            answer.map(|answer| (name.clone(), answer))
        };
        let answers = join_all(inputs.iter().map(ask)).await;
        let answers: Result<Vec<_>, Cleared> = answers.into_iter().collect();
        answers.map_err(|error| Payload::from(error.text().to_owned()))
    }

    /// Subscribes to a resource, until its subscription is ended.
    async fn subscribe(&self, session: &Arc<Session>, params: &Cleared, patience: Duration) -> Result<Answer, Failure> {
        let Some(uri) = uri(params) else {
            return Ok(Err(Payload::from(
                r#"{"code":-32602,"message":"there is no `uri`"}"#.to_owned(),
            )));
        };
        let uris = Cleared::constant(r#"{"resourceSubscriptions":[]}"#).with_item("resourceSubscriptions", &uri);
        let (granted, grant) = oneshot::channel();
        let subscription = listen(session.clone(), uris, Some(granted));
        let replaced = lock(&self.resources).insert(uri.text().to_owned(), subscription);
        if let Some(replaced) = replaced {
            replaced.abort();
        }
        match timeout(patience, grant).await {
            Ok(Ok(())) => Ok(Ok(Payload::from("{}".to_owned()))),
            Ok(Err(_)) => Ok(Err(Payload::from(
                r#"{"code":-32603,"message":"the server grants no such subscription"}"#.to_owned(),
            ))),
            Err(_) => Err(Failure::TimedOut(patience)),
        }
    }

    /// The server granted the subscription that a notification belongs to.
    pub(super) fn granted(&self, params: &Payload) {
        let number = || {
            let members = json::members(params.text()).ok()?;
            let meta = json::members(members.raw("_meta")?).ok()?;
            Id::new(meta.raw(meta::SUBSCRIPTION)?)?.number()
        };
        let granted = number().and_then(|number| lock(&self.ungranted).remove(&number));
        // Whoever wanted it may have gone.
        let _ = granted.flatten().map(|granted| granted.send(()));
    }

    /// Ends every subscription.
    pub(super) fn end(&self) {
        lock(&self.resources)
            .drain()
            .for_each(|(_, subscription)| subscription.abort());
        lock(&self.ungranted).clear();
    }

    /// Parameters that say of themselves what they have to. Those that say what the client can do say it all.
    fn with_meta(&self, params: &Cleared) -> Cleared {
        let given = self.meta.iter().fold(params.clone(), |params, (name, value)| {
            params.with_default_meta(name, value)
        });
        match says(params, meta::CAPABILITIES) {
            true => given,
            false => given.with_meta(meta::LOG_LEVEL, &lock(&self.log_level)),
        }
    }
}

/// Whether parameters have a member of this name in their `_meta`.
fn says(params: &Cleared, name: &str) -> bool {
    let members = json::members(params.text()).unwrap_or_default();
    let meta = members.raw("_meta").and_then(|raw| json::members(raw).ok());
    meta.is_some_and(|meta| meta.span(name).is_some())
}

/// Asks for news that a filter describes, as long as the session lasts and the server grants it. `granted` is told of the
/// first time, or dropped.
pub(super) fn listen(session: Arc<Session>, filter: Cleared, mut granted: Option<oneshot::Sender<()>>) -> AbortHandle {
    const METHOD: &str = "subscriptions/listen";
    let params = Cleared::object([("notifications", &filter)]);
    let asking = async move {
        let mut pause = RENEWAL;
        while let Some(stateless) = session.stateless() {
            let number = session.number();
            lock(&stateless.ungranted).insert(number, granted.take());
            let params = stateless.with_meta(&params);
            let ended = session.ask(number, METHOD, &params, FOREVER, None).await;
            let was_granted = lock(&stateless.ungranted).remove(&number).is_none();
            if matches!(ended, Err(Failure::Gone(_))) || matches!(ended, Ok(Err(_)) if !was_granted) {
                return;
            }
            sleep(pause).await;
            pause = if was_granted {
                RENEWAL
            } else {
                (pause * 2).min(LONGEST_RENEWAL)
            };
        }
    };
    tokio::spawn(asking).abort_handle()
}

/// The `uri` of parameters, as JSON.
fn uri(params: &Cleared) -> Option<Cleared> {
    let members = json::members(params.text()).ok()?;
    members.raw("uri").map(|raw| params.part(raw))
}
