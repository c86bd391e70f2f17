//! What everybody who speaks HTTP has in common. An address, a header or a body may hold a secret, so that what went wrong
//! is told by hosts and causes only.

use std::{error::Error, net::IpAddr};

use bytes::{Bytes, BytesMut};
use reqwest::{
    Client, ClientBuilder, Response, Url,
    header::{HeaderMap, HeaderValue, USER_AGENT},
    redirect::Policy,
};

/// Why a body could not be read.
#[derive(Debug)]
pub enum BodyFault {
    /// It is at least so many bytes long, which is too long.
    TooLong(usize),
    /// It broke off, and why.
    Broken(String),
}

/// A client for what is at `url`. It follows no redirects and repeats no request by itself.
pub fn builder(url: &Url) -> ClientBuilder {
    // Another part of the process may have chosen one already; it is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let agent = HeaderValue::from_static(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")));
    let builder = Client::builder()
        .redirect(Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .default_headers(HeaderMap::from_iter([(USER_AGENT, agent)]));
    // A proxy can't reach this machine by the same name.
    match is_loopback(url) {
        true => builder.no_proxy(),
        false => builder,
    }
}

/// Whether an address is on this machine, by its name.
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => {
            let host = host.trim_end_matches('.');
            host == "localhost" || host.ends_with(".localhost")
        }
    }
}

/// The host of an address, with its port where it is not the scheme's own.
pub fn host_of(url: &Url) -> String {
    let Some(host) = url.host_str() else {
        return format!("a `{}:` address", url.scheme());
    };
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Whether two addresses are of hosts that one owner answers for: of one host, or under one name that was registered.
pub fn same_site(one: &Url, other: &Url) -> bool {
    let [one, other] = [one, other].map(|url| url.host_str().unwrap_or_default().trim_end_matches('.'));
    let registered = |host: &str| match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(_) => None,
        Err(_) => psl::domain_str(host).map(str::to_owned),
    };
    one == other || registered(one).is_some_and(|name| registered(other) == Some(name))
}

/// The innermost cause, which names no address: the outer ones of an HTTP client do.
pub fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    match cause.downcast_ref::<reqwest::Error>() {
        Some(error) if error.is_timeout() => "it took too long".to_owned(),
        Some(_) => "the request failed".to_owned(),
        None => cause.to_string(),
    }
}

/// Reads an answer whole.
///
/// # Errors
/// [`BodyFault`], where it breaks off or is over `limit` bytes.
pub async fn body(mut response: Response, limit: usize) -> Result<Bytes, BodyFault> {
    let declared = response.content_length().and_then(|length| length.try_into().ok());
    if let Some(length) = declared.filter(|length| *length > limit) {
        return Err(BodyFault::TooLong(length));
    }
    let mut whole = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if whole.len() + chunk.len() > limit => {
                return Err(BodyFault::TooLong(whole.len() + chunk.len()));
            }
            Ok(Some(chunk)) if whole.is_empty() => whole = chunk.into(),
            Ok(Some(chunk)) => whole.extend_from_slice(&chunk),
            Ok(None) => return Ok(whole.freeze()),
            Err(error) => return Err(BodyFault::Broken(root_cause(&error))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    #[test]
    fn an_address_is_named_by_its_host_alone() {
        for (text, host) in [
            ("https://user:pass@h.example/mcp?key=k#f", "h.example"),
            ("http://127.0.0.1:8080/k", "127.0.0.1:8080"),
            ("https://[::1]:1/", "[::1]:1"),
        ] {
            assert_eq!(host_of(&url(text)), host);
        }
    }

    #[test]
    fn a_site_is_what_was_registered() {
        for (one, other, same) in [
            ("https://auth.h.example/a", "https://api.h.example:8443/b", true),
            ("https://a.h.co.uk/", "https://b.h.co.uk./", true),
            ("https://a.co.uk/", "https://b.co.uk/", false),
            ("https://a.github.io/", "https://b.github.io/", false),
            ("https://h.example/", "https://h.example.evil.example/", false),
            ("http://127.0.0.1:1/", "http://127.0.0.1:2/", true),
            ("http://127.0.0.1:1/", "http://127.1.0.1:1/", false),
            ("http://localhost:1/", "http://127.0.0.1:1/", false),
            ("https://[::1]/", "https://[::1]:8/", true),
        ] {
            assert_eq!(same_site(&url(one), &url(other)), same, "{one} {other}");
        }
    }

    #[test]
    fn this_machine_goes_by_several_names() {
        for (text, is) in [
            ("http://localhost:1/", true),
            ("http://a.localhost./", true),
            ("http://127.8.9.10/", true),
            ("http://[::1]/", true),
            ("http://[::ffff:127.0.0.1]/", true),
            ("http://localhost.example/", false),
            ("http://10.0.0.1/", false),
        ] {
            assert_eq!(is_loopback(&url(text)), is, "{text}");
        }
    }
}
