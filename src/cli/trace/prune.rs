//! `trace prune`: deletes what is old.

use std::{path::Path, time::Duration};

use clap::Args;

use super::{Outcome, print, store};
use crate::{
    text::counted,
    trace::{self, Kept, query::Reader},
};

#[derive(Args)]
#[command(after_help = "Example:\n  mcp-gateway trace prune --older-than 30d")]
pub(super) struct Options {
    /// Deletes calls of this age and more, such as 30d
    #[arg(long, value_name = "AGE", value_parser = store::age, required_unless_present = "larger_than")]
    older_than: Option<Duration>,
    /// Deletes the oldest calls until the store takes no more than this, such as 500MB
    #[arg(long, value_name = "SIZE", value_parser = size)]
    larger_than: Option<u64>,
}

pub(super) fn run(path: &Path, options: &Options) -> Outcome {
    // What is not there is not made.
    Reader::open(path).map_err(|error| error.to_string())?;
    let connection = trace::open(path).map_err(|error| error.to_string())?;
    let kept = Kept {
        age: options.older_than,
        size: options.larger_than,
    };
    let gone = trace::prune(&connection, &kept).map_err(|error| format!("old calls can't be deleted: {error}"))?;
    print(&format!("{} deleted.\n", counted(gone, "call")))
}

fn size(text: &str) -> Result<u64, String> {
    trace::size(text).ok_or_else(|| "a size is a number and a unit, such as 500MB or 1GB".to_owned())
}
