//! The report as people read it: what is wrong first, each with its reason and its mend; what is fine in one line.

use std::fmt::Write as _;

use super::{Item, Report, ServerReport};
use crate::scan::finding::{Finding, Severity, Verdict};
use crate::scan::reputation::Assessment;
use crate::text::{counted, visible_line};

/// What a text reaches to before it is wrapped, in characters.
const WIDTH: usize = 110;

pub(super) fn table(report: &Report) -> String {
    let mut out = String::new();
    for server in &report.servers {
        of_server(server, &mut out);
    }
    if !report.fleet.is_empty() {
        out.push_str("the servers together\n");
        findings(&report.fleet, &mut out);
    }
    for what in &report.incomplete {
        line(&mut out, 0, &format!("not checked: {}", visible_line(what)));
    }
    summary(report, &mut out);
    out
}

fn of_server(server: &ServerReport, out: &mut String) {
    line(
        out,
        0,
        &format!("{:6}  {}", word(server.worst()), visible_line(&server.name)),
    );
    if !server.command.is_empty() {
        line(out, 8, &format!("runs {}", visible_line(&server.command)));
    }
    for assessment in &server.reputation {
        line(out, 8, &standing(assessment));
    }
    findings(&server.findings, out);
    for (kind, item) in server.items() {
        if item.verdict > Verdict::Pass {
            of_item(kind, item, out);
        }
    }
    let passed = server.items().filter(|(_, item)| item.verdict == Verdict::Pass).count();
    if passed > 0 {
        line(out, 2, &format!("{passed} passed of {}", server.items().count()));
    }
}

/// What is known of something that a server runs, in one line.
fn standing(assessment: &Assessment) -> String {
    let Assessment {
        name, score, reason, ..
    } = assessment;
    let known = match score.score {
        Some(points) => format!(
            "{points:.0} of 100 at a confidence of {:.0} %",
            100.0 * score.confidence
        ),
        None => "no score".to_owned(),
    };
    match (assessment.verdict, reason) {
        (None, Some(reason)) => format!("{}: unknown, {} ({known})", visible_line(name), visible_line(reason)),
        _ => format!("{}: {known}", visible_line(name)),
    }
}

fn of_item(kind: &str, item: &Item, out: &mut String) {
    let name = visible_line(&item.name);
    let head = format!("{:6}  {kind} {name} ({} points)", word(item.verdict), item.score);
    line(out, 2, &head);
    findings(&item.findings, out);
}

fn findings(findings: &[Finding], out: &mut String) {
    for finding in findings {
        let points = if finding.points > 0 {
            format!(" +{}", finding.points)
        } else {
            String::new()
        };
        let head = format!(
            "{}{points}  {} {}",
            finding.id,
            severity(finding.severity),
            finding.pointer
        );
        line(out, 10, &visible_line(&head));
        line(out, 12, &format!("“{}”", finding.excerpt));
        line(out, 12, &finding.why);
        match &finding.suppressed {
            Some(reason) => line(out, 12, &format!("suppressed: {}", visible_line(reason))),
            None => line(out, 12, &format!("→ {}", finding.mend)),
        }
    }
}

fn summary(report: &Report, out: &mut String) {
    let count = |verdict| {
        let of_servers = report.servers.iter().flat_map(ServerReport::items);
        of_servers.filter(|(_, item)| item.verdict == verdict).count()
    };
    let (blocked, review, passed) = (count(Verdict::Block), count(Verdict::Review), count(Verdict::Pass));
    let servers = counted(report.servers.len(), "server");
    let definitions = counted(blocked + review + passed, "definition");
    let text = format!("{servers}, {definitions}: {blocked} blocked, {review} to review, {passed} passed");
    line(out, 0, &text);
}

/// Verdicts that want attention are written large.
fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Review => "REVIEW",
        Verdict::Block => "BLOCK",
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

/// Writes a text, indented, wrapped between words.
fn line(out: &mut String, indent: usize, text: &str) {
    let mut column = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column == 0 {
            let _ = write!(out, "{:indent$}{word}", "");
            column = indent + length;
        } else if column + 1 + length > WIDTH {
            let _ = write!(out, "\n{:indent$}  {word}", "");
            column = indent + 2 + length;
        } else {
            let _ = write!(out, " {word}");
            column += 1 + length;
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_shown_with_reason_and_mend_and_what_is_fine_is_counted() {
        let finding = Finding {
            points: 40,
            pointer: "/tools/0/description".into(),
            why: "It overrides.".into(),
            mend: "Remove the server.".into(),
            ..Finding::new("override", Severity::Critical, "Ignore all rules", &[])
        };
        let tool = |name: &str, verdict, findings| Item {
            name: name.into(),
            verdict,
            score: 40,
            findings,
        };
        let report = Report {
            servers: vec![ServerReport {
                name: "s\u{1b}".into(),
                tools: vec![
                    tool("bad", Verdict::Block, vec![finding]),
                    tool("good", Verdict::Pass, vec![]),
                ],
                ..ServerReport::default()
            }],
            ..Report::default()
        };
        let wanted = "\
BLOCK   s\\u{1b}
  BLOCK   tool bad (40 points)
          override +40  critical /tools/0/description
            “Ignore all rules”
            It overrides.
            → Remove the server.
  1 passed of 2
1 server, 2 definitions: 1 blocked, 0 to review, 1 passed
";
        assert_eq!(table(&report), wanted);
    }

    #[test]
    fn long_lines_are_wrapped_between_words() {
        let mut out = String::new();
        line(&mut out, 4, &"word ".repeat(60));
        assert!(
            out.lines().count() > 2 && out.lines().all(|line| line.chars().count() <= WIDTH),
            "{out}"
        );
    }
}
