//! Black-box tests over the built binary, grouped by what the user does.
//!
//! `MCP_GATEWAY_BIN=PATH` runs them over another build of it.
#![cfg(target_os = "linux")]

mod harness;

mod architecture;
mod both_ways;
mod check;
mod commands;
mod concurrency;
mod dashboard;
mod discovery;
mod docs;
mod entries;
mod eras;
mod errors;
mod external;
mod hostile;
mod injection;
mod install;
mod lasso;
mod lifecycle;
mod masking;
mod metadata;
mod mistakes;
mod options;
mod own_files;
mod placeholders;
mod policy;
mod presidio;
mod protocol;
mod relay;
mod reload;
mod remote;
mod scan;
mod scanner;
mod sign_in;
mod tools;
mod trace;
mod vault;
