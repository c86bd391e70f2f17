//! Installations and uninstallations that were killed between the files that they write.

use std::fs;

use super::{install, installed, text, uninstall, uninstalled, wish, with_place, write};
use crate::{config::edit, install::Place};

/// Servers of Claude Code, whose installation changes two files.
pub(in crate::install) const TWO: &str = "{\n  \"mcpServers\": {\n    \"a\": {\"command\": \"x\", \"env\": {\"K\": \"1\"}},\n    \"b\": {\"url\": \"https://h\"}\n  }\n}\n";

/// The same with one more.
fn with_one_more(text: &str) -> String {
    text.replacen(
        "\"mcpServers\": {",
        "\"mcpServers\": {\n    \"new\": {\"command\": \"n\"},",
        1,
    )
}

#[test]
fn an_installation_that_was_interrupted_is_ended_by_another_one() {
    with_place("claude-code", |place| {
        write(place, TWO);
        installed(place);
        // Killed before the client's file was written.
        write(place, TWO);
        installed(place);
        let own = edit::value(&fs::read_to_string(place.own()).expect("there")).expect("JSON");
        assert_eq!(
            own["mcpServers"]["mcp-gateway"]["servers"]
                .as_object()
                .map(serde_json::Map::len),
            Some(2)
        );
        assert!(!text(place).contains("https://h"), "{}", text(place));
        uninstalled(place);
        assert_eq!(text(place), TWO);
        assert!(!place.own().exists(), "what it left goes too");
    });
}

#[test]
fn a_second_installation_that_was_interrupted_is_ended_too() {
    with_place("claude-code", |place| {
        write(place, TWO);
        installed(place);
        let added = with_one_more(&text(place));
        write(place, &added);
        installed(place);
        write(place, &added);
        installed(place);
        uninstalled(place);
        let now = edit::value(&text(place)).expect("JSON");
        let names: Vec<&String> = now["mcpServers"].as_object().expect("servers").keys().collect();
        assert_eq!(names, ["a", "b", "new"]);
        assert!(!place.own().exists());
    });
}

#[test]
fn an_uninstallation_that_was_interrupted_is_ended_by_either() {
    for again in [uninstall, |place: &Place<'_>| install(place, &wish())] {
        for edited in [TWO.to_owned(), with_one_more(TWO)] {
            with_place("claude-code", |place| {
                write(place, TWO);
                installed(place);
                // Killed before the gateway's file was removed.
                write(place, &edited);
                again(place).expect("understood").apply().expect("writable");
                uninstall(place).expect("understood").apply().expect("writable");
                assert_eq!(edit::value(&text(place)), edit::value(&edited));
                assert!(!place.own().exists());
            });
        }
    }
}
