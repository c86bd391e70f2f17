//! Programs for tests.

use std::{path::Path, process::Command};

/// Writes a program. Another process does so: one that is being started by another test would hold this one's handle,
/// and the system starts no file that is open for writing.
pub(super) fn write(file: &Path, text: &str) {
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", "printf '%s\\n' \"$2\" > \"$1\" && chmod +x \"$1\"", "sh"])
        .arg(file)
        .arg(text);
    assert!(command.status().expect("a shell is there").success());
}
