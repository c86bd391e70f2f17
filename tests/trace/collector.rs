//! An OTLP collector that decodes what it is sent.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use opentelemetry_proto::tonic::{
    collector::{metrics::v1::ExportMetricsServiceRequest, trace::v1::ExportTraceServiceRequest},
    common::v1::{KeyValue, any_value::Value},
    metrics::v1::{Metric, metric::Data},
    resource::v1::Resource,
    trace::v1::Span,
};
use prost::Message;

/// What has arrived.
#[derive(Default)]
pub(super) struct Received {
    pub(super) spans: Vec<Span>,
    pub(super) metrics: Vec<Metric>,
    pub(super) resources: Vec<Resource>,
    /// The headers of every request, in small letters.
    pub(super) headers: Vec<String>,
}

/// A collector on this machine.
pub(super) struct Collector {
    pub(super) address: String,
    pub(super) received: Arc<Mutex<Received>>,
}

impl Collector {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let received = Arc::new(Mutex::new(Received::default()));
        let shared = received.clone();
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let shared = shared.clone();
                thread::spawn(move || serve(&connection, &shared));
            }
        });
        Self { address, received }
    }
}

/// Answers the requests of one connection, until it is closed.
fn serve(connection: &TcpStream, received: &Mutex<Received>) -> Option<()> {
    let mut input = BufReader::new(connection);
    loop {
        let (mut head, mut length) = (Vec::new(), 0);
        loop {
            let mut line = String::new();
            input.read_line(&mut line).ok().filter(|count| *count > 0)?;
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            head.push(line);
        }
        let mut body = vec![0; length];
        input.read_exact(&mut body).ok()?;
        take(&head, &body, &mut received.lock().expect("nobody panics with it"));
        let mut output = connection;
        output.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").ok()?;
    }
}

fn take(head: &[String], body: &[u8], received: &mut Received) {
    received.headers.extend_from_slice(head);
    if head[0].starts_with("post /v1/traces ") {
        let request = ExportTraceServiceRequest::decode(body).expect("spans in protobuf");
        for spans in request.resource_spans {
            received.resources.extend(spans.resource);
            received
                .spans
                .extend(spans.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
    } else {
        assert!(head[0].starts_with("post /v1/metrics "), "{head:?}");
        let request = ExportMetricsServiceRequest::decode(body).expect("metrics in protobuf");
        let scopes = request
            .resource_metrics
            .into_iter()
            .flat_map(|metrics| metrics.scope_metrics);
        received.metrics = scopes.flat_map(|scope| scope.metrics).collect();
    }
}

/// The text of an attribute; empty where there is none.
pub(super) fn attribute<'a>(attributes: &'a [KeyValue], name: &str) -> &'a str {
    let found = attributes.iter().find(|attribute| attribute.key == name);
    match found.and_then(|attribute| attribute.value.as_ref()?.value.as_ref()) {
        Some(Value::StringValue(text)) => text,
        _ => "",
    }
}

/// How many calls a histogram counts.
pub(super) fn counted(metric: &Metric) -> u64 {
    match &metric.data {
        Some(Data::Histogram(histogram)) => histogram.data_points.iter().map(|point| point.count).sum(),
        _ => 0,
    }
}
