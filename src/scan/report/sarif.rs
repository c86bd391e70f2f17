//! The report as SARIF 2.1.0 (OASIS), for code hosts and editors.

use std::path::Path;

use serde_json::{Value, json};

use super::Report;
use crate::scan::finding::{Finding, Severity};
use crate::text::visible_json;

/// The format's own name for its schema.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn sarif(report: &Report) -> String {
    let file = uri(&report.file);
    let mut rules: Vec<&Finding> = Vec::new();
    let mut results = Vec::new();
    for (place, finding) in every(report) {
        let rule = rules.iter().position(|rule| rule.id == finding.id).unwrap_or_else(|| {
            rules.push(finding);
            rules.len() - 1
        });
        results.push(result(&place, finding, rule, &file));
    }
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_iter().map(rule).collect::<Value>(),
            }},
            "invocations": [{
                "executionSuccessful": report.incomplete.is_empty(),
                "toolExecutionNotifications": report.incomplete.iter().map(|what| {
                    json!({"level": "error", "message": {"text": what}})
                }).collect::<Value>(),
            }],
            "results": results,
        }],
    });
    visible_json(&format!("{document:#}\n")).into_owned()
}

/// Every finding with the name of what it is about, such as `server/tool`.
fn every(report: &Report) -> impl Iterator<Item = (String, &Finding)> {
    let servers = report.servers.iter().flat_map(|server| {
        let own = server.findings.iter().map(|finding| (server.name.clone(), finding));
        let items = server.items().flat_map(|(_, item)| {
            let place = format!("{}/{}", server.name, item.name);
            item.findings.iter().map(move |finding| (place.clone(), finding))
        });
        own.chain(items)
    });
    servers.chain(report.fleet.iter().map(|finding| ("fleet".to_owned(), finding)))
}

fn rule(finding: &Finding) -> Value {
    json!({
        "id": finding.id,
        "shortDescription": {"text": finding.why},
        "help": {"text": finding.mend},
        "defaultConfiguration": {"level": level(finding.severity)},
    })
}

/// A path as a URI reference: one that is not relative has a scheme.
fn uri(path: &Path) -> String {
    match url::Url::from_file_path(path) {
        Ok(url) => url.into(),
        Err(()) => path
            .to_string_lossy()
            .replace('\\', "/")
            .replace('%', "%25")
            .replace(' ', "%20"),
    }
}

fn result(place: &str, finding: &Finding, rule: usize, file: &str) -> Value {
    let mut result = json!({
        "ruleId": finding.id,
        "ruleIndex": rule,
        "level": level(finding.severity),
        "message": {"text": format!("{}: {} Found: {}", place, finding.why, finding.excerpt)},
        // Code hosts take no result without a place in a file.
        "locations": [{
            "physicalLocation": {"artifactLocation": {"uri": file}, "region": {"startLine": 1}},
            "logicalLocations": [{
                "name": place,
                "fullyQualifiedName": format!("{place}#{}", finding.pointer),
            }],
        }],
        "partialFingerprints": {"mcpGateway/v1": finding.hash},
        "properties": {"points": finding.points},
    });
    if let Some(reason) = &finding.suppressed {
        result["suppressions"] = json!([{"kind": "external", "justification": reason}]);
    }
    result
}

/// SARIF knows three levels.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info | Severity::Low => "note",
        Severity::Medium => "warning",
        Severity::High | Severity::Critical => "error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::{Item, ServerReport};

    #[test]
    fn a_rule_stands_once_and_each_result_refers_to_it() {
        let finding = |shown: &str| Finding::new("rule", Severity::High, shown, &[shown]);
        let tool = Item {
            name: "tool".into(),
            findings: vec![finding("a"), finding("b")],
            ..Item::default()
        };
        let report = Report {
            servers: vec![ServerReport {
                name: "server".into(),
                tools: vec![tool],
                ..ServerReport::default()
            }],
            incomplete: vec!["`x` was not reached".into()],
            file: "a folder/mcp.json".into(),
            ..Report::default()
        };
        let sarif: Value = serde_json::from_str(&sarif(&report)).expect("JSON");
        let run = &sarif["runs"][0];
        assert_eq!(run["tool"]["driver"]["rules"].as_array().map(Vec::len), Some(1));
        assert_eq!(run["results"].as_array().map(Vec::len), Some(2));
        assert_eq!(run["results"][1]["ruleIndex"], 0);
        assert_eq!(run["invocations"][0]["executionSuccessful"], false);
        let place = &run["results"][0]["locations"][0]["logicalLocations"][0]["name"];
        assert_eq!(place, "server/tool");
        let file = &run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(file, "a%20folder/mcp.json");
        assert_eq!(uri(Path::new("/b/mcp.json")), "file:///b/mcp.json");
    }
}
