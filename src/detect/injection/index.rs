//! Which rules are asked of a sentence at all: those of which all the literals occur in it that they cannot do without.
//! What is declared and what is given at run time have an index each, of the rules that count there.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::literals::{Clause, clauses, worth};
use super::patterns::source;
use super::rule::{Rule, Surface, Surfaces};
use super::rules::table;
use super::signs::{number_of, signs};

/// Signs that stand farther apart, in bytes of one sentence, have nothing to do with each other: code and tables are
/// sentences without an end.
const APART: usize = 300;

/// What code and tables consist of, where signs mean nothing.
const CODE: &[u8] = b"{}|=;";
/// Most of it that a sentence has, and how many bytes more of sentence go with one more: one call with an argument, or a
/// brace, makes no code.
const LEAST_OF_CODE: usize = 3;
const BYTES_OF_CODE: usize = 25;

/// What a rule finds: the rule, where, and the line around it.
pub(super) type Hit = (&'static Rule, Range<usize>, Range<usize>);

/// The patterns of all rules.
struct Index {
    literals: AhoCorasick,
    /// By literal: the patterns whose rarest clause it is of.
    begins: Vec<Vec<usize>>,
    patterns: Vec<Pattern>,
    /// What speaks for a sentence, rule by rule, compiled when first asked.
    unless: Vec<OnceLock<Option<Regex>>>,
    /// Sign by sign, compiled when first asked.
    signs: Vec<OnceLock<Regex>>,
}

struct Pattern {
    /// Its rule, by position in the table.
    rule: usize,
    finds: Finds,
    /// By number, the literals of each clause.
    clauses: Vec<Vec<usize>>,
}

/// How a pattern finds a sentence.
enum Finds {
    /// By an expression, compiled when first asked.
    Expression(String, OnceLock<Regex>),
    /// By all of these signs, by number.
    Signs(Vec<usize>),
}

impl Finds {
    fn clauses(&self) -> Vec<Clause> {
        match self {
            Self::Expression(source, _) => clauses_of(source),
            Self::Signs(numbers) => numbers
                .iter()
                .flat_map(|number| clauses_of(&source(signs()[*number].patterns)))
                .collect(),
        }
    }
}

static DECLARED: LazyLock<Index> =
    LazyLock::new(|| Index::of(table(), |rule| rule.surfaces.meets(Surfaces::DEFINITION)));
static GIVEN: LazyLock<Index> = LazyLock::new(|| Index::of(table(), |rule| rule.surfaces.has(Surface::Result)));

impl Index {
    fn of(table: &[&Rule], counts: impl Fn(&Rule) -> bool) -> Self {
        let (mut numbers, mut begins, mut patterns) = (BTreeMap::new(), Vec::new(), Vec::new());
        let rows = table.iter().enumerate().filter(|(_, rule)| counts(rule));
        for (rule, finds) in rows.flat_map(|(at, rule)| ways(rule).map(move |finds| (at, finds))) {
            let mut needs = finds.clauses();
            needs.sort_by_key(|clause| std::cmp::Reverse(worth(clause)));
            let mut number = |literal: String| {
                let next = numbers.len();
                *numbers.entry(literal).or_insert(next)
            };
            let clauses: Vec<Vec<usize>> = needs
                .into_iter()
                .map(|clause| clause.into_iter().map(&mut number).collect())
                .collect();
            begins.resize(numbers.len(), Vec::new());
            for &literal in &clauses[0] {
                begins[literal].push(patterns.len());
            }
            patterns.push(Pattern { rule, finds, clauses });
        }
        let mut literals: Vec<(String, usize)> = numbers.into_iter().collect();
        literals.sort_by_key(|(_, number)| *number);
        Self {
            literals: AhoCorasick::new(literals.iter().map(|(literal, _)| literal)).expect("the table is small"),
            begins,
            patterns,
            unless: table.iter().map(|_| OnceLock::new()).collect(),
            signs: signs().iter().map(|_| OnceLock::new()).collect(),
        }
    }

    fn sign(&self, number: usize) -> &Regex {
        self.signs[number].get_or_init(|| compiled(&source(signs()[number].patterns)))
    }

    /// Whether something speaks for a sentence in which a rule found something.
    fn excused(&self, rule: usize, sentence: &str) -> bool {
        let patterns = table()[rule].unless;
        let unless = self.unless[rule].get_or_init(|| (!patterns.is_empty()).then(|| compiled(&source(patterns))));
        unless.as_ref().is_some_and(|unless| unless.is_match(sentence))
    }
}

/// Every way in which a rule finds a sentence.
fn ways(rule: &Rule) -> impl Iterator<Item = Finds> {
    let expressions = rule
        .patterns
        .iter()
        .map(|pattern| Finds::Expression(source(&[pattern]), OnceLock::new()));
    let makes = rule
        .makes
        .iter()
        .map(|make| Finds::Signs(make.split(' ').map(number_of).collect()));
    expressions.chain(makes)
}

/// What a pattern cannot do without. A test holds every pattern to at least one.
pub(super) fn clauses_of(source: &str) -> Vec<Clause> {
    clauses(&regex_syntax::parse(source).expect("the table is tested"))
}

fn compiled(source: &str) -> Regex {
    Regex::new(source).expect("the table is tested")
}

/// What the table finds in a normalised text, line by line.
pub(super) fn asked(normal: &str, surface: Surface) -> Vec<Hit> {
    let index = match surface {
        Surface::Result => &*GIVEN,
        _ => &*DECLARED,
    };
    let mut found = Vec::new();
    let mut line = Line::new(index);
    for literal in index.literals.find_overlapping_iter(normal) {
        if literal.start() >= line.range.end {
            line.ask(normal, surface, &mut found);
            line.begin(line_around(normal, literal.start()));
        }
        line.has(literal.pattern().as_usize());
    }
    line.ask(normal, surface, &mut found);
    found
}

/// The literals of one line.
struct Line<'i> {
    index: &'i Index,
    range: Range<usize>,
    /// A bit for each literal.
    literals: Vec<u64>,
    /// The patterns of which a literal of the rarest clause occurs.
    candidates: Vec<usize>,
    /// Sign by sign, where it stands, once it was asked for.
    signs: Vec<Option<Option<Range<usize>>>>,
}

