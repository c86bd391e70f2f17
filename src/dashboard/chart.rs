//! Charts, as SVG: positions across are percentages, so a chart is as wide as its place and its texts stay as they are.
//! The numbers of an axis stand left of it, where the style leaves room.

use maud::{Markup, html};

/// How high the plot of a chart is, and where it begins, in pixels.
const HEIGHT: f64 = 150.0;
const TOP: f64 = 14.0;
/// How high a whole chart is.
const WHOLE: f64 = TOP + HEIGHT + 24.0;
/// How much of its place a column fills.
const FILL: f64 = 0.72;
/// The least share of a whole that is drawn for a part of it.
const LEAST: f64 = 0.006;
/// Labels below the plot, at most.
const LABELS: usize = 6;

/// One column: its parts stand on each other.
pub(super) struct Column {
    /// What stands below it.
    pub(super) label: String,
    /// Where it leads.
    pub(super) href: Option<String>,
    /// As many as the chart has names.
    pub(super) parts: Vec<f64>,
}

/// Columns over time. `names` are of their parts, from the bottom up, each with a class that colours it.
pub(super) fn columns(title: &str, names: &[(&str, String)], columns: &[Column], number: fn(f64) -> String) -> Markup {
    let top = scale(
        columns
            .iter()
            .map(|column| column.parts.iter().sum())
            .fold(0.0, f64::max),
    );
    let place = 100.0 / columns.len().max(1) as f64;
    let bars = html! {
        @for (at, column) in columns.iter().enumerate() {
            @let x = place * (at as f64 + (1.0 - FILL) / 2.0);
            a class="column" href=[column.href.as_deref()] {
                title { (tip(column, names, number)) }
                // The whole height answers to the pointer.
                rect class="area" x=(percent(place * at as f64)) width=(percent(place)) y=(TOP) height=(HEIGHT) {}
                @for (part, (_, class)) in names.iter().enumerate() {
                    @let below: f64 = column.parts.iter().take(part).sum();
                    @let value = column.parts.get(part).copied().unwrap_or_default();
                    @if value > 0.0 {
                        rect class=(class) x=(percent(x)) width=(percent(place * FILL)) rx="1.5"
                            y=(pixels(TOP + HEIGHT * (1.0 - (below + value) / top))) height=(pixels((HEIGHT * value / top).max(1.5))) {}
                    }
                }
            }
        }
    };
    let labels: Vec<&str> = columns.iter().map(|column| column.label.as_str()).collect();
    html! {
        @if names.len() > 1 { (legend(names)) }
        (frame(title, top, &labels, number, &bars))
    }
}

/// A line over time. Where there is no value, it is interrupted.
pub(super) fn line(title: &str, points: &[(String, Option<f64>)], number: fn(f64) -> String) -> Markup {
    let top = scale(points.iter().filter_map(|(_, value)| *value).fold(0.0, f64::max));
    let place = 100.0 / points.len().max(1) as f64;
    let middle = |at: usize| place * (at as f64 + 0.5);
    let height = |value: f64| TOP + HEIGHT * (1.0 - value / top);
    let pairs = points.iter().zip(points.iter().skip(1)).enumerate();
    let drawn = html! {
        @for (at, ((_, one), (_, other))) in pairs {
            @if let (Some(one), Some(other)) = (one, other) {
                line class="line" x1=(percent(middle(at))) x2=(percent(middle(at + 1))) y1=(pixels(height(*one))) y2=(pixels(height(*other))) {}
            }
        }
        @for (at, (label, value)) in points.iter().enumerate() {
            @if let Some(value) = value {
                circle class="point" cx=(percent(middle(at))) cy=(pixels(height(*value))) r="2.5" {
                    title { (label) ": " (number(*value)) }
                }
            }
        }
    };
    let labels: Vec<&str> = points.iter().map(|(label, _)| label.as_str()).collect();
    frame(title, top, &labels, number, &drawn)
}

/// What is drawn, with the axes around it.
fn frame(title: &str, top: f64, labels: &[&str], number: fn(f64) -> String, drawn: &Markup) -> Markup {
    let place = 100.0 / labels.len().max(1) as f64;
    let every = labels.len().div_ceil(LABELS).max(1);
    html! {
        svg class="chart" role="group" aria-label=(title) width="100%" height=(WHOLE) {
            @for quarter in 0..=2 {
                @let y = TOP + HEIGHT * (1.0 - f64::from(quarter) / 2.0);
                line class="grid" x1="0" x2="100%" y1=(y) y2=(y) {}
                text class="tick" x="-8" y=(y + 4.0) text-anchor="end" { (number(top * f64::from(quarter) / 2.0)) }
            }
            (drawn)
            @for (at, label) in labels.iter().enumerate().step_by(every) {
                text class="tick" x=(percent(place * at as f64)) y=(TOP + HEIGHT + 18.0) { (label) }
            }
        }
    }
}

fn legend(names: &[(&str, String)]) -> Markup {
    html! {
        ul class="legend" {
            @for (name, class) in names {
                li { svg width="10" height="10" aria-hidden="true" { rect class=(class) width="10" height="10" rx="2" {} } (name) }
            }
        }
    }
}

