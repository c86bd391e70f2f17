//! Universally unique identifiers.

use crate::detect::pii::recognizer::{Match, OnByDefault, Recognizer, Scanner, Site, Trigger};
use crate::detect::pii::text;

pub(crate) const ROW: Recognizer = Recognizer {
    about: "UUID of RFC 9562, versions 1 to 8",
    on: OnByDefault::Presidio,
    scanners: &[Scanner {
        trigger: Trigger::Digits,
        find,
    }],
    against: &[],
    context: &["uuid", "guid", "unique identifier"],
    matches: &[
        "User UUID: ‹6fa459ea-ee8a-3ca4-894e-db77e160355e›",
        "abcdefab-ee8a-7ca4-894e-db77e160355e",
    ],
    misses: &[
        "00000000-0000-0000-0000-000000000000",
        "550e8400-e29b-01d4-a716-446655440000",
        "550e8400-e29b-41d4-1716-446655440000",
        "550e8400-e29b-41d4-a716-4466554400001",
    ],
    ..Recognizer::named("UUID")
};

const SCORE: f32 = 0.5;
const LENGTH: usize = 36;
/// Where the dashes stand.
const DASHES: [usize; 4] = [8, 13, 18, 23];

fn find(site: &Site<'_>) -> Option<Match> {
    let start = text::run_start(site.text, site.at, LENGTH, |byte| {
        byte.is_ascii_hexdigit() || byte == b'-'
    });
    let end = start + LENGTH;
    let uuid = site.text.as_bytes().get(start..end)?;
    let is_first_digit = !uuid[..site.at - start].iter().any(u8::is_ascii_digit);
    let fits = |(i, byte): (usize, &u8)| {
        if DASHES.contains(&i) {
            *byte == b'-'
        } else {
            byte.is_ascii_hexdigit()
        }
    };
    if !is_first_digit || !uuid.iter().enumerate().all(fits) || !text::is_whole(site.text, start, end) {
        return None;
    }
    let has_version = matches!(uuid[14], b'1'..=b'8') && matches!(uuid[19], b'8' | b'9' | b'a' | b'b' | b'A' | b'B');
    has_version.then_some(Match {
        start,
        end,
        score: SCORE,
    })
}
