//! The scanner as the gate of the fleet.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::task::spawn_blocking;

use super::{Severity, Verdict, ruling::reason, scanner::Scanner};
use crate::{
    config::{self, Blocked},
    guard::{Observer, Scanned},
    upstream::{Declared, Gate, Ruling},
};

/// The scanner as the fleet asks it.
pub struct Rule {
    /// The scanner.
    pub scanner: Arc<Scanner>,
    /// Who is told of its verdicts.
    pub observers: Vec<Arc<dyn Observer>>,
}

impl Rule {
    /// Tells the observers what is known of a server now.
    fn tell(&self, name: &str) {
        let report = self.scanner.report(&[name.to_owned()]);
        let Some(of_it) = report.servers.first() else { return };
        let known = of_it.reputation.first();
        let scanned = Scanned {
            server: name,
            subject: known.map_or(of_it.command.as_str(), |it| it.name.as_str()),
            version: known.and_then(|it| it.evidence.version.as_deref()),
            verdict: of_it.verdict.as_str(),
            risk: known.and_then(|it| it.score.score).map(|score| 100.0 - score),
            report: &report.json(),
        };
        self.observers.iter().for_each(|observer| observer.scanned(&scanned));
    }
}

#[async_trait]
impl Gate for Rule {
    async fn admit(&self, server: &config::Server) -> Result<(), String> {
        if server.blocked == Blocked::Skipped {
            return Ok(());
        }
        if let Err(error) = self.scanner.sees_changes() {
            return Err(format!(
                "not started, since nobody could tell whether it changed: {error}"
            ));
        }
        let report = self.scanner.examine(server).await;
        for assessment in report.reputation.iter().filter(|it| it.verdict.is_none()) {
            tracing::info!(
                server = server.name,
                "{}: unknown, {}",
                assessment.name,
                assessment.reason.as_deref().unwrap_or_default()
            );
        }
        for finding in report
            .findings
            .iter()
            .filter(|finding| finding.severity > Severity::Info && finding.suppressed.is_none())
        {
            tracing::warn!(server = server.name, "{}: {} {}", finding.id, finding.why, finding.mend);
        }
        if report.verdict < Verdict::Block {
            return Ok(());
        }
        self.tell(&server.name);
        let (scanner, server) = (self.scanner.clone(), server.clone());
        let written =
            spawn_blocking(move || scanner.write_back(&server, Blocked::Blocked, &[Blocked::No, Blocked::Passed]));
        // What could not be written was said in the log.
        let _ = written.await;
        Err(format!("blocked: {}", reason(&report.findings)))
    }

    async fn judge(&self, server: &config::Server, declared: Declared) -> Ruling {
        if server.blocked == Blocked::Skipped {
            return Ruling::default();
        }
        let (scanner, judged) = (self.scanner.clone(), server.clone());
        let judged = spawn_blocking(move || scanner.judge_declared(&judged, &declared)).await;
        self.tell(&server.name);
        judged.unwrap_or_else(|error| Ruling {
            server: Some(format!("not used, since the scan of what it declares failed: {error}")),
            tools: Vec::new(),
        })
    }
}
