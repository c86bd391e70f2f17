//! Tokens that stand alone on a line below what names them, as forms, consoles and people show them.

use std::ops::Range;

use super::names::{self, Promise};
use super::randomness::{self, Make};
use super::verdict::{self, LIKELY, Manner};
use super::{operator, rules, stand_in};
use crate::detect::Finding;

/// The longest line that may name what is below it, in bytes …
const LONGEST: usize = 120;
/// … and of how many words it may be unless it ends with a colon.
const MOST_WORDS: usize = 4;
/// How long it may be then.
const LONGEST_LABEL: usize = 40;
/// How far its token may be indented.
const WIDEST_GAP: usize = 16;

/// Reports the run at `run`, and what pads it, if it has its line to itself and the line above names it.
pub(super) fn value(text: &str, run: Range<usize>, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let pads = bytes[run.end..].iter().take(2).take_while(|b| **b == b'=').count();
    let run = run.start..run.end + pads;
    if !matches!(bytes.get(run.end), None | Some(b'\r' | b'\n')) {
        return;
    }
    let Some((line, colon)) = line_above(text, run.start) else {
        return;
    };
    if !operator::may_tell(line.as_bytes()) {
        return;
    }
    let held = &text[run.clone()];
    let opaque = match randomness::make(held) {
        Make::Random => true,
        Make::Hex | Make::Uuid => colon,
        _ => false,
    };
    let named = || line.split(['.', ',', ';', '(', ')', '!']).find_map(promised);
    if opaque
        && !stand_in::is_stand_in(held)
        && let Some(promise) = named()
        && verdict::judge(promise, held, Manner::Literal).is_some()
    {
        found.push(rules::finding(promise, run, LIKELY));
    }
}

/// The line above the one whose first visible byte is at `start`, over an empty one, if it is a label; and whether a colon ends it.
fn line_above(text: &str, start: usize) -> Option<(&str, bool)> {
    let bytes = text.as_bytes();
    let gap = bytes[..start]
        .iter()
        .rev()
        .take(WIDEST_GAP)
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .count();
    let lead = &bytes[..start - gap];
    if lead.last() != Some(&b'\n') {
        return None;
    }
    let end = lead.trim_ascii_end().len();
    if lead.len() - end > 4 {
        return None;
    }
    let colon = lead[..end].last() == Some(&b':');
    let reach = if colon { LONGEST } else { LONGEST_LABEL };
    let from = end.saturating_sub(reach);
    let start = match memchr::memrchr(b'\n', &lead[from..end]) {
        Some(before) => from + before + 1,
        None if from == 0 => 0,
        None => return None,
    };
    let line = text.get(start..end)?.trim_matches([' ', '\t', '*', '#', ':', '-']);
    let words = line.bytes().filter(|b| *b == b' ').count() + 1;
    let label = colon || words <= MOST_WORDS && line.bytes().all(|b| operator::in_name(b) || b == b' ');
    label.then_some((line, colon))
}

/// What a part of the line promises.
fn promised(part: &str) -> Option<Promise> {
    let part = part.trim();
    let from = part.len().saturating_sub(names::LONGEST);
    let near = part.get(from..).unwrap_or_default();
    names::promise(near).filter(|promise| {
        matches!(
            promise,
            Promise::Token | Promise::Secret | Promise::Pass | Promise::Password
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "rCGGVKGczTaTrNTB0Yk0v3texnqx89F4";
    const HEX: &str = "0a1f6dc3e7b94825d6f0317ac58e92b4";

    fn secrets(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        for token in [TOKEN, HEX] {
            for (at, _) in text.match_indices(token) {
                value(text, at..at + token.len(), &mut found);
            }
        }
        found.iter().map(|finding| &text[finding.start..finding.end]).collect()
    }

    #[test]
    fn below_what_names_it() {
        for text in [
            format!("accessToken\n{TOKEN}\n"),
            format!("Client ID\nabc\nClient secret\n  {TOKEN}"),
            format!("Here is your API key. Store it safely, it will not be shown again:\n\n    {TOKEN}\n"),
            format!("**Your new access token:**\r\n{TOKEN}\r\n"),
        ] {
            assert_eq!(secrets(&text), [TOKEN], "{text}");
        }
        let text = format!("API key:\n{HEX}\n");
        assert_eq!(secrets(&text), [HEX]);
    }

    #[test]
    fn below_something_else() {
        for text in [
            format!("Rotate the access token\n{HEX}\n"),
            format!("token checksum:\n{HEX}\n"),
            format!("Next page token:\n{TOKEN}\n"),
            format!("We now rotate each access token every day\n{TOKEN}\n"),
            format!("access token\n{TOKEN} is gone\n"),
            format!("Public key:\n{TOKEN}\n"),
            format!("Name\n{TOKEN}\n"),
            format!("API key\n\n\n\n\n\n{TOKEN}\n"),
        ] {
            assert_eq!(secrets(&text), Vec::<&str>::new(), "{text}");
        }
    }
}
