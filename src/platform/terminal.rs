//! The terminal that controls this process.

/// The path under which it is read.
#[cfg(unix)]
pub const PATH: &str = "/dev/tty";

/// The path under which it is read.
#[cfg(windows)]
pub const PATH: &str = "CONIN$";
