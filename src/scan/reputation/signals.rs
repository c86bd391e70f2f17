//! From the facts to a score and to how far it can be relied on.
//!
//! `score = 100 · Σ wᵢ·xᵢ / Σ wᵢ` over the signals that are known, `confidence = Σ known wᵢ / Σ all wᵢ`. What is not known
//! costs confidence, never score.

use serde::Serialize;

use super::evidence::{Evidence, Seconds};

/// What a signal counts when nobody vouches for the repository that it is about: authors may claim any repository, and its fame.
const UNVERIFIED: f64 = 0.2;

/// One signal, and what it said.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Signal {
    /// Its name.
    pub name: &'static str,
    /// What it counts.
    pub weight: f64,
    /// From 0, bad, to 1, good; `None` where nothing is known.
    pub value: Option<f64>,
}

/// A score, and how far it can be relied on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// From 0 to 100; `None` where no signal is known.
    pub score: Option<f64>,
    /// From 0 to 1.
    pub confidence: f64,
    /// What it was made of.
    pub signals: Vec<Signal>,
}

/// A row: the name, the weight, whether it is about the repository, and how its value is made.
type Row = (&'static str, f64, bool, fn(&Evidence, Seconds) -> Option<f64>);

/// Every signal. The weights add up to 100.
const SIGNALS: &[Row] = &[
    ("adoption", 25.0, false, adoption),
    ("project health", 20.0, true, health),
    ("age and history", 15.0, false, history),
    ("source binding", 20.0, false, binding),
    ("maintainers", 10.0, false, maintainers),
    ("licence", 5.0, false, licence),
    ("marketplace", 5.0, false, marketplace),
];

/// The score of the facts at this time.
pub(super) fn score(evidence: &Evidence, now: Seconds) -> Score {
    let signals: Vec<Signal> = SIGNALS
        .iter()
        .map(|(name, weight, of_repository, value)| Signal {
            name,
            weight: if *of_repository && !evidence.is_bound() {
                weight * UNVERIFIED
            } else {
                *weight
            },
            value: value(evidence, now),
        })
        .collect();
    let (mut known, mut sum) = (0.0, 0.0);
    for Signal { weight, value, .. } in &signals {
        if let Some(value) = value {
            known += weight;
            sum += weight * value;
        }
    }
    let all: f64 = SIGNALS.iter().map(|(_, weight, ..)| weight).sum();
    Score {
        score: (known > 0.0).then(|| 100.0 * sum / known),
        confidence: known / all,
        signals,
    }
}

/// 1 from ten to the power of `digits` on, on a logarithmic scale.
#[expect(clippy::cast_precision_loss, reason = "counts of this size stay exact")]
pub(super) fn scaled(count: u64, digits: f64) -> f64 {
    ((count as f64 + 1.0).log10() / digits).min(1.0)
}

/// Days from one time to another; none is negative.
#[expect(clippy::cast_precision_loss, reason = "seconds of this size stay exact")]
pub(super) fn days(from: Seconds, to: Seconds) -> f64 {
    (to - from).max(0) as f64 / 86_400.0
}

/// The mean of those parts that are known, each with its weight.
fn mean(parts: &[(f64, Option<f64>)]) -> Option<f64> {
    let known = parts.iter().filter_map(|(weight, value)| Some((weight, (*value)?)));
    let (weights, sum) = known.fold((0.0, 0.0), |(weights, sum), (weight, value)| {
        (weights + weight, sum + weight * value)
    });
    (weights > 0.0).then(|| sum / weights)
}

fn adoption(evidence: &Evidence, _: Seconds) -> Option<f64> {
    let uses = evidence.marketplace.as_ref().and_then(|marketplace| marketplace.uses);
    let downloads = evidence.downloads.map(|count| scaled(count, 5.0));
    downloads.or(uses.map(|count| scaled(count, 4.0)))
}

fn health(evidence: &Evidence, now: Seconds) -> Option<f64> {
    let activity = |pushed| match days(pushed, now) {
        days if days <= 180.0 => 1.0,
        days if days <= 365.0 => 0.6,
        _ => 0.2,
    };
    mean(&[
        (0.35, evidence.stars.map(|count| scaled(count, 3.0))),
        (0.15, evidence.forks.map(|count| scaled(count, 2.0))),
        (0.25, evidence.pushed.map(activity)),
        (0.25, evidence.scorecard.map(|score| (score / 10.0).clamp(0.0, 1.0))),
    ])
}

fn history(evidence: &Evidence, now: Seconds) -> Option<f64> {
    let created = evidence
        .created
        .or(evidence.repository_created.filter(|_| evidence.is_bound()));
    mean(&[
        (0.6, created.map(|at| (days(at, now) / 365.0).min(1.0))),
        (0.4, evidence.versions.map(|count| scaled(count, 1.0))),
    ])
}

/// A repository that is not there is a lie; one that is only claimed is worth little, and is known to be only claimed where a
/// source would have said otherwise.
fn binding(evidence: &Evidence, _: Seconds) -> Option<f64> {
    match (
        evidence.is_bound(),
        evidence.repository_exists,
        evidence.attested,
        &evidence.claimed,
    ) {
        (true, ..) => Some(1.0),
        (false, Some(false), _, Some(_)) => Some(0.0),
        (false, _, Some(false), Some(_)) => Some(0.4),
        (false, _, Some(false), None) => Some(0.1),
        _ => None,
    }
}

fn maintainers(evidence: &Evidence, _: Seconds) -> Option<f64> {
    evidence.maintainers.map(|count| match count {
        0 => 0.0,
        1 => 0.5,
        2 => 0.8,
        _ => 1.0,
    })
}

fn licence(evidence: &Evidence, _: Seconds) -> Option<f64> {
    evidence.licence.as_deref().map(|licence| licence_value(Some(licence)))
}

/// What a licence is worth: none 0, one that asks for nothing 1, any other a half.
pub(super) fn licence_value(licence: Option<&str>) -> f64 {
    const FREE: [&str; 4] = ["mit", "apache-2.0", "bsd-3-clause", "isc"];
    match licence.map(str::to_ascii_lowercase).as_deref() {
        None | Some("" | "none" | "unlicensed" | "noassertion") => 0.0,
        Some(licence) if FREE.contains(&licence) => 1.0,
        Some(_) => 0.5,
    }
}

fn marketplace(evidence: &Evidence, _: Seconds) -> Option<f64> {
    let marketplace = evidence.marketplace.as_ref()?;
    mean(&[
        (0.5, Some(f64::from(u8::from(marketplace.verified)))),
        (0.3, marketplace.scan_passed.map(|passed| f64::from(u8::from(passed)))),
        (0.2, marketplace.uses.map(|count| scaled(count, 4.0))),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::package::Repository;

    const YEAR: Seconds = 365 * 86_400;

    fn repository() -> Repository {
        Repository {
            owner: "o".into(),
            name: "r".into(),
        }
    }

    #[test]
    fn the_weights_add_up_to_a_hundred() {
        let sum: f64 = SIGNALS.iter().map(|(_, weight, ..)| weight).sum();
        assert!((sum - 100.0).abs() < f64::EPSILON);
    }

    #[test]
    fn nothing_known_is_no_score() {
        let score = score(&Evidence::default(), 0);
        assert_eq!((score.score, score.confidence), (None, 0.0));
    }

    #[test]
    fn what_is_left_out_costs_confidence_and_not_score() {
        let whole = Evidence {
            downloads: Some(100_000),
            created: Some(0),
            versions: Some(9),
            maintainers: Some(3),
            licence: Some("MIT".into()),
            ..Evidence::default()
        };
        let less = Evidence {
            downloads: None,
            licence: None,
            ..whole.clone()
        };
        let (whole, less) = (score(&whole, YEAR), score(&less, YEAR));
        assert_eq!((whole.score, whole.confidence), (Some(100.0), 0.55));
        assert_eq!((less.score, less.confidence), (Some(100.0), 0.25));
    }

    #[test]
    fn fame_that_is_only_claimed_counts_a_fifth() {
        let claimed = Evidence {
            stars: Some(1_000_000),
            claimed: Some(repository()),
            downloads: Some(0),
            ..Evidence::default()
        };
        let bound = Evidence {
            verified: Some(repository()),
            ..claimed.clone()
        };
        let (claimed, bound) = (score(&claimed, 0), score(&bound, 0));
        // 4·1 of 4 + 25, and 20·1 + 20·1 of 20 + 20 + 25.
        assert_eq!(claimed.score.map(f64::round), Some(14.0));
        assert_eq!(bound.score.map(f64::round), Some(62.0));
        assert!((claimed.confidence - 0.29).abs() < 1e-9);
    }

    #[test]
    fn a_repository_that_is_not_there_speaks_against_the_package() {
        let evidence = Evidence {
            claimed: Some(repository()),
            repository_exists: Some(false),
            ..Evidence::default()
        };
        assert_eq!(score(&evidence, 0).score, Some(0.0));
    }
}
