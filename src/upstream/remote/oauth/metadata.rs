//! Who grants tokens for a server, and how: RFC 9728, RFC 8414 and OpenID Connect Discovery 1.0.

use reqwest::Url;
use serde::Deserialize;

use super::{AuthError, challenge::Challenge, network::Network};
use crate::http::{host_of, same_site};

/// What a server says of itself.
#[derive(Deserialize)]
struct ResourceMetadata {
    resource: String,
    #[serde(default)]
    authorization_servers: Vec<String>,
    #[serde(default)]
    scopes_supported: Vec<String>,
}

/// What an authorization server says of itself.
#[derive(Deserialize)]
pub(super) struct Issuer {
    issuer: String,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) registration_endpoint: Option<Url>,
    revocation_endpoint: Option<Url>,
    #[serde(default)]
    code_challenge_methods_supported: Vec<String>,
    #[serde(default)]
    pub(super) token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// What a sign-in is made of.
pub(super) struct Discovery {
    /// What the tokens will be for.
    pub(super) resource: String,
    /// The scopes that the server knows of.
    pub(super) scopes: Vec<String>,
    /// Who grants them.
    pub(super) issuer: Issuer,
}

impl Discovery {
    /// Asks the server at `url`, and then who grants tokens for it.
    ///
    /// # Errors
    /// [`AuthError`], where either says nothing that can be believed.
    pub(super) async fn of(url: &Url, challenge: &Challenge, network: &Network) -> Result<Self, AuthError> {
        let (resource, scopes, issuer) = match resource(url, challenge, network).await? {
            Some(metadata) => {
                if !covers(&metadata.resource, url) {
                    return Err(AuthError::OtherResource {
                        about: shown(&metadata.resource, url),
                    });
                }
                let issuer = metadata
                    .authorization_servers
                    .into_iter()
                    .next()
                    .ok_or(AuthError::NoIssuer)?;
                (metadata.resource, metadata.scopes_supported, issuer)
            }
            // A server of 2025-03-26 grants tokens for itself.
            None => (resource_of(url), Vec::new(), url.origin().ascii_serialization()),
        };
        Ok(Self {
            resource,
            scopes,
            issuer: Issuer::named(&issuer, network).await?,
        })
    }
}

impl Issuer {
    async fn named(name: &str, network: &Network) -> Result<Self, AuthError> {
        let url = Url::parse(name).map_err(|_| AuthError::NoIssuer)?;
        for place in issuer_metadata(&url) {
            if let Some(issuer) = network.metadata::<Self>(&place).await? {
                issuer.check(name, network)?;
                return Ok(issuer);
            }
        }
        Err(AuthError::NoMetadata { host: host_of(&url) })
    }

    fn check(&self, name: &str, network: &Network) -> Result<(), AuthError> {
        if self.issuer.trim_end_matches('/') != name.trim_end_matches('/') {
            return Err(AuthError::OtherIssuer);
        }
        if !self
            .code_challenge_methods_supported
            .iter()
            .any(|method| method == "S256")
        {
            return Err(AuthError::NoPkce);
        }
        let endpoints = [&self.authorization_endpoint, &self.token_endpoint];
        endpoints
            .into_iter()
            .chain(&self.registration_endpoint)
            .try_for_each(|url| network.allow(url))?;
        // A code is shown to whoever has the token endpoint, so that must not be somebody else than the page is of: where
        // the page does not say whose it is (RFC 9207), its answer would be carried to another (RFC 9700, section 4.4).
        let issuer = Url::parse(name).map_err(|_| AuthError::NoIssuer)?;
        let (page, token) = (&self.authorization_endpoint, &self.token_endpoint);
        if !same_site(page, token) && !same_site(page, &issuer) {
            return Err(AuthError::Carried {
                page: host_of(page),
                to: host_of(token),
            });
        }
        Ok(())
    }

    /// Where tokens are revoked (RFC 7009), if that is of the site that granted them: nobody else is shown a token.
    pub(super) fn revocation_endpoint(&self) -> Option<Url> {
        let place = self.revocation_endpoint.as_ref();
        place.filter(|place| same_site(place, &self.token_endpoint)).cloned()
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.issuer
    }

    /// Whether an answer that says that `iss` gave it is its answer (RFC 9207).
    pub(super) fn gave(&self, iss: Option<&str>) -> bool {
        match iss {
            Some(iss) => iss == self.issuer,
            None => !self.authorization_response_iss_parameter_supported,
        }
    }
}

