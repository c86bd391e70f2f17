//! `call`: one call through the chain, from a terminal.

use clap::Args;

use super::{DONE, FAILED, Outcome, log, options::GatewayOptions, print, runtime, start};
use crate::{
    app::{App, Parts},
    gateway::{Offer, RUN_TOOL},
    json,
    message::Payload,
};

#[derive(Args)]
#[command(after_help = "Example:\n  mcp-gateway call time get_current_time '{\"timezone\": \"Asia/Tokyo\"}' -p basic")]
pub(super) struct Options {
    /// The server, as the configuration names it
    server: String,
    /// The tool, as the server names it
    tool: String,
    /// The arguments as a JSON object
    #[arg(default_value = "{}")]
    arguments: String,
}

/// Prints the result of one call as JSON.
pub(super) fn run(gateway: GatewayOptions, options: Options) -> Outcome {
    let _log = log::start(gateway.log_level);
    json::validate(&options.arguments).map_err(|fault| format!("the arguments are not JSON: {fault}"))?;
    if !options.arguments.trim_start().starts_with('{') {
        return Err("the arguments are not a JSON object; write them like '{\"path\": \"notes.txt\"}'".to_owned());
    }
    let start::Prepared {
        mut config,
        plugins,
        own_files,
        dirs,
    } = start::prepare(&gateway, start::StartedBy::Person)?;
    if config.servers.iter().any(|server| server.name == options.server) {
        config.servers.retain(|server| server.name == options.server);
    }
    let parts = Parts {
        guardrails: plugins.guardrails,
        own_files,
        gate: None,
        observers: plugins.observers,
        offer: Offer::Meta,
        limits: start::limits(&gateway),
        state: dirs.state,
    };
    let params = format!(
        r#"{{"name":"{RUN_TOOL}","arguments":{{"server_name":{},"tool_name":{},"arguments":{}}}}}"#,
        json::quote(&options.server),
        json::quote(&options.tool),
        options.arguments
    );
    let runtime = runtime()?;
    let answer = runtime.block_on(async {
        let app = App::start(parts);
        app.apply(&config);
        app.without_client();
        let answer = app.gateway.answer("tools/call", &Payload::from(params)).await;
        app.end().await;
        answer
    });
    runtime.shutdown_background();
    let failed = match &answer {
        Ok(result) => json::members(result.text()).is_ok_and(|members| members.raw("isError") == Some("true")),
        Err(_) => true,
    };
    let shown = answer.unwrap_or_else(|error| error);
    let value: serde_json::Value =
        serde_json::from_str(shown.text()).map_err(|error| format!("the result can't be shown: {error}"))?;
    print(&format!("{value:#}\n"))?;
    Ok(if failed { FAILED } else { DONE })
}
