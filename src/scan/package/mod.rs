//! What an entry of the configuration will run: from its command and arguments, or its address, to packages, images,
//! repositories and files.

mod container;
mod launcher;
mod launchers;
mod npm;
mod pypi;

use std::{fmt, path::PathBuf};

use serde::Serialize;

use crate::config::Launch;

pub(in crate::scan) use container::risks as container_risks;
pub(in crate::scan) use launcher::is_shell;

/// Where packages of a name come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ecosystem {
    /// npm's registry.
    #[serde(rename = "npm")]
    Npm,
    /// The Python Package Index.
    #[serde(rename = "PyPI")]
    PyPI,
    /// JSR, of Deno.
    #[serde(rename = "JSR")]
    Jsr,
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Npm => "npm",
            Self::PyPI => "PyPI",
            Self::Jsr => "JSR",
        })
    }
}

/// Which version of a package is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Version {
    /// None is named: the newest at each start.
    Any,
    /// This one and no other.
    Exact(String),
    /// A tag that may move, such as `latest`.
    Tag(String),
    /// Any that fits, such as `^1.2` or `>=2,<3`.
    Range(String),
}

/// A package of a registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Package {
    /// Whose registry.
    pub ecosystem: Ecosystem,
    /// Its name, as its registry normalises it.
    pub name: String,
    /// Which of its versions.
    pub version: Version,
}

/// An image of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Image {
    /// The name with its registry, without tag and digest.
    pub name: String,
    /// The tag, if one is named.
    pub tag: Option<String>,
    /// The digest, if one is named: then it is this image and no other.
    pub digest: Option<String>,
}

/// A repository of GitHub.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Repository {
    /// Its owner.
    pub owner: String,
    /// Its name.
    pub name: String,
}

impl Repository {
    /// The repository of an address in any of its spellings: https, git, ssh, `github:o/r`, `o/r.git`, with a path.
    pub fn of_url(url: &str) -> Option<Self> {
        let lower = url.to_ascii_lowercase();
        let rest = match lower.find("github.com") {
            Some(at) => &url[at + "github.com".len()..],
            None => url.strip_prefix("github:").filter(|rest| rest.contains('/'))?,
        };
        let path = rest.trim_start_matches(['/', ':']).split(['#', '?', '@']).next()?;
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let (owner, name) = (parts.next()?, parts.next()?);
        let name = name.strip_suffix(".git").unwrap_or(name);
        let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        let is_name = |text: &str| plain(text) && !text.trim_matches('.').is_empty();
        (is_name(owner) && is_name(name)).then(|| Self {
            owner: owner.to_owned(),
            name: name.to_owned(),
        })
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

/// One thing that will run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// A package of a registry.
    Package(Package),
    /// The image of a container.
    Image(Image),
    /// A repository, at a commit, branch or tag.
    Repository {
        /// Which one.
        repository: Repository,
        /// What of it; `None` for its default branch.
        reference: Option<String>,
    },
    /// An archive or a repository elsewhere.
    Archive {
        /// Its address.
        url: String,
    },
    /// A server of the Smithery marketplace, by its qualified name.
    Smithery {
        /// Its name, such as `@owner/name`.
        name: String,
    },
    /// A program or a script of this machine.
    Local {
        /// The file, or the name of the program.
        path: PathBuf,
    },
    /// A server elsewhere.
    Remote {
        /// Its address.
        url: String,
    },
    /// What will run can't be told.
    Unknown {
        /// Why not.
        why: String,
    },
}

impl Subject {
    fn unknown(why: impl Into<String>) -> Self {
        Self::Unknown { why: why.into() }
    }
}

/// In words, such as `npm package @scope/name 1.2.3`.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Package(Package {
                ecosystem,
                name,
                version,
            }) => {
                write!(f, "{ecosystem} package {name}")?;
                match version {
                    Version::Any => Ok(()),
                    Version::Exact(text) | Version::Tag(text) | Version::Range(text) => write!(f, " {text}"),
                }
            }
            Self::Image(Image { name, tag, digest }) => {
                write!(f, "image {name}")?;
                tag.iter().try_for_each(|tag| write!(f, ":{tag}"))?;
                digest.iter().try_for_each(|digest| write!(f, "@{digest}"))
            }
            Self::Repository { repository, reference } => {
                write!(f, "repository {repository}")?;
                reference.iter().try_for_each(|reference| write!(f, " at {reference}"))
            }
            Self::Archive { url } => write!(f, "archive {url}"),
            Self::Smithery { name } => write!(f, "Smithery server {name}"),
            Self::Local { path } => write!(f, "local program {}", path.display()),
            Self::Remote { url } => write!(f, "remote server {url}"),
            Self::Unknown { why } => write!(f, "unknown: {why}"),
        }
    }
}

