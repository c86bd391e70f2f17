//! Commands that would start a gateway again.
//!
//! A client's file that is used whole also holds the entry by which the client started this gateway, this one or the
//! Python package; to start it as a server would start gateways without end.

use std::path::Path;

use super::source::{Node, Source};
use super::variables::is_name;

/// What the package and the program are called.
const PROGRAM: &str = "mcp-gateway";

/// The modules of the Python package that `python -m` starts.
const MODULES: &[&str] = &["mcp_gateway", "mcp_gateway.server"];

/// The name of the container image.
const IMAGE: &str = "mcp/gateway";

/// Programs that run a package which is named in their arguments, with their words that stand before it.
const RUNNERS: &[(&str, &[&str])] = &[
    ("uvx", &[]),
    ("uv", &["tool", "run", "x"]),
    ("pipx", &["run"]),
    ("npx", &[]),
    ("bunx", &[]),
    ("pnpm", &["dlx", "exec"]),
    ("npm", &["exec", "x"]),
    ("yarn", &["dlx"]),
    ("cargo", &["run"]),
    ("env", &[]),
    ("cmd", &["/c", "/C"]),
];

/// Options of those programs that have a value as the next word.
const WITH_VALUE: &[&str] = &[
    "--python",
    "-p",
    "--from",
    "--with",
    "--directory",
    "--project",
    "--index-url",
    "--index",
    "--default-index",
    "--extra-index-url",
    "--package",
    "--spec",
    "--env-file",
    "--cache-dir",
    "--config-file",
    "--color",
    "-u",
    "-C",
];

/// An entry of a client's that starts a gateway, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relaunch {
    /// Everything that it runs.
    pub words: Vec<String>,
    /// The arguments of the gateway, without those of `uvx`, `docker` and the like before it.
    pub args: Vec<String>,
}

impl Relaunch {
    /// What the entry with this source starts; `None` if that is no gateway.
    pub fn of(source: &str) -> Option<Self> {
        let source = Source::parse(Path::new(""), source.as_bytes()).ok()?;
        let words = words(&source.root()?);
        let args = gateway_args(&words)?;
        Some(Self { words, args })
    }
}

/// The words that an entry runs, as they were written.
pub(super) fn words(entry: &Node<'_>) -> Vec<String> {
    let list = |node: &Node<'_>| -> Vec<String> {
        let items = node.items().unwrap_or_default();
        items.iter().filter_map(|item| item.text().map(str::to_owned)).collect()
    };
    let mut words = Vec::new();
    if let Some(command) = entry.get("command").or_else(|| entry.get("cmd")) {
        let inner = command
            .get("path")
            .or_else(|| command.get("command"))
            .unwrap_or(command.clone());
        words.extend(inner.text().map(str::to_owned));
        words.extend(list(&command));
        words.extend(command.get("args").map(|args| list(&args)).unwrap_or_default());
    }
    words.extend(entry.get("args").map(|args| list(&args)).unwrap_or_default());
    words
}

/// The arguments that a gateway gets which these words start; `None` if they start none. Its other sub-commands are none.
pub(super) fn gateway_args(words: &[String]) -> Option<Vec<String>> {
    let (program, args) = words.split_first()?;
    // It may be a whole command line in one word, or a path that has blanks.
    let line = || [program.split_whitespace().map(str::to_owned).collect(), args.to_vec()].concat();
    let line: Option<Vec<String>> = program.contains(char::is_whitespace).then(line);
    let args = line.as_deref().and_then(args_behind).or_else(|| args_behind(words))?;
    let is_sub_command = args.first().is_some_and(|first| !first.starts_with('-'));
    (!is_sub_command).then(|| args.to_vec())
}

/// What stands behind the words that start the program, through any number of runners.
fn args_behind(mut words: &[String]) -> Option<&[String]> {
    loop {
        let (program, args) = words.split_first()?;
        let name = program_stem(program);
        let behind = match name.as_str() {
            PROGRAM => 0,
            "docker" | "podman" => args.iter().position(|arg| is_image(arg))? + 1,
            _ if name.starts_with("python") || name == "py" => {
                let is_module = |pair: &[String]| pair[0] == "-m" && MODULES.contains(&&*pair[1]);
                args.windows(2).position(is_module)? + 2
            }
            _ => {
                let (_, before) = RUNNERS.iter().find(|(runner, _)| *runner == name)?;
                let at = package_position(args, before);
                match args.get(at)? {
                    package if is_package(package) => at + 1,
                    // A package in the scope of another publisher.
                    package if package.starts_with('@') => return None,
                    _ => {
                        words = &args[at..];
                        continue;
                    }
                }
            }
        };
        return args.get(behind..);
    }
}

