//! What goes wrong again and again, each with what to do about it.

use maud::{Markup, html};

use super::{Asked, calls_of, link};
use crate::{
    clock,
    dashboard::{
        format::{count, share},
        shell::{badge, card, name, prose},
    },
    text::{counted, line},
    trace::query::{CallRow, Chosen, Reader, RepeatRow, StatRow, ToolRow},
};

/// Calls with the same arguments that are worth telling.
const REPEATED: u32 = 3;
/// Calls of a tool before its share of errors says something.
const ENOUGH: u64 = 3;
/// How many of a hundred calls may fail.
const FAILING: u64 = 20;
/// A tool is slow where 5 of 100 calls take longer, in microseconds.
const SLOW: i64 = 2_000_000;
/// A result is large where it takes more tokens on average.
const LARGE: i64 = 4_000;
/// Rows of one pattern, at most.
const MOST: usize = 12;

/// One thing to look at: what it is, where it leads, how much of it there is, and what to do.
struct Pattern {
    subject: String,
    href: String,
    figure: String,
    seen: String,
    advice: String,
}

pub(super) fn show(reader: &Reader, asked: &Asked) -> rusqlite::Result<Markup> {
    let since = asked.period().since;
    let (stats, tools) = (reader.stats(since)?, reader.tools(since)?);
    let repeats = reader.repeats(since, REPEATED, MOST as u32)?;
    let failing: Vec<&StatRow> = stats
        .iter()
        .filter(|row| row.calls >= ENOUGH && row.errors * 100 >= row.calls * FAILING)
        .collect();
    let mut failures = Vec::new();
    for row in failing.iter().take(MOST) {
        failures.push(failure(row, last_failure(reader, row, since)?.as_ref()));
    }
    let of = |wanted: fn(&StatRow) -> bool, pattern: fn(&StatRow) -> Pattern| -> Vec<Pattern> {
        stats.iter().filter(|row| wanted(row)).take(MOST).map(pattern).collect()
    };
    let sections: [(&str, &str, Vec<Pattern>); 5] = [
        (
            "Repeated calls",
            "No tool is called with the same arguments again and again.",
            repeats.iter().map(repeat).collect(),
        ),
        ("Failing tools", "No tool fails often.", failures),
        ("Slow tools", "No tool is slow.", of(|row| row.p95 >= SLOW, slow)),
        (
            "Large results",
            "No tool fills the context with each call.",
            of(|row| average(row) >= LARGE, large),
        ),
        ("Unused tools", "Every tool on offer is used.", unused(&tools)),
    ];
    Ok(html! {
        @for (title, none, patterns) in &sections {
            (card(title, &html! {
                @if patterns.is_empty() { p class="fine" { (badge("ok")) " " (none) } }
                @for pattern in patterns {
                    article class="pattern" {
                        strong class="figure" { (pattern.figure) }
                        div {
                            p { a href=(pattern.href) { (name(&pattern.subject)) } " " span class="muted" { (pattern.seen) } }
                            p { (prose(&pattern.advice)) }
                        }
                    }
                }
            }))
        }
    })
}

fn repeat(row: &RepeatRow) -> Pattern {
    let once = row.tokens_out / row.calls.max(1) as i64;
    Pattern {
        subject: format!("{} / {}", row.server, row.name),
        href: link("/call", &[("id", &row.call_id)]),
        figure: format!("{}×", row.calls),
        seen: line(row.arguments.as_deref().unwrap_or_default(), 90),
        advice: match once {
            0 => "The same question again and again, without content in the answers: tell the agent when to stop."
                .to_owned(),
            _ => format!(
                "The same question took {} tokens of results, {} of them after the first. Tell the agent to keep the answer, or have the server cache it; \
                 where it waits for a change, a longer pause does.",
                count(row.tokens_out as f64),
                count((row.tokens_out - once) as f64)
            ),
        },
    }
}

