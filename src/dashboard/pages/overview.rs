//! The overview: how servers are, and what went on.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::{Asked, link};
use crate::{
    clock,
    dashboard::{
        chart::{self, Column},
        format::{count, money, share},
        period::Period,
        shell::{self, badge, card, empty, risk, table},
    },
    trace::query::{ActivityRow, Per, Reader, ServerRow, StatRow},
};

/// How good a state is: of several gateways with one server, the one where it is best is shown.
const STATES: [&str; 5] = ["gone", "off", "down", "starting", "ready"];

/// What is known of one server.
struct Card<'a> {
    name: &'a str,
    row: Option<&'a ServerRow>,
    stat: StatRow,
    risk: Option<f64>,
    cost: BTreeMap<String, f64>,
    calls: Vec<f64>,
}

pub(super) fn show(reader: &Reader, asked: &Asked) -> rusqlite::Result<Markup> {
    let period = asked.period();
    let activity = reader.activity(period.since, period.step)?;
    let whole = reader.stats_per(Per::All, period.since)?.pop().unwrap_or_default();
    let found = reader.found(period.since, period.step)?;
    let costs = reader.costs(period.since)?;
    let mut cost = BTreeMap::new();
    for row in &costs {
        add(&mut cost, &row.cost);
        add(&mut cost, &row.context_cost);
    }
    let series = |value: fn(&ActivityRow) -> f64| course(&period, activity.iter().map(|row| (row.stretch, value(row))));
    let (calls, errors) = (series(|row| row.calls as f64), series(|row| row.errors as f64));
    let findings = course(&period, found.iter().map(|row| (row.stretch, row.count as f64)));
    let took = series(|row| row.duration as f64);
    let mean: Vec<f64> = took
        .iter()
        .zip(&calls)
        .map(|(took, calls)| took / calls.max(1.0))
        .collect();
    let tiles: [(&str, String, String, &[f64]); 5] = [
        (
            "Calls",
            count(calls.iter().sum()),
            format!("{} failed", share(whole.errors, whole.calls)),
            &calls,
        ),
        (
            "Latency",
            clock::duration(whole.p50),
            format!(
                "p95 {} · gateway {}",
                clock::duration(whole.p95),
                clock::duration(whole.overhead)
            ),
            &mean,
        ),
        (
            "Context",
            count(whole.tokens_out as f64),
            "tokens of results".to_owned(),
            &series(|row| row.tokens_out as f64),
        ),
        (
            "Findings",
            count(findings.iter().sum()),
            "masked or stopped".to_owned(),
            &findings,
        ),
        ("Cost", money(&cost), "servers and context".to_owned(), &[]),
    ];
    Ok(html! {
        div class="tiles" {
            @for (name, value, more, course) in &tiles {
                div class="tile" {
                    span class="muted" { (name) }
                    strong { (value) }
                    span class="muted small" { (more) }
                    @if !course.is_empty() { (chart::sparkline(&format!("{name} over time"), course)) }
                }
            }
        }
        (card("Calls over time", &over_time(&period, &calls, &errors)))
        (card("Average latency", &latency(&period, &mean, &calls)))
        (card("Servers", &servers(reader, &period, &activity)?))
    })
}

fn add(sums: &mut BTreeMap<String, f64>, more: &BTreeMap<String, f64>) {
    for (currency, sum) in more {
        *sums.entry(currency.clone()).or_default() += sum;
    }
}

/// Values by the columns that they fall in.
fn course(period: &Period, values: impl Iterator<Item = (usize, f64)>) -> Vec<f64> {
    let mut sums = vec![0.0; period.columns];
    for (stretch, value) in values {
        // A call may have begun after the period was taken.
        if let Some(sum) = sums.get_mut(stretch) {
            *sum += value;
        }
    }
    sums
}

