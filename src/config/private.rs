//! Files that only the user may read.

use std::io::{self, Write};
use std::path::Path;

use crate::platform::files::{create_private_directory, create_private_file};

/// Writes a file of the state directory: whole or not at all, with mode 0600 in a directory of mode 0700 on Unix.
///
/// # Errors
/// What the system says, and the directory that a person has to look at.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let directory = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    write_in(directory, path, content).map_err(|error| with_mend(directory, &error))
}

fn write_in(directory: &Path, path: &Path, content: &[u8]) -> io::Result<()> {
    create_private_directory(directory)?;
    // A temporary file is made for its user alone.
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Makes a file that several processes write to, if it is not there yet, and the directories on its way. Nobody else may
/// read it afterwards.
///
/// # Errors
/// As [`write()`].
pub fn touch(path: &Path) -> io::Result<()> {
    let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) else {
        return create_private_file(path);
    };
    let made = match directory.exists() {
        true => Ok(()),
        false => create_private_directory(directory),
    };
    made.and_then(|()| create_private_file(path))
        .map_err(|error| with_mend(directory, &error))
}

fn with_mend(directory: &Path, error: &io::Error) -> io::Error {
    let mend = format!("{error}; check that {} can be written to", directory.display());
    io::Error::new(error.kind(), mend)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_replaced_whole() {
        let root = tempfile::tempdir().expect("a temporary directory");
        let path = root.path().join("a/b/file.json");
        write(&path, b"a long first content").expect("writable");
        write(&path, b"short").expect("writable");
        assert_eq!(fs::read(&path).expect("there"), b"short");
        assert_eq!(
            fs::read_dir(path.parent().expect("a parent")).expect("there").count(),
            1,
            "no temporary file stays"
        );
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().expect("a temporary directory");
        let directory = root.path().join("state");
        fs::create_dir(&directory).expect("writable");
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).expect("ours");
        let path = directory.join("file.json");
        write(&path, b"{}").expect("writable");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&directory), mode(&path)), (0o700, 0o600));
    }
}
