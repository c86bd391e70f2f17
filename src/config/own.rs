//! Which entry of a file is the gateway's own, and which are its servers.

use std::path::Path;

use super::ConfigError;
use super::relaunch::{gateway_args, words};
use super::report::Report;
use super::source::Node;
use crate::text::{did_you_mean, listed, quoted};

type Entries<'a> = Vec<(&'a str, Node<'a>)>;

/// The gateway's own entry, and the entries of its servers.
pub(super) struct Own<'a> {
    pub(super) gateway: Option<(&'a str, Node<'a>)>,
    /// All that could be the gateway's own, that one included.
    pub(super) gateways: Entries<'a>,
    pub(super) servers: Entries<'a>,
}

/// Takes the entry that has `servers`; of several, the one called `name`. Where none has, the file is used whole, less
/// what would start a gateway again.
pub(super) fn choose<'a>(
    entries: Entries<'a>,
    name: Option<&str>,
    path: &Path,
    report: &mut Report<'_>,
) -> Result<Own<'a>, ConfigError> {
    let gateways: Entries<'a> = entries
        .iter()
        .filter(|(_, node)| node.get("servers").is_some())
        .cloned()
        .collect();
    let chosen = match (name, gateways.as_slice()) {
        (_, []) => return used_whole(entries, name, path, report),
        (None, [only]) => only,
        (None, several) => {
            let names = listed(several.iter().map(|(name, _)| *name));
            return Err(ConfigError::SeveralGateways {
                path: path.into(),
                names,
            });
        }
        (Some(name), gateways) => named(gateways, name, path)?,
    };
    let servers = chosen
        .1
        .get("servers")
        .map(|inner| servers(&inner, report))
        .unwrap_or_default();
    Ok(Own {
        gateway: Some(chosen.clone()),
        gateways,
        servers,
    })
}

/// The entries under `servers`; none for `null`.
fn servers<'a>(inner: &Node<'a>, report: &mut Report<'_>) -> Entries<'a> {
    if !inner.is_object() && !inner.is_null() {
        report.wrong_kind(
            inner,
            "an object",
            r#"{"time": {"command": "uvx", "args": ["mcp-server-time"]}}"#,
        );
    }
    let mut servers = inner.members().unwrap_or_default();
    servers.retain(|(name, node)| {
        let words = words(node);
        // A gateway behind this one is fine as long as it reads another file.
        let again = gateway_args(&words).is_some() && !words.iter().any(|word| word.starts_with("--mcp-json-path"));
        if again {
            let mend = "remove the entry, or give it a file of its own with `--mcp-json-path`";
            report.entry(name, |report| {
                report.fault(node, "would start this gateway again, without end", mend);
                None::<()>
            });
        }
        !again
    });
    servers
}

fn used_whole<'a>(
    entries: Entries<'a>,
    name: Option<&str>,
    path: &Path,
    report: &mut Report<'_>,
) -> Result<Own<'a>, ConfigError> {
    let (gateways, servers): (Entries<'a>, Entries<'a>) = entries
        .into_iter()
        .partition(|(_, node)| gateway_args(&words(node)).is_some());
    for (_, node) in &gateways {
        let mend = match words(node).iter().any(|word| word.starts_with("--mcp-json-path")) {
            true => "its servers stand in the file that its `--mcp-json-path` names, if that is another one",
            false => "nothing needs to be changed",
        };
        report.note(node, "starts a gateway, and is not taken as a server", mend);
    }
    let gateway = match (name, gateways.as_slice()) {
        (Some(name), gateways) => Some(named(gateways, name, path)?.clone()),
        (None, [only]) => Some(only.clone()),
        (None, _) => None,
    };
    Ok(Own {
        gateway,
        gateways,
        servers,
    })
}

