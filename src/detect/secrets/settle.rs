//! From what the rules say to what is reported.

use super::placeholder;
use crate::detect::Finding;

/// Brings `found` into order and ends its overlaps.
///
/// Of findings that overlap one is left, over all that any of them covers, so that nothing is readable which one rule
/// took for a secret; it has the name of the surest, and of equals the longest. What lies within a placeholder that
/// `text` already holds is left alone, so masking twice changes nothing.
pub(super) fn settle(text: &str, found: &mut Vec<Finding>) {
    if found.is_empty() {
        return;
    }
    let mut findings = spare_placeholders(text, std::mem::take(found));
    findings.sort_by_key(|finding| (finding.start, std::cmp::Reverse(finding.end)));
    for finding in findings {
        match found.last_mut() {
            Some(last) if finding.start < last.end => merge(last, finding),
            _ => found.push(finding),
        }
    }
}

fn merge(last: &mut Finding, other: Finding) {
    let (start, end) = (last.start, last.end.max(other.end));
    let surer = other
        .score
        .total_cmp(&last.score)
        .then((other.end - other.start).cmp(&(last.end - last.start)));
    if surer.is_gt() {
        *last = other;
    }
    (last.start, last.end) = (start, end);
}

fn spare_placeholders(text: &str, findings: Vec<Finding>) -> Vec<Finding> {
    let placeholders = placeholder::all(text);
    if placeholders.is_empty() {
        return findings;
    }
    let mut spared = Vec::with_capacity(findings.len());
    for finding in findings {
        let mut start = finding.start;
        let first = placeholders.partition_point(|span| span.end <= finding.start);
        for span in placeholders[first..].iter().take_while(|span| span.start < finding.end) {
            if start < span.start {
                spared.push(Finding {
                    start,
                    end: span.start,
                    ..finding.clone()
                });
            }
            start = span.end;
        }
        if start < finding.end {
            spared.push(Finding { start, ..finding });
        }
    }
    spared
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    fn finding(rule: &'static str, start: usize, end: usize, score: f32) -> Finding {
        Finding {
            rule: Cow::Borrowed(rule),
            label: Cow::Borrowed("X"),
            start,
            end,
            score,
        }
    }

    fn settled(text: &str, mut found: Vec<Finding>) -> Vec<(String, usize, usize)> {
        settle(text, &mut found);
        found
            .into_iter()
            .map(|finding| (finding.rule.into_owned(), finding.start, finding.end))
            .collect()
    }

    #[test]
    fn overlaps_become_one_over_all_of_them() {
        let text = "0123456789abcdef";
        let found = vec![
            finding("late", 12, 14, 0.5),
            finding("sure", 4, 6, 0.9),
            finding("wide", 2, 9, 0.6),
        ];
        assert_eq!(
            settled(text, found),
            vec![("sure".to_owned(), 2, 9), ("late".to_owned(), 12, 14)]
        );
        let found = vec![finding("short", 0, 3, 0.9), finding("long", 1, 8, 0.9)];
        assert_eq!(settled(text, found), vec![("long".to_owned(), 0, 8)]);
    }

    #[test]
    fn neighbours_stay_apart() {
        let found = vec![finding("one", 0, 3, 0.9), finding("two", 3, 6, 0.9)];
        assert_eq!(settled("abcdefgh", found).len(), 2);
    }

    #[test]
    fn placeholders_are_spared() {
        let text = "ab<MASK>cd";
        assert_eq!(settled(text, vec![finding("in", 2, 8, 0.9)]), vec![]);
        let around = vec![("out".to_owned(), 0, 2), ("out".to_owned(), 8, 10)];
        assert_eq!(settled(text, vec![finding("out", 0, 10, 0.9)]), around);
    }
}
