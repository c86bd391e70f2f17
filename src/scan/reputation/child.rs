//! How npm, pip and uv are set up where a server will be started: what they would ask is what is asked.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use super::fetch::Trouble;
use crate::{config::Launch, process};

/// The surroundings of a server's process.
#[derive(Clone, Debug, Default)]
pub struct Child {
    args: Vec<String>,
    env: BTreeMap<OsString, OsString>,
    cwd: PathBuf,
}

impl Child {
    /// Those that a launch gives its process.
    pub fn of(launch: &Launch) -> Self {
        match launch {
            Launch::Command { args, env, cwd, .. } => Self {
                args: args.clone(),
                env: process::environment(std::env::vars_os(), env),
                cwd: cwd.clone(),
            },
            Launch::Remote { .. } => Self::default(),
        }
    }

    /// The registry that npm takes a package from, and the token for it.
    pub(super) async fn npm_registry(&self, package: &str) -> Result<(String, Option<String>), Trouble> {
        let scope = package.split_once('/').map(|(scope, _)| format!("{scope}:registry"));
        let files = self.npmrc();
        let set = self.option(&["--registry"]).or_else(|| {
            let keys = scope.iter().map(String::as_str).chain(["registry"]);
            keys.filter_map(|key| self.npm_variable(key).or_else(|| self.of_file(&files, key)))
                .next()
        });
        let registry = match set {
            Some(registry) => registry,
            None => self.asked_of_npm().await?,
        };
        // A token stands under the address without its scheme.
        let place = registry
            .split_once(':')
            .map_or("", |(_, place)| place.trim_end_matches('/'));
        let token = self.of_file(&files, &format!("{place}/:_authToken"));
        Ok((registry, token))
    }

    /// The index that pip or uv takes packages from, if one is set.
    pub(super) fn python_index(&self) -> Option<String> {
        let variables = ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"];
        let set = self
            .option(&["--default-index", "--index-url", "-i"])
            .or_else(|| variables.iter().find_map(|name| self.variable(name)));
        set.or_else(|| {
            let files = [
                Some(self.cwd.join("uv.toml")),
                self.home(".config/uv/uv.toml"),
                Some("/etc/uv/uv.toml".into()),
                self.variable("PIP_CONFIG_FILE").map(PathBuf::from),
                self.home(".config/pip/pip.conf"),
                self.home(".pip/pip.conf"),
                Some("/etc/pip.conf".into()),
            ];
            files
                .into_iter()
                .flatten()
                .find_map(|file| index_of(&fs::read_to_string(file).ok()?))
        })
    }

    fn home(&self, path: &str) -> Option<PathBuf> {
        self.variable("HOME")
            .or_else(|| self.variable("USERPROFILE"))
            .map(|home| Path::new(&home).join(path))
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.env
            .get(OsStr::new(name))
            .and_then(|value| value.to_str())
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    }

    /// A setting of npm's as a variable, whose name is written in any case.
    fn npm_variable(&self, key: &str) -> Option<String> {
        let wanted = format!("npm_config_{key}");
        let set = self
            .env
            .iter()
            .find(|(name, _)| name.to_str().is_some_and(|name| name.eq_ignore_ascii_case(&wanted)));
        set.and_then(|(_, value)| value.to_str())
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    }

    /// The value of an option of the command line, in either spelling.
    fn option(&self, names: &[&str]) -> Option<String> {
        self.args
            .iter()
            .enumerate()
            .find_map(|(at, arg)| match arg.split_once('=') {
                Some((name, value)) if names.contains(&name) => Some(value.to_owned()),
                None if names.contains(&arg.as_str()) => self.args.get(at + 1).cloned(),
                _ => None,
            })
    }

    /// The texts of npm's files of the project and of the user, the one that counts first.
    fn npmrc(&self) -> Vec<String> {
        let user = self
            .npm_variable("userconfig")
            .map(PathBuf::from)
            .or_else(|| self.home(".npmrc"));
        let files = [Some(self.cwd.join(".npmrc")), user];
        files
            .into_iter()
            .flatten()
            .filter_map(|file| fs::read_to_string(file).ok())
            .collect()
    }

    fn of_file(&self, files: &[String], key: &str) -> Option<String> {
        let found = files.iter().find_map(|text| setting(text.lines(), key))?;
        self.expanded(&found)
    }

    /// `${NAME}` replaced as npm does; `None` where one is not set.
    fn expanded(&self, text: &str) -> Option<String> {
        let mut whole = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${") {
            let (name, after) = behind.split_once('}')?;
            whole += before;
            whole += &self.variable(name)?;
            rest = after;
        }
        Some(whole + rest)
    }

