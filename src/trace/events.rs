//! A call as the rows of `events`, which the Python package made: one for each content item, or one for a call without.

use super::{
    calls::{Call, decoded, items},
    columns::FIXED,
};
use crate::{
    clock,
    json::{self, Members},
};

/// How events are laid out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// Whether each argument has a column of its own.
    pub(super) arguments: bool,
    /// Whether each content item has a row of its own.
    pub(super) response: bool,
    /// The most of one text that is kept, in bytes.
    pub(super) max_text: usize,
}

/// One row.
#[derive(Clone, Debug, Default)]
pub(super) struct Event {
    /// Columns that every event may have.
    pub(super) fixed: Vec<(&'static str, String)>,
    /// Arguments by name, with the value of each as it is written in JSON.
    pub(super) arguments: Vec<(String, String)>,
}

/// The methods that events are of, with the words of the Python package for what is used and for its result.
const CAPABILITIES: &[(&str, &str, &str)] = &[
    ("tools/call", "tool", "CallToolResult"),
    ("prompts/get", "prompt", "GetPromptResult"),
    ("resources/read", "resource", "ReadResourceResult"),
];

/// The rows of a call; none for what is no use of a tool, a prompt or a resource.
pub(super) fn events(call: &Call, layout: Layout) -> Vec<Event> {
    let Some((_, kind, result)) = CAPABILITIES.iter().find(|(method, ..)| *method == call.method) else {
        return Vec::new();
    };
    let mut event = Event::default();
    event.set("call_id", &call.id);
    event.set("server_name", &call.server);
    event.set("capability_type", kind);
    event.set("capability_name", &call.name);
    if let Some(arguments) = &call.arguments {
        match json::members(arguments) {
            Ok(members) if layout.arguments => {
                let pairs = members
                    .iter()
                    .map(|(name, raw)| (name.to_owned(), layout.cut_json(raw)));
                event.arguments = pairs.collect();
            }
            _ => event.set("arguments", &layout.cut(arguments)),
        }
    }
    match &call.answer {
        None => {
            event.set("response_type", "unknown");
            event.set("isError", "1");
            vec![event]
        }
        Some(Err(_)) => {
            event.set("response_type", "ErrorData");
            event.set("isError", "1");
            event.set("content_type", "text");
            event.set("content_text", call.error.as_deref().unwrap_or_default());
            vec![event]
        }
        Some(Ok(answer)) => {
            event.set("response_type", result);
            let members = json::members(answer).unwrap_or_default();
            event.response(&members, *kind == "tool", layout);
            event.split(&members, layout)
        }
    }
}

impl Event {
    fn set(&mut self, column: &'static str, value: &str) {
        self.fixed.push((column, value.to_owned()));
    }

    fn response(&mut self, members: &Members<'_>, is_tool: bool, layout: Layout) {
        if is_tool {
            let is_error = members.raw("isError") == Some("true");
            self.set("isError", if is_error { "1" } else { "0" });
        }
        for (column, member) in [("meta", "_meta"), ("structuredContent", "structuredContent")] {
            if let Some(raw) = members.raw(member).filter(|raw| *raw != "null") {
                self.set(column, &layout.cut(raw));
            }
        }
    }

    /// One row for each content item.
    fn split(self, members: &Members<'_>, layout: Layout) -> Vec<Self> {
        let items = items(members);
        if items.is_empty() {
            return vec![self];
        }
        if !layout.response {
            let mut whole = self;
            whole.set("content", &layout.cut(&format!("[{}]", items.join(","))));
            return vec![whole];
        }
        let with = |item: &&str| {
            let mut event = self.clone();
            event.item(item, layout);
            event
        };
        items.iter().map(with).collect()
    }

    fn item(&mut self, item: &str, layout: Layout) {
        let members = json::members(item).unwrap_or_default();
        if members.raw("type").is_none() {
            self.set("content_type", "resource");
        }
        for (name, raw) in members.iter() {
            let column = format!("content_{}", name.trim_start_matches('_'));
            let fixed = FIXED.iter().find(|(fixed, _)| *fixed == column);
            if let (Some((column, _)), Some(value)) = (fixed, decoded(raw)) {
                self.set(column, &layout.cut(&value));
            }
        }
    }

