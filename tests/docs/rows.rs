//! The table of all commands that are shown to a reader. A command without a row fails the tests, as does a row
//! without a command.

/// How a command is run.
pub(super) enum How {
    /// In the house of `commands.rs`: its exit code, and what it shows.
    Runs(i32, &'static str),
    /// The same, once these have been run.
    After(&'static [&'static str], i32, &'static str),
    /// The same, with words of it filled in that are left to the reader.
    With(
        &'static [(&'static str, &'static str)],
        &'static [&'static str],
        i32,
        &'static str,
    ),
    /// Until it has shown this; then it is interrupted.
    Lasts(&'static [&'static str], &'static str),
    /// It needs a registry, a browser or a terminal: this file runs it, and holds this text.
    Elsewhere(&'static str, &'static str),
}

use How::{After, Elsewhere, Lasts, Runs, With};

/// A call on record.
const RECORDED: &[&str] = &["mcp-gateway call time get_current_time -p xetrack"];
/// The same, with a finding, of a server that `tail` is asked for.
const FOUND: &[&str] = &[
    "mcp-gateway call filesystem read_text_file -p basic -p xetrack",
    "mcp-gateway call github create_issue -p xetrack",
];
const SUITES: &str = "tests/suites/run.py";

/// Each command, as it is shown but for remarks.
pub(super) const ROWS: &[(&str, How)] = &[
    // The program
    ("mcp-gateway --help", Runs(0, "Usage: mcp-gateway")),
    (
        "mcp-gateway --mcp-json-path ~/.cursor/mcp.json --plugin basic",
        Runs(0, "\"serverInfo\""),
    ),
    (
        "mcp-gateway --mcp-json-path ~/.cursor/mcp.json --scan",
        Runs(0, "\"serverInfo\""),
    ),
    ("mcp-gateway demo", Runs(0, "HF_TOKEN=<HUGGINGFACE_TOKEN>")),
    ("mcp-gateway rules", Runs(0, "huggingface-user")),
    ("mcp-gateway rules presidio", Runs(0, "EMAIL_ADDRESS")),
    (
        "mcp-gateway rules presidio --format json",
        Runs(0, "\"entity\": \"EMAIL_ADDRESS\""),
    ),
    (
        "mcp-gateway man | man -l -",
        Elsewhere("tests/suites/shells.py", "mcp-gateway man | man -l -"),
    ),
    (
        "mcp-gateway completions SHELL",
        With(&[("SHELL", "bash")], &[], 0, "complete -F"),
    ),
    ("source <(mcp-gateway completions bash)", Runs(0, "")),
    (
        "mcp-gateway completions fish | source",
        Elsewhere("tests/suites/shells.py", "mcp-gateway completions fish | source"),
    ),
    // A call, and texts
    (
        "mcp-gateway call time get_current_time '{\"timezone\": \"Asia/Tokyo\"}' -p basic",
        Runs(0, "noon"),
    ),
    (
        "echo 'HF_TOKEN = \"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\"' > tokens.txt",
        Runs(0, ""),
    ),
    (
        "mcp-gateway call filesystem read_text_file '{\"path\": \"tokens.txt\"}' --mcp-json-path ~/.cursor/mcp.json -p basic",
        Runs(0, "<HUGGINGFACE_TOKEN>"),
    ),
    ("mcp-gateway mask notes.txt", Runs(0, "<HUGGINGFACE_TOKEN>")),
    (
        "kubectl get secret -o yaml | mcp-gateway mask",
        Runs(0, "<HUGGINGFACE_TOKEN>"),
    ),
    (
        "mcp-gateway decrypt --key-env PII_KEY answer.txt",
        After(ENCRYPTED, 0, "ada@example.com"),
    ),
    (
        "mcp-gateway decrypt --key-env NAME",
        With(&[("NAME", "PII_KEY answer.txt")], ENCRYPTED, 0, "ada@example.com"),
    ),
    // The configuration, and what a person decides
    ("mcp-gateway check", Runs(0, "no problem")),
    (
        "mcp-gateway check --mcp-json-path ~/.cursor/mcp.json",
        Runs(0, "no problem"),
    ),
    (
        "mcp-gateway check --start --format json --mcp-json-path ~/.cursor/mcp.json",
        Runs(0, "\"state\": \"started\""),
    ),
    (
        "mcp-gateway trust ./mcp.json",
        After(&["cp ~/.cursor/mcp.json ."], 0, "is trusted as it is now"),
    ),
    (
        "mcp-gateway trust FILE",
        With(
            &[("FILE", "mcp.json")],
            &["cp ~/.cursor/mcp.json ."],
            0,
            "is trusted as it is now",
        ),
    ),
    (
        "mcp-gateway approve",
        Elsewhere("tests/suites/terminal.py", "\"approve\""),
    ),
    ("mcp-gateway auth github", Elsewhere("tests/sign_in.rs", "\"auth\"")),
    ("mcp-gateway auth SERVER", Elsewhere("tests/sign_in.rs", "\"auth\"")),
    // Clients
    (
        "mcp-gateway install cursor",
        Runs(0, "Cursor starts the gateway from now on"),
    ),
    ("mcp-gateway install cursor --dry-run", Runs(0, "Nothing was changed")),
    (
        "mcp-gateway install cursor -p basic -p presidio",
        Runs(0, "\"presidio\""),
    ),
    (
        "mcp-gateway install claude-code -p basic -p presidio",
        Runs(0, "Claude Code starts the gateway from now on"),
    ),
    (
        "mcp-gateway install claude-code --mcp-json-path .mcp.json",
        After(
            &["cp .mcp.json.example .mcp.json"],
            0,
            "Claude Code starts the gateway from now on",
        ),
    ),
    (
        "mcp-gateway install CLIENT",
        With(
            &[("CLIENT", "claude-code")],
            &[],
            0,
            "Claude Code starts the gateway from now on",
        ),
    ),
    (
        "mcp-gateway uninstall cursor",
        After(
            &["mcp-gateway install cursor"],
            0,
            "Cursor starts its servers itself again",
        ),
    ),
    (
        "mcp-gateway uninstall CLIENT",
        With(
            &[("CLIENT", "claude-code")],
            &["mcp-gateway install claude-code"],
            0,
            "Claude Code starts its servers itself again",
        ),
    ),
    (
        "claude mcp add --scope user gateway -- mcp-gateway --mcp-json-path ~/.config/mcp-gateway.json -p basic",
        Elsewhere("tests/suites/servers.py", "claude mcp add"),
    ),
    // The record
    ("mcp-gateway trace tail -f", Lasts(RECORDED, "get_current_time")),
    (
        "mcp-gateway trace tail -f --server github",
        Lasts(FOUND, "create_issue"),
    ),
    (
        "mcp-gateway trace stats --since 7d",
        After(RECORDED, 0, "get_current_time"),
    ),
    (
        "mcp-gateway trace stats --since 24h",
        After(RECORDED, 0, "get_current_time"),
    ),
    ("mcp-gateway trace cost", After(RECORDED, 0, "get_current_time")),
    (
        "mcp-gateway trace cost --since 30d",
        After(RECORDED, 0, "get_current_time"),
    ),
    ("mcp-gateway trace findings", After(FOUND, 0, "huggingface-user")),
    (
        "mcp-gateway trace findings --since 24h",
        After(FOUND, 0, "huggingface-user"),
    ),
    (
        "mcp-gateway trace export --format csv",
        After(RECORDED, 0, "tools/call,get_current_time,ok"),
    ),
    (
        "mcp-gateway trace export --format csv > calls.csv",
        With(
            &[("> calls.csv", "> calls.csv; cat calls.csv")],
            RECORDED,
            0,
            "get_current_time",
        ),
    ),
    (
        "mcp-gateway trace export --format jsonl --since 24h > calls.jsonl",
        With(
            &[("> calls.jsonl", "> calls.jsonl; cat calls.jsonl")],
            RECORDED,
            0,
            "get_current_time",
        ),
    ),
    (
        "mcp-gateway trace prune --older-than 30d",
        After(RECORDED, 0, "0 calls deleted"),
    ),
    ("mcp-gateway dashboard", Lasts(RECORDED, "http://127.0.0.1:")),
    (
        "mcp-gateway policy test policy.json --since 7d",
        After(RECORDED, 0, "get_current_time: passed → deny"),
    ),
    // The scanner
    ("mcp-gateway scan", Runs(0, "3 passed")),
    ("mcp-gateway scan github", Runs(0, "1 passed")),
    (
        "mcp-gateway scan --verify --format sarif",
        After(
            &["mcp-gateway --mcp-json-path ~/.cursor/mcp.json --scan"],
            0,
            "\"version\": \"2.1.0\"",
        ),
    ),
    ("mcp-gateway scan --tools-json definitions.json", Runs(0, "1 passed")),
    (
        "mcp-gateway scan --tools-json definitions.json --fail-on block",
        Runs(0, "1 passed"),
    ),
    (
        "mcp-gateway scan --tools-json definitions.json --format sarif --fail-on block --fleet",
        Runs(0, "\"version\": \"2.1.0\""),
    ),
    (
        "mcp-gateway pins accept github create_issue",
        Elsewhere("tests/suites/terminal.py", "\"pins\", \"accept\""),
    ),
    // What builds and proves it
    (
        "cargo run --release -- demo",
        Elsewhere(".ci/run", "cargo run --locked --release -- demo"),
    ),
    ("cargo test", Elsewhere(".ci/run", "cargo test --locked")),
    (
        "cargo install --locked --path .",
        Elsewhere(".ci/run", "cargo install --locked --path ."),
    ),
    (
        ".ci/package",
        Elsewhere("tests/suites/packages.py", "ROOT / \".ci/package\""),
    ),
    (
        "pip install target/packages/*.whl",
        Elsewhere("tests/suites/packages.py", "\"-m\", \"pip\", \"install\""),
    ),
    (
        "npm install ./target/packages/*.tgz",
        Elsewhere("tests/suites/packages.py", "\"npm\", \"install\""),
    ),
    // No engine runs where this is tested: a suite judges what can be judged without.
    (
        "docker build -t mcp/gateway .",
        Elsewhere("tests/suites/packages.py", "dockerfile.cases"),
    ),
    ("python3 tests/suites/run.py audit", Elsewhere(SUITES, "import audit")),
    // Who has cargo-deny runs these; the suite audits by the same file.
    (
        "cargo deny --config .config/deny.toml check bans licenses sources",
        Elsewhere("tests/suites/audit.py", "deny.toml"),
    ),
    (
        "cargo deny check advisories",
        Elsewhere(".config/deny.toml", "licenses"),
    ),
    ("cargo metadata", Elsewhere("tests/suites/audit.py", "\"metadata\"")),
    (
        "cargo test --test main errors",
        Elsewhere(".ci/run", "cargo test --locked"),
    ),
    (
        "python3 tests/suites/run.py ordinary",
        Elsewhere(SUITES, "import ordinary"),
    ),
    (
        "python3 tests/suites/run.py scanner",
        Elsewhere(SUITES, "import scanner"),
    ),
    (
        "python3 tests/suites/chaos.py --seed 1",
        Elsewhere("tests/suites/chaos.py", "\"--seed\""),
    ),
    (
        "python3 tests/suites/soak.py --minutes 60",
        Elsewhere("tests/suites/soak.py", "\"--minutes\""),
    ),
    (
        "cd tests/fuzz && cargo run --release --bin wire -- corpus-wire -max_total_time=600",
        Elsewhere("tests/fuzz/Cargo.toml", "[package]"),
    ),
    ("cargo bench --bench calls", Elsewhere("Cargo.toml", "name = \"calls\"")),
    ("cargo bench --bench pii", Elsewhere("Cargo.toml", "name = \"pii\"")),
    (
        "cargo bench --bench secrets",
        Elsewhere("Cargo.toml", "name = \"secrets\""),
    ),
    (
        "python3 tests/suites/run.py conformance",
        Elsewhere(SUITES, "import conformance"),
    ),
    (
        "python3 tests/suites/run.py NAME",
        Elsewhere(".ci/run", "python3 tests/suites/run.py"),
    ),
    ("cargo test NAME", Elsewhere(".ci/run", "cargo test --locked")),
    (
        "python3 tests/suites/run.py overhead",
        Elsewhere(SUITES, "import overhead"),
    ),
    (
        "cd tests/fuzz && cargo run --release -- corpus -max_total_time=1200",
        Elsewhere("tests/fuzz/Cargo.toml", "[package]"),
    ),
];

/// A text with an address that `presidio` encrypted.
const ENCRYPTED: &[&str] = &[
    "echo ada@example.com | mcp-gateway mask -p presidio --set 'presidio.operators={\"DEFAULT\":{\"type\":\"encrypt\",\"key\":\"0123456789abcdef\"}}' > answer.txt",
];
