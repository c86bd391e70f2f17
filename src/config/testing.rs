//! A configuration as text, for the tests of this folder.

use std::path::Path;

use proptest::prelude::*;

use super::{Config, ConfigError, Dirs, Launch, Server, parse};

/// The environment of the tests.
pub(super) fn environment(name: &str) -> Option<String> {
    (name == "TOKEN").then(|| "t0ken".to_owned())
}

/// Reads `text` as `mcp.json` of a fresh project, and shows `test` what became of it.
pub(super) fn parsed<T>(
    text: &str,
    name: Option<&str>,
    test: impl FnOnce(Result<Config, ConfigError>, &Dirs) -> T,
) -> T {
    in_project(|dirs| {
        test(
            parse(Path::new("mcp.json"), text.as_bytes(), name, dirs, &environment),
            dirs,
        )
    })
}

/// A fresh project.
pub(super) fn in_project<T>(test: impl FnOnce(&Dirs) -> T) -> T {
    let root = tempfile::tempdir().expect("a temporary directory");
    test(&Dirs::under(root.path()))
}

/// The configuration that `text` is.
pub(super) fn config(text: &str) -> Config {
    parsed(text, None, |config, _| {
        config.unwrap_or_else(|error| panic!("{error}\n{text}"))
    })
}

/// The one server whose entry is `entry`, without a problem.
pub(super) fn server(entry: &str) -> Server {
    let mut config = config(&format!("{{\"mcpServers\": {{\"it\": {entry}}}}}"));
    assert_eq!(config.problems, [], "{entry}");
    config.servers.pop().unwrap_or_else(|| panic!("no server: {entry}"))
}

/// What is wrong with `entry`, as lines without the file's name and the server's.
pub(super) fn problems(entry: &str) -> Vec<String> {
    let config = config(&format!("{{\"mcpServers\": {{\"it\":\n{entry}}}}}"));
    assert!(config.servers.is_empty(), "a bad entry must not start: {entry}");
    config
        .problems
        .iter()
        .map(|problem| {
            problem
                .to_string()
                .replace("server `it`: ", "")
                .replace("mcp.json:", "")
        })
        .collect()
}

/// A launch in one line: words, then environment or headers.
pub(super) fn shown(launch: &Launch, dirs: &Dirs) -> String {
    let pairs = |pairs: &[(String, String)]| {
        pairs
            .iter()
            .map(|(name, value)| format!(" {name}={value}"))
            .collect::<String>()
    };
    let line = match launch {
        Launch::Command {
            program,
            args,
            env,
            cwd,
        } => {
            let args: String = args.iter().map(|arg| format!(" {arg}")).collect();
            let cwd = if *cwd == dirs.cwd {
                String::new()
            } else {
                format!(" in {}", cwd.display())
            };
            format!("{}{args};{}{cwd}", program.display(), pairs(env))
        }
        Launch::Remote {
            url,
            transport,
            headers,
            oauth,
            ca: _,
        } => {
            let oauth = oauth
                .iter()
                .map(|client| format!(" oauth {}", client.id))
                .collect::<String>();
            format!("{transport:?} {url};{}{oauth}", pairs(headers))
        }
    };
    line.replace(&*dirs.home.to_string_lossy(), "HOME")
        .replace(&*dirs.cwd.to_string_lossy(), "CWD")
}

/// Blanks and comments.
pub(super) fn gap() -> impl Strategy<Value = String> {
    let pieces = vec![
        "",
        " ",
        "\t",
        "\n",
        "\r\n",
        "  \n  ",
        "/* , } */",
        "// \"x\": 1,\n",
        "// c\r\n",
        "/* \n */",
        "// /* d\n",
    ];
    let piece = prop::sample::select(pieces);
    prop::collection::vec(piece, 0..3).prop_map(|pieces| pieces.concat())
}
