//! The score of the Python package `mcp-gateway` 1.2.1, for those who want the same numbers (`--compat-score`).

use super::{
    evidence::{Evidence, Owner, Seconds},
    signals::{days, licence_value},
};

/// Whose score it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A package of npm.
    Npm,
    /// Anything else.
    Other,
}

/// The final score, from 0 to 100.
pub(super) fn score(evidence: &Evidence, kind: Kind, now: Seconds) -> f64 {
    let owner = evidence.owner.as_ref().map_or(0.0, |owner| of_owner(owner, now));
    let repository = of_repository(evidence, now);
    match kind {
        Kind::Npm => owner.max(0.6 * repository + 0.4 * of_npm(evidence, now)),
        Kind::Other => owner.max(repository).max(of_smithery(evidence)),
    }
}

fn of_owner(owner: &Owner, now: Seconds) -> f64 {
    let years = owner.created.map_or(0.0, |at| days(at, now) / 365.0);
    let standing = 0.4 * flag(owner.verified)
        + 0.3 * flag(owner.organization)
        + 0.3 * flag(owner.blog)
        + 0.2 * flag(owner.twitter);
    let sum = 0.2 * normalized(owner.followers, 2.0)
        + 0.2 * normalized(owner.repositories, 2.0)
        + 0.1 * (years / 3.0).min(1.0)
        + 0.5 * standing;
    100.0 * sum.min(1.0)
}

fn of_repository(evidence: &Evidence, now: Seconds) -> f64 {
    if evidence.stars.is_none() && evidence.repository_created.is_none() {
        return 0.0;
    }
    100.0
        * (0.4 * normalized(evidence.stars.unwrap_or_default(), 2.0)
            + 0.3 * normalized(evidence.forks.unwrap_or_default(), 2.0)
            + 0.1 * licence_value(evidence.licence.as_deref())
            + 0.1 * age(evidence.repository_created, now))
}

fn of_smithery(evidence: &Evidence) -> f64 {
    let Some(marketplace) = &evidence.marketplace else {
        return 0.0;
    };
    let standing = 0.7 * flag(marketplace.verified) + 0.3 * flag(marketplace.licensed);
    100.0 * (0.3 * normalized(marketplace.uses.unwrap_or_default(), 4.0) + 0.7 * standing).min(1.0)
}

fn of_npm(evidence: &Evidence, now: Seconds) -> f64 {
    100.0
        * (0.30 * normalized(evidence.downloads.unwrap_or_default(), 5.0)
            + 0.25 * normalized(evidence.versions.unwrap_or_default(), 2.0)
            + 0.15 * age(evidence.created, now)
            + 0.10 * licence_value(evidence.licence.as_deref())
            + 0.20 * normalized(evidence.maintainers.unwrap_or_default(), 1.0))
}

/// `n(v, m)` of the original.
fn normalized(count: u64, digits: f64) -> f64 {
    if count == 0 {
        0.0
    } else {
        super::signals::scaled(count, digits)
    }
}

/// `age(days)` of the original.
fn age(created: Option<Seconds>, now: Seconds) -> f64 {
    match created.map(|at| days(at, now).floor()) {
        None => 0.0,
        Some(days) if days <= 10.0 => 0.0,
        Some(days) if days <= 30.0 => 0.3,
        Some(days) if days <= 90.0 => 0.6,
        Some(_) => 1.0,
    }
}

fn flag(set: bool) -> f64 {
    f64::from(u8::from(set))
}

#[cfg(test)]
mod tests {
    use super::super::evidence::Marketplace;
    use super::*;

    const DAY: Seconds = 86_400;
    const NOW: Seconds = 20_000 * DAY;

    fn is(evidence: &Evidence, kind: Kind, by_hand: f64) {
        let score = score(evidence, kind, NOW);
        assert!((score - by_hand).abs() < 1e-6, "{score} is not {by_hand}");
    }

    #[test]
    fn each_part_is_what_it_comes_to_by_hand() {
        // n(9, 2) = log10(10)/2 = .5; n(999, 5) = 3/5 = .6; n(99, 2) = 1; n(9, 1) = 1.
        let npm = Evidence {
            downloads: Some(999),
            versions: Some(9),
            created: Some(NOW - 20 * DAY),
            licence: Some("MIT".into()),
            maintainers: Some(9),
            ..Evidence::default()
        };
        // .4 · 100 · (.30·.6 + .25·.5 + .15·.3 + .10·1 + .20·1) = .4 · 65.
        is(&npm, Kind::Npm, 26.0);
        let repository = Evidence {
            stars: Some(99),
            forks: Some(9),
            licence: Some("GPL-3.0".into()),
            repository_created: Some(NOW - 60 * DAY),
            ..Evidence::default()
        };
        // 100 · (.4·1 + .3·.5 + .1·.5 + .1·.6).
        is(&repository, Kind::Other, 66.0);
        // .6 · 66, and of npm the licence alone: .4 · 100 · .10·.5.
        is(&repository, Kind::Npm, 41.6);
        let owner = Evidence {
            owner: Some(Owner {
                organization: true,
                verified: false,
                followers: 9,
                repositories: 99,
                created: Some(NOW - 365 * DAY),
                blog: true,
                twitter: false,
            }),
            ..Evidence::default()
        };
        // 100 · (.2·.5 + .2·1 + .1·1/3 + .5·(.3 + .3)).
        is(&owner, Kind::Other, 100.0 * (0.1 + 0.2 + 0.1 / 3.0 + 0.3));
        let smithery = Evidence {
            marketplace: Some(Marketplace {
                verified: true,
                uses: Some(99),
                licensed: true,
                scan_passed: None,
            }),
            ..Evidence::default()
        };
        // 100 · (.3·2/4 + .7·(.7 + .3)).
        is(&smithery, Kind::Other, 85.0);
        is(&smithery, Kind::Npm, 0.0);
    }

    #[test]
    fn the_owner_is_capped_and_the_best_score_counts() {
        let famous = Owner {
            organization: true,
            verified: true,
            followers: 1_000_000,
            repositories: 1_000,
            created: Some(0),
            blog: true,
            twitter: true,
        };
        let evidence = Evidence {
            owner: Some(famous),
            stars: Some(0),
            ..Evidence::default()
        };
        // .2 + .2 + .1 + .5·1.2 is over one.
        is(&evidence, Kind::Npm, 100.0);
    }

    #[test]
    fn ages_have_steps_and_nothing_known_is_nothing() {
        for (days, value) in [
            (0, 0.0),
            (10, 0.0),
            (11, 0.3),
            (30, 0.3),
            (31, 0.6),
            (90, 0.6),
            (91, 1.0),
        ] {
            assert!(
                (age(Some(NOW - days * DAY), NOW) - value).abs() < f64::EPSILON,
                "{days}"
            );
        }
        is(&Evidence::default(), Kind::Npm, 0.0);
        is(&Evidence::default(), Kind::Other, 0.0);
    }
}
