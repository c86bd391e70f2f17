//! What the scanner said: a verdict, a score, and the reasons that its report gives.

use std::collections::BTreeSet;

use maud::{Markup, html};
use serde_json::Value;

use super::Asked;
use crate::{
    clock,
    dashboard::{
        format::json,
        shell::{badge, empty, name, risk},
    },
    text::visible,
    trace::query::{Reader, ScanRow},
};

/// One reason in a report: an object that says why.
struct Reason<'a> {
    /// The names that lead to it.
    place: String,
    value: &'a Value,
}

pub(super) fn show(reader: &Reader, _: &Asked) -> rusqlite::Result<Markup> {
    let scans = reader.scans()?;
    if scans.is_empty() {
        return Ok(empty(
            "No server was scanned yet.",
            "A scan looks at a server's package, its reputation and its definitions before it is started, and its report appears here with a risk from 0 to 100.",
        ));
    }
    // The latest of each server comes first.
    let mut seen = BTreeSet::new();
    let (latest, older): (Vec<_>, Vec<_>) = scans.iter().partition(|scan| seen.insert(scan.server.as_str()));
    Ok(html! {
        @for scan in latest { section class="card" { (shown(scan)) } }
        @if !older.is_empty() {
            details class="card" {
                summary { "Earlier scans (" (older.len()) ")" }
                @for scan in older { (shown(scan)) }
            }
        }
    })
}

fn shown(scan: &ScanRow) -> Markup {
    let report: Value = serde_json::from_str(&scan.report).unwrap_or_default();
    let mut reasons = Vec::new();
    collect(&report, String::new(), &mut reasons);
    html! {
        p class="title" { strong { (name(&scan.server)) } " " (badge(&scan.verdict)) " " span class="muted" { "risk " } (risk(scan.score)) }
        p class="muted" { (name(&scan.subject)) @if let Some(version) = &scan.version { " " (name(version)) } " · " (clock::moment(scan.at)) }
        @if reasons.is_empty() { p { "The report names no reasons." } }
        ul class="reasons" { @for reason in &reasons { (shown_reason(reason)) } }
        details { summary { "The whole report" } pre { (json(&scan.report)) } }
    }
}

/// Every object with a `why` in a report, wherever it stands.
fn collect<'a>(value: &'a Value, place: String, reasons: &mut Vec<Reason<'a>>) {
    match value {
        Value::Object(members) if members.get("why").is_some_and(Value::is_string) => {
            reasons.push(Reason { place, value })
        }
        Value::Object(members) => {
            for (name, value) in members {
                let separator = if place.is_empty() { "" } else { " / " };
                collect(value, format!("{place}{separator}{name}"), reasons);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, place.clone(), reasons)),
        _ => {}
    }
}

fn shown_reason(reason: &Reason<'_>) -> Markup {
    let text = |name: &str| {
        reason
            .value
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    html! {
        li {
            p { (badge(text("severity").unwrap_or("info"))) " " strong { (name(text("why").unwrap_or_default())) } }
            p class="muted small" { (name(&reason.place)) @if let Some(rule) = text("id") { " · " (name(rule)) } }
            @if let Some(excerpt) = text("excerpt") { pre { (visible(excerpt)) } }
            @if let Some(mend) = text("mend") { p { (name(mend)) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_found_wherever_they_stand() {
        let report = serde_json::json!({
            "findings": [{"id": "a", "severity": "high", "why": "first"}],
            "tools": {"read": {"score": 3, "findings": [{"why": "second", "excerpt": "<script>"}]}},
            "other": {"why": 7},
        });
        let mut reasons = Vec::new();
        collect(&report, String::new(), &mut reasons);
        let places: Vec<&str> = reasons.iter().map(|reason| reason.place.as_str()).collect();
        assert_eq!(places, ["findings", "tools / read / findings"]);
        let shown = shown_reason(&reasons[1]).into_string();
        assert!(
            shown.contains("second") && shown.contains("<pre>&lt;script&gt;</pre>"),
            "{shown}"
        );
    }
}
