//! `mcp-gateway`: a security gateway between an MCP client and its MCP servers.
//!
//! A message comes in as a line ([`wire`]), is routed ([`server`], [`gateway`]), passes the chain ([`guard`]) with its
//! plugins ([`plugins`]), goes to a server ([`upstream`]), and its answer passes the chain on the way back. What is
//! looked for is in [`detect`]; what a message consists of in [`message`] and [`json`]; how findings are replaced in
//! [`mask`]. Each module uses only those above it in this list; a test holds them to it.

pub mod json;

pub mod detect;

pub mod message;

pub mod http;

pub mod mask;

pub mod config;

pub mod guard;

pub mod trace;

pub mod wire;

pub mod process;

pub mod plugins;

pub mod upstream;

pub mod scan;

pub mod gateway;

pub mod server;

pub mod app;

pub mod cli;
