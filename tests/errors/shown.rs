//! What differs from run to run, made the same.

use std::sync::LazyLock;

use regex::Regex;

use crate::harness::Sandbox;

/// What is replaced, in this order.
static VARYING: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let table = [
        (r"\x1b\[[0-9;]*m", ""),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME"),
        (r"127\.0\.0\.1:\d{2,}", "127.0.0.1:PORT"),
        (r"(?:/[\w.+-]+)+/fixture-server", "fixture-server"),
        // Where a line is wrapped depends on how long that path was.
        (
            r"(runs fixture-server|local program fixture-server: [^\n]*)\n {10}",
            "$1 ",
        ),
        (r"(?:/[\w.+-]+)+/(?:debug|release)/mcp-gateway", "mcp-gateway"),
        (r"\b(pid|process) \d+", "$1 PID"),
        (r"(being started again|started again in \d+ s)", "started again in N s"),
        (r"again within \d+ s", "again within N s"),
        // Without a network the system says it in other words.
        (r"lookup address information: [\w ]+", "lookup address information"),
        (r"\d+ records? could not", "N records could not"),
        (r"\b[0-9a-f]{64}\b", "DIGEST"),
        (r"mcp\.json\.[0-9a-f]{12}\b", "mcp.json.DIGEST"),
    ];
    let compiled = table.map(|(pattern, with)| (Regex::new(pattern).expect("a pattern"), with));
    compiled.into()
});

/// The last line of what a program wrote.
pub(super) fn last_line(text: &str) -> String {
    text.trim_end().lines().next_back().unwrap_or_default().to_owned()
}

/// A text that was said in this sandbox.
pub(super) fn normal(sandbox: &Sandbox, text: &str) -> String {
    let root = sandbox.path("").display().to_string();
    let root = root.trim_end_matches('/');
    let mut text = text
        .replace(&format!("{root}/work"), "/project")
        .replace(root, "/sandbox");
    for (pattern, with) in &*VARYING {
        text = pattern.replace_all(&text, *with).into_owned();
    }
    text
}
