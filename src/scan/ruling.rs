//! From a report to what is let be used of a server, with the reason in our own words.

use super::{Finding, ServerReport, Verdict, changes::Changes};
use crate::upstream::Ruling;

/// What is not to be used of a server of which this is the report.
pub(super) fn ruling(name: &str, report: &ServerReport, changed: &Changes) -> Ruling {
    Ruling {
        server: (report.verdict == Verdict::Block).then(|| {
            let blocked = report.tools.iter().filter(|tool| tool.verdict == Verdict::Block);
            let of_change = blocked.clone().find_map(|tool| changed.reason(name, &tool.name));
            let findings = report.findings.iter().chain(blocked.flat_map(|tool| &tool.findings));
            let why = of_change.map(|why| format!("of a tool, {why}"));
            format!("blocked: {}", why.unwrap_or_else(|| reason(findings)))
        }),
        tools: report
            .tools
            .iter()
            .enumerate()
            .filter(|(_, tool)| tool.verdict == Verdict::Block)
            .map(|(at, tool)| {
                let why = changed
                    .reason(name, &tool.name)
                    .unwrap_or_else(|| reason(&tool.findings));
                (at, why)
            })
            .collect(),
    }
}

/// Why something is not to be used: the worst of the findings, in our own words.
pub(super) fn reason<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> String {
    let counted = findings.into_iter().filter(|finding| finding.suppressed.is_none());
    let worst = counted.max_by_key(|finding| (finding.severity, finding.points));
    worst.map_or_else(
        || "a scan found it risky".to_owned(),
        |finding| {
            format!(
                "a scan found it risky ({}): {}; a person sees it with `mcp-gateway scan`",
                finding.id,
                finding.why.trim_end_matches('.')
            )
        },
    )
}
