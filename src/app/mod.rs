//! Wiring: from a configuration and the plugins that were chosen to a gateway that runs, and its end.

mod reload;
mod shown;

use std::{path::PathBuf, sync::Arc, time::Duration};

use futures_util::future::join;
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    config::{Config, Dirs},
    gateway::{Client, Desk, Gateway, Offer, OwnFiles, Unusable},
    guard::{Chain, Guardrail, Observer, Outcome, ReturnedPlaceholder},
    message::Envelope,
    platform::{signals::asked_to_end, stdio::stdio},
    plugins,
    process::Watchdog,
    server,
    upstream::{Changes, Gate, Surroundings, Wanted},
    wire::Limits,
};

use reload::Follower;
pub use shown::{command, starts};

/// How long servers may take to end. Clients kill the gateway two seconds after they closed its input.
const ENDING: Duration = Duration::from_millis(1500);

/// What a gateway is made of.
pub struct Parts {
    /// What every message passes.
    pub guardrails: Vec<Arc<dyn Guardrail>>,
    /// Keeps tools away from the gateway's own files.
    pub own_files: Option<Arc<OwnFiles>>,
    /// What rules over the servers, if anything does.
    pub gate: Option<Arc<dyn Gate>>,
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
#[derive(Clone)]
pub struct App {
    /// What answers requests.
    pub gateway: Arc<Gateway>,
    chain: Chain,
    own_files: Option<Arc<OwnFiles>>,
    limits: Limits,
    stop: CancellationToken,
    observers: Vec<Arc<dyn Observer>>,
}

impl App {
    /// A gateway without servers yet.
    pub fn start(parts: Parts) -> Self {
        // A person is not asked about what is refused anyway.
        let own_files = parts.own_files.clone().map(|own_files| own_files as Arc<dyn Guardrail>);
        let guardrails = own_files.into_iter().chain(parts.guardrails).collect();
        let mut observers = parts.observers;
        observers.push(Arc::new(Log));
        let client = Arc::new(Client::default());
        let stop = CancellationToken::new();
        let person = Arc::new(Desk::new(client.clone(), &parts.state));
        let chain = Chain::new(guardrails, observers.clone()).asking(person);
        let around = Arc::new(Surroundings {
            chain: chain.clone(),
            redactor: plugins::redactor(),
            limits: parts.limits,
            watchdog: Watchdog::shared(),
            state: parts.state,
            client: client.capabilities(),
            stop: stop.clone(),
            gate: parts.gate,
            changes: watch::Sender::new(Changes::default()),
        });
        Self {
            gateway: Gateway::new(&around, client, parts.offer),
            chain,
            own_files: parts.own_files,
            limits: parts.limits,
            stop,
            observers,
        }
    }

    /// Starts the servers of a configuration. Needs a tokio runtime.
    pub fn apply(&self, config: &Config) {
        let servers = config.servers.iter().cloned().map(Wanted::from).collect();
        self.with(config, servers);
    }

    /// Starts the servers of a configuration, and follows the changes of its file. Needs a tokio runtime.
    pub fn follow(&self, config: Config, name: Option<String>, dirs: Dirs) {
        self.apply(&config);
        let follower = Follower::new(self.clone(), config, name, dirs);
        let stop = self.stop.clone();
        tokio::spawn(async move { stop.run_until_cancelled(follower.follow()).await });
    }

    /// Makes these the servers, which are of this configuration.
    fn with(&self, config: &Config, servers: Vec<Wanted>) {
        if let Some(own_files) = &self.own_files {
            own_files.know(&config.servers);
        }
        self.gateway.apply(servers, unusable(config));
    }

    /// Lets the servers' handshakes begin for a client that can do nothing but call.
    pub fn without_client(&self) {
        self.gateway.client().declare("{}");
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
            name = asked_to_end() => {
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

    /// Ends the servers and what plugins started, and lets observers keep what they have not kept yet.
    pub async fn end(&self) {
        self.stop.cancel();
        let ended = join(self.gateway.fleet().ended(), self.chain.end());
        if timeout(ENDING, ended).await.is_err() {
            tracing::warn!("some servers or plugins did not end in time; they are killed");
        }
        self.observers.iter().for_each(|observer| observer.finish());
    }
}

/// The entries of the configuration that can't be used.
fn unusable(config: &Config) -> Vec<Unusable> {
    let of_servers = config.problems.iter().filter_map(|problem| {
        Some(Unusable {
            name: problem.server.clone()?,
            problem: format!("{}; {}", problem.what, problem.mend),
        })
    });
    of_servers.collect()
}

/// Writes to the log what was masked, put back or stopped, never the value.
struct Log;

impl Observer for Log {
    fn record(&self, envelope: &Envelope, outcome: &Outcome<'_>) {
        let Envelope { server, name, kind, .. } = envelope;
        match outcome {
            Outcome::Passed(cleared) => {
                for masked in cleared.redactions() {
                    tracing::info!(%server, %name, plugin = masked.plugin, rule = %masked.rule, place = masked.place, "masked <{}> in the {}", masked.label, kind.word());
                }
                for ReturnedPlaceholder {
                    plugin,
                    placeholder,
                    from,
                    place,
                    restored,
                } in cleared.placeholders()
                {
                    match restored {
                        true => {
                            tracing::info!(%server, %name, plugin, place, "put back what {placeholder} stands for, which came from `{from}`")
                        }
                        false => {
                            tracing::warn!(%server, %name, plugin, place, "sent {placeholder} as it is: what it stands for came from `{from}` and may not go there")
                        }
                    }
                }
            }
            Outcome::Stopped(refusal) => tracing::warn!(%server, %name, "{refusal}"),
        }
    }
}
