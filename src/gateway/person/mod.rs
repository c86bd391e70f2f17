//! The person who decides: asked by a form of the client's, or, where it has none, in a terminal.

pub(super) mod form;
mod shown;
mod waiting;

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use tokio::time::{Instant, sleep};

pub use waiting::{Waiting, WaitingRoom};

use super::client::Client;
use crate::{
    guard::{Chain, Person, Reason},
    message::{Envelope, Payload},
    sync::lock,
    text::visible,
};

/// How long a person may take to answer a form.
const AT_THE_CLIENT: Duration = Duration::from_secs(300);
/// How long a call waits for a person in a terminal. Clients give a call up after a minute.
const IN_A_TERMINAL: Duration = Duration::from_secs(45);
/// How long what was asked in a terminal may be answered.
const LIFETIME: Duration = Duration::from_secs(600);
/// Calls that may wait for a person in a terminal at once: among more of them the one that matters would hide.
const MOST_WAITING: usize = 20;
/// How often it is looked whether they have.
const LOOK: Duration = Duration::from_millis(250);
/// Longer parameters are not shown, in bytes: too much of them would be left out.
const LONGEST: usize = 32 * 1024;

/// Where the person is asked.
pub struct Desk {
    client: Arc<Client>,
    room: WaitingRoom,
    /// What was left in the room, by what it is about.
    asked: Mutex<HashMap<String, Waiting>>,
    /// How long a call waits for a form to be answered.
    at_the_client: Duration,
    /// How long a call waits for a person in a terminal.
    in_a_terminal: Duration,
}

impl Desk {
    /// A desk before this client, with a room in this state directory.
    pub fn new(client: Arc<Client>, state: &Path) -> Self {
        Self {
            client,
            room: WaitingRoom::new(state),
            asked: Mutex::default(),
            at_the_client: AT_THE_CLIENT,
            in_a_terminal: IN_A_TERMINAL,
        }
    }

    /// Waits for a person in a terminal. They may answer after the call has been given up: then it counts for the next one
    /// that is the same.
    async fn in_a_terminal(&self, envelope: &Envelope, payload: &Payload, why: &str) -> Result<(), Reason> {
        let digest = waiting::digest(envelope, payload);
        let before = self.asked().get(&digest).filter(|waiting| waiting.holds()).cloned();
        let waiting = match before {
            Some(waiting) => waiting,
            None => {
                if self.waiting() >= MOST_WAITING {
                    return Err(Reason(format!(
                        "{why}, and {MOST_WAITING} calls wait for a person already. They answer those with `mcp-gateway approve` in a \
                         terminal"
                    )));
                }
                let entered = self.room.enter(envelope, payload, why, LIFETIME);
                let waiting = entered.map_err(|error| Reason(format!("{why}, and no person can be asked: {error}")))?;
                tracing::warn!(server = %envelope.server, name = %envelope.name, "a call waits for a person: `mcp-gateway approve`");
                self.asked().insert(digest.clone(), waiting.clone());
                waiting
            }
        };
        let deadline = Instant::now() + self.in_a_terminal;
        loop {
            if let Some(allowed) = self.room.answered(&waiting) {
                self.asked().remove(&digest);
                return allowed
                    .then_some(())
                    .ok_or_else(|| Reason(format!("{why}, and the person refused")));
            }
            if Instant::now() >= deadline {
                return Err(Reason(format!(
                    "{why}, and no person has answered yet. They do so with `mcp-gateway approve` in a terminal; after that, make \
                     the same call again"
                )));
            }
            sleep(LOOK).await;
        }
    }

    /// How many questions wait for a person in a terminal.
    fn waiting(&self) -> usize {
        let mut asked = self.asked();
        asked.retain(|_, waiting| waiting.holds());
        asked.len()
    }

    fn asked(&self) -> MutexGuard<'_, HashMap<String, Waiting>> {
        lock(&self.asked)
    }
}

/// Nobody waits for an answer any more.
impl Drop for Desk {
    fn drop(&mut self) {
        for waiting in self.asked().values() {
            self.room.leave(&waiting.id);
        }
    }
}

#[async_trait]
impl Person for Desk {
    async fn permits(&self, chain: &Chain, envelope: &Envelope, payload: &Payload, why: &Reason) -> Result<(), Reason> {
        let Reason(why) = why;
        let length = payload.bytes().len();
        let shown = shown::shown(&envelope.server, &envelope.name, payload.text());
        let Some(shown) = shown.filter(|_| length <= LONGEST) else {
            return Err(Reason(format!(
                "{why}, and its arguments ({length} bytes) are more than a person is shown, {LONGEST} bytes or {} with long values \
                 cut",
                shown::MOST
            )));
        };
        let question = format!("{}.\n\n{shown}", visible(why));
        match form::confirm(&self.client, chain, &question, self.at_the_client).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Reason(format!("{why}, and the person refused"))),
            Err(form::Unanswered::NoForms) => self.in_a_terminal(envelope, payload, why).await,
            Err(unanswered) => Err(Reason(format!("{why}, and {unanswered}"))),
        }
    }
}

