//! Who says it: the name of its server before what a log shows.

use crate::json::{self, Edit};

/// An object whose `member` names the server, and what the server wrote there after it.
pub(super) fn named(object: &str, member: &str, server: &str) -> String {
    let members = json::members(object).unwrap_or_default();
    if members.span(member).is_some() {
        return labelled(object, member, server);
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

fn labelled(object: &str, member: &str, name: &str) -> String {
    let members = json::members(object).unwrap_or_default();
    match (members.span(member), members.string(member)) {
        (Some(span), Some(text)) => {
            let edit = Edit {
                span,
                with: json::quote(&format!("{name}/{text}")),
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
    fn what_a_server_logs_names_the_server() {
        assert_eq!(named(r#"{"logger":"l"}"#, "logger", "mail"), r#"{"logger":"mail/l"}"#);
        assert_eq!(
            named(r#"{"data":1.0}"#, "logger", "mail"),
            r#"{"logger":"mail","data":1.0}"#
        );
        assert_eq!(named("{}", "logger", "mail"), r#"{"logger":"mail"}"#);
    }
}
