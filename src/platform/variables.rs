//! Variables of the environment.

use std::{env, ffi::OsString};

/// What the official SDKs pass on to a server.
#[cfg(unix)]
pub const PASSED_BY_SDKS: &[&str] = &["HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER"];

/// What the official SDKs pass on to a server.
#[cfg(windows)]
pub const PASSED_BY_SDKS: &[&str] = &[
    "APPDATA",
    "COMSPEC",
    "HOMEDRIVE",
    "HOMEPATH",
    "LOCALAPPDATA",
    "PATH",
    "PATHEXT",
    "PROCESSOR_ARCHITECTURE",
    "PROGRAMFILES",
    "SYSTEMDRIVE",
    "SYSTEMROOT",
    "USERNAME",
    "USERPROFILE",
];

/// The value of a variable of this process; `None` where there is none, or it is no text.
pub fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// A name as it is compared: Windows makes no difference between `Path` and `PATH`.
pub fn folded(name: OsString) -> OsString {
    if cfg!(windows) { name.to_ascii_uppercase() } else { name }
}
