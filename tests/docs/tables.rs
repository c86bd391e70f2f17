//! The tables of the pages name everything that there is, and nothing else.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    help::helps,
    pages::{Page, cells, pages, read, root, spans},
};
use crate::architecture::LAYERS;

/// The schema of `mcp.json`, which unit tests hold to the code's own tables.
pub(super) fn schema() -> Value {
    serde_json::from_str(&read("docs/mcp.schema.json")).expect("a schema is JSON")
}

/// Where the settings of each plugin are written down; `external` names programs, each of which has these.
const SETTINGS: &[(&str, &[(&str, &str)])] = &[
    ("basic", &[EVERY_MASKER, ("docs/configuration.md", "`basic`")]),
    (
        "presidio",
        &[
            EVERY_MASKER,
            ("docs/pii.md", "Settings"),
            ("docs/pii.md", "A real Presidio"),
        ],
    ),
    ("external", &[]),
    ("injection", &[("docs/scanner.md", "At run time")]),
    ("policy", &[("docs/policy.md", "Settings")]),
    ("lasso", &[("docs/plugins.md", "`lasso`")]),
    ("xetrack", &[("docs/tracing.md", "Settings")]),
];
const EVERY_MASKER: (&str, &str) = ("docs/configuration.md", "Settings of every masker");

/// What stands between backticks in the first cells of the tables in a section.
#[track_caller]
fn first_cells(page: &str, heading: &str) -> BTreeSet<String> {
    let page = Page::named(page);
    let rows = page.section(heading).into_iter().map(cells);
    let firsts = rows.filter_map(|row| row.first().copied());
    firsts.flat_map(spans).map(str::to_owned).collect()
}

fn keys(object: &Value) -> BTreeSet<String> {
    object.as_object().expect("an object").keys().cloned().collect()
}

#[test]
fn every_key_of_a_server_is_written_down() {
    let known = keys(&schema()["$defs"]["server"]["properties"]);
    assert_eq!(first_cells("docs/configuration.md", "A server"), known);
}

#[test]
fn every_key_of_the_gateways_entry_is_written_down() {
    let schema = schema();
    let known = keys(&schema["$defs"]["gateway"]["properties"]);
    assert_eq!(first_cells("docs/configuration.md", "The gateway's entry"), known);
    let of_scan = keys(&schema["$defs"]["gateway"]["properties"]["scan"]["properties"]);
    assert_eq!(first_cells("docs/configuration.md", "`scan`"), of_scan);
}

#[test]
fn every_setting_of_every_plugin_is_written_down() {
    let schema = schema();
    let plugins = schema["$defs"]["gateway"]["properties"]["plugins"]["properties"].as_object();
    let plugins = plugins.expect("plugins");
    let listed: Vec<&str> = SETTINGS.iter().map(|(plugin, _)| *plugin).collect();
    assert_eq!(plugins.keys().collect::<Vec<_>>(), listed);
    for (plugin, places) in SETTINGS {
        let written: BTreeSet<String> = places.iter().flat_map(|(page, at)| first_cells(page, at)).collect();
        assert_eq!(written, keys(&plugins[*plugin]["properties"]), "of `{plugin}`");
    }
}

#[test]
fn the_plugins_are_listed_in_their_order() {
    let schema = schema();
    let plugins = schema["$defs"]["gateway"]["properties"]["plugins"]["properties"].as_object();
    let page = Page::named("docs/plugins.md");
    let rows = page.section("Plugins").into_iter().map(cells);
    let listed: Vec<&str> = rows.filter_map(|row| spans(row.first()?).first().copied()).collect();
    assert_eq!(listed, plugins.expect("plugins").keys().collect::<Vec<_>>());
}

#[test]
fn every_option_of_the_gateway_is_written_down() {
    let helps = helps();
    let help = helps.iter().find(|help| help.words.is_empty()).expect("the program's");
    let lines = help.text.lines().filter(|line| line.trim_start().starts_with('-'));
    let options = lines.flat_map(|line| line.split([' ', ',']).filter(|word| word.starts_with("--")));
    let options: BTreeSet<String> = options.map(str::to_owned).collect();
    let written = first_cells("docs/configuration.md", "Options");
    let written: BTreeSet<String> = written
        .iter()
        .filter_map(|span| span.split(' ').find(|word| word.starts_with("--")))
        .map(str::to_owned)
        .collect();
    assert_eq!(written, options);
}

#[test]
fn every_client_is_written_down() {
    let helps = helps();
    let help = helps
        .iter()
        .find(|help| help.words == ["install"])
        .expect("it is a command");
    let values = help.text.split("[possible values: ").nth(1).expect("they are listed");
    let (values, _) = values.split_once(']').expect("a list ends");
    let known: Vec<&str> = values.split(',').map(str::trim).collect();
    let page = Page::named("docs/clients.md");
    let rows = page.section("Clients").into_iter().map(cells);
    let written: Vec<&str> = rows.filter_map(|row| spans(row.first()?).first().copied()).collect();
    assert_eq!(written, known);
    // `install` and `uninstall` are tried on sample files of each, but for the one whose file is not edited.
    let samples = std::fs::read_dir(root().join("tests/fixtures/clients")).expect("it is there");
    let samples: Vec<String> = samples
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    for client in known.iter().filter(|client| **client != "goose") {
        let has_sample = samples.iter().any(|sample| sample.starts_with(&format!("{client}.")));
        assert!(has_sample, "there is no sample file of {client}");
    }
}

#[test]
fn the_layers_are_listed_in_their_order() {
    let page = Page::named("docs/architecture.md");
    let rows = page.section("Layers").into_iter().map(cells);
    let listed: Vec<&str> = rows.filter_map(|row| spans(row.first()?).first().copied()).collect();
    assert_eq!(listed, LAYERS);
}

#[test]
fn every_crate_has_a_reason() {
    let manifest = read("Cargo.toml");
    let mut of_product = false;
    let mut crates = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            of_product = line.ends_with("dependencies]") && !line.contains("dev-") && !line.contains("build-");
        } else if let Some((name, _)) = line.split_once(" =").filter(|_| of_product) {
            crates.push(name);
        }
    }
    assert!(crates.len() > 40, "{crates:?}");
    let page = Page::named("docs/architecture.md");
    let rows = page.section("Dependencies").into_iter().map(cells);
    let listed: BTreeSet<String> = rows
        .filter_map(|row| row.first().map(|cell| (*cell).to_owned()))
        .flat_map(|cell| {
            let names = cell
                .split(',')
                .map(|name| name.split('(').next().unwrap_or_default().trim().to_owned());
            names.collect::<Vec<_>>()
        })
        .collect();
    let missing: Vec<&&str> = crates.iter().filter(|name| !listed.contains(**name)).collect();
    assert!(
        missing.is_empty(),
        "docs/architecture.md says not what these are for: {missing:?}"
    );
}

#[test]
fn every_page_is_linked_from_the_readme() {
    let readme = read("README.md");
    for page in pages() {
        assert!(
            page.name == "README.md" || readme.contains(&format!("]({}", page.name)),
            "README.md does not lead to {}",
            page.name
        );
    }
}
