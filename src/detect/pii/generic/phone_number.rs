//! Telephone numbers.
//!
//! Libphonenumber judges only what looks like a number from its signs: `+`, brackets, a leading zero. Runs of digits without
//! such signs are numbers where the context says so.

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

use crate::detect::pii::recognizer::{Match, OnByDefault, Recognizer, Scanner, Site, Trigger};
use crate::detect::pii::text;

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Telephone number: international, in the national format of a configured region, or digits that the context calls one",
    on: OnByDefault::Always,
    scanners: &[Scanner {
        trigger: Trigger::Digits,
        find,
    }],
    context: &[
        "phone",
        "tel",
        "telephone",
        "cell",
        "cellular",
        "cellphone",
        "mobile",
        "mob",
        "call",
        "calls",
        "called",
        "calling",
        "dial",
        "fax",
        "sms",
        "texts",
        "messages",
        "whatsapp",
        "answering",
        "reach",
        "reached",
        "contact",
        "registered",
        " desk ",
        " office ",
        "landline",
        "hotline",
        "pager",
        "msisdn",
        "ring",
    ],
    against: &[
        "id",
        "ids",
        "order",
        "ts",
        "timestamp",
        "time",
        "epoch",
        "date",
        "version",
        "invoice",
        "tracking",
        "ticket",
        "account",
        "acct",
        "card",
        "ssn",
        "passport",
        "zip",
        "zipcode",
        "postal",
        "postcode",
        "size",
        "bytes",
        "count",
        "amount",
        "price",
        "total",
        "port",
        "pid",
        "hash",
        "commit",
        "build",
        "serial",
        "isbn",
        "issn",
        "doi",
        "sku",
        "iban",
        "nhs",
        "case",
        "ref",
        "reference",
        "seq",
        "offset",
        "length",
        "license",
        "licence",
        "at",
        "created",
        "updated",
        "expires",
        "iat",
        "exp",
        "nbf",
        "sha",
        "line",
        "page",
        "seed",
        "duration",
        "ein",
        "ms",
    ],
    matches: &[
        "+1 (649) 223-8813",
        "(415) 555-0132",
        "‹905-674-3793›. Could",
        "+55 11 98456 5666",
        "‹+1-903-140-4508x769›",
        "01.84.17.61.18",
        "259.735.7502x459",
        "+44 20 7946 0958",
        "001-518-640-0854",
        "call ‹4258829090›",
        "tel:‹+14155550132›",
        "+1 415 555 0132 ext. 12",
    ],
    misses: &[
        "2024-05-12 04:34:22",
        "192.168.0.1",
        "10.2.1.4",
        "078-05-1123",
        "4111 1111 1111 1111",
        "1-2-3",
        "v1.2.3",
        "3.14159265358",
        "550e8400-e29b-41d4-a716-446655440000",
        "12/25/2024",
        "1732233600123456",
    ],
    ..Recognizer::named("PHONE_NUMBER")
};

/// A number of the international format that libphonenumber calls valid, and one that it does not.
const VALID: f32 = 0.9;
const INTERNATIONAL: f32 = 0.6;
/// A national format: North American by its shape, others by libphonenumber. Presidio's score.
const NATIONAL: f32 = 0.4;
/// A national format of two groups only, as many other numbers have.
const PAIR: f32 = 0.3;
/// Digits in groups, and one run of digits: numbers only with context.
const GROUPED: f32 = 0.1;
const BARE: f32 = 0.06;
/// The fewest digits of a national number, and the most of any (ITU-T E.164).
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;
/// The longest text that can be a number, in bytes.
const LONGEST: usize = 32;

/// Groups of digits and what stands between them.
struct Written<'a> {
    text: &'a str,
    start: usize,
    /// Start and end of each group of digits.
    groups: Vec<(usize, usize)>,
}

fn find(site: &Site<'_>) -> Option<Match> {
    let start = opening(site.text, site.at)?;
    let mut written = Written::read(site.text, start, site.at);
    loop {
        if let Some(score) = score(&written, site.regions) {
            let end = extension_end(site.text, written.end());
            return closes(site.text, end).then_some(Match { start, end, score });
        }
        written.groups.pop();
        if !DIGITS.contains(&written.digits()) {
            return None;
        }
    }
}

/// Where a number starts whose first digit is at `at`: at a `+` or a bracket before it; `None` inside of something else.
fn opening(text: &str, at: usize) -> Option<usize> {
    let before = &text[..at];
    let bracket = before.strip_suffix('(').unwrap_or(before);
    let start = bracket.strip_suffix('+').unwrap_or(bracket);
    let mut previous = start.chars().rev();
    let is_inside = match previous.next() {
        Some('-' | '.' | '/' | ':' | ',' | '#' | '$' | '€' | '£') => previous
            .next()
            .is_some_and(|c| c.is_ascii_digit() || (c.is_alphabetic() && before.ends_with('-'))),
        Some(c) => text::is_word(c) || c == '+',
        None => false,
    };
    (!is_inside).then_some(start.len())
}

/// May a number end there?
fn closes(text: &str, end: usize) -> bool {
    let mut after = text[end..].chars();
    match after.next() {
        Some('-' | '.' | '/' | ':' | '@' | '_' | '%') => !after.next().is_some_and(text::is_word),
        Some(c) => !text::is_word(c),
        None => true,
    }
}

