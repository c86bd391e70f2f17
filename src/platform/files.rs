//! Who may read and write a file. Windows keeps that in the folder: what lies in a user's profile is the user's.

use std::fs::{self, File};
use std::io;
use std::path::Path;

#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};

/// Makes a directory, and those on its way, for the user alone: mode 0700.
///
/// # Errors
/// What the system says.
#[cfg(unix)]
pub fn create_private_directory(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    // It may have been there before, more open.
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

/// Makes a directory, and those on its way.
///
/// # Errors
/// What the system says.
#[cfg(windows)]
pub fn create_private_directory(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Makes a file that is appended to, if it is not there yet. Nobody else may read it afterwards: mode 0600.
///
/// # Errors
/// What the system says.
#[cfg(unix)]
pub fn create_private_file(path: &Path) -> io::Result<()> {
    let file = fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// Makes a file that is appended to, if it is not there yet.
///
/// # Errors
/// What the system says.
#[cfg(windows)]
pub fn create_private_file(path: &Path) -> io::Result<()> {
    fs::OpenOptions::new().append(true).create(true).open(path).map(drop)
}

/// A new file in a folder that others may read once it has its name, as they may read other documents.
///
/// # Errors
/// What the system says.
#[cfg(unix)]
pub fn document_in(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(0o644))
        .tempfile_in(folder)
}

/// A new file in a folder, which says who may read it.
///
/// # Errors
/// What the system says.
#[cfg(windows)]
pub fn document_in(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().tempfile_in(folder)
}

/// Gives a file to whom another one belongs.
///
/// # Errors
/// What the system says.
#[cfg(unix)]
pub fn give_to_owner_of(old: &Path, new: &File) -> io::Result<()> {
    let (own, old) = (new.metadata()?, fs::metadata(old)?);
    if (own.uid(), own.gid()) == (old.uid(), old.gid()) {
        return Ok(());
    }
    fchown(new, Some(old.uid()), Some(old.gid()))
}

/// A new file belongs to whom its folder says.
///
/// # Errors
/// What the system says.
#[cfg(windows)]
pub fn give_to_owner_of(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}

/// Whether everybody may write the file, or put another one in its place.
#[cfg(unix)]
pub fn is_open_to_all(file: &Path) -> bool {
    const STICKY: u32 = 0o1000;
    let mode = |path: &Path| path.metadata().map_or(0, |metadata| metadata.permissions().mode());
    let folder = file.parent().map_or(0, mode);
    mode(file) & 0o002 != 0 || folder & 0o002 != 0 && folder & STICKY == 0
}

/// Access lists are not read.
#[cfg(windows)]
pub fn is_open_to_all(_: &Path) -> bool {
    false
}
