//! From the bytes of a file to a valid configuration.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use super::dirs::Dirs;
use super::error::ConfigError;
use super::own;
use super::raw::{Field, Raw};
use super::relaunch::{gateway_args, words};
use super::report::Report;
use super::settings::{PluginSettings, Settings};
use super::shapes;
use super::source::{Node, Source};
use super::values::Reader;
use super::variables::Variables;
use super::written;
use super::{Config, Gateway, Server};

/// Reads the configuration at `path`. Of several gateways in it, `name` says which one is meant; `env` looks up an
/// environment variable.
///
/// What is wrong with single entries is in [`Config::problems`], and the others are there.
///
/// # Errors
/// The file as a whole cannot be used.
pub fn load(
    path: &Path,
    name: Option<&str>,
    dirs: &Dirs,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Config, ConfigError> {
    let bytes = fs::read(path).map_err(|source| ConfigError::Unreadable {
        path: path.to_path_buf(),
        source,
    })?;
    parse(path, &bytes, name, dirs, env)
}

/// [`load`] for the bytes of the file.
///
/// # Errors
/// As [`load`].
pub fn parse(
    path: &Path,
    bytes: &[u8],
    name: Option<&str>,
    dirs: &Dirs,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Config, ConfigError> {
    let source = Source::parse(path, bytes)?;
    let mut report = Report::new(&source);
    let entries = source.root().and_then(|root| shapes::entries(&root, dirs, &mut report));
    let entries = entries.ok_or_else(|| ConfigError::NoServers {
        path: path.to_path_buf(),
    })?;
    let own = own::choose(entries, name, path, &mut report)?;
    let written = written::entries(&own);

    let variables = Variables::new(path, bytes, dirs, env);
    if source.root().is_some_and(|root| shapes::project(&root, dirs).is_some()) {
        // Read in another directory, the same file has other entries.
        variables.add(dirs.cwd.as_os_str().as_encoded_bytes());
    }
    let (gateway, plugins, scan) = match &own.gateway {
        Some((name, node)) => gateway(
            name,
            node,
            &mut Reader {
                report: &mut report,
                variables: &variables,
            },
        ),
        None => (None, Settings::default(), None),
    };
    // A client starts the gateway with the `env` of its entry; from a terminal the servers get the same.
    let with_own = |name: &str| {
        let own = gateway
            .iter()
            .flat_map(|gateway| &gateway.env)
            .find(|(own, _)| own == name);
        own.map(|(_, value)| value.clone()).or_else(|| env(name))
    };
    let variables = variables.with_env(&with_own);
    let servers = servers(
        &own.servers,
        &mut Reader {
            report: &mut report,
            variables: &variables,
        },
    );
    let digest = variables.digest();
    let Report { problems, notes, .. } = report;
    Ok(Config {
        path: path.to_path_buf(),
        gateway,
        servers,
        plugins,
        scan,
        problems,
        notes,
        written,
        digest,
    })
}

/// The gateway's own entry. Its client has read `args` and `env` in its own way, so what cannot be read there is only
/// noted; what stands there for the gateway must be right.
fn gateway(
    name: &str,
    node: &Node<'_>,
    reader: &mut Reader<'_, '_>,
) -> (Option<Gateway>, Settings, Option<PluginSettings>) {
    let Some(raw) = Raw::read(node, reader.report) else {
        return (None, Settings::default(), None);
    };
    let plugins = raw
        .get(Field::Plugins)
        .map(|node| reader.plugins(node))
        .unwrap_or_default();
    let scan = raw.get(Field::Scan).map(|node| reader.plugin("scan", node));
    let Reader { report, variables } = reader;
    let (args, env) = report.leniently(|report| {
        let mut reader = Reader { report, variables };
        let args = match gateway_args(&words(node)) {
            Some(args) => args.iter().filter_map(|arg| reader.expand(node, arg)).collect(),
            None => raw.get(Field::Args).map(|node| reader.texts(node)).unwrap_or_default(),
        };
        (args, reader.environment(&raw))
    });
    (
        Some(Gateway {
            name: name.to_owned(),
            args,
            env,
            pointer: node.pointer.clone(),
        }),
        plugins,
        scan,
    )
}

fn servers(entries: &[(&str, Node<'_>)], reader: &mut Reader<'_, '_>) -> Vec<Server> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    entries
        .iter()
        .for_each(|(name, _)| *times.entry(name).or_default() += 1);
    let mut servers = Vec::new();
    for (name, node) in entries {
        let variables = reader.variables;
        let is_only_one = times[name] == 1;
        servers.extend(reader.report.entry(name, |report| {
            if !is_only_one {
                report.fault(
                    node,
                    "is the name of more than one server: none of them is started",
                    "rename one",
                );
                return None;
            }
            Reader { report, variables }.server(name, node)
        }));
    }
    servers
}

#[cfg(test)]
mod tests {
    use super::super::testing::{config, environment, in_project, parsed};
    use std::io;

    use super::super::discover::SMALLEST;
    use super::*;

    #[test]
    fn a_bad_entry_never_sinks_the_file() {
        let config = config(
            r#"{
  "mcpServers": {
    "good": {"command": "x"},
    "text": "npx",
    "unset": {"command": "x", "env": {"KEY": "${NONE}"}},
    "fine": {"url": "https://h/mcp"}
  }
}"#,
        );
        assert_eq!(
            config.servers.iter().map(|server| &*server.name).collect::<Vec<_>>(),
            ["good", "fine"]
        );
        let problems: Vec<_> = config.problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            problems,
            [
                "mcp.json:4:5: server `text`: `text` must be an object, not text; \
                 write it like {\"command\": \"npx\", \"args\": [\"-y\", \"some-server\"]}",
                "mcp.json:5:39: server `unset`: `KEY` needs the environment variable `NONE`, which is not set; \
                 set NONE where the gateway starts, or write `${NONE:-default}`",
            ]
        );
    }

    #[test]
    fn a_name_that_two_servers_have_starts_neither() {
        let config = config(r#"{"mcpServers": {"a": {"command": "x"}, "b": {"command": "x"}, "a": {"command": "y"}}}"#);
        assert_eq!(
            config.servers.iter().map(|server| &*server.name).collect::<Vec<_>>(),
            ["b"]
        );
        assert!(
            config
                .problems
                .iter()
                .all(|problem| problem.server.as_deref() == Some("a"))
        );
    }

    #[test]
    fn settings_keep_their_place_and_their_variables_are_replaced() {
        let config = config(
            r#"{"mcpServers": {"gw": {"servers": {}, "plugins": {
  "Basic": {"rules": {"aws": false}, "max": 12345678901234567890},
  "lasso": {"api_key": "${TOKEN}"},
  "xetrack": null}}}}"#,
        );
        assert_eq!(config.problems, []);
        let basic = config.plugins.get("Basic").expect("there");
        assert_eq!(basic.values["rules"], serde_json::json!({"aws": false}));
        assert_eq!(basic.values["max"].to_string(), "12345678901234567890");
        let problem = basic.problem("/rules/aws", "`aws` is no rule", "remove it");
        assert_eq!(problem.origin.to_string(), "mcp.json:2:23");
        assert_eq!(problem.pointer, "/mcpServers/gw/plugins/Basic/rules/aws");
        assert_eq!(config.plugins.get("lasso").expect("there").values["api_key"], "t0ken");
        assert!(config.plugins.get("xetrack").expect("there").values.is_empty());
    }

    #[test]
    fn a_setting_that_cannot_be_read_is_a_problem_of_the_gateway() {
        for plugins in [
            r#"{"lasso": {"key": "${NONE}"}}"#,
            r#"{"basic": true}"#,
            "[]",
            r#"{"basic": {}, "basic": {}}"#,
        ] {
            let config = config(&format!(
                r#"{{"mcpServers": {{"gw": {{"servers": {{}}, "plugins": {plugins}}}}}}}"#
            ));
            assert_eq!(config.problems.len(), 1, "{plugins}");
            assert_eq!(config.problems[0].server, None, "{plugins}");
        }
    }

    #[test]
    fn what_its_client_reads_of_the_gateways_entry_need_not_be_right() {
        let text = r#"{"mcpServers": {"gw": {"args": ["-p", "${input:x}"], "env": {"A": "1", "B": "${NONE}"}, "servers": {}}}}"#;
        let config = config(text);
        assert_eq!(config.problems, []);
        let gateway = config.gateway.expect("there");
        assert_eq!(
            (gateway.args, gateway.env),
            (vec!["-p".into()], vec![("A".into(), "1".into())])
        );
    }

    #[test]
    fn a_misspelt_key_of_the_gateway_stops_it() {
        let config = config(r#"{"mcpServers": {"gw": {"servers": {}, "plugin": {}}}}"#);
        assert_eq!(
            config.problems[0].what,
            "`plugin` looks like a misspelling of `plugins`"
        );
        assert_eq!(config.problems[0].server, None);
    }

    #[test]
    fn a_file_without_servers_is_answered_with_one_that_works() {
        for text in ["", "// nothing", "{}", "[]", r#"{"theme": "dark"}"#] {
            let error = parsed(text, None, |config, _| config.expect_err("no servers").to_string());
            assert!(
                error.starts_with("mcp.json holds no servers") && error.ends_with(SMALLEST),
                "{error}"
            );
        }
        assert_eq!(
            parsed(SMALLEST, None, |config, _| config.expect("it works").servers.len()),
            1
        );
    }

    #[test]
    fn a_file_that_cannot_be_read_is_said() {
        in_project(|dirs| {
            let error = load(&dirs.cwd, None, dirs, &environment).expect_err("a directory");
            assert!(error.to_string().contains("cannot be read"), "{error}");
        });
        let (path, source) = ("mcp.json".into(), io::ErrorKind::PermissionDenied.into());
        let denied = ConfigError::Unreadable { path, source };
        assert!(denied.mend().contains("let this user read it"), "{denied}");
    }

    #[test]
    fn the_digest_changes_with_the_file_and_with_what_it_draws_in() {
        in_project(|dirs| {
            let env_file = dirs.cwd.join(".env");
            let text = r#"{"mcpServers": {"a": {"command": "x", "envFile": ".env"}}}"#;
            let digest = |text: &str, env: &str| {
                fs::write(&env_file, env).expect("writable");
                let path = Path::new("mcp.json");
                parse(path, text.as_bytes(), None, dirs, &environment)
                    .expect("valid")
                    .digest
            };
            let first = digest(text, "A=1");
            assert_eq!(digest(text, "A=1"), first);
            assert_ne!(digest(text, "A=2"), first);
            assert_ne!(digest(&format!("{text} "), "A=1"), first);
        });
    }

    #[test]
    fn debug_output_holds_no_value() {
        let config = config(
            r#"{"mcpServers": {"gw": {"args": ["s3cret"], "env": {"A": "s3cret"}, "plugins": {"lasso": {"key": "s3cret"}},
                "servers": {"a": {"command": "x", "args": ["s3cret"], "env": {"B": "s3cret"}},
                            "b": {"url": "https://s3cret", "headers": {"C": "s3cret"}, "auth": {"CLIENT_ID": "s3cret"}}}}}}"#,
        );
        let debug = format!("{config:?}");
        assert!(!debug.contains("s3cret"), "{debug}");
        assert!(
            debug.contains("lasso") && debug.contains("\"B\"") && debug.contains("\"C\""),
            "{debug}"
        );
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        let text = format!("{{\"mcpServers\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        parsed(&text, None, |config, _| {
            assert!(matches!(config, Err(ConfigError::Syntax(_))))
        });
    }
}
