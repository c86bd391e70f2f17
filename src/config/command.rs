//! A local server: its program, arguments, environment and working directory.

use std::path::{self, Path, PathBuf};

use super::Launch;
use super::envfile;
use super::raw::{Field, Raw};
use super::source::Node;
use super::values::Reader;
use crate::text::quoted;

impl Reader<'_, '_> {
    /// The launch of the program that `command` names; `None` if a problem was reported.
    pub(super) fn command(&mut self, node: &Node<'_>, raw: &Raw<'_>) -> Option<Launch> {
        let cwd = self.working_directory(raw);
        let env = self.environment(raw);
        let (mut words, mut env) = self.words(node, &cwd).zip(Some(env))?;
        if let Some(args) = raw.get(Field::Args) {
            words.extend(self.texts(args));
        }
        // Zed once put these into an object under `command`.
        if let Some(args) = node.get("args").filter(|args| !args.is_null()) {
            words.extend(self.texts(&args));
        }
        if let Some(inner) = node.get("env").filter(|env| !env.is_null()) {
            env = merged(self.pairs(&inner), env);
        }
        if words.first().is_none_or(|program| program.trim().is_empty()) {
            self.report
                .fault(node, "is empty", r#"write the program to start, such as "npx""#);
            return None;
        }
        let program = words.remove(0);
        let has_directory = program.contains(['/', path::MAIN_SEPARATOR]) || program == "~";
        let program = if has_directory {
            self.variables.dirs.resolve(&program, &cwd)
        } else {
            PathBuf::from(program)
        };
        Some(Launch::Command {
            program,
            args: words,
            env,
            cwd,
        })
    }

    /// The words that `command` holds: a program, a whole command line, or a list of both.
    fn words(&mut self, node: &Node<'_>, cwd: &Path) -> Option<Vec<String>> {
        if node.items().is_some() {
            return Some(self.texts(node));
        }
        if node.is_object() {
            let Some(path) = node.get("path").or_else(|| node.get("command")) else {
                self.report
                    .fault(node, "has no `path`", r#"write {"path": "program", "args": []}"#);
                return None;
            };
            return Some(vec![self.text(&path)?]);
        }
        let Some(written) = node.text() else {
            self.report.wrong_kind(node, "text", r#""npx""#);
            return None;
        };
        if !written.contains(char::is_whitespace) {
            return Some(vec![self.expand(node, written)?]);
        }
        // A path may hold blanks; only what is no file is a command line. It is split before its variables are
        // replaced, so that what they hold stays one word.
        let is_file = |program: &String| self.variables.dirs.resolve(program, cwd).is_file();
        if let Some(program) = self.variables.expand(written).ok().filter(is_file) {
            return Some(vec![program]);
        }
        let Some(words) = split(written) else {
            let mend = "close the quote, or put the arguments into `args`";
            self.report
                .fault(node, "is a command line with a quote that is not closed", mend);
            return None;
        };
        words.iter().map(|word| self.expand(node, word)).collect()
    }

    fn working_directory(&mut self, raw: &Raw<'_>) -> PathBuf {
        let workspace = &self.variables.workspace;
        let Some(node) = raw.get(Field::Cwd) else {
            return workspace.clone();
        };
        let Some(written) = self.text(node) else {
            return workspace.clone();
        };
        let cwd = self.variables.dirs.resolve(&written, workspace);
        if !cwd.is_dir() {
            self.report
                .fault(node, "is not a directory that exists", "create it, or correct the path");
        }
        cwd
    }

    /// The variables of `envFile`, then those of `env`, which win.
    pub(super) fn environment(&mut self, raw: &Raw<'_>) -> Vec<(String, String)> {
        let from_file = raw
            .get(Field::EnvFile)
            .map(|node| self.env_file(node))
            .unwrap_or_default();
        let Some(node) = raw.get(Field::Env) else {
            return from_file;
        };
        let env = self.pairs(node);
        if env
            .iter()
            .any(|(name, _)| name.is_empty() || name.contains(['=', '\0']))
        {
            self.report.fault(
                node,
                "has a name that no environment variable can have",
                "use letters, digits and `_`",
            );
        }
        merged(from_file, env)
    }

    fn env_file(&mut self, node: &Node<'_>) -> Vec<(String, String)> {
        let Some(written) = self.text(node) else {
            return Vec::new();
        };
        let path = self.variables.dirs.resolve(&written, &self.variables.workspace);
        match self.variables.read(&path).map(|text| envfile::parse(&text)) {
            Ok(Ok(variables)) => return variables,
            Ok(Err(line)) => {
                let what = format!(
                    "names {}, whose line {line} is no variable",
                    quoted(node.text().unwrap_or_default())
                );
                self.report
                    .fault(node, what, "write each line as NAME=value, and comments behind `#`");
            }
            Err(error) => {
                let what = format!(
                    "names {}, which cannot be read: {error}",
                    quoted(node.text().unwrap_or_default())
                );
                self.report.fault(node, what, "create the file, or correct the path");
            }
        }
        Vec::new()
    }
}

/// The words of a command line. On Windows a backslash parts directories, and shields nothing.
fn split(line: &str) -> Option<Vec<String>> {
    if std::path::MAIN_SEPARATOR == '\\' {
        shlex::split(&line.replace('\\', "\\\\"))
    } else {
        shlex::split(line)
    }
}

/// `base` with the variables of `over`, which win.
fn merged(mut base: Vec<(String, String)>, over: Vec<(String, String)>) -> Vec<(String, String)> {
    for (name, value) in over {
        match base.iter_mut().find(|(other, _)| *other == name) {
            Some(entry) => entry.1 = value,
            None => base.push((name, value)),
        }
    }
    base
}

#[cfg(test)]
mod tests {
    use super::super::testing::{in_project, parsed, problems, shown};
    use super::*;

    fn launched(entry: &str) -> String {
        let text = format!("{{\"mcpServers\": {{\"it\": {entry}}}}}");
        parsed(&text, None, |config, dirs| {
            let config = config.expect("a valid file");
            assert_eq!(config.problems, [], "{entry}");
            shown(&config.servers[0].launch, dirs)
        })
    }

    #[test]
    fn a_whole_command_line_is_split() {
        for (command, words) in [
            ("npx -y server", "npx -y server;"),
            ("  npx  ", "npx;"),
            ("run 'a b' c\\\\ d", "run a b c d;"),
            ("run ${TOKEN} x", "run t0ken x;"),
        ] {
            assert_eq!(launched(&format!(r#"{{"command": "{command}"}}"#)), words, "{command}");
        }
    }

    #[test]
    fn a_path_with_blanks_is_one_program() {
        in_project(|dirs| {
            std::fs::write(dirs.home.join("my server"), "").expect("writable");
            let text = r#"{"mcpServers": {"it": {"command": "~/my server", "args": ["x"]}}}"#;
            let path = Path::new("mcp.json");
            let config = super::super::load::parse(path, text.as_bytes(), None, dirs, &|_| None).expect("valid");
            assert_eq!(shown(&config.servers[0].launch, dirs), "HOME/my server x;");
        });
    }

    #[test]
    fn a_path_is_made_absolute_and_a_name_is_not() {
        assert_eq!(launched(r#"{"command": "~/bin/s"}"#), "HOME/bin/s;");
        assert_eq!(launched(r#"{"command": "bin/s"}"#), "CWD/bin/s;");
        assert_eq!(launched(r#"{"command": "bin/s", "cwd": "~"}"#), "HOME/bin/s; in HOME");
        assert_eq!(launched(r#"{"command": "/bin/s"}"#), "/bin/s;");
        assert_eq!(
            launched(r#"{"command": "s", "args": ["~/x"]}"#),
            "s ~/x;",
            "an argument is the server's to read"
        );
    }

    #[test]
    fn what_env_says_wins_over_the_file() {
        in_project(|dirs| {
            std::fs::write(dirs.cwd.join(".env"), "A=1\nB=2\n").expect("writable");
            let text = r#"{"mcpServers": {"it": {"command": "s", "envFile": ".env", "env": {"B": "3", "C": 4.50}}}}"#;
            let path = Path::new("mcp.json");
            let config = super::super::load::parse(path, text.as_bytes(), None, dirs, &|_| None).expect("valid");
            assert_eq!(shown(&config.servers[0].launch, dirs), "s; A=1 B=3 C=4.50");
        });
    }

    #[test]
    fn each_mistake_is_named_where_it_stands_and_no_value_is_repeated() {
        for (entry, says) in [
            (r#"{"command": 7}"#, "2:2: `command` must be text, not a number"),
            (r#"{"command": ""}"#, "`command` is empty"),
            (r#"{"command": []}"#, "`command` is empty"),
            (r#"{"command": {}}"#, "`command` has no `path`"),
            (r#"{"command": "run 's3cret"}"#, "a quote that is not closed"),
            (
                r#"{"command": "x", "args": "-y"}"#,
                "2:18: `args` must be a list of text, not text",
            ),
            (
                r#"{"command": "x", "args": ["a", {}]}"#,
                "2:32: item 2 of `args` must be text, not an object",
            ),
            (
                r#"{"command": "x", "args": ["s3cret ${NONE}"]}"#,
                "needs the environment variable `NONE`",
            ),
            (
                r#"{"command": "x", "env": ["A=s3cret"]}"#,
                "`env` must be an object of text, not a list",
            ),
            (
                r#"{"command": "x", "env": {"A": "s3cret", "A": "s3cret"}}"#,
                "2:41: `A` stands here a second time",
            ),
            (
                r#"{"command": "x", "env": {"A=B": "s3cret"}}"#,
                "a name that no environment variable can have",
            ),
            (
                r#"{"command": "x", "env": {"A": ["s3cret"]}}"#,
                "`A` must be text, not a list",
            ),
            (
                r#"{"command": "x", "env": {"K": "${input:key}"}}"#,
                "`K` asks for `${input:key}`",
            ),
            (
                r#"{"command": "x", "envFile": "none.env"}"#,
                "none.env`, which cannot be read",
            ),
            (r#"{"command": "x", "cwd": "none"}"#, "`cwd` is not a directory"),
        ] {
            let problems = problems(entry);
            assert!(
                problems.len() == 1 && problems[0].contains(says),
                "{entry}: {problems:?}"
            );
            assert!(!problems[0].contains("s3cret"), "{problems:?}");
        }
    }
}
