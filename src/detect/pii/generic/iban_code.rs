//! International bank account numbers.

use crate::detect::pii::checksum::mod97;
use crate::detect::pii::recognizer::{Match, OnByDefault, Recognizer, Scanner, Site, Trigger};
use crate::detect::pii::text;

pub(crate) const ROW: Recognizer = Recognizer {
    about: "International bank account number (ISO 13616), by its country's format and its check digits",
    on: OnByDefault::Always,
    scanners: &[Scanner {
        trigger: Trigger::Digits,
        find,
    }],
    context: &["iban", "bank", "transaction"],
    against: &[],
    keys: &["iban"],
    matches: &[
        "DE89 3704 0044 0532 0130 00",
        "pay ‹GB29NWBK60161331926819› now",
        "‹AL47-2121-1009-0000-0002-3569-8741›",
    ],
    misses: &[
        "DE89 3704 0044 0532 0130 01",
        "DE89 A704 0044 0532 0130 00",
        "XDE89370400440532013000",
        "AL47/2121/1009/0000",
    ],
    ..Recognizer::named("IBAN_CODE")
};

/// Country and structure of what follows the check digits, as the SWIFT registry writes it: `n` digits, `a` capital
/// letters, `c` either.
#[rustfmt::skip]
const COUNTRIES: &[(&str, &str)] = &[
    ("AD", "8n12c"), ("AE", "19n"), ("AL", "8n16c"), ("AT", "16n"), ("AZ", "4c20n"), ("BA", "16n"), ("BE", "12n"),
    ("BG", "4a6n8c"), ("BH", "4a14c"), ("BI", "23n"), ("BR", "23n1a1c"), ("BY", "4c4n16c"), ("CH", "5n12c"),
    ("CR", "18n"), ("CY", "8n16c"), ("CZ", "20n"), ("DE", "18n"), ("DJ", "23n"), ("DK", "14n"), ("DO", "4a20n"),
    ("EE", "16n"), ("EG", "25n"), ("ES", "20n"), ("FI", "14n"), ("FK", "2a12n"), ("FO", "14n"), ("FR", "10n11c2n"),
    ("GB", "4a14n"), ("GE", "2c16n"), ("GI", "4a15c"), ("GL", "14n"), ("GR", "7n16c"), ("GT", "24c"),
    ("HN", "4a20n"), ("HR", "17n"), ("HU", "24n"), ("IE", "4c14n"), ("IL", "19n"), ("IQ", "4a15n"), ("IS", "22n"),
    ("IT", "1a10n12c"), ("JO", "4a22n"), ("KW", "4a22c"), ("KZ", "3n13c"), ("LB", "4n20c"), ("LC", "4a24c"),
    ("LI", "5n12c"), ("LT", "16n"), ("LU", "3n13c"), ("LV", "4a13c"), ("LY", "21n"), ("MC", "10n11c2n"),
    ("MD", "20c"), ("ME", "18n"), ("MK", "3n10c2n"), ("MN", "16n"), ("MR", "23n"), ("MT", "4a5n18c"),
    ("MU", "4a19n3a"), ("NI", "4a20n"), ("NL", "4a10n"), ("NO", "11n"), ("OM", "3n16c"), ("PK", "4c16n"),
    ("PL", "24n"), ("PS", "4c21n"), ("PT", "17n"), ("QA", "4a21c"), ("RO", "4a16c"), ("RS", "18n"), ("RU", "14n15c"),
    ("SA", "2n18c"), ("SC", "4a20n3a"), ("SD", "14n"), ("SE", "20n"), ("SI", "15n"), ("SK", "20n"),
    ("SM", "1a10n12c"), ("SO", "19n"), ("ST", "21n"), ("TL", "19n"), ("TN", "20n"), ("TR", "5n17c"), ("UA", "6n19c"),
    ("VA", "18n"), ("VG", "4c16n"), ("XK", "16n"), ("YE", "4a4n18c"),
];

/// The shortest and the longest number of any country.
const LENGTHS: std::ops::RangeInclusive<usize> = 15..=34;

fn find(site: &Site<'_>) -> Option<Match> {
    let bytes = site.text.as_bytes();
    let start = site.at.checked_sub(2)?;
    let head = bytes.get(start..start + 4)?;
    let is_head = head[..2].iter().all(u8::is_ascii_uppercase) && head[2..].iter().all(u8::is_ascii_digit);
    if !is_head || text::before(site.text, start).is_some_and(text::is_word) {
        return None;
    }
    let country = std::str::from_utf8(&head[..2]).ok()?;
    let structure = COUNTRIES
        .binary_search_by_key(&country, |&(code, _)| code)
        .ok()
        .map(|i| COUNTRIES[i].1);
    let certain = structure.and_then(|structure| end_by_structure(bytes, start, structure));
    if let Some(end) = certain.filter(|&end| is_end(site.text, end) && mod97(&site.text[start..end])) {
        return Some(Match { start, end, score: 1.0 });
    }
    let end = text::run_end(site.text, start, |byte| {
        byte.is_ascii_uppercase() || byte.is_ascii_digit()
    });
    let is_likely = LENGTHS.contains(&(end - start)) && is_end(site.text, end);
    is_likely.then_some(Match { start, end, score: 0.0 })
}

fn is_end(text: &str, end: usize) -> bool {
    !text::after(text, end).is_some_and(text::is_word)
}

/// Where a number of that structure ends; one space or dash may stand before every fourth character.
fn end_by_structure(bytes: &[u8], start: usize, structure: &str) -> Option<usize> {
    let mut at = start + 4;
    let mut seen = 4;
    for (count, kind) in parts(structure) {
        for _ in 0..count {
            if seen % 4 == 0 && matches!(bytes.get(at), Some(b' ' | b'-')) {
                at += 1;
            }
            let byte = bytes.get(at)?;
            let fits = match kind {
                b'n' => byte.is_ascii_digit(),
                b'a' => byte.is_ascii_uppercase(),
                _ => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            };
            if !fits {
                return None;
            }
            at += 1;
            seen += 1;
        }
    }
    Some(at)
}

/// The counts and kinds of a structure: `4a14n` is four letters, then 14 digits.
fn parts(structure: &str) -> impl Iterator<Item = (usize, u8)> + '_ {
    structure.split_inclusive(|c: char| c.is_ascii_lowercase()).map(|part| {
        let (count, kind) = part.split_at(part.len() - 1);
        (count.parse().expect("a test reads every structure"), kind.as_bytes()[0])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_sorted_and_their_structures_readable() {
        assert!(COUNTRIES.is_sorted_by_key(|&(code, _)| code));
        for (code, structure) in COUNTRIES {
            let length = 4 + parts(structure).map(|(count, _)| count).sum::<usize>();
            assert!(LENGTHS.contains(&length), "{code}: {length}");
        }
    }
}
