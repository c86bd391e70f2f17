//! The gateway's own files are not a tool's business: a model that can write its configuration or its state could start
//! programs and loosen rules.
//!
//! [`spelling`] knows how else a path may be written, [`moving`] what takes a whole directory away.

mod moving;
mod spelling;

use std::{
    collections::{BTreeSet, HashMap},
    ffi::OsStr,
    io::ErrorKind,
    path::{Component, Path, PathBuf},
    sync::RwLock,
};

use async_trait::async_trait;

use crate::{
    config,
    detect::Role,
    guard::{GuardError, Guardrail, Reason, Stage, Verdict},
    json::Fault,
    message::{Direction, Envelope, Kind, Leaf, Payload, walk},
    sync,
};

/// A longer text is not taken for a path as a whole; its words are.
const LONGEST_PATH: usize = 4096;

/// No file system has a longer name of a file, in bytes.
const LONGEST_NAME: usize = 255;

/// How many levels of JSON inside strings are looked at.
const MAX_NESTING: usize = 4;

/// What arguments are called that are written for people: a path in the middle of one is talked about, and not followed.
const PROSE: [&str; 6] = ["body", "comment", "content", "description", "message", "title"];

/// So many arguments that name a directory above own files are looked at for what the call does with it.
const MOST_ABOVE: usize = 100;

/// Stops calls whose arguments lead to the gateway's own files.
pub struct OwnFiles {
    own: Vec<Own>,
    home: PathBuf,
    /// Where each server runs, links followed: what its relative paths start from.
    working: RwLock<HashMap<String, PathBuf>>,
}

/// A file of the gateway's, or a directory and all that lies in it.
struct Own {
    /// Its real path.
    path: PathBuf,
    is_directory: bool,
    /// As it may stand in a text.
    written: Vec<String>,
}

/// Where a text leads.
#[derive(Debug, PartialEq, Eq)]
enum Leads {
    Elsewhere,
    /// To a directory that holds one of the files, at whatever depth.
    Above(PathBuf),
    /// To one of the files.
    There,
}

/// What a call says of directories above own files.
#[derive(Default)]
struct Above {
    /// Each of them once; there are no more than own files have directories above them.
    directories: BTreeSet<PathBuf>,
    /// The arguments that are the path of one and nothing else.
    arguments: Vec<Argument>,
    /// The place of the first one that is not among these: there are too many.
    beyond: Option<String>,
}

/// An argument, and where it stands.
struct Argument {
    place: String,
    name: String,
}

impl Above {
    fn add(&mut self, leaf: &Leaf<'_, '_>) {
        if self.arguments.len() < MOST_ABOVE {
            let name = leaf.context.names.last().map(ToString::to_string);
            self.arguments.push(Argument {
                place: leaf.place(),
                name: name.unwrap_or_default(),
            });
        } else if self.beyond.is_none() {
            self.beyond = Some(leaf.place());
        }
    }
}

impl Own {
    fn new(path: &Path, is_directory: bool) -> Self {
        let real = resolved(path);
        let mut written = vec![real.to_string_lossy().into_owned()];
        let given = path.to_string_lossy().into_owned();
        if path.is_absolute() && !written.contains(&given) {
            written.push(given);
        }
        Self {
            path: real,
            is_directory,
            written,
        }
    }

    fn is_at(&self, path: &Path) -> bool {
        self.path == path || (self.is_directory && path.starts_with(&self.path))
    }
}

