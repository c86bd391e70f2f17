//! Which literals a pattern cannot match without.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Most literals that are made of what stands one after the other.
const MOST: usize = 24;
/// Most letters of a class that are looked for one by one.
const FEW: usize = 8;

/// Literals of which at least one occurs in every match of a pattern.
pub(super) type Clause = Vec<String>;

/// Clauses all of which hold for every match: what a sentence has to have before it is worth asking.
pub(super) fn clauses(hir: &Hir) -> Vec<Clause> {
    let mut found = Vec::new();
    collect(hir, &mut found);
    // Single letters are worth looking for only where there is nothing else.
    let says_more = |clause: &Clause| worth(clause).0 > 1;
    if found.iter().any(says_more) {
        found.retain(says_more);
    }
    found
}

fn collect(hir: &Hir, found: &mut Vec<Clause>) {
    if let Some(all) = exact(hir) {
        found.extend(telling(all));
        return;
    }
    match hir.kind() {
        HirKind::Capture(capture) => collect(&capture.sub, found),
        HirKind::Repetition(repetition) if repetition.min > 0 => collect(&repetition.sub, found),
        HirKind::Concat(parts) => in_order(parts, found),
        HirKind::Alternation(branches) => {
            let best = |branch| clauses(branch).into_iter().max_by_key(worth);
            let sets: Option<Vec<Clause>> = branches.iter().map(best).collect();
            found.extend(sets.map(|sets| sets.concat()).and_then(telling));
        }
        _ => {}
    }
}

/// The clauses of what stands one after the other: where all that can stand there is known, it is read as one.
fn in_order(parts: &[Hir], found: &mut Vec<Clause>) {
    let mut read = vec![String::new()];
    for part in parts {
        let longer = exact(part).and_then(|next| each_with_each(&read, &next));
        if let Some(longer) = longer {
            read = longer;
            continue;
        }
        found.extend(telling(std::mem::replace(&mut read, vec![String::new()])));
        match exact(part) {
            Some(next) => read = next,
            None => collect(part, found),
        }
    }
    found.extend(telling(read));
}

/// Everything that matches, where that is little.
fn exact(hir: &Hir) -> Option<Clause> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(vec![String::new()]),
        HirKind::Literal(literal) => Some(vec![std::str::from_utf8(&literal.0).ok()?.to_owned()]),
        HirKind::Class(Class::Unicode(class)) => {
            let of_range = |range: &regex_syntax::hir::ClassUnicodeRange| range.start()..=range.end();
            let letters = class.iter().flat_map(of_range).take(FEW + 1).map(String::from);
            Some(letters.collect::<Clause>()).filter(|letters| letters.len() <= FEW)
        }
        HirKind::Capture(capture) => exact(&capture.sub),
        HirKind::Repetition(repetition) if (repetition.min, repetition.max) == (0, Some(1)) => {
            let mut all = exact(&repetition.sub)?;
            all.push(String::new());
            Some(all)
        }
        HirKind::Concat(parts) => parts.iter().try_fold(vec![String::new()], |read, part| {
            exact(part).and_then(|next| each_with_each(&read, &next))
        }),
        HirKind::Alternation(branches) => {
            let all: Option<Vec<Clause>> = branches.iter().map(exact).collect();
            Some(all?.concat())
        }
        _ => None,
    }
}

fn each_with_each(starts: &[String], ends: &[String]) -> Option<Clause> {
    let all = starts
        .iter()
        .flat_map(|start| ends.iter().map(move |end| format!("{start}{end}")));
    (starts.len() * ends.len() <= MOST).then(|| all.collect())
}

/// A clause without what another literal of it stands for; none if it says nothing.
fn telling(mut clause: Clause) -> Option<Clause> {
    clause.sort_by_key(String::len);
    let mut kept: Clause = Vec::new();
    for literal in clause {
        if !kept.iter().any(|shorter| literal.contains(shorter.as_str())) {
            kept.push(literal);
        }
    }
    (worth(&kept).0 > 0).then_some(kept)
}

/// Long literals are rare, and few of them rarer.
pub(super) fn worth(clause: &Clause) -> (usize, std::cmp::Reverse<usize>) {
    let shortest = clause.iter().map(String::len).min().unwrap_or_default();
    (shortest, std::cmp::Reverse(clause.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str) -> Vec<Clause> {
        clauses(&regex_syntax::parse(pattern).expect("a pattern"))
    }

    #[test]
    fn everything_that_must_occur_is_told() {
        assert_eq!(
            of(r"\b(?:do not|be) .*\b(?:instructions?|policies)\b"),
            [["be ", "do not "].as_slice(), &["policies", "instruction"]]
        );
    }

    #[test]
    fn what_begins_alike_is_read_whole() {
        assert_eq!(of(r"\b(?:call|copy)(?:s|ing)?\b\w+"), [["call", "copy"]]);
        assert_eq!(of(r"x.*to be (?:or|and)"), [["to be or", "to be and"]]);
    }

    #[test]
    fn every_branch_has_to_have_one() {
        assert_eq!(of(r"(?:abc\w|def.*x)"), [["abc", "def"]]);
        assert!(of(r"(?:abc|\w+)").is_empty());
        assert!(of(r"(?:abc)?").is_empty());
        assert_eq!(of(r"a\w+b"), [["a"], ["b"]]);
    }
}
