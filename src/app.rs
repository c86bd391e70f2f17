//! Wiring: from a configuration and the plugins that were chosen to a gateway that runs, and its end.

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    config,
    gateway::{Client, Gateway, Offer, Unusable},
    guard::{Chain, Guardrail, Observer, Outcome},
    message::Envelope,
    plugins, server,
    upstream::{Changes, Surroundings, process::Watchdog},
    wire::{Limits, stdio},
};

/// How long servers may take to end. Clients kill the gateway two seconds after they closed its input.
const ENDING: Duration = Duration::from_millis(1500);

/// What a gateway is made of.
pub struct Parts {
    /// The servers behind it.
    pub servers: Vec<config::Server>,
    /// The entries that can't be used.
    pub unusable: Vec<Unusable>,
    /// What every message passes.
    pub guardrails: Vec<Arc<dyn Guardrail>>,
    /// Who is told of every message.
    pub observers: Vec<Arc<dyn Observer>>,
    /// How tools are offered.
    pub offer: Offer,
    /// How large messages may be.
    pub limits: Limits,
    /// The user's state directory, with the tokens for remote servers.
    pub state: PathBuf,
}

/// A gateway that runs.
pub struct App {
    /// What answers requests.
    pub gateway: Arc<Gateway>,
    limits: Limits,
    stop: CancellationToken,
}

impl App {
    /// Starts the servers. Needs a tokio runtime.
    pub fn start(parts: Parts) -> Self {
        let mut observers = parts.observers;
        observers.push(Arc::new(Log));
        let client = Arc::new(Client::default());
        let stop = CancellationToken::new();
        let around = Arc::new(Surroundings {
            chain: Chain::new(parts.guardrails, observers),
            redactor: plugins::redactor(),
            limits: parts.limits,
            watchdog: std::env::current_exe().map_or_else(|_| Watchdog::none(), Watchdog::new),
            state: parts.state,
            client: client.capabilities(),
            stop: stop.clone(),
            changes: watch::Sender::new(Changes::default()),
        });
        let gateway = Gateway::start(parts.servers, parts.unusable, &around, client, parts.offer);
        Self {
            gateway,
            limits: parts.limits,
            stop,
        }
    }

    /// Lets the servers' handshakes begin for a client that can do nothing but call.
    pub fn without_client(&self) {
        self.gateway.client().declare("{}".to_owned());
    }

    /// Serves the client on standard input and output until it goes or a signal comes, and ends the servers.
    ///
    /// # Errors
    /// Where standard input or output can't be used.
    pub async fn serve(self) -> std::io::Result<()> {
        let (input, output) = stdio()?;
        let stop = CancellationToken::new();
        let serving = server::serve(self.gateway.clone(), input, output, self.limits, stop.clone());
        tokio::pin!(serving);
        tokio::select! {
            () = &mut serving => {}
            name = signal() => {
                tracing::info!("ending on {name}");
                // The servers end while the last answers are written.
                self.stop.cancel();
                stop.cancel();
                serving.await;
            }
        }
        self.end().await;
        Ok(())
    }

    /// Ends the servers.
    pub async fn end(&self) {
        self.stop.cancel();
        if timeout(ENDING, self.gateway.fleet().ended()).await.is_err() {
            tracing::warn!("some servers did not end in time; they are killed");
        }
    }
}

/// Writes to the log what was masked or stopped, never the value.
struct Log;

impl Observer for Log {
    fn record(&self, envelope: &Envelope, outcome: &Outcome<'_>) {
        let Envelope { server, name, kind, .. } = envelope;
        match outcome {
            Outcome::Passed(cleared) => {
                for masked in cleared.redactions() {
                    tracing::info!(%server, %name, plugin = masked.plugin, rule = %masked.rule, place = masked.place, "masked <{}> in the {}", masked.label, kind.word());
                }
            }
            Outcome::Stopped(refusal) => tracing::warn!(%server, %name, "{refusal}"),
        }
    }
}

/// Waits for a signal that asks the gateway to end, and names it.
#[cfg(unix)]
async fn signal() -> &'static str {
    use tokio::signal::unix::{Signal, SignalKind, signal};
    let listen = |kind| signal(kind).ok();
    let (mut interrupt, mut terminate, mut hangup) = (
        listen(SignalKind::interrupt()),
        listen(SignalKind::terminate()),
        listen(SignalKind::hangup()),
    );
    let next = async |signal: &mut Option<Signal>| match signal {
        Some(signal) => signal.recv().await,
        None => std::future::pending().await,
    };
    tokio::select! {
        _ = next(&mut interrupt) => "SIGINT",
        _ = next(&mut terminate) => "SIGTERM",
        _ = next(&mut hangup) => "SIGHUP",
    }
}

/// Waits for the key or the console event that asks the gateway to end.
#[cfg(not(unix))]
async fn signal() -> &'static str {
    match tokio::signal::ctrl_c().await {
        Ok(()) => "Ctrl-C",
        Err(_) => std::future::pending().await,
    }
}
