//! The scanner as the gate of the fleet.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::task::spawn_blocking;

use super::{
    Severity, Verdict,
    scanner::{Scanner, reason},
};
use crate::{
    config::{self, Blocked},
    upstream::{Declared, Gate, Ruling},
};

/// The scanner as the fleet asks it.
pub struct Rule(pub Arc<Scanner>);

#[async_trait]
impl Gate for Rule {
    async fn admit(&self, server: &config::Server) -> Result<(), String> {
        if server.blocked == Blocked::Skipped {
            return Ok(());
        }
        let report = self.0.examine(server).await;
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
        let (scanner, server) = (self.0.clone(), server.clone());
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
        let (scanner, server) = (self.0.clone(), server.clone());
        let judged = spawn_blocking(move || scanner.judge_declared(&server, &declared)).await;
        judged.unwrap_or_else(|error| Ruling {
            server: Some(format!("not used, since the scan of what it declares failed: {error}")),
            tools: Vec::new(),
        })
    }
}
