//! `rules`: what `basic` looks for.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{Outcome, print};
use crate::detect::secrets::{RuleInfo, rules};

#[derive(Args)]
#[command(after_help = "Example:\n  mcp-gateway rules --format json")]
pub(super) struct Options {
    /// How they are shown
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    #[default]
    Table,
    Json,
}

/// Lists every rule with an example.
pub(super) fn run(options: &Options) -> Outcome {
    match options.format {
        Format::Table => print(&table(&rules().collect::<Vec<_>>())),
        Format::Json => {
            let all: Vec<Value> = rules()
                .map(|rule| json!({"id": rule.id, "provider": rule.provider, "what": rule.what, "placeholder": format!("<{}>", rule.label), "example": rule.example}))
                .collect();
            print(&format!("{:#}\n", Value::from(all)))
        }
    }
}

fn table(rules: &[&RuleInfo]) -> String {
    const EXAMPLE: usize = 48;
    let width = |text: fn(&RuleInfo) -> &str| {
        rules
            .iter()
            .map(|rule| text(rule).chars().count())
            .max()
            .unwrap_or_default()
    };
    let (id, provider, label) = (
        width(|rule| rule.id),
        width(|rule| rule.provider),
        width(|rule| rule.label) + 2,
    );
    let line = |a: &str, b: &str, c: &str, d: &str| format!("{a:id$}  {b:provider$}  {c:label$}  {d}\n");
    let rows = rules.iter().map(|rule| {
        let one_line = rule.example.replace('\n', "⏎");
        let example: String = one_line.chars().take(EXAMPLE).collect();
        let more = if example.len() < one_line.len() { "…" } else { "" };
        line(
            rule.id,
            rule.provider,
            &format!("<{}>", rule.label),
            &format!("{} ({example}{more})", rule.what),
        )
    });
    let head = line("RULE", "PROVIDER", "PLACEHOLDER", "WHAT (EXAMPLE)");
    [head].into_iter().chain(rows).collect()
}
