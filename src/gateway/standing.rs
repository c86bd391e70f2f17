//! What the client asked of servers for good: a log level and subscriptions. A server that starts anew is asked again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, Weak},
    time::Duration,
};

use tokio::sync::Notify;

use super::{Asked, Gateway};
use crate::{
    guard::Cleared,
    json::Members,
    message::{Envelope, Payload},
    sync::lock,
    upstream::{Server, Session},
    wire::era,
};

/// How long a server may take to answer what it is asked again.
const PATIENCE: Duration = Duration::from_secs(10);

/// What holds until the client takes it back.
#[derive(Default)]
pub(super) struct Standing {
    wishes: Mutex<Wishes>,
    /// Told when the level has changed.
    changed: Notify,
}

#[derive(Default)]
struct Wishes {
    /// The parameters of `logging/setLevel`.
    level: Option<Cleared>,
    /// The parameters of `resources/subscribe`, by server and its own URI.
    subscriptions: HashMap<(Arc<str>, String), Cleared>,
}

impl Standing {
    /// Takes note of a request that a server has granted.
    pub(super) fn note(&self, server: &Server, method: &str, uri: &str, params: &Cleared) {
        let key = (server.name.clone(), uri.to_owned());
        match method {
            "resources/subscribe" => drop(self.lock().subscriptions.insert(key, params.clone())),
            "resources/unsubscribe" => drop(self.lock().subscriptions.remove(&key)),
            _ => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, Wishes> {
        lock(&self.wishes)
    }
}

/// What one server has been told.
#[derive(Default)]
struct Told {
    session: Weak<Session>,
    level: Option<String>,
}

impl Gateway {
    /// Takes the level of the log messages that the client wants, and answers before any server has heard of it.
    pub(super) async fn set_log_level(&self, method: &str, members: &Members<'_>) -> Asked {
        let level = members.string("level").unwrap_or_default();
        if era::log_level(&level).is_none() {
            let message = format!("`level` is one of {}", era::LOG_LEVELS.join(", "));
            return Err(self.invalid(method, message).await);
        }
        let params = Payload::from(serde_json::json!({"level": level}));
        // For no server in particular.
        let envelope = Envelope::request(&"".into(), method, "");
        let Ok(params) = self.chain.clear(&envelope, params).await else {
            return Err(self.invalid(method, "the level was refused".to_owned()).await);
        };
        self.standing.lock().level = Some(params);
        self.standing.changed.notify_one();
        Ok(Cleared::constant("{}"))
    }

    /// Asks servers for what holds, whenever one has started or it has changed.
    pub async fn keep_standing(&self) {
        let mut changes = self.changes.clone();
        let mut told: HashMap<Arc<str>, Told> = HashMap::new();
        loop {
            for server in self.fleet.servers().iter() {
                if let Some((session, catalog)) = server.session().zip(server.catalog()) {
                    let told = told.entry(server.name.clone()).or_default();
                    self.tell_what_holds(server, &session, catalog.has("logging"), told);
                }
            }
            tokio::select! {
                changed = changes.changed() => if changed.is_err() { return },
                () = self.standing.changed.notified() => {}
            }
        }
    }

    fn tell_what_holds(&self, server: &Server, session: &Arc<Session>, logs: bool, told: &mut Told) {
        let wishes = self.standing.lock();
        if !Weak::ptr_eq(&told.session, &Arc::downgrade(session)) {
            let subscriptions = wishes.subscriptions.iter().filter(|((of, _), _)| *of == server.name);
            for (_, params) in subscriptions {
                ask(server, session, "resources/subscribe", params.clone());
            }
            *told = Told {
                session: Arc::downgrade(session),
                level: None,
            };
        }
        if let Some(level) = wishes.level.as_ref().filter(|_| logs)
            && told.level.as_deref() != Some(level.text())
        {
            told.level = Some(level.text().to_owned());
            ask(server, session, "logging/setLevel", level.clone());
        }
    }
}

/// Asks beside everything else; the client was answered already.
fn ask(server: &Server, session: &Arc<Session>, method: &'static str, params: Cleared) {
    let (name, session) = (server.name.clone(), session.clone());
    tokio::spawn(async move {
        match session.request(session.number(), method, &params, PATIENCE, None).await {
            Ok(Ok(_)) => {}
            Ok(Err(_)) => tracing::warn!(server = %name, "it refused `{method}`"),
            Err(failure) => tracing::warn!(server = %name, "it did not answer `{method}`: {failure}"),
        }
    });
}
