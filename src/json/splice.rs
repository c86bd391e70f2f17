//! Other texts in the place of some stretches.

use std::ops::Range;

/// One stretch of a text and what is to stand there instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The stretch, in bytes.
    pub span: Range<usize>,
    /// What replaces it.
    pub with: String,
}

/// `text` with every edit made. Edits are in order and do not overlap.
pub fn splice(text: &str, edits: &[Edit]) -> String {
    let grown: usize = edits.iter().map(|edit| edit.with.len()).sum();
    let mut out = String::with_capacity(text.len() + grown);
    let mut at = 0;
    for edit in edits {
        out.push_str(&text[at..edit.span.start]);
        out.push_str(&edit.with);
        at = edit.span.end;
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_stretches_change() {
        let edits = [
            Edit {
                span: 0..1,
                with: "<A>".into(),
            },
            Edit {
                span: 3..3,
                with: "+".into(),
            },
        ];
        assert_eq!(splice("abcd", &edits), "<A>bc+d");
        assert_eq!(splice("abcd", &[]), "abcd");
    }
}
