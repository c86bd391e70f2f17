//! `mcp-gateway`: a security gateway between an MCP client and its MCP servers.
//!
//! A message comes in as a line ([`wire`]), is routed ([`server`], [`gateway`]), passes the chain ([`guard`]) with its
//! plugins ([`plugins`]), goes to a server ([`upstream`]), and its answer passes the chain on the way back. What is
//! looked for is in [`detect`]; what a message consists of in [`message`] and [`json`]; how findings are replaced in
//! [`mask`]; how many bytes are looked at at once in [`lanes`]. docs/architecture.md lists all modules, lowest first: each
//! uses only those above it there, and a test holds them to it.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod dashboard;
pub mod detect;
pub mod digest;
pub mod gateway;
pub mod guard;
pub mod http;
pub mod install;
pub mod json;
pub mod lanes;
pub mod mask;
pub mod message;
pub mod platform;
pub mod plugins;
pub mod process;
pub mod scan;
pub mod server;
pub mod sync;
pub mod text;
pub mod trace;
pub mod upstream;
pub mod wire;
