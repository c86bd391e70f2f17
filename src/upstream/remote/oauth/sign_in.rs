//! A sign-in: the authorization code grant of OAuth 2.1 with PKCE, as MCP 2025-11-25 has it.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Url;
use tokio::{sync::mpsc, time::timeout};

use super::{
    AuthError,
    callback::{Answer, Callback},
    client::{Client, Granted, is_code},
    http::Http,
    metadata::Discovery,
    network::Network,
    store::{Grant, Store},
};
use crate::{
    clock,
    digest::sha256,
    http::{host_of, is_loopback, same_site},
    text::visible_line,
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

/// What a person is told while a sign-in waits for them.
pub enum News<'a> {
    /// There is a page to open.
    Open(&'a Page),
    /// What came was no answer to this sign-in, which is waited for further.
    Stray,
}

/// The page that a person opens to sign in, and what it is about. No text of it has a character that cannot be seen.
pub struct Page {
    /// Its address.
    pub address: String,
    /// Whose page it is: the host of the authorization server.
    pub issuer: String,
    /// The host of the server that is given the token.
    pub server: String,
    /// Whether the two may be of different owners.
    pub foreign: bool,
    /// What the token will be good for, with spaces between the scopes; `None` where nobody says.
    pub scope: Option<String>,
    /// Where the browser ends up.
    pub back: String,
}

/// How a sign-in went that was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Granting {
    /// The server takes the token, as far as can be told.
    Taken,
    /// The server does not take it.
    NotTaken,
}

/// Signs in to the server of `endpoint`. `tell` is given what a person has to know, above all the page to open in a browser;
/// where that browser can't come back by itself, the address that it ends up at may be `typed`.
///
/// # Errors
/// [`AuthError`], where nothing was granted.
pub async fn sign_in(
    endpoint: &Endpoint,
    choice: &Choice,
    typed: mpsc::UnboundedReceiver<String>,
    mut tell: impl FnMut(News<'_>),
) -> Result<Granting, AuthError> {
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
    let usual = default_scope(endpoint, challenge.scope, &found.scopes);
    let scope = wanted_scope(&store, choice, usual);
    let callback = Callback::open(choice.port).await.map_err(|error| AuthError::NoPort {
        port: choice.port,
        cause: error.to_string(),
    })?;
    let client = client_of(endpoint, &found, &network, &callback.address, scope.as_deref()).await?;
    let (state, verifier) = (random()?, random()?);
    let address = authorization(&found, &client, &callback.address, &state, &verifier, scope.as_deref());
    tell(News::Open(&Page {
        issuer: host_of(&address),
        server: host_of(&url),
        foreign: !same_site(&address, &url),
        scope: scope.as_deref().map(|scope| visible_line(scope).into_owned()),
        back: callback.address.clone(),
        address: address.into(),
    }));
    let answer = timeout(PATIENCE, callback.answer(&state, typed, || tell(News::Stray)));
    let code = code_of(answer.await.map_err(|_| AuthError::NobodyCame)?, &found)?;
    let parameters = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &callback.address),
        ("code_verifier", &verifier),
        ("resource", &found.resource),
    ];
    let granted = client.ask(&network, &found.issuer.token_endpoint, &parameters).await?;
    let grant = Grant::new(&url, found, client, scope).renewed(granted);
    let token = grant.header().ok_or(AuthError::Nonsense("the token"))?;
    store
        .save(&grant)
        .map_err(|error| AuthError::NotKept(error.to_string()))?;
    store.miss_nothing();
    // A token for somebody else is noticed here, by who can do something about it.
    match http.takes(endpoint.transport, &token).await {
        true => Ok(Granting::Taken),
        false => Ok(Granting::NotTaken),
    }
}

impl Grant {
    /// What was granted for the server at `url` by whom was found, before any token of it.
    fn new(url: &Url, found: Discovery, client: Client, scope: Option<String>) -> Self {
        Self {
            url: url.to_string(),
            resource: found.resource,
            issuer: found.issuer.name().to_owned(),
            revocation_endpoint: found.issuer.revocation_endpoint(),
            token_endpoint: found.issuer.token_endpoint,
            client,
            scope,
            access_token: String::new(),
            refresh_token: None,
            expires_at: None,
            signed_in_at: clock::milliseconds(),
        }
    }

    /// The grant after new tokens were granted; what the server does not say stays as it is.
    pub(super) fn renewed(self, granted: Granted) -> Self {
        Self {
            expires_at: granted
                .lifetime()
                .map(|seconds| clock::seconds().saturating_add(seconds)),
            access_token: granted.access_token,
            refresh_token: granted.refresh_token.or(self.refresh_token),
            scope: granted.scope.or(self.scope),
            ..self
        }
    }
}

/// The client that asks: the one of the entry, or else one that is registered now (RFC 7591).
async fn client_of(
    endpoint: &Endpoint,
    found: &Discovery,
    network: &Network,
    redirect_uri: &str,
    scope: Option<&str>,
) -> Result<Client, AuthError> {
    if let Some(client) = &endpoint.oauth {
        return Ok(Client::configured(
            client,
            &found.issuer.token_endpoint_auth_methods_supported,
        ));
    }
    let place = found.issuer.registration_endpoint.as_ref();
    Client::register(network, place.ok_or(AuthError::NoRegistration)?, redirect_uri, scope).await
}

/// The scopes to ask for: those that are granted, or else the `usual` ones, and what was chosen or missed beside.
fn wanted_scope(store: &Store, choice: &Choice, usual: Option<String>) -> Option<String> {
    let granted = store.load().ok().flatten().and_then(|grant| grant.scope);
    match (&choice.scope, store.missed()) {
        (Some(chosen), _) => union(granted.as_deref(), chosen),
        (None, Some(missed)) => union(granted.or(usual).as_deref(), &missed),
        (None, None) => usual,
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
        .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(sha256(verifier)))
        .append_pair("code_challenge_method", "S256")
        .append_pair("state", state)
        .append_pair("resource", &found.resource)
        .extend_pairs(scope.map(|scope| ("scope", scope)));
    url
}

/// The code in the browser's answer, if it is that of the authorization server that was asked.
fn code_of(answer: Answer, found: &Discovery) -> Result<String, AuthError> {
    if !found.issuer.gave(answer.iss.as_deref()) {
        return Err(AuthError::OtherIssuer);
    }
    let refused = |error| AuthError::Refused {
        what: "the sign-in",
        error,
    };
    match (answer.error, answer.code) {
        (None, Some(code)) => Ok(code),
        (None, None) => Err(refused("it gave neither a code nor a reason".to_owned())),
        (Some(error), _) if is_code(&error) => Err(refused(error)),
        (Some(_), _) => Err(refused("its reason is no code of RFC 6749".to_owned())),
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
