//! Which tools fit a question in plain words: BM25F, the ranking of full-text search over documents with fields, with
//! the words of the question widened by their stems, their synonyms and, where nothing else fits, by words a slip away.
//!
//! S. Robertson, H. Zaragoza, M. Taylor: *Simple BM25 extension to multiple weighted fields* (2004).

mod corpus;
mod synonyms;
mod terms;
mod words;

use std::borrow::Cow;

use corpus::Corpus;
use terms::Terms;

/// What is known of one tool.
#[derive(Clone, Copy, Debug)]
pub(super) struct Document<'a> {
    /// The server that offers it.
    pub server: &'a str,
    /// The name it is called by.
    pub name: &'a str,
    /// The name it is shown under.
    pub title: Option<&'a str>,
    /// What it says it does.
    pub description: &'a str,
    /// Names and descriptions of its parameters.
    pub parameters: &'a [Cow<'a, str>],
}

/// How a field counts.
struct Field {
    /// What one match is worth.
    weight: f32,
    /// How many words it usually has: in a longer text a match says less.
    usual: f32,
}

/// Name, title, description, parameters, server.
const FIELDS: [Field; corpus::FIELDS] = [
    field(3.0, 3.0),
    field(2.0, 3.0),
    field(1.0, 12.0),
    field(0.4, 20.0),
    field(0.4, 1.5),
];

const fn field(weight: f32, usual: f32) -> Field {
    Field { weight, usual }
}

/// How soon more matches of one term stop to count (BM25's k1).
const SATURATION: f32 = 1.2;
/// How much the length of a field counts, from 0 to 1 (BM25's b).
const LENGTH: f32 = 0.4;

/// The positions in `documents` of those that fit `query`, best first, at most `limit`; equals keep their order.
pub(super) fn rank(query: &str, documents: &[Document<'_>], limit: usize) -> Vec<usize> {
    let corpus = Corpus::of(documents);
    let mut terms = Terms::of(query);
    terms.mend(corpus.vocabulary());
    let frequencies = frequencies(&corpus, &terms);
    let rarity = rarity(&frequencies, terms.len());
    let score = |row: &Vec<f32>| {
        row.iter()
            .zip(&rarity)
            .map(|(met, rarity)| rarity * met / (met + SATURATION))
            .sum()
    };
    let mut scored: Vec<(f32, usize)> = frequencies
        .iter()
        .map(score)
        .zip(0..)
        .filter(|(score, _)| *score > 0.0)
        .collect();
    scored.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    scored.into_iter().take(limit).map(|(_, position)| position).collect()
}

/// How often each document has each term, weighed by field and its length.
fn frequencies(corpus: &Corpus, terms: &Terms) -> Vec<Vec<f32>> {
    let standings = corpus.by_number(|word| terms.standing(word));
    let row = |fields: [&[usize]; corpus::FIELDS]| {
        let mut row = vec![0.0; terms.len()];
        for (field, words) in FIELDS.iter().zip(fields) {
            let share = field.weight / (1.0 - LENGTH + LENGTH * words.len() as f32 / field.usual);
            for (term, worth) in words.iter().flat_map(|word| &standings[*word]) {
                row[*term] += worth * share;
            }
        }
        row
    };
    corpus.documents().map(row).collect()
}

/// How much having each term tells, the more the fewer documents have it (BM25's idf).
fn rarity(frequencies: &[Vec<f32>], terms: usize) -> Vec<f32> {
    let all = frequencies.len() as f32;
    let having = |term: usize| frequencies.iter().filter(|row| row[term] > 0.0).count() as f32;
    (0..terms)
        .map(having)
        .map(|having| (1.0 + (all - having + 0.5) / (having + 0.5)).ln())
        .collect()
}

#[cfg(test)]
mod tests;
