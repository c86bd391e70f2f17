//! The shape of a token: rules write it in regex notation, and it is matched at one known place.
//!
//! A scan knows where a token would start before it asks for a shape, so no search is needed; a walk over a few nodes
//! costs less than building and running an automaton for each of the several hundred rules.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::bytes::{ByteSet, is_token};

/// One step of a shape.
#[derive(Debug)]
enum Node {
    Literal(Box<[u8]>),
    /// So many bytes of a set, as many as there are.
    Run {
        set: ByteSet,
        min: usize,
        max: usize,
    },
    /// So many times the nodes.
    Repeat {
        nodes: Vec<Node>,
        min: usize,
        max: usize,
    },
    Either(Vec<Vec<Node>>),
}

/// A parsed shape.
#[derive(Debug)]
pub(super) struct Shape {
    nodes: Vec<Node>,
    /// The bytes that would continue the token: it ends only before another one.
    alphabet: ByteSet,
}

impl Shape {
    /// Parses regex notation: literals, classes, groups, alternation and greedy repetition, all of it ASCII.
    ///
    /// # Errors
    /// Says what the notation holds that isn't one of these.
    pub(super) fn parse(notation: &str) -> Result<Self, String> {
        let hir = ParserBuilder::new().unicode(false).utf8(false).build().parse(notation);
        let mut nodes = Vec::new();
        lower(&hir.map_err(|error| error.to_string())?, &mut nodes)?;
        let alphabet = ending(&nodes);
        Ok(Self { nodes, alphabet })
    }

    /// The end of the token of this shape that starts at `at`, if there is one.
    pub(super) fn end(&self, text: &[u8], at: usize) -> Option<usize> {
        let mut end = None;
        walk(&self.nodes, text, at, &mut |here| {
            let ends = !self.goes_on(text, here);
            if ends {
                end = Some(here);
            }
            ends
        });
        end
    }

    /// Does the byte at `at` continue a token? A full stop that ends a sentence doesn't.
    fn goes_on(&self, text: &[u8], at: usize) -> bool {
        let belongs = |at: usize| text.get(at).is_some_and(|&byte| self.alphabet.contains(byte));
        belongs(at) && (text[at] != b'.' || belongs(at + 1))
    }

    /// The same, where more token bytes may follow: they are taken for a part of it.
    pub(super) fn end_of_longer(&self, text: &[u8], at: usize) -> Option<usize> {
        let mut end = None;
        walk(&self.nodes, text, at, &mut |here| {
            end = Some(here);
            true
        });
        end.map(|end| {
            end + text[end..]
                .iter()
                .take_while(|&&byte| is_token(byte) || self.alphabet.contains(byte))
                .count()
        })
    }
}

fn lower(hir: &Hir, nodes: &mut Vec<Node>) -> Result<(), String> {
    match hir.kind() {
        HirKind::Empty => {}
        HirKind::Literal(literal) => nodes.push(Node::Literal(literal.0.clone())),
        HirKind::Class(class) => nodes.push(Node::Run {
            set: byte_set(class)?,
            min: 1,
            max: 1,
        }),
        HirKind::Repetition(repetition) => {
            let (min, max) = (
                repetition.min as usize,
                repetition.max.map_or(usize::MAX, |max| max as usize),
            );
            match repetition.sub.kind() {
                HirKind::Class(class) => nodes.push(Node::Run {
                    set: byte_set(class)?,
                    min,
                    max,
                }),
                _ => {
                    let mut inner = Vec::new();
                    lower(&repetition.sub, &mut inner)?;
                    nodes.push(Node::Repeat { nodes: inner, min, max });
                }
            }
        }
        HirKind::Capture(capture) => lower(&capture.sub, nodes)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| lower(part, nodes))?,
        HirKind::Alternation(parts) => {
            let lowered = parts.iter().map(|part| {
                let mut branch = Vec::new();
                lower(part, &mut branch).map(|()| branch)
            });
            nodes.push(Node::Either(lowered.collect::<Result<_, _>>()?));
        }
        HirKind::Look(_) => return Err("a shape is anchored: `^`, `$` and `\\b` have no place in it".to_owned()),
    }
    Ok(())
}

fn byte_set(class: &Class) -> Result<ByteSet, String> {
    let mut set = ByteSet::default();
    match class {
        Class::Bytes(bytes) => {
            bytes
                .ranges()
                .iter()
                .flat_map(|range| range.start()..=range.end())
                .for_each(|byte| set.insert(byte));
        }
        Class::Unicode(_) => return Err("a class of a shape is ASCII".to_owned()),
    }
    if set.intersects(&ByteSet::of(|byte| !byte.is_ascii())) {
        return Err("a class of a shape is ASCII".to_owned());
    }
    Ok(set)
}

/// The bytes that may stand last in `nodes`; letters and digits go together, so that `[a-f0-9]{32}` doesn't end within
/// a longer word.
fn ending(nodes: &[Node]) -> ByteSet {
    let mut alphabet = ByteSet::default();
    for node in nodes.iter().rev() {
        let (set, optional) = match node {
            Node::Literal(literal) => (ByteSet::of(|byte| literal.last() == Some(&byte)), false),
            Node::Run { set, min, .. } => (*set, *min == 0),
            Node::Repeat { nodes, min, .. } => (ending(nodes), *min == 0),
            Node::Either(branches) => {
                let union = branches
                    .iter()
                    .map(|branch| ending(branch))
                    .fold(ByteSet::default(), ByteSet::union);
                (union, branches.iter().any(Vec::is_empty))
            }
        };
        alphabet = alphabet.union(set);
        if !optional {
            break;
        }
    }
    let alphanumeric = ByteSet::alphanumeric();
    if alphabet.intersects(&alphanumeric) {
        alphabet.union(alphanumeric)
    } else {
        alphabet
    }
}

