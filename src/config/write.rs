//! Writing the user's file: whole or not at all, by one gateway at a time, where it really lies.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Dirs, private};
use crate::digest::{hex, sha256_of_parts};
use crate::platform::files::give_to_owner_of;

/// How often a file that somebody else is changing is read again.
const ATTEMPTS: usize = 5;

/// What became of a change.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The file has it: what it held before, and what it holds now.
    Written(Vec<u8>, Vec<u8>),
    /// It had it already.
    Unchanged,
    /// It must not be written.
    ReadOnly,
}

/// Reads the file at `path`, has it changed, and writes it if it came out different. Links are followed; mode and owner
/// stay. Another gateway that does the same waits.
pub(super) fn change<E: From<io::Error>>(
    path: &Path,
    dirs: &Dirs,
    edit: impl Fn(&[u8]) -> Result<Vec<u8>, E>,
) -> Result<Outcome, E> {
    let path = path.canonicalize()?;
    let _lock = lock(&path, dirs)?;
    for _ in 0..ATTEMPTS {
        let before = fs::read(&path)?;
        let after = edit(&before)?;
        if after == before {
            return Ok(Outcome::Unchanged);
        }
        if is_read_only(&path)? {
            return Ok(Outcome::ReadOnly);
        }
        if replace(&path, &before, &after, dirs)? {
            return Ok(Outcome::Written(before, after));
        }
    }
    Err(io::Error::other("somebody else changes the file again and again").into())
}

/// A name in the state directory for what belongs to a file.
pub fn place(folder: &str, path: &Path, ending: &str, dirs: &Dirs) -> PathBuf {
    let name = hex(&sha256_of_parts([path.as_os_str().as_encoded_bytes()]));
    dirs.state.join(folder).join(format!("{name}.{ending}"))
}

/// Waits until no other gateway writes this file. The lock ends with the value, or with the process.
///
/// # Errors
/// What the system says.
pub fn lock(path: &Path, dirs: &Dirs) -> io::Result<File> {
    let place = place("locks", path, "lock", dirs);
    // It is never replaced: two gateways must lock the same file.
    private::touch(&place)?;
    let file = OpenOptions::new().append(true).open(place)?;
    file.lock()?;
    Ok(file)
}

/// Whether a file must not be written: its mode or its file system says so.
///
/// # Errors
/// It can't be told.
pub fn is_read_only(path: &Path) -> io::Result<bool> {
    if fs::metadata(path)?.permissions().readonly() {
        return Ok(true);
    }
    match OpenOptions::new().append(true).open(path) {
        Ok(_) => Ok(false),
        Err(error) if is_refusal(&error) => Ok(true),
        Err(error) => Err(error),
    }
}

fn is_refusal(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    )
}

/// Puts `after` in the place of `before`, through links; false if somebody else wrote the file meanwhile. Mode and owner
/// stay.
///
/// # Errors
/// What the system says.
pub fn replace(path: &Path, before: &[u8], after: &[u8], dirs: &Dirs) -> io::Result<bool> {
    let path = &path.canonicalize()?;
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    match tempfile::NamedTempFile::new_in(folder) {
        Ok(mut new) => {
            new.write_all(after)?;
            new.as_file().set_permissions(fs::metadata(path)?.permissions())?;
            give_to_owner_of(path, new.as_file())?;
            new.as_file().sync_all()?;
            if fs::read(path)? != before {
                return Ok(false);
            }
            match new.persist(path) {
                Ok(_) => Ok(true),
                // A file that is mounted by itself can't be replaced, only written.
                Err(error) if is_mounted(&error.error) => in_place(path, before, after, dirs).map(|()| true),
                Err(error) => Err(error.error),
            }
        }
        Err(error) if is_refusal(&error) => in_place(path, before, after, dirs).map(|()| true),
        Err(error) => Err(error),
    }
}

fn is_mounted(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices
    )
}

/// Writes over the file, once what it held is safe in the state directory.
fn in_place(path: &Path, before: &[u8], after: &[u8], dirs: &Dirs) -> io::Result<()> {
    let backup = place("backups", path, "json", dirs);
    private::write(&backup, before)?;
    let write = || {
        let mut file = OpenOptions::new().write(true).truncate(true).open(path)?;
        file.write_all(after)?;
        file.sync_all()
    };
    write().map_err(|error| {
        let kept = format!("{error}; what it held is in {}", backup.display());
        io::Error::new(error.kind(), kept)
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::in_project;
    use super::*;

    fn append(text: &str) -> impl Fn(&[u8]) -> Result<Vec<u8>, io::Error> {
        move |before| Ok([before, text.as_bytes()].concat())
    }

    #[test]
    fn a_change_that_changes_nothing_writes_nothing() {
        in_project(|dirs| {
            let path = dirs.cwd.join("f");
            fs::write(&path, "a").expect("writable");
            assert_eq!(
                change(&path, dirs, append("")).expect("it is there"),
                Outcome::Unchanged
            );
            let written = change(&path, dirs, append("b")).expect("writable");
            assert_eq!(written, Outcome::Written(b"a".to_vec(), b"ab".to_vec()));
            assert_eq!(
                fs::read_dir(&dirs.cwd).expect("there").count(),
                1,
                "no temporary file stays"
            );
        });
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_modes_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        in_project(|dirs| {
            let (real, link) = (dirs.home.join("real.json"), dirs.cwd.join("link.json"));
            fs::create_dir_all(&dirs.home)
                .and_then(|()| fs::write(&real, "a"))
                .expect("writable");
            fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("ours");
            symlink(&real, &link).expect("writable");
            change(&link, dirs, append("b")).expect("writable");
            assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
            assert_eq!(fs::read(&real).expect("there"), b"ab");
            assert_eq!(fs::metadata(&real).expect("there").permissions().mode() & 0o777, 0o640);
            fs::set_permissions(&real, fs::Permissions::from_mode(0o444)).expect("ours");
            assert_eq!(change(&link, dirs, append("c")).expect("there"), Outcome::ReadOnly);
        });
    }

    #[test]
    fn what_can_not_be_replaced_is_written_over_after_a_backup() {
        in_project(|dirs| {
            let path = dirs.cwd.join("f").canonicalize().unwrap_or(dirs.cwd.join("f"));
            fs::write(&path, "a longer text").expect("writable");
            in_place(&path, b"a longer text", b"short", dirs).expect("writable");
            assert_eq!(fs::read(&path).expect("there"), b"short");
            assert_eq!(
                fs::read(place("backups", &path, "json", dirs)).expect("there"),
                b"a longer text"
            );
            assert!(is_mounted(&io::ErrorKind::ResourceBusy.into()));
        });
    }

    #[test]
    fn many_writers_lose_nothing() {
        in_project(|dirs| {
            let path = dirs.cwd.join("f");
            fs::write(&path, "").expect("writable");
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| (0..10).for_each(|_| drop(change(&path, dirs, append("x")).expect("writable"))));
                }
            });
            assert_eq!(fs::read(&path).expect("there").len(), 80);
        });
    }
}
