//! The tokens of the user, one private file for each server.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use reqwest::{Url, header::HeaderValue};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use super::client::Client;
use crate::{
    clock,
    config::private,
    digest::{hex, sha256},
};

/// A token is renewed this long before it runs out, in seconds.
const MARGIN: u64 = 30;
/// How long another gateway may renew the tokens.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked whether it is done.
const LOOK: Duration = Duration::from_millis(50);

/// The longest list of scopes that a server may want beside those that are granted, in bytes.
const LONGEST: usize = 1024;

/// What a sign-in has granted, and to whom it may be shown.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    /// The address of the server, as its entry has it. The access token is sent nowhere else.
    pub(super) url: String,
    /// The resource that the tokens are for (RFC 8707).
    pub(super) resource: String,
    /// Who granted it.
    pub(super) issuer: String,
    /// Where it is renewed. The refresh token is sent nowhere else.
    pub(super) token_endpoint: Url,
    /// Where it is revoked (RFC 7009), if anywhere.
    #[serde(default)]
    pub(super) revocation_endpoint: Option<Url>,
    /// To whom it was granted.
    pub(super) client: Client,
    /// For what, with spaces between the scopes.
    pub(super) scope: Option<String>,
    pub(super) access_token: String,
    pub(super) refresh_token: Option<String>,
    /// When the access token runs out, in seconds since 1970.
    pub(super) expires_at: Option<u64>,
    /// When somebody signed in, in milliseconds since 1970. Renewing does not change it.
    #[serde(default)]
    pub(super) signed_in_at: u64,
}

impl Grant {
    /// Whether the access token should not be used any more.
    pub(super) fn has_run_out(&self) -> bool {
        self.expires_at.is_some_and(|end| end <= clock::seconds() + MARGIN)
    }

    /// The `Authorization` header; `None` where the token can't stand in one.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let mut header = HeaderValue::try_from(format!("Bearer {}", self.access_token)).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

/// The file of one server.
#[derive(Clone, Debug)]
pub(in crate::upstream::remote) struct Store {
    path: PathBuf,
    url: String,
}

impl Store {
    /// The file for the server of this name and address: who gives the name to another address has not signed in there.
    pub(in crate::upstream::remote) fn new(state: &Path, server: &str, url: &Url) -> Self {
        let digest = sha256(format!("{server}\0{url}"));
        let name = hex(&digest[..16]);
        Self {
            path: state.join("tokens").join(name).with_extension("json"),
            url: url.to_string(),
        }
    }

    /// What is granted now.
    ///
    /// # Errors
    /// Where the file can't be read, or is not what was written.
    pub(super) fn load(&self) -> io::Result<Option<Grant>> {
        let content = match fs::read(&self.path) {
            Ok(content) => content,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        // An error of the parser may quote what it read.
        let grant: Grant =
            serde_json::from_slice(&content).map_err(|_| io::Error::other("their file is damaged, sign in again"))?;
        Ok((grant.url == self.url).then_some(grant))
    }

    /// # Errors
    /// Where the file can't be written.
    pub(super) fn save(&self, grant: &Grant) -> io::Result<()> {
        private::write(&self.path, &serde_json::to_vec(grant)?)
    }

    /// Forgets the grant; whether there was one.
    ///
    /// # Errors
    /// Where the file can't be removed.
    pub(super) fn remove(&self) -> io::Result<bool> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            removed => removed.map(|()| true),
        }
    }

    /// Keeps in mind that the server wants these scopes beside those that are granted, for the next sign-in.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub(super) fn miss(&self, scope: &str) -> io::Result<()> {
        let is_scope = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
        if scope.len() > LONGEST || !scope.bytes().all(is_scope) || self.missed().as_deref() == Some(scope) {
            return Ok(());
        }
        private::write(&self.missing(), scope.as_bytes())
    }

    /// The scopes that are missing, with spaces between them.
    pub(super) fn missed(&self) -> Option<String> {
        fs::read_to_string(self.missing()).ok()
    }

    /// Forgets which scopes are missing.
    pub(super) fn miss_nothing(&self) {
        // What can't be removed is asked for once more.
        let _ = fs::remove_file(self.missing());
    }

    fn missing(&self) -> PathBuf {
        self.path.with_extension("scope")
    }

    /// Keeps other gateways from renewing the tokens until the file that is given back is closed.
    ///
    /// # Errors
    /// Where another gateway takes too long.
    pub(super) async fn lock(&self) -> io::Result<File> {
        let path = self.path.with_extension("lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        let mut waited = Duration::ZERO;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if waited >= PATIENCE => {
                    return Err(io::Error::other("another gateway does not finish renewing them"));
                }
                Err(TryLockError::WouldBlock) => {}
            }
            sleep(LOOK).await;
            waited += LOOK;
        }
    }

    /// When somebody signed in, in milliseconds since 1970; `None` while nobody is.
    pub(in crate::upstream::remote) fn signed_in_at(&self) -> Option<u64> {
        Some(self.load().ok()??.signed_in_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn grant(url: &Url) -> Grant {
        Grant {
            url: url.to_string(),
            resource: url.to_string(),
            issuer: "https://issuer".into(),
            token_endpoint: "https://issuer/token".parse().unwrap(),
            revocation_endpoint: None,
            client: Client::public("id"),
            scope: None,
            access_token: "access".into(),
            refresh_token: None,
            expires_at: None,
            signed_in_at: 0,
        }
    }

    #[test]
    fn a_grant_is_for_one_name_and_one_address() {
        let state = tempfile::tempdir().unwrap();
        let [here, there] = ["https://h/mcp", "https://other/mcp"].map(|url| Url::parse(url).unwrap());
        let store = Store::new(state.path(), "it", &here);
        assert!(store.load().unwrap().is_none());
        store.save(&grant(&here)).unwrap();
        assert_eq!(
            store.load().unwrap().map(|grant| grant.access_token).as_deref(),
            Some("access")
        );
        assert!(Store::new(state.path(), "it", &there).load().unwrap().is_none());
        assert!(Store::new(state.path(), "other", &here).load().unwrap().is_none());
        store.save(&grant(&there)).unwrap();
        assert!(store.load().unwrap().is_none(), "a file that was moved is not believed");
        assert!(store.remove().unwrap() && !store.remove().unwrap());
    }

    #[test]
    fn scopes_that_are_missing_are_no_more_than_scopes() {
        let state = tempfile::tempdir().unwrap();
        let store = Store::new(state.path(), "it", &Url::parse("https://h/mcp").unwrap());
        for wrong in ["a\u{1b}[31m", "a\nb", "a\"b", &"a".repeat(LONGEST + 1)] {
            store.miss(wrong).unwrap();
            assert_eq!(store.missed(), None, "{wrong:?}");
        }
        store.miss("https://h/read:all a.b").unwrap();
        assert_eq!(store.missed().as_deref(), Some("https://h/read:all a.b"));
        store.miss_nothing();
        assert_eq!(store.missed(), None);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_user_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let state = tempfile::tempdir().unwrap();
        let url = Url::parse("https://h/mcp").unwrap();
        let store = Store::new(state.path(), "it", &url);
        store.save(&grant(&url)).unwrap();
        assert_eq!(fs::metadata(&store.path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_token_runs_out_a_little_early() {
        let url = Url::parse("https://h/mcp").unwrap();
        let ending = |expires_at| {
            Grant {
                expires_at,
                ..grant(&url)
            }
            .has_run_out()
        };
        assert!(!ending(None) && !ending(Some(clock::seconds() + 60)));
        assert!(ending(Some(clock::seconds() + 10)) && ending(Some(0)));
    }
}
