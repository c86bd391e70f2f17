//! What the members of one object tell of each other, and the items of one array: `{"name": "DB_PASSWORD", "value": "x"}` in
//! any order, the data of an object of a kind, the rows below a heading, the words of a command.
//!
//! The value is searched once more, as if it stood under the name that the other one gives.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::{Hit, Masker, Source, Written};
use crate::{
    detect::{Context, Role},
    json::{self, Token},
    message::{Leaf, Path},
};

/// Members whose value is the name of another one's, in lower case and without what joins words.
#[rustfmt::skip]
const NAMERS: &[&str] = &[
    "name", "key", "id", "label", "field", "fieldname", "parameter", "parameterkey", "parametername", "param", "option",
    "optionname", "variable", "variablename", "envname", "envvar", "setting", "settingname", "property", "propertyname",
    "attribute", "attributename", "header", "headername", "secretname", "configkey",
];

/// Members that hold the value that another one names.
#[rustfmt::skip]
const HOLDERS: &[&str] = &[
    "value", "val", "values", "parametervalue", "optionvalue", "newvalue", "oldvalue", "currentvalue", "defaultvalue",
    "stringvalue", "plaintext", "plaintextvalue", "secretvalue", "secretstring", "content", "data", "text", "default",
    "current",
];

/// Members that hold what an object of a kind is for, as in Kubernetes.
const DATA: &[&str] = &["data", "stringData"];
/// The member that says what an object is.
const KIND: &str = "kind";
/// The kind of object whose data are kept until it is known.
const SECRET: &str = "Secret";
/// Members that hold the heading of a table.
const HEADINGS: &[&str] = &["columns", "fields", "headers", "header", "columnNames", "column_names"];
/// The longest name of a member that is looked up, the longest word of a command, and the most values that wait for a name.
const LONGEST_NAME: usize = 24;
const LONGEST_WORD: usize = 256;
const MOST_VALUES: usize = 8;
const MOST_COLUMNS: usize = 64;

/// The members of a document that belong together.
pub(super) struct Siblings<'s, 'a> {
    masker: &'s Masker,
    text: &'a str,
    /// The open objects of which something is remembered, outermost first.
    open: Vec<Group<'a>>,
    /// Whether the document can hold an object of the kind; asked when it matters.
    has_secret: Option<bool>,
    table: Option<Table>,
    words: Words<'a>,
}

/// What is remembered of one object.
struct Group<'a> {
    depth: usize,
    container: usize,
    name: Option<String>,
    is_secret: bool,
    values: Vec<Held<'a>>,
    data: Vec<(String, Held<'a>)>,
}

/// A leaf that waits for its name.
struct Held<'a> {
    token: Token<'a>,
    role: Role,
    written: Written,
    path: Path,
}

/// The telling columns of a table; `owner` is the container that its heading and its rows stand in.
struct Table {
    heading: usize,
    owner: usize,
    columns: Vec<Option<String>>,
}

/// The words of a command as far as the next ones need them.
#[derive(Default)]
struct Words<'a> {
    array: Option<usize>,
    /// The leaf before the array, its first item, and the last one, as they are written.
    lead: &'a str,
    first: &'a str,
    last: &'a str,
}

impl<'s, 'a> Siblings<'s, 'a> {
    pub(super) fn new(masker: &'s Masker, text: &'a str) -> Self {
        Self {
            masker,
            text,
            open: Vec::new(),
            has_secret: None,
            table: None,
            words: Words::default(),
        }
    }

    /// Appends what is found in a value, or in the ones that waited for it. Whether its names are [dull](is_dull) is known.
    pub(super) fn leaf(&mut self, leaf: &Leaf<'_, 'a>, is_dull: bool, hits: &mut Vec<Hit>) {
        if leaf.containers.is_empty() {
            return;
        }
        if let Some(item) = leaf.item(0) {
            self.cell(leaf, item, hits);
            self.word(leaf, hits);
        } else if let Some(name) = leaf.context.names.last().filter(|_| !is_dull) {
            self.member(leaf, name, hits);
            self.datum(leaf, name, hits);
        }
        if leaf.context.role == Role::Text {
            self.words.remember(leaf);
        }
    }

