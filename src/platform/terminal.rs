//! The terminal that controls this process.

use std::{fs::File, io};

/// The path under which it is read.
#[cfg(unix)]
pub const PATH: &str = "/dev/tty";

/// The path under which it is read.
#[cfg(windows)]
pub const PATH: &str = "CONIN$";

/// Forgets what was typed and not read yet.
///
/// # Errors
/// Where the system can't.
#[cfg(unix)]
pub fn forget_typed(terminal: &File) -> io::Result<()> {
    use nix::sys::termios::{FlushArg, tcflush};
    tcflush(terminal, FlushArg::TCIFLUSH).map_err(io::Error::from)
}

/// Forgets what was typed and not read yet.
///
/// # Errors
/// Always: it can't be done by safe calls.
#[cfg(windows)]
pub fn forget_typed(_: &File) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
