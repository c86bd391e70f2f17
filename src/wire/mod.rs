//! JSON-RPC 2.0 over lines, towards a client and towards servers alike: lines in, messages out, frames back.
//!
//! A line is read once, its envelope is looked at shallowly, and what it carries stays the bytes that arrived.

pub mod era;
mod frame;
mod line;
mod message;
mod outbox;

pub use frame::Frame;
pub use line::{Line, LineReader};
pub use message::{Id, Malformed, Message, id_of_ends, read, read_lossy};
pub use outbox::{Closed, Outbox};

/// How large messages may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A message from either side, in bytes.
    pub message: usize,
    /// A result to the client, in bytes.
    pub response: usize,
}

impl Default for Limits {
    /// A message may take 128 MiB. A result stays below the 10 MiB a line at which clients on the TypeScript SDK close
    /// the connection, with room for what surrounds it.
    fn default() -> Self {
        Self {
            message: 128 << 20,
            response: (10 << 20) - 4096,
        }
    }
}

/// Error codes of JSON-RPC 2.0 and of MCP.
pub mod code {
    /// The text is not JSON.
    pub const PARSE_ERROR: i32 = -32700;
    /// No such method.
    pub const METHOD_NOT_FOUND: i32 = -32601;
    /// The parameters don't fit the method.
    pub const INVALID_PARAMS: i32 = -32602;
    /// The request failed on this side.
    pub const INTERNAL_ERROR: i32 = -32603;
    /// There is no such resource, up to 2025-11-25; later that is [`INVALID_PARAMS`].
    pub const RESOURCE_NOT_FOUND: i32 = -32002;
    /// The person has to visit addresses first, in 2025-11-25.
    pub const URL_ELICITATION_REQUIRED: i32 = -32042;
    /// The request is of a version that is not spoken here, from 2026-07-28 on.
    pub const UNSUPPORTED_VERSION: i32 = -32022;
}
