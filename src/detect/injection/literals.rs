//! Which literals a pattern cannot match without.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Most letters of a class that are looked for one by one.
const FEW: usize = 8;

/// Literals of which at least one occurs in every match. `None` where there are no such.
pub(super) fn required(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            Some(vec![text.to_owned()])
        }
        HirKind::Class(Class::Unicode(class)) => {
            let of_range = |range: &regex_syntax::hir::ClassUnicodeRange| range.start()..=range.end();
            let letters: Vec<String> = class
                .iter()
                .flat_map(of_range)
                .take(FEW + 1)
                .map(String::from)
                .collect();
            (letters.len() <= FEW).then_some(letters)
        }
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().filter_map(required).max_by_key(|set| worth(set)),
        HirKind::Alternation(branches) => {
            let sets: Option<Vec<_>> = branches.iter().map(required).collect();
            Some(sets?.concat())
        }
        _ => None,
    }
}

/// Long literals are rare, and few of them rarer.
fn worth(set: &[String]) -> (usize, std::cmp::Reverse<usize>) {
    let shortest = set.iter().map(String::len).min().unwrap_or_default();
    (shortest, std::cmp::Reverse(set.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str) -> Option<Vec<String>> {
        required(&regex_syntax::parse(pattern).expect("a pattern"))
    }

    #[test]
    fn the_part_with_the_longest_literals_is_chosen() {
        assert_eq!(
            of(r"\b(?:do|be) .*\b(?:instructions?|policies)\b"),
            Some(vec!["instruction".into(), "policies".into()])
        );
    }

    #[test]
    fn every_branch_has_to_have_one() {
        assert_eq!(of(r"(?:abc|def.*x)"), Some(vec!["abc".into(), "def".into()]));
        assert_eq!(of(r"(?:abc|\w+)"), None);
        assert_eq!(of(r"(?:abc)?"), None);
    }
}
