//! Variables in the strings of a configuration.
//!
//! | written | becomes |
//! |---|---|
//! | `${NAME}`, `${env:NAME}`, `{env:NAME}` | the environment variable |
//! | `${NAME:-text}`, `${env:NAME:-text}` | the same, or `text` where it is unset or empty |
//! | `$NAME` as a whole string, in capitals | the environment variable |
//! | `${userHome}`, `${workspaceFolder}`, `${workspaceFolderBasename}`, `${pathSeparator}`, `${/}` | as in VS Code |
//! | `${file:PATH}`, `{file:./PATH}` | the text of a file, less white space at its end |
//! | `$${` | a plain `${` |
//!
//! `$NAME` inside a longer string stays as it is: it may be part of a password, a pattern or a shell command. What a
//! variable holds is not searched for variables again.

use std::cell::RefCell;
use std::io;
use std::path::{self, Path, PathBuf};

use super::digest::Digest;
use super::dirs::Dirs;
use super::regular::{self, read_regular};
use crate::digest::Parts;
use crate::text::quoted;

/// Largest file that a configuration may draw in, in bytes.
const LARGEST: u64 = 1 << 20;

/// Why a string has no value, with the mend. Neither repeats more than the name of the variable.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unresolved {
    pub(super) what: String,
    pub(super) mend: String,
}

fn unresolved<T>(what: String, mend: impl Into<String>) -> Result<T, Unresolved> {
    Err(Unresolved {
        what,
        mend: mend.into(),
    })
}

/// What the variables of one file stand for.
pub(super) struct Variables<'a> {
    pub(super) dirs: &'a Dirs,
    env: &'a dyn Fn(&str) -> Option<String>,
    /// `${workspaceFolder}`; relative paths of entries start here too.
    pub(super) workspace: PathBuf,
    /// The directory of the configuration file, where the path of a `${file:…}` starts.
    base: PathBuf,
    /// Everything that was read out of the workspace: who changes it changes what runs.
    read: RefCell<Parts>,
}

impl<'a> Variables<'a> {
    /// The variables of the configuration file at `path`, whose content is `bytes`.
    pub(super) fn new(path: &Path, bytes: &[u8], dirs: &'a Dirs, env: &'a dyn Fn(&str) -> Option<String>) -> Self {
        let base = dirs.cwd.join(path).parent().map(Path::to_path_buf).unwrap_or_default();
        // A project's file may stand in a folder of its editor.
        let workspace = dirs.project(&base).unwrap_or(&dirs.cwd).to_path_buf();
        let mut read = Parts::default();
        read.add(bytes);
        Self {
            dirs,
            env,
            workspace,
            base,
            read: RefCell::new(read),
        }
    }

    /// The same with another environment.
    pub(super) fn with_env(self, env: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { env, ..self }
    }

    /// Counts something else that decides what the file says.
    pub(super) fn add(&self, bytes: &[u8]) {
        self.read.borrow_mut().add(bytes);
    }

    /// The digest of the configuration file and of what it drew in from the workspace so far.
    pub(super) fn digest(&self) -> Digest {
        Digest::from(&*self.read.borrow())
    }

