//! The token that is sent to a server, renewed when it has run out.

use std::{io, sync::Arc};

use reqwest::{Url, header::HeaderValue};
use tokio::sync::Mutex;

use super::{
    AuthError,
    failure::Failure,
    network::Network,
    store::{Grant, Store},
};
use crate::{http::is_loopback, upstream::remote::Endpoint};

/// The tokens of one server, as they are kept: another process may change them.
#[derive(Clone)]
pub(in crate::upstream::remote) struct Tokens {
    endpoint: Arc<Endpoint>,
    store: Store,
    renewing: Arc<Mutex<()>>,
    /// Whether the way to the server hides them.
    safe: bool,
}

impl Tokens {
    /// Those for the server at `url`.
    pub(in crate::upstream::remote) fn new(endpoint: &Endpoint, url: &Url) -> Self {
        let store = Store::new(&endpoint.state, &endpoint.server, url);
        let safe = url.scheme() == "https" || is_loopback(url);
        Self {
            endpoint: Arc::new(endpoint.clone()),
            store,
            renewing: Arc::default(),
            safe,
        }
    }

    /// The `Authorization` header, if somebody has signed in; never the one that was `refused`.
    ///
    /// # Errors
    /// [`Failure`], where there is none any more, or it can't be renewed now.
    pub(in crate::upstream::remote) async fn bearer(
        &self,
        refused: Option<HeaderValue>,
    ) -> Result<Option<HeaderValue>, Failure> {
        if !self.safe {
            return Ok(None);
        }
        let Some(grant) = self.store.load().map_err(unusable)? else {
            return Ok(None);
        };
        if let Some(header) = usable(&grant, refused.as_ref()) {
            return Ok(Some(header));
        }
        let tokens = self.clone();
        // Whoever waits may go away, but a refresh token that was used up must be replaced.
        let renewal = tokio::spawn(async move { tokens.renew(refused).await });
        renewal
            .await
            .map_err(|error| unusable(io::Error::other(error)))?
            .map(Some)
    }

    /// Keeps in mind what the sign-in does not reach, for the next one.
    pub(in crate::upstream::remote) fn miss(&self, scope: &str) {
        if let Err(error) = self.store.miss(scope) {
            tracing::debug!(server = %self.endpoint.server, "the scopes that are missing can't be kept: {error}");
        }
    }

    /// One at a time, in this gateway and any other.
    async fn renew(&self, refused: Option<HeaderValue>) -> Result<HeaderValue, Failure> {
        let server = || self.endpoint.server.to_string();
        let sign_in = || Failure::SignIn { server: server() };
        let _turn = self.renewing.lock().await;
        let _lock = self.store.lock().await.map_err(unusable)?;
        let grant = self.store.load().map_err(unusable)?.ok_or_else(sign_in)?;
        if let Some(header) = usable(&grant, refused.as_ref()) {
            return Ok(header);
        }
        let Some(refresh_token) = grant.refresh_token.clone() else {
            return Err(match grant.has_run_out() {
                true => Failure::RunOut { server: server() },
                false => Failure::NotTaken { server: server() },
            });
        };
        let parameters = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &refresh_token),
            ("resource", &grant.resource),
        ];
        let network = Network::of(&self.endpoint)
            .await
            .map_err(|error| Failure::Tokens(error.to_string()))?;
        let granted = match grant.client.ask(&network, &grant.token_endpoint, &parameters).await {
            Ok(granted) => granted,
            Err(AuthError::Refused { error, .. }) => {
                tracing::warn!(server = %self.endpoint.server, "its token was not renewed: {error}");
                return Err(Failure::RunOut { server: server() });
            }
            Err(error) => return Err(Failure::Tokens(error.to_string())),
        };
        let grant = grant.renewed(granted);
        self.store.save(&grant).map_err(unusable)?;
        tracing::debug!(server = %self.endpoint.server, "its token was renewed");
        grant.header().ok_or_else(sign_in)
    }
}

/// The header of a grant that has not run out and was not refused.
fn usable(grant: &Grant, refused: Option<&HeaderValue>) -> Option<HeaderValue> {
    let header = grant.header()?;
    (refused != Some(&header) && !grant.has_run_out()).then_some(header)
}

fn unusable(error: io::Error) -> Failure {
    Failure::Tokens(error.to_string())
}
