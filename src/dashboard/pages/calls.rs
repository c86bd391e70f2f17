//! Calls, the latest first; those that come are added by the script.

use maud::{Markup, html};
use serde::Serialize;

use super::{Asked, link};
use crate::{
    clock,
    dashboard::{
        format::count,
        shell::{empty, prose, table},
        stream,
    },
    text::{line, visible_line},
    trace::query::{CallRow, Chosen, Reader},
};

/// Calls that are listed at most.
const MOST: u32 = 100;

/// Characters of arguments or of an error that are shown.
const EXCERPT: usize = 90;

/// The outcomes that can be asked for.
const OUTCOMES: [&str; 6] = ["ok", "error", "failed", "refused", "cancelled", "running"];

/// How a cell is shown.
#[derive(Clone, Copy)]
enum Shown {
    /// As a text of this class.
    Text(&'static str),
    /// As the outcome.
    Badge,
    /// As the way to the call.
    Link,
}

/// The columns of the list: the head, how its cells are shown, and the cell of a call.
type Column = (&'static str, Shown, fn(&CallRow) -> String);

const COLUMNS: [Column; 7] = [
    ("Time", Shown::Text("muted"), |row| clock::time_of_day(row.started_at)),
    ("Outcome", Shown::Badge, |row| row.outcome.clone()),
    ("Server", Shown::Text("name"), |row| row.server.clone()),
    ("Tool", Shown::Link, |row| row.name.clone()),
    ("#Took", Shown::Text("number"), |row| {
        row.duration.map(clock::duration).unwrap_or_default()
    }),
    ("#Tokens", Shown::Text("number"), |row| count(row.tokens_out as f64)),
    ("Arguments or error", Shown::Text("muted excerpt"), |row| {
        line(
            row.error.as_deref().or(row.arguments.as_deref()).unwrap_or_default(),
            EXCERPT,
        )
    }),
];

/// A call as the list shows it, and as it is sent to a page that shows the list: texts, never markup.
#[derive(Default, Serialize)]
pub(in crate::dashboard) struct Line {
    number: i64,
    outcome: String,
    href: String,
    cells: [String; COLUMNS.len()],
}

impl Line {
    /// The line of a call.
    pub(in crate::dashboard) fn of(row: &CallRow) -> Self {
        Self {
            number: row.number,
            outcome: row.outcome.clone(),
            href: link("/call", &[("id", &row.call_id)]),
            cells: COLUMNS.map(|(.., cell)| visible_line(&cell(row)).into_owned()),
        }
    }

    fn row(&self) -> Markup {
        html! {
            tr data-number=(self.number) {
                @for ((_, shown, _), text) in COLUMNS.iter().zip(&self.cells) {
                    @match shown {
                        Shown::Text(class) => td class=(class) { bdi data-text { (text) } },
                        Shown::Badge => td { span data-text class="badge" data-is=(self.outcome) { (text) } },
                        Shown::Link => th scope="row" { a class="tool" href=(self.href) { bdi data-text { (text) } } },
                    }
                }
            }
        }
    }
}

pub(super) fn show(reader: &Reader, asked: &Asked) -> rusqlite::Result<Markup> {
    let chosen = Chosen {
        limit: MOST,
        ..asked.chosen()
    };
    let rows = reader.calls(&chosen)?;
    let lines: Vec<Line> = rows.iter().rev().map(Line::of).collect();
    let last = rows.last().map_or(0, |row| row.number);
    let kept = kept(asked);
    // A stretch of the past gets no new calls.
    let source = asked.until.is_none().then(|| {
        let after = last.to_string();
        link(
            stream::PATH,
            &[
                &kept[..],
                &asked
                    .outcome
                    .iter()
                    .map(|outcome| ("outcome", outcome.as_str()))
                    .collect::<Vec<_>>(),
                &[("after", &after)],
            ]
            .concat(),
        )
    });
    let heads = COLUMNS.map(|(head, ..)| head);
    Ok(html! {
        (filters(asked, &kept))
        section class="card" {
            @if source.is_some() {
                p class="live" data-live-state="off" { span class="dot" {} span data-live-text { "Load this page again for new calls." } }
            }
            div data-live=[source] data-most=(MOST) {
                (table(&heads, &html! { @for line in &lines { (line.row()) } }))
                template { (Line::default().row()) }
            }
            @if lines.is_empty() { div data-none { (empty("No calls here yet.", "Each call of your gateway with `-p xetrack` appears here as it happens.")) } }
            @if lines.len() == MOST as usize { p class="muted small" { "The latest " (MOST) ". " (prose("`mcp-gateway trace export` writes them all.")) } }
        }
    })
}

/// The parameters that stay when another outcome is chosen.
fn kept(asked: &Asked) -> Vec<(&'static str, &str)> {
    let given = [("server", &asked.server), ("name", &asked.name)];
    given
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
        .collect()
}

fn filters(asked: &Asked, kept: &[(&str, &str)]) -> Markup {
    let with = |outcome| link("/calls", &[kept, &[("outcome", outcome)]].concat());
    html! {
        nav class="filters" aria-label="Outcome" {
            a href=(link("/calls", kept)) aria-current=[asked.outcome.is_none().then_some("true")] { "all" }
            @for outcome in OUTCOMES {
                a href=(with(outcome)) aria-current=[(asked.outcome.as_deref() == Some(outcome)).then_some("true")] { (outcome) }
            }
        }
        @let from = asked.from.map(clock::moment);
        @let until = asked.until.map(clock::moment);
        @if !kept.is_empty() || from.is_some() || until.is_some() {
            p class="chosen" {
                "Only "
                @for (name, value) in kept { span class="chip" { (name) " " strong { (line(value, EXCERPT)) } } " " }
                @if let Some(from) = from { span class="chip" { "from " strong { (from) } } " " }
                @if let Some(until) = until { span class="chip" { "until " strong { (until) } } " " }
                a href="/calls" { "Show all" }
            }
        }
    }
}
