//! A call as a span.

use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::KeyValue,
    resource::v1::Resource,
    trace::v1::{ResourceSpans, ScopeSpans, Span, Status, span::SpanKind, status::StatusCode},
};
use uuid::Uuid;

use super::resource::{number, scope, text};

/// What a span and the metrics are made of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Operation<'a> {
    /// The call's UUID.
    pub id: &'a str,
    /// When it began, in microseconds since 1970.
    pub at: i64,
    /// How long it took, in microseconds.
    pub took: i64,
    /// The part of it that was the gateway's, in microseconds.
    pub overhead: i64,
    /// The server's name in the configuration.
    pub server: &'a str,
    /// The MCP method.
    pub method: &'a str,
    /// The tool, the prompt or the URI.
    pub name: &'a str,
    /// `ok`, or what went wrong.
    pub outcome: &'a str,
    /// The error in words.
    pub error: Option<&'a str>,
    /// The tokens of the arguments and of the result.
    pub tokens: (i64, i64),
    /// The W3C `traceparent` that the client sent along.
    pub parent: Option<&'a str>,
}

impl Operation<'_> {
    /// The attributes that spans and metrics share.
    pub(super) fn attributes(&self) -> Vec<KeyValue> {
        let mut attributes = vec![
            text("mcp.method.name", self.method),
            text("mcp_gateway.server", self.server),
        ];
        match self.method {
            "tools/call" => {
                attributes.push(text("gen_ai.tool.name", self.name));
                attributes.push(text("gen_ai.operation.name", "execute_tool"));
            }
            "prompts/get" => attributes.push(text("gen_ai.prompt.name", self.name)),
            _ => {}
        }
        if let Some(kind) = self.error_type() {
            attributes.push(text("error.type", kind));
        }
        attributes
    }

    fn error_type(&self) -> Option<&str> {
        match self.outcome {
            "ok" | "running" => None,
            "error" if self.method == "tools/call" => Some("tool_error"),
            other => Some(other),
        }
    }

    /// The method and what it is about; a URI would make a name of its own for each resource.
    fn title(&self) -> String {
        match self.method {
            "tools/call" | "prompts/get" => format!("{} {}", self.method, self.name),
            method => method.to_owned(),
        }
    }
}

/// The span of a call.
pub fn span(it: &Operation<'_>) -> Span {
    let id = Uuid::parse_str(it.id).unwrap_or_default().into_bytes();
    let (trace_id, parent_span_id) = it.parent.and_then(parent).unwrap_or((id.to_vec(), Vec::new()));
    let nanos = |micros: i64| u64::try_from(micros).unwrap_or_default() * 1000;
    let mut attributes = it.attributes();
    if it.method.starts_with("resources/") {
        attributes.push(text("mcp.resource.uri", it.name));
    }
    attributes.extend([
        number("mcp_gateway.overhead_us", it.overhead),
        number("mcp_gateway.tokens.input", it.tokens.0),
        number("mcp_gateway.tokens.output", it.tokens.1),
    ]);
    let status = it.error_type().map(|kind| Status {
        message: it.error.unwrap_or(kind).to_owned(),
        code: StatusCode::Error.into(),
    });
    Span {
        trace_id,
        // The last bytes of such a UUID are random.
        span_id: id[8..].to_vec(),
        parent_span_id,
        name: it.title(),
        kind: SpanKind::Client.into(),
        start_time_unix_nano: nanos(it.at),
        end_time_unix_nano: nanos(it.at.saturating_add(it.took)),
        attributes,
        status,
        ..Span::default()
    }
}

/// The request that brings spans to a collector.
pub fn request(resource: Resource, spans: Vec<Span>) -> ExportTraceServiceRequest {
    ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            resource: Some(resource),
            scope_spans: vec![ScopeSpans {
                scope: Some(scope()),
                spans,
                ..ScopeSpans::default()
            }],
            ..ResourceSpans::default()
        }],
    }
}

/// The trace and the span that a `traceparent` names: `00-<32 hex digits>-<16 hex digits>-<flags>`.
fn parent(header: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut parts = header.split('-');
    let (_version, trace, span) = (parts.next()?, parts.next()?, parts.next()?);
    let id = |digits: &str, bytes: usize| {
        let right = digits.len() == 2 * bytes && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let id: Option<Vec<u8>> = right
            .then(|| {
                (0..bytes)
                    .map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).ok())
                    .collect()
            })
            .flatten();
        // All zeroes name nothing.
        id.filter(|id| id.iter().any(|byte| *byte != 0))
    };
    id(trace, 16).zip(id(span, 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: Operation<'_> = Operation {
        id: "0190163d-8694-739b-aea5-966c26f8ad91",
        at: 1_000_000,
        took: 2500,
        overhead: 100,
        server: "files",
        method: "tools/call",
        name: "read",
        outcome: "error",
        error: Some("no such file"),
        tokens: (3, 4),
        parent: None,
    };

    #[test]
    fn a_call_is_a_span_of_the_conventions() {
        let span = span(&CALL);
        assert_eq!(span.name, "tools/call read");
        assert_eq!(span.end_time_unix_nano - span.start_time_unix_nano, 2_500_000);
        assert_eq!((span.trace_id.len(), span.span_id.len()), (16, 8));
        let names: Vec<&str> = span.attributes.iter().map(|attribute| attribute.key.as_str()).collect();
        assert!(names.contains(&"mcp.method.name") && names.contains(&"gen_ai.tool.name"));
        assert!(span.attributes.contains(&text("error.type", "tool_error")));
        assert_eq!(span.status.unwrap().message, "no such file");
    }

    #[test]
    fn a_client_that_traces_sees_the_call_in_its_trace() {
        let header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let span = span(&Operation {
            parent: Some(header),
            ..CALL
        });
        assert_eq!((span.trace_id[0], span.parent_span_id[7]), (0x0a, 0x31));
        for wrong in [
            "",
            "00-0-0-0",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "é",
        ] {
            assert_eq!(parent(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_uri_makes_no_name() {
        let read = Operation {
            method: "resources/read",
            name: "file:///a",
            outcome: "ok",
            ..CALL
        };
        let span = span(&read);
        assert_eq!((span.name.as_str(), span.status), ("resources/read", None));
        assert!(span.attributes.contains(&text("mcp.resource.uri", "file:///a")));
    }
}
