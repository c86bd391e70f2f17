//! The words of a question, widened by what else may be meant.

use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;

use super::{synonyms, words};

/// What a synonym is worth beside the word itself.
const SYNONYM: f32 = 0.6;
/// What a word is worth that may have been meant, where one slip of the keyboard was made.
const TYPO: f32 = 0.5;
/// Letters of a word that is looked at for a slip: in a shorter one a slip leads to too many other words.
const TYPO_LETTERS: RangeInclusive<usize> = 5..=30;
/// Words of a query beyond which it is no question any more; the rest is not looked at.
const MOST_WORDS: usize = 64;

/// The words of a question, and the stems that stand for each.
pub(super) struct Terms {
    words: Vec<String>,
    /// The terms that each stem stands for.
    stems: HashMap<String, Vec<(usize, f32)>>,
}

impl Terms {
    /// The terms of `query`: its words without those that tell nothing, unless it has no others.
    pub(super) fn of(query: &str) -> Self {
        let mut words: Vec<String> = Vec::new();
        words::each(query, &mut |word| {
            for word in words::written_out(word) {
                if words.len() < MOST_WORDS && !words.iter().any(|known| known == word) {
                    words.push(word.to_owned());
                }
            }
        });
        if words.iter().any(|word| !words::is_stop_word(word)) {
            words.retain(|word| !words::is_stop_word(word));
        }
        let mut terms = Terms {
            words: Vec::new(),
            stems: HashMap::new(),
        };
        for (term, word) in words.iter().enumerate() {
            terms.widen(term, word, 1.0);
        }
        Terms { words, ..terms }
    }

    /// How many terms there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The terms that `word` stands for, by position, and how well it does, from 0 to 1.
    pub(super) fn standing(&self, word: &str) -> Vec<(usize, f32)> {
        words::written_out(word)
            .filter_map(|word| self.stems.get(&words::stem(word)))
            .flatten()
            .copied()
            .collect()
    }

    /// Where nothing in `vocabulary` stands for a term, takes it for a slip of the keyboard, and lets the words
    /// stand for it that may have been meant.
    pub(super) fn mend<'v>(&mut self, vocabulary: impl Iterator<Item = &'v str> + Clone) {
        let mut known = vec![false; self.len()];
        for word in vocabulary.clone() {
            self.standing(word).iter().for_each(|(term, _)| known[*term] = true);
        }
        let unknown: Vec<usize> = (0..self.len())
            .filter(|term| !known[*term] && TYPO_LETTERS.contains(&self.words[*term].chars().count()))
            .collect();
        let meant: BTreeSet<(usize, &str)> = vocabulary
            .chain(synonyms::GROUPS.iter().flat_map(|group| group.split(' ')))
            .flat_map(|word| unknown.iter().map(move |term| (*term, word)))
            .filter(|(term, word)| is_a_slip_away(word, &self.words[*term]))
            .collect();
        for (term, word) in meant {
            self.widen(term, word, TYPO);
        }
    }

    /// Lets `word` and its synonyms stand for `term`.
    fn widen(&mut self, term: usize, word: &str, worth: f32) {
        let stem = words::stem(word);
        for group in synonyms::GROUPS {
            let synonyms = group.split(' ').map(words::stem);
            if synonyms.clone().any(|synonym| synonym == stem) {
                synonyms.for_each(|synonym| self.stand(synonym, term, worth * SYNONYM));
            }
        }
        self.stand(stem, term, worth);
    }

    fn stand(&mut self, stem: String, term: usize, worth: f32) {
        let terms = self.stems.entry(stem).or_default();
        match terms.iter_mut().find(|(known, _)| *known == term) {
            Some((_, known)) => *known = known.max(worth),
            None => terms.push((term, worth)),
        }
    }
}

/// Whether `word` is `typed` with one letter added, left out, exchanged, or swapped with the next. The first letter is
/// seldom the wrong one, and asking for it spares most words the comparison.
fn is_a_slip_away(word: &str, typed: &str) -> bool {
    word.len().abs_diff(typed.len()) <= 1
        && word.as_bytes().first() == typed.as_bytes().first()
        && strsim::osa_distance(word, typed) == 1
}
