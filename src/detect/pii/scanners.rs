//! The scanners of the chosen recognizers, by what wakes them.

use aho_corasick::{AhoCorasick, MatchKind};

use super::candidates::Candidate;
use super::recognizer::{Match, Scanner, Site, Trigger};
use super::text;

/// A scanner and the index of its row.
type Scanned = (usize, Scanner);

/// The scanners of the chosen recognizers.
#[derive(Debug, Default)]
pub(crate) struct Scanners {
    digits: Vec<Scanned>,
    at: Vec<Scanned>,
    colon: Vec<Scanned>,
    dot: Vec<Scanned>,
    cues: Option<AhoCorasick>,
    /// By cue.
    cued: Vec<Scanned>,
}

impl Scanners {
    /// Sorts scanners by their triggers.
    pub(crate) fn new(scanners: impl Iterator<Item = Scanned>) -> Self {
        let mut all = Self::default();
        let mut cues: Vec<&str> = Vec::new();
        for (row, scanner) in scanners {
            match scanner.trigger {
                Trigger::Digits => all.digits.push((row, scanner)),
                Trigger::At => all.at.push((row, scanner)),
                Trigger::Colon => all.colon.push((row, scanner)),
                Trigger::Dot => all.dot.push((row, scanner)),
                Trigger::Cue(words) => {
                    cues.extend(words.iter());
                    all.cued.extend(words.iter().map(|_| (row, scanner)));
                }
            }
        }
        let builder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(&cues);
        all.cues = (!cues.is_empty()).then(|| builder.expect("a few hundred short words fit an automaton"));
        all
    }

    /// Does any want to see the dots inside words?
    pub(crate) fn want_dots(&self) -> bool {
        !self.dot.is_empty()
    }

    /// Wakes those that the candidate feeds.
    pub(crate) fn wake(&self, candidate: Candidate, site: &Site<'_>, mut report: impl FnMut(usize, Match)) {
        let woken = match candidate {
            Candidate::Digits(_) => &self.digits,
            Candidate::At(_) => &self.at,
            Candidate::Colon(_) => &self.colon,
            Candidate::Dot(_) => &self.dot,
            Candidate::Letters(_) => return,
        };
        for (row, scanner) in woken {
            if let Some(found) = (scanner.find)(site) {
                report(*row, found);
            }
        }
    }

    /// Wakes those whose cues stand in the text, as whole words.
    pub(crate) fn follow_cues(&self, site: &Site<'_>, mut report: impl FnMut(usize, Match)) {
        let Some(cues) = &self.cues else { return };
        for cue in cues
            .find_iter(site.text)
            .filter(|cue| text::is_whole(site.text, cue.start(), cue.end()))
        {
            let (row, scanner) = &self.cued[cue.pattern().as_usize()];
            if let Some(found) = (scanner.find)(&Site {
                at: cue.start(),
                ..*site
            }) {
                report(*row, found);
            }
        }
    }
}