impl OwnFiles {
    /// Guards these files, and what lies in these directories.
    pub fn new(
        files: impl IntoIterator<Item = PathBuf>,
        directories: impl IntoIterator<Item = PathBuf>,
        home: PathBuf,
    ) -> Self {
        let files = files.into_iter().map(|path| Own::new(&path, false));
        let directories = directories.into_iter().map(|path| Own::new(&path, true));
        Self {
            own: files.chain(directories).collect(),
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
        sync::write(&self.working).extend(working);
    }

    /// Whether a text leads to own files. `above` is told of each directory above them, and whether it is all the text says.
    fn leads(&self, text: &str, server: &str, above: &mut dyn FnMut(PathBuf, bool)) -> bool {
        let whole = (!text.is_empty() && text.len() <= LONGEST_PATH && !text.contains('\n')).then_some(text);
        let words = spelling::words(text).filter(|word| *word != text && spelling::may_be_path(word));
        for word in whole.into_iter().chain(words) {
            match self.follow(word, server) {
                Leads::There => return true,
                Leads::Above(path) => above(path, word == text),
                Leads::Elsewhere => {}
            }
        }
        let is_written = || self.own.iter().any(|own| spelling::holds(text, &own.written));
        spelling::may_be_path(text) && is_written()
    }

    /// Where a path leads, in each way to read it.
    fn follow(&self, word: &str, server: &str) -> Leads {
        let working = sync::read(&self.working);
        let working = working.get(server).unwrap_or(&self.home);
        let mut leads = self.follow_from(working, word);
        for other in spelling::others(word, &self.home) {
            if leads == Leads::There {
                break;
            }
            match self.follow_from(working, &other) {
                Leads::Elsewhere => {}
                found => leads = found,
            }
        }
        leads
    }

    /// Where a path leads that is written from a directory whose real path is known.
    fn follow_from(&self, working: &Path, written: &str) -> Leads {
        if is_plain_name(written) && written != "~" {
            return match written.len() > LONGEST_NAME {
                true => Leads::Elsewhere,
                false => self.at(&entry(working, written)),
            };
        }
        let path = match written.strip_prefix("~/") {
            Some(rest) => self.home.join(rest),
            None if written == "~" => self.home.clone(),
            None => working.join(written),
        };
        if spelling::is_glob(written) {
            return self.named_by(&path);
        }
        match self.at(&resolved(&path)) {
            // Many programs take `..` away before they look whether what stands before it is there.
            Leads::Elsewhere if path.components().any(|it| it == Component::ParentDir) => {
                self.at(&resolved(&spelling::shortened(&path)))
            }
            leads => leads,
        }
    }

    fn at(&self, path: &Path) -> Leads {
        if self.own.iter().any(|own| own.is_at(path)) {
            return Leads::There;
        }
        match self.own.iter().any(|own| own.path.starts_with(path)) {
            true => Leads::Above(path.to_owned()),
            false => Leads::Elsewhere,
        }
    }

    /// Where a glob leads: to own files if it says something of their names, and else above them.
    fn named_by(&self, glob: &Path) -> Leads {
        let is_literal = |part: &Component<'_>| !spelling::is_glob(&part.as_os_str().to_string_lossy());
        let fixed: PathBuf = glob.components().take_while(is_literal).collect();
        let wild = glob.components().skip_while(is_literal);
        let wild: Vec<String> = wild
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        let fixed = resolved(&fixed);
        let mut leads = Leads::Elsewhere;
        for own in &self.own {
            let Ok(rest) = own.path.strip_prefix(&fixed) else {
                continue;
            };
            let rest: Vec<_> = rest.iter().map(OsStr::to_string_lossy).collect();
            let fits = wild.iter().zip(&rest).all(|(glob, name)| spelling::fits(glob, name));
            if !fits || (wild.len() > rest.len() && !own.is_directory) {
                continue;
            }
            let says_something = wild.iter().any(|glob| glob.contains(char::is_alphanumeric));
            if wild.len() >= rest.len() && says_something {
                return Leads::There;
            }
            leads = Leads::Above(fixed.clone());
        }
        leads
    }

    /// Looks at every text of a JSON text: at the first that leads to own files, and at those that lead above them.
    fn search(&self, text: &str, server: &str, nesting: usize, above: &mut Above) -> Result<Option<String>, Fault> {
        let mut there = None;
        walk(text, &mut |leaf| {
            if there.is_some() || !is_argument(leaf, nesting) {
                return;
            }
            let mut is_above = false;
            let directories = &mut above.directories;
            if self.leads(leaf.text, server, &mut |path, whole| {
                is_above |= whole;
                directories.insert(path);
            }) {
                there = Some(leaf.place());
            } else if is_above {
                above.add(leaf);
            }
            // What is not escaped there stands in the text as it is.
            let is_escaped = leaf.text.contains('\\') && leaf.text.trim_start().starts_with(['{', '[']);
            if is_escaped && nesting < MAX_NESTING && there.is_none() {
                let inner = self.search(leaf.text, server, nesting + 1, above);
                there = inner.ok().flatten().map(|_| leaf.place());
            }
        })?;
        Ok(there)
    }

    /// The argument that leads to own files from a directory that another one names.
    fn together(&self, text: &str, directories: &BTreeSet<PathBuf>) -> Result<Option<String>, Fault> {
        let mut there = None;
        walk(text, &mut |leaf| {
            if there.is_some() || leaf.text.len() > LONGEST_PATH || !is_argument(leaf, 0) {
                return;
            }
            let is_relative =
                |word: &&str| !word.is_empty() && !word.starts_with(['/', '~']) && !spelling::is_glob(word);
            let is_prose = leaf.context.names.last().is_some_and(|name| PROSE.contains(&&**name));
            let words = || {
                let words = spelling::words(leaf.text).filter(|_| !is_prose);
                words.chain([leaf.text]).filter(is_relative)
            };
            let leads = |directory: &PathBuf| words().any(|word| self.follow_from(directory, word) == Leads::There);
            if directories.iter().any(leads) {
                there = Some(leaf.place());
            }
        })?;
        Ok(there)
    }

    /// Whether a call is judged at all: what is called by its name is the server's own.
    fn concerns(envelope: &Envelope) -> bool {
        envelope.direction == Direction::ToServer && !envelope.name.is_empty()
    }
}

/// Whether a leaf of a call's parameters is what somebody wrote for it: a text, or a name that looks like a path.
fn is_argument(leaf: &Leaf<'_, '_>, nesting: usize) -> bool {
    match leaf.context.role {
        // What is called by its name is the server's own: a tool, a prompt.
        Role::Text => nesting > 0 || leaf.context.names != ["name"],
        Role::Key => spelling::may_be_path(leaf.text),
        Role::Number => false,
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
        if !Self::concerns(envelope) {
            return Ok(Verdict::Allow);
        }
        let wrong = |fault: Fault| GuardError(fault.to_string());
        let (text, mut above) = (payload.text(), Above::default());
        let mut there = self.search(text, &envelope.server, 0, &mut above).map_err(wrong)?;
        let directories = &above.directories;
        if there.is_none() && !directories.is_empty() {
            there = self.together(text, directories).map_err(wrong)?;
        }
        if let Some(place) = there {
            return Ok(Verdict::Block(Reason(format!(
                "`{place}` leads to a file of the gateway itself (its configuration or its state), which no tool may \
                 touch: a person changes it, in an editor"
            ))));
        }
        let moved = match directories.is_empty() {
            true => None,
            false => {
                let leads_above = |word: &str| matches!(self.follow(word, &envelope.server), Leads::Above(_));
                moving::moved(envelope, text, &above, &leads_above).map_err(wrong)?
            }
        };
        Ok(match moved {
            None => Verdict::Allow,
            Some(place) => Verdict::Block(Reason(format!(
                "`{place}` is a directory that holds files of the gateway itself (its configuration or its state), and this \
                 call would move, copy or delete it whole. Name what is meant more closely, or let a person do it"
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
mod tests;
