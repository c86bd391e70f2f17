//! One request of the client's to a server: the chain, the server, the chain again.

use std::{fmt, sync::Arc};

use super::{
    Asked, Caller, Gateway, asking,
    relay::{Destination, ProgressRelay, progress_token},
};
use crate::{
    guard::{Cleared, Fate, Followed, Refusal, Returned},
    json,
    message::{Direction, Envelope, Kind, Payload},
    upstream::{Answer, Failure, MOST_CALLS, Progress, Server, Session},
};

/// A request on its way.
pub(super) struct Outgoing<'a> {
    pub(super) server: &'a Server,
    pub(super) session: &'a Arc<Session>,
    /// Whose it is; its method is the one that the server is asked.
    pub(super) envelope: Envelope,
    /// Its parameters, with the client's progress token if it gave one.
    pub(super) params: String,
    /// The URI that it is about, where the client knows that by another one.
    pub(super) uri: Option<Renamed>,
}

/// A URI that the client knows by another name than its server.
#[derive(Clone, Debug)]
pub(super) struct Renamed {
    /// What the server calls it.
    pub(super) own: String,
    /// What the client calls it.
    pub(super) shown: String,
    /// What is left of the server's where it is not for the client's eyes: it goes back as it came, and guardrails and the
    /// record know it by this.
    pub(super) masked: Option<String>,
}

/// What became of a request.
pub(super) struct Exchanged {
    /// The server's answer, cleared.
    pub(super) answer: Asked,
    /// The parameters as they were sent, but for what was put back for the server alone.
    pub(super) sent: Cleared,
}

/// Why a request has no answer.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Too many are under way.
    Busy,
    /// The chain stopped it, or its answer.
    Refused(Refusal),
    /// The server gave none.
    Failed(Failure),
    /// The answer is no result.
    Nonsense,
    /// The answer is larger than the client takes.
    TooLong { length: usize, limit: usize },
}

impl Gateway {
    /// Asks a server.
    ///
    /// # Errors
    /// [`Trouble`], where it has no answer or none that may be given to the client.
    pub(super) async fn exchange(&self, it: Outgoing<'_>, call: &mut Followed) -> Result<Exchanged, Trouble> {
        let exchanged = self.exchange_of(it, call).await;
        match &exchanged {
            Ok(_) => call.fate(Fate::Answered),
            Err(Trouble::Refused(_)) => call.fate(Fate::Refused),
            Err(_) => call.fate(Fate::Failed),
        }
        exchanged
    }

    async fn exchange_of(&self, mut it: Outgoing<'_>, call: &mut Followed) -> Result<Exchanged, Trouble> {
        let _place = it.server.admit().ok_or(Trouble::Busy)?;
        let caller = Caller::current();
        let _entered = self.client.callers.enter(&it.server.name);
        let number = it.session.number();
        let token = progress_token(&it.params).map(|(span, token)| {
            it.params.replace_range(span, &number.to_string());
            token
        });
        let params = Payload::from(it.params);
        let addressed = self.chain.clear_for_server(call.id(), &it.envelope, params).await;
        let mut addressed = addressed.map_err(Trouble::Refused)?;
        // Before a masked URI is put back, and without what is restored for the server: observers see what was cleared.
        call.sent(&addressed.cleared);
        if let Some(uri) = it.uri.as_ref().filter(|uri| uri.masked.is_some()) {
            addressed = addressed.map(|sent| sent.with_returned(&Returned::Uri(&uri.own)));
        }
        if let Some(caller) = caller.as_ref().filter(|_| it.session.is_stateless()) {
            addressed = addressed.map(|sent| caller.describe(&sent));
        }
        let progress = token.zip(self.client.outbox()).map(|(token, outbox)| {
            Arc::new(ProgressRelay {
                to: match caller {
                    Some(caller) => Destination::Caller(caller, outbox),
                    None => Destination::Client(outbox),
                },
                chain: self.chain.clone(),
                envelope: it.envelope.with(Kind::Notification, Direction::ToClient),
                token,
            }) as Arc<dyn Progress>
        });
        let patience = it.server.config.call_timeout;
        let asked = it
            .session
            .request(number, &it.envelope.method, addressed.for_server(), patience, progress);
        let answer = call.waiting(asked).await;
        let answer = answer.map_err(Trouble::Failed)?;
        Ok(Exchanged {
            answer: self.cleared_answer(call, &it.envelope, it.uri.as_ref(), answer).await?,
            sent: addressed.cleared,
        })
    }

