//! IP addresses, of both versions.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::detect::pii::recognizer::{Match, OnByDefault, Recognizer, Scanner, Site, Trigger};
use crate::detect::pii::text;

pub(crate) const ROW: Recognizer = Recognizer {
    about: "IPv4 or IPv6 address, with its prefix length if one follows",
    on: OnByDefault::Always,
    scanners: &[
        Scanner {
            trigger: Trigger::Digits,
            find: find_v4,
        },
        Scanner {
            trigger: Trigger::Colon,
            find: find_v6,
        },
    ],
    context: &["ip", "ipv4", "ipv6"],
    against: &[
        "version", "versions", "ver", "v", "release", "build", "revision", "rev", "firmware", "tag", "oid", "section",
        "driver", "sdk", "assembly", "semver",
    ],
    matches: &[
        "192.168.0.1",
        "10.0.0.0/8",
        "‹203.0.113.42›:8080",
        "IP: ‹192.168.1.1›.",
        "2001:db8::1",
        "[‹2001:db8::1›]:80",
        "::1/128",
        "::ffff:10.0.0.1",
        "2001:db8::%eth0/128",
        "fe80::1",
    ],
    misses: &[
        "192.168.1.256",
        "1.2.3",
        "1.2.3.4.5",
        "text192.168.1.1",
        "fe80::1text",
        "2001:db8::256.1.1.1",
        "aa:bb:cc:dd:ee:ff",
        "1:2:3:4",
        "std::vec",
        "12:34:56",
        "01.02.03.04",
    ],
    ..Recognizer::named("IP_ADDRESS")
};

const SCORE: f32 = 0.6;
/// Part of a name with a version in it (`nginx-1.2.3.4`, `Chrome/1.2.3.4`), or an address that is everybody's.
const WEAK: f32 = 0.3;
/// `::` alone, and what may be a path of names (`add::bad`).
const VAGUE: f32 = 0.1;
/// The longest address of version 4, in bytes.
const LONGEST_V4: usize = 15;
/// The longest address of version 6 with an embedded one of version 4, in bytes.
const LONGEST: usize = 45;

fn find_v4(site: &Site<'_>) -> Option<Match> {
    let (text, start) = (site.text, site.at);
    let first = text::run_end(text, start, |byte| byte.is_ascii_digit());
    if first - start > 3 || text.as_bytes().get(first) != Some(&b'.') {
        return None;
    }
    let mut before = text[..start].chars().rev();
    let previous = before.next();
    if previous.is_some_and(|c| text::is_word(c) || c == ':' && before.clone().next() == Some(':')) {
        return None;
    }
    let is_inner = previous == Some('.') && before.clone().next().is_some_and(text::is_word);
    let address = text::run_end_within(text, start, LONGEST_V4 + 2, |byte| {
        byte.is_ascii_digit() || byte == b'.'
    });
    let address = start + text[start..address].trim_end_matches('.').len();
    if is_inner || address - start > LONGEST_V4 {
        return None;
    }
    let parsed: Ipv4Addr = text[start..address].parse().ok()?;
    let end = prefix_end(text, address, 32);
    if text::after(text, end).is_some_and(text::is_word) {
        return None;
    }
    let follows_name = matches!(previous, Some('-' | '/')) && before.next().is_some_and(char::is_alphanumeric);
    let mut after = text[end..].chars();
    let leads_name = after.next() == Some('-') && after.next().is_some_and(char::is_alphabetic);
    Some(Match {
        start,
        end,
        score: if follows_name || leads_name || is_nobodys(parsed) {
            WEAK
        } else {
            SCORE
        },
    })
}

/// An address that every machine has: it tells nothing of anybody.
fn is_nobodys(address: Ipv4Addr) -> bool {
    [Ipv4Addr::LOCALHOST, Ipv4Addr::UNSPECIFIED, Ipv4Addr::BROADCAST].contains(&address)
}

/// Woken by the first colon of an address.
fn find_v6(site: &Site<'_>) -> Option<Match> {
    let text = site.text;
    let start = text::run_start(text, site.at, 4, |byte| byte.is_ascii_hexdigit());
    if text::before(text, start).is_some_and(|c| text::is_word(c) || c == ':') {
        return None;
    }
    let run = text::run_end_within(text, start, LONGEST + 2, |byte| {
        byte.is_ascii_hexdigit() || b":.".contains(&byte)
    });
    if run - start > LONGEST + 1 {
        return None;
    }
    let written = text[start..run].trim_end_matches('.');
    let written = if written.ends_with("::") {
        written
    } else {
        written.trim_end_matches(':')
    };
    let address: Ipv6Addr = written.parse().ok()?;
    let mut end = start + written.len();
    if text[end..].starts_with('%') {
        end = text::run_end(text, end + 1, |byte| byte.is_ascii_alphanumeric());
    }
    let end = prefix_end(text, end, 128);
    let is_free = !text::after(text, end).is_some_and(|c| text::is_word(c) || c == ':');
    let says_something = !address.is_unspecified() && written.contains(|c: char| c.is_ascii_digit());
    let score = match says_something {
        true if address.is_loopback() => WEAK,
        true => SCORE,
        false => VAGUE,
    };
    is_free.then_some(Match { start, end, score })
}

/// Where a prefix length (`/24`) after the address ends; `end` if there is none.
fn prefix_end(text: &str, end: usize, longest: u8) -> usize {
    let Some(rest) = text[end..].strip_prefix('/') else {
        return end;
    };
    let digits = text::run_end(rest, 0, |byte| byte.is_ascii_digit());
    let is_prefix = rest[..digits].parse::<u8>().is_ok_and(|length| length <= longest);
    if is_prefix && !text::after(rest, digits).is_some_and(text::is_word) {
        end + 1 + digits
    } else {
        end
    }
}