    /// The row as the JSON object that the Python package's log has.
    pub(super) fn json(&self, at: i64, track_id: &str) -> String {
        let fixed = self.fixed.iter().map(|(name, value)| (*name, json::quote(value)));
        let arguments = self.arguments.iter().map(|(name, raw)| (name.as_str(), raw.clone()));
        // An argument must not pass for what the gateway says.
        let arguments = arguments.filter(|(name, _)| FIXED.iter().all(|(fixed, _)| fixed != name));
        let own = [
            ("timestamp", json::quote(&clock::timestamp(at))),
            ("track_id", json::quote(track_id)),
        ];
        let members = own.into_iter().chain(fixed).chain(arguments);
        let members: Vec<String> = members
            .map(|(name, raw)| format!("{}:{raw}", json::quote(name)))
            .collect();
        format!("{{{}}}", members.join(","))
    }
}

impl Layout {
    /// As much of a text as is kept.
    pub(super) fn cut(self, text: &str) -> String {
        let kept = &text[..text.floor_char_boundary(self.max_text)];
        match text.len() - kept.len() {
            0 => kept.to_owned(),
            left_out => format!("{kept}… ({left_out} bytes more)"),
        }
    }

    /// The same of a JSON value, which stays one.
    fn cut_json(self, raw: &str) -> String {
        if raw.len() <= self.max_text {
            return raw.to_owned();
        }
        json::quote(&self.cut(&decoded(raw).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::calls::tests::call;

    const LAYOUT: Layout = Layout {
        arguments: true,
        response: true,
        max_text: 100,
    };

    fn value<'e>(event: &'e Event, column: &str) -> Option<&'e str> {
        let found = event.fixed.iter().find(|(name, _)| *name == column);
        found.map(|(_, value)| value.as_str())
    }

    #[test]
    fn each_content_item_is_a_row() {
        let result = r#"{"content":[{"type":"text","text":"a\nb","annotations":{"x":1}},{"type":"image","data":"AA","mimeType":"image/png"}],"_meta":{"m":1},"isError":false}"#;
        let rows = events(&call(r#"{"path":"n.txt","deep":{"a":[1]}}"#, Ok(result)), LAYOUT);
        assert_eq!(rows.len(), 2);
        let columns = [
            ("capability_type", Some("tool")),
            ("response_type", Some("CallToolResult")),
            ("isError", Some("0")),
            ("meta", Some(r#"{"m":1}"#)),
            ("content_type", Some("text")),
            ("content_text", Some("a\nb")),
            ("content_annotations", Some(r#"{"x":1}"#)),
            ("content_data", None),
        ];
        for (column, expected) in columns {
            assert_eq!(value(&rows[0], column), expected, "{column}");
        }
        assert_eq!(value(&rows[1], "content_mimeType"), Some("image/png"));
        let arguments = [("path", r#""n.txt""#), ("deep", r#"{"a":[1]}"#)];
        assert_eq!(
            rows[1].arguments,
            arguments.map(|(name, raw)| (name.to_owned(), raw.to_owned()))
        );
    }

    #[test]
    fn what_has_no_content_is_one_row() {
        for answer in [Ok("{}"), Ok(r#"{"content":[]}"#), Err(r#"{"code":1,"message":"no"}"#)] {
            assert_eq!(events(&call("{}", answer), LAYOUT).len(), 1, "{answer:?}");
        }
        let refused = Call {
            answer: None,
            arguments: None,
            ..call("{}", Ok("{}"))
        };
        let rows = events(&refused, LAYOUT);
        assert_eq!((rows.len(), value(&rows[0], "response_type")), (1, Some("unknown")));
        let other = Call {
            method: "completion/complete".into(),
            ..call("{}", Ok("{}"))
        };
        assert!(events(&other, LAYOUT).is_empty());
    }

    #[test]
    fn what_is_not_flattened_is_json() {
        let layout = Layout {
            arguments: false,
            response: false,
            ..LAYOUT
        };
        let rows = events(
            &call(r#"{"a": 1}"#, Ok(r#"{"content":[{"type":"text","text":"x"}]}"#)),
            layout,
        );
        assert_eq!(value(&rows[0], "arguments"), Some(r#"{"a": 1}"#));
        assert_eq!(value(&rows[0], "content"), Some(r#"[{"type":"text","text":"x"}]"#));
        assert!(rows[0].arguments.is_empty());
    }

    #[test]
    fn long_texts_are_cut_and_say_so() {
        let text = "x".repeat(250);
        let result = format!(r#"{{"content":[{{"type":"text","text":"{text}"}}]}}"#);
        let rows = events(&call(&format!(r#"{{"a":"{text}"}}"#), Ok(&result)), LAYOUT);
        assert!(value(&rows[0], "content_text").unwrap().ends_with("… (150 bytes more)"));
        assert!(rows[0].arguments[0].1.ends_with("… (150 bytes more)\""));
    }

    #[test]
    fn the_log_has_the_event_as_an_object() {
        let rows = events(&call(r#"{"n":1.0,"call_id":"forged"}"#, Ok("{}")), LAYOUT);
        assert_eq!(
            rows[0].json(0, "t"),
            r#"{"timestamp":"1970-01-01 00:00:00.000000","track_id":"t","call_id":"0190-1","server_name":"files","capability_type":"tool","capability_name":"read","response_type":"CallToolResult","isError":"0","n":1.0}"#
        );
    }
}
