//! Which of overlapping finds stands: the surest, then the longest, then the one that has context, then the one whose row comes
//! first.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::detect::Finding;

/// A find that may overlap others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hit {
    /// The index of its row; a lower one wins a tie.
    pub(crate) row: usize,
    /// Its first byte.
    pub(crate) start: usize,
    /// The byte after its last.
    pub(crate) end: usize,
    /// How sure, from 0 to 1.
    pub(crate) score: f32,
    /// Do words around it speak for its row?
    pub(crate) has_context: bool,
}

/// Leaves of `hits` those that win, ordered and without overlap. Costs n log n.
pub(crate) fn resolve(hits: &mut Vec<Hit>) {
    hits.sort_unstable_by_key(|hit| hit.start);
    let mut winners = Vec::with_capacity(hits.len());
    let mut rest = hits.as_mut_slice();
    while !rest.is_empty() {
        let (cluster, others) = rest.split_at_mut(cluster_length(rest));
        match cluster {
            [alone] => winners.push(*alone),
            _ => settle(cluster, &mut winners),
        }
        rest = others;
    }
    *hits = winners;
}

/// Those of `findings` that win, ordered and without overlap; of two that are alike the one that comes first.
pub fn strongest(findings: &[Finding]) -> Vec<Finding> {
    let as_hit = |(row, finding): (usize, &Finding)| Hit {
        row,
        start: finding.start,
        end: finding.end,
        score: finding.score,
        has_context: false,
    };
    let mut hits = findings.iter().enumerate().map(as_hit).collect();
    resolve(&mut hits);
    hits.iter().map(|hit| findings[hit.row].clone()).collect()
}

/// How many of the first hits hang together, each overlapping one before it.
fn cluster_length(hits: &[Hit]) -> usize {
    let mut end = 0;
    let hangs_together = |hit: &&Hit| {
        let is_part = end == 0 || hit.start < end;
        end = end.max(hit.end);
        is_part
    };
    hits.iter().take_while(hangs_together).count()
}

/// Appends the winners of hits that hang together, in order.
fn settle(hits: &mut [Hit], winners: &mut Vec<Hit>) {
    hits.sort_unstable_by(by_strength);
    let mut taken: BTreeMap<usize, Hit> = BTreeMap::new();
    for hit in hits {
        if taken
            .range(..hit.end)
            .next_back()
            .is_none_or(|(_, other)| other.end <= hit.start)
        {
            taken.insert(hit.start, *hit);
        }
    }
    winners.extend(taken.into_values());
}

/// Leaves those that win against others of their row, ordered by their starts.
pub(crate) fn resolve_each_row(hits: &mut Vec<Hit>) {
    hits.sort_by_key(|hit| hit.row);
    let mut rows: Vec<Hit> = Vec::with_capacity(hits.len());
    for row in hits.chunk_by(|a, b| a.row == b.row) {
        let mut row = row.to_vec();
        resolve(&mut row);
        rows.append(&mut row);
    }
    rows.sort_by_key(|hit| (hit.start, hit.end));
    *hits = rows;
}

fn by_strength(a: &Hit, b: &Hit) -> Ordering {
    let length = |hit: &Hit| hit.end - hit.start;
    b.score
        .total_cmp(&a.score)
        .then(length(b).cmp(&length(a)))
        .then(b.has_context.cmp(&a.has_context))
        .then((a.row, a.start).cmp(&(b.row, b.start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(row: usize, start: usize, end: usize, score: f32) -> Hit {
        Hit {
            row,
            start,
            end,
            score,
            has_context: false,
        }
    }

    #[test]
    fn the_surest_then_the_longest_then_the_first_row_wins() {
        let mut hits = vec![
            hit(3, 0, 9, 0.5),
            hit(2, 2, 4, 0.6),
            hit(1, 20, 25, 0.5),
            hit(0, 20, 24, 0.5),
        ];
        hits.extend([hit(5, 30, 32, 0.4), hit(4, 30, 32, 0.4), hit(6, 32, 33, 0.1)]);
        resolve(&mut hits);
        assert_eq!(
            hits,
            [
                hit(2, 2, 4, 0.6),
                hit(1, 20, 25, 0.5),
                hit(4, 30, 32, 0.4),
                hit(6, 32, 33, 0.1)
            ]
        );
    }
}