fn over_time(period: &Period, calls: &[f64], errors: &[f64]) -> Markup {
    let columns: Vec<Column> = calls
        .iter()
        .zip(errors)
        .enumerate()
        .map(|(at, (calls, errors))| {
            let place = period.column(at);
            let href = link(
                "/calls",
                &[("from", &place.start.to_string()), ("until", &place.end.to_string())],
            );
            Column {
                label: period.label(at),
                href: (*calls > 0.0).then_some(href),
                parts: vec![calls - errors, *errors],
            }
        })
        .collect();
    chart::columns(
        "Calls over time",
        &[("fine", "s0".to_owned()), ("failed", "bad".to_owned())],
        &columns,
        count,
    )
}

fn latency(period: &Period, mean: &[f64], calls: &[f64]) -> Markup {
    let points = mean.iter().zip(calls).enumerate();
    let points: Vec<_> = points
        .map(|(at, (mean, calls))| (period.label(at), (*calls > 0.0).then_some(*mean)))
        .collect();
    chart::line("Average latency", &points, |micros| {
        clock::duration(micros as i64).replace(".0 ", " ")
    })
}

fn servers(reader: &Reader, period: &Period, activity: &[ActivityRow]) -> rusqlite::Result<Markup> {
    let rows = reader.servers(clock::now())?;
    let stats = reader.stats_per(Per::Server, period.since)?;
    let (scans, costs) = (reader.scans()?, reader.costs(period.since)?);
    let known = rows.iter().map(|row| row.name.as_str());
    let names: BTreeSet<&str> = known.chain(stats.iter().map(|row| row.server.as_str())).collect();
    if names.is_empty() {
        return Ok(empty(
            "No server is on record.",
            "Start your gateway with `-p xetrack`: its servers and calls appear here.",
        ));
    }
    let of = |name| {
        let stretches = activity.iter().filter(|row| row.server == name);
        let mut cost = BTreeMap::new();
        for row in costs.iter().filter(|row| row.server == name) {
            add(&mut cost, &row.cost);
            add(&mut cost, &row.context_cost);
        }
        let state = |row: &&ServerRow| STATES.iter().position(|state| *state == row.state);
        Card {
            name,
            // The latest gateway comes first, and of equals the last one is the greatest.
            row: rows.iter().rev().filter(|row| row.name == name).max_by_key(state),
            stat: stats.iter().find(|row| row.server == name).cloned().unwrap_or_default(),
            risk: scans.iter().find(|row| row.server == name).and_then(|row| row.score),
            calls: course(period, stretches.map(|row| (row.stretch, row.calls as f64))),
            cost,
        }
    };
    let heads = [
        "Server", "State", "#Risk", "Calls", "", "#Errors", "#p50", "#p95", "#Tokens", "#Cost",
    ];
    Ok(table(&heads, &html! { @for name in names { (server(&of(name))) } }))
}

fn server(card: &Card<'_>) -> Markup {
    let Card { name, row, stat, .. } = card;
    let state = row.map_or("unknown", |row| row.state.as_str());
    let about = row.map(|row| {
        let version = row.version.as_deref().unwrap_or_default();
        format!("{} {version}", row.title.as_deref().unwrap_or_default())
            .trim()
            .to_owned()
    });
    html! {
        tr {
            th scope="row" {
                a href=(link("/calls", &[("server", name)])) { (shell::name(name)) }
                @if let Some(about) = about.filter(|about| !about.is_empty()) { div class="muted small" { (shell::name(&about)) } }
            }
            td {
                (badge(state))
                @if let Some(row) = row {
                    @if row.restarts > 0 { div class="muted small" { (row.restarts) " restarts" } }
                    @if let Some(why) = row.why.as_ref().filter(|_| state != "ready") { div class="muted small why" { (shell::name(why)) } }
                }
            }
            td class="number" { (risk(card.risk)) }
            td class="trend" { (chart::sparkline("Calls over time", &card.calls)) }
            td class="number" { (count(stat.calls as f64)) }
            td class="number" { (share(stat.errors, stat.calls)) }
            td class="number" { (clock::duration(stat.p50)) }
            td class="number" { (clock::duration(stat.p95)) }
            td class="number" { (count(stat.tokens_out as f64)) }
            td class="number" { (money(&card.cost)) }
        }
    }
}
