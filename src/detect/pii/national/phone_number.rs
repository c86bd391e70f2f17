//! Telephone numbers of one country, as libphonenumber finds them.

pub(crate) use rlibphonenumber::PhoneNumberType as Kind;
use rlibphonenumber::Region;
use rlibphonenumber::phonenumber_matcher::{Leniency, PHONE_MATCHER_FACTORY};

use crate::detect::pii::recognizer::{Match, Site};
use crate::detect::pii::text;

/// Presidio's score for a number that libphonenumber calls valid.
const VALID: f32 = 0.4;
/// The score of one without `+`, bracket or zero in front, which any ten digits may look like.
const UNMARKED: f32 = 0.15;
/// How far around its first digit libphonenumber is shown the text, in bytes: more than any number takes.
const BEFORE: usize = 24;
const AFTER: usize = 48;
/// The fewest digits of a number, area code included.
const FEWEST: usize = 9;

/// The numbers of one country.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbering {
    /// As libphonenumber names the country.
    pub(crate) region: Region,
    /// How numbers start: with the country's code, the trunk prefix or, where that may be left out, an area code. Spares
    /// most digits libphonenumber, which is slow.
    pub(crate) starts: &'static [&'static str],
}

impl Numbering {
    /// The number whose first digit woke the scanner, if it is of a wanted kind.
    pub(crate) fn find(self, site: &Site<'_>, is_wanted: fn(Kind) -> bool) -> Option<Match> {
        self.may_start(site.text, site.at).then_some(())?;
        let cut = text::floor(site.text, site.at.saturating_sub(BEFORE));
        let from = start_of_word(&site.text[..site.at], cut)?;
        let shown = &site.text[from..text::floor(site.text, site.at + AFTER)];
        let matcher = PHONE_MATCHER_FACTORY.matcher_builder(shown).leniency(Leniency::Valid);
        let found = matcher.preferred_region(self.region).build().find(|found| {
            let first_digit = found.raw_string.find(|c: char| c.is_ascii_digit());
            first_digit.map(|offset| from + found.start + offset) == Some(site.at)
        })?;
        let is_of_region = found.number.get_region_code() == Some(self.region) && is_wanted(found.number.get_type());
        let score = if found.raw_string.starts_with(['+', '(', '0']) {
            VALID
        } else {
            UNMARKED
        };
        is_of_region.then(|| Match {
            start: from + found.start,
            end: from + found.end(),
            score,
        })
    }

    fn may_start(self, text: &str, at: usize) -> bool {
        let written = text.as_bytes()[at..]
            .iter()
            .take(AFTER)
            .take_while(|byte| b"0123456789 -./()".contains(byte));
        let digits: Vec<u8> = written
            .filter(|byte| byte.is_ascii_digit())
            .take(FEWEST)
            .copied()
            .collect();
        digits.len() == FEWEST && self.starts.iter().any(|start| digits.starts_with(start.as_bytes()))
    }
}

/// Skips the rest of a word that is cut, so that it is not read as a number; `None` if the word does not end.
fn start_of_word(text: &str, cut: usize) -> Option<usize> {
    if text::before(text, cut).is_some_and(text::is_word) {
        text[cut..].find(|c| !text::is_word(c)).map(|rest| cut + rest)
    } else {
        Some(cut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZA: Numbering = Numbering {
        region: Region::ZA,
        starts: &["0", "27"],
    };

    fn found(text: &str, is_wanted: fn(Kind) -> bool) -> Vec<&str> {
        let starts_run = |at: usize| !text::before(text, at).is_some_and(|c| c.is_ascii_digit());
        text.match_indices(|c: char| c.is_ascii_digit())
            .filter(|&(at, _)| starts_run(at))
            .filter_map(|(at, _)| ZA.find(&Site { text, at, regions: &[] }, is_wanted))
            .map(|found| &text[found.start..found.end])
            .collect()
    }

    #[test]
    fn finds_each_number_of_the_region_once_and_whole() {
        let text = "Tel. +27 (11) 262-5500, 011 262 5500 or 063 211 8258; not +1 415 555 0132";
        assert_eq!(
            found(text, |_| true),
            ["+27 (11) 262-5500", "011 262 5500", "063 211 8258"]
        );
        assert_eq!(found(text, |kind| kind == Kind::Mobile), ["063 211 8258"]);
    }

    #[test]
    fn a_long_word_before_a_number_is_not_read_as_one() {
        assert_eq!(found(&format!("{}0112625500 x", "1".repeat(40)), |_| true), [""; 0]);
        assert_eq!(found(&format!("{}0112625500 x", "a".repeat(90)), |_| true), [""; 0]);
        assert_eq!(found(&format!("0112625500{} x", "a".repeat(90)), |_| true), [""; 0]);
    }
}
