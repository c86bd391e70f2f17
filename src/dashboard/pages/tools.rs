//! Tools by what they take from the model's context, and what they cost.

use std::collections::HashMap;

use maud::{Markup, html};

use super::{Asked, calls_of};
use crate::{
    clock,
    dashboard::{
        chart,
        format::{count, money, share},
        shell::{card, empty, name, table, tool_name},
    },
    text::counted,
    trace::query::{CostRow, Reader, StatRow, ToolRow},
};

/// Tools in a chart, at most.
const CHARTED: usize = 10;

pub(super) fn show(reader: &Reader, asked: &Asked) -> rusqlite::Result<Markup> {
    let period = asked.period();
    let (stats, costs, tools) = (
        reader.stats(period.since)?,
        reader.costs(period.since)?,
        reader.tools(period.since)?,
    );
    if stats.is_empty() && tools.is_empty() {
        return Ok(empty(
            "No tool was offered or called in this time.",
            "Start your gateway with `-p xetrack`, or choose a longer period.",
        ));
    }
    Ok(html! {
        div class="pair" {
            (card("Results, in tokens", &results(&stats)))
            (card("Definitions, in tokens", &definitions(&tools)))
        }
        (card("Every tool that was called", &every(&stats, &costs)))
    })
}

/// What results took, by tool; the hungriest come first.
fn results(stats: &[StatRow]) -> Markup {
    let greatest = stats.first().map_or(0, |row| row.tokens_out) as f64;
    html! {
        ul class="bars" {
            @for row in stats.iter().take(CHARTED) {
                li {
                    a href=(calls_of(&row.server, &row.name)) { (tool_name(&row.server, &row.name)) }
                    strong { (count(row.tokens_out as f64)) }
                    (chart::bar(row.tokens_out as f64, greatest, "s0"))
                }
            }
        }
        @if stats.is_empty() { p class="muted" { "Nothing was called." } }
    }
}

/// What definitions take each time that a client lists tools.
fn definitions(tools: &[ToolRow]) -> Markup {
    let greatest = tools.first().map_or(0, |row| row.definition_tokens) as f64;
    let whole: i64 = tools.iter().map(|row| row.definition_tokens).sum();
    html! {
        p class="muted small" { (counted(tools.len(), "tool")) " on offer, " (counted(count(whole as f64), "token")) " in a context that holds all their definitions." }
        ul class="bars" {
            @for row in tools.iter().take(CHARTED) {
                li {
                    span { (tool_name(&row.server, &row.name)) @if row.calls == 0 { span class="muted" { " · not called" } } }
                    strong { (count(row.definition_tokens as f64)) }
                    (chart::bar(row.definition_tokens as f64, greatest, if row.calls == 0 { "faint" } else { "s1" }))
                }
            }
        }
    }
}

fn every(stats: &[StatRow], costs: &[CostRow]) -> Markup {
    let costs: HashMap<(&str, &str), &CostRow> = costs
        .iter()
        .map(|row| ((row.server.as_str(), row.name.as_str()), row))
        .collect();
    let heads = [
        "Tool",
        "#Calls",
        "#Errors",
        "#p50",
        "#p95",
        "#p99",
        "#Tokens in",
        "#Tokens out",
        "#Per call",
        "#Cost",
        "#Context cost",
    ];
    table(
        &heads,
        &html! {
            @for row in stats {
                @let cost = costs.get(&(row.server.as_str(), row.name.as_str()));
                tr {
                    th scope="row" { a href=(calls_of(&row.server, &row.name)) { (name(&row.name)) } div class="muted small" { (name(&row.server)) } }
                    td class="number" { (count(row.calls as f64)) }
                    td class="number" { (share(row.errors, row.calls)) }
                    td class="number" { (clock::duration(row.p50)) }
                    td class="number" { (clock::duration(row.p95)) }
                    td class="number" { (clock::duration(row.p99)) }
                    td class="number" { (count(row.tokens_in as f64)) }
                    td class="number" { (count(row.tokens_out as f64)) }
                    td class="number" { (count(row.tokens_out as f64 / row.calls.max(1) as f64)) }
                    td class="number" { (cost.map(|cost| money(&cost.cost)).unwrap_or_default()) }
                    td class="number" { (cost.map(|cost| money(&cost.context_cost)).unwrap_or_default()) }
                }
            }
        },
    )
}