impl<'a> Written<'a> {
    /// Reads groups while the separators are those of a number: one of ` -./`, or brackets around a group.
    fn read(text: &'a str, start: usize, first: usize) -> Self {
        let bytes = text.as_bytes();
        let mut groups = Vec::with_capacity(8);
        let mut at = first;
        let mut digits = 0;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) && at - start < LONGEST {
            let end = text::run_end(text, at, |byte| byte.is_ascii_digit());
            digits += end - at;
            if digits > *DIGITS.end() {
                break;
            }
            groups.push((at, end));
            let gap = text::run_end(text, end, |byte| b" -./()".contains(&byte));
            if !matches!(&bytes[end..gap], [_] | [b' ' | b'-', b'('] | [b')', b' ' | b'-'] | [b' ', b'-', b' ']) {
                break;
            }
            at = gap;
        }
        Self { text, start, groups }
    }

    fn end(&self) -> usize {
        self.groups.last().map_or(self.start, |&(_, end)| end)
    }

    fn digits(&self) -> usize {
        self.groups.iter().map(|(start, end)| end - start).sum()
    }

    fn as_str(&self) -> &'a str {
        &self.text[self.start..self.end()]
    }

    fn lengths(&self) -> Vec<usize> {
        self.groups.iter().map(|(start, end)| end - start).collect()
    }

    /// The separators between the groups.
    fn gaps(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.groups.windows(2).map(|pair| &self.text[pair[0].1..pair[1].0])
    }
}

/// How sure it is that all groups are one number; `None` if they are none, though fewer of them may be.
fn score(written: &Written<'_>, regions: &[Region]) -> Option<f32> {
    let (number, digits) = (written.as_str(), written.digits());
    let is_closed = number.matches('(').count() == number.matches(')').count();
    if !DIGITS.contains(&digits) || !is_closed || !closes(written.text, extension_end(written.text, written.end())) {
        return None;
    }
    if number.contains('+') {
        let parsed = PHONE_NUMBER_UTIL.parse(number, None).ok();
        return parsed.map(|parsed| if parsed.is_valid() { VALID } else { INTERNATIONAL });
    }
    let lengths = written.lengths();
    let is_uniform = written
        .gaps()
        .all(|gap| gap.contains(['(', ')']) || Some(gap) == written.gaps().last());
    if is_other(&lengths, written) {
        return None;
    }
    match lengths[..] {
        [3, 3, 4] | [1, 3, 3, 4] | [3, 3, 3, 4] if is_uniform && is_north_american(&lengths, number) => Some(NATIONAL),
        [10..=13] if number.starts_with("00") => Some(NATIONAL).filter(|_| is_of_a_region(number, regions)),
        [7..=13] => Some(BARE),
        [_] => None,
        _ if has_trunk_sign(number) && is_of_a_region(number, regions) => {
            Some(if lengths.len() > 2 || number.contains('(') {
                NATIONAL
            } else {
                PAIR
            })
        }
        _ if digits <= 13 && lengths.iter().all(|&length| length <= 8) => Some(GROUPED),
        _ => None,
    }
}

/// `555-123-4567` with an area code, after an optional `1` or `001`.
fn is_north_american(lengths: &[usize], number: &str) -> bool {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let prefix = match lengths.len() {
        3 => "",
        _ if lengths[0] == 1 => "1",
        _ => "001",
    };
    let has_prefix = digits.strip_prefix(prefix).is_some_and(|national| prefix.is_empty() || !national.starts_with('0'));
    has_prefix && number.contains(['(', '-', '.'])
}

/// A zero or a bracket in front, as national numbers with an area code have.
fn has_trunk_sign(number: &str) -> bool {
    number.starts_with(['0', '('])
}

fn is_of_a_region(number: &str, regions: &[Region]) -> bool {
    regions.iter().any(|&region| {
        PHONE_NUMBER_UTIL
            .parse(number, Some(region))
            .is_ok_and(|parsed| PHONE_NUMBER_UTIL.is_valid_number_for_region(&parsed, region))
    })
}

/// Groups that are something else: a date, an address of the network, a social security number, a card.
fn is_other(lengths: &[usize], written: &Written<'_>) -> bool {
    let is_date = matches!(lengths, [4, 1 | 2, 1 | 2, ..] | [1 | 2, 1 | 2, 4, ..])
        && written.gaps().take(2).all(|gap| gap != " ");
    let is_decimal = lengths.len() == 2 && written.gaps().all(|gap| gap == ".");
    let is_dotted_quad =
        lengths.len() == 4 && written.gaps().all(|gap| gap == ".") && lengths.iter().all(|&length| length <= 3);
    let is_range = lengths.len() == 2 && lengths[0] == lengths[1];
    is_date || is_decimal || is_dotted_quad || is_range || matches!(lengths, [3, 2, 4] | [4, 4, 4, ..])
}

/// Where an extension after the number ends (`x12`, ` ext. 12`); `end` if there is none.
fn extension_end(text: &str, end: usize) -> usize {
    let rest = &text[end..];
    for mark in [" ext. ", " ext ", " ext.", "ext.", " x", "x", " #"] {
        if let Some(digits) = rest.strip_prefix(mark) {
            let length = text::run_end(digits, 0, |byte| byte.is_ascii_digit());
            if (1..=7).contains(&length) {
                return end + mark.len() + length;
            }
        }
    }
    end
}
