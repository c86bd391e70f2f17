//! Requests to an authorization server: only where the server may send the gateway, and never through a redirect.

use std::{sync::Arc, time::Duration};

use reqwest::{
    Method, Request, StatusCode, Url,
    header::{ACCEPT, HeaderName, HeaderValue},
};
use serde::de::DeserializeOwned;

use super::{
    AuthError,
    failure::Failure,
    http::{self, build, client},
    reach::{Reach, Resolver},
};
use crate::{http::host_of, upstream::remote::Endpoint};

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// The largest answer, in bytes.
const LARGEST: usize = 256 * 1024;

/// What a server may make the gateway connect to.
pub(super) struct Network {
    client: reqwest::Client,
    reach: Reach,
}

impl Network {
    /// What the server of `endpoint` may.
    ///
    /// # Errors
    /// [`AuthError`], where it can't be told.
    pub(super) async fn of(endpoint: &Endpoint) -> Result<Self, AuthError> {
        let url = endpoint.address()?;
        let unknown = |error: std::io::Error| AuthError::Unreachable {
            host: host_of(&url),
            cause: error.to_string(),
        };
        let reach = Reach::of(&url).await.map_err(unknown)?;
        let builder = client(&url, endpoint.ca.as_deref())?
            .dns_resolver(Arc::new(Resolver::new(reach)))
            .timeout(PATIENCE);
        Ok(Self {
            client: build(builder)?,
            reach,
        })
    }

    /// Whether the gateway may go to `url`, or a person be sent there.
    ///
    /// # Errors
    /// [`AuthError::Forbidden`], where not.
    pub(super) fn allow(&self, url: &Url) -> Result<(), AuthError> {
        self.reach.allows(url).map_err(|why| AuthError::Forbidden {
            host: host_of(url),
            why,
        })
    }

    /// The metadata at `url`, if there is some.
    ///
    /// # Errors
    /// [`AuthError`], where it is out of reach or nonsense.
    pub(super) async fn metadata<T: DeserializeOwned>(&self, url: &Url) -> Result<Option<T>, AuthError> {
        let mut request = Request::new(Method::GET, url.clone());
        request
            .headers_mut()
            .insert(ACCEPT, HeaderValue::from_static("application/json"));
        let (status, body) = self.send(request).await?;
        match status {
            status if status.is_client_error() => Ok(None),
            status if !status.is_success() => Err(AuthError::Status {
                host: host_of(url),
                status,
            }),
            // A page that is shown wherever there is nothing.
            _ if body.trim_ascii_start().starts_with(b"<") => Ok(None),
            _ => serde_json::from_slice(&body)
                .map(Some)
                .map_err(|_| AuthError::Nonsense("the metadata")),
        }
    }

    /// # Errors
    /// [`AuthError`], where no answer came.
    pub(super) async fn post(
        &self,
        url: &Url,
        headers: Vec<(HeaderName, HeaderValue)>,
        body: Vec<u8>,
    ) -> Result<(StatusCode, Vec<u8>), AuthError> {
        let mut request = Request::new(Method::POST, url.clone());
        request.headers_mut().extend(headers);
        *request.body_mut() = Some(body.into());
        self.send(request).await
    }

    async fn send(&self, request: Request) -> Result<(StatusCode, Vec<u8>), AuthError> {
        let url = request.url().clone();
        self.allow(&url)?;
        let sent = self.client.execute(request).await;
        let response = sent.map_err(|error| Failure::of_sending(&url, &error))?;
        let status = response.status();
        Ok((status, http::body(response, LARGEST).await?.into()))
    }
}
