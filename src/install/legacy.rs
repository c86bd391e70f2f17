//! An entry that starts a gateway already, this one or the Python package: what it asks for, without what starts it.

use std::path::PathBuf;

use super::{Place, Refusal, Wish};
use crate::config::{self, Relaunch};

const PATH_OPTION: &str = "--mcp-json-path";

/// Options of `docker run` that mount a file or a folder.
const MOUNTS: [&str; 3] = ["-v", "--volume", "--mount"];

/// What an entry asks of its gateway.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// The arguments, less the path of the configuration.
    pub(super) args: Vec<String>,
    /// The file that holds the servers, if that is not the client's own.
    pub(super) file: Option<PathBuf>,
    /// The environment that a container was given.
    pub(super) env: Vec<(String, String)>,
}

impl Asked {
    /// What the entry with this name asks for.
    pub(super) fn of(name: &str, relaunch: &Relaunch, place: &Place<'_>) -> Result<Self, Refusal> {
        let mut args = Vec::new();
        let mut file = None;
        let mut given = relaunch.args.iter();
        while let Some(arg) = given.next() {
            match arg.split_once('=') {
                Some((PATH_OPTION, path)) => file = Some(path.to_owned()),
                _ if arg == PATH_OPTION => file = given.next().cloned(),
                _ => args.push(arg.clone()),
            }
        }
        let before = &relaunch.words[..relaunch.words.len() - relaunch.args.len()];
        let container = before
            .iter()
            .position(|word| matches!(word.rsplit(['/', '\\']).next(), Some("docker" | "podman")))
            .map(|at| pairs(&before[at + 1..]));
        if let Some((_, file)) = container.iter().flatten().find(|(option, _)| *option == "--env-file") {
            return Err(Refusal::EnvFile {
                name: name.to_owned(),
                file: (*file).to_owned(),
            });
        }
        let file = match (file, &container) {
            (None, _) => None,
            (Some(file), None) => Some(file),
            (Some(file), Some(options)) => Some(outside(&file, options).ok_or_else(|| Refusal::NotMounted {
                name: name.to_owned(),
                file,
            })?),
        };
        let expanded = |file: String| config::expanded(&file, &place.file, place.dirs, place.env).unwrap_or(file);
        let file = file.map(|file| place.dirs.resolve(&expanded(file), &place.dirs.cwd));
        let file = file.filter(|file| !place.is_file(file));
        file.as_deref().map(|file| place.may_name(file)).transpose()?;
        Ok(Self {
            args,
            file,
            env: container.as_deref().map(environment).unwrap_or_default(),
        })
    }

    /// The arguments of the gateway's entry: those that were there, and what is asked for now.
    pub(super) fn args(mut self, file: &str, plugins: &[String], wish: &Wish) -> Vec<String> {
        let mut args = vec![PATH_OPTION.to_owned(), file.to_owned()];
        args.append(&mut self.args);
        for (names, values) in [(&["-p", "--plugin"][..], plugins), (&["--set"], &wish.sets)] {
            for value in values {
                let is_there = |pair: &[String]| names.contains(&&*pair[0]) && pair[1] == *value;
                if !args.windows(2).any(is_there) {
                    args.extend([names[0].to_owned(), value.clone()]);
                }
            }
        }
        if wish.scan && !args.iter().any(|arg| arg == "--scan") {
            args.push("--scan".to_owned());
        }
        args
    }
}

/// Options with their values, in any way that docker takes them: `--name value`, `--name=value`, `-n value`, `-nvalue`.
fn pairs(words: &[String]) -> Vec<(&str, &str)> {
    let joined = words.iter().filter_map(|word| match word.split_once('=') {
        Some((name, value)) if name.starts_with("--") => Some((name, value)),
        _ => {
            let short = ["-v", "-e"]
                .into_iter()
                .find(|short| word.starts_with(short) && word.len() > 2)?;
            Some((short, &word[2..]))
        }
    });
    let apart = words.windows(2).map(|pair| (pair[0].as_str(), pair[1].as_str()));
    joined.chain(apart).collect()
}

