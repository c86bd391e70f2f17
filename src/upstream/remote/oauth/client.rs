//! The client that the gateway is to an authorization server, and what it asks of the token endpoint (OAuth 2.1).

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::{
    StatusCode, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::{AuthError, REGISTERING, network::Network};
use crate::{config::OAuthClient, http::host_of};

/// Codes of errors that may pass by themselves.
const PASSING: [&str; 3] = ["server_error", "slow_down", "temporarily_unavailable"];

/// How a client proves who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Proof {
    /// It has no secret.
    None,
    /// Its secret is in the `Authorization` header.
    ClientSecretBasic,
    /// Its secret is in the body.
    ClientSecretPost,
}

/// A client that is registered with an authorization server.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Client {
    id: String,
    secret: Option<String>,
    proof: Proof,
}

/// What a client registers as (RFC 7591).
#[derive(Serialize)]
struct Registration<'a> {
    client_name: &'a str,
    redirect_uris: [&'a str; 1],
    grant_types: [&'a str; 2],
    response_types: [&'a str; 1],
    token_endpoint_auth_method: Proof,
    application_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'a str>,
}

/// What it is registered as.
#[derive(Deserialize)]
struct Registered {
    client_id: String,
    client_secret: Option<String>,
    token_endpoint_auth_method: Option<String>,
}

/// What a token endpoint grants.
#[derive(Deserialize)]
pub(super) struct Granted {
    pub(super) access_token: String,
    token_type: String,
    /// Seconds; some servers write them as text.
    expires_in: Option<Value>,
    pub(super) refresh_token: Option<String>,
    pub(super) scope: Option<String>,
}

impl Granted {
    /// How long the access token lives, in seconds.
    pub(super) fn lifetime(&self) -> Option<u64> {
        let written = self.expires_in.as_ref()?;
        let seconds = written.as_f64().or_else(|| written.as_str()?.trim().parse().ok())?;
        // A number beyond its range is the end of the range.
        Some(seconds as u64)
    }
}

/// What it says where it grants nothing.
#[derive(Deserialize)]
struct Refused {
    error: String,
}

impl Client {
    /// A client without a secret.
    #[cfg(test)]
    pub(super) fn public(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            secret: None,
            proof: Proof::None,
        }
    }

    /// The client of an entry, at a server that takes these proofs; without any, RFC 8414 says that it takes the first.
    pub(super) fn configured(client: &OAuthClient, methods: &[String]) -> Self {
        let takes = |method: &str| methods.iter().any(|taken| taken == method);
        let proof = match &client.secret {
            None => Proof::None,
            Some(_) if takes("client_secret_post") && !takes("client_secret_basic") => Proof::ClientSecretPost,
            Some(_) => Proof::ClientSecretBasic,
        };
        Self {
            id: client.id.clone(),
            secret: client.secret.clone(),
            proof,
        }
    }

    /// Registers a new client.
    ///
    /// # Errors
    /// [`AuthError`], where it is refused.
    pub(super) async fn register(
        network: &Network,
        endpoint: &Url,
        redirect_uri: &str,
        scope: Option<&str>,
    ) -> Result<Self, AuthError> {
        let registration = Registration {
            client_name: env!("CARGO_PKG_NAME"),
            redirect_uris: [redirect_uri],
            grant_types: ["authorization_code", "refresh_token"],
            response_types: ["code"],
            token_endpoint_auth_method: Proof::None,
            application_type: "native",
            scope,
        };
        let body = serde_json::to_vec(&registration).map_err(|_| AuthError::Nonsense("the registration"))?;
        let headers = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        let (status, body) = network.post(endpoint, headers.into(), body).await?;
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(AuthError::Status {
                host: host_of(endpoint),
                status,
            });
        }
        if !status.is_success() {
            return Err(AuthError::Refused {
                what: REGISTERING,
                error: refusal(status, &body),
            });
        }
        let registered: Registered = parse(&body, "the registration")?;
        let proof = match (
            &registered.client_secret,
            registered.token_endpoint_auth_method.as_deref(),
        ) {
            (None, _) | (_, Some("none")) => Proof::None,
            (_, Some("client_secret_post")) => Proof::ClientSecretPost,
            _ => Proof::ClientSecretBasic,
        };
        Ok(Self {
            id: registered.client_id,
            secret: registered.client_secret,
            proof,
        })
    }

    /// Its id.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Asks for tokens.
    ///
    /// # Errors
    /// [`AuthError::Refused`], where the server grants none; any other, where it may grant them later.
    pub(super) async fn ask(
        &self,
        network: &Network,
        endpoint: &Url,
        parameters: &[(&str, &str)],
    ) -> Result<Granted, AuthError> {
        let (status, body) = self.post(network, endpoint, parameters).await?;
        if !status.is_success() {
            return Err(not_done(endpoint, "to give tokens", status, &body));
        }
        let granted: Granted = parse(&body, "the tokens")?;
        if granted.token_type.eq_ignore_ascii_case("bearer") {
            Ok(granted)
        } else {
            Err(AuthError::NoBearer)
        }
    }

    /// Has a token revoked, with those that hang on it (RFC 7009). One that is good no more is revoked.
    ///
    /// # Errors
    /// [`AuthError`], where it may still be good.
    pub(super) async fn revoke(
        &self,
        network: &Network,
        endpoint: &Url,
        token: &str,
        hint: &str,
    ) -> Result<(), AuthError> {
        let parameters = [("token", token), ("token_type_hint", hint)];
        let (status, body) = self.post(network, endpoint, &parameters).await?;
        if status.is_success() {
            return Ok(());
        }
        Err(not_done(endpoint, "to revoke the tokens", status, &body))
    }

    /// Sends a form as this client.
    async fn post(
        &self,
        network: &Network,
        endpoint: &Url,
        parameters: &[(&str, &str)],
    ) -> Result<(StatusCode, Vec<u8>), AuthError> {
        let mut headers = vec![
            (
                CONTENT_TYPE,
                HeaderValue::from_static("application/x-www-form-urlencoded"),
            ),
            (ACCEPT, HeaderValue::from_static("application/json")),
        ];
        let mut secret_in_body = None;
        match (self.proof, &self.secret) {
            (Proof::ClientSecretPost, Some(secret)) => secret_in_body = Some(("client_secret", secret)),
            (Proof::ClientSecretBasic, Some(secret)) => headers.push((AUTHORIZATION, self.basic(secret))),
            _ => {}
        }
        let form = Serializer::new(String::new())
            .extend_pairs(parameters)
            .append_pair("client_id", &self.id)
            .extend_pairs(secret_in_body)
            .finish();
        network.post(endpoint, headers, form.into_bytes()).await
    }

    /// RFC 6749, section 2.3.1.
    fn basic(&self, secret: &str) -> HeaderValue {
        let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let pair = STANDARD.encode(format!("{}:{}", encoded(&self.id), encoded(secret)));
        let mut header = HeaderValue::try_from(format!("Basic {pair}")).expect("base64 is ASCII");
        header.set_sensitive(true);
        header
    }
}

