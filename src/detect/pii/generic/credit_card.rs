//! Payment card numbers.

use crate::detect::pii::checksum::{digits, luhn};
use crate::detect::pii::recognizer::{Match, OnByDefault, Recognizer, Scanner, Site, Trigger};
use crate::detect::pii::text;

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Payment card number, by its issuer's range and the Luhn check digit",
    on: OnByDefault::Always,
    scanners: &[Scanner {
        trigger: Trigger::Digits,
        find,
    }],
    context: &[
        "credit",
        "card",
        "visa",
        "mastercard",
        "cc",
        "amex",
        "discover",
        "jcb",
        "diners",
        "maestro",
        "instapayment",
        "pan",
    ],
    against: &[
        "id",
        "ids",
        "order",
        "timestamp",
        "ts",
        "time",
        "tracking",
        "invoice",
        "account",
        "seq",
        "sequence",
        "offset",
        "hash",
    ],
    keys: &["card", "credit card", "cc", "pan"],
    matches: &[
        "4111 1111 1111 1111",
        "5555555555554444",
        "3782-822463-10005",
        "card ‹503802053770›",
        "180072992103979",
    ],
    misses: &[
        "4111 1111 1111 1112",
        "1748503543012",
        "0.4111111111111111",
        "9f-4111-1111-1111-1111-aa",
        "4111-1111 1111-1111",
    ],
    ..Recognizer::named("CREDIT_CARD")
};

/// How sure a number of a strong, and of a weak range is.
const STRONG: f32 = 0.9;
const WEAK: f32 = 0.3;

/// The first and the last prefix of a range, the lengths that it issues, and how sure that is. The first row that fits counts.
/// After the issuers' published ranges (ISO/IEC 7812).
#[rustfmt::skip]
const RANGES: &[(u32, u32, &[usize], f32)] = &[
    (34, 34, &[15], STRONG), (37, 37, &[15], STRONG),                                         // American Express
    (300, 305, &[14, 16], STRONG), (309, 309, &[14], STRONG), (36, 36, &[14], STRONG), (38, 39, &[14, 16], STRONG), // Diners Club
    (35, 35, &[16], STRONG), (1800, 1800, &[15], STRONG), (2131, 2131, &[15], STRONG),    // JCB
    (4, 4, &[16], STRONG), (4, 4, &[13, 19], WEAK),                                           // Visa
    (51, 55, &[16], STRONG), (2221, 2720, &[16], STRONG),                                     // Mastercard
    (6011, 6011, &[16, 19], STRONG), (644, 649, &[16], STRONG), (65, 65, &[16], STRONG),      // Discover
    (622126, 622925, &[16], STRONG), (62, 62, &[16, 17, 18, 19], WEAK),                       // UnionPay
    (637, 639, &[16], WEAK), (60, 60, &[16], WEAK), (81, 82, &[16], WEAK), (508, 508, &[16], WEAK), // InstaPayment, RuPay, Hipercard
    (2200, 2204, &[16], WEAK), (9792, 9792, &[16], WEAK), (5019, 5019, &[16], STRONG),        // Mir, Troy, Dankort
    (50, 50, MAESTRO, WEAK), (56, 58, MAESTRO, WEAK), (6, 6, MAESTRO, WEAK),                  // Maestro
    (1, 1, &[15], WEAK),                                                                      // UATP
];
const MAESTRO: &[usize] = &[12, 13, 14, 15, 16, 17, 18, 19];
/// How many digits the longest prefix of a range has.
const PREFIX: usize = 6;
/// The fewest and the most digits of any range.
const SHORTEST: usize = 12;
const LONGEST: usize = 19;
/// How many digits the first group has in print, how many groups there are, and how long they are.
const FIRST_GROUP: usize = 4;
const MOST_GROUPS: usize = 5;
const GROUPINGS: &[&[usize]] = &[
    &[4, 4, 4, 4],
    &[4, 6, 5],
    &[4, 6, 4],
    &[4, 4, 4, 4, 3],
    &[4, 4, 4, 1],
    &[4, 4, 4],
];

fn find(site: &Site<'_>) -> Option<Match> {
    let start = site.at;
    if !is_issued(site.text.as_bytes()[start]) || !opens(site.text, start) {
        return None;
    }
    let end = printed_end(site.text, start).filter(|&end| closes(site.text, end))?;
    let number = &site.text[start..end];
    let length = digits(number).count();
    let prefix = digits(number).take(PREFIX).fold(0, |prefix, digit| 10 * prefix + digit);
    let of_range = |(first, last, lengths, _): &&(u32, u32, &[usize], f32)| {
        let scale = || 10_u32.pow(PREFIX as u32 - first.ilog10() - 1);
        lengths.contains(&length) && (*first..=*last).contains(&(prefix / scale()))
    };
    let &(.., score) = RANGES.iter().find(of_range)?;
    Some(Match {
        start,
        end,
        score: if luhn(number) { score } else { 0.0 },
    })
}

/// Does a range start with this digit?
fn is_issued(digit: u8) -> bool {
    !matches!(digit, b'0' | b'7')
}

/// May a number start at `start`: not inside a word, a decimal or a dashed id?
fn opens(text: &str, start: usize) -> bool {
    let mut before = text[..start].chars().rev();
    match before.next() {
        Some('-' | '.' | '/') => !before.next().is_some_and(char::is_alphanumeric),
        Some(c) => !text::is_word(c),
        None => true,
    }
}

/// May a number end at `end`?
fn closes(text: &str, end: usize) -> bool {
    let mut after = text[end..].chars();
    match after.next() {
        Some('-' | '.') => !after.next().is_some_and(char::is_alphanumeric),
        Some(c) => !text::is_word(c),
        None => true,
    }
}

/// Where the digits end that start at `start`: one run of them, or groups as they are printed, parted by single spaces or
/// by single dashes.
fn printed_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let run = |from| text::run_end(text, from, |byte| byte.is_ascii_digit());
    let first = run(start);
    if (SHORTEST..=LONGEST).contains(&(first - start)) {
        return Some(first);
    }
    let separator = *bytes
        .get(first)
        .filter(|byte| b" -".contains(byte) && first - start == FIRST_GROUP)?;
    let (mut lengths, mut ends) = ([0; MOST_GROUPS], [0; MOST_GROUPS]);
    let (mut count, mut from) = (0, start);
    while count < MOST_GROUPS {
        let end = run(from);
        if end == from {
            break;
        }
        (lengths[count], ends[count]) = (end - from, end);
        count += 1;
        if bytes.get(end) != Some(&separator) {
            break;
        }
        from = end + 1;
    }
    (1..=count)
        .rev()
        .find(|&n| GROUPINGS.contains(&&lengths[..n]))
        .map(|n| ends[n - 1])
}