impl<'i> Line<'i> {
    fn new(index: &'i Index) -> Self {
        Self {
            index,
            range: 0..0,
            literals: vec![0; index.begins.len().div_ceil(64)],
            candidates: Vec::new(),
            signs: vec![None; signs().len()],
        }
    }

    fn begin(&mut self, range: Range<usize>) {
        self.range = range;
        self.literals.fill(0);
        self.candidates.clear();
        self.signs.fill(None);
    }

    fn has(&mut self, literal: usize) {
        let (word, bit) = (&mut self.literals[literal / 64], 1 << (literal % 64));
        if *word & bit == 0 {
            *word |= bit;
            self.candidates.extend(&self.index.begins[literal]);
        }
    }

    fn fits(&self, pattern: &Pattern) -> bool {
        let occurs = |literal: &usize| self.literals[literal / 64] & 1 << (literal % 64) != 0;
        pattern.clauses.iter().all(|clause| clause.iter().any(occurs))
    }

    /// Where the first of some signs stands, if all of them stand in the sentence.
    fn together(&mut self, signs: &[usize], sentence: &str) -> Option<Range<usize>> {
        if is_code(sentence) {
            return None;
        }
        let mut first: Option<Range<usize>> = None;
        for &sign in signs {
            let at =
                self.signs[sign].get_or_insert_with(|| self.index.sign(sign).find(sentence).map(|hit| hit.range()));
            let at = at.clone()?;
            match &first {
                Some(first) if first.start.abs_diff(at.start) > APART => return None,
                Some(_) => {}
                None => first = Some(at),
            }
        }
        first
    }

    /// Asks the patterns that fit. Of a rule the first place counts.
    fn ask(&mut self, normal: &str, surface: Surface, found: &mut Vec<Hit>) {
        self.candidates.sort_unstable();
        self.candidates.dedup();
        let sentence = &normal[self.range.clone()];
        let from = found.len();
        let index = self.index;
        for pattern in std::mem::take(&mut self.candidates)
            .into_iter()
            .map(|at| &index.patterns[at])
        {
            let rule = table()[pattern.rule];
            if !rule.surfaces.has(surface) || !self.fits(pattern) {
                continue;
            }
            let hit = match &pattern.finds {
                Finds::Expression(source, regex) => regex
                    .get_or_init(|| compiled(source))
                    .find(sentence)
                    .map(|hit| hit.range()),
                Finds::Signs(signs) => self.together(signs, sentence),
            };
            let Some(hit) = hit else { continue };
            let at = self.range.start + hit.start..self.range.start + hit.end;
            match found[from..].last_mut().filter(|(last, ..)| last.id == rule.id) {
                Some((_, first, _)) if at.start < first.start => *first = at,
                Some(_) => {}
                None if self.index.excused(pattern.rule, sentence) => {}
                None => found.push((rule, at, self.range.clone())),
            }
        }
    }
}

/// Whether it is code or a row of a table rather than a sentence.
fn is_code(sentence: &str) -> bool {
    let marks = sentence.bytes().filter(|byte| CODE.contains(byte)).count();
    marks >= LEAST_OF_CODE.max(sentence.len() / BYTES_OF_CODE)
}

fn line_around(text: &str, at: usize) -> Range<usize> {
    let start = memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |end| end + 1);
    let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::injection::{Names, normal::normalize, offsets::Offsets};

    #[test]
    fn one_brace_makes_no_code_of_a_sentence() {
        for code in [r#"{"a": 1, "b": {"c": 2}}"#, "| a | b | c |", "let x = y; let z = x;"] {
            assert!(is_code(code), "{code}");
        }
        for sentence in [
            "the summary goes to upload_document(bucket='mirror')",
            "give it as {\"id\": 1}",
            "send_report is to be called with bucket=eu and value=12 for every record; what the operator gave is a label",
        ] {
            assert!(!is_code(sentence), "{sentence}");
        }
    }

    #[test]
    fn no_sentence_that_a_pattern_matches_is_kept_from_it() {
        let texts = table().iter().flat_map(|rule| rule.hits.iter().chain(rule.misses));
        let index = &*DECLARED;
        let mut asked = 0;
        for text in texts {
            let mut normal = String::new();
            normalize(text, &Names::default(), &mut normal, &mut Offsets::default());
            for sentence in normal.lines() {
                let mut line = Line::new(index);
                line.begin(0..sentence.len());
                for literal in index.literals.find_overlapping_iter(sentence) {
                    line.has(literal.pattern().as_usize());
                }
                for (at, pattern) in index.patterns.iter().enumerate() {
                    let fits = line.candidates.contains(&at) && line.fits(pattern);
                    let matches = match &pattern.finds {
                        Finds::Expression(source, regex) => regex.get_or_init(|| compiled(source)).is_match(sentence),
                        Finds::Signs(signs) => line.together(signs, sentence).is_some(),
                    };
                    assert!(fits || !matches, "{} of {sentence:?}", table()[pattern.rule].id);
                    asked += usize::from(fits);
                }
            }
        }
        assert!(asked > table().len());
    }
}