fn last_failure(reader: &Reader, row: &StatRow, since: i64) -> rusqlite::Result<Option<CallRow>> {
    let chosen = Chosen {
        server: Some(row.server.clone()),
        name: Some(row.name.clone()),
        since,
        limit: 200,
        ..Chosen::default()
    };
    let calls = reader.calls(&chosen)?;
    Ok(calls
        .into_iter()
        .rev()
        .find(|call| !matches!(call.outcome.as_str(), "ok" | "running")))
}

fn failure(row: &StatRow, last: Option<&CallRow>) -> Pattern {
    let advice = match last.map(|call| call.outcome.as_str()) {
        Some("refused") => {
            "A guardrail stops these calls: see the call for its rule, and loosen that rule if they are meant to pass."
        }
        Some("failed") => {
            "The server gives no answer: look at its state and its log, and at its time-out in the configuration."
        }
        Some("cancelled") => "The client gives up on these calls: they may be too slow for it.",
        _ => {
            "The server says no: compare the arguments with the tool's schema. A clearer description, or an example in it, keeps a model from guessing."
        }
    };
    Pattern {
        subject: format!("{} / {}", row.server, row.name),
        href: last.map_or_else(
            || calls_of(&row.server, &row.name),
            |call| link("/call", &[("id", &call.call_id)]),
        ),
        figure: share(row.errors, row.calls),
        seen: format!(
            "of {}; {}",
            counted(row.calls, "call"),
            line(
                last.and_then(|call| call.error.as_deref()).unwrap_or("no reason given"),
                90
            )
        ),
        advice: advice.to_owned(),
    }
}

fn slow(row: &StatRow) -> Pattern {
    let advice = if row.overhead * 2 > row.p50 {
        "Most of it is the gateway's: a guardrail that asks a service, or a person, takes the time. See Findings for each one's average."
    } else {
        "The server takes the time: ask it for less (a filter, a page, a range), or give it what it waits for."
    };
    Pattern {
        subject: format!("{} / {}", row.server, row.name),
        href: calls_of(&row.server, &row.name),
        figure: clock::duration(row.p95),
        seen: format!(
            "for the slowest of 20; half take {}, {} of that in the gateway",
            clock::duration(row.p50),
            clock::duration(row.overhead)
        ),
        advice: advice.to_owned(),
    }
}

fn average(row: &StatRow) -> i64 {
    row.tokens_out / row.calls.max(1) as i64
}

fn large(row: &StatRow) -> Pattern {
    Pattern {
        subject: format!("{} / {}", row.server, row.name),
        href: calls_of(&row.server, &row.name),
        figure: count(average(row) as f64),
        seen: format!("tokens for each of {}", counted(row.calls, "call")),
        advice: "Each result takes this much of the model's context: ask for fewer fields, a page or a range of lines, or deny the tool and offer a narrower one.".to_owned(),
    }
}

/// One row for each server, since that is where tools are filtered.
fn unused(tools: &[ToolRow]) -> Vec<Pattern> {
    let mut servers: Vec<&str> = tools.iter().map(|row| row.server.as_str()).collect();
    servers.sort_unstable();
    servers.dedup();
    let of = |server: &str| {
        let offered = tools.iter().filter(|row| row.server == server);
        let rows: Vec<&ToolRow> = offered.clone().filter(|row| row.calls == 0).collect();
        let tokens: i64 = rows.iter().map(|row| row.definition_tokens).sum();
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        (!rows.is_empty()).then(|| Pattern {
            subject: server.to_owned(),
            href: link("/tools", &[]),
            figure: format!("{} of {}", rows.len(), offered.count()),
            seen: line(&names.join(", "), 160),
            advice: format!(
                "Their definitions take {} tokens of every context that lists them. Name them in the server's `tools.deny`, or start the gateway with `--tools meta`.",
                count(tokens as f64)
            ),
        })
    };
    servers.into_iter().filter_map(of).take(MOST).collect()
}
