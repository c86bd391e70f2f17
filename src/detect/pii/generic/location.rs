//! Addresses and places: by the name of their field, and in prose after "lives in" and the like. Other places in prose need a
//! model, which this is not.

use crate::detect::pii::recognizer::{Match, Recognizer, Scanner, Site, Trigger};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Address or place, where a field's name (`street`, `city`) or words like `lives in` say so",
    scanners: &[Scanner {
        trigger: Trigger::Cue(CUES),
        find,
    }],
    field: Some(judge),
    against: &[],
    matches: &[
        "Address: ‹124 Spruce Ave, Riverside, KS 75862›\nx",
        "<city>‹Rome›</city>",
        "zip_code=‹90210›",
        "she lives in ‹New York›.",
    ],
    misses: &[
        "address: 0x7ffe",
        "address: ann@example.com",
        "address: 10.0.0.1",
        "city: null",
        "lives in peace",
        "location: https://example.com",
    ],
    ..Recognizer::named("LOCATION")
};

const SCORE: f32 = 0.6;
/// What stands before a place in prose.
const CUES: &[&str] = &[
    "lives in",
    "live in",
    "living in",
    "lived in",
    "born in",
    "moved to",
    "moving to",
    "resident of",
    "resides in",
    "located in",
];
/// Fields of addresses: several words.
const ADDRESSES: &[&str] = &[
    "address",
    "addr",
    "street",
    "street address",
    "address line",
    "address line 1",
    "address line 2",
    "address1",
    "address2",
    "home address",
    "billing address",
    "shipping address",
    "mailing address",
    "postal address",
    "delivery address",
    "residence",
    "location",
    "adresse",
    "calle",
    "strasse",
    "straße",
];
/// Fields of places: letters.
const PLACES: &[&str] = &[
    "city",
    "town",
    "village",
    "municipality",
    "county",
    "province",
    "birthplace",
    "place of birth",
    "hometown",
    "suburb",
    "ort",
    "ciudad",
];
/// Fields of postal codes: with digits.
const CODES: &[&str] = &[
    "zip",
    "zip code",
    "zipcode",
    "postal code",
    "postalcode",
    "postcode",
    "post code",
    "plz",
];

fn judge(field: &str, value: &str) -> Option<f32> {
    let has = |kind: fn(char) -> bool| value.contains(kind);
    let is_other = value.contains(['@', '{', '<'])
        || value.contains("://")
        || ["null", "none", "unknown"].contains(&value.to_lowercase().as_str());
    let fits = (ADDRESSES.contains(&field) && has(char::is_alphabetic) && has(char::is_whitespace))
        || (PLACES.contains(&field)
            && value
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '.')))
        || (CODES.contains(&field) && value.len() <= 10 && has(|c| c.is_ascii_digit()));
    (fits && !is_other).then_some(SCORE)
}

/// Woken by a cue: up to three capitalised words behind it.
fn find(site: &Site<'_>) -> Option<Match> {
    let rest = &site.text[site.at..];
    let cue = CUES.iter().find(|cue| {
        rest.get(..cue.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(cue))
    })?;
    let place = rest[cue.len()..].strip_prefix(' ')?;
    let start = site.text.len() - place.len();
    let (mut end, mut at) = (start, start);
    for word in place.split(' ').take(3) {
        let bare = word
            .split(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '-'))
            .next()
            .unwrap_or_default();
        if !bare.starts_with(char::is_uppercase) {
            break;
        }
        end = at + bare.len();
        if bare.len() < word.len() {
            break;
        }
        at += word.len() + 1;
    }
    (start < end).then_some(Match {
        start,
        end,
        score: SCORE,
    })
}
