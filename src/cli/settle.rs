//! The servers of a configuration without a client: each is started, says what it offers, and is ended.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::join_all;

use super::{options::GatewayOptions, runtime, start::limits};
use crate::{
    app::{App, Parts},
    config::Config,
    gateway::Offer,
    guard::Guardrail,
    upstream::{Gate, State},
};

/// What became of one server.
pub(super) struct Settled {
    /// Its name in the configuration.
    pub(super) name: String,
    /// How long it took.
    pub(super) took: Duration,
    /// What it came to.
    pub(super) state: State,
}

/// What every server is started under.
pub(super) struct Under {
    /// What every message passes.
    pub(super) guardrails: Vec<Arc<dyn Guardrail>>,
    /// What rules over the servers, if anything does.
    pub(super) gate: Option<Arc<dyn Gate>>,
    /// The user's state directory.
    pub(super) state: PathBuf,
}

/// Starts the servers of a configuration side by side, and waits until each is ready or down; `one` is called for each.
///
/// # Errors
/// The system gives no event queue.
pub(super) fn settle(
    config: &Config,
    options: &GatewayOptions,
    under: Under,
    one: impl Fn(),
) -> Result<Vec<Settled>, String> {
    let parts = Parts {
        guardrails: under.guardrails,
        own_files: None,
        gate: under.gate,
        observers: Vec::new(),
        offer: Offer::Meta,
        limits: limits(options),
        state: under.state,
    };
    let runtime = runtime()?;
    let all = runtime.block_on(async {
        let app = App::start(parts);
        let began = Instant::now();
        app.apply(config);
        app.without_client();
        let servers = app.gateway.fleet().servers();
        let settled = servers.iter().map(async |server| {
            server.settled().await;
            one();
            Settled {
                name: server.name.to_string(),
                took: began.elapsed(),
                state: server.state(),
            }
        });
        let all = join_all(settled).await;
        app.end().await;
        all
    });
    runtime.shutdown_background();
    Ok(all)
}