async fn resource(url: &Url, challenge: &Challenge, network: &Network) -> Result<Option<ResourceMetadata>, AuthError> {
    if let Some(named) = &challenge.resource_metadata {
        let place = url
            .join(named)
            .map_err(|_| AuthError::Nonsense("the address of the metadata"))?;
        return network
            .metadata(&place)
            .await?
            .ok_or(AuthError::NoMetadata { host: host_of(&place) })
            .map(Some);
    }
    for place in well_known(url, "oauth-protected-resource") {
        if let Some(metadata) = network.metadata(&place).await? {
            return Ok(Some(metadata));
        }
    }
    Ok(None)
}

/// Whether tokens for `resource` are tokens for the server at `url`: it is the server, or what the server is a part of.
fn covers(resource: &str, url: &Url) -> bool {
    let Ok(resource) = Url::parse(resource) else {
        return false;
    };
    let path = resource.path().trim_end_matches('/');
    let rest = url.path().strip_prefix(path);
    resource.fragment().is_none()
        && resource.origin() == url.origin()
        && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What metadata is about that is not about the server at `url`. A path may hold a secret.
fn shown(resource: &str, url: &Url) -> String {
    match Url::parse(resource) {
        Ok(resource) if resource.origin() == url.origin() => format!("another path of {}", host_of(url)),
        Ok(resource) => host_of(&resource),
        Err(_) => "no address".to_owned(),
    }
}

/// The canonical address of a server (RFC 8707): without a user, a query and a fragment, which may hold secrets.
fn resource_of(url: &Url) -> String {
    let origin = url.origin().ascii_serialization();
    format!("{origin}{}", url.path().trim_end_matches('/'))
}

/// Where metadata of this kind about `url` is: with its path behind the well-known one, then without it.
fn well_known(url: &Url, kind: &str) -> Vec<Url> {
    let path = url.path().trim_end_matches('/');
    let mut places = vec![format!("/.well-known/{kind}{path}")];
    if !path.is_empty() {
        places.push(format!("/.well-known/{kind}"));
    }
    places.iter().filter_map(|place| at(url, place)).collect()
}

/// Where the metadata of an issuer is, in the order of MCP 2025-11-25.
fn issuer_metadata(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/');
    let mut places = vec![
        format!("/.well-known/oauth-authorization-server{path}"),
        format!("/.well-known/openid-configuration{path}"),
    ];
    if !path.is_empty() {
        places.push(format!("{path}/.well-known/openid-configuration"));
    }
    places.iter().filter_map(|place| at(issuer, place)).collect()
}

fn at(url: &Url, path: &str) -> Option<Url> {
    Url::parse(&url.origin().ascii_serialization()).ok()?.join(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_resource_covers_what_is_under_it() {
        for (resource, covered) in [
            ("https://h/mcp", true),
            ("https://h/", true),
            ("https://h", true),
            ("https://h/mcp/", true),
            ("https://h/mcp/a", false),
            ("https://h/mc", false),
            ("https://h:8443/mcp", false),
            ("http://h/mcp", false),
            ("https://other/mcp", false),
            ("https://h/mcp#f", false),
            ("h/mcp", false),
        ] {
            assert_eq!(covers(resource, &url("https://h/mcp")), covered, "{resource}");
        }
        assert_eq!(resource_of(&url("https://u:p@h:443/mcp/?key=k#f")), "https://h/mcp");
    }

    #[test]
    fn metadata_is_looked_for_where_the_standards_say() {
        let text = |places: Vec<Url>| places.iter().map(Url::to_string).collect::<Vec<_>>();
        assert_eq!(
            text(well_known(&url("https://h/a/mcp?k=1"), "oauth-protected-resource")),
            [
                "https://h/.well-known/oauth-protected-resource/a/mcp",
                "https://h/.well-known/oauth-protected-resource"
            ]
        );
        assert_eq!(
            text(issuer_metadata(&url("https://i/t"))),
            [
                "https://i/.well-known/oauth-authorization-server/t",
                "https://i/.well-known/openid-configuration/t",
                "https://i/t/.well-known/openid-configuration"
            ]
        );
        assert_eq!(text(issuer_metadata(&url("https://i/"))).len(), 2);
    }

    #[test]
    fn the_answer_of_another_issuer_is_not_taken() {
        let issuer = |says| Issuer {
            issuer: "https://i".into(),
            authorization_endpoint: url("https://i/a"),
            token_endpoint: url("https://i/t"),
            registration_endpoint: None,
            revocation_endpoint: None,
            code_challenge_methods_supported: vec![],
            token_endpoint_auth_methods_supported: vec![],
            authorization_response_iss_parameter_supported: says,
        };
        assert!(issuer(true).gave(Some("https://i")) && issuer(false).gave(Some("https://i")));
        assert!(!issuer(true).gave(Some("https://evil")) && !issuer(false).gave(Some("https://evil")));
        assert!(!issuer(true).gave(None) && issuer(false).gave(None));
    }
}
