//! The forms of dates and times. Each takes a cursor and gives it back behind what it read, or nothing.

/// Months, then weekdays: each in full, then short. Position 0 to 11 and 12 to 18.
const MONTHS: [[&str; 2]; 12] = [
    ["january", "jan"],
    ["february", "feb"],
    ["march", "mar"],
    ["april", "apr"],
    ["may", "may"],
    ["june", "jun"],
    ["july", "jul"],
    ["august", "aug"],
    ["september", "sep"],
    ["october", "oct"],
    ["november", "nov"],
    ["december", "dec"],
];
const WEEKDAYS: [[&str; 2]; 7] = [
    ["monday", "mon"],
    ["tuesday", "tue"],
    ["wednesday", "wed"],
    ["thursday", "thu"],
    ["friday", "fri"],
    ["saturday", "sat"],
    ["sunday", "sun"],
];

/// The words that a date can start with.
pub(super) const NAMES: &[&str] = &[
    "january",
    "jan",
    "february",
    "feb",
    "march",
    "mar",
    "april",
    "apr",
    "may",
    "june",
    "jun",
    "july",
    "jul",
    "august",
    "aug",
    "september",
    "sept",
    "sep",
    "october",
    "oct",
    "november",
    "nov",
    "december",
    "dec",
    "monday",
    "mon",
    "tuesday",
    "tue",
    "tues",
    "wednesday",
    "wed",
    "thursday",
    "thu",
    "thurs",
    "friday",
    "fri",
    "saturday",
    "sat",
    "sunday",
    "sun",
];

/// Lower-case words that mean a month only where a year follows.
const AMBIGUOUS: &[&str] = &["may", "march", "mar", "jan", "dec"];

