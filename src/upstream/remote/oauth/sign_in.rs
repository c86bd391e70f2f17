//! A sign-in: the authorization code grant of OAuth 2.1 with PKCE, as MCP 2025-11-25 has it.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Url;
use sha2::{Digest, Sha256};
use tokio::time::timeout;

use super::{
    AuthError,
    callback::{Answer, Callback},
    client::{Client, Granted},
    http::Http,
    metadata::Discovery,
    network::Network,
    store::{Grant, Store, now},
};
use crate::{
    http::{host_of, is_loopback},
    upstream::remote::Endpoint,
};

/// How long a person may take.
const PATIENCE: Duration = Duration::from_secs(600);

/// What a person may choose.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Scopes to ask for, with those that are granted already; `None` for what the entry or the server says.
    pub scope: Option<String>,
    /// The port of the page that the browser returns to; 0 for any. A client that was registered by hand may have one.
    pub port: u16,
}

/// Signs in to the server of `endpoint`. `show` is given the address that a person has to open in a browser.
///
/// # Errors
/// [`AuthError`], where nothing was granted.
pub async fn sign_in(endpoint: &Endpoint, choice: &Choice, show: impl FnOnce(&str)) -> Result<(), AuthError> {
    let url = endpoint.address()?;
    if url.scheme() != "https" && !is_loopback(&url) {
        return Err(AuthError::NotHttps);
    }
    let http = Http::new(endpoint)?;
    if !http.takes_tokens() {
        return Err(AuthError::HasHeader);
    }
    let store = Store::new(&endpoint.state, &endpoint.server, &url);
    let challenge = http.challenge(endpoint.transport).await?;
    let network = Network::of(endpoint).await?;
    let found = Discovery::of(&url, &challenge, &network).await?;
    let scope = match &choice.scope {
        Some(more) => union(
            store.load().ok().flatten().and_then(|grant| grant.scope).as_deref(),
            more,
        ),
        None => default_scope(endpoint, challenge.scope, &found.scopes),
    };
    let callback = Callback::open(choice.port)
        .await
        .map_err(|error| AuthError::NoPort(error.to_string()))?;
    let client = match &endpoint.oauth {
        Some(client) => Client::configured(client, &found.issuer.token_endpoint_auth_methods_supported),
        None => {
            let place = found
                .issuer
                .registration_endpoint
                .as_ref()
                .ok_or(AuthError::NoRegistration)?;
            Client::register(&network, place, &callback.address, scope.as_deref()).await?
        }
    };
    let (state, verifier) = (random()?, random()?);
    show(authorization(&found, &client, &callback.address, &state, &verifier, scope.as_deref()).as_str());
    let answer = timeout(PATIENCE, callback.answer())
        .await
        .map_err(|_| AuthError::NobodyCame)?;
    let code = code_of(
        answer.map_err(|error| AuthError::NoPort(error.to_string()))?,
        &state,
        &found,
    )?;
    let parameters = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &callback.address),
        ("code_verifier", &verifier),
        ("resource", &found.resource),
    ];
    let granted = client.ask(&network, &found.issuer.token_endpoint, &parameters).await?;
    let grant = Grant {
        url: url.to_string(),
        resource: found.resource,
        issuer: found.issuer.name().to_owned(),
        token_endpoint: found.issuer.token_endpoint,
        client,
        scope,
        access_token: String::new(),
        refresh_token: None,
        expires_at: None,
    };
    store
        .save(&grant.renewed(granted))
        .map_err(|error| AuthError::NotKept(error.to_string()))
}

/// Forgets the tokens for the server of `endpoint`; whether there were any.
///
/// # Errors
/// [`AuthError`], where they can't be removed.
pub fn sign_out(endpoint: &Endpoint) -> Result<bool, AuthError> {
    let store = Store::new(&endpoint.state, &endpoint.server, &endpoint.address()?);
    store.remove().map_err(|error| AuthError::NotKept(error.to_string()))
}

impl Grant {
    /// The grant after new tokens were granted; what the server does not say stays as it is.
    pub(super) fn renewed(self, granted: Granted) -> Self {
        Self {
            expires_at: granted.lifetime().map(|seconds| now().saturating_add(seconds)),
            access_token: granted.access_token,
            refresh_token: granted.refresh_token.or(self.refresh_token),
            scope: granted.scope.or(self.scope),
            ..self
        }
    }
}

/// The address to open in a browser.
fn authorization(
    found: &Discovery,
    client: &Client,
    redirect_uri: &str,
    state: &str,
    verifier: &str,
    scope: Option<&str>,
) -> Url {
    let mut url = found.issuer.authorization_endpoint.clone();
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", client.id())
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)))
        .append_pair("code_challenge_method", "S256")
        .append_pair("state", state)
        .append_pair("resource", &found.resource)
        .extend_pairs(scope.map(|scope| ("scope", scope)));
    url
}

/// The code in the browser's answer, if it is the answer to this sign-in.
fn code_of(answer: Answer, state: &str, found: &Discovery) -> Result<String, AuthError> {
    if answer.state.as_deref() != Some(state) {
        return Err(AuthError::OtherState);
    }
    if !found.issuer.gave(answer.iss.as_deref()) {
        return Err(AuthError::OtherIssuer);
    }
    match (answer.error, answer.code) {
        (None, Some(code)) => Ok(code),
        (Some(error), _)
            if error.len() <= 64 && error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') =>
        {
            Err(AuthError::Refused {
                what: "the sign-in",
                error,
            })
        }
        _ => Err(AuthError::Refused {
            what: "the sign-in",
            error: host_of(&found.issuer.authorization_endpoint),
        }),
    }
}

/// The scopes of the entry, or else those that the server asks for, or else those that it knows of.
fn default_scope(endpoint: &Endpoint, asked: Option<String>, known: &[String]) -> Option<String> {
    let own = endpoint
        .oauth
        .iter()
        .map(|client| client.scopes.join(" "))
        .find(|scopes| !scopes.is_empty());
    own.or(asked).or_else(|| (!known.is_empty()).then(|| known.join(" ")))
}

/// Scopes that are granted already and more of them, each once.
fn union(granted: Option<&str>, more: &str) -> Option<String> {
    let mut all: Vec<&str> = Vec::new();
    for scope in granted
        .unwrap_or_default()
        .split_whitespace()
        .chain(more.split_whitespace())
    {
        if !all.contains(&scope) {
            all.push(scope);
        }
    }
    (!all.is_empty()).then(|| all.join(" "))
}

/// A text of 256 bits that nobody can guess, fit for a `state` and for a code verifier (RFC 7636, section 4.1).
fn random() -> Result<String, AuthError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| AuthError::NoRandomness(error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_added_once() {
        assert_eq!(union(Some("a b"), "b c").as_deref(), Some("a b c"));
        assert_eq!(union(None, " "), None);
    }

    #[test]
    fn a_verifier_is_as_the_standard_wants_it() {
        let verifier = random().unwrap();
        assert!(
            verifier.len() >= 43
                && verifier
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        );
        assert_ne!(verifier, random().unwrap());
    }
}
