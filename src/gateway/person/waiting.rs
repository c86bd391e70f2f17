//! Calls that wait for a person who is not at the client: files in the state directory, which `mcp-gateway approve` shows.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{
    clock,
    config::private,
    digest::{hex, sha256_of_parts},
    gateway::relay::progress_token,
    message::{Envelope, Payload},
};

/// Where the files are, within the state directory.
const DIRECTORY: &str = "approvals";

/// What a person is asked, as the gateway that asks leaves it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Waiting {
    /// Unguessable, and told to nobody but the person: whoever knows it could answer.
    pub id: String,
    /// The server that is called.
    pub server: String,
    /// The tool, prompt or resource.
    pub name: String,
    /// The parameters as they would be sent, as JSON.
    pub parameters: String,
    /// Why a person is asked.
    pub why: String,
    /// What the answer is bound to: SHA-256 of server, method, name and parameters, in hex.
    pub digest: String,
    /// Until when an answer counts, in seconds since 1970.
    pub until: u64,
}

/// What a person answered.
#[derive(Serialize, Deserialize)]
struct Answer {
    /// That of the question.
    digest: String,
    allow: bool,
}

/// The calls of every gateway of this user that wait.
#[derive(Clone)]
pub struct WaitingRoom(PathBuf);

impl WaitingRoom {
    /// The room in this state directory.
    pub fn new(state: &Path) -> Self {
        Self(state.join(DIRECTORY))
    }

    /// Everything that waits now, the oldest first.
    ///
    /// # Errors
    /// Where the files can't be read.
    pub fn list(&self) -> io::Result<Vec<Waiting>> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut waiting = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            // It may have left meanwhile.
            let Ok(text) = fs::read(&path) else { continue };
            match serde_json::from_slice::<Waiting>(&text) {
                Ok(it) if clock::seconds() >= it.until => self.leave(&it.id),
                Ok(it) if self.answer_of(&it.id).exists() => {}
                Ok(it) => waiting.push(it),
                // No gateway left it so, and the others are not to wait for it.
                Err(error) => tracing::warn!("{} is passed over: {error}", path.display()),
            }
        }
        waiting.sort_by_key(|it| it.until);
        Ok(waiting)
    }

    /// Answers for the person.
    ///
    /// # Errors
    /// Where the answer can't be written, and where the question has left.
    pub fn answer(&self, waiting: &Waiting, allow: bool) -> io::Result<()> {
        if !self.question_of(&waiting.id).exists() {
            return Err(io::Error::other("the gateway that asked has gone"));
        }
        let answer = Answer {
            digest: waiting.digest.clone(),
            allow,
        };
        private::write(&self.answer_of(&waiting.id), &serde_json::to_vec(&answer)?)
    }

    /// Leaves a question about a message, which holds for `lifetime`.
    pub(super) fn enter(
        &self,
        envelope: &Envelope,
        payload: &Payload,
        why: &str,
        lifetime: Duration,
    ) -> io::Result<Waiting> {
        let mut secret = [0; 16];
        getrandom::fill(&mut secret).map_err(io::Error::other)?;
        let waiting = Waiting {
            id: hex(&secret),
            server: envelope.server.to_string(),
            name: envelope.name.to_string(),
            parameters: payload.text().to_owned(),
            why: why.to_owned(),
            digest: digest(envelope, payload),
            until: clock::seconds() + lifetime.as_secs(),
        };
        private::write(&self.question_of(&waiting.id), &serde_json::to_vec(&waiting)?)?;
        Ok(waiting)
    }

    /// What the person said of this question, if they have; an answer counts once.
    pub(super) fn answered(&self, waiting: &Waiting) -> Option<bool> {
        let text = fs::read(self.answer_of(&waiting.id)).ok()?;
        self.leave(&waiting.id);
        let answer: Answer = serde_json::from_slice(&text).ok()?;
        Some(answer.allow && answer.digest == waiting.digest && clock::seconds() < waiting.until)
    }

    /// Takes a question away, with its answer.
    pub(super) fn leave(&self, id: &str) {
        for path in [self.question_of(id), self.answer_of(id)] {
            // It may have been taken away before.
            let _ = fs::remove_file(path);
        }
    }

    fn question_of(&self, id: &str) -> PathBuf {
        self.0.join(format!("{id}.json"))
    }

    fn answer_of(&self, id: &str) -> PathBuf {
        self.0.join(format!("{id}.answer"))
    }
}

