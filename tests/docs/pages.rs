//! The pages, and what stands in them.

use std::{fs, path::Path};

/// README.md, or a page of docs/.
pub(super) struct Page {
    /// Where it lies in the checkout.
    pub(super) name: String,
    text: String,
}

/// A fenced block.
pub(super) struct Block {
    /// What it says of itself behind the fence; may be empty.
    pub(super) language: String,
    pub(super) text: String,
    /// Of the page, counted from 1.
    pub(super) line: usize,
}

/// The checkout.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the checkout.
pub(super) fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every page.
pub(super) fn pages() -> Vec<Page> {
    let docs = fs::read_dir(root().join("docs")).expect("it is there").flatten();
    let docs = docs.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = docs
        .filter(|name| name.ends_with(".md"))
        .map(|name| format!("docs/{name}"))
        .collect();
    names.push("README.md".to_owned());
    names.sort();
    names.iter().map(|name| Page::named(name)).collect()
}

impl Page {
    pub(super) fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            text: read(name),
        }
    }

    /// Its fenced blocks.
    pub(super) fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut is_open = false;
        for (at, line) in self.text.lines().enumerate() {
            match (line.strip_prefix("```"), is_open) {
                (Some(language), false) => {
                    let (language, text) = (language.to_owned(), String::new());
                    let line = at + 1;
                    blocks.push(Block { language, text, line });
                    is_open = true;
                }
                (Some(_), true) => is_open = false,
                (None, true) => {
                    let block = blocks.last_mut().expect("one is open");
                    block.text += line;
                    block.text += "\n";
                }
                (None, false) => {}
            }
        }
        assert!(!is_open, "{}: a fence is not closed", self.name);
        blocks
    }

    /// Its lines outside of fenced blocks.
    pub(super) fn prose(&self) -> Vec<&str> {
        let mut is_open = false;
        let is_prose = |line: &&str| {
            let fence = line.starts_with("```");
            is_open ^= fence;
            !fence && !is_open
        };
        self.text.lines().filter(is_prose).collect()
    }

    /// What stands between backticks in its prose.
    pub(super) fn spans(&self) -> Vec<&str> {
        self.prose().into_iter().flat_map(spans).collect()
    }

    /// The prose below the heading that reads so, down to the next heading of any level.
    #[track_caller]
    pub(super) fn section(&self, heading: &str) -> Vec<&str> {
        let is_heading = |line: &&str| line.starts_with('#');
        let title = |line: &&str| line.trim_start_matches('#').trim() == heading;
        let prose = self.prose();
        let start = prose.iter().position(|line| is_heading(line) && title(line));
        let start = start.unwrap_or_else(|| panic!("{} has no heading `{heading}`", self.name)) + 1;
        prose[start..]
            .iter()
            .copied()
            .take_while(|line| !is_heading(line))
            .collect()
    }

    /// Its headings, as what a link names them by.
    pub(super) fn anchors(&self) -> Vec<String> {
        let headings = self.prose().into_iter().filter(|line| line.starts_with('#'));
        headings
            .map(|line| {
                let title = line.trim_start_matches('#').trim().to_lowercase();
                let kept = title.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
                kept.map(|c| if c == ' ' { '-' } else { c }).collect()
            })
            .collect()
    }
}

/// What stands between backticks in a line.
pub(super) fn spans(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

/// The cells of a row of a table; none for other lines and the rule below the head.
pub(super) fn cells(line: &str) -> Vec<&str> {
    let Some(row) = line.strip_prefix('|').and_then(|row| row.trim_end().strip_suffix('|')) else {
        return Vec::new();
    };
    let cells: Vec<&str> = row.split('|').map(str::trim).collect();
    if cells.iter().all(|cell| cell.chars().all(|c| c == '-')) {
        return Vec::new();
    }
    cells
}
