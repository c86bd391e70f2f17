//! Which addresses a server may make the gateway connect to.
//!
//! A server names where to sign in, so it could name an address inside the network of the gateway's user. It may do so
//! only if it is there itself.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};

use crate::{http::is_loopback, platform::variables::variable};

/// How far away an address is; later ones are farther.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// This machine.
    Loopback,
    /// A private network.
    Private,
    /// The internet.
    Public,
}

/// The variables that name proxies, as the HTTP client reads them.
const PROXIES: [&str; 6] = [
    "https_proxy",
    "HTTPS_PROXY",
    "http_proxy",
    "HTTP_PROXY",
    "all_proxy",
    "ALL_PROXY",
];

/// Networks of RFC 6890 and its kin that are not the internet; `None` for those that nobody has a server in.
const NETWORKS_V4: &[(Ipv4Addr, u32, Option<Reach>)] = &[
    (Ipv4Addr::new(127, 0, 0, 0), 8, Some(Reach::Loopback)),
    (Ipv4Addr::new(10, 0, 0, 0), 8, Some(Reach::Private)),
    (Ipv4Addr::new(172, 16, 0, 0), 12, Some(Reach::Private)),
    (Ipv4Addr::new(192, 168, 0, 0), 16, Some(Reach::Private)),
    (Ipv4Addr::new(100, 64, 0, 0), 10, Some(Reach::Private)),
    (Ipv4Addr::new(0, 0, 0, 0), 8, None),
    (Ipv4Addr::new(169, 254, 0, 0), 16, None),
    (Ipv4Addr::new(192, 0, 0, 0), 24, None),
    (Ipv4Addr::new(198, 18, 0, 0), 15, None),
    (Ipv4Addr::new(224, 0, 0, 0), 3, None),
];

/// The same of IPv6, but for what embeds an address of IPv4.
const NETWORKS_V6: &[(Ipv6Addr, u32, Option<Reach>)] = &[
    (Ipv6Addr::LOCALHOST, 128, Some(Reach::Loopback)),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, Some(Reach::Private)),
    (Ipv6Addr::UNSPECIFIED, 128, None),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, None),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, None),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, None),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, None),
];

impl Reach {
    /// How far away an address is; `None` if nobody has a server there.
    fn of_address(address: IpAddr) -> Option<Self> {
        let within = |mine: u128, network: u128, bits: u32| mine >> (128 - bits) == network >> (128 - bits);
        match address {
            IpAddr::V4(v4) => {
                let wide = |address: Ipv4Addr| u128::from(address.to_bits()) << 96;
                let known = NETWORKS_V4
                    .iter()
                    .find(|(network, bits, _)| within(wide(v4), wide(*network), *bits));
                known.map_or(Some(Self::Public), |(_, _, reach)| *reach)
            }
            IpAddr::V6(v6) => {
                let known = NETWORKS_V6
                    .iter()
                    .find(|(network, bits, _)| within(v6.to_bits(), network.to_bits(), *bits));
                match (known, embedded(v6)) {
                    (Some((_, _, reach)), _) => *reach,
                    (None, Some(v4)) => Self::of_address(v4.into()),
                    (None, None) => Some(Self::Public),
                }
            }
        }
    }

    /// How far away the host of `url` is, by its farthest address. A name that does not say that it is of this machine is
    /// that of another, whatever it resolves to: whoever owns it can change that between two questions.
    ///
    /// # Errors
    /// Where its name is not known, or where nobody has a server.
    pub(super) async fn of(url: &Url) -> io::Result<Self> {
        let nearest = if is_loopback(url) {
            Self::Loopback
        } else {
            Self::Private
        };
        let addresses = match literal(url) {
            Some(address) => vec![address],
            None => match lookup(url.host_str().unwrap_or_default()).await {
                Ok(found) => found.iter().map(SocketAddr::ip).collect(),
                // Behind a proxy no name of the internet need be known here.
                Err(_) if nearest != Self::Loopback && !proxies().is_empty() => return Ok(Self::Public),
                Err(error) => return Err(error),
            },
        };
        let reaches: Option<Vec<Self>> = addresses.into_iter().map(Self::of_address).collect();
        reaches
            .and_then(|reaches| reaches.into_iter().max())
            .map(|reach| reach.max(nearest))
            .ok_or_else(out_of_reach)
    }

    /// Whether a server this far away may send the gateway to `url`: by https, or on this machine.
    ///
    /// # Errors
    /// Why not. A host that is a name is judged once it is resolved, by the [`Resolve`] of this.
    pub(super) fn allows(self, url: &Url) -> Result<(), &'static str> {
        let own_machine = is_loopback(url);
        if url.scheme() != "https" && !(url.scheme() == "http" && own_machine) {
            return Err("it is not an https address");
        }
        let near_enough = match literal(url) {
            Some(address) => Self::of_address(address).is_some_and(|reach| self.admits(reach)),
            None => self == Self::Loopback || !own_machine,
        };
        if near_enough {
            Ok(())
        } else {
            Err("it is an address nearer than the server's own")
        }
    }

    /// A server may send the gateway to where it is itself, or farther away.
    fn admits(self, target: Self) -> bool {
        target >= self
    }
}

/// Resolves names, and refuses those of addresses that are out of reach: what was checked is what is connected to.
#[derive(Clone, Debug)]
pub(super) struct Resolver {
    reach: Reach,
    /// The proxies of the user, which may be near: what is behind one, it looks up itself.
    proxies: Arc<[String]>,
}

