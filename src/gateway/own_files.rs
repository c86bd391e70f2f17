//! The gateway's own files are not a tool's business: a model that can write its configuration or its state could start
//! programs and loosen rules.

use std::{
    collections::HashMap,
    ffi::OsStr,
    io::ErrorKind,
    path::{Component, Path, PathBuf},
    sync::{PoisonError, RwLock},
};

use async_trait::async_trait;

use crate::{
    config,
    detect::Role,
    guard::{GuardError, Guardrail, Reason, Stage, Verdict},
    message::{Direction, Envelope, Kind, Payload, walk},
};

/// A longer text is not taken for a path as a whole; its words are.
const LONGEST_PATH: usize = 4096;

/// No file system has a longer name of a file, in bytes.
const LONGEST_NAME: usize = 255;

/// Stops calls whose arguments lead to the gateway's own files.
pub struct OwnFiles {
    files: Vec<PathBuf>,
    directories: Vec<PathBuf>,
    home: PathBuf,
    /// Where each server runs, links followed: what its relative paths start from.
    working: RwLock<HashMap<String, PathBuf>>,
}

impl OwnFiles {
    /// Guards these files, and what lies in these directories.
    pub fn new(
        files: impl IntoIterator<Item = PathBuf>,
        directories: impl IntoIterator<Item = PathBuf>,
        home: PathBuf,
    ) -> Self {
        let real = |path: PathBuf| resolved(&path);
        Self {
            files: files.into_iter().map(real).collect(),
            directories: directories.into_iter().map(real).collect(),
            home: resolved(&home),
            working: RwLock::default(),
        }
    }

    /// Takes note of where these servers run.
    pub fn know(&self, servers: &[config::Server]) {
        let working = servers.iter().filter_map(|server| match &server.launch {
            config::Launch::Command { cwd, .. } => Some((server.name.clone(), resolved(cwd))),
            config::Launch::Remote { .. } => None,
        });
        self.working
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(working);
    }

    /// Whether a text holds the way to one of the files.
    fn leads_there(&self, text: &str, server: &str) -> bool {
        let whole = (text.len() <= LONGEST_PATH && !text.contains('\n')).then_some(text);
        let ends = |c: char| c.is_whitespace() || "\"'`;|<>=(),&".contains(c);
        let words = text
            .split(ends)
            .filter(|word| *word != text && (word.contains('/') || word.contains('\\')));
        whole
            .into_iter()
            .chain(words)
            .filter(|path| !path.is_empty())
            .any(|path| self.is_own(path, server))
    }

    fn is_own(&self, written: &str, server: &str) -> bool {
        let of_uri = written
            .starts_with("file:")
            .then(|| url::Url::parse(written).ok()?.to_file_path().ok())
            .flatten();
        let path = match (of_uri, written.strip_prefix("~/")) {
            (Some(path), _) => resolved(&path),
            (None, Some(rest)) => resolved(&self.home.join(rest)),
            (None, None) => {
                let working = self.working.read().unwrap_or_else(PoisonError::into_inner);
                let working = working.get(server).unwrap_or(&self.home);
                match is_plain_name(written) {
                    true if written.len() > LONGEST_NAME => return false,
                    true => entry(working, written),
                    false => resolved(&working.join(written)),
                }
            }
        };
        self.files.contains(&path) || self.directories.iter().any(|directory| path.starts_with(directory))
    }
}

#[async_trait]
impl Guardrail for OwnFiles {
    fn name(&self) -> &'static str {
        "own files"
    }

    fn stage(&self) -> Stage {
        Stage::Judge
    }

    fn judges(&self, kind: Kind) -> bool {
        kind == Kind::Arguments
    }

    /// A placeholder may stand for a path.
    fn judges_restored(&self) -> bool {
        true
    }

    async fn inspect(&self, envelope: &Envelope, payload: &Payload) -> Result<Verdict, GuardError> {
        if envelope.direction != Direction::ToServer || envelope.name.is_empty() {
            return Ok(Verdict::Allow);
        }
        let mut place = None;
        let seen = walk(payload.text(), &mut |leaf| {
            // What is called by its name is the server's own: a tool, a prompt.
            let is_argument = leaf.context.role == Role::Text && leaf.context.names != ["name"];
            if place.is_none() && is_argument && self.leads_there(leaf.text, &envelope.server) {
                place = Some(leaf.place());
            }
        });
        seen.map_err(|fault| GuardError(fault.to_string()))?;
        Ok(match place {
            None => Verdict::Allow,
            Some(place) => Verdict::Block(Reason(format!(
                "`{place}` leads to a file of the gateway itself (its configuration or its state), which no tool may \
                 touch: a person changes it, in an editor"
            ))),
        })
    }
}

