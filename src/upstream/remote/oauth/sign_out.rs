//! The end of a sign-in: the tokens are forgotten here, and revoked where they were granted (RFC 7009).

use std::io::{self, ErrorKind};

use reqwest::Url;

use super::{
    AuthError,
    network::Network,
    store::{Grant, Store},
};
use crate::{http::host_of, upstream::remote::Endpoint};

/// What became of the tokens.
#[derive(Debug)]
pub enum SignOut {
    /// There were none.
    Nobody,
    /// They are forgotten, and good nowhere any more.
    Revoked,
    /// Their file could not be read, and is removed.
    Unreadable,
    /// They are forgotten, and who gave them, the host of an authorization server, has no way to revoke them.
    Irrevocable(String),
    /// They are forgotten, but may still be good.
    NotRevoked(AuthError),
}

/// Forgets the tokens for the server of `endpoint`, and has them revoked.
///
/// # Errors
/// [`AuthError`], where they can't be forgotten.
pub async fn sign_out(endpoint: &Endpoint) -> Result<SignOut, AuthError> {
    let kept = |error: io::Error| AuthError::NotKept(error.to_string());
    let store = Store::new(&endpoint.state, &endpoint.server, &endpoint.address()?);
    store.miss_nothing();
    // A gateway that renews them now would write them once more.
    let _turn = match store.lock().await {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(SignOut::Nobody),
        turn => turn.map_err(kept)?,
    };
    let grant = store.load();
    if !store.remove().map_err(kept)? {
        return Ok(SignOut::Nobody);
    }
    let Ok(Some(grant)) = grant else {
        return Ok(SignOut::Unreadable);
    };
    Ok(match &grant.revocation_endpoint {
        None => SignOut::Irrevocable(host_of(&grant.token_endpoint)),
        Some(place) => match revoke(endpoint, &grant, place).await {
            Ok(()) => SignOut::Revoked,
            Err(error) => SignOut::NotRevoked(error),
        },
    })
}

/// The refresh token is revoked with all that it can be renewed to; without one, the access token is.
async fn revoke(endpoint: &Endpoint, grant: &Grant, place: &Url) -> Result<(), AuthError> {
    let network = Network::of(endpoint).await?;
    let (token, hint) = match &grant.refresh_token {
        Some(token) => (token, "refresh_token"),
        None => (&grant.access_token, "access_token"),
    };
    grant.client.revoke(&network, place, token, hint).await
}
