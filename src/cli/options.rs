//! The options of the gateway, which its commands share.

use clap::{Args, Parser, ValueEnum};

use crate::{config::Config, gateway::Offer, plugins::PLUGINS, scan, wire::Limits};

/// The options of the gateway.
#[derive(Args)]
pub(super) struct GatewayOptions {
    /// The configuration; without it: ./mcp.json, ./.mcp.json, ./.cursor/mcp.json, ./.vscode/mcp.json,
    /// ~/.cursor/mcp.json, Claude Desktop's
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) mcp_json_path: Option<String>,
    /// Which gateway of the configuration this is, if it has several
    #[arg(long, value_name = "ENTRY", global = true)]
    pub(super) name: Option<String>,
    #[command(flatten)]
    pub(super) plugins: PluginOptions,
    /// How tools are offered to the client
    #[arg(long, value_enum, default_value_t)]
    pub(super) tools: Offer,
    /// The largest result that is passed to the client, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().response)]
    pub(super) max_response: usize,
    /// Scans servers before they are started, and what they declare whenever that changes
    #[arg(long)]
    pub(super) scan: bool,
    #[command(flatten)]
    pub(super) scanner: ScanOptions,
    /// Lets tools touch the gateway's own configuration and state
    #[arg(long)]
    pub(super) allow_own_files: bool,
    /// What is logged to standard error
    #[arg(
        long,
        value_name = "LEVEL",
        env = "LOGLEVEL",
        ignore_case = true,
        default_value = "INFO",
        global = true
    )]
    pub(super) log_level: Level,
}

/// A reputation.
fn score(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|score| (0.0..=100.0).contains(score));
    number.ok_or_else(|| "a score is a number from 0 to 100".to_owned())
}

/// How servers are scanned.
#[derive(Args, Clone)]
pub(super) struct ScanOptions {
    /// The reputation, from 0 to 100, at or under which a server is blocked [default: 30]
    #[arg(long, value_name = "SCORE", value_parser = score)]
    threshold: Option<f64>,
    /// Judges reputation by the formula of the Python package
    #[arg(long)]
    compat_score: bool,
    /// Asks no service about packages
    #[arg(long)]
    offline: bool,
}

impl ScanOptions {
    /// Whether any is given.
    pub(super) fn any(&self) -> bool {
        self.threshold.is_some() || self.compat_score || self.offline
    }

    /// These over those of the configuration.
    pub(super) fn over(&self, config: &Config) -> Result<scan::Settings, String> {
        let mut settings = scan::Settings::read(config.scan.as_ref())?;
        let rules = &mut settings.rules;
        rules.threshold = self.threshold.unwrap_or(rules.threshold);
        rules.compat |= self.compat_score;
        rules.offline |= self.offline;
        Ok(settings)
    }
}

/// Which plugins are on, and how they are set.
#[derive(Args, Clone)]
pub(super) struct PluginOptions {
    #[arg(short = 'p', long = "plugin", value_name = "PLUGIN", global = true, help = enables())]
    enabled: Vec<String>,
    /// Sets a plugin's setting; VALUE is JSON or else a string
    #[arg(long = "set", value_name = "PLUGIN.KEY=VALUE", global = true)]
    pub(super) sets: Vec<String>,
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "all", value_name = "PLUGIN")]
    enable_guardrails: Vec<String>,
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "all", value_name = "PLUGIN")]
    enable_tracing: Vec<String>,
}

/// The options that a client starts the gateway with.
#[derive(Parser)]
struct OfEntry {
    #[command(flatten)]
    gateway: GatewayOptions,
}

fn enables() -> String {
    let names: Vec<&str> = PLUGINS.iter().map(|spec| spec.name).collect();
    format!("Enables a plugin; may be repeated [plugins: {}]", names.join(", "))
}

impl PluginOptions {
    /// These, or else those that the gateway's entry in the configuration has: what is typed in a terminal sees what the
    /// client's gateway sees.
    pub(super) fn or_of_entry(&self, args: &[String]) -> Self {
        match Self::of_entry(args) {
            Ok(entry) if !self.is_typed() => {
                let sets = entry.sets.into_iter().chain(self.sets.iter().cloned()).collect();
                Self { sets, ..entry }
            }
            _ => self.clone(),
        }
    }

    /// The options that the arguments of the gateway's entry are.
    ///
    /// # Errors
    /// If the gateway does not start with them.
    pub(super) fn of_entry(args: &[String]) -> Result<Self, clap::Error> {
        let line = ["mcp-gateway"].into_iter().chain(args.iter().map(String::as_str));
        OfEntry::try_parse_from(line).map(|entry| entry.gateway.plugins)
    }

    /// Whether any plugin was named.
    pub(super) fn is_typed(&self) -> bool {
        !(self.enabled.is_empty() && self.enable_guardrails.is_empty() && self.enable_tracing.is_empty())
    }

    /// The names of the plugins that were asked for, in any of the ways.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = self.enabled.clone();
        for (option, values, all) in [
            ("--enable-guardrails", &self.enable_guardrails, &["basic"][..]),
            ("--enable-tracing", &self.enable_tracing, &["xetrack"]),
        ] {
            for value in values {
                let meant: Vec<String> = if value == "all" {
                    all.iter().map(|name| (*name).to_owned()).collect()
                } else {
                    vec![value.clone()]
                };
                let now: Vec<String> = meant.iter().map(|name| format!("-p {name}")).collect();
                tracing::warn!(
                    "{option} is deprecated: write `{}`",
                    if now.is_empty() {
                        "nothing".into()
                    } else {
                        now.join(" ")
                    }
                );
                names.extend(meant);
            }
        }
        names
    }
}

/// The levels of the log, by Python's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub(super) enum Level {
    /// Everything
    Debug,
    /// What happens
    #[value(alias = "NOTSET")]
    Info,
    /// What may be wrong
    #[value(alias = "WARN")]
    Warning,
    /// What is wrong
    Error,
    /// Almost nothing
    #[value(alias = "FATAL")]
    Critical,
}