/// Whether a text leads to nothing but an entry of a directory, as nearly every argument that is no path does.
fn is_plain_name(text: &str) -> bool {
    let mut components = Path::new(text).components();
    matches!(
        (components.next(), components.next()),
        (Some(Component::Normal(name)), None) if name == text
    )
}

/// The real path of an entry of a directory whose real path is known. Where there is no such entry, which one look tells, nothing is resolved.
fn entry(directory: &Path, name: &str) -> PathBuf {
    let path = directory.join(name);
    match path.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => path,
        _ => resolved(&path),
    }
}

/// The real path: links followed as far as it exists, and `.` and `..` resolved.
fn resolved(path: &Path) -> PathBuf {
    let mut missing: Vec<&OsStr> = Vec::new();
    let mut existing = path;
    loop {
        if let Ok(real) = existing.canonicalize() {
            return missing.iter().rev().fold(real, |path, name| path.join(name));
        }
        match (existing.parent(), existing.components().next_back()) {
            (Some(parent), Some(Component::Normal(name))) => {
                missing.push(name);
                existing = parent;
            }
            _ => return path.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_an_own_file_is_seen() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        for directory in ["state", "inner"] {
            std::fs::create_dir(at(directory)).unwrap();
        }
        std::fs::write(at("mcp.json"), "{}").unwrap();
        let own = OwnFiles::new([at("mcp.json")], [at("state")], root.path().to_owned());
        own.working.write().unwrap().insert("s".to_owned(), at("inner"));
        let absolute = at("mcp.json").display().to_string();
        for text in [
            absolute.clone(),
            format!("file://{absolute}"),
            format!("file://{}", absolute.replace("mcp", "%6dcp")),
            "../mcp.json".to_owned(),
            "~/mcp.json".to_owned(),
            "../inner/.././mcp.json".to_owned(),
            format!("cat '{absolute}' | tee /tmp/x"),
            "~/state/trust/new.json".to_owned(),
            format!("--file={}/state/tokens", root.path().display()),
        ] {
            assert!(own.leads_there(&text, "s"), "{text}");
        }
        for text in [
            "mcp.json",
            "notes/mcp.json",
            "~/other.json",
            "state",
            "",
            "a long text\nabout mcp.json",
            "~/stately",
        ] {
            assert!(!own.leads_there(text, "s"), "{text}");
        }
    }

    #[test]
    fn a_name_alone_leads_to_what_a_server_has_around_it() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("state")).unwrap();
        std::fs::write(root.path().join("mcp.json"), "{}").unwrap();
        let own = OwnFiles::new(
            [root.path().join("mcp.json")],
            [root.path().join("state")],
            root.path().to_owned(),
        );
        for (directory, name, leads) in [
            ("", "mcp.json", true),
            ("", "other.json", false),
            ("state", "new.json", true),
            ("", "state", true),
        ] {
            let working = resolved(&root.path().join(directory));
            own.working.write().unwrap().insert("s".to_owned(), working);
            assert_eq!(own.leads_there(name, "s"), leads, "{name} in {directory:?}");
        }
        assert!(!own.leads_there(&"x".repeat(LONGEST_NAME + 1), "s"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_hides_nothing() {
        let root = tempfile::tempdir().unwrap();
        let (file, link) = (root.path().join("mcp.json"), root.path().join("innocent"));
        std::fs::write(&file, "{}").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let own = OwnFiles::new([file], [], root.path().to_owned());
        assert!(own.leads_there(&link.display().to_string(), "s"));
        assert!(
            own.leads_there("innocent", "s"),
            "servers without a directory run in the home"
        );
    }
}
