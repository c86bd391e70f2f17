//! Dates and times as they are written: by a grammar of months, weekdays and digits. Relative ones ("last week") are left.

mod grammar;

use self::grammar::Cursor;
use crate::detect::pii::recognizer::{Match, OnByDefault, Recognizer, Scanner, Site, Trigger};
use crate::detect::pii::text;

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Date, with or without a time: ISO 8601, numeric, with a month's or a weekday's name; a year where a preposition says so",
    on: OnByDefault::Presidio,
    scanners: &[
        Scanner {
            trigger: Trigger::Digits,
            find: at_digits,
        },
        Scanner {
            trigger: Trigger::Cue(grammar::NAMES),
            find: at_name,
        },
    ],
    context: &["date", "birthday", "birth", "born", "dob"],
    against: &["version", "v", "ver", "release", "ip", "ratio", "score"],
    matches: &[
        "Today is ‹5/20/2021›",
        "2021-05-21",
        "21.5.2021",
        "5-MAY-2021",
        "05/21/21",
        "May-2021",
        "05/2021",
        "2024-03-15T14:30:00-05:00",
        "2024-03-15T14:30Z",
        "[‹2024-08-02T22:06:00Z›] a",
        "2015-12-22 04:34:22",
        "in ‹1977› (",
        "flew on ‹Monday› morning",
        "12 May 2024",
        "April 2, 2024",
        "‹Tuesday, 14 May›\n",
        "Mon, 02 Jan 2006 15:04:05 GMT",
        "3rd of February 2024",
        "10/Oct/2000:13:55:36 -0700",
        "‹02:00 and 04:30 UTC› we",
        "Today is,‹5/21›,and",
        "20240315T143000Z",
        "12/25/2024 10:30 PM",
        "Oct 11 22:14:15",
    ],
    misses: &[
        "2024-12-32T14:30Z",
        "is2024-03-15T14:30Z",
        "5/21and",
        "you may 10 times",
        "10.2.11.4",
        "1732233600",
        "PSC 1437",
        "12:34",
        "13/32/2021",
        "4111-1111-1111-1111",
        "march on",
        "a mondayish mood",
    ],
    ..Recognizer::named("DATE_TIME")
};

/// How sure each form is; where Presidio has the form, its score.
const WITH_TIME: f32 = 0.8;
const FULL: f32 = 0.6;
const DAY: f32 = 0.4;
const MONTH_AND_YEAR: f32 = 0.2;
const MONTH_AND_DAY: f32 = 0.1;

/// Words before a number of four digits that make it a year.
const BEFORE_YEARS: &[&str] = &[
    "in", "since", "during", "of", "by", "until", "till", "from", "before", "after", "year", "early", "late", "mid",
    "circa", "around", "a", "an", "the", "around", "summer", "winter", "spring", "autumn", "fall",
];

fn at_digits(site: &Site<'_>) -> Option<Match> {
    let cursor = Cursor {
        text: site.text,
        at: site.at,
    };
    if !opens(site.text, site.at) {
        return None;
    }
    let (end, score) = first_that_fits(
        cursor,
        &[
            (Cursor::iso, FULL),
            (Cursor::compact, WITH_TIME),
            (Cursor::log, WITH_TIME),
            (Cursor::numeric, FULL),
            (Cursor::day_then_month, FULL),
            (Cursor::span_of_hours, FULL),
            (Cursor::hours, FULL),
            (Cursor::month_and_year, MONTH_AND_YEAR),
            (Cursor::month_and_day, MONTH_AND_DAY),
        ],
    )
    .or_else(|| Some((year_after_preposition(cursor)?, DAY)))?;
    Some(Match {
        start: site.at,
        end,
        score,
    })
}

fn at_name(site: &Site<'_>) -> Option<Match> {
    let cursor = Cursor {
        text: site.text,
        at: site.at,
    };
    let (end, score) = first_that_fits(
        cursor,
        &[
            (Cursor::weekday_then_date, FULL),
            (Cursor::month_then_day, FULL),
            (Cursor::weekday, DAY),
        ],
    )?;
    Some(Match {
        start: site.at,
        end,
        score,
    })
}

/// A form of the grammar, and how sure it is.
type Form<'a> = (fn(Cursor<'a>) -> Option<Cursor<'a>>, f32);

fn first_that_fits<'a>(cursor: Cursor<'a>, forms: &[Form<'a>]) -> Option<(usize, f32)> {
    forms.iter().find_map(|(form, score)| {
        let day = form(cursor)?;
        let timed = day.then_time().filter(|timed| closes(timed.text, timed.at));
        match timed {
            Some(timed) => Some((timed.at, score.max(FULL))),
            None => closes(day.text, day.at).then_some((day.at, *score)),
        }
    })
}

fn year_after_preposition(cursor: Cursor<'_>) -> Option<usize> {
    let year = cursor.year()?;
    let before = cursor.text[..cursor.at].strip_suffix(' ')?;
    let word = &before[text::ceil(before, before.len().saturating_sub(8))..];
    let word = word.rsplit(|c: char| !c.is_alphanumeric()).next()?.to_ascii_lowercase();
    (BEFORE_YEARS.contains(&word.as_str()) && closes(year.text, year.at)).then_some(year.at)
}

/// May a date start there: not inside of a word or of a longer number?
fn opens(text: &str, start: usize) -> bool {
    let mut before = text[..start].chars().rev();
    match before.next() {
        Some('.' | '-' | '/' | ':') => !before.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !text::is_word(c),
        None => true,
    }
}

/// May a date end there?
fn closes(text: &str, end: usize) -> bool {
    let mut after = text[end..].chars();
    match after.next() {
        Some('.' | '-' | '/' | ':') => !after.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !text::is_word(c),
        None => true,
    }
}
