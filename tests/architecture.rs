//! The rules of docs/architecture.md that a reader of the sources can check.

use std::fs;
use std::path::{Path, PathBuf};

/// The layers, lowest first: each uses only those before it.
pub(crate) const LAYERS: &[&str] = &[
    "platform",
    "lanes",
    "json",
    "sync",
    "digest",
    "clock",
    "detect",
    "text",
    "message",
    "http",
    "config",
    "install",
    "guard",
    "mask",
    "trace",
    "wire",
    "process",
    "plugins",
    "upstream",
    "scan",
    "gateway",
    "server",
    "dashboard",
    "app",
    "cli",
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The Rust files of a folder, at any depth.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .expect("the sources are there")
        .flatten()
        .map(|entry| entry.path());
    let nested = entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] });
    nested
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// The modules at the root of the crate that a text refers to by `crate::module` or `crate::{module, …}`.
fn uses(text: &str) -> Vec<String> {
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let name = |text: &str| {
        text.trim()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let mut found = Vec::new();
    for path in code.split("crate::").skip(1) {
        let Some(group) = path.strip_prefix('{') else {
            found.push(name(path));
            continue;
        };
        let (mut depth, mut start) = (0, 0);
        for (at, character) in group.char_indices() {
            match character {
                '{' => depth += 1,
                ',' | '}' if depth == 0 => {
                    found.push(name(&group[start..at]));
                    start = at + 1;
                    if character == '}' {
                        break;
                    }
                }
                '}' => depth -= 1,
                _ => {}
            }
        }
    }
    found.retain(|module| LAYERS.contains(&module.as_str()));
    found
}

#[test]
fn a_layer_uses_only_the_layers_below_it() {
    let rank = |name: &str| LAYERS.iter().position(|layer| *layer == name);
    let mut broken = Vec::new();
    for file in files(&source()) {
        let inner = file.strip_prefix(source()).expect("it lies there");
        let layer = inner.components().next().expect("a name").as_os_str().to_string_lossy();
        let layer = layer.trim_end_matches(".rs");
        if ["lib", "main"].contains(&layer) {
            continue;
        }
        let Some(own) = rank(layer) else {
            panic!("`{layer}` is no layer: give it its place in LAYERS")
        };
        let text = fs::read_to_string(&file).expect("a source is text");
        let above = uses(&text).into_iter().filter(|module| rank(module) > Some(own));
        broken.extend(above.map(|module| format!("{} uses {module}", inner.display())));
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn detectors_know_nothing_of_the_rest() {
    for file in files(&source().join("detect")) {
        let text = fs::read_to_string(&file).expect("a source is text");
        let known = |module: &String| ["detect", "lanes"].contains(&module.as_str());
        let others: Vec<String> = uses(&text).into_iter().filter(|module| !known(module)).collect();
        assert!(others.is_empty(), "{} uses {others:?}", file.display());
    }
}

#[test]
fn which_system_it_is_stands_in_one_place() {
    let places = ["platform", "process/platform"].map(|place| source().join(place));
    let asks = [
        "cfg(unix",
        "cfg(windows",
        "cfg(not(unix",
        "cfg(not(windows",
        "cfg!(unix",
        "cfg!(windows",
        "target_os",
        "std::os::",
    ];
    let mut asked = Vec::new();
    for file in files(&source()) {
        if places.iter().any(|place| file.starts_with(place)) {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source is text");
        let (code, _) = text.split_once("\nmod tests {").unwrap_or((&text, ""));
        let lines = code.lines().filter(|line| asks.iter().any(|word| line.contains(word)));
        asked.extend(lines.map(|line| format!("{}: {line}", file.display())));
    }
    assert!(asked.is_empty(), "put this into `platform`: {asked:#?}");
}

#[test]
fn the_entry_points_stay_a_birds_eye_view() {
    for name in ["lib.rs", "main.rs"] {
        let lines = fs::read_to_string(source().join(name))
            .expect("a source is text")
            .lines()
            .count();
        assert!(lines <= 40, "{name} has {lines} lines");
    }
}
