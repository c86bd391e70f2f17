//! What is split over adjacent items: a server may send a text in several content items, and a secret may lie across.

use super::{Hit, Masker, Source, Written};
use crate::{detect::Finding, json::Token, message::Leaf};

/// How much of an item's end and beginning is read together with its neighbour, in bytes.
const WINDOW: usize = 4096;

/// How many items are read together at most.
const ITEMS: usize = 8;

/// The `text` members of a document, in order.
#[derive(Default)]
pub(super) struct Neighbours<'a> {
    items: Vec<Item<'a>>,
}

struct Item<'a> {
    token: Token<'a>,
    text: String,
    /// The decoded length; `text` holds the whole of a short item, else its first and its last `WINDOW` bytes.
    length: usize,
    place: String,
}

impl<'a> Neighbours<'a> {
    /// Keeps the ends of a leaf that may have neighbours.
    pub(super) fn leaf(&mut self, leaf: &Leaf<'_, 'a>) {
        let role = leaf.context.role;
        if role != crate::detect::Role::Text || leaf.context.names.last().is_none_or(|name| name != "text") {
            return;
        }
        let (length, text) = (leaf.text.len(), leaf.text);
        let text = match text.len() {
            short if short <= 2 * WINDOW => text.to_owned(),
            _ => [&text[..text.floor_char_boundary(WINDOW)], tail(text)].concat(),
        };
        self.items.push(Item {
            token: leaf.token.clone(),
            text,
            length,
            place: leaf.place(),
        });
    }

    /// Appends a hit for each part of what lies across items.
    pub(super) fn find(&self, masker: &Masker, hits: &mut Vec<Hit>) {
        for first in 0..self.items.len().saturating_sub(1) {
            let group = &self.items[first..self.items.len().min(first + ITEMS)];
            let reach = 1 + group[1..]
                .iter()
                .position(|item| item.length > WINDOW)
                .map_or(group.len() - 1, |at| at + 1);
            let group = &group[..reach];
            let parts: Vec<&str> = group.iter().enumerate().map(|(at, item)| item.part(at == 0)).collect();
            let mut found = Vec::new();
            masker.detector.find_across(&parts, &mut found);
            for finding in &found {
                split(masker, group, &parts, finding, hits);
            }
        }
    }
}

impl Item<'_> {
    /// What of it is read with its neighbours: the end of the first item, the beginning of the others.
    fn part(&self, first: bool) -> &str {
        match (first, self.length > WINDOW) {
            (true, _) => tail(&self.text),
            (false, true) => &self.text[..self.text.floor_char_boundary(WINDOW)],
            (false, false) => &self.text,
        }
    }
}

/// One hit for each item that a finding touches.
fn split(masker: &Masker, group: &[Item<'_>], parts: &[&str], finding: &Finding, hits: &mut Vec<Hit>) {
    let mut start = 0;
    for (at, (item, part)) in group.iter().zip(parts).enumerate() {
        let end = start + part.len();
        let (from, to) = (finding.start.max(start), finding.end.min(end));
        if from < to {
            let matched = &part[from - start..to - start];
            // The first part is the item's tail: its positions count from where the tail begins.
            let shift = if at == 0 { item.length - part.len() } else { 0 };
            if let Some(mut hit) = masker.hit(finding, matched) {
                hit.span = shift + from - start..shift + to - start;
                let place = masker.masked(&item.place).into_owned();
                hits.push(Hit {
                    place,
                    matched: None,
                    ..Source::new(&item.token, Written::InString).hit(hit)
                });
            }
        }
        start = end;
    }
}

fn tail(text: &str) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(WINDOW))..]
}
