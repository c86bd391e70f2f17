//! Reading files that others may have put there: a link may lead to a device without end, or to a pipe that nobody fills.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The bytes of a regular file, of at most `most`.
///
/// # Errors
/// What the system says, or that it is no such file.
pub fn read_regular(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let metadata = path.metadata()?;
    if metadata.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    read_at_most(File::open(path)?, most)
}

/// What is read up to the end, if that is at most `most` bytes away.
///
/// # Errors
/// What the system says, or that it is more.
pub fn read_at_most(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::other(format!("it is larger than {} MiB", most >> 20)));
    }
    Ok(bytes)
}

/// [`read_regular`] for a text.
///
/// # Errors
/// As there, or that it is not UTF-8.
pub fn read_regular_text(path: &Path, most: u64) -> io::Result<String> {
    text(read_regular(path, most)?)
}

/// The bytes as text.
///
/// # Errors
/// It is not UTF-8.
pub fn text(bytes: Vec<u8>) -> io::Result<String> {
    let mend = "it is not UTF-8 text: save it as UTF-8";
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, mend))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: u64 = 1 << 20;

    #[test]
    fn a_file_is_read_whole_or_not_at_all() {
        let root = tempfile::tempdir().expect("a directory");
        let path = root.path().join("f");
        let read = |bytes: &[u8]| {
            std::fs::write(&path, bytes).expect("writable");
            read_regular_text(&path, MOST).map_err(|error| error.to_string())
        };
        assert_eq!(read(b"a"), Ok("a".into()));
        assert!(read(&vec![b'a'; 1 << 20]).is_ok());
        assert_eq!(read(&vec![b'a'; (1 << 20) + 1]), Err("it is larger than 1 MiB".into()));
        assert_eq!(read(b"\xff\xfe{"), Err("it is not UTF-8 text: save it as UTF-8".into()));
        let folder = read_regular(root.path(), MOST).expect_err("no file").to_string();
        assert_eq!(folder, "it is a folder");
    }

    #[cfg(unix)]
    #[test]
    fn what_has_no_end_is_not_begun() {
        let root = tempfile::tempdir().expect("a directory");
        let link = root.path().join("link");
        std::os::unix::fs::symlink("/dev/zero", &link).expect("a link");
        let said = read_regular(&link, MOST).expect_err("no file").to_string();
        assert_eq!(said, "it is not a regular file");
        assert!(read_at_most(std::io::repeat(0), MOST).is_err());
    }
}
