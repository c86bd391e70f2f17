//! Telephone numbers.
//!
//! Libphonenumber judges only what looks like a number from its signs: `+`, brackets, a leading zero. Runs of digits without
//! such signs are numbers where the context says so.

use std::collections::HashSet;
use std::sync::LazyLock;

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

/// A `+` and a country's code.
const INTERNATIONAL: f32 = 1.0;
/// A national format: North American by its shape, others by libphonenumber. Presidio's score.
const NATIONAL: f32 = 0.4;
/// A national format of two groups only, as many other numbers have.
const PAIR: f32 = 0.3;
/// Digits in groups, and one run of digits: numbers only with context.
const GROUPED: f32 = 0.1;
const BARE: f32 = 0.06;
/// The fewest digits of a national number, and the most of any (ITU-T E.164).
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// How many digits the longest calling code has.
const LONGEST_CODE: usize = 3;

/// The most groups that are read.
const MOST_GROUPS: usize = 8;

/// Groups of digits and what stands between them.
#[derive(Clone, Copy)]
struct Written<'a> {
    text: &'a str,
    start: usize,
    /// Start and end of each group of digits.
    groups: [(usize, usize); MOST_GROUPS],
    count: usize,
    digits: usize,
}

fn find(site: &Site<'_>) -> Option<Match> {
    let start = opening(site.text, site.at)?;
    let mut written = Written::read(site.text, start, site.at);
    while DIGITS.contains(&written.digits) {
        if let Some(score) = score(&written, site.regions) {
            return Some(Match {
                start,
                end: extension_end(site.text, written.end()),
                score,
            });
        }
        written.drop_last();
    }
    None
}

/// Where a number starts whose first digit is at `at`: at a `+` or a bracket before it; `None` inside of something else.
fn opening(text: &str, at: usize) -> Option<usize> {
    let before = &text[..at];
    let bracket = before.strip_suffix('(').unwrap_or(before);
    let start = bracket.strip_suffix('+').unwrap_or(bracket);
    let mut previous = start.chars().rev();
    let is_inside = match previous.next() {
        Some('-') => previous.next().is_some_and(char::is_alphanumeric),
        Some('.' | '/' | ':' | ',' | '#' | '$' | '€' | '£') => previous.next().is_some_and(|c| c.is_ascii_digit()),
        // The groups of a longer number were tried from its first one.
        Some(' ') => start.len() == at && previous.next().is_some_and(|c| c.is_ascii_digit()),
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
        let mut written = Self {
            text,
            start,
            groups: [(0, 0); MOST_GROUPS],
            count: 0,
            digits: 0,
        };
        let mut at = first;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) && written.count < MOST_GROUPS {
            let end = text::run_end(text, at, |byte| byte.is_ascii_digit());
            if written.digits + end - at > *DIGITS.end() {
                break;
            }
            written.groups[written.count] = (at, end);
            written.count += 1;
            written.digits += end - at;
            let gap = text::run_end(text, end, |byte| b" -./()".contains(&byte));
            if !matches!(
                &bytes[end..gap],
                [_] | [b' ' | b'-', b'('] | [b')', b' ' | b'-'] | [b' ', b'-', b' ']
            ) {
                break;
            }
            at = gap;
        }
        written
    }

    fn drop_last(&mut self) {
        let (start, end) = self.groups[self.count - 1];
        self.count -= 1;
        self.digits -= end - start;
    }

    fn groups(&self) -> &[(usize, usize)] {
        &self.groups[..self.count]
    }

    fn end(&self) -> usize {
        self.groups().last().map_or(self.start, |&(_, end)| end)
    }

    fn as_str(&self) -> &'a str {
        &self.text[self.start..self.end()]
    }

    /// Do more digits follow after a space?
    fn goes_on(&self) -> bool {
        let mut after = self.text[self.end()..].bytes();
        after.next() == Some(b' ') && after.next().is_some_and(|byte| byte.is_ascii_digit())
    }

    /// The separators between the groups.
    fn gaps(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.groups().windows(2).map(|pair| &self.text[pair[0].1..pair[1].0])
    }
}

/// How sure it is that all groups are one number; `None` if they are none, though fewer of them may be.
fn score(written: &Written<'_>, regions: &[Region]) -> Option<f32> {
    let number = written.as_str();
    let is_closed = number.matches('(').count() == number.matches(')').count();
    if !is_closed || !closes(written.text, extension_end(written.text, written.end())) {
        return None;
    }
    if number.contains('+') {
        return starts_with_calling_code(number).then_some(INTERNATIONAL);
    }
    let mut lengths = [0; MOST_GROUPS];
    for (length, (start, end)) in lengths.iter_mut().zip(written.groups()) {
        *length = end - start;
    }
    let lengths = &lengths[..written.count];
    if is_other(lengths, written) {
        return None;
    }
    match *lengths {
        [3, 3, 4] | [1, 3, 3, 4] | [3, 3, 3, 4] if is_north_american(lengths, number) => Some(NATIONAL),
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
        _ if written.digits <= 13 && lengths.iter().all(|&length| length <= 8) && !written.goes_on() => Some(GROUPED),
        _ => None,
    }
}

/// Does a country's calling code (ITU-T E.164) follow the `+`? That and the number of digits is all that libphonenumber asks
/// of a number to parse it, which takes it many times as long.
fn starts_with_calling_code(number: &str) -> bool {
    static CODES: LazyLock<HashSet<i32>> = LazyLock::new(|| PHONE_NUMBER_UTIL.get_supported_calling_codes().collect());
    let digits = number.bytes().filter(u8::is_ascii_digit).take(LONGEST_CODE);
    digits
        .scan(0, |code, digit| {
            *code = *code * 10 + i32::from(digit - b'0');
            Some(*code)
        })
        .take_while(|code| *code > 0)
        .any(|code| CODES.contains(&code))
}

/// `555-123-4567` with an area code, after an optional `1` or `001`.
fn is_north_american(lengths: &[usize], number: &str) -> bool {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let prefix = match lengths.len() {
        3 => "",
        _ if lengths[0] == 1 => "1",
        _ => "001",
    };
    let has_prefix = digits
        .strip_prefix(prefix)
        .is_some_and(|national| prefix.is_empty() || !national.starts_with('0'));
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
    let is_years = *lengths == [4, 4]
        && written
            .groups()
            .iter()
            .all(|&(start, _)| is_year(&written.text[start..]));
    // A house and a street, a postal code: no number ends in so few digits, or stands so.
    let is_address = matches!(lengths, [_, 1..=3]) || (*lengths == [5, 4] && written.gaps().all(|gap| gap == "-"));
    is_years || is_address || is_date || is_decimal || is_dotted_quad || matches!(lengths, [3, 2, 4] | [4, 4, 4, ..])
}

fn is_year(digits: &str) -> bool {
    digits.starts_with("19") || digits.starts_with("20")
}

/// Where an extension after the number ends (`x12`, ` ext. 12`); `end` if there is none.
fn extension_end(text: &str, end: usize) -> usize {
    let rest = &text[end..];
    if !rest.starts_with([' ', 'e', 'x']) {
        return end;
    }
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
