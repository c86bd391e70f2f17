//! The process's own standard input and output, without threads where the system allows it.

use std::{io, pin::Pin};

use tokio::io::{AsyncRead, AsyncWrite};

/// Standard input.
pub type Input = Pin<Box<dyn AsyncRead + Send>>;
/// Standard output.
pub type Output = Pin<Box<dyn AsyncWrite + Send>>;

/// Standard input and output as streams. Clients connect pipes (Python) or sockets (Node), which are read without a
/// thread in between; a terminal or a file is read by tokio's blocking adapters.
///
/// # Errors
/// Where a descriptor can't be duplicated.
pub fn stdio() -> io::Result<(Input, Output)> {
    platform::stdio()
}

#[cfg(unix)]
mod platform {
    use std::{
        fs::File,
        io,
        os::{
            fd::{AsFd, OwnedFd},
            unix::fs::FileTypeExt,
        },
    };

    use tokio::net::{UnixStream, unix::pipe};

    use super::{Input, Output};

    pub(super) fn stdio() -> io::Result<(Input, Output)> {
        let input = io::stdin().as_fd().try_clone_to_owned()?;
        let output = io::stdout().as_fd().try_clone_to_owned()?;
        Ok((reader(input)?, writer(output)?))
    }

    fn reader(fd: OwnedFd) -> io::Result<Input> {
        let file = File::from(fd);
        let kind = file.metadata()?.file_type();
        if kind.is_fifo() {
            widen(&file);
            return Ok(Box::pin(pipe::Receiver::from_file(file)?));
        }
        if kind.is_socket() {
            return Ok(Box::pin(socket(file)?));
        }
        Ok(Box::pin(tokio::io::stdin()))
    }

    fn writer(fd: OwnedFd) -> io::Result<Output> {
        let file = File::from(fd);
        let kind = file.metadata()?.file_type();
        if kind.is_fifo() {
            widen(&file);
            return Ok(Box::pin(pipe::Sender::from_file(file)?));
        }
        if kind.is_socket() {
            return Ok(Box::pin(socket(file)?));
        }
        Ok(Box::pin(tokio::io::stdout()))
    }

    fn socket(file: File) -> io::Result<UnixStream> {
        let stream = std::os::unix::net::UnixStream::from(OwnedFd::from(file));
        stream.set_nonblocking(true)?;
        UnixStream::from_std(stream)
    }

    /// A wider pipe makes large messages cheaper; where it can't be had, they are only slower.
    fn widen(file: &File) {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        let _ = nix::fcntl::fcntl(file, nix::fcntl::FcntlArg::F_SETPIPE_SZ(1 << 20));
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        let _ = file;
    }
}

#[cfg(windows)]
mod platform {
    use super::{Input, Output};

    pub(super) fn stdio() -> std::io::Result<(Input, Output)> {
        Ok((Box::pin(tokio::io::stdin()), Box::pin(tokio::io::stdout())))
    }
}
