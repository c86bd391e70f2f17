//! `decrypt`: back to what the operator `encrypt` of `presidio` made unreadable.

use std::{
    env, fs,
    io::{self, Read},
};

use clap::Args;

use super::{Outcome, print};
use crate::detect::pii;

#[derive(Args)]
#[command(after_help = "Example:\n  mcp-gateway decrypt --key-env PII_KEY answer.txt")]
pub(super) struct Options {
    #[command(flatten)]
    key: Key,
    /// The file; without it, standard input
    file: Option<String>,
}

/// Where the key is: never on the command line, which others on the machine can read.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct Key {
    /// The environment variable that holds the key
    #[arg(long, value_name = "NAME")]
    key_env: Option<String>,
    /// The file that holds the key; white space at its end is no part of it
    #[arg(long, value_name = "FILE")]
    key_file: Option<String>,
}

/// Writes the text with everything decrypted that this key encrypted.
pub(super) fn run(options: &Options) -> Outcome {
    let key = options.key.read()?;
    let text = match &options.file {
        Some(file) => fs::read_to_string(file).map_err(|error| format!("{file} can't be read: {error}"))?,
        None => {
            let mut text = String::new();
            let read = io::stdin().read_to_string(&mut text);
            read.map_err(|error| format!("standard input can't be read: {error}"))?;
            text
        }
    };
    print(&pii::decrypt(&text, &key).map_err(|error| error.to_string())?)
}

impl Key {
    fn read(&self) -> Result<String, String> {
        match self {
            Self {
                key_env: Some(name), ..
            } => env::var(name)
                .map_err(|_| format!("the environment variable `{name}`, which is to hold the key, is not set")),
            Self { key_file, .. } => {
                let file = key_file.as_deref().unwrap_or_default();
                let text = fs::read_to_string(file).map_err(|error| format!("{file} can't be read: {error}"))?;
                Ok(text.trim_end().to_owned())
            }
        }
    }
}
