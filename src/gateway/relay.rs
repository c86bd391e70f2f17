//! Progress on a request, on its way to whoever made it.

use std::sync::Arc;

use async_trait::async_trait;

use super::Caller;
use crate::{
    guard::Chain,
    json,
    message::{Envelope, Payload},
    upstream::{Progress, Session},
    wire::{Frame, Outbox},
};

/// Where progress goes.
pub(super) enum Destination {
    /// To the client, which reads it before the result that follows.
    Client(Outbox),
    /// To the client, under the token that its request has now.
    Caller(Arc<Caller>, Outbox),
    /// To a server.
    Server(Arc<Session>),
}

/// Passes the progress of one request on to whoever made it, under their own token.
pub(super) struct ProgressRelay {
    pub(super) to: Destination,
    pub(super) chain: Chain,
    pub(super) envelope: Envelope,
    /// The token as the maker of the request wrote it.
    pub(super) token: String,
}

#[async_trait]
impl Progress for ProgressRelay {
    async fn progress(&self, params: Payload) {
        const METHOD: &str = "notifications/progress";
        let Some(span) = json::members(params.text())
            .ok()
            .and_then(|members| members.span("progressToken"))
        else {
            return;
        };
        let token = match &self.to {
            Destination::Caller(caller, _) => caller.progress_token(),
            _ => Some(self.token.clone()),
        };
        let Some(with) = token else { return };
        let edit = json::Edit { span, with };
        let params = Payload::from(json::splice(params.text(), &[edit]));
        match (self.chain.clear(&self.envelope, params).await, &self.to) {
            // Whoever is gone has no use for it.
            (Ok(params), Destination::Client(outbox) | Destination::Caller(_, outbox)) => {
                drop(outbox.send(Frame::notification(METHOD, &params)).await);
            }
            (Ok(params), Destination::Server(session)) => session.tell(METHOD, &params),
            (Err(refusal), _) => {
                tracing::warn!(server = %self.envelope.server, "dropped a progress notification: {refusal}");
            }
        }
    }
}

/// Where the progress token stands in the parameters of a request, and what it is as written, if they have one.
pub(super) fn progress_token(params: &str) -> Option<(std::ops::Range<usize>, String)> {
    let members = json::members(params).ok()?;
    let meta = members
        .span("_meta")
        .filter(|meta| params[meta.clone()].starts_with('{'))?;
    let token = json::members(&params[meta.clone()]).ok()?.span("progressToken")?;
    let span = meta.start + token.start..meta.start + token.end;
    let written = params[span.clone()].to_owned();
    let allowed = json::validate(&written).is_ok() && !written.starts_with(['{', '[', 'n', 't', 'f']);
    allowed.then_some((span, written))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_progress_token_is_a_string_or_a_number() {
        let token = |meta: &str| progress_token(&format!(r#"{{"a": 1, "_meta": {meta}}}"#)).map(|(_, token)| token);
        assert_eq!(token(r#"{"progressToken":"a"}"#).as_deref(), Some(r#""a""#));
        assert_eq!(token(r#"{"progressToken": 1.0 }"#).as_deref(), Some("1.0"));
        for none in [
            r#"{"progressToken":null}"#,
            r#"{"progressToken":[1]}"#,
            "{}",
            "null",
            "[]",
        ] {
            assert_eq!(token(none), None, "{none}");
        }
        let params = r#"{"_meta":{"x":1,"progressToken":"a"}}"#;
        let (span, _) = progress_token(params).unwrap();
        assert_eq!(&params[span], r#""a""#);
    }
}
