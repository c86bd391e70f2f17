//! What speaks against the texts of a message.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    detect::{
        Role,
        injection::{Context, Evidence, Names, Score, Surface, find, find_across, is_unseen, worst},
    },
    guard::Redaction,
    json::{self, Fault, Token},
    message::{Leaf, walk},
};

/// Members whose texts may be bytes in base64, by MCP's schema.
const BINARY: [&str; 2] = ["data", "blob"];
/// How much of the beginning of bytes has to be text, for all of them to be decoded, in base64.
const BEGINNING: usize = 256;
/// How much of a text is read together with its neighbours, in bytes from its beginning and to its end.
const EDGE: usize = 400;
/// Most redactions of one rule that are told of one text.
const MOST_TOLD: usize = 64;
/// How many meanings of evidence are said of one text.
const MOST_SAID: usize = 3;

/// The texts of a message that something speaks against.
pub(super) struct Reading {
    pub(super) texts: Vec<Text>,
}

/// One of them.
pub(super) struct Text {
    /// Where it stands, such as `content[0].text`.
    pub(super) place: String,
    /// Where it stands in the payload, with its quotes.
    pub(super) span: Range<usize>,
    /// The names of the members that lead to it, outermost first.
    pub(super) names: Vec<String>,
    /// What it says, decoded.
    pub(super) text: String,
    /// How it is written.
    pub(super) writing: Writing,
    /// What speaks against it.
    pub(super) evidence: Vec<Found>,
    /// What spoke against it before something was taken out of it: the rule, and what it means.
    before: Vec<(&'static str, &'static str)>,
    /// How much, at the worst of its places and times.
    pub(super) score: Score,
    /// Whether there is no end to what would be taken out of it.
    pub(super) endless: bool,
}

/// How a text is written in the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    /// As it is.
    Plain,
    /// In base64.
    Base64,
    /// As the name of a member, which is not changed.
    Key,
}

/// One piece of evidence.
pub(super) struct Found {
    /// The rule.
    pub(super) rule: &'static str,
    /// What it means.
    why: &'static str,
    /// Where it stands in the text.
    pub(super) span: Range<usize>,
    /// The sentence around it.
    pub(super) sentence: Range<usize>,
    /// Whether it consists of characters that nobody sees.
    pub(super) is_unseen: bool,
}

impl Reading {
    /// Reads a payload; `tools` are the names of those that exist.
    pub(super) fn of(payload: &str, tools: &BTreeSet<String>) -> Result<Self, Fault> {
        let names = Names {
            tools: tools.iter().map(String::as_str).collect(),
            ..Names::default()
        };
        let context = Context {
            surface: Surface::Result,
            names: &names,
        };
        let mut texts = Vec::new();
        let mut lists: BTreeMap<Vec<String>, Vec<Neighbour>> = BTreeMap::new();
        walk(payload, &mut |leaf| {
            let Some((writing, text)) = said(leaf) else { return };
            let evidence = find(&text, &context);
            let number = (!evidence.is_empty()).then_some(texts.len());
            let names = || leaf.context.names.iter().map(|name| name.to_string()).collect();
            if writing == Writing::Plain && is_in_list(leaf) {
                lists.entry(names()).or_default().push(Neighbour::of(leaf, number));
            }
            if number.is_some() {
                let place = Place {
                    shown: leaf.place(),
                    names: names(),
                    span: leaf.token.span.clone(),
                };
                texts.push(Text::of(place, text.into_owned(), writing, evidence));
            }
        })?;
        for (names, neighbours) in lists.iter().filter(|(_, neighbours)| neighbours.len() > 1) {
            across(payload, names, neighbours, &context, &mut texts);
        }
        texts.sort_by_key(|text| text.span.start);
        Ok(Self { texts })
    }

    /// Adds what was known of texts before something was taken out, which are in order and stand where they now are.
    pub(super) fn add_known(&mut self, known: Vec<Text>) {
        for text in known {
            match self
                .texts
                .binary_search_by_key(&text.span.start, |known| known.span.start)
            {
                Ok(at) => self.texts[at].add_known(text),
                Err(at) => self.texts.insert(at, text),
            }
        }
    }
}

