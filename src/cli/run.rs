//! The gateway itself.

use std::sync::Arc;

use super::{DONE, Outcome, log, options::GatewayOptions, runtime, start};
use crate::{
    app::{App, Parts},
    scan::{Purpose, Rule, Scanner},
    upstream::Gate,
};

/// Serves the client on standard input and output until it goes.
pub(super) fn run(options: GatewayOptions) -> Outcome {
    let _log = log::start(options.log_level);
    let start::Prepared {
        mut config,
        plugins,
        own_files,
        dirs,
    } = start::prepare(&options, start::StartedBy::Client)?;
    if plugins.names.is_empty() {
        tracing::warn!("no plugin is on, so nothing is masked or judged; `-p basic` masks secrets");
    } else {
        tracing::info!("plugins: {}", plugins.names.join(", "));
    }
    if !options.scan && options.scanner.any() {
        return Err("the options of the scanner do nothing without `--scan`".to_owned());
    }
    let scanner = match options.scan {
        true => {
            let settings = options.scanner.over(&config)?;
            let (path, dirs) = (config.path.clone(), dirs.clone());
            Some(Arc::new(Scanner::new(settings, Purpose::Gateway, path, dirs)))
        }
        false => None,
    };
    let gate = scanner.clone().map(|scanner| {
        let observers = plugins.observers.clone();
        Arc::new(Rule { scanner, observers }) as Arc<dyn Gate>
    });
    let parts = Parts {
        guardrails: plugins.guardrails,
        own_files,
        gate,
        observers: plugins.observers,
        offer: options.tools,
        limits: start::limits(&options),
        state: dirs.state.clone(),
    };
    let name = options.name;
    let runtime = runtime()?;
    let served = runtime.block_on(async {
        if let Some(scanner) = scanner {
            scanner.reconsider(&mut config.servers).await;
        }
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