/// Matches `nodes` from `at` on, greedily, and gives each place where they end to `accept` until it takes one.
fn walk(nodes: &[Node], text: &[u8], at: usize, accept: &mut dyn FnMut(usize) -> bool) -> bool {
    let Some((node, rest)) = nodes.split_first() else {
        return accept(at);
    };
    match node {
        Node::Literal(literal) => text[at..].starts_with(literal) && walk(rest, text, at + literal.len(), accept),
        Node::Run { set, min, max } => {
            let length = text[at..]
                .iter()
                .take(*max)
                .take_while(|&&byte| set.contains(byte))
                .count();
            (*min..=length).rev().any(|taken| walk(rest, text, at + taken, accept))
        }
        Node::Repeat { nodes, min, max } => {
            repeat(nodes, *min, *max, text, at, &mut |end| walk(rest, text, end, accept))
        }
        Node::Either(branches) => branches
            .iter()
            .any(|branch| walk(branch, text, at, &mut |end| walk(rest, text, end, accept))),
    }
}

fn repeat(
    nodes: &[Node],
    min: usize,
    max: usize,
    text: &[u8],
    at: usize,
    accept: &mut dyn FnMut(usize) -> bool,
) -> bool {
    let more = max > 0
        && walk(nodes, text, at, &mut |end| {
            end > at && repeat(nodes, min.saturating_sub(1), max - 1, text, end, accept)
        });
    more || (min == 0 && accept(at))
}

#[cfg(test)]
impl Shape {
    /// A token of this shape, by what `random` says below each bound: repeated a few times more than they must be, of all
    /// the bytes of a set alike. Signs that only pad or escape stand for others where there are others.
    pub(super) fn sample(&self, random: &mut impl FnMut(usize) -> usize) -> Vec<u8> {
        let mut token = Vec::new();
        sample(&self.nodes, random, &mut token);
        token
    }
}

#[cfg(test)]
fn sample(nodes: &[Node], random: &mut impl FnMut(usize) -> usize, token: &mut Vec<u8>) {
    const MORE: usize = 24;
    let times = |min: usize, max: usize, random: &mut dyn FnMut(usize) -> usize| min + random(1 + MORE.min(max - min));
    for node in nodes {
        match node {
            Node::Literal(literal) => token.extend_from_slice(literal),
            Node::Run { set, min, max } => {
                let all: Vec<u8> = (0..=u8::MAX).filter(|&byte| set.contains(byte)).collect();
                let plain: Vec<u8> = all.iter().copied().filter(|byte| !b"=\\.:,".contains(byte)).collect();
                let alphabet = if plain.is_empty() { all } else { plain };
                let count = times(*min, *max, random);
                token.extend((0..count).map(|_| alphabet[random(alphabet.len())]));
            }
            Node::Repeat { nodes, min, max } => {
                for _ in 0..times(*min, *max, random) {
                    sample(nodes, random, token);
                }
            }
            Node::Either(branches) => sample(&branches[random(branches.len())], random, token),
        }
    }
}

/// Numbers below a bound, the same ones each time.
#[cfg(test)]
pub(super) fn dice() -> impl FnMut(usize) -> usize {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    move |bound| {
        // xorshift64
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 16).expect("a word of 64 bits") % bound
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(notation: &str, text: &str) -> Option<usize> {
        Shape::parse(notation).expect("a shape").end(text.as_bytes(), 0)
    }

    #[test]
    fn ends_where_the_alphabet_does() {
        assert_eq!(end("[a-z]{3}", "abc.d"), Some(3));
        assert_eq!(end("[a-z]{3}", "abcd"), None);
        assert_eq!(end("[a-f0-9]{4}", "00ffz"), None);
        assert_eq!(end("[a-f0-9]{4}", "00ff_"), Some(4));
        assert_eq!(end("[a-z]{3}={0,2}", "abc=="), Some(5));
        assert_eq!(end("[a-z.]{3}", "abc. And"), Some(3));
        assert_eq!(end("[a-z.]{3}", "abc.and"), None);
    }

    #[test]
    fn a_longer_token_is_taken_whole() {
        let shape = Shape::parse("[a-z]{3}").expect("a shape");
        assert_eq!(shape.end_of_longer(b"abcdef_1.", 0), Some(8));
        assert_eq!(shape.end_of_longer(b"ab.", 0), None);
    }

    #[test]
    fn gives_back_what_the_rest_needs() {
        assert_eq!(end(r"[\w-]{2,9}MID[\w-]{2}", "aaaMIDbb,"), Some(8));
        assert_eq!(end("(?:live|test)_[a-z]{2}", "test_ab"), Some(7));
        assert_eq!(end(r"[a-z]{2}(?:\.[a-z]{2}){0,2}", "ab.cd.ef"), Some(8));
        assert_eq!(end("(?:[0-9]{2}-)?[a-z]{2}", "ab"), Some(2));
    }

    #[test]
    fn refuses_what_it_cannot_match() {
        assert!(Shape::parse(r"\bab").is_err());
        assert!(Shape::parse("[^a]").is_err());
        assert!(Shape::parse("a(").is_err());
    }
}
