//! `dashboard`: a page on this machine that shows what was recorded.

use clap::Args;

use super::{DONE, Outcome, options::GatewayOptions, print, runtime, trace::store};
use crate::{dashboard::Listening, trace::query::Reader};

#[derive(Args)]
#[command(after_help = "Example:\n  mcp-gateway dashboard")]
pub(super) struct Options {
    /// The store [XETRACK_DB_PATH, the setting `xetrack.db_path`, or the one in your state directory]
    #[arg(long, value_name = "FILE")]
    db: Option<String>,
    /// The port on this machine's loopback address [any that is free]
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    port: u16,
}

/// Shows the store until it is interrupted.
pub(super) fn run(gateway: &GatewayOptions, options: &Options) -> Outcome {
    let path = store::place(gateway, options.db.as_deref())?;
    // Whoever names a wrong file is told here, and not by a page.
    drop(Reader::open(&path).map_err(|error| error.to_string())?);
    runtime()?.block_on(async {
        let opened = Listening::open(path, options.port).await;
        let listening = opened.map_err(|error| {
            let mend = "another program has it: choose another with --port, or leave it out";
            format!("port {} can't be listened on ({error}); {mend}", options.port)
        })?;
        print(&format!(
            "The dashboard is at\n\n  {}\n\nThe address lets one browser in, once. Ctrl-C ends it.\n",
            listening.address
        ))?;
        let served = listening.serve().await;
        served
            .map(|()| DONE)
            .map_err(|error| format!("the dashboard ended: {error}"))
    })
}
