//! The scanner over the servers of one configuration: what it knows of each, what it lets be used, and what it writes down.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Mutex, MutexGuard},
};

use futures_util::future::join_all;

use super::{
    Finding, Report, ServerReport, Settings, Severity, Suppressions, Verdict,
    changes::Changes,
    definitions::{self, Definitions},
    launch,
    package::{Subject, what_runs},
    pins::{Compared, FILE, Kind, PinError, Pins, Sight},
    reputation::{Assessment, Child, Reputation},
    ruling::ruling,
};
use crate::{
    config::{
        self, Blocked, Dirs, Launch,
        verdicts::{self, Change},
    },
    plugins::redactor,
    sync::lock,
    upstream::{Declared, Ruling},
};

/// What is pinned of a server before it is started.
const OF_LAUNCH: &[Kind] = &[Kind::Launch, Kind::Package];
/// What is pinned of what it declares.
const OF_DEFINITIONS: &[Kind] = &[Kind::Instructions, Kind::Tool, Kind::Prompt];

/// The finding where there is nothing to compare with.
pub const PIN_MISSING: &str = "pin-missing";

/// What becomes of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Verdicts are written into the configuration, and servers live on.
    Gateway,
    /// A report for people; what is new is pinned.
    Report,
    /// A report for CI: whatever differs from its pins is a finding, and nothing is written.
    Verify,
}

/// Scans servers.
pub struct Scanner {
    path: PathBuf,
    dirs: Dirs,
    purpose: Purpose,
    reputation: Reputation,
    suppressions: Suppressions,
    pins: Pins,
    servers: Mutex<BTreeMap<String, Known>>,
}

/// What is known of one server.
#[derive(Clone, Default)]
struct Known {
    /// What was judged before it was started: how it is started, what runs, with which verdict.
    before: Option<(Launch, ServerReport)>,
    /// What was judged of what it declares.
    declared: Option<ServerReport>,
    definitions: Definitions,
    /// What could not be checked.
    incomplete: Vec<String>,
}

impl Scanner {
    /// A scanner of the configuration at `path`.
    pub fn new(settings: Settings, purpose: Purpose, path: PathBuf, dirs: Dirs) -> Self {
        Self {
            reputation: Reputation::new(settings.rules, &dirs.state),
            suppressions: settings.suppressions,
            pins: Pins::of(&path, &dirs),
            servers: Mutex::default(),
            path,
            dirs,
            purpose,
        }
    }

    /// Looks again at the servers that are blocked: one that is fine now is so no longer, in the file too, and is judged
    /// like any other from there on.
    pub async fn reconsider(&self, servers: &mut [config::Server]) {
        let blocked = servers
            .iter_mut()
            .filter(|server| server.blocked == Blocked::Blocked && !server.disabled);
        join_all(blocked.map(|server| self.reconsider_one(server))).await;
    }

    async fn reconsider_one(&self, server: &mut config::Server) {
        let report = self.examine(server).await;
        let is_fine = |assessment: &Assessment| match assessment.verdict {
            Some(verdict) => verdict < Verdict::Block,
            None => matches!(assessment.subject, Subject::Local { .. }),
        };
        if report.reputation.iter().all(is_fine) {
            self.write_back(server, Blocked::No, &[Blocked::Blocked]);
            server.blocked = Blocked::No;
        } else {
            let reasons: Vec<&str> = report.reputation.iter().filter_map(|it| it.reason.as_deref()).collect();
            tracing::warn!(server = server.name, "still blocked: {}", reasons.join("; "));
        }
    }

    /// Whether a gateway would see a change since the servers were pinned. A scan for people reports what it can't compare.
    ///
    /// # Errors
    /// Where the lock can't be read.
    pub(super) fn sees_changes(&self) -> Result<(), PinError> {
        match self.purpose {
            Purpose::Gateway => self.pins.check(),
            Purpose::Report | Purpose::Verify => Ok(()),
        }
    }