impl Waiting {
    /// Whether an answer still counts.
    pub(super) fn holds(&self) -> bool {
        clock::seconds() < self.until
    }
}

/// What an approval is bound to. The progress token, which is another one each time, is no part of it.
pub(super) fn digest(envelope: &Envelope, payload: &Payload) -> String {
    let mut text = payload.text().to_owned();
    if let Some((span, _)) = progress_token(&text) {
        text.replace_range(span, "0");
    }
    let parts = [&*envelope.server, &*envelope.method, &*envelope.name, &text];
    hex(&sha256_of_parts(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFETIME: Duration = Duration::from_secs(60);

    fn call(arguments: &str) -> (Envelope, Payload) {
        (
            Envelope::request(&"files".into(), "tools/call", "rm"),
            Payload::from(arguments.to_owned()),
        )
    }

    fn in_room(test: impl FnOnce(WaitingRoom)) {
        let state = tempfile::tempdir().unwrap();
        test(WaitingRoom::new(state.path()));
    }

    #[test]
    fn an_answer_counts_once_for_what_was_asked() {
        in_room(|room| {
            assert!(room.list().unwrap().is_empty());
            let (envelope, payload) = call("{}");
            for allow in [true, false] {
                let asked = room.enter(&envelope, &payload, "it deletes", LIFETIME).unwrap();
                assert_eq!(room.answered(&asked), None, "silence is no answer");
                let shown = room.list().unwrap().pop().unwrap();
                assert_eq!((shown.server.as_str(), shown.parameters.as_str()), ("files", "{}"));
                room.answer(&shown, allow).unwrap();
                assert!(room.list().unwrap().is_empty(), "it is answered");
                assert_eq!(room.answered(&asked), Some(allow));
                assert_eq!(room.answered(&asked), None, "it was used up");
            }
        });
    }

    #[test]
    fn a_file_that_no_gateway_left_keeps_nobody_waiting() {
        in_room(|room| {
            let (envelope, payload) = call("{}");
            let asked = room.enter(&envelope, &payload, "", LIFETIME).unwrap();
            fs::write(room.question_of("zz"), "junk").unwrap();
            let ids: Vec<_> = room.list().unwrap().into_iter().map(|it| it.id).collect();
            assert_eq!(ids, [asked.id]);
        });
    }

    #[test]
    fn an_answer_to_another_question_or_a_late_one_is_no() {
        in_room(|room| {
            let (envelope, payload) = call("{}");
            let asked = room.enter(&envelope, &payload, "", LIFETIME).unwrap();
            let other = Waiting {
                digest: digest(&envelope, &call(r#"{"path":"/"}"#).1),
                ..asked.clone()
            };
            room.answer(&other, true).unwrap();
            assert_eq!(room.answered(&asked), Some(false));

            let late = room.enter(&envelope, &payload, "", Duration::ZERO).unwrap();
            room.answer(&late, true).unwrap();
            assert_eq!(room.answered(&late), Some(false));
            room.enter(&envelope, &payload, "", Duration::ZERO).unwrap();
            assert!(room.list().unwrap().is_empty(), "it has run out");
            assert!(room.answer(&asked, true).is_err(), "nobody asks that any more");
        });
    }

    #[test]
    fn the_digest_tells_apart_whatever_differs() {
        let of = |server: &str, name: &str, text: &str| {
            digest(
                &Envelope::request(&server.into(), "tools/call", name),
                &Payload::from(text.to_owned()),
            )
        };
        let same = of("a", "b", "{}");
        assert_eq!(of("a", "b", "{}"), same);
        for other in [of("ab", "", "{}"), of("a", "b", "{ }"), of("", "ab", "{}")] {
            assert_ne!(other, same);
        }
        let within = |meta: &str| of("a", "b", &format!(r#"{{"arguments":{{}},"_meta":{meta}}}"#));
        let same = within(r#"{"progressToken":7}"#);
        assert_eq!(within(r#"{"progressToken":12}"#), same, "it is another one each time");
        for other in [r#"{"progressToken":7,"x":1}"#, r#"{"x":7}"#, "{}"] {
            assert_ne!(within(other), same);
        }
    }
}