/// Where a text stands.
struct Place {
    /// As people write it.
    shown: String,
    names: Vec<String>,
    span: Range<usize>,
}

/// What a leaf says, if it may say something.
fn said<'l>(leaf: &'l Leaf<'_, '_>) -> Option<(Writing, Cow<'l, str>)> {
    match leaf.context.role {
        Role::Text if !is_binary(leaf) => Some((Writing::Plain, Cow::Borrowed(leaf.text))),
        Role::Text => match of_bytes(leaf.text) {
            Some(text) => Some((Writing::Base64, Cow::Owned(text))),
            None => (!is_bytes(leaf.text)).then_some((Writing::Plain, Cow::Borrowed(leaf.text))),
        },
        // A name of one or two words says nothing.
        Role::Key => {
            let mut blanks = memchr::memchr_iter(b' ', leaf.text.as_bytes());
            blanks.nth(1).map(|_| (Writing::Key, Cow::Borrowed(leaf.text)))
        }
        Role::Number => None,
    }
}

/// Whether a text stands in an array, or in an object that does.
fn is_in_list(leaf: &Leaf<'_, '_>) -> bool {
    leaf.item(0).or_else(|| leaf.item(1)).is_some()
}

/// A text of a list, which may go on in the next one.
struct Neighbour {
    place: String,
    span: Range<usize>,
    /// Its beginning, and behind what is left out its end.
    edges: [String; 2],
    /// Where its end begins.
    tail: usize,
    /// Which of the texts that something speaks against it is.
    number: Option<usize>,
}

impl Neighbour {
    fn of(leaf: &Leaf<'_, '_>, number: Option<usize>) -> Self {
        let text = leaf.text;
        // Of a long text what is far from its edges is in no sentence that goes on.
        let (head, tail) = match text.len() > 2 * EDGE {
            true => (
                text.floor_char_boundary(EDGE),
                text.ceil_char_boundary(text.len() - EDGE),
            ),
            false => (text.len(), text.len()),
        };
        Self {
            place: leaf.place(),
            span: leaf.token.span.clone(),
            edges: [text[..head].to_owned(), text[tail..].to_owned()],
            tail,
            number,
        }
    }
}

/// What speaks against sentences that begin in one text of a list and end in another.
fn across(payload: &str, names: &[String], neighbours: &[Neighbour], context: &Context<'_>, texts: &mut Vec<Text>) {
    let pieces: Vec<(usize, usize, &str)> = neighbours
        .iter()
        .enumerate()
        .flat_map(|(at, neighbour)| {
            let [head, tail] = &neighbour.edges;
            [(at, 0, head.as_str()), (at, neighbour.tail, tail)]
        })
        .filter(|(_, _, piece)| !piece.is_empty())
        .collect();
    let said: Vec<&str> = pieces.iter().map(|(_, _, piece)| *piece).collect();
    let mut all: BTreeMap<usize, Vec<Evidence>> = BTreeMap::new();
    for (piece, found) in find_across(&said, context) {
        let (at, begin, _) = pieces[piece];
        // The beginning of a text and its end are no neighbours.
        if pieces.get(piece + 1).is_some_and(|(next, ..)| *next != at) {
            let place = |span: &Range<usize>| span.start + begin..span.end + begin;
            all.entry(at).or_default().push(Evidence {
                span: place(&found.span),
                sentence: place(&found.sentence),
                ..found
            });
        }
    }
    for (at, evidence) in all {
        let neighbour = &neighbours[at];
        match neighbour.number {
            Some(number) => texts[number].add(&evidence),
            None => {
                let text = json::decode(&Token::of_string(payload, neighbour.span.clone())).into_owned();
                let place = Place {
                    shown: neighbour.place.clone(),
                    names: names.to_vec(),
                    span: neighbour.span.clone(),
                };
                texts.push(Text::of(place, text, Writing::Plain, evidence));
            }
        }
    }
}