/// The path outside of a container for one inside.
fn outside(inside: &str, options: &[(&str, &str)]) -> Option<String> {
    let mut mounts = options
        .iter()
        .filter(|(option, _)| MOUNTS.contains(option))
        .map(|(_, mount)| mount);
    mounts.find_map(|mount| {
        let (source, target) = match mount.contains("target=") || mount.contains("dst=") {
            true => {
                let part = |keys: &[&str]| {
                    let mut parts = mount.split(',').filter_map(|part| part.split_once('='));
                    parts
                        .find(|(key, _)| keys.contains(key))
                        .map(|(_, value)| value.to_owned())
                };
                (part(&["source", "src"])?, part(&["target", "destination", "dst"])?)
            }
            false => {
                // What stands last may say how it is mounted, as in `:ro,z`.
                let last = mount.rsplit_once(':').filter(|(_, last)| !last.contains(['/', '\\']));
                let mount = last.map_or(*mount, |(mount, _)| mount);
                let (source, target) = mount.rsplit_once(':')?;
                (source.to_owned(), target.to_owned())
            }
        };
        let rest = inside.strip_prefix(target.trim_end_matches('/'))?;
        (rest.is_empty() || rest.starts_with('/')).then(|| format!("{}{rest}", source.trim_end_matches('/')))
    })
}

/// The variables that a container is given with their values.
fn environment(options: &[(&str, &str)]) -> Vec<(String, String)> {
    let values = options.iter().filter(|(option, _)| matches!(*option, "-e" | "--env"));
    values
        .filter_map(|(_, value)| value.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::with_place;
    use super::*;

    fn asked(line: &str) -> Result<Asked, Refusal> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let source = serde_json::json!({"command": words[0], "args": words[1..]}).to_string();
        let relaunch = Relaunch::of(&source).expect("a gateway");
        with_place("cursor", |place| Asked::of("gw", &relaunch, place))
    }

    #[test]
    fn what_starts_it_is_left_out_and_its_options_stay() {
        for line in [
            "python -m mcp_gateway.server --mcp-json-path ~/.cursor/mcp.json --plugin basic --scan",
            "uvx mcp-gateway --plugin basic --scan --mcp-json-path=~/.cursor/mcp.json",
            "docker run -i --rm -v ~/.cursor/mcp.json:/config/mcp.json:ro mcp/gateway:latest --mcp-json-path /config/mcp.json --plugin basic --scan",
            "docker run --mount type=bind,source=~/.cursor,target=/c mcp/gateway --mcp-json-path /c/mcp.json --plugin basic --scan",
            "docker run --mount=type=bind,source=~/.cursor,target=/c mcp/gateway --mcp-json-path /c/mcp.json --plugin basic --scan",
            "podman run -v${userHome}/.cursor:/c:ro,z mcp/gateway --mcp-json-path /c/mcp.json --plugin basic --scan",
            "mcp-gateway --mcp-json-path ${userHome}/.cursor/mcp.json --plugin basic --scan",
        ] {
            let asked = asked(line).expect("understood");
            assert_eq!(
                (asked.args, asked.file),
                (vec!["--plugin".into(), "basic".into(), "--scan".into()], None),
                "{line}"
            );
        }
    }

    #[test]
    fn a_file_of_its_own_and_what_a_container_is_given() {
        let asked = asked("docker run -e KEY=1 -e HOME --env=L=2 -v /a:/b mcp/gateway --mcp-json-path /b/gw.json")
            .expect("understood");
        assert_eq!(asked.file, Some("/a/gw.json".into()));
        assert_eq!(asked.env, [("L".into(), "2".into()), ("KEY".into(), "1".into())]);
    }

    #[test]
    fn variables_in_a_file_for_the_container_are_not_lost_silently() {
        let refusal = asked("docker run --env-file=/e mcp/gateway -p basic")
            .expect_err("refused")
            .to_string();
        assert!(refusal.contains("`gw`") && refusal.contains("/e"), "{refusal}");
    }

    #[test]
    fn a_file_that_only_the_container_has_is_refused() {
        assert!(asked("docker run mcp/gateway --mcp-json-path /b/gw.json").is_err());
    }

    #[test]
    fn what_is_asked_for_is_added_once() {
        let asked = Asked {
            args: ["--plugin", "basic"].map(str::to_owned).to_vec(),
            ..Asked::default()
        };
        let wish = Wish {
            program: "/gw".into(),
            plugins: vec!["basic".into(), "presidio".into()],
            sets: vec!["basic.sensitivity=low".into()],
            scan: true,
        };
        let args = asked.args("/f", &wish.plugins, &wish);
        assert_eq!(
            args.join(" "),
            "--mcp-json-path /f --plugin basic -p presidio --set basic.sensitivity=low --scan"
        );
    }
}
