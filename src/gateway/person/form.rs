//! Questions of the gateway's own, as forms that the client shows.

use std::time::Duration;

use serde_json::json;

use super::super::client::{Client, NoAnswer, declared};
use crate::{
    guard::Chain,
    json,
    message::{Envelope, Kind, Payload},
    text::visible,
};

const METHOD: &str = "elicitation/create";

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub(in crate::gateway) enum Unanswered {
    /// The client did not declare elicitation.
    #[error("the client shows no forms")]
    NoForms,
    /// It did not answer.
    #[error("{0}")]
    Silent(NoAnswer),
    /// It answered with an error, which is this.
    #[error("the client answered with an error: {0}")]
    Refused(String),
}

/// Asks the person to accept something, by a form of the client's.
///
/// # Errors
/// [`Unanswered`], where they could not be asked or did not answer within `patience`.
pub(in crate::gateway) async fn confirm(
    client: &Client,
    chain: &Chain,
    question: &str,
    patience: Duration,
) -> Result<bool, Unanswered> {
    if !declared(&client.can(), &["elicitation"]) {
        return Err(Unanswered::NoForms);
    }
    let asked = json!({
        // What a server asks begins with the name of the server.
        "message": format!("{} asks: {}", env!("CARGO_PKG_NAME"), visible(question)),
        "requestedSchema": {
            "type": "object",
            "properties": {"accept": {"type": "boolean", "title": "Accept", "default": false}},
            "required": ["accept"],
        },
    });
    let asked = chain
        .own_words(&Envelope::own(METHOD, Kind::Elicitation), Payload::from(asked))
        .await;
    match client.ask(METHOD, asked, patience).await {
        Ok(Ok(answer)) => Ok(accepts(&answer)),
        Ok(Err(error)) => Err(Unanswered::Refused(error.text().to_owned())),
        Err(none) => Err(Unanswered::Silent(none)),
    }
}

fn accepts(answer: &Payload) -> bool {
    let Ok(members) = json::members(answer.text()) else {
        return false;
    };
    // What two readers may read differently is no plain yes.
    if json::repeated_name(answer.text()).is_some() {
        return false;
    }
    let content = members.raw("content").and_then(|content| json::members(content).ok());
    members.string("action").as_deref() == Some("accept")
        && content.is_some_and(|content| content.raw("accept") == Some("true"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_yes_is_a_yes() {
        let accepted = |answer: &str| accepts(&Payload::from(answer.to_owned()));
        assert!(accepted(r#"{"action":"accept","content":{"accept":true}}"#));
        for no in [
            r#"{"action":"accept"}"#,
            r#"{"action":"accept","content":{}}"#,
            r#"{"action":"accept","content":{"accept":false}}"#,
            r#"{"action":"accept","content":{"accept":"true"}}"#,
            r#"{"action":"decline","content":{"accept":true}}"#,
            r#"{"content":{"accept":true}}"#,
            r#"{"action":"decline","action":"accept","content":{"accept":true}}"#,
            r#"{"action":"accept","content":{"accept":false,"accept":true}}"#,
            "[]",
        ] {
            assert!(!accepted(no), "{no}");
        }
    }
}
