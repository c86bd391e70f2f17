//! OpenTelemetry: calls arrive at a collector as spans and metrics, and one that is gone is no matter.

use std::net::TcpListener;

use serde_json::json;

use super::{
    Store,
    collector::{Collector, attribute, counted},
};
use crate::harness::{DEADLINE, Server, TOKEN, eventually, text_of};

#[test]
fn a_collector_gets_spans_and_metrics() {
    let (store, collector) = (Store::new(), Collector::start());
    let failing = json!({"isError": true, "content": [{"type": "text", "text": format!("no {TOKEN}")}]});
    let mut gateway = store
        .gateway([Server::echo("s").answers("fails", failing)])
        .args(["--set", &format!("xetrack.otlp_endpoint={}", collector.address)])
        .env("OTEL_SERVICE_NAME", "desk")
        .env("OTEL_EXPORTER_OTLP_HEADERS", "x-key=a%20b")
        .open();
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let traced = json!({"name": "s_echo", "arguments": {}, "_meta": {"traceparent": parent}});
    gateway.ask("tools/call", traced);
    gateway.run("s", "fails", "{}");
    let arrived = || collector.received.lock().expect("nobody panics").spans.len() == 2;
    assert!(eventually(DEADLINE, arrived), "two spans");
    gateway.close().assert_exit(0);

    let received = collector.received.lock().expect("nobody panics");
    let [echo, fails] = &received.spans[..] else {
        panic!("{:?}", received.spans)
    };
    assert_eq!((echo.name.as_str(), echo.kind), ("tools/call echo", 3));
    assert_eq!(
        (echo.trace_id[0], echo.parent_span_id[7]),
        (0x0a, 0x31),
        "it belongs to the client's trace"
    );
    assert!(echo.end_time_unix_nano > echo.start_time_unix_nano);
    assert_eq!(attribute(&echo.attributes, "mcp.method.name"), "tools/call");
    assert_eq!(attribute(&echo.attributes, "gen_ai.tool.name"), "echo");
    assert_eq!(attribute(&fails.attributes, "error.type"), "tool_error");
    assert_eq!(fails.status.as_ref().map(|status| status.code), Some(2));
    assert!(!format!("{:?}", received.spans).contains(TOKEN), "no secret leaves");
    assert_eq!(attribute(&received.resources[0].attributes, "service.name"), "desk");
    assert!(received.headers.contains(&"x-key: a b".to_owned()));
    let durations = received
        .metrics
        .iter()
        .find(|metric| metric.name == "mcp.client.operation.duration");
    assert_eq!(durations.map(counted), Some(2), "they are sent at the end");
}

#[test]
fn a_collector_that_is_gone_costs_a_line_in_the_log() {
    let store = Store::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("it is bound"));
    drop(listener);
    let mut gateway = store
        .gateway([Server::echo("s")])
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", &address)
        .open();
    assert_eq!(text_of(&gateway.run("s", "echo", "{}")), "{}");
    gateway.logged("the OTLP collector at 127.0.0.1 does not take what it is sent");
    assert_eq!(text_of(&gateway.run("s", "echo", "{}")), "{}");
    let finished = gateway.close();
    finished.assert_exit(0);
    assert_eq!(finished.stderr.matches("OTLP").count(), 1, "{}", finished.stderr);
    assert_eq!(store.texts("SELECT count(*) || '' FROM calls"), ["2"]);
}
