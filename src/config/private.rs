//! Files that only the user may read.

use std::io::{self, Write};
use std::path::Path;

use crate::platform::files::{create_private_directory, create_private_file};

/// Writes a file of the state directory: whole or not at all, with mode 0600 in a directory of mode 0700 on Unix.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let directory = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
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
pub fn touch(path: &Path) -> io::Result<()> {
    if let Some(directory) = path
        .parent()
        .filter(|directory| !directory.as_os_str().is_empty() && !directory.exists())
    {
        create_private_directory(directory)?;
    }
    create_private_file(path)
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