    /// What npm itself says: it may be set up in files of its own installation.
    async fn asked_of_npm(&self) -> Result<String, Trouble> {
        const NO_NPM: Trouble = Trouble::NotAsked("npm, which says where its registry is, is not installed");
        let path = self
            .env
            .get(OsStr::new("PATH"))
            .map_or(OsStr::new(""), OsString::as_os_str);
        let npm = process::find("npm", path, &self.cwd).map_err(|_| NO_NPM)?;
        let mut command = tokio::process::Command::new(npm);
        command
            .args(["config", "get", "registry"])
            .env_clear()
            .envs(&self.env)
            .kill_on_drop(true);
        command.stdin(Stdio::null()).stderr(Stdio::null());
        if self.cwd.is_dir() {
            command.current_dir(&self.cwd);
        }
        let output = command
            .output()
            .await
            .map_err(|error| Trouble::Unreachable(format!("npm can't be asked: {error}")))?;
        let said = String::from_utf8_lossy(&output.stdout);
        let address = said.lines().map(str::trim).find(|line| line.starts_with("http"));
        address
            .map(str::to_owned)
            .ok_or_else(|| Trouble::Nonsense("npm names no registry".into()))
    }
}

/// The value of `key = value`, without quotes.
fn setting<'t>(lines: impl Iterator<Item = &'t str>, key: &str) -> Option<String> {
    let pairs = lines.filter_map(|line| line.split_once('='));
    let mut values = pairs.filter(|(name, _)| name.trim() == key).map(|(_, value)| {
        let value = value.split(" #").next().unwrap_or_default();
        value.trim().trim_matches(['"', '\'']).to_owned()
    });
    values.next().filter(|value| !value.is_empty())
}

/// The index in a file of pip's (`index-url`) or of uv's (that, or an `[[index]]` with `default = true`).
fn index_of(text: &str) -> Option<String> {
    let default = text.split("[[index]]").skip(1).find_map(|table| {
        let table = table.split("\n[").next().unwrap_or_default();
        let is_default = setting(table.lines(), "default").as_deref() == Some("true");
        is_default.then(|| setting(table.lines(), "url")).flatten()
    });
    default.or_else(|| setting(text.lines(), "index-url"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(args: &[&str], env: &[(&str, &str)], cwd: &Path) -> Child {
        Child {
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            env: env.iter().map(|(name, value)| (name.into(), value.into())).collect(),
            cwd: cwd.into(),
        }
    }

    #[test]
    fn npm_is_set_up_by_options_variables_and_files_in_this_order() {
        let root = tempfile::tempdir().expect("a temporary directory");
        let (cwd, home) = (root.path().join("w"), root.path().join("h"));
        fs::create_dir_all(&cwd)
            .and_then(|()| fs::create_dir_all(&home))
            .expect("writable");
        fs::write(
            home.join(".npmrc"),
            "registry=https://user.example/\n//user.example/:_authToken=${T}\n",
        )
        .expect("writable");
        fs::write(cwd.join(".npmrc"), "@s:registry = https://scope.example\n").expect("writable");
        let home = home.display().to_string();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime");
        let registry = |child: &Child, package: &str| runtime.block_on(child.npm_registry(package)).expect("it is set");
        let plain = child(&[], &[("HOME", &home), ("T", "s3cret")], &cwd);
        assert_eq!(
            registry(&plain, "p"),
            ("https://user.example/".into(), Some("s3cret".into()))
        );
        assert_eq!(registry(&plain, "@s/p").0, "https://scope.example");
        let variable = child(
            &[],
            &[("HOME", &home), ("NPM_CONFIG_REGISTRY", "https://var.example")],
            &cwd,
        );
        assert_eq!(registry(&variable, "p").0, "https://var.example");
        let option = child(
            &["--registry=https://opt.example"],
            &[("npm_config_registry", "https://var.example")],
            &cwd,
        );
        assert_eq!(registry(&option, "p").0, "https://opt.example");
    }

    #[test]
    fn without_npm_nobody_says_where_its_registry_is() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let repository = tempfile::tempdir().expect("a temporary directory");
        let file = repository.path().join("npm");
        fs::write(&file, "#!/bin/sh\necho http://localhost/\n").expect("writable");
        #[cfg(unix)]
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("permissions");
        for path in ["/nowhere", "", ":/nowhere", ".:/nowhere"] {
            let nowhere = child(&[], &[("PATH", path)], repository.path());
            assert!(
                matches!(runtime.block_on(nowhere.npm_registry("p")), Err(Trouble::NotAsked(_))),
                "{path}"
            );
        }
    }

    #[test]
    fn indexes_of_python_are_set_in_many_places() {
        let index = |args: &[&str], env: &[(&str, &str)]| child(args, env, Path::new("/nowhere")).python_index();
        assert_eq!(index(&["--index-url", "https://a"], &[]).as_deref(), Some("https://a"));
        assert_eq!(index(&["--default-index=https://b"], &[]).as_deref(), Some("https://b"));
        assert_eq!(
            index(&[], &[("PIP_INDEX_URL", "https://c"), ("UV_INDEX_URL", "https://d")]).as_deref(),
            Some("https://d")
        );
        assert_eq!(
            index_of("[global]\nindex-url = https://e/simple\n").as_deref(),
            Some("https://e/simple")
        );
        let uv = "[[index]]\nname = \"x\"\nurl = \"https://f\"\n\n[[index]]\nurl = \"https://g\"\ndefault = true\n";
        assert_eq!(index_of(uv).as_deref(), Some("https://g"));
        assert_eq!(index_of("[pip]\n"), None);
    }
}
