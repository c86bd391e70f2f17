//! What is known of the packages that a configuration would run, by those who publish, count and judge them.
//!
//! All sources are asked at once, in [`Rules::patience`] at most. What they don't say is not known, and nobody is blocked for what
//! is not known: only at a score at or under the threshold with a confidence of at least [`ENOUGH`], or for what
//! `overrides` names.

mod cache;
mod child;
mod compat;
mod evidence;
mod fetch;
mod overrides;
mod popular;
mod signals;
mod sources;
mod typosquat;

use std::{collections::HashMap, path::Path, time::Duration};

use futures_util::future::join_all;
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use super::{Finding, Severity, Verdict, package::Subject};
use crate::{clock, platform::variables::variable};
pub use child::Child;
pub use evidence::Evidence;
use fetch::{Fetcher, Trouble};
pub use signals::Score;
use sources::{Asked, Round, Row, SOURCES};

/// How long all sources together may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// What part of that the first round may take.
const FIRST_ROUND: f64 = 0.6;
/// The confidence from which on a score counts against a package.
pub const ENOUGH: f64 = 0.5;
/// The score at or under which a package is blocked.
pub const THRESHOLD: f64 = 30.0;

/// How reputation is judged.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The score at or under which a package is blocked.
    pub threshold: f64,
    /// Whether the score is that of the Python package.
    pub compat: bool,
    /// Whether nobody is asked: what is kept counts, whatever its age.
    pub offline: bool,
    /// How long all sources together may take.
    pub patience: Duration,
    /// Addresses of sources, by their names, instead of their own.
    pub addresses: HashMap<String, String>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            threshold: THRESHOLD,
            compat: false,
            offline: false,
            patience: PATIENCE,
            addresses: HashMap::new(),
        }
    }
}

/// The names of the sources, as `scan.sources` of the configuration takes them.
pub fn source_names() -> impl Iterator<Item = &'static str> {
    SOURCES.iter().map(|row| row.id)
}

/// What is known of one subject.
#[derive(Clone, Debug, Serialize)]
pub struct Assessment {
    /// What it is.
    pub subject: Subject,
    /// In words.
    pub name: String,
    /// What is done about it; `None` where too little is known.
    pub verdict: Option<Verdict>,
    /// The score, how far it can be relied on, and what it was made of.
    #[serde(flatten)]
    pub score: Score,
    /// Why it is unknown, or blocked.
    pub reason: Option<String>,
    /// What the sources said.
    pub evidence: Evidence,
    /// Sources that failed, each with what happened.
    pub failed: Vec<String>,
    /// What was found.
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

impl Assessment {
    /// Where a person suppressed everything that speaks against it, nothing does.
    pub fn without_suppressed(&mut self) {
        let speaks_against = |finding: &Finding| finding.severity > Severity::Info && finding.suppressed.is_none();
        if self.verdict > Some(Verdict::Pass) && !self.findings.iter().any(speaks_against) {
            self.verdict = Some(Verdict::Pass);
        }
    }
}

/// Asks the sources.
pub struct Reputation {
    rules: Rules,
    fetcher: Fetcher,
}

impl Reputation {
    /// With these rules; answers are kept in `state`.
    pub fn new(rules: Rules, state: &Path) -> Self {
        let fetcher = Fetcher::new(state, rules.offline);
        Self { rules, fetcher }
    }

    /// What is known of a subject that will run in the surroundings of `child`.
    pub async fn assess(&self, subject: &Subject, child: &Child) -> Assessment {
        let begin = Instant::now();
        let (mut evidence, mut failed) = (Evidence::default(), Vec::new());
        let patience = self.rules.patience;
        for (round, limit) in [(Round::First, patience.mul_f64(FIRST_ROUND)), (Round::Second, patience)] {
            let known = (round == Round::Second).then(|| evidence.clone());
            let rows = SOURCES.iter().filter(|row| row.round == round);
            let asked = rows.map(|row| self.ask(row, subject, child, known.as_ref(), begin + limit));
            for (id, answer) in join_all(asked).await {
                match answer {
                    Ok(says) => evidence.add(says),
                    Err(Trouble::NotAsked(why)) => tracing::debug!("{id} was not asked about {subject}: {why}"),
                    Err(trouble) => failed.push(format!("{id}: {trouble}")),
                }
            }
        }
        self.judged(subject, evidence, failed)
    }