    /// A server's answer as the client gets it.
    async fn cleared_answer(
        &self,
        call: &Followed,
        envelope: &Envelope,
        uri: Option<&Renamed>,
        answer: Answer,
    ) -> Result<Asked, Trouble> {
        let (kind, payload) = match answer {
            Ok(result) if !result.text().starts_with('{') => return Err(Trouble::Nonsense),
            Ok(result) => (
                Kind::Result,
                uri.map_or_else(|| result.clone(), |uri| renamed(&result, uri)),
            ),
            Err(error) => (Kind::Error, asking::asks_by_url(error, &envelope.server)),
        };
        let answered = envelope.with(kind, Direction::ToClient);
        let cleared = self.chain.clear_of(call.id(), &answered, payload).await;
        let cleared = cleared.map_err(Trouble::Refused)?;
        let (length, limit) = (cleared.bytes().len(), self.limits.response);
        if length > limit {
            return Err(Trouble::TooLong { length, limit });
        }
        Ok(match kind {
            Kind::Result => Ok(cleared),
            _ => Err(cleared),
        })
    }
}

/// The result of `resources/read` with the URI that the client knows.
fn renamed(result: &Payload, uri: &Renamed) -> Payload {
    let text = result.text();
    let edits = || {
        let contents = json::members(text).ok()?.span("contents")?;
        let edit = |content: &str| {
            let members = json::members(content).ok()?;
            let span = members
                .span("uri")
                .filter(|_| members.string("uri").as_ref() == Some(&uri.own))?;
            let at = content.as_ptr().addr() - text.as_ptr().addr();
            Some(json::Edit {
                span: at + span.start..at + span.end,
                with: json::quote(&uri.shown),
            })
        };
        let contents = json::items(&text[contents]).ok()?;
        Some(contents.into_iter().filter_map(edit).collect::<Vec<_>>())
    };
    match edits() {
        Some(edits) if !edits.is_empty() => Payload::from(json::splice(text, &edits)),
        _ => result.clone(),
    }
}

impl Trouble {
    /// What to say of it; `what` is the tool that was called, or else the method.
    pub(super) fn explain(&self, server: &str, what: &str) -> String {
        match self {
            Self::Busy => format!(
                "The server `{server}` was not asked for `{what}`: {MOST_CALLS} requests to it are under way already. Wait for some of them."
            ),
            Self::Refused(refusal) => format!("{}.", Capital(&refusal.to_string())),
            Self::Failed(failure) => {
                format!(
                    "The server `{server}` gave no answer to `{what}`: {failure}. {}",
                    mend(failure)
                )
            }
            Self::Nonsense => format!(
                "The server `{server}` answered `{what}` with something that is no result. That is a mistake in the server; tell the user."
            ),
            Self::TooLong { length, limit } => format!(
                "The result of `{what}` is {length} bytes long, and a message to the client may hold {limit}; so it was left out. Ask for less: \
                 a part, a page, a filter, or a limit, if it has such arguments. The limit is `--max-response`."
            ),
        }
    }
}

fn mend(failure: &Failure) -> &'static str {
    match failure {
        Failure::TimedOut(_) => {
            "It was cancelled there. Ask for less at once, or give the server a longer `timeout` in the configuration."
        }
        Failure::Gone(_) => "It may have taken effect or not; it was not repeated. The server is started again.",
        Failure::Astray(_) => "It was not repeated.",
        Failure::TooLong { .. } => "Ask for less at once.",
        Failure::EndlessQuestions(_) => "It was not asked again.",
    }
}

/// A sentence with a capital letter.
struct Capital<'t>(&'t str);

impl fmt::Display for Capital<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = self.0.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        write!(f, "{}{}", first.map(String::from).unwrap_or_default(), letters.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_named_as_the_client_knows_them() {
        let uri = Renamed {
            own: "a:x".into(),
            shown: "mcp-gateway://b/a:x".into(),
            masked: None,
        };
        let result = |text: &str| renamed(&Payload::from(text.to_owned()), &uri).text().to_owned();
        assert_eq!(
            result(r#"{"contents": [{"uri":"a:y"}, {"text":"t","uri": "a:x"}],"n":1.0}"#),
            r#"{"contents": [{"uri":"a:y"}, {"text":"t","uri": "mcp-gateway://b/a:x"}],"n":1.0}"#
        );
        assert_eq!(result("{}"), "{}");
    }
}
