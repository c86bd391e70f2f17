//! The gateway itself.

use super::{DONE, Outcome, log, options::GatewayOptions, runtime, start};
use crate::app::{App, Parts};

/// Serves the client on standard input and output until it goes.
pub(super) fn run(options: GatewayOptions) -> Outcome {
    let _log = log::start(options.log_level);
    let start::Prepared {
        config,
        plugins,
        own_files,
        dirs,
    } = start::prepare(&options, start::StartedBy::Client)?;
    if plugins.names.is_empty() {
        tracing::warn!("no plugin is on, so nothing is masked or judged; `-p basic` masks secrets");
    } else {
        tracing::info!("plugins: {}", plugins.names.join(", "));
    }
    let parts = Parts {
        guardrails: plugins.guardrails,
        own_files,
        gate: None,
        observers: Vec::new(),
        offer: options.tools,
        limits: start::limits(&options),
        state: dirs.state.clone(),
    };
    let name = options.name;
    let runtime = runtime()?;
    let served = runtime.block_on(async {
        let app = App::start(parts);
        app.follow(config, name, dirs);
        app.serve().await
    });
    // A thread that still reads a terminal must not hold up the end.
    runtime.shutdown_background();
    served
        .map(|()| DONE)
        .map_err(|error| format!("standard input or output can't be used: {error}"))
}
