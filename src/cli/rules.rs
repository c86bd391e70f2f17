//! `rules`: what the maskers look for.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{
    Outcome,
    columns::{Holds, aligned},
    print,
};
use crate::{
    detect::{pii, secrets},
    text::cut,
};

/// How much of an example a table shows, in characters.
const EXAMPLE: usize = 48;

#[derive(Args)]
#[command(after_help = "Example:\n  mcp-gateway rules presidio --format json")]
pub(super) struct Options {
    /// Whose rules
    #[arg(value_enum, default_value_t)]
    plugin: Plugin,
    /// How they are shown
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Plugin {
    /// Secrets
    #[default]
    Basic,
    /// Personal data: the recognizers, by the names that `presidio.entities` takes
    Presidio,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    #[default]
    Table,
    Json,
}

/// Lists every rule with an example.
pub(super) fn run(options: &Options) -> Outcome {
    let text = match (options.plugin, options.format) {
        (Plugin::Basic, Format::Table) => table(["RULE", "PROVIDER", "PLACEHOLDER"], secrets::rules().map(secret_row)),
        (Plugin::Presidio, Format::Table) => table(["ENTITY", "COUNTRY", "ON"], pii::recognizers().map(entity_row)),
        (Plugin::Basic, Format::Json) => listed(secrets::rules().map(|rule| {
            json!({
                "id": rule.id,
                "provider": rule.provider,
                "what": rule.what,
                "placeholder": format!("<{}>", rule.label),
                "example": rule.example,
            })
        })),
        (Plugin::Presidio, Format::Json) => listed(pii::recognizers().map(|recognizer| {
            json!({
                "entity": recognizer.entity,
                "country": recognizer.country,
                "default": recognizer.is_default,
                "what": recognizer.about,
                "matches": recognizer.matches,
                "misses": recognizer.misses,
            })
        })),
    };
    print(&text)
}

fn listed(rules: impl Iterator<Item = Value>) -> String {
    format!("{:#}\n", rules.collect::<Value>())
}

fn secret_row(rule: &secrets::RuleInfo) -> [String; 4] {
    let placeholder = format!("<{}>", rule.label);
    [
        rule.id.into(),
        rule.provider.into(),
        placeholder,
        with_example(rule.what, rule.example),
    ]
}

fn entity_row(recognizer: pii::About) -> [String; 4] {
    let example = recognizer.matches.first().copied().unwrap_or_default();
    let on = if recognizer.is_default {
        "by default"
    } else {
        "on request"
    };
    let country = recognizer.country.unwrap_or("any");
    [
        recognizer.entity.into(),
        country.into(),
        on.into(),
        with_example(recognizer.about, example),
    ]
}

fn with_example(what: &str, example: &str) -> String {
    let one_line = example.replace('\n', "⏎");
    format!("{what} ({})", cut(&one_line, EXAMPLE))
}

/// Rows below a head.
fn table(head: [&str; 3], rows: impl Iterator<Item = [String; 4]>) -> String {
    let [a, b, c] = head.map(str::to_owned);
    let head = [a, b, c, "WHAT (EXAMPLE)".to_owned()];
    let rows: Vec<Vec<String>> = [head].into_iter().chain(rows).map(Vec::from).collect();
    aligned(&[Holds::Text; 4], &rows)
}
