//! Who says it: the name of its server before what a person is shown.

use serde::Deserialize;

use crate::{
    json::{self, Edit},
    message::Payload,
    wire::code,
};

/// An object whose text `member` begins with the server that asks.
pub(super) fn asks(object: &str, member: &str, server: &str) -> String {
    labelled(object, member, server, " asks: ")
}

/// An object whose `member` names the server, and what the server wrote there after it.
pub(super) fn named(object: &str, member: &str, server: &str) -> String {
    let members = json::members(object).unwrap_or_default();
    if members.span(member).is_some() {
        return labelled(object, member, server, "/");
    }
    let Some(at) = object.find('{') else {
        return object.to_owned();
    };
    let comma = if members.iter().next().is_some() { "," } else { "" };
    let edit = Edit {
        span: at + 1..at + 1,
        with: format!(r#""{member}":{}{comma}"#, json::quote(server)),
    };
    json::splice(object, &[edit])
}

/// An error with the server's name before what it asks of the person, if it is one that asks for addresses to be visited.
pub(super) fn asks_by_url(error: Payload, server: &str) -> Payload {
    /// What of the error is looked at; everything else stays as it came.
    #[derive(Deserialize)]
    struct Asking<'a> {
        code: i32,
        #[serde(borrow)]
        data: Data<'a>,
    }
    #[derive(Deserialize)]
    struct Data<'a> {
        #[serde(borrow)]
        elicitations: Vec<&'a serde_json::value::RawValue>,
    }
    let text = error.text();
    let Ok(asking) = serde_json::from_str::<Asking<'_>>(text) else {
        return error;
    };
    if asking.code != code::URL_ELICITATION_REQUIRED {
        return error;
    }
    let edits = asking.data.elicitations.iter().map(|raw| {
        let start = raw.get().as_ptr().addr() - text.as_ptr().addr();
        Edit {
            span: start..start + raw.get().len(),
            with: asks(raw.get(), "message", server),
        }
    });
    Payload::from(json::splice(text, &edits.collect::<Vec<_>>()))
}

fn labelled(object: &str, member: &str, name: &str, between: &str) -> String {
    let members = json::members(object).unwrap_or_default();
    match (members.span(member), members.string(member)) {
        (Some(span), Some(text)) => {
            let edit = Edit {
                span,
                with: json::quote(&format!("{name}{between}{text}")),
            };
            json::splice(object, &[edit])
        }
        _ => object.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_to_a_person_names_the_server() {
        assert_eq!(
            asks(r#"{"message": "Sign in?", "n":1.0}"#, "message", "mail"),
            r#"{"message": "mail asks: Sign in?", "n":1.0}"#
        );
        assert_eq!(named(r#"{"logger":"l"}"#, "logger", "mail"), r#"{"logger":"mail/l"}"#);
        assert_eq!(
            named(r#"{"data":1.0}"#, "logger", "mail"),
            r#"{"logger":"mail","data":1.0}"#
        );
        assert_eq!(named("{}", "logger", "mail"), r#"{"logger":"mail"}"#);
    }

    #[test]
    fn an_error_that_asks_names_the_server_too() {
        let of = |text: &str| asks_by_url(Payload::from(text.to_owned()), "mail").text().to_owned();
        assert_eq!(
            of(r#"{"code":-32042, "data":{"elicitations":[{"message":"In?","url":"u"}, {"x":1.0}],"y":2}}"#),
            r#"{"code":-32042, "data":{"elicitations":[{"message":"mail asks: In?","url":"u"}, {"x":1.0}],"y":2}}"#
        );
        for other in [
            r#"{"code":-32000,"data":{"elicitations":[{"message":"In?"}]}}"#,
            r#"{"code":-32042,"message":"m"}"#,
            r#"{"code":-32042.5}"#,
        ] {
            assert_eq!(of(other), other);
        }
    }
}