/// Whether MCP has bytes there.
fn is_binary(leaf: &Leaf<'_, '_>) -> bool {
    leaf.context.names.last().is_some_and(|name| BINARY.contains(&&**name))
}

/// The text that bytes in base64 are, where they are one.
fn of_bytes(text: &str) -> Option<String> {
    let beginning = text
        .get(..text.len().min(BEGINNING))
        .and_then(|beginning| STANDARD.decode(beginning).ok());
    let is_text = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) => !text.contains(|c: char| c.is_control() && !c.is_whitespace() && c != '\u{1b}'),
        Err(error) => error.error_len().is_none(),
    };
    beginning.filter(|bytes| is_text(bytes))?;
    let text = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
    // A short word may be one of a text as well.
    text.contains(char::is_whitespace).then_some(text)
}

/// Whether all of it is written in the letters of base64.
fn is_bytes(text: &str) -> bool {
    let is_letter =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=' | b'\r' | b'\n');
    text.bytes().all(is_letter)
}

impl From<&Evidence> for Found {
    fn from(evidence: &Evidence) -> Self {
        Self {
            rule: evidence.rule.id,
            why: evidence.rule.why,
            is_unseen: is_unseen(evidence.rule),
            span: evidence.span.clone(),
            sentence: evidence.sentence.clone(),
        }
    }
}

impl Text {
    fn of(place: Place, text: String, writing: Writing, evidence: Vec<Evidence>) -> Self {
        let score = worst(&evidence, text.len());
        Self {
            place: place.shown,
            span: place.span,
            names: place.names,
            text,
            writing,
            evidence: evidence.iter().map(Found::from).collect(),
            before: Vec::new(),
            score,
            endless: false,
        }
    }

    /// What is known of it when it is another text, and stands elsewhere.
    pub(super) fn known(&self, span: Range<usize>, text: String) -> Self {
        Self {
            place: self.place.clone(),
            span,
            names: self.names.clone(),
            text,
            writing: self.writing,
            evidence: Vec::new(),
            before: self.told().collect(),
            score: self.score,
            endless: false,
        }
    }

    /// The rules that found something, and what that means.
    fn told(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let now = self.evidence.iter().map(|found| (found.rule, found.why));
        self.before.iter().copied().chain(now)
    }

    fn add_known(&mut self, known: Self) {
        self.before = known.before;
        self.add_score(known.score);
    }

    fn add_score(&mut self, score: Score) {
        if (score.blocks(), score.points) > (self.score.blocks(), self.score.points) {
            self.score = score;
        }
    }

    /// Adds what was found when it was read with its neighbours.
    fn add(&mut self, evidence: &[Evidence]) {
        self.add_score(worst(evidence, self.text.len()));
        self.evidence.extend(evidence.iter().map(Found::from));
    }

    /// How it is written in the message when it says `text`, as JSON.
    pub(super) fn written(&self, text: &str) -> String {
        match self.writing {
            Writing::Plain | Writing::Key => json::quote(text),
            Writing::Base64 => json::quote(&STANDARD.encode(text)),
        }
    }

    /// What its evidence means, in words.
    pub(super) fn why(&self) -> String {
        let mut said: Vec<&str> = Vec::new();
        for why in self.told().map(|(_, why)| why.trim_end_matches('.')) {
            if said.len() < MOST_SAID && !said.contains(&why) {
                said.push(why);
            }
        }
        said.join("; ")
    }

    /// The rules that had it fenced.
    pub(super) fn fenced(&self) -> impl Iterator<Item = Redaction> {
        told(self.told().map(|(rule, _)| Redaction {
            plugin: super::SPEC.name,
            rule: rule.into(),
            label: "UNTRUSTED".into(),
            place: self.place.clone(),
        }))
    }
}

/// Of each rule the first redactions only: a text may be full of what one finds.
pub(super) fn told(redactions: impl Iterator<Item = Redaction>) -> impl Iterator<Item = Redaction> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    redactions.filter(move |redaction| {
        let count = counts.entry(redaction.rule.to_string()).or_default();
        *count += 1;
        *count <= MOST_TOLD
    })
}