fn tip(column: &Column, names: &[(&str, String)], number: fn(f64) -> String) -> String {
    let parts = names.iter().zip(&column.parts);
    let parts: Vec<String> = parts
        .map(|((name, _), value)| format!("{name} {}", number(*value)))
        .collect();
    format!("{}: {}", column.label, parts.join(", "))
}

/// A bar as long as its share of the greatest.
pub(super) fn bar(value: f64, greatest: f64, class: &str) -> Markup {
    let width = if greatest > 0.0 { 100.0 * value / greatest } else { 0.0 };
    html! {
        svg class="bar" width="100%" height="8" aria-hidden="true" {
            rect class="track" width="100%" height="8" rx="4" {}
            @if value > 0.0 { rect class=(class) width=(percent(width.max(1.0))) height="8" rx="4" {} }
        }
    }
}

/// Parts of a whole beside each other: what each is called, its class and its size.
pub(super) fn parts(title: &str, parts: &[(&str, String, f64)]) -> Markup {
    let whole: f64 = parts.iter().map(|(.., size)| size).sum();
    // What is there is seen.
    let sizes: Vec<f64> = parts
        .iter()
        .map(|(.., size)| if *size > 0.0 { size.max(whole * LEAST) } else { 0.0 })
        .collect();
    let whole = sizes.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let place = |at: usize| 100.0 * sizes.iter().take(at).sum::<f64>() / whole;
    html! {
        svg class="bar" role="img" aria-label=(title) width="100%" height="22" {
            @for (at, (name, class, _)) in parts.iter().enumerate() {
                rect class=(class) x=(percent(place(at))) width=(percent(place(at + 1) - place(at))) height="22" { title { (name) } }
            }
        }
    }
}

/// The course of something in the height of a line of text.
pub(super) fn sparkline(title: &str, values: &[f64]) -> Markup {
    let greatest = values.iter().copied().fold(0.0, f64::max);
    let height = |value: f64| {
        if greatest > 0.0 {
            23.0 - 21.0 * value / greatest
        } else {
            23.0
        }
    };
    let points: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(x, value)| format!("{x},{:.1}", height(*value)))
        .collect();
    let (points, last) = (points.join(" "), values.len().saturating_sub(1));
    html! {
        svg class="spark" role="img" aria-label=(title) viewBox=(format!("0 0 {} 24", last.max(1))) preserveAspectRatio="none" {
            polygon class="under" points=(format!("0,24 {points} {last},24")) {}
            polyline class="line" points=(points) vector-effect="non-scaling-stroke" {}
        }
    }
}

/// The least round number that is not below the greatest value, and whose half is round too.
fn scale(greatest: f64) -> f64 {
    const ROUND: [f64; 8] = [1.0, 1.2, 1.6, 2.0, 4.0, 6.0, 8.0, 10.0];
    let unit = 10f64.powf(greatest.max(1.0).log10().floor());
    let top = ROUND.iter().map(|factor| factor * unit).find(|top| *top >= greatest);
    // Half of it is one at least.
    top.unwrap_or(greatest).max(2.0)
}

fn percent(value: f64) -> String {
    format!("{value:.3}%")
}

fn pixels(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::format::count;

    #[test]
    fn an_axis_ends_at_a_round_number() {
        let tops = [0.0, 1.0, 3.0, 5.0, 6.0, 42.0, 100.0, 101.0, 4e6].map(scale);
        assert_eq!(tops, [2.0, 2.0, 4.0, 6.0, 6.0, 60.0, 100.0, 120.0, 4e6]);
    }

    #[test]
    fn columns_stand_on_each_other_and_lead_somewhere() {
        let names = [("ok", "ok".to_owned()), ("errors", "bad".to_owned())];
        let column = Column {
            label: "12:00".into(),
            href: Some("/calls?from=1".into()),
            parts: vec![6.0, 4.0],
        };
        let svg = columns("Calls", &names, &[column], count).into_string();
        assert!(
            svg.contains(r#"<a class="column" href="/calls?from=1"><title>12:00: ok 6, errors 4</title>"#),
            "{svg}"
        );
        // 6 of 10 are 90 of 150 pixels, and 4 are the 60 above them.
        assert!(
            svg.contains(r#"y="74.0" height="90.0""#) && svg.contains(r#"y="14.0" height="60.0""#),
            "{svg}"
        );
        assert!(svg.contains(r#"aria-label="Calls""#));
    }

    #[test]
    fn nothing_is_drawn_where_there_is_nothing() {
        let column = Column {
            label: String::new(),
            href: None,
            parts: vec![0.0],
        };
        assert!(
            !columns("", &[("a", "a".to_owned())], &[column], count)
                .into_string()
                .contains("NaN")
        );
        assert!(!columns("", &[], &[], count).into_string().contains("NaN"));
        assert!(!line("", &[], count).into_string().contains("NaN"));
        assert!(!sparkline("", &[]).into_string().contains("NaN"));
        assert!(!bar(0.0, 0.0, "").into_string().contains("NaN"));
        assert!(!parts("", &[("a", String::new(), 0.0)]).into_string().contains("NaN"));
    }

    #[test]
    fn names_are_texts() {
        let names = [("</svg><script>", "a".to_owned()), ("b", "b".to_owned())];
        let svg = columns("<script>", &names, &[], count).into_string();
        assert!(!svg.contains("<script>"), "{svg}");
    }
}