/// A place in a text.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    /// `2024-03-15`, `2024/3/15`.
    pub(super) fn iso(self) -> Option<Self> {
        let year = self.year()?;
        let separator = year.peek().filter(|byte| b"-/".contains(byte))?;
        year.byte(separator)?.number(1..=12)?.byte(separator)?.number(1..=31)
    }

    /// `20240315T143000Z`: ISO 8601, basic format.
    pub(super) fn compact(self) -> Option<Self> {
        let time = self
            .exactly(8, 19_000_101..=20_991_231)?
            .byte(b'T')?
            .exactly(6, 0..=235_960)?;
        Some(time.optional(|cursor| cursor.byte(b'Z')))
    }

    /// `10/Oct/2000:13:55:36 -0700`, of web servers' logs.
    pub(super) fn log(self) -> Option<Self> {
        let day = self.number(1..=31)?.byte(b'/')?.month()?.byte(b'/')?.year()?;
        Some(day.byte(b':')?.clock()?.optional(|cursor| cursor.byte(b' ')?.offset()))
    }

    /// `5/20/2021`, `20/5/21`, `21.5.2021`, `5-20-2021`.
    pub(super) fn numeric(self) -> Option<Self> {
        let first = self.number(1..=31)?;
        let separator = first.peek().filter(|byte| b"-/.".contains(byte))?;
        let second = first.byte(separator)?.number(1..=31)?;
        let is_day_and_month =
            self.value_to(first) <= 12 && separator != b'.' || first.byte(separator)?.value_to(second) <= 12;
        let year = second.byte(separator)?;
        let short = |cursor: Self| cursor.exactly(2, 0..=99).filter(|_| separator != b'-');
        year.year().or_else(|| short(year)).filter(|_| is_day_and_month)
    }

    /// `12 May 2024`, `3rd of February`, `5-MAY-21`.
    pub(super) fn day_then_month(self) -> Option<Self> {
        let day = self.number(1..=31)?;
        if let Some(month) = day.byte(b'-').and_then(Self::month) {
            let year = month
                .byte(b'-')
                .and_then(|year| year.year().or_else(|| year.exactly(2, 0..=99)));
            return Some(year.unwrap_or(month));
        }
        let day = day.optional(|day| day.word(&["st", "nd", "rd", "th"]));
        let month = day
            .byte(b' ')?
            .optional(|cursor| cursor.word(&["of"])?.byte(b' '))
            .month()?;
        Some(month.optional(|month| month.optional(|cursor| cursor.byte(b',')).byte(b' ')?.year()))
    }

    /// `April 2, 2024`, `Oct 11`, `May-2021`, `March 2024`.
    pub(super) fn month_then_day(self) -> Option<Self> {
        let month = self.month()?.optional(|cursor| cursor.byte(b'.'));
        if let Some(year) = month.byte(b'-') {
            return year.year().or_else(|| year.exactly(2, 0..=99));
        }
        let after = month.byte(b' ')?;
        if let Some(year) = after.year() {
            return Some(year);
        }
        let after = after.optional(|cursor| cursor.byte(b' '));
        let day = after
            .number(1..=31)?
            .optional(|day| day.word(&["st", "nd", "rd", "th"]));
        let year = day.optional(|cursor| cursor.byte(b',')).byte(b' ').and_then(Self::year);
        let written = &self.text[self.at..month.at];
        year.or_else(|| Some(day).filter(|_| !AMBIGUOUS.contains(&written)))
    }

    /// `Tuesday, 14 May`, `Mon, 02 Jan 2006`.
    pub(super) fn weekday_then_date(self) -> Option<Self> {
        let date = self
            .day_name(&[0, 1])?
            .optional(|cursor| cursor.byte(b','))
            .byte(b' ')?;
        date.day_then_month()
            .or_else(|| date.month_then_day())
            .or_else(|| date.numeric())
            .or_else(|| date.iso())
    }

    /// `Monday`.
    pub(super) fn weekday(self) -> Option<Self> {
        self.day_name(&[0])
    }

    /// `02:00 and 04:30 UTC`.
    pub(super) fn span_of_hours(self) -> Option<Self> {
        let from = self.clock()?.optional(Self::half).byte(b' ')?;
        from.word(&["and", "to", "-", "–"])?.byte(b' ')?.hours()
    }

    /// `10:30 PM`, `04:30 UTC`: a time that says it is one.
    pub(super) fn hours(self) -> Option<Self> {
        let clock = self.clock()?;
        clock.half().or_else(|| {
            clock
                .byte(b' ')?
                .word(&["UTC", "GMT", "CET", "CEST", "EST", "EDT", "PST", "PDT"])
        })
    }

    /// `05/2021`.
    pub(super) fn month_and_year(self) -> Option<Self> {
        self.number(1..=12)?.byte(b'/')?.year()
    }

    /// `5/21`: a month and two digits of a year or a day.
    pub(super) fn month_and_day(self) -> Option<Self> {
        self.number(1..=12)?.byte(b'/')?.exactly(2, 0..=99)
    }

    /// The time that may follow a day: `T14:30:00-05:00`, ` 04:34:22`, ` 10:30 PM`, `, 14:30`.
    pub(super) fn then_time(self) -> Option<Self> {
        let clock = match self.peek()? {
            b'T' | b't' => self.skip(1).clock()?,
            _ => self
                .optional(|cursor| cursor.byte(b','))
                .byte(b' ')?
                .optional(|cursor| cursor.word(&["at"])?.byte(b' '))
                .clock()?,
        };
        Some(
            clock
                .optional(Self::half)
                .optional(Self::offset)
                .optional(|cursor| cursor.byte(b' ')?.offset()),
        )
    }

    /// A year from 1900 to 2099.
    pub(super) fn year(self) -> Option<Self> {
        self.exactly(4, 1900..=2099)
    }

    /// `14:30`, `14:30:00.123`.
    fn clock(self) -> Option<Self> {
        let minutes = self.number(0..=24)?.byte(b':')?.exactly(2, 0..=59)?;
        Some(minutes.optional(|cursor| {
            let seconds = cursor.byte(b':')?.exactly(2, 0..=60)?;
            Some(seconds.optional(|cursor| {
                let fraction = cursor.byte(b'.').or_else(|| cursor.byte(b','))?;
                let digits = fraction.digits();
                (1..=9).contains(&digits).then(|| fraction.skip(digits))
            }))
        }))
    }

    /// `AM`, ` p.m.`
    fn half(self) -> Option<Self> {
        self.optional(|cursor| cursor.byte(b' '))
            .word(&["AM", "PM", "am", "pm", "a.m.", "p.m."])
    }

    /// `Z`, `-05:00`, `+0100`, `UTC`.
    fn offset(self) -> Option<Self> {
        if let Some(named) = self.word(&["Z", "UTC", "GMT"]) {
            return Some(named);
        }
        let hours = self.byte(b'+').or_else(|| self.byte(b'-'))?;
        hours
            .exactly(4, 0..=1459)
            .or_else(|| hours.exactly(2, 0..=14)?.byte(b':')?.exactly(2, 0..=59))
    }

    fn month(self) -> Option<Self> {
        self.name(&MONTHS, &[0, 1])
    }

    fn day_name(self, lengths: &[usize]) -> Option<Self> {
        self.name(&WEEKDAYS, lengths)
    }

    /// A word that is one of `names`, in one of its lengths (0 in full, 1 short).
    fn name(self, names: &[[&str; 2]], lengths: &[usize]) -> Option<Self> {
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word = std::str::from_utf8(&rest[..length]).ok()?;
        let is_short = |short: &str| {
            word.len() <= 5 && word.len() >= short.len() && word[..short.len()].eq_ignore_ascii_case(short)
        };
        let fits = |name: &[&str; 2]| {
            lengths.iter().any(|&length| match length {
                0 => word.eq_ignore_ascii_case(name[0]),
                _ => is_short(name[1]) && name[0][..word.len().min(name[0].len())].eq_ignore_ascii_case(word),
            })
        };
        names.iter().any(fits).then(|| self.skip(length))
    }

    fn peek(self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn byte(self, byte: u8) -> Option<Self> {
        (self.peek() == Some(byte)).then(|| self.skip(1))
    }

    fn word(self, words: &[&str]) -> Option<Self> {
        words
            .iter()
            .find(|word| self.text[self.at..].starts_with(**word))
            .map(|word| self.skip(word.len()))
    }

    fn skip(self, bytes: usize) -> Self {
        Self {
            at: self.at + bytes,
            ..self
        }
    }

    /// What `form` reads, or nothing.
    fn optional(self, form: impl FnOnce(Self) -> Option<Self>) -> Self {
        form(self).unwrap_or(self)
    }

    /// How many digits stand here.
    fn digits(self) -> usize {
        self.text.as_bytes()[self.at..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    }

    /// All digits that stand here, one or two of them, in that range.
    fn number(self, range: std::ops::RangeInclusive<u32>) -> Option<Self> {
        let digits = self.digits();
        if (1..=2).contains(&digits) {
            self.exactly(digits, range)
        } else {
            None
        }
    }

    /// All digits that stand here, so many of them, in that range.
    fn exactly(self, count: usize, range: std::ops::RangeInclusive<u32>) -> Option<Self> {
        let end = self.skip(count);
        (self.digits() == count && range.contains(&self.value_to(end))).then_some(end)
    }

    /// The value of the digits from here to `end`.
    fn value_to(self, end: Self) -> u32 {
        self.text[self.at..end.at].parse().unwrap_or(u32::MAX)
    }
}