fn named<'e, 'a>(
    gateways: &'e [(&'a str, Node<'a>)],
    name: &str,
    path: &Path,
) -> Result<&'e (&'a str, Node<'a>), ConfigError> {
    gateways.iter().find(|(own, _)| *own == name).ok_or_else(|| {
        let names = || gateways.iter().map(|(name, _)| *name);
        ConfigError::NoSuchGateway {
            path: path.into(),
            name: quoted(name),
            names: listed(names()),
            hint: did_you_mean(name, names()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{config, parsed};

    fn names(text: &str) -> (Option<String>, String) {
        let config = config(text);
        let servers: Vec<_> = config.servers.iter().map(|server| server.name.as_str()).collect();
        (config.gateway.map(|gateway| gateway.name), servers.join(" "))
    }

    const TWO: &str = r#"{"mcpServers": {
        "work": {"command": "mcp-gateway", "servers": {"a": {"command": "x"}}},
        "play": {"command": "mcp-gateway", "servers": {"b": {"command": "x"}}}}}"#;

    #[test]
    fn the_entry_that_has_servers_is_the_gateways() {
        let text = r#"{"mcpServers": {"a": {"command": "x"}, "any name": {"command": "y", "servers": {"b": {"command": "x"}}}}}"#;
        assert_eq!(names(text), (Some("any name".into()), "b".into()));
    }

    #[test]
    fn without_any_server_it_runs_alone() {
        for servers in ["{}", "null"] {
            let text = format!(
                r#"{{"mcpServers": {{"gw": {{"command": "mcp-gateway", "servers": {servers}}}, "a": {{"command": "x"}}}}}}"#
            );
            assert_eq!(names(&text), (Some("gw".into()), String::new()));
        }
    }

    #[test]
    fn of_several_the_name_decides() {
        parsed(TWO, Some("play"), |config, _| {
            assert_eq!(config.expect("valid").servers[0].name, "b")
        });
        let error = parsed(TWO, None, |config, _| config.expect_err("two of them").to_string());
        assert_eq!(
            error,
            "mcp.json has several gateways: `work` and `play`\n  mend: say which one with --name"
        );
        let error = parsed(TWO, Some("pley"), |config, _| config.expect_err("neither").to_string());
        assert_eq!(
            error,
            "mcp.json has no gateway called `pley` (did you mean `play`?)\n  mend: name one of its gateways: `work` and `play`"
        );
    }

    #[test]
    fn a_file_without_one_is_used_whole_less_what_starts_a_gateway() {
        let text = r#"{"mcpServers": {"gw": {"command": "uvx", "args": ["mcp-gateway", "-p", "basic"], "env": {"A": "1"}}, "a": {"command": "x"}}}"#;
        assert_eq!(names(text), (Some("gw".into()), "a".into()));
        let config = config(text);
        assert_eq!(
            config.gateway.map(|gateway| gateway.args),
            Some(vec!["-p".into(), "basic".into()])
        );
        assert!(config.notes[0].what.contains("starts a gateway"));
        let error = parsed(text, Some("a"), |config, _| config.expect_err("a server").to_string());
        assert!(error.contains("no gateway called `a`"), "{error}");
    }

    #[test]
    fn a_server_that_would_start_this_gateway_again_is_a_problem() {
        let text = r#"{"mcpServers": {"gw": {"servers": {
            "again": {"command": "mcp-gateway", "args": ["-p", "basic"]},
            "behind": {"command": "mcp-gateway", "args": ["--mcp-json-path", "other.json"]},
            "demo": {"command": "/x/mcp-gateway", "args": ["demo-server"]}}}}}"#;
        assert_eq!(names(text).1, "behind demo");
        let problem = &config(text).problems[0];
        assert_eq!(problem.server.as_deref(), Some("again"));
    }

    #[test]
    fn servers_that_are_no_object_are_a_problem_of_the_gateway() {
        let config = config(r#"{"mcpServers": {"gw": {"servers": ["a"]}}}"#);
        assert_eq!((config.problems.len(), config.problems[0].server.as_deref()), (1, None));
    }
}