/// The file name of a program in lower case, without what Windows adds.
pub fn program_stem(program: &str) -> String {
    let name = program
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let stem = [".exe", ".cmd", ".bat", ".ps1"]
        .into_iter()
        .find_map(|ending| name.strip_suffix(ending));
    stem.map_or(name.clone(), str::to_owned)
}

/// Where the package stands behind a runner's own words, options and assignments.
fn package_position(args: &[String], before: &[&str]) -> usize {
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        let is_assignment = arg.split_once('=').is_some_and(|(name, _)| is_name(name));
        at += match arg.as_str() {
            option if WITH_VALUE.contains(&option) => 2,
            word if word.starts_with('-') || before.contains(&word) || is_assignment => 1,
            _ => break,
        };
    }
    at
}

/// `mcp-gateway` with a version or extras, such as `mcp-gateway[presidio]==1.2` or `mcp-gateway@latest`.
fn is_package(word: &str) -> bool {
    let rest = word.to_ascii_lowercase().replace('_', "-");
    rest.strip_prefix(PROGRAM)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['@', '[', '=', '<', '>', '~']))
}

/// The image with any registry, tag or digest.
fn is_image(word: &str) -> bool {
    let name = word.split('@').next().unwrap_or_default();
    let last = name.rfind('/').unwrap_or_default();
    let name = &name[..name[last..].find(':').map_or(name.len(), |colon| last + colon)];
    name.strip_suffix(IMAGE)
        .is_some_and(|registry| registry.is_empty() || registry.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Option<String> {
        gateway_args(&line.split(' ').map(str::to_owned).collect::<Vec<_>>()).map(|args| args.join(" "))
    }

    #[test]
    fn every_way_to_start_a_gateway_is_recognised() {
        for line in [
            "mcp-gateway",
            "mcp-gateway --mcp-json-path ~/.cursor/mcp.json -p basic",
            "/usr/local/bin/mcp-gateway -p basic",
            "C:\\tools\\mcp-gateway.exe",
            "mcp-gateway.cmd",
            "uvx mcp-gateway --mcp-json-path x",
            "/opt/uv/uvx --python 3.12 mcp-gateway[presidio]==1.2.1",
            "uvx --from mcp-gateway mcp-gateway",
            "uvx mcp-gateway>=1.2",
            "uv tool run mcp-gateway@latest",
            "uv run --directory /src mcp-gateway",
            "uv run python -m mcp_gateway.server",
            "pipx run mcp-gateway",
            "npx -y mcp-gateway@2",
            "cmd /c npx -y mcp-gateway",
            "env A=b mcp-gateway",
            "python -m mcp_gateway.server --plugin basic",
            "/venv/bin/python3.12 -u -m mcp_gateway",
            "docker run -i --rm -v /a:/b mcp/gateway:latest --mcp-json-path /b",
            "podman run localhost:5000/mcp/gateway@sha256:00",
        ] {
            assert!(args(line).is_some(), "{line}");
        }
        for line in ["mcp-gateway -p basic", "/my tools/mcp-gateway", "uvx mcp-gateway"] {
            assert!(gateway_args(&[line.to_owned()]).is_some(), "{line} in one word");
        }
    }

    #[test]
    fn other_servers_are_not() {
        for line in [
            "npx -y @modelcontextprotocol/server-filesystem mcp-gateway",
            "npx -y mcp-gateway-client",
            "npx -y @somebody/mcp-gateway",
            "node /src/mcp-gateway/server.js",
            "mcp-gateway demo-server",
            "uvx mcp-gateway mask",
            "docker mcp gateway run",
            "docker run mcp/gateway-tools",
            "docker run mcp/git",
            "python -m mcp_server_time",
            "python server.py mcp_gateway",
            "uvx mcp-server-time",
            "env",
            "uvx",
        ] {
            assert!(args(line).is_none(), "{line}");
        }
        assert!(gateway_args(&[]).is_none());
        assert!(
            gateway_args(&vec!["npx".to_owned(); 100_000]).is_none(),
            "runners without end"
        );
    }

    #[test]
    fn the_arguments_of_the_gateway_are_told_from_those_of_what_starts_it() {
        for line in [
            "mcp-gateway -p basic",
            "uvx --python 3.12 mcp-gateway -p basic",
            "python -u -m mcp_gateway.server -p basic",
            "docker run -i --rm mcp/gateway -p basic",
        ] {
            assert_eq!(args(line).as_deref(), Some("-p basic"), "{line}");
        }
    }
}