    /// Everything that was found so far, of these servers.
    pub fn report(&self, names: &[String]) -> Report {
        let known = self.known();
        let mut report = Report::default();
        for name in names {
            let Some(of_it) = known.get(name) else { continue };
            report.servers.push(of_it.report(name));
            report
                .incomplete
                .extend(of_it.incomplete.iter().map(|what| format!("server `{name}`: {what}")));
        }
        if self.purpose == Purpose::Verify && !self.pins.exist() {
            let path = self.pins.path();
            report.fleet.push(Finding {
                why: format!("There is no {FILE}, so nothing can be compared with it.").into(),
                mend: "Run `mcp-gateway scan` where the servers can be trusted, and commit the file.".into(),
                ..Finding::new(PIN_MISSING, Severity::Medium, &path.display().to_string(), &[])
            });
        }
        report
    }

    /// What the servers declare, by their names.
    pub fn definitions(&self) -> Vec<(String, Definitions)> {
        self.known()
            .iter()
            .map(|(name, known)| (name.clone(), known.definitions.clone()))
            .collect()
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, Known>> {
        lock(&self.servers)
    }

    /// What is known of a server before it is started; asked once for each way to start it.
    pub(super) async fn examine(&self, server: &config::Server) -> ServerReport {
        let known = self.known().get(&server.name).and_then(|known| known.before.clone());
        if let Some((_, report)) = known.filter(|(launch, _)| *launch == server.launch) {
            return report;
        }
        let child = Child::of(&server.launch);
        let subjects = what_runs(&server.launch);
        let mut reputation = join_all(subjects.iter().map(|subject| self.reputation.assess(subject, &child))).await;
        for assessment in &mut reputation {
            self.suppressions.apply(&mut assessment.findings);
            assessment.without_suppressed();
        }
        let mut found = launch::judge(&server.launch, &self.dirs.home);
        let packages: Vec<(String, String)> = reputation
            .iter()
            .filter_map(|it| match &it.subject {
                Subject::Package(package) => Some((
                    format!("{}:{}", package.ecosystem, package.name),
                    it.evidence.version.clone()?,
                )),
                _ => None,
            })
            .collect();
        let command = redactor().masked(&server.launch.words().join(" ")).into_owned();
        let sight = Sight::of_launch(&self.portable(&command), &packages);
        let mut incomplete: Vec<String> = reputation
            .iter()
            .flat_map(|it| it.failed.iter().map(|what| format!("{}: {what}", it.name)))
            .collect();
        match self.pins.compare(&server.name, &sight, OF_LAUNCH, self.trusts()) {
            Ok(Compared { changes, unkept }) => {
                found.extend(Changes::of(&changes, self.purpose == Purpose::Verify).of_server);
                incomplete.extend(unkept.map(|error| format!("pins can't be kept: {error}")));
            }
            Err(error) => incomplete.push(error.to_string()),
        }
        for (verdict, finding) in &mut found {
            self.suppressions.apply(std::slice::from_mut(finding));
            if finding.suppressed.is_some() {
                *verdict = Verdict::Pass;
            }
        }
        let verdicts = found.iter().map(|(verdict, _)| *verdict);
        let verdicts = verdicts.chain(reputation.iter().filter_map(|it| it.verdict));
        let mut report = ServerReport {
            name: server.name.clone(),
            verdict: verdicts.max().unwrap_or_default(),
            command,
            ..ServerReport::default()
        };
        report.findings = reputation
            .iter()
            .flat_map(|it| it.findings.clone())
            .chain(found.into_iter().map(|(_, finding)| finding))
            .collect();
        report.reputation = reputation;
        let mut known = self.known();
        let known = known.entry(server.name.clone()).or_default();
        known.before = Some((server.launch.clone(), report.clone()));
        known.incomplete = incomplete;
        report
    }

    /// A command as it is on every machine: what is committed must not depend on where a project lies.
    fn portable(&self, command: &str) -> String {
        let project = self.path.parent().unwrap_or(&self.path);
        let places = [(project, "${workspaceFolder}"), (&self.dirs.home, "${userHome}")];
        places
            .iter()
            .fold(command.to_owned(), |command, (place, name)| match place.parent() {
                // Everything lies in the root.
                None => command,
                Some(_) => command.replace(&*place.to_string_lossy(), name),
            })
    }

    fn trusts(&self) -> bool {
        self.purpose != Purpose::Verify
    }

    /// Judges what a server declares, and what of it changed.
    pub(super) fn judge_declared(&self, server: &config::Server, declared: &Declared) -> Ruling {
        let definitions = Definitions::of(declared);
        let name = &server.name;
        let others: Vec<String> = {
            let known = self.known();
            let others = known.iter().filter(|(other, _)| *other != name);
            others
                .flat_map(|(_, other)| other.definitions.tool_names().map(str::to_owned))
                .collect()
        };
        let judge = |definitions: &Definitions| {
            definitions::judge(name, definitions, others.iter().map(String::as_str), &self.suppressions)
        };
        let mut report = judge(&definitions);
        let mut changed = Changes::default();
        let seen = Sight::of_definitions(&definitions);
        let (incomplete, unknown) = match self.pins.compare(name, &seen, OF_DEFINITIONS, self.trusts()) {
            Ok(Compared { changes, unkept }) => {
                changed = Changes::of(&changes, self.purpose == Purpose::Verify);
                changed.judge(&mut report, &changes, judge);
                (unkept.map(|error| format!("pins can't be kept: {error}")), None)
            }
            // A person has to mend the file first.
            Err(error) => {
                let why = format!("not used, since nobody could tell whether it changed: {error}");
                (
                    Some(error.to_string()),
                    (self.purpose == Purpose::Gateway).then_some(why),
                )
            }
        };
        if let Some(error) = &incomplete {
            tracing::error!(server = name, "{error}");
        }
        for (subject, diff) in &changed.shown {
            tracing::warn!(server = name, "{subject} changed since it was pinned:");
            diff.lines().for_each(|line| tracing::warn!(server = name, "{line}"));
        }
        let ruling = ruling(name, &report, &changed);
        for (at, why) in &ruling.tools {
            tracing::warn!(server = name, tool = report.tools[*at].name, "not offered: {why}");
        }
        // What could not be compared is not called clean.
        let passes = report.worst() == Verdict::Pass && incomplete.is_none();
        {
            let mut known = self.known();
            let known = known.entry(name.clone()).or_default();
            known.declared = Some(report);
            known.definitions = definitions;
            // What kept its package from being judged may keep what it declares from it, too.
            let more = incomplete.filter(|what| !known.incomplete.contains(what));
            known.incomplete.extend(more);
        }
        match &ruling.server {
            Some(_) => self.write_back(server, Blocked::Blocked, &[Blocked::No, Blocked::Passed]),
            None if passes => self.write_back(server, Blocked::Passed, &[Blocked::No]),
            None => self.write_back(server, Blocked::No, &[Blocked::Passed]),
        }
        Ruling {
            server: ruling.server.or(unknown),
            ..ruling
        }
    }

    /// Has the configuration say what the verdict on a server is, where it says one of `over`.
    pub(super) fn write_back(&self, server: &config::Server, blocked: Blocked, over: &'static [Blocked]) {
        if self.purpose != Purpose::Gateway {
            return;
        }
        let change = Change {
            server: server.name.clone(),
            pointer: server.pointer.clone(),
            blocked,
            over,
        };
        match verdicts::keep(&self.path, &[change], &self.dirs) {
            Ok(kept) => tracing::debug!(server = server.name, "its verdict is kept: {kept:?}"),
            Err(error) => tracing::error!(
                server = server.name,
                "its verdict can't be written into the configuration: {error}"
            ),
        }
    }
}

impl Known {
    /// Both parts as one report.
    fn report(&self, name: &str) -> ServerReport {
        let before = self
            .before
            .as_ref()
            .map(|(_, report)| report.clone())
            .unwrap_or_default();
        let declared = self.declared.clone().unwrap_or_default();
        ServerReport {
            name: name.to_owned(),
            verdict: before.verdict.max(declared.verdict),
            findings: before.findings.into_iter().chain(declared.findings).collect(),
            command: before.command,
            reputation: before.reputation,
            ..declared
        }
    }
}