    #[inline(never)]
    fn member(&mut self, leaf: &Leaf<'_, 'a>, member: &str, hits: &mut Vec<Hit>) {
        if !may_tell(member) {
            return;
        }
        let mut buffer = [0; LONGEST_NAME];
        let Some(plain) = plain(member, &mut buffer) else {
            return;
        };
        let own = leaf.containers.len() - 1;
        if NAMERS.contains(&plain) {
            if leaf.context.role == Role::Text && self.masker.detector.tells(leaf.text) {
                let group = self.group(leaf, own);
                group.name = Some(leaf.text.to_owned());
                for held in std::mem::take(&mut group.values) {
                    self.judge(&held, &[leaf.text], hits);
                }
            }
        } else if HOLDERS.contains(&plain) {
            // What holds the value may be an object itself: {"key": "…", "value": {"stringValue": "…"}}.
            let wrapped = leaf
                .context
                .names
                .iter()
                .rev()
                .nth(1)
                .is_some_and(|outer| outer == "value");
            let at = own - usize::from(wrapped && own > 0);
            let held = self.held(leaf);
            let group = self.group(leaf, at);
            match &group.name {
                Some(name) => {
                    let name = name.clone();
                    self.judge(&held, &[&name], hits);
                }
                None if group.values.len() < MOST_VALUES => group.values.push(held),
                None => {}
            }
        } else if plain == KIND && leaf.text == SECRET {
            let group = self.group(leaf, own);
            group.is_secret = true;
            for (name, held) in std::mem::take(&mut group.data) {
                self.judge(&held, &[SECRET, DATA[0], &name], hits);
            }
        }
    }

    /// A leaf in the `data` of an object, which may turn out to be a Secret.
    #[inline(never)]
    fn datum(&mut self, leaf: &Leaf<'_, 'a>, member: &str, hits: &mut Vec<Hit>) {
        let Some(object) = leaf
            .containers
            .len()
            .checked_sub(2)
            .filter(|_| is_in_data(leaf.context.names))
        else {
            return;
        };
        let text = self.text;
        let possible = *self
            .has_secret
            .get_or_insert_with(|| memchr::memmem::find(text.as_bytes(), SECRET.as_bytes()).is_some());
        if !possible {
            return;
        }
        let held = self.held(leaf);
        let group = self.group(leaf, object);
        if group.is_secret {
            self.judge(&held, &[SECRET, DATA[0], member], hits);
        } else {
            group.data.push((member.to_owned(), held));
        }
    }

    /// A cell of a table: `{"columns": ["user", "password"], "rows": [["ann", "…"]]}`, or rows of which the first is the heading.
    #[inline(never)]
    fn cell(&mut self, leaf: &Leaf<'_, 'a>, column: usize, hits: &mut Vec<Hit>) {
        let [.., above, own] = leaf.containers[..] else { return };
        if let Some(table) = self.table.as_ref().filter(|table| table.heading != own) {
            let further = leaf.containers.iter().rev().nth(2);
            let is_row = leaf.item(1).is_some() && (above == table.owner || further == Some(&table.owner));
            if let Some(name) = table.columns.get(column).filter(|_| is_row).and_then(Option::as_ref) {
                let name = name.clone();
                self.judge(&self.held(leaf), &[&name], hits);
            }
        }
        let named = leaf
            .context
            .names
            .last()
            .is_some_and(|name| HEADINGS.contains(&name.as_ref()));
        let heads = leaf.item(1) == Some(0) || leaf.item(1).is_none() && named;
        if heads && leaf.context.role == Role::Text && column < MOST_COLUMNS && self.masker.detector.tells(leaf.text) {
            if self.table.as_ref().is_none_or(|table| table.heading != own) {
                self.table = Some(Table {
                    heading: own,
                    owner: above,
                    columns: Vec::new(),
                });
            }
            if let Some(table) = &mut self.table {
                table.columns.resize(column, None);
                table.columns.push(Some(leaf.text.to_owned()));
            }
        }
    }

    /// A word of a command in an array: `["mysql", "-pSECRET"]`, `["-u", "user:password"]`.
    #[inline(never)]
    fn word(&mut self, leaf: &Leaf<'_, 'a>, hits: &mut Vec<Hit>) {
        let option = |text: &str| matches!(text.as_bytes(), [b'-', letter, ..] if letter.is_ascii_alphabetic());
        let Some(&own) = leaf.containers.last() else { return };
        let follows = self.words.array == Some(own) && option(self.words.last);
        if leaf.context.role != Role::Text || !(follows || option(leaf.text)) || word(leaf.text).is_empty() {
            return;
        }
        let words = &self.words;
        let before = match words.array == Some(own) {
            true => [words.lead, words.first, words.last],
            false => ["", "", words.last],
        };
        let mut line = before.map(word).join(" ") + " ";
        let start = line.len();
        line.push_str(leaf.text);
        let mut found = Vec::new();
        self.masker.detector.find(&line, &Context::default(), &mut found);
        let held = self.held(leaf);
        found.retain(|finding| finding.start >= start);
        for finding in &mut found {
            (finding.start, finding.end) = (finding.start - start, finding.end - start);
        }
        self.report(&held, leaf.text, &found, hits);
    }

