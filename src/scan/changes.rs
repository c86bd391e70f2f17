//! What a change since the pins means: a person should look at it, and a tool that says something worse than before is not
//! to be used.

use super::{
    Finding, Item, ServerReport, Severity, Verdict,
    definitions::Definitions,
    pins::{Change, Difference, Kind},
};

/// Changes as findings.
#[derive(Default)]
pub(super) struct Changes {
    /// What concerns the server as a whole.
    pub(super) of_server: Vec<(Verdict, Finding)>,
    /// What concerns one tool or prompt.
    of_items: Vec<(Kind, String, Verdict, Finding)>,
    /// Names of tools that say something worse than before, with what changed.
    worse: Vec<(String, String)>,
    /// What changed, and how, for people.
    pub(super) shown: Vec<(String, String)>,
}

impl Changes {
    /// The findings; where `strict`, whatever differs wants a person's look.
    pub(super) fn of(changes: &[Change], strict: bool) -> Self {
        let mut all = Self::default();
        for change in changes {
            let (id, severity, verdict) = match (&change.difference, change.pin) {
                (Difference::Changed(_), Kind::Package) => ("pin-version-changed", Severity::Info, Verdict::Pass),
                (Difference::Changed(_), Kind::Launch) => ("pin-launch-changed", Severity::Medium, Verdict::Review),
                (Difference::Changed(_), _) => ("pin-definition-changed", Severity::Medium, Verdict::Review),
                (Difference::New, _) => ("pin-new", Severity::Info, Verdict::Pass),
                (Difference::Gone, _) => ("pin-gone", Severity::Info, Verdict::Pass),
            };
            let verdict = if strict { Verdict::Review } else { verdict };
            let now = change.now.to_string();
            let finding = Finding {
                why: format!("It differs from what was pinned: {}.", change.headline()).into(),
                mend: "See what changed and accept it: `mcp-gateway pins accept SERVER [TOOL]`.".into(),
                ..Finding::new(id, severity, &change.diff(), &[&change.subject(), &now])
            };
            if matches!(change.difference, Difference::Changed(_)) {
                all.shown.push((change.subject(), change.diff()));
            }
            match change.pin {
                Kind::Tool | Kind::Prompt if change.difference != Difference::Gone => {
                    all.of_items.push((change.pin, change.name.clone(), verdict, finding));
                }
                _ => all.of_server.push((verdict, finding)),
            }
        }
        all
    }

    /// Puts the findings into the report of what the server declares. `judge` judges what it declared before.
    pub(super) fn judge(
        &mut self,
        report: &mut ServerReport,
        changes: &[Change],
        judge: impl Fn(&Definitions) -> ServerReport,
    ) {
        for (verdict, finding) in &self.of_server {
            report.verdict = report.verdict.max(*verdict);
            report.findings.push(finding.clone());
        }
        for (pin, name, verdict, finding) in &self.of_items {
            let items = if *pin == Kind::Tool {
                &mut report.tools
            } else {
                &mut report.prompts
            };
            for item in items.iter_mut().filter(|item| item.name == *name) {
                item.verdict = item.verdict.max(*verdict);
                item.findings.push(finding.clone());
            }
        }
        for change in changes.iter().filter(|change| change.pin == Kind::Tool) {
            let Difference::Changed(old) = &change.difference else {
                continue;
            };
            let before = Definitions {
                tools: old.iter().cloned().collect(),
                ..Definitions::default()
            };
            let before = judge(&before)
                .tools
                .iter()
                .map(|tool| tool.score)
                .max()
                .unwrap_or_default();
            for tool in report
                .tools
                .iter_mut()
                .filter(|tool| tool.name == change.name && tool.score > before)
            {
                tool.verdict = Verdict::Block;
                self.worse.push((
                    tool.name.clone(),
                    format!("{}; new in it: {}", change.headline(), rules(tool)),
                ));
            }
        }
    }

    /// Why a tool that changed is not to be used; `None` where that has nothing to do with the change.
    pub(super) fn reason(&self, server: &str, tool: &str) -> Option<String> {
        let (_, what) = self.worse.iter().find(|(name, _)| name == tool)?;
        Some(format!(
            "its definition changed since it was pinned, and what it says now looks like an attack: {what}. A person can \
             see the change with `mcp-gateway pins accept {server} {tool}`"
        ))
    }
}

/// The rules that found something in a tool.
fn rules(tool: &Item) -> String {
    let mut ids: Vec<&str> = tool
        .findings
        .iter()
        .filter(|finding| finding.counted() > 0)
        .map(|finding| &*finding.id)
        .collect();
    ids.dedup();
    if ids.is_empty() {
        "what its texts mean together".to_owned()
    } else {
        ids.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn changed(tool: &str) -> Change {
        Change {
            pin: Kind::Tool,
            name: tool.into(),
            difference: Difference::Changed(Some(json!({"name": tool, "description": "reads"}))),
            now: json!({"name": tool, "description": "reads and more"}),
        }
    }

    fn report(score: u32) -> ServerReport {
        ServerReport {
            tools: vec![Item {
                name: "a".into(),
                score,
                ..Item::default()
            }],
            ..ServerReport::default()
        }
    }

    fn verdict(before: u32, now: u32) -> (Verdict, Option<String>) {
        let changes = [changed("a")];
        let mut found = Changes::of(&changes, false);
        let mut judged = report(now);
        found.judge(&mut judged, &changes, |_| report(before));
        (judged.tools[0].verdict, found.reason("s", "a"))
    }

    #[test]
    fn a_change_is_reviewed_and_one_for_the_worse_is_blocked() {
        assert_eq!(verdict(0, 0), (Verdict::Review, None));
        assert_eq!(verdict(12, 12), (Verdict::Review, None));
        let (worse, reason) = verdict(12, 20);
        assert_eq!(worse, Verdict::Block);
        assert!(reason.is_some_and(|reason| reason.contains("description changed (5 to 14 characters)")));
    }

    #[test]
    fn in_ci_whatever_differs_wants_a_look() {
        let new = Change {
            difference: Difference::New,
            ..changed("a")
        };
        assert_eq!(
            Changes::of(std::slice::from_ref(&new), false).of_items[0].2,
            Verdict::Pass
        );
        assert_eq!(Changes::of(&[new], true).of_items[0].2, Verdict::Review);
    }
}