impl Resolver {
    /// A resolver for what a server this far away may name.
    pub(super) fn new(reach: Reach) -> Self {
        Self {
            reach,
            proxies: proxies().into(),
        }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let Self { reach, proxies } = self.clone();
        Box::pin(async move {
            let addresses = lookup(name.as_str()).await?;
            let is_admitted =
                |address: &SocketAddr| Reach::of_address(address.ip()).is_some_and(|target| reach.admits(target));
            if !proxies.iter().any(|proxy| proxy == name.as_str()) && !addresses.iter().all(is_admitted) {
                return Err(out_of_reach().into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// The hosts of the proxies that the environment names.
fn proxies() -> Vec<String> {
    let named = PROXIES.iter().filter_map(|name| variable(name));
    named.filter_map(|proxy| host_of_proxy(&proxy)).collect()
}

fn host_of_proxy(proxy: &str) -> Option<String> {
    let address = if proxy.contains("://") {
        proxy.to_owned()
    } else {
        format!("http://{proxy}")
    };
    Some(Url::parse(&address).ok()?.host_str()?.to_owned())
}

fn literal(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_matches(['[', ']']).parse().ok()
}

async fn lookup(host: &str) -> io::Result<Vec<SocketAddr>> {
    Ok(tokio::net::lookup_host((host, 0)).await?.collect())
}

fn out_of_reach() -> io::Error {
    io::Error::other("its address is inside a private network, or nobody's")
}

/// The address of IPv4 inside one of IPv6: mapped, compatible, NAT64 or 6to4.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match [a, b, c, d, e, f] {
        [0, 0, 0, 0, 0, 0 | 0xffff] | [0x64, 0xff9b, 0, 0, 0, 0] => Some(v4(g, h)),
        [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_as_far_as_they_are() {
        for (address, reach) in [
            ("127.0.0.1", Some(Reach::Loopback)),
            ("::1", Some(Reach::Loopback)),
            ("::ffff:127.0.0.1", Some(Reach::Loopback)),
            ("10.1.2.3", Some(Reach::Private)),
            ("172.31.0.1", Some(Reach::Private)),
            ("172.32.0.1", Some(Reach::Public)),
            ("192.168.0.1", Some(Reach::Private)),
            ("fd00::1", Some(Reach::Private)),
            ("64:ff9b::10.0.0.1", Some(Reach::Private)),
            ("2002:0a00:0001::", Some(Reach::Private)),
            ("8.8.8.8", Some(Reach::Public)),
            ("2606:4700::1", Some(Reach::Public)),
            ("169.254.169.254", None),
            ("::ffff:169.254.169.254", None),
            ("0.0.0.0", None),
            ("::", None),
            ("fe80::1", None),
            ("239.0.0.1", None),
            ("255.255.255.255", None),
        ] {
            assert_eq!(Reach::of_address(address.parse().unwrap()), reach, "{address}");
        }
    }

    #[test]
    fn a_server_sends_the_gateway_no_nearer_than_it_is() {
        let allows = |reach: Reach, url: &str| reach.allows(&Url::parse(url).unwrap()).is_ok();
        for (url, nearest) in [
            ("https://auth.example/x", Some(Reach::Public)),
            ("http://auth.example/x", None),
            ("https://10.0.0.1/x", Some(Reach::Private)),
            ("http://10.0.0.1/x", None),
            ("https://127.0.0.1/x", Some(Reach::Loopback)),
            ("http://127.0.0.1:1/x", Some(Reach::Loopback)),
            ("https://localhost/x", Some(Reach::Loopback)),
            ("http://a.localhost./x", Some(Reach::Loopback)),
            ("https://[::ffff:10.0.0.1]/", Some(Reach::Private)),
            ("https://169.254.169.254/x", None),
            ("https://0x7f.1/", Some(Reach::Loopback)),
            ("ftp://auth.example/", None),
        ] {
            for reach in [Reach::Loopback, Reach::Private, Reach::Public] {
                assert_eq!(
                    allows(reach, url),
                    nearest.is_some_and(|nearest| reach <= nearest),
                    "{reach:?} {url}"
                );
            }
        }
    }

    #[tokio::test]
    async fn a_name_is_judged_by_what_it_resolves_to() {
        let resolves = async |reach, proxies: &[&str]| {
            let proxies = proxies.iter().copied().map(str::to_owned).collect();
            let name = "localhost".parse::<Name>().unwrap();
            Resolver { reach, proxies }.resolve(name).await.is_ok()
        };
        assert!(!resolves(Reach::Public, &[]).await && !resolves(Reach::Private, &[]).await);
        assert!(resolves(Reach::Loopback, &[]).await);
        assert!(resolves(Reach::Public, &["localhost"]).await && !resolves(Reach::Public, &["other"]).await);
        assert_eq!(
            Reach::of(&Url::parse("http://localhost:1/").unwrap()).await.unwrap(),
            Reach::Loopback
        );
    }

    #[test]
    fn a_proxy_is_written_with_a_scheme_or_without() {
        for (written, host) in [
            ("http://user:pass@proxy.h:3128/", Some("proxy.h")),
            ("proxy.h:3128", Some("proxy.h")),
            ("socks5h://localhost:1080", Some("localhost")),
            ("", None),
        ] {
            assert_eq!(host_of_proxy(written).as_deref(), host, "{written}");
        }
    }
}