    /// The group of the object at this depth of those that hold `leaf`; what has closed is forgotten.
    fn group(&mut self, leaf: &Leaf<'_, 'a>, depth: usize) -> &mut Group<'a> {
        while self
            .open
            .last()
            .is_some_and(|last| leaf.containers.get(last.depth) != Some(&last.container))
        {
            self.open.pop();
        }
        let at = self.open.partition_point(|group| group.depth < depth);
        if self.open.get(at).is_none_or(|group| group.depth != depth) {
            let group = Group {
                depth,
                container: leaf.containers[depth],
                name: None,
                is_secret: false,
                values: Vec::new(),
                data: Vec::new(),
            };
            self.open.insert(at, group);
        }
        &mut self.open[at]
    }

    fn held(&self, leaf: &Leaf<'_, 'a>) -> Held<'a> {
        Held {
            token: leaf.token.clone(),
            role: leaf.context.role,
            written: Written::of(&leaf.context),
            path: leaf.path(),
        }
    }

    /// Searches what is held as if these names led to it.
    fn judge(&self, held: &Held<'a>, names: &[&str], hits: &mut Vec<Hit>) {
        let text = json::decode(&held.token);
        let names: Vec<Cow<'_, str>> = names.iter().map(|name| Cow::Borrowed(*name)).collect();
        let context = Context {
            names: &names,
            role: held.role,
            ..Context::default()
        };
        let mut found = Vec::new();
        self.masker.detector.find(&text, &context, &mut found);
        self.report(held, &text, &found, hits);
    }

    fn report(&self, held: &Held<'a>, text: &str, found: &[crate::detect::Finding], hits: &mut Vec<Hit>) {
        if found.is_empty() {
            return;
        }
        let here = Source::new(&held.token, held.written);
        let place = self.masker.place_at(&held.path);
        for finding in found {
            if let Some(hit) = self.masker.hit(finding, &text[finding.start..finding.end]) {
                hits.push(Hit {
                    place: place.clone(),
                    ..here.hit(hit)
                });
            }
        }
    }
}

impl<'a> Words<'a> {
    fn remember(&mut self, leaf: &Leaf<'_, 'a>) {
        let own = leaf.item(0).and_then(|_| leaf.containers.last().copied());
        if own.is_some() && own != self.array {
            self.lead = self.last;
            self.first = leaf.token.raw;
        }
        self.array = own;
        self.last = leaf.token.raw;
    }
}

/// A word that a command may hold as it is, or nothing.
fn word(raw: &str) -> &str {
    let odd = |b: u8| matches!(b, b' ' | b'\\' | b'\'' | b'"');
    if raw.len() > LONGEST_WORD || raw.bytes().any(odd) {
        ""
    } else {
        raw
    }
}

/// The first and last letters of the names in the tables, a bit for each pair: most other names are dismissed by them.
static ENDS: [u64; 16] = {
    let tables = [NAMERS, HOLDERS, &[KIND]];
    let mut bits = [0; 16];
    let mut table = 0;
    while table < tables.len() {
        let mut row = 0;
        while row < tables[table].len() {
            let name = tables[table][row].as_bytes();
            let slot = slot(name[0], name[name.len() - 1]);
            bits[slot / 64] |= 1 << (slot % 64);
            row += 1;
        }
        table += 1;
    }
    bits
};

/// Where a pair of letters is in the table; their case does not matter.
const fn slot(first: u8, last: u8) -> usize {
    ((first & 31) as usize) << 5 | (last & 31) as usize
}

/// Whether these names say nothing of a member: neither what it is called nor what it stands in.
pub(super) fn is_dull(names: &[Cow<'_, str>]) -> bool {
    let mut buffer = [0; LONGEST_NAME];
    let mut tells = |name: &str| {
        may_tell(name)
            && plain(name, &mut buffer)
                .is_some_and(|plain| NAMERS.contains(&plain) || HOLDERS.contains(&plain) || plain == KIND)
    };
    !names.last().is_some_and(|name| tells(name)) && !is_in_data(names)
}

fn is_in_data(names: &[Cow<'_, str>]) -> bool {
    matches!(names, [.., outer, _] if DATA.contains(&outer.as_ref()))
}

/// Whether a name may be one of the tables, by its ends.
fn may_tell(name: &str) -> bool {
    let (Some(&first), Some(&last)) = (name.as_bytes().first(), name.as_bytes().last()) else {
        return false;
    };
    let slot = slot(first, last);
    ENDS[slot / 64] >> (slot % 64) & 1 == 1
}

/// A name in lower case, without what joins its words; `None` where it is longer than those of the tables.
fn plain<'b>(name: &str, buffer: &'b mut [u8; LONGEST_NAME]) -> Option<&'b str> {
    let mut length = 0;
    for byte in name.bytes().filter(|byte| !matches!(byte, b'_' | b'-')) {
        *buffer.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    std::str::from_utf8(&buffer[..length]).ok()
}
