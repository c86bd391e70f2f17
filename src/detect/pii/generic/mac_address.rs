//! Hardware addresses of network interfaces.

use crate::detect::pii::recognizer::{Match, OnByDefault, Recognizer, Scanner, Site, Trigger};
use crate::detect::pii::text;

pub(crate) const ROW: Recognizer = Recognizer {
    about: "MAC address: six pairs after colons or dashes, or three groups of four after dots",
    on: OnByDefault::Presidio,
    scanners: &[
        Scanner {
            trigger: Trigger::Colon,
            find: at_colon,
        },
        Scanner {
            trigger: Trigger::Digits,
            find: at_digit,
        },
    ],
    against: &[],
    context: &["mac", "hardware address", "physical address", "ethernet"],
    matches: &[
        "AA:BB:CC:DD:EE:FF",
        "‹01-b3-4a-67-d9-cf›.",
        "0012.3456.789A",
        "de-ad-be-ef-00-01",
    ],
    misses: &[
        "ZZ:ZZ:ZZ:ZZ:ZZ:ZZ",
        "FF:FF:FF:FF:FF:FF",
        "00:00:00:00:00:00",
        "00:1A:2B:3C:4D:5E:6F",
        "00-1A:2B-3C-4D-5E",
    ],
    ..Recognizer::named("MAC_ADDRESS")
};

const SCORE: f32 = 0.6;

/// Woken by the first colon.
fn at_colon(site: &Site<'_>) -> Option<Match> {
    address_at(site.text, site.at.checked_sub(2)?)
}

/// Woken by the first digit of an address with dashes or dots.
fn at_digit(site: &Site<'_>) -> Option<Match> {
    let part = |byte: u8| byte.is_ascii_hexdigit() || b"-.".contains(&byte);
    let start = text::run_start(site.text, site.at, 17, part);
    let is_first_digit = !site.text[start..site.at].contains(|c: char| c.is_ascii_digit());
    if is_first_digit {
        address_at(site.text, start)
    } else {
        None
    }
}

fn address_at(text: &str, start: usize) -> Option<Match> {
    let bytes = text.as_bytes();
    let group = text::run_end_within(text, start, 5, |byte| byte.is_ascii_hexdigit()) - start;
    let separator = *bytes.get(start + group)?;
    let groups = match (group, separator) {
        (2, b':' | b'-') => 6,
        (4, b'.') => 3,
        _ => return None,
    };
    let end = start + groups * (group + 1) - 1;
    let is_address = bytes
        .get(start..end)?
        .iter()
        .enumerate()
        .all(|(i, &byte)| match i % (group + 1) == group {
            true => byte == separator,
            false => byte.is_ascii_hexdigit(),
        });
    let goes_on = bytes[..start].last() == Some(&separator)
        || (bytes.get(end) == Some(&separator) && bytes.get(end + 1).is_some_and(u8::is_ascii_hexdigit));
    let is_all = |digit| {
        bytes[start..end]
            .iter()
            .all(|&byte| byte == separator || byte.eq_ignore_ascii_case(&digit))
    };
    let says_something = !is_all(b'0') && !is_all(b'f');
    let stands = is_address && text::is_whole(text, start, end) && !goes_on && says_something;
    stands.then_some(Match {
        start,
        end,
        score: SCORE,
    })
}
