//! The words of every tool, each word kept once.

use std::collections::HashMap;

use super::{Document, words};

/// How many fields a document has.
pub(super) const FIELDS: usize = 5;

/// Documents as runs of word numbers.
pub(super) struct Corpus {
    numbers: HashMap<String, usize>,
    /// The words of all documents, field by field.
    words: Vec<usize>,
    /// Where each field ends in `words`.
    ends: Vec<usize>,
}

impl Corpus {
    pub(super) fn of(documents: &[Document<'_>]) -> Self {
        let mut corpus = Corpus {
            numbers: HashMap::new(),
            words: Vec::new(),
            ends: Vec::new(),
        };
        for document in documents {
            corpus.add_field([document.name]);
            corpus.add_field(document.title);
            corpus.add_field([document.description]);
            corpus.add_field(document.parameters.iter().map(AsRef::as_ref));
            corpus.add_field([document.server]);
        }
        corpus
    }

    fn add_field<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) {
        for text in texts {
            words::each(text, &mut |word| {
                let number = self.numbers.get(word).copied().unwrap_or_else(|| {
                    let next = self.numbers.len();
                    self.numbers.insert(word.to_owned(), next);
                    next
                });
                self.words.push(number);
            });
        }
        self.ends.push(self.words.len());
    }

    /// Every word that is met, once, in no order.
    pub(super) fn vocabulary(&self) -> impl Iterator<Item = &str> + Clone {
        self.numbers.keys().map(String::as_str)
    }

    /// What `of` gives for each word, to be looked up by the numbers of `documents`.
    pub(super) fn by_number<T: Default>(&self, of: impl Fn(&str) -> T) -> Vec<T> {
        let mut values = Vec::new();
        values.resize_with(self.numbers.len(), T::default);
        for (word, number) in &self.numbers {
            values[*number] = of(word);
        }
        values
    }

    /// The word numbers of each document: name, title, description, parameters, server.
    pub(super) fn documents(&self) -> impl Iterator<Item = [&[usize]; FIELDS]> {
        let mut from = 0;
        self.ends.chunks_exact(FIELDS).map(move |ends| {
            std::array::from_fn(|field| {
                let words = &self.words[from..ends[field]];
                from = ends[field];
                words
            })
        })
    }
}
