//! Who may see the dashboard: the browser of the person who started it.
//!
//! Other programs of the machine can connect to a port of it, and any page of the web can make a browser send requests
//! there. So the address that is printed holds a token, which counts once and is exchanged for a cookie; a request needs
//! that cookie, this page's own `Host` (against DNS rebinding) and, where there is an `Origin`, that one.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::{
    extract::{Query, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{ASSETS, Dashboard, shell};
use crate::{digest::hex, sync::lock};

/// The path at which the token is exchanged.
pub(super) const ENTRANCE: &str = "/enter";

/// What every answer carries. Nothing is loaded from elsewhere, no script stands in a page, and no script makes markup.
const HEADERS: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
         trusted-types 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// What lets a browser in.
pub(super) struct Access {
    port: u16,
    /// `None` once it was used.
    token: Mutex<Option<String>>,
    session: String,
}

impl Access {
    /// A new token and a new session, for the page at this port.
    ///
    /// # Errors
    /// Where the system gives no random numbers.
    pub(super) fn new(port: u16) -> io::Result<Self> {
        Ok(Self {
            port,
            token: Mutex::new(Some(random()?)),
            session: random()?,
        })
    }

    /// Where a person enters.
    pub(super) fn address(&self) -> String {
        let token = lock(&self.token);
        let token = token.as_deref().unwrap_or_default();
        format!("http://127.0.0.1:{}{ENTRANCE}?token={token}", self.port)
    }

    /// The cookie of a browser that brings the token; it is used up then.
    fn exchange(&self, brought: &str) -> Option<String> {
        let mut token = lock(&self.token);
        token.take_if(|token| is_same(token, brought))?;
        let (name, session) = (self.cookie(), &self.session);
        Some(format!("{name}={session}; Path=/; HttpOnly; SameSite=Strict"))
    }

    /// Cookies are shared by all ports of a host, so the name holds the port.
    fn cookie(&self) -> String {
        format!("mcp_gateway_{}", self.port)
    }

    /// Whether the request was made by a page of ours, or by a person, at this address.
    fn is_at_home(&self, headers: &HeaderMap) -> bool {
        let hosts = ["127.0.0.1", "localhost"].map(|host| format!("{host}:{}", self.port));
        let is_ours = |host: &str| hosts.iter().any(|ours| ours == host);
        let single = |name| {
            let mut values = headers
                .get_all(name)
                .iter()
                .map(|value| value.to_str().unwrap_or_default());
            (values.next(), values.next().is_some())
        };
        let is_host = matches!(single(header::HOST), (Some(host), false) if is_ours(host));
        let is_origin = match single(header::ORIGIN) {
            (None, _) => true,
            (Some(origin), more) => !more && origin.strip_prefix("http://").is_some_and(is_ours),
        };
        is_host && is_origin
    }

    /// Whether the browser has entered.
    fn is_known(&self, headers: &HeaderMap) -> bool {
        let name = self.cookie();
        let cookies = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        cookies
            .flat_map(|cookies| cookies.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .any(|(named, value)| named == name && is_same(&self.session, value))
    }
}

/// What a browser enters with.
#[derive(Deserialize)]
pub(super) struct Entry {
    #[serde(default)]
    token: String,
}

/// Exchanges the token.
pub(super) async fn enter(
    State(dashboard): State<Arc<Dashboard>>,
    headers: HeaderMap,
    Query(entry): Query<Entry>,
) -> Response {
    if let Some(cookie) = dashboard.access.exchange(&entry.token) {
        return ([(header::SET_COOKIE, cookie)], shell::entered()).into_response();
    }
    // Somebody may go back to the address, or load it again.
    if dashboard.access.is_known(&headers) {
        return shell::entered().into_response();
    }
    shell::message(
        StatusCode::FORBIDDEN,
        "This address was used already, or is not the one that was printed. Start `mcp-gateway dashboard` again for a new one.",
    )
}

/// Answers who may ask, and refuses others.
pub(super) async fn judged(State(dashboard): State<Arc<Dashboard>>, request: Request, next: Next) -> Response {
    let (access, headers) = (&dashboard.access, request.headers());
    let mut response = if !access.is_at_home(headers) {
        shell::message(
            StatusCode::FORBIDDEN,
            "This page answers only at the address that was printed.",
        )
    } else if !is_open(request.uri().path()) && !access.is_known(headers) {
        shell::message(
            StatusCode::UNAUTHORIZED,
            "Open the address that `mcp-gateway dashboard` printed: it lets this browser in.",
        )
    } else {
        next.run(request).await
    };
    let given = HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value)));
    response.headers_mut().extend(given);
    response
}

