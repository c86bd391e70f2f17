//! The report as JSON.

use serde_json::{Map, Value, json};

use super::{Item, Report, ServerReport};
use crate::text::visible_json;

pub(super) fn json(report: &Report) -> String {
    let servers: Map<_, _> = report
        .servers
        .iter()
        .map(|server| (server.name.clone(), of_server(server)))
        .collect();
    let document = json!({
        "servers": servers,
        "fleet": report.fleet,
        "incomplete": report.incomplete,
    });
    visible_json(&format!("{document:#}\n")).into_owned()
}

fn of_server(server: &ServerReport) -> Value {
    json!({
        "verdict": server.verdict.as_str(),
        "command": server.command,
        "reputation": server.reputation,
        "findings": server.findings,
        "tools": of_items(&server.tools),
        "prompts": of_items(&server.prompts),
        "resources": of_items(&server.resources),
    })
}

/// By name. Of two with one name, the worse is shown: nobody can tell which of them a client would use.
fn of_items(items: &[Item]) -> Map<String, Value> {
    let mut shown: Vec<&Item> = items.iter().collect();
    shown.sort_by_key(|item| (item.verdict, item.score));
    let mut by_name: Map<String, Value> = items.iter().map(|item| (item.name.clone(), Value::Null)).collect();
    for item in shown {
        let value = json!({
            "verdict": item.verdict.as_str(),
            "score": item.score,
            "findings": item.findings,
        });
        by_name.insert(item.name.clone(), value);
    }
    by_name
}

#[cfg(test)]
mod tests {
    use super::super::Item;
    use super::*;
    use crate::scan::Verdict;

    #[test]
    fn of_two_tools_with_one_name_the_worse_is_shown_in_the_place_of_the_first() {
        let item = |name: &str, verdict, score| Item {
            name: name.into(),
            verdict,
            score,
            findings: Vec::new(),
        };
        let items = [
            item("a", Verdict::Block, 90),
            item("b", Verdict::Pass, 0),
            item("a", Verdict::Pass, 3),
        ];
        let shown = of_items(&items);
        assert_eq!(shown.keys().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(shown["a"]["verdict"], "block");
    }
}