    /// `text` with each variable replaced.
    pub(super) fn expand(&self, text: &str) -> Result<String, Unresolved> {
        if let Some(name) = text.strip_prefix('$').filter(|name| is_constant_name(name)) {
            return self.environment(name, None);
        }
        let mut expanded = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['$', '{']) {
            expanded.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix("$${") {
                expanded.push_str("${");
                rest = after;
                continue;
            }
            let Some(start) = variable_start(rest) else {
                let (other, after) = rest.split_at(1);
                expanded.push_str(other);
                rest = after;
                continue;
            };
            let Some(end) = rest.find('}') else {
                return unresolved(
                    "has `${` without its `}`".into(),
                    "close it, or write `$${` for a plain `${`",
                );
            };
            expanded.push_str(&self.value(&rest[start..end])?);
            rest = &rest[end + 1..];
        }
        expanded.push_str(rest);
        if expanded.contains('\0') {
            return unresolved("holds a NUL character".into(), "remove it");
        }
        Ok(expanded)
    }

    /// The text of a file that the configuration names.
    pub(super) fn read(&self, path: &Path) -> io::Result<String> {
        let bytes = read_regular(path, LARGEST)?;
        if depends_on(path, &self.workspace) || depends_on(path, &self.dirs.cwd) {
            self.read.borrow_mut().add(&bytes);
        }
        regular::text(bytes)
    }

    /// What stands between the braces, replaced.
    fn value(&self, variable: &str) -> Result<String, Unresolved> {
        let folder = || {
            self.workspace
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default()
        };
        match variable {
            "userHome" => return Ok(self.dirs.home.to_string_lossy().into_owned()),
            "workspaceFolder" => return Ok(self.workspace.to_string_lossy().into_owned()),
            "workspaceFolderBasename" => return Ok(folder()),
            "pathSeparator" | "/" => return Ok(path::MAIN_SEPARATOR_STR.to_owned()),
            _ => {}
        }
        if let Some(path) = variable.strip_prefix("file:") {
            return self.file(path.trim());
        }
        let variable = variable.strip_prefix("env:").unwrap_or(variable);
        let (name, default) = match variable.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (variable, None),
        };
        if is_name(name) {
            return self.environment(name, default);
        }
        match name.split_once(':') {
            Some(("input", id)) => unresolved(
                format!(
                    "asks for {}, which only VS Code can ask a person for",
                    quoted(&format!("${{input:{id}}}"))
                ),
                "write `${env:NAME}` and set NAME in the environment or in the gateway's `env`, or use `envFile`",
            ),
            Some((kind, _)) if is_name(kind) => unresolved(
                format!(
                    "has a variable of a kind that is not known: {}",
                    quoted(&format!("${{{kind}:…}}"))
                ),
                "use `${NAME}`, `${NAME:-default}`, `${env:NAME}` or `${file:PATH}`",
            ),
            _ => unresolved(
                "has a `${…}` that holds no name of a variable".into(),
                "use `${NAME}`, or write `$${` for a plain `${`",
            ),
        }
    }

    fn environment(&self, name: &str, default: Option<&str>) -> Result<String, Unresolved> {
        match ((self.env)(name), default) {
            (Some(value), None) => Ok(value),
            (Some(value), Some(_)) if !value.is_empty() => Ok(value),
            (_, Some(default)) => Ok(default.to_owned()),
            (None, None) => unresolved(
                format!("needs the environment variable {}, which is not set", quoted(name)),
                format!("set {name} where the gateway starts, or write `${{{name}:-default}}`"),
            ),
        }
    }

    fn file(&self, path: &str) -> Result<String, Unresolved> {
        match self.read(&self.dirs.resolve(path, &self.base)) {
            Ok(text) => Ok(text.trim_end().to_owned()),
            Err(error) => unresolved(
                format!("needs the file {}, which cannot be read: {error}", quoted(path)),
                "create the file, or correct its path",
            ),
        }
    }
}

/// A text of the file at `path` with its variables replaced; `None` if one has no value.
pub fn expanded(text: &str, path: &Path, dirs: &Dirs, env: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    Variables::new(path, b"", dirs, env).expand(text).ok()
}

/// Where the inside of the variable that `text` begins with starts. OpenCode's form has no `$`, so that only what can be
/// nothing else counts as one.
fn variable_start(text: &str) -> Option<usize> {
    if text.starts_with("${") {
        return Some(2);
    }
    let (inside, _) = text.strip_prefix('{')?.split_once('}')?;
    let is_variable = match inside.split_once(':')? {
        ("env", name) => is_name(name),
        ("file", path) => path.starts_with(['/', '~', '.']),
        _ => false,
    };
    is_variable.then_some(1)
}

/// Whether who changes a folder decides what is at `path`: it is in there, or a link that leads to it.
fn depends_on(path: &Path, folder: &Path) -> bool {
    let Ok(folder) = folder.canonicalize() else { return true };
    let is_inside = |path: &Path| path.canonicalize().map_or(true, |real| real.starts_with(&folder));
    let is_link_inside = |path: &Path| path.is_symlink() && path.parent().is_some_and(is_inside);
    is_inside(path) || path.ancestors().any(is_link_inside)
}

