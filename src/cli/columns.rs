//! Rows of text in columns, each as wide as its widest cell.

/// What stands in a column: numbers end at one edge, anything else begins at one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Numbers,
}

/// A line for each row. Every row has as many cells as there are columns.
pub(super) fn aligned(columns: &[Holds], rows: &[Vec<String>]) -> String {
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).zip(columns);
        let cells = cells.map(|((cell, width), holds)| match holds {
            Holds::Numbers => format!("{cell:>width$}"),
            Holds::Text => format!("{cell:<width$}"),
        });
        let line: Vec<String> = cells.collect();
        format!("{}\n", line.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a", "1", "x"], ["bcd", "23", ""]].map(|row| row.map(str::to_owned).to_vec());
        let shown = aligned(&[Holds::Text, Holds::Numbers, Holds::Text], &rows);
        assert_eq!(shown, "a     1  x\nbcd  23\n");
    }
}