    async fn ask(
        &self,
        row: &Row,
        subject: &Subject,
        child: &Child,
        known: Option<&Evidence>,
        deadline: Instant,
    ) -> (&'static str, Result<Evidence, Trouble>) {
        let set = self.rules.addresses.get(row.id).map(String::as_str);
        let asked = Asked {
            subject,
            child,
            known,
            base: set.or(row.address),
            is_own_address: set.is_none(),
            fetcher: &self.fetcher.until(deadline),
            env: &variable,
        };
        if !row.source.knows(&asked) {
            return (row.id, Ok(Evidence::default()));
        }
        let answer = timeout_at(deadline, row.source.ask(&asked)).await;
        (row.id, answer.unwrap_or(Err(Trouble::Late)))
    }

    fn judged(&self, subject: &Subject, evidence: Evidence, failed: Vec<String>) -> Assessment {
        let now = i64::try_from(clock::seconds()).unwrap_or(i64::MAX);
        let mut score = signals::score(&evidence, now);
        if self.rules.compat {
            let kind = match subject {
                Subject::Package(package) if package.ecosystem == super::package::Ecosystem::Npm => compat::Kind::Npm,
                _ => compat::Kind::Other,
            };
            score.score = score.score.map(|_| compat::score(&evidence, kind, now));
        }
        let found = overrides::overrides(subject, &evidence, now);
        let worst = found.iter().map(|(verdict, _)| *verdict).max().unwrap_or_default();
        let mut findings: Vec<Finding> = found.into_iter().map(|(_, finding)| finding).collect();
        let low = score.score.filter(|score| *score <= self.rules.threshold);
        let (verdict, reason) = match (worst, low) {
            (Verdict::Block, _) => (
                Some(Verdict::Block),
                findings.first().map(|finding| finding.why.to_string()),
            ),
            (_, Some(low)) if score.confidence >= ENOUGH => {
                let reason = format!(
                    "its reputation is {low:.0} of 100, at or under the threshold of {}",
                    self.rules.threshold
                );
                findings.push(low_reputation(subject, &reason));
                (Some(Verdict::Block), Some(reason))
            }
            (Verdict::Review, _) => (Some(Verdict::Review), None),
            _ if score.confidence >= ENOUGH => (Some(Verdict::Pass), None),
            _ => (None, Some(unknown(subject, &evidence, &failed, self.rules.offline))),
        };
        Assessment {
            name: subject.to_string(),
            subject: subject.clone(),
            verdict,
            score,
            reason,
            evidence,
            failed,
            findings,
        }
    }
}

fn low_reputation(subject: &Subject, reason: &str) -> Finding {
    Finding {
        why: format!("Little speaks for it: {reason}.").into(),
        mend: "Look for a server that others use too, or write `\"blocked\": \"skipped\"` if you know its author."
            .into(),
        ..Finding::new(
            "package-low-reputation",
            Severity::High,
            &subject.to_string(),
            &[&subject.to_string()],
        )
    }
}

/// Why too little is known of a subject.
fn unknown(subject: &Subject, evidence: &Evidence, failed: &[String], offline: bool) -> String {
    match subject {
        Subject::Unknown { why } => why.clone(),
        Subject::Local { .. } => "a program of this machine has no reputation".to_owned(),
        _ if evidence.exists == Some(false) => "its registry has no such package or version".to_owned(),
        _ if offline => "nobody was asked (offline)".to_owned(),
        _ if !failed.is_empty() => format!("too few sources answered ({})", failed.join("; ")),
        _ => "too few sources know it".to_owned(),
    }
}
