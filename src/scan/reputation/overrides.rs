//! What counts whatever the score is: one row each.

use super::{
    evidence::{Evidence, Seconds},
    signals::days,
    typosquat::imitated,
};
use crate::scan::{
    Finding, Severity, Verdict,
    package::{Subject, Version},
};

/// A package younger than this is new, in days.
const NEW: f64 = 90.0;
/// A version younger than this is fresh, in days.
const FRESH: f64 = 7.0;

/// What a row looks at.
struct Case<'a> {
    subject: &'a Subject,
    evidence: &'a Evidence,
    now: Seconds,
}

impl Case<'_> {
    fn imitates(&self) -> Option<&'static str> {
        match self.subject {
            Subject::Package(package) => imitated(package),
            _ => None,
        }
    }

    /// Whether the package is new; `None` where its age is not known.
    fn is_new(&self) -> Option<bool> {
        self.evidence.created.map(|at| days(at, self.now) < NEW)
    }
}

struct Row {
    id: &'static str,
    severity: Severity,
    verdict: Verdict,
    /// What of the case it found, for people.
    found: fn(&Case<'_>) -> Option<String>,
    why: &'static str,
    mend: &'static str,
}

const OVERRIDES: &[Row] = &[
    Row {
        id: "package-malware",
        severity: Severity::Critical,
        verdict: Verdict::Block,
        found: |case| (!case.evidence.malicious.is_empty()).then(|| case.evidence.malicious.join(", ")),
        why: "This version is known to be malware.",
        mend: "Remove the server. If it ever ran here, change every password and key that it could reach.",
    },
    Row {
        id: "package-typosquat-new",
        severity: Severity::Critical,
        verdict: Verdict::Block,
        found: |case| {
            case.imitates()
                .filter(|_| case.is_new() == Some(true))
                .map(|name| format!("like {name}"))
        },
        why: "The package is new, and its name looks like that of a popular one.",
        mend: "Compare the name letter by letter with that in the server's documentation.",
    },
    Row {
        id: "package-typosquat",
        severity: Severity::Medium,
        verdict: Verdict::Review,
        found: |case| {
            case.imitates()
                .filter(|_| case.is_new() != Some(true))
                .map(|name| format!("like {name}"))
        },
        why: "The name of the package looks like that of a popular one.",
        mend: "Compare the name letter by letter with that in the server's documentation.",
    },
    Row {
        id: "package-fresh-install-script",
        severity: Severity::High,
        verdict: Verdict::Review,
        found: |case| {
            let age = days(case.evidence.published?, case.now);
            (case.evidence.install_script == Some(true) && age < FRESH).then(|| format!("published {age:.0} days ago"))
        },
        why: "Installing it runs a program of its own, and the version is so new that nobody may have looked at it.",
        mend: "Name an older version, or read the script.",
    },
    Row {
        id: "package-new-publisher",
        severity: Severity::Medium,
        verdict: Verdict::Review,
        found: |case| case.evidence.new_publisher.clone(),
        why: "This version was published by somebody who had published none before.",
        mend: "See whether the project knows this maintainer, or name an older version.",
    },
    Row {
        id: "package-deprecated",
        severity: Severity::Low,
        verdict: Verdict::Review,
        found: |case| case.evidence.deprecated.clone(),
        why: "Its publisher says that this version is not to be used any more.",
        mend: "Change to what the message names, or to a maintained server.",
    },
    Row {
        id: "package-yanked",
        severity: Severity::Medium,
        verdict: Verdict::Review,
        found: |case| (case.evidence.yanked == Some(true)).then(|| case.evidence.version.clone().unwrap_or_default()),
        why: "This version was taken back by its publisher.",
        mend: "Name another version.",
    },
    Row {
        id: "package-vulnerable",
        severity: Severity::Medium,
        verdict: Verdict::Review,
        found: |case| (!case.evidence.vulnerabilities.is_empty()).then(|| case.evidence.vulnerabilities.join(", ")),
        why: "This version has known vulnerabilities.",
        mend: "Name a version without them.",
    },
    Row {
        id: "repository-archived",
        severity: Severity::Low,
        verdict: Verdict::Review,
        found: |case| {
            (case.evidence.archived == Some(true)).then(|| {
                case.evidence
                    .repository()
                    .map_or_else(|| case.subject.to_string(), ToString::to_string)
            })
        },
        why: "The repository is archived: nobody mends what is found in it.",
        mend: "Look for a maintained server.",
    },
    Row {
        id: "package-unpinned",
        severity: Severity::Info,
        verdict: Verdict::Pass,
        found: |case| match case.subject {
            Subject::Package(package) if !package.version.is_pinned() => Some(match &package.version {
                Version::Tag(text) | Version::Range(text) => text.clone(),
                _ => "no version".to_owned(),
            }),
            Subject::Image(image) if image.digest.is_none() => {
                Some(format!("{} without a digest", image.tag.as_deref().unwrap_or("latest")))
            }
            Subject::Repository { reference, .. } if !reference.as_deref().is_some_and(is_commit) => {
                Some("no commit".to_owned())
            }
            _ => None,
        },
        why: "Each start may run another program than the last one.",
        mend: "Name an exact version (of an image its digest, of a repository a commit).",
    },
];

fn is_commit(reference: &str) -> bool {
    reference.len() >= 7 && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Every row that found something in the facts of a subject, each with what is done about it.
pub(super) fn overrides(subject: &Subject, evidence: &Evidence, now: Seconds) -> Vec<(Verdict, Finding)> {
    let case = Case { subject, evidence, now };
    let found = OVERRIDES.iter().filter_map(|row| {
        let shown = (row.found)(&case)?;
        let finding = Finding {
            why: row.why.into(),
            mend: row.mend.into(),
            ..Finding::new(
                row.id,
                row.severity,
                &format!("{subject}: {shown}"),
                &[&subject.to_string(), &shown],
            )
        };
        Some((row.verdict, finding))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::package::{Ecosystem, Package};

    const DAY: Seconds = 86_400;
    const NOW: Seconds = 20_000 * DAY;

    fn package(name: &str, version: Version) -> Subject {
        Subject::Package(Package {
            ecosystem: Ecosystem::Npm,
            name: name.into(),
            version,
        })
    }

    fn ids(subject: &Subject, evidence: &Evidence) -> Vec<(Verdict, String)> {
        let found = overrides(subject, evidence, NOW);
        found
            .into_iter()
            .map(|(verdict, finding)| (verdict, finding.id.into_owned()))
            .collect()
    }

    #[test]
    fn each_row_finds_its_case() {
        let with = |change: fn(&mut Evidence)| {
            let mut evidence = Evidence::default();
            change(&mut evidence);
            evidence
        };
        for (evidence, verdict, id) in [
            (
                with(|e| e.malicious = vec!["MAL-1".into()]),
                Verdict::Block,
                "package-malware",
            ),
            (
                with(|e| (e.install_script, e.published) = (Some(true), Some(NOW - 6 * DAY))),
                Verdict::Review,
                "package-fresh-install-script",
            ),
            (
                with(|e| e.new_publisher = Some("eve".into())),
                Verdict::Review,
                "package-new-publisher",
            ),
            (
                with(|e| e.deprecated = Some("old".into())),
                Verdict::Review,
                "package-deprecated",
            ),
            (with(|e| e.yanked = Some(true)), Verdict::Review, "package-yanked"),
            (
                with(|e| e.vulnerabilities = vec!["GHSA-1".into()]),
                Verdict::Review,
                "package-vulnerable",
            ),
            (
                with(|e| e.archived = Some(true)),
                Verdict::Review,
                "repository-archived",
            ),
        ] {
            assert_eq!(
                ids(&package("p", Version::Exact("1.0.0".into())), &evidence),
                [(verdict, id.to_owned())]
            );
        }
        assert_eq!(
            ids(&package("p", Version::Any), &Evidence::default())[0].1,
            "package-unpinned"
        );
    }

    #[test]
    fn a_typosquat_is_blocked_while_it_is_new() {
        let subject = package("@modelcontextprotocol/server-filesytem", Version::Exact("1.0.0".into()));
        let aged = |days| Evidence {
            created: Some(NOW - days * DAY),
            ..Evidence::default()
        };
        assert_eq!(
            ids(&subject, &aged(89)),
            [(Verdict::Block, "package-typosquat-new".to_owned())]
        );
        assert_eq!(
            ids(&subject, &aged(91)),
            [(Verdict::Review, "package-typosquat".to_owned())]
        );
        assert_eq!(
            ids(&subject, &Evidence::default()),
            [(Verdict::Review, "package-typosquat".to_owned())]
        );
    }

    #[test]
    fn nothing_known_finds_nothing() {
        assert_eq!(
            ids(&package("p", Version::Exact("1.0.0".into())), &Evidence::default()),
            []
        );
        let old = Evidence {
            install_script: Some(true),
            published: Some(NOW - 8 * DAY),
            ..Evidence::default()
        };
        assert_eq!(ids(&package("p", Version::Exact("1.0.0".into())), &old), []);
    }
}