/// Whether what is there tells nothing of the store.
fn is_open(path: &str) -> bool {
    path == ENTRANCE || ASSETS.iter().any(|(asset, ..)| *asset == path)
}

/// 256 bits that nobody can guess, in hexadecimal digits.
fn random() -> io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(hex(&bytes))
}

/// Compares without telling by its duration how much is the same.
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access() -> (Access, String) {
        let access = Access::new(4000).unwrap();
        let token = access.address().split_once("token=").unwrap().1.to_owned();
        (access, token)
    }

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap()));
        pairs.fold(HeaderMap::new(), |mut map, (name, value)| {
            map.append(name, value);
            map
        })
    }

    #[test]
    fn the_token_counts_once_and_a_wrong_one_does_not_use_it_up() {
        let (access, token) = access();
        assert_eq!(token.len(), 64);
        for wrong in ["", "0", &token[1..], &format!("{token}0"), &"0".repeat(64)] {
            assert_eq!(access.exchange(wrong), None, "{wrong}");
        }
        let cookie = access.exchange(&token).unwrap();
        assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
        assert!(!cookie.contains(&token), "the address in a history is no cookie");
        assert_eq!(access.exchange(&token), None);
        assert_eq!(access.exchange(""), None);
    }

    #[test]
    fn only_the_cookie_of_this_session_is_known() {
        let (access, token) = access();
        let cookie = access.exchange(&token).unwrap();
        let cookie = cookie.split(';').next().unwrap();
        let knows = |cookie: &str| access.is_known(&headers(&[(header::COOKIE, cookie)]));
        assert!(knows(cookie) && knows(&format!("other=1; {cookie}")));
        let of_another = Access::new(4000).unwrap();
        for wrong in [
            "",
            "mcp_gateway_4000=",
            &format!("mcp_gateway_4000={token}"),
            &format!("mcp_gateway_4000={}", of_another.session),
            &cookie.replace("4000", "4001"),
        ] {
            assert!(!knows(wrong), "{wrong}");
        }
    }

    #[test]
    fn host_and_origin_have_to_be_ours() {
        let (access, _) = access();
        let is_at_home = |pairs: &[(HeaderName, &str)]| access.is_at_home(&headers(pairs));
        let host = (header::HOST, "127.0.0.1:4000");
        for ours in ["127.0.0.1:4000", "localhost:4000"] {
            assert!(is_at_home(&[(header::HOST, ours)]), "{ours}");
        }
        assert!(is_at_home(&[host.clone(), (header::ORIGIN, "http://127.0.0.1:4000")]));
        for wrong in [
            "evil.example",
            "127.0.0.1",
            "127.0.0.1:4001",
            "127.0.0.1:4000.evil.example",
        ] {
            assert!(!is_at_home(&[(header::HOST, wrong)]), "{wrong}");
            assert!(
                !is_at_home(&[host.clone(), (header::HOST, wrong)]),
                "{wrong} as a second"
            );
        }
        for wrong in [
            "null",
            "https://127.0.0.1:4000",
            "http://127.0.0.1:4001",
            "http://evil.example",
        ] {
            assert!(!is_at_home(&[host.clone(), (header::ORIGIN, wrong)]), "{wrong}");
        }
        assert!(!is_at_home(&[]));
    }
}
