//! The two eras of MCP. Up to 2025-11-25 a connection begins with a handshake that holds for all of it. From 2026-07-28 on
//! each request says in its `_meta` what version it is of and what its client can do.

/// The versions with a handshake, the newest last.
pub const HANDSHAKE_VERSIONS: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

/// The version without one.
pub const STATELESS_VERSION: &str = "2026-07-28";

/// What every name in a `_meta` begins with that belongs to the protocol.
pub const RESERVED: &str = "io.modelcontextprotocol/";

/// Members of a `_meta` in the era without a handshake.
pub mod meta {
    /// Of a request: its version.
    pub const VERSION: &str = "io.modelcontextprotocol/protocolVersion";
    /// Of a request: who makes it.
    pub const CLIENT_INFO: &str = "io.modelcontextprotocol/clientInfo";
    /// Of a request: what its client can do.
    pub const CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
    /// Of a request: the least level of the log messages that are wanted about it; without it none are.
    pub const LOG_LEVEL: &str = "io.modelcontextprotocol/logLevel";
    /// Of a result: who gives it.
    pub const SERVER_INFO: &str = "io.modelcontextprotocol/serverInfo";
    /// Of a notification, and of a subscription's end: the id of the `subscriptions/listen` it belongs to.
    pub const SUBSCRIPTION: &str = "io.modelcontextprotocol/subscriptionId";
}

/// The levels of log messages (RFC 5424), the least first.
pub const LOG_LEVELS: [&str; 8] = [
    "debug",
    "info",
    "notice",
    "warning",
    "error",
    "critical",
    "alert",
    "emergency",
];

/// Where a level stands among [`LOG_LEVELS`].
pub fn log_level(name: &str) -> Option<usize> {
    LOG_LEVELS.iter().position(|level| *level == name)
}
