//! What the guardrails found: over time, by guardrail, by rule, one by one.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{Asked, link};
use crate::{
    clock,
    dashboard::{
        chart::{self, Column},
        format::count,
        period::Period,
        shell::{badge, card, empty, name, table, tool_name},
    },
    trace::query::{FindingRow, FoundRow, GuardrailRow, Reader},
};

/// Findings that are summed up by rule, at most.
const MOST: u32 = 10_000;
/// Findings that are listed at most.
const LISTED: usize = 50;
/// Rules that are listed at most.
const RULES: usize = 12;
/// Colours that there are.
const COLOURS: usize = 6;

pub(super) fn show(reader: &Reader, asked: &Asked) -> rusqlite::Result<Markup> {
    let period = asked.period();
    let found = reader.found(period.since, period.step)?;
    let guardrails = reader.guardrails(period.since)?;
    let findings = reader.findings(period.since, MOST)?;
    if guardrails.is_empty() {
        return Ok(empty(
            "No guardrail has looked at anything in this time.",
            "Enable one with `-p basic`: what it masks and stops is listed here, with rule and place.",
        ));
    }
    Ok(html! {
        (card("Findings over time", &over_time(&period, &found)))
        div class="pair" {
            (card("Guardrails", &table(&["Guardrail", "#Inspected", "#Masked", "#Stopped", "#Average"], &html! {
                @for row in &guardrails { (guardrail(row)) }
            })))
            (card("Rules", &rules(&findings)))
        }
        (card("Latest", &latest(&findings)))
    })
}

fn over_time(period: &Period, found: &[FoundRow]) -> Markup {
    let mut plugins: Vec<&str> = found.iter().map(|row| row.plugin.as_str()).collect();
    plugins.sort_unstable();
    plugins.dedup();
    if plugins.is_empty() {
        return empty(
            "Nothing was masked or stopped.",
            "The guardrails looked, and let everything pass.",
        );
    }
    let names: Vec<(&str, String)> = plugins
        .iter()
        .enumerate()
        .map(|(at, name)| (*name, format!("s{}", at % COLOURS)))
        .collect();
    let columns: Vec<Column> = (0..period.columns)
        .map(|at| {
            let of = |plugin: &&str| -> f64 {
                let rows = found.iter().filter(|row| row.stretch == at && row.plugin == *plugin);
                rows.map(|row| row.count as f64).sum()
            };
            let place = period.column(at);
            let parts: Vec<f64> = plugins.iter().map(of).collect();
            let href = link(
                "/calls",
                &[("from", &place.start.to_string()), ("until", &place.end.to_string())],
            );
            Column {
                label: period.label(at),
                href: parts.iter().any(|part| *part > 0.0).then_some(href),
                parts,
            }
        })
        .collect();
    chart::columns("Findings over time", &names, &columns, count)
}

fn guardrail(row: &GuardrailRow) -> Markup {
    html! {
        tr {
            th scope="row" { (row.plugin) }
            td class="number" { (count(row.inspected as f64)) }
            td class="number" { (count(row.masked as f64)) }
            td class="number" { (count(row.stopped as f64)) }
            td class="number" { (clock::duration(row.duration as i64)) }
        }
    }
}

fn rules(findings: &[FindingRow]) -> Markup {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for finding in findings {
        let rule = finding
            .rule
            .as_deref()
            .or(finding.label.as_deref())
            .unwrap_or(&finding.plugin);
        *sums.entry(rule).or_default() += finding.count;
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let greatest = sums.first().map_or(0, |(_, count)| *count) as f64;
    html! {
        ul class="bars" {
            @for (rule, sum) in sums.iter().take(RULES) {
                li { span { (rule) } strong { (count(*sum as f64)) } (chart::bar(*sum as f64, greatest, "s0")) }
            }
        }
        @if sums.is_empty() { p class="muted" { "No rule found anything." } }
    }
}

fn latest(findings: &[FindingRow]) -> Markup {
    if findings.is_empty() {
        return html! { p class="muted" { "Nothing was masked or stopped in this time." } };
    }
    let heads = [
        "Time",
        "Server and tool",
        "Guardrail",
        "Verdict",
        "#Count",
        "Rule",
        "Place or reason",
    ];
    table(
        &heads,
        &html! {
            @for row in findings.iter().rev().take(LISTED) {
                tr {
                    td class="muted" { (clock::moment(row.at)) }
                    th scope="row" {
                        @let subject = tool_name(&row.server, &row.name);
                        @if let Some(id) = &row.call_id { a href=(link("/call", &[("id", id)])) { (subject) } } @else { (subject) }
                        div class="muted small" { (row.kind) }
                    }
                    td { (row.plugin) }
                    td { (badge(&row.verdict)) }
                    td class="number" { (row.count) }
                    td { (name(row.rule.as_deref().unwrap_or_default())) }
                    td class="code" { (name(row.reason.as_deref().or(row.place.as_deref()).unwrap_or_default())) }
                }
            }
        },
    )
}
