//! Tables in plain text: which column a position is in, and what its header says.

/// What parts the cells of a row.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// The longest cell that can be a header, in bytes.
const LONGEST_NAME: usize = 40;
/// A cell of more words is prose.
const MOST_WORDS: usize = 3;
/// A first line longer than this is no header, in bytes.
const LONGEST_HEADER: usize = 4096;

/// The columns of a text that is a table: comma-, tab- or semicolon-separated values, or cells between `|`.
#[derive(Debug)]
pub(crate) struct Columns<'a> {
    text: &'a str,
    delimiter: u8,
    names: Vec<&'a str>,
    /// Where the rows start.
    body: usize,
    /// Up to where the text was read.
    position: usize,
    /// Where the cell there starts.
    cell: usize,
    column: usize,
    is_quoted: bool,
}

impl<'a> Columns<'a> {
    /// Reads the header, if the text starts with one: at least two names, and a next row of as many cells.
    pub(crate) fn of(text: &'a str) -> Option<Self> {
        let mut lines = Lines { text, position: 0 };
        let (_, header) = lines.find(|(_, line)| !is_rule(line))?;
        if header.len() > LONGEST_HEADER {
            return None;
        }
        let (body, row) = lines.find(|(_, line)| !is_rule(line))?;
        let delimiter = DELIMITERS
            .into_iter()
            .max_by_key(|&delimiter| (count(header, delimiter), delimiter == b','))?;
        let names: Vec<&str> = header
            .split(char::from(delimiter))
            .map(|name| name.trim().trim_matches('"'))
            .collect();
        let cells = count(row, delimiter) + 1;
        let is_table = names.len() > 2 || (names.len() == 2 && !header.contains(", "));
        let is_header = is_table && cells == names.len() && names.iter().all(|name| is_name(name, delimiter));
        is_header.then_some(Self {
            text,
            delimiter,
            names,
            body,
            position: body,
            cell: body,
            column: 0,
            is_quoted: false,
        })
    }

    /// The cell at `position`, which is not before that of the last call.
    pub(crate) fn cell_at(&mut self, position: usize) -> Option<Cell<'a>> {
        if position < self.body {
            return None;
        }
        let from = self.position.min(position);
        for (i, &byte) in self.text.as_bytes()[from..position].iter().enumerate() {
            match byte {
                b'"' => self.is_quoted = !self.is_quoted,
                b'\n' => (self.column, self.cell, self.is_quoted) = (0, from + i + 1, false),
                byte if byte == self.delimiter && !self.is_quoted => {
                    self.column += 1;
                    self.cell = from + i + 1;
                }
                _ => {}
            }
        }
        self.position = self.position.max(position);
        let header = self.names.get(self.column).copied().filter(|name| !name.is_empty())?;
        Some(Cell {
            header,
            start: self.cell,
        })
    }
}

impl<'a> Columns<'a> {
    /// Calls `visit` with each cell that has a header, and where it ends.
    pub(crate) fn each_cell(&mut self, mut visit: impl FnMut(Cell<'a>, usize)) {
        let mut start = self.body;
        while start < self.text.len() {
            let end = self.cell_end(start);
            if let Some(cell) = self.cell_at(start) {
                visit(cell, end);
            }
            start = end + 1;
        }
    }

    /// Where the cell that starts at `start` ends.
    fn cell_end(&self, start: usize) -> usize {
        let mut is_quoted = false;
        let ends = |&byte: &u8| {
            is_quoted ^= byte == b'"';
            byte == b'\n' || (byte == self.delimiter && !is_quoted)
        };
        self.text.as_bytes()[start..]
            .iter()
            .position(ends)
            .map_or(self.text.len(), |length| start + length)
    }
}

/// A cell of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cell<'a> {
    /// What the header says of its column.
    pub(crate) header: &'a str,
    /// Its first byte.
    pub(crate) start: usize,
}

/// Lines with their positions, the empty ones left out.
struct Lines<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.text.get(self.position..).filter(|rest| !rest.is_empty())?;
            let line = rest.split('\n').next()?;
            let start = self.position;
            self.position += line.len() + 1;
            if !line.trim().is_empty() {
                return Some((start, line.trim_end_matches('\r')));
            }
        }
    }
}

/// Delimiters outside quotes.
fn count(line: &str, delimiter: u8) -> usize {
    let mut is_quoted = false;
    let is_one = |&&byte: &&u8| {
        is_quoted ^= byte == b'"';
        byte == delimiter && !is_quoted
    };
    line.as_bytes().iter().filter(is_one).count()
}

/// A line of a drawn table: `+---+---+`, `|:--|---|`.
fn is_rule(line: &str) -> bool {
    line.trim().bytes().all(|byte| b"+-=|: ".contains(&byte))
}

/// Could a cell be a header? Between bars the outermost cells are empty.
fn is_name(cell: &str, delimiter: u8) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || " _-./#()'".contains(c);
    let starts_well = cell.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '#');
    let is_short = cell.len() <= LONGEST_NAME && cell.split_whitespace().count() <= MOST_WORDS;
    (delimiter == b'|' && cell.is_empty()) || (starts_well && is_short && cell.chars().all(is_word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_column_of_a_position() {
        let text = "name,\"home phone\",ssn\nAnn,\"1, 2\",3\nBob,4,5\n";
        let mut columns = Columns::of(text).unwrap();
        let mut name_at = |position| columns.cell_at(position).map(|cell| cell.header);
        assert_eq!(name_at(2), None);
        assert_eq!(name_at(text.find("2\"").unwrap()), Some("home phone"));
        assert_eq!(name_at(text.find('3').unwrap()), Some("ssn"));
        assert_eq!(name_at(text.find("Bob").unwrap()), Some("name"));
        assert_eq!(name_at(text.find('5').unwrap()), Some("ssn"));
    }

    #[test]
    fn reads_drawn_tables() {
        let text = "+----+-----+\n| id | SSN |\n|----|-----|\n| 7  | 123 |\n";
        assert_eq!(
            Columns::of(text)
                .unwrap()
                .cell_at(text.find("123").unwrap())
                .unwrap()
                .header,
            "SSN"
        );
    }

    #[test]
    fn prose_has_no_header() {
        for text in [
            "Dear Ann, welcome\nplease call, 555",
            "Hello there.\nYou, too",
            "one line",
            "a@b.co,c\nd,e",
            "12,yes\n14,no",
        ] {
            assert!(Columns::of(text).is_none(), "{text}");
        }
    }
}
