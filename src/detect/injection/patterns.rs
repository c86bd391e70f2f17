//! Patterns as they are compiled.

use super::fragments::expand;

/// Letters of words. Only ASCII and everything beyond it: the tables of Unicode would make each pattern a hundred times
/// as large, and a search with Unicode's boundaries of words gives up its fast path at the first letter beyond ASCII.
const WORD: &str = r"[0-9a-z_\u{80}-\u{10ffff}]";
const NO_WORD: &str = r"[^0-9a-z_\u{80}-\u{10ffff}]";
const BOUNDARY: &str = r"(?-u:\b)";

/// The source of the patterns of a rule as one, with their fragments in place. They are asked of text in lower case.
pub(super) fn source(patterns: &[&str]) -> String {
    let expanded = patterns
        .iter()
        .map(|pattern| format!("(?:{})", plain(&expand(pattern))));
    expanded.collect::<Vec<_>>().join("|")
}

/// A pattern whose classes of letters and boundaries are those of ASCII. Where it speaks another script, its
/// boundaries stay those of Unicode.
pub(super) fn plain(pattern: &str) -> String {
    let boundary = match pattern.chars().any(|c| !c.is_ascii() && c.is_alphabetic()) {
        true => r"\b",
        false => BOUNDARY,
    };
    let mut made = String::with_capacity(pattern.len() * 2);
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            made.push(c);
            continue;
        }
        match rest.next() {
            Some('b') => made.push_str(boundary),
            Some('w') => made.push_str(WORD),
            Some('W') => made.push_str(NO_WORD),
            Some('d') => made.push_str("[0-9]"),
            other => made.extend([c].into_iter().chain(other)),
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_ascii() {
        assert_eq!(plain(r"\bno [\w.]+\d"), format!("{BOUNDARY}no [{WORD}.]+[0-9]"));
        assert_eq!(plain(r"\\b\.\u{e000}\S"), r"\\b\.\u{e000}\S");
    }

    #[test]
    fn another_script_keeps_its_boundaries() {
        assert_eq!(plain(r"\bигнорируй"), r"\bигнорируй");
    }
}