/// Why an endpoint did not do what it was asked for.
fn not_done(endpoint: &Url, what: &'static str, status: StatusCode, body: &[u8]) -> AuthError {
    match is_final(status, body) {
        true => AuthError::Refused {
            what,
            error: refusal(status, body),
        },
        false => AuthError::Status {
            host: host_of(endpoint),
            status,
        },
    }
}

/// The code of an error, if it is no more than that: what else the server says is not for a log.
fn refusal(status: StatusCode, body: &[u8]) -> String {
    code_in(body).unwrap_or_else(|| format!("HTTP {}", status.as_u16()))
}

fn code_in(body: &[u8]) -> Option<String> {
    let code = serde_json::from_slice(body).map(|Refused { error }| error).ok();
    code.filter(|code| is_code(code))
}

/// Whether a text is no more than the code of an error.
pub(super) fn is_code(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// Whether the server says no, and not only that it can't tell now: a code of RFC 6749 is a no, and so are the statuses
/// that it has for one. What stands before a server answers with others.
fn is_final(status: StatusCode, body: &[u8]) -> bool {
    match code_in(body) {
        _ if status.is_server_error() || status.is_redirection() => false,
        Some(code) => !PASSING.contains(&code.as_str()),
        None => matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED),
    }
}

/// # Errors
/// [`AuthError::Nonsense`]; an error of the parser may quote a token.
fn parse<T: serde::de::DeserializeOwned>(body: &[u8], what: &'static str) -> Result<T, AuthError> {
    serde_json::from_slice(body).map_err(|_| AuthError::Nonsense(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_is_one_that_the_server_takes() {
        let client = |secret: Option<&str>| OAuthClient {
            id: "i".into(),
            secret: secret.map(str::to_owned),
            ..OAuthClient::default()
        };
        for (secret, methods, proof) in [
            (None, vec!["client_secret_basic"], Proof::None),
            (Some("s"), vec![], Proof::ClientSecretBasic),
            (Some("s"), vec!["client_secret_post"], Proof::ClientSecretPost),
            (
                Some("s"),
                vec!["client_secret_post", "client_secret_basic"],
                Proof::ClientSecretBasic,
            ),
        ] {
            let methods: Vec<String> = methods.into_iter().map(str::to_owned).collect();
            assert_eq!(
                Client::configured(&client(secret), &methods).proof,
                proof,
                "{methods:?}"
            );
        }
    }

    #[test]
    fn a_secret_is_encoded_before_it_is_encoded() {
        let client = Client {
            id: "a:b".into(),
            secret: None,
            proof: Proof::ClientSecretBasic,
        };
        assert_eq!(
            client.basic("c d").to_str().unwrap(),
            format!("Basic {}", STANDARD.encode("a%3Ab:c+d"))
        );
    }

    #[test]
    fn a_lifetime_is_read_however_it_is_written() {
        for (written, lifetime) in [
            ("3600", Some(3600)),
            ("\"60\"", Some(60)),
            ("1.5e3", Some(1500)),
            ("-1", Some(0)),
            ("\"soon\"", None),
            ("null", None),
        ] {
            let body = format!(r#"{{"access_token":"a","token_type":"bearer","expires_in":{written}}}"#);
            assert_eq!(
                parse::<Granted>(body.as_bytes(), "it").unwrap().lifetime(),
                lifetime,
                "{written}"
            );
        }
    }

    #[test]
    fn only_the_code_of_a_refusal_is_repeated() {
        let status = StatusCode::BAD_REQUEST;
        assert_eq!(
            refusal(status, br#"{"error":"invalid_grant","error_description":"s3cret"}"#),
            "invalid_grant"
        );
        for body in [r#"{"error":"token s3cret"}"#, "s3cret", r#"{"error":["s3cret"]}"#] {
            assert_eq!(refusal(status, body.as_bytes()), "HTTP 400");
        }
    }

    #[test]
    fn a_server_that_can_not_tell_now_has_not_said_no() {
        for (status, body, is) in [
            (400, r#"{"error":"invalid_grant"}"#, true),
            (403, r#"{"error":"invalid_grant"}"#, true),
            (400, "", true),
            (401, "<html>", true),
            (400, r#"{"error":"temporarily_unavailable"}"#, false),
            (403, "<html>blocked", false),
            (404, "", false),
            (429, r#"{"message":"slow down"}"#, false),
            (302, "", false),
            (503, r#"{"error":"invalid_grant"}"#, false),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(is_final(status, body.as_bytes()), is, "{status} {body}");
        }
    }
}