impl Waiting {
    /// What a person is shown before they answer: nothing hidden, nothing that steers a terminal. `None` where nobody would
    /// read it; no gateway asks so.
    pub fn shown(&self) -> Option<String> {
        let call = shown::shown(&self.server, &self.name, &self.parameters)?;
        Some(format!("{}\n{call}", visible(&self.why)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Outbox;

    fn call(path: &str) -> (Envelope, Payload) {
        (
            Envelope::request(&"files".into(), "tools/call", "rm"),
            Payload::from(format!(r#"{{"name":"rm","arguments":{{"path":"{path}"}}}}"#)),
        )
    }

    fn desk(state: &Path, patience: Duration) -> Desk {
        let client = Client::default();
        client.declare("{}");
        let mut desk = Desk::new(Arc::new(client), state);
        desk.in_a_terminal = patience;
        desk
    }

    #[tokio::test]
    async fn a_form_that_nobody_answers_is_a_no() {
        let state = tempfile::tempdir().unwrap();
        let mut desk = desk(state.path(), IN_A_TERMINAL);
        let (outbox, writing) = Outbox::new(tokio::io::sink());
        tokio::spawn(writing);
        desk.client.connect(outbox);
        desk.client.declare(r#"{"elicitation":{}}"#);
        desk.client.uses_connection();
        desk.at_the_client = Duration::from_millis(1);
        let told = permits(&desk).await.unwrap_err();
        assert!(told.contains("did not answer within"), "{told}");
        let room = WaitingRoom::new(state.path());
        assert!(
            room.list().unwrap().is_empty(),
            "who was asked by a form is not asked again elsewhere"
        );
    }

    async fn permits(desk: &Desk) -> Result<(), String> {
        permits_of(desk, "/").await
    }

    async fn permits_of(desk: &Desk, path: &str) -> Result<(), String> {
        let (envelope, payload) = call(path);
        let why = Reason("it deletes".to_owned());
        let permitted = desk.permits(&Chain::default(), &envelope, &payload, &why).await;
        permitted.map_err(|Reason(reason)| reason)
    }

    #[tokio::test]
    async fn silence_is_no_and_a_late_yes_counts_for_the_same_call_once() {
        let state = tempfile::tempdir().unwrap();
        let (desk, room) = (desk(state.path(), Duration::ZERO), WaitingRoom::new(state.path()));
        let told = permits(&desk).await.unwrap_err();
        let waiting = room.list().unwrap().pop().expect("it waits on");
        assert!(
            told.contains("mcp-gateway approve") && !told.contains(&waiting.id),
            "{told}"
        );
        room.answer(&waiting, true).unwrap();
        assert_eq!(permits(&desk).await, Ok(()));
        assert!(permits(&desk).await.is_err(), "one yes is for one call");
        drop(desk);
        assert!(room.list().unwrap().is_empty(), "nobody waits any more");
    }

    #[tokio::test]
    async fn a_yes_is_for_the_arguments_that_were_shown_alone() {
        let state = tempfile::tempdir().unwrap();
        let (desk, room) = (desk(state.path(), Duration::ZERO), WaitingRoom::new(state.path()));
        permits_of(&desk, "/tmp").await.unwrap_err();
        let waiting = room.list().unwrap().pop().expect("it waits on");
        room.answer(&waiting, true).unwrap();
        assert!(permits_of(&desk, "/home").await.is_err(), "it was not asked about");
        let waits: Vec<_> = room.list().unwrap().into_iter().map(|it| it.parameters).collect();
        assert_eq!(waits, [call("/home").1.text()], "it is asked about now");
        assert_eq!(permits_of(&desk, "/tmp").await, Ok(()));
    }

    #[tokio::test]
    async fn a_no_is_told() {
        let state = tempfile::tempdir().unwrap();
        let (desk, room) = (desk(state.path(), IN_A_TERMINAL), WaitingRoom::new(state.path()));
        let refuse = async {
            tokio::task::yield_now().await;
            room.answer(&room.list().unwrap()[0], false).unwrap();
        };
        let (told, ()) = tokio::join!(permits(&desk), refuse);
        assert!(told.unwrap_err().contains("refused"));
    }

    #[tokio::test]
    async fn no_more_wait_than_a_person_can_look_through() {
        let state = tempfile::tempdir().unwrap();
        let (desk, room) = (desk(state.path(), Duration::ZERO), WaitingRoom::new(state.path()));
        for number in 0..MOST_WAITING + 5 {
            permits_of(&desk, &format!("/{number}")).await.unwrap_err();
        }
        assert_eq!(room.list().unwrap().len(), MOST_WAITING);
        let told = permits_of(&desk, "/more").await.unwrap_err();
        assert!(told.contains("wait for a person already"), "{told}");
        let first = |it: &Waiting| it.parameters == call("/0").1.text();
        room.answer(&room.list().unwrap().into_iter().find(first).unwrap(), true)
            .unwrap();
        assert_eq!(permits_of(&desk, "/0").await, Ok(()));
        permits_of(&desk, "/more").await.unwrap_err();
        assert_eq!(room.list().unwrap().len(), MOST_WAITING, "there is room again");
    }

    #[tokio::test]
    async fn what_nobody_would_read_is_not_asked() {
        let state = tempfile::tempdir().unwrap();
        let desk = desk(state.path(), IN_A_TERMINAL);
        for unread in [
            format!("\"{}\"", "x".repeat(LONGEST)),
            format!("[{}0]", "0,".repeat(shown::MOST)),
        ] {
            let why = Reason("it deletes".to_owned());
            let payload = Payload::from(unread);
            let permitted = desk.permits(&Chain::default(), &call("/").0, &payload, &why).await;
            assert!(permitted.unwrap_err().0.contains("more than a person is shown"));
        }
    }
}
