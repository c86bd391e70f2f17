//! Questions of the gateway's own to the person at the client.

use std::time::Duration;

use serde_json::json;

use super::Gateway;
use crate::{
    json,
    message::{Kind, Payload},
};

const METHOD: &str = "elicitation/create";

impl Gateway {
    /// Asks the person to accept something, by a form of the client's. Silence is no, and so is a client without forms.
    pub async fn confirm(&self, question: &str, patience: Duration) -> bool {
        if !self.client.offers(&["elicitation"]) {
            return false;
        }
        let asked = json!({
            // What a server asks begins with the name of the server.
            "message": format!("{} asks: {question}", env!("CARGO_PKG_NAME")),
            "requestedSchema": {
                "type": "object",
                "properties": {"accept": {"type": "boolean", "title": "Accept", "default": false}},
                "required": ["accept"],
            },
        });
        let asked = self.own_words(METHOD, Kind::Elicitation, asked).await;
        let number = self.client.number();
        match self.client.request(number, METHOD, &asked, patience, None).await {
            Ok(Ok(answer)) => accepts(&answer),
            Ok(Err(error)) => {
                tracing::warn!("the client did not show a question: {}", error.text());
                false
            }
            Err(none) => {
                tracing::warn!("a question was not answered: {none}");
                false
            }
        }
    }
}

fn accepts(answer: &Payload) -> bool {
    let Ok(members) = json::members(answer.text()) else {
        return false;
    };
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
            "[]",
        ] {
            assert!(!accepted(no), "{no}");
        }
    }
}
