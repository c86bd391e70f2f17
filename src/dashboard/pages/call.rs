//! One call: arguments, result, where its time went, what each guardrail did.

use maud::{Markup, html};

use super::{Asked, calls_of};
use crate::{
    clock,
    dashboard::{
        chart,
        format::{amount, bytes, count, json},
        shell::{badge, card, empty, name, table},
    },
    text::visible,
    trace::query::{CallRow, Event, FindingRow, Reader},
};

/// Columns of an event that hold content, and whether it is JSON.
const CONTENT: &[(&str, &str, bool)] = &[
    ("content_text", "Text", false),
    ("content", "Content", true),
    ("content_uri", "URI", false),
    ("content_name", "Name", false),
    ("content_title", "Title", false),
    ("content_description", "Description", false),
    ("content_mimeType", "Type", false),
    ("content_size", "Size", false),
    ("content_resource", "Resource", true),
    ("content_data", "Data", false),
    ("content_blob", "Data", false),
    ("content_annotations", "Annotations", true),
    ("content_meta", "Metadata", true),
];

/// Columns that are the same in all events of a call, and hold JSON.
const OF_RESULT: &[(&str, &str)] = &[("structuredContent", "Structured content"), ("meta", "Metadata")];

pub(super) fn show(reader: &Reader, asked: &Asked) -> rusqlite::Result<Markup> {
    let call = asked.id.as_deref().map(|id| reader.call(id)).transpose()?.flatten();
    let Some(call) = call else {
        return Ok(empty(
            "This call is not on record.",
            "It may have been pruned; the list of calls has those that are kept.",
        ));
    };
    let (events, actions) = (reader.events(&call.call_id)?, reader.actions(&call.call_id)?);
    Ok(html! {
        (summary(&call))
        (card("Where the time went", &timeline(&call, &actions)))
        (card("Guardrails", &guardrails(&actions)))
        div class="pair" {
            (card("Arguments", &arguments(&call)))
            (card("Result", &result(&call, &events)))
        }
    })
}

fn summary(call: &CallRow) -> Markup {
    let cost = call.cost.zip(call.currency.as_ref());
    let context = call.context_cost.zip(call.context_currency.as_ref());
    let money = |sum: Option<(f64, &String)>| sum.map(|(sum, currency)| amount(sum, currency));
    let facts = [
        ("Began", Some(clock::moment(call.started_at))),
        ("Took", call.duration.map(clock::duration)),
        ("Gateway's part", call.overhead.map(clock::duration)),
        (
            "Tokens",
            Some(format!(
                "{} in, {} out",
                count(call.tokens_in as f64),
                count(call.tokens_out as f64)
            )),
        ),
        (
            "Size",
            Some(format!(
                "{} in, {} out",
                bytes(call.request_bytes),
                bytes(call.response_bytes)
            )),
        ),
        ("Cost", money(cost)),
        ("Cost of the context", money(context)),
        ("Method", Some(call.method.clone())),
        ("Gateway", Some(call.gateway.clone())),
        ("Id", Some(call.call_id.clone())),
    ];
    html! {
        section class="card" {
            p class="title" {
                a href=(calls_of(&call.server, &call.name)) { (name(&call.server)) " / " strong { (name(&call.name)) } } " "
                (badge(&call.outcome))
            }
            @if let Some(error) = &call.error { pre class="bad-text" { (visible(error)) } }
            dl class="facts" {
                @for (label, value) in facts {
                    @if let Some(value) = value { div { dt { (label) } dd { (name(&value)) } } }
                }
            }
        }
    }
}

/// The guardrails' time by direction, the rest of the gateway's, and the server's.
fn timeline(call: &CallRow, actions: &[FindingRow]) -> Markup {
    let Some(took) = call.duration else {
        return empty("The call still runs.", "Its times are entered when it ends.");
    };
    let guardrails = |direction: &str| -> i64 {
        let those = actions.iter().filter(|action| action.direction == direction);
        those.filter_map(|action| action.duration).sum()
    };
    let (there, back) = (guardrails("to_server"), guardrails("to_client"));
    let overhead = call.overhead.unwrap_or_default();
    let parts = [
        ("Guardrails, to the server", "s1", there),
        ("Server", "s0", (took - overhead).max(0)),
        ("Guardrails, to the client", "s2", back),
        ("Rest of the gateway", "s3", (overhead - there - back).max(0)),
    ];
    let named: Vec<(&str, String, f64)> = parts
        .iter()
        .map(|(name, class, size)| (*name, (*class).to_owned(), *size as f64))
        .collect();
    html! {
        (chart::parts("Where the time went", &named))
        ul class="legend" {
            @for (name, class, size) in parts {
                li { svg width="10" height="10" aria-hidden="true" { rect class=(class) width="10" height="10" rx="2" {} } (name) " " strong { (clock::duration(size)) } }
            }
        }
    }
}

fn guardrails(actions: &[FindingRow]) -> Markup {
    if actions.is_empty() {
        return empty(
            "No guardrail looked at this call.",
            "Enable one with `-p basic`: it masks secrets both ways.",
        );
    }
    let heads = [
        "Direction",
        "Guardrail",
        "Verdict",
        "#Count",
        "Rule",
        "Place or reason",
        "#Took",
    ];
    table(
        &heads,
        &html! {
            @for action in actions {
                tr {
                    td { @if action.direction == "to_server" { "→ server" } @else { "← client" } div class="muted small" { (action.kind) } }
                    th scope="row" { (action.plugin) }
                    td { (badge(&action.verdict)) }
                    td class="number" { @if action.verdict != "allow" { (action.count) } }
                    td { (name(action.rule.as_deref().or(action.label.as_deref()).unwrap_or_default())) }
                    td class="code" { (name(action.reason.as_deref().or(action.place.as_deref()).unwrap_or_default())) }
                    td class="number" { (action.duration.map(clock::duration).unwrap_or_default()) }
                }
            }
        },
    )
}

fn arguments(call: &CallRow) -> Markup {
    match &call.arguments {
        Some(arguments) => html! { pre { (json(arguments)) } },
        None => empty("None.", "The call had no arguments, or they are not kept."),
    }
}

fn result(call: &CallRow, events: &[Event]) -> Markup {
    let text = |event: &Event, column: &str| -> Option<String> {
        let value = event.get(column)?;
        Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    };
    let items: Vec<_> = events
        .iter()
        .filter(|event| CONTENT.iter().any(|(column, ..)| event.contains_key(*column)))
        .collect();
    let whole: Vec<_> = OF_RESULT
        .iter()
        .filter_map(|(column, label)| Some((*label, text(events.first()?, column)?)))
        .collect();
    if items.is_empty() && whole.is_empty() {
        return match call.outcome.as_str() {
            "running" => empty("None yet.", "The call still runs."),
            _ => empty("None.", "The call brought no content."),
        };
    }
    html! {
        @for (at, event) in items.iter().enumerate() {
            h3 { (at + 1) ". " (name(&text(event, "content_type").unwrap_or_default())) }
            @for (column, label, is_json) in CONTENT {
                @if let Some(value) = text(event, column) {
                    @if *column != "content_text" { p class="muted small" { (label) } }
                    pre { @if *is_json { (json(&value)) } @else { (visible(&value)) } }
                }
            }
        }
        @for (label, value) in whole { h3 { (label) } pre { (json(&value)) } }
    }
}