/// What a launch runs: the server itself first, and then what is installed or run beside it. Never empty.
pub fn what_runs(launch: &Launch) -> Vec<Subject> {
    match launch {
        Launch::Remote { url, .. } => vec![Subject::Remote { url: url.clone() }],
        Launch::Command { cwd, .. } => launcher::resolve(&launch.words(), cwd),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a command line runs, in words.
    fn runs(line: &str) -> String {
        let words = shlex::split(line).expect("a command line");
        let launch = Launch::Command {
            program: words[0].clone().into(),
            args: words[1..].to_vec(),
            env: Vec::new(),
            cwd: "/w".into(),
        };
        let subjects: Vec<String> = what_runs(&launch).iter().map(Subject::to_string).collect();
        subjects.join(" + ")
    }

    #[test]
    fn every_launcher_is_seen_through() {
        for (line, what) in [
            ("npx -y @scope/name", "npm package @scope/name"),
            ("npx @scope/name@1.2.3 --flag x", "npm package @scope/name 1.2.3"),
            ("npx -y name@latest", "npm package name latest"),
            ("npx name@^1.2", "npm package name ^1.2"),
            ("npx.cmd -y name", "npm package name"),
            (
                r"'C:\Program Files\nodejs\npx.cmd' -y name@2.0.0",
                "npm package name 2.0.0",
            ),
            (
                "/usr/bin/npx --yes --registry https://r.example name",
                "npm package name",
            ),
            ("npx -y -p @scope/pkg bin --x", "npm package @scope/pkg"),
            ("npx --package=@scope/pkg@3.0.0 -- bin", "npm package @scope/pkg 3.0.0"),
            ("npx -p a -p b@1.0.0 run", "npm package a + npm package b 1.0.0"),
            ("npx -y alias@npm:@real/name@1.0.0", "npm package @real/name 1.0.0"),
            ("npx github:o/r#v1", "repository o/r at v1"),
            ("npx -y o/r", "repository o/r"),
            ("npx git+https://github.com/o/r.git#abc", "repository o/r at abc"),
            (
                "npx git+ssh://git@git.example/o/r.git",
                "archive git+ssh://git@git.example/o/r.git",
            ),
            ("npx https://h.example/x.tgz", "archive https://h.example/x.tgz"),
            ("npx ./server", "local program /w/./server"),
            ("npx -c 'server --x'", "npm package server"),
            ("npx", "unknown: `npx` is given no package"),
            ("bunx name@1.0.0", "npm package name 1.0.0"),
            ("bun x --bun name", "npm package name"),
            ("bun run index.ts", "local program /w/index.ts"),
            ("pnpm dlx name", "npm package name"),
            ("pnpm --silent dlx @s/n@2.1.0", "npm package @s/n 2.1.0"),
            ("pnpm --package=a dlx b", "npm package a"),
            ("pnpx name", "npm package name"),
            ("yarn dlx -p a b", "npm package a"),
            ("yarn dlx -q name", "npm package name"),
            ("npm exec -y -- @s/n@1.0.0 x", "npm package @s/n 1.0.0"),
            ("npm x name", "npm package name"),
            ("npm run start", "unknown: `npm run` runs a script of the project in /w"),
            ("uvx mcp-server-time", "PyPI package mcp-server-time"),
            ("uvx Mcp_Server.Time==1.0", "PyPI package mcp-server-time 1.0"),
            ("uvx mcp-server-time@latest", "PyPI package mcp-server-time latest"),
            ("uvx 'pkg[cli,x]>=1,<2'", "PyPI package pkg >=1,<2"),
            ("uvx --python 3.12 --from pkg==2.0 tool", "PyPI package pkg 2.0"),
            ("uvx --with extra==1.0 pkg", "PyPI package pkg + PyPI package extra 1.0"),
            (
                "uvx --from git+https://github.com/o/r@main tool",
                "repository o/r at main",
            ),
            (
                "uvx --from 'pkg @ https://h.example/p.whl' tool",
                "archive https://h.example/p.whl",
            ),
            ("uvx --from ./dir tool", "local program /w/./dir"),
            ("uv tool run pkg@1.0", "PyPI package pkg 1.0"),
            ("uv x pkg", "unknown: `uv x` is no way to start a server that is known"),
            ("uv run --with pkg pkg", "PyPI package pkg"),
            (
                "uv run --with fastmcp server.py",
                "local program /w/server.py + PyPI package fastmcp",
            ),
            ("uv --directory /srv run server.py", "local program /srv/server.py"),
            ("uv run --directory /srv my-server", "local program /srv"),
            ("uv run -m server", "local program /w"),
            ("pipx run pkg==1.0", "PyPI package pkg 1.0"),
            ("pipx run --spec git+https://github.com/o/r tool", "repository o/r"),
            ("docker run -i --rm mcp/time", "image docker.io/mcp/time"),
            (
                "docker run -it --rm -e A=b -v /a:/b --name x ghcr.io/o/i:1.2 --flag",
                "image ghcr.io/o/i:1.2",
            ),
            (
                "docker run -ie A=b --network=host localhost:5000/i@sha256:00",
                "image localhost:5000/i@sha256:00",
            ),
            ("podman run --rm alpine", "image docker.io/library/alpine"),
            ("docker container run -d img", "image docker.io/library/img"),
            ("docker --context c run img:v", "image docker.io/library/img:v"),
            (
                "docker exec -i c server",
                "unknown: `docker exec` is no way to start a server that is known",
            ),
            ("deno run -A npm:@s/n@1.0.0", "npm package @s/n 1.0.0"),
            ("deno run --allow-net=h jsr:@s/n@^1/server", "JSR package @s/n ^1"),
            ("deno run -A https://h.example/m.ts", "archive https://h.example/m.ts"),
            ("deno run main.ts", "local program /w/main.ts"),
            (
                "npx -y @smithery/cli@latest run @owner/server --key k",
                "Smithery server @owner/server + npm package @smithery/cli latest",
            ),
            (
                "npx -y mcp-remote https://h.example/mcp --header x",
                "remote server https://h.example/mcp + npm package mcp-remote",
            ),
            ("node /srv/index.js --x", "local program /srv/index.js"),
            ("node --import tsx src/index.ts", "local program /w/src/index.ts"),
            ("python -u server.py", "local program /w/server.py"),
            (
                "python3.12 -m pkg.server",
                "unknown: `-m pkg.server` names a module, and not the package it came with",
            ),
            (
                "python -c 'import x'",
                "unknown: the program is written into the arguments",
            ),
            ("/opt/server --x", "local program /opt/server"),
            ("my-server", "local program my-server"),
            ("env A=b C=d npx -y name", "npm package name"),
            ("cmd /c npx -y name", "npm package name"),
            ("sh -c 'exec npx -y name@1.0.0'", "npm package name 1.0.0"),
            (
                "bash -lc 'cd /srv && npx name'",
                "unknown: a shell runs a script: `cd /srv && npx name`",
            ),
            ("bash run.sh", "local program /w/run.sh"),
            ("npx npx npx", "npm package npx"),
        ] {
            assert_eq!(runs(line), what, "{line}");
        }
    }

    #[test]
    fn repositories_are_recognised_in_every_spelling() {
        for url in [
            "https://github.com/o/r",
            "git+https://github.com/o/r.git",
            "git://github.com/o/r.git#main",
            "git@github.com:o/r.git",
            "ssh://git@github.com/o/r",
            "github:o/r",
            "https://www.GitHub.com/o/r/tree/main/packages/x",
        ] {
            let repository = Repository::of_url(url).map(|repository| repository.to_string());
            assert_eq!(repository.as_deref(), Some("o/r"), "{url}");
        }
        for url in [
            "https://gitlab.com/o/r",
            "https://github.com/o",
            "github.com/../..",
            "",
            "o/r",
        ] {
            assert_eq!(Repository::of_url(url), None, "{url}");
        }
    }
}
