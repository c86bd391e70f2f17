//! What is around every page, and the pieces that pages share.

use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, html};

use super::{
    pages::{Asked, PAGES, Page},
    period::Period,
};
use crate::text::visible_line;

/// A whole page.
pub(super) fn page(page: &Page, asked: &Asked, body: &Markup) -> Html<String> {
    let period = asked.period();
    let main = html! {
        header class="bar-top" {
            a class="brand" href="/" { img src="/icon.svg" alt="" width="26" height="26"; span { "mcp-gateway" } }
            nav aria-label="Pages" {
                @for other in PAGES.iter().filter(|page| page.is_listed) {
                    a href=(format!("{}?since={}", other.path, period.name)) aria-current=[(other.path == page.path).then_some("page")] { (other.title) }
                }
            }
        }
        main {
            div class="head" {
                div { h1 { (page.title) } p class="muted" { (prose(page.about)) } }
                @if page.has_period {
                    nav class="periods" aria-label="Period" {
                        @for (name, label) in Period::all() {
                            a href=(format!("{}?since={name}", page.path)) aria-current=[(name == period.name).then_some("true")] { (label) }
                        }
                    }
                }
            }
            (body)
        }
        footer { "Times are in UTC. This page reads the trace store and changes nothing." }
    };
    document(page.title, None, &main)
}

/// A page that says one thing. It needs neither the store nor a style.
pub(super) fn message(status: StatusCode, what: &str) -> Response {
    let body = html! { main class="message" { h1 { "mcp-gateway" } p { (prose(what)) } } };
    (status, document("mcp-gateway", None, &body)).into_response()
}

/// What a browser sees that was let in. It goes on by itself: a redirection would come from whatever page the address
/// was followed from, and bring no strict cookie.
pub(super) fn entered() -> Html<String> {
    document(
        "mcp-gateway",
        Some("0; url=/"),
        &html! { main class="message" { p { a href="/" { "To the dashboard" } } } },
    )
}

fn document(title: &str, refresh: Option<&str>, body: &Markup) -> Html<String> {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                @if let Some(refresh) = refresh { meta http-equiv="refresh" content=(refresh); }
                title { (title) " · mcp-gateway" }
                link rel="icon" href="/icon.svg";
                link rel="stylesheet" href="/style.css";
                script src="/live.js" defer {}
            }
            body { (body) }
        }
    };
    Html(document.into_string())
}

/// A part of a page with a heading.
pub(super) fn card(title: &str, body: &Markup) -> Markup {
    html! { section class="card" { h2 { (title) } (body) } }
}

/// A part of a page where there is nothing, and what brings something.
pub(super) fn empty(what: &str, how: &str) -> Markup {
    html! { div class="empty" { p { strong { (what) } } p class="muted" { (prose(how)) } } }
}

/// A text in which back-ticks mark what is typed.
pub(super) fn prose(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 0 { (part) } @else { code { (part) } }
        }
    }
}

/// A table that is moved sideways where it is too wide. Heads that begin with `#` are of numbers.
pub(super) fn table(heads: &[&str], rows: &Markup) -> Markup {
    html! {
        div class="scroll" {
            table {
                thead {
                    tr {
                        @for head in heads {
                            @let (text, class) = head.strip_prefix('#').map_or((*head, None), |text| (text, Some("number")));
                            th scope="col" class=[class] { (text) }
                        }
                    }
                }
                tbody { (rows) }
            }
        }
    }
}

/// A word in a colour that says whether it is good.
pub(super) fn badge(word: &str) -> Markup {
    html! { span class="badge" data-is=(visible_line(word)) { (visible_line(word)) } }
}

/// A name that others chose: it turns no text around it, and nothing hides in it.
pub(super) fn name(name: &str) -> Markup {
    html! { bdi { (visible_line(name)) } }
}

/// The name of a tool behind that of its server.
pub(super) fn tool_name(server: &str, tool: &str) -> Markup {
    html! { (name(server)) " / " (name(tool)) }
}

/// A risk from 0 to 100, as a colour and a number.
pub(super) fn risk(score: Option<f64>) -> Markup {
    match score {
        None => html! { span class="muted" title="It was not scanned" { "–" } },
        Some(score) => {
            let level = match score {
                ..25.0 => "low",
                ..60.0 => "medium",
                _ => "high",
            };
            html! { span class="badge" data-is=(level) { (format!("{score:.0}")) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_ticks_mark_what_is_typed() {
        assert_eq!(prose("Say `-p basic`.").into_string(), "Say <code>-p basic</code>.");
    }

    #[test]
    fn what_others_wrote_is_text_wherever_it_stands() {
        let hostile = r#""><script>alert(1)</script><a href='javascript:x'>"#;
        let shown = [
            card(hostile, &html! { p title=(hostile) { (hostile) } }),
            empty(hostile, hostile),
            badge(hostile),
            prose(hostile),
            table(&[hostile], &html! {}),
        ];
        for markup in shown.map(Markup::into_string) {
            assert!(!markup.contains("<script") && !markup.contains("<a "), "{markup}");
            // The quotation mark would end an attribute.
            assert!(!markup.contains(r#"="">"#), "{markup}");
            assert!(markup.contains("&lt;script&gt;"), "{markup}");
        }
    }
}