/// Whether it can be the name of an environment variable as people write it.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_constant_name(text: &str) -> bool {
    is_name(text) && !text.contains(|c: char| c.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::testing::in_project;
    use super::*;

    fn environment(name: &str) -> Option<String> {
        let value = match name {
            "TOKEN" => "t0ken",
            "EMPTY" => "",
            "NESTED" => "${TOKEN}",
            _ => return None,
        };
        Some(value.to_owned())
    }

    fn with_variables<T>(test: impl FnOnce(&Variables<'_>) -> T) -> T {
        in_project(|dirs| {
            let file = dirs.cwd.join("mcp.json");
            test(&Variables::new(&file, b"{}", dirs, &environment))
        })
    }

    #[test]
    fn each_way_of_writing_a_variable() {
        with_variables(|variables| {
            let home = variables.dirs.home.to_string_lossy();
            for (written, meant) in [
                ("plain", "plain"),
                ("Bearer ${TOKEN}!", "Bearer t0ken!"),
                ("${env:TOKEN}${TOKEN}", "t0kent0ken"),
                ("{env:TOKEN}", "t0ken"),
                ("${NONE:-a b}", "a b"),
                ("${env:NONE:-x}", "x"),
                ("${EMPTY:-x}", "x"),
                ("${EMPTY}", ""),
                ("${NONE:-}", ""),
                ("$TOKEN", "t0ken"),
                ("${NESTED}", "${TOKEN}"),
                ("$${TOKEN}", "${TOKEN}"),
                ("${userHome}", &home),
                ("${workspaceFolderBasename}", "project"),
                ("a${/}b", &format!("a{}b", path::MAIN_SEPARATOR)),
            ] {
                assert_eq!(variables.expand(written).as_deref(), Ok(meant), "{written}");
            }
        });
    }

    #[test]
    fn what_is_no_variable_stays() {
        with_variables(|variables| {
            for text in [
                "pa$TOKEN",
                "^a{2}$",
                "$1",
                "$",
                "$$",
                "{\"env\": 1}",
                "sh $HOME",
                "$token",
                "100 €{",
                "{env: process.env}",
                "{file:x}",
            ] {
                assert_eq!(variables.expand(text).as_deref(), Ok(text));
            }
        });
    }

    #[test]
    fn an_unset_variable_is_named_and_nothing_else() {
        with_variables(|variables| {
            for written in ["x ${NONE} y", "${env:NONE}", "$NONE", "s3cret{env:NONE}"] {
                let why = variables.expand(written).expect_err("unset");
                assert_eq!(
                    why.what, "needs the environment variable `NONE`, which is not set",
                    "{written}"
                );
                assert!(why.mend.contains("${NONE:-default}") && !why.mend.contains("s3cret"));
            }
        });
    }

    #[test]
    fn what_only_an_editor_knows_is_said_so() {
        with_variables(|variables| {
            for (written, says) in [
                ("${input:api-key}", "`${input:api-key}`, which only VS Code"),
                ("${command:x.y}", "not known: `${command:…}`"),
                ("${a b}", "no name of a variable"),
                ("${TOKEN", "`${` without its `}`"),
                ("nul\0", "NUL"),
            ] {
                let why = variables.expand(written).expect_err("no value");
                assert!(why.what.contains(says), "{written}: {}", why.what);
            }
        });
    }

    #[test]
    fn a_file_lends_its_text_and_counts_in_the_digest() {
        with_variables(|variables| {
            let (inside, outside) = (variables.dirs.cwd.join("key"), variables.dirs.home.join("key"));
            fs::write(&inside, "from the project\n").expect("writable");
            fs::write(&outside, "from home\r\n").expect("writable");
            let before = variables.digest();
            assert_eq!(variables.expand("<${file:~/key}>").as_deref(), Ok("<from home>"));
            assert_eq!(variables.digest(), before);
            assert_eq!(variables.expand("{file:./key}").as_deref(), Ok("from the project"));
            assert_ne!(variables.digest(), before);
        });
    }

    #[cfg(unix)]
    #[test]
    fn a_file_outside_counts_where_a_link_of_the_project_leads_to_it() {
        with_variables(|variables| {
            let (project, home) = (&variables.dirs.cwd, &variables.dirs.home);
            fs::create_dir(home.join("inner")).expect("writable");
            fs::write(home.join("key"), "from home").expect("writable");
            fs::write(home.join("inner/key"), "from within").expect("writable");
            std::os::unix::fs::symlink(home.join("key"), project.join("file")).expect("writable");
            std::os::unix::fs::symlink(home.join("inner"), project.join("folder")).expect("writable");
            for path in ["./file", "./folder/key", "./folder/../key", "~/../project/file"] {
                let before = variables.digest();
                let text = variables.expand(&format!("${{file:{path}}}"));
                assert!(text.expect(path).starts_with("from "));
                assert_ne!(variables.digest(), before, "{path}");
            }
            for path in ["~/key", "../home/key", "./../home/inner/key"] {
                let before = variables.digest();
                assert!(variables.expand(&format!("${{file:{path}}}")).is_ok(), "{path}");
                assert_eq!(variables.digest(), before, "{path}");
            }
        });
    }

    #[test]
    fn a_file_that_cannot_be_read_is_said() {
        with_variables(|variables| {
            for path in ["missing", "~"] {
                let why = variables.expand(&format!("${{file:{path}}}")).expect_err("no file");
                assert!(
                    why.what.starts_with(&format!("needs the file `{path}`")),
                    "{}",
                    why.what
                );
            }
        });
    }

    #[test]
    fn the_workspace_is_the_project_of_the_file() {
        let dirs = Dirs {
            home: "/home/ada".into(),
            cwd: "/w".into(),
            state: "/s".into(),
            config: "/c".into(),
        };
        for (file, workspace) in [
            ("/code/app/.vscode/mcp.json", "/code/app"),
            ("/code/app/.cursor/mcp.json", "/code/app"),
            ("/home/ada/.cursor/mcp.json", "/w"),
            ("/elsewhere/mcp.json", "/w"),
            (".vscode/mcp.json", "/w"),
        ] {
            let variables = Variables::new(Path::new(file), b"", &dirs, &environment);
            assert_eq!(variables.workspace, Path::new(workspace), "{file}");
        }
    }
}
