//! A text with placeholders in the place of what was found, for the next look at it.

use std::ops::Range;

use crate::detect::Finding;

/// A text with its findings masked, and where the rest of it came from.
#[derive(Debug)]
pub(super) struct Masked {
    pub(super) text: String,
    /// Of each placeholder: where it stands, and what it stands for.
    masks: Vec<(Range<usize>, Range<usize>)>,
}

impl Masked {
    /// Where the byte at `at` stood; within a placeholder that is the end of what it stands for.
    pub(super) fn source(&self, at: usize) -> usize {
        let past = self.masks.partition_point(|(mask, _)| mask.start < at);
        match past.checked_sub(1).map(|last| &self.masks[last]) {
            Some((mask, secret)) => secret.end + at.saturating_sub(mask.end),
            None => at,
        }
    }
}

/// How far a mask reaches into what is around it, in bytes: beyond the nearest white space, if that isn't too far.
const REACH: usize = 512;

impl Masked {
    /// The stretches around the placeholders.
    pub(super) fn surroundings(&self) -> Vec<Range<usize>> {
        let mut windows: Vec<Range<usize>> = Vec::new();
        for (mask, _) in &self.masks {
            let start = self.edge(mask.start.saturating_sub(REACH), |at| at.checked_sub(1));
            let end = self.edge((mask.end + REACH).min(self.text.len()), |at| {
                (at < self.text.len()).then_some(at + 1)
            });
            match windows.last_mut() {
                Some(last) if start <= last.end => last.end = end,
                _ => windows.push(start..end),
            }
        }
        windows
    }

    /// The first place from `at` on at which nothing is cut in two, going as `step` does.
    fn edge(&self, at: usize, step: impl Fn(usize) -> Option<usize>) -> usize {
        let places = || std::iter::successors(Some(at), |&at| step(at)).take(REACH);
        let text = &self.text;
        let is_end = |&at: &usize| at == 0 || at == text.len() || text.as_bytes()[at].is_ascii_whitespace();
        places()
            .find(is_end)
            .or_else(|| places().find(|&at| text.is_char_boundary(at)))
            .unwrap_or(at)
    }
}

/// Puts placeholders in the place of `findings`, which are in order and don't overlap.
pub(super) fn mask(text: &str, findings: &[Finding]) -> Masked {
    let mut masked = Masked {
        text: String::with_capacity(text.len()),
        masks: Vec::with_capacity(findings.len()),
    };
    let mut from = 0;
    for finding in findings {
        masked.text.push_str(&text[from..finding.start]);
        let start = masked.text.len();
        masked.text.extend(["<", &finding.label, ">"]);
        masked
            .masks
            .push((start..masked.text.len(), finding.start..finding.end));
        from = finding.end;
    }
    masked.text.push_str(&text[from..]);
    masked
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    #[test]
    fn a_mask_remembers_where_things_stood() {
        let finding = |start, end| Finding {
            rule: Cow::Borrowed("r"),
            label: Cow::Borrowed("KEY"),
            start,
            end,
            score: 1.0,
        };
        let masked = mask("ab0123456cd78ef", &[finding(2, 9), finding(11, 13)]);
        assert_eq!(masked.text, "ab<KEY>cd<KEY>ef");
        for (at, source) in [(0, 0), (2, 2), (7, 9), (8, 10), (9, 11), (14, 13), (16, 15)] {
            assert_eq!(masked.source(at), source, "{at}");
        }
    }

    #[test]
    fn surroundings_end_at_white_space() {
        let text = format!(
            "{} {}SECRET{} {}",
            "ab ".repeat(400),
            "x".repeat(600),
            "y".repeat(9),
            "é".repeat(2000)
        );
        let start = 1201 + 600;
        let finding = Finding {
            rule: Cow::Borrowed("r"),
            label: Cow::Borrowed("KEY"),
            start,
            end: start + 6,
            score: 1.0,
        };
        let masked = mask(&text, &[finding]);
        let [window] = &masked.surroundings()[..] else {
            panic!("one stretch")
        };
        assert_eq!(window.start, 1200);
        assert!(
            masked.text.is_char_boundary(window.end) && window.end > start + 500,
            "{window:?}"
        );
    }
}
