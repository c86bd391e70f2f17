//! The thread that sends spans and metrics. Whoever hands it a call never waits, and a collector that is gone costs a line
//! in the log.

use std::{
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use reqwest::{Client, header::CONTENT_TYPE, redirect::Policy};
use url::Url;

use super::{Endpoint, metrics::Metrics, request, resource, span, spans::Operation};
use crate::{
    clock,
    http::{is_loopback, root_cause},
    sync::lock,
    text::counted,
    trace::calls::Call,
};

/// Calls that may wait for the thread, and spans that may wait for a collector. Further ones are left out.
const MOST: usize = 2048;

/// How long spans are gathered, and how often a collector that did not answer is asked again.
const GATHERING: Duration = Duration::from_secs(1);

/// How long each of the last requests may take: the gateway ends.
const ENDING: Duration = Duration::from_millis(300);

/// What the thread is handed.
type Calls = Receiver<Box<Call>>;

/// The way to the thread.
pub(crate) struct Exporter {
    calls: SyncSender<Box<Call>>,
    ended: Arc<(Mutex<bool>, Condvar)>,
    left_out: Arc<AtomicU64>,
}

/// The thread's own.
struct Sender {
    endpoint: Endpoint,
    instance: String,
    client: Client,
    spans: Vec<Span>,
    left_out: Arc<AtomicU64>,
    metrics: Metrics,
    metrics_at: Instant,
    has_failed: bool,
}

impl Exporter {
    /// Starts the thread, for the gateway with this `track_id`.
    pub(crate) fn start(endpoint: Endpoint, instance: String) -> Self {
        let (calls, theirs) = sync_channel(MOST);
        let ended = Arc::new((Mutex::new(false), Condvar::new()));
        let end = ended.clone();
        let left_out = Arc::new(AtomicU64::new(0));
        let counted = left_out.clone();
        let run = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            match (runtime, Sender::new(endpoint, instance, counted)) {
                (Ok(runtime), Ok(sender)) => sender.run(&theirs, &runtime),
                (Err(error), _) => tracing::error!("nothing is sent by OTLP: {error}"),
                (_, Err(why)) => tracing::error!("nothing is sent by OTLP: {why}"),
            }
            *lock(&end.0) = true;
            end.1.notify_all();
        };
        if let Err(error) = thread::Builder::new().name("otlp".to_owned()).spawn(run) {
            tracing::error!("nothing is sent by OTLP: {error}");
        }
        Self { calls, ended, left_out }
    }

    /// Hands over a call; without its payloads, which spans do not hold.
    pub(crate) fn send(&self, call: &Call) {
        let slim = Call {
            arguments: None,
            answer: None,
            ..call.clone()
        };
        if self.calls.try_send(Box::new(slim)).is_err() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Sends what is left, as far as there is time for it.
    pub(crate) fn finish(self) {
        drop(self.calls);
        let has_ended = lock(&self.ended.0);
        // What has not been sent by now is given up.
        let _ = self
            .ended
            .1
            .wait_timeout_while(has_ended, 2 * ENDING, |has_ended| !*has_ended);
    }
}

impl Sender {
    fn new(endpoint: Endpoint, instance: String, left_out: Arc<AtomicU64>) -> Result<Self, String> {
        Ok(Self {
            client: client(&endpoint)?,
            endpoint,
            instance,
            spans: Vec::new(),
            left_out,
            metrics: Metrics::since(clock::now()),
            metrics_at: Instant::now(),
            has_failed: false,
        })
    }

    fn run(mut self, calls: &Calls, runtime: &tokio::runtime::Runtime) {
        let mut is_open = true;
        while is_open {
            is_open = self.gather(calls);
            let patience = if is_open { self.endpoint.timeout } else { ENDING };
            runtime.block_on(self.deliver(patience, !is_open));
        }
    }

    /// Takes calls for a while; whether more may follow.
    fn gather(&mut self, calls: &Calls) -> bool {
        let until = Instant::now() + GATHERING;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match calls.recv_timeout(left) {
                Ok(call) => self.add(&call),
                Err(RecvTimeoutError::Timeout) => return true,
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
    }

    fn add(&mut self, call: &Call) {
        let operation = Operation {
            id: &call.id,
            at: call.at,
            took: call.took,
            overhead: call.overhead,
            server: &call.server,
            method: &call.method,
            name: &call.name,
            outcome: call.outcome,
            error: call.error.as_deref(),
            tokens: (call.tokens_in, call.tokens_out),
            parent: call.parent.as_deref(),
        };
        self.metrics.add(&operation);
        if self.endpoint.traces.is_none() {
            return;
        }
        match self.spans.len() < MOST {
            true => self.spans.push(span(&operation)),
            false => {
                self.left_out.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Sends what has been gathered. What a collector does not take is kept for the next time.
    async fn deliver(&mut self, patience: Duration, is_last: bool) {
        let us = resource(&self.instance, &self.endpoint.attributes);
        if let Some(url) = self.endpoint.traces.clone().filter(|_| !self.spans.is_empty()) {
            let body = request(us.clone(), self.spans.clone()).encode_to_vec();
            let sent = self.post(&url, body, patience).await;
            if sent.is_ok() {
                self.spans.clear();
            }
            self.report(&url, sent);
        }
        let is_due = is_last || self.metrics_at.elapsed() >= self.endpoint.interval;
        if let Some(url) = self.endpoint.metrics.clone().filter(|_| is_due) {
            self.metrics_at = Instant::now();
            if let Some(metrics) = self.metrics.request(us, clock::now()) {
                let sent = self.post(&url, metrics.encode_to_vec(), patience).await;
                self.report(&url, sent);
            }
        }
    }

    async fn post(&self, url: &Url, body: Vec<u8>, patience: Duration) -> Result<(), String> {
        let post = self.client.post(url.clone()).timeout(patience);
        let post = self
            .endpoint
            .headers
            .iter()
            .fold(post, |post, (name, value)| post.header(name, value));
        let post = post.header(CONTENT_TYPE, "application/x-protobuf").body(body);
        match post.send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(format!("it answered with {}", answer.status())),
            Err(error) => Err(root_cause(&error)),
        }
    }

    /// Says once that the collector fails, and once that it is back.
    fn report(&mut self, url: &Url, sent: Result<(), String>) {
        let host = url.host_str().unwrap_or_default();
        match sent {
            Err(why) if !self.has_failed => {
                tracing::warn!(
                    "the OTLP collector at {host} does not take what it is sent: {why}. It is tried again, quietly"
                );
                self.has_failed = true;
            }
            Ok(()) if self.has_failed => {
                let left_out = self.left_out.load(Ordering::Relaxed);
                let left_out = counted(left_out, "call");
                tracing::warn!("the OTLP collector at {host} is back; left out: {left_out}");
                self.has_failed = false;
            }
            _ => {}
        }
    }
}

fn client(endpoint: &Endpoint) -> Result<Client, String> {
    // Another part of the process may have chosen one already; it is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder().redirect(Policy::none()).referer(false);
    let urls = || endpoint.traces.iter().chain(&endpoint.metrics);
    // A proxy can't reach this machine by the same name.
    if urls().all(is_loopback) {
        builder = builder.no_proxy();
    }
    // Where nothing is encrypted, a system without certificates will do.
    if urls().all(|url| url.scheme() == "http") {
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(|error| root_cause(&error))
}
