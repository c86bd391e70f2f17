//! Puts the servers of a client behind the gateway, and back.
//!
//! [`install`] and [`uninstall`] read and judge, and give a [`Plan`], which can be shown and applied. A client that
//! leaves unknown keys alone keeps its servers in its own file, under the gateway's entry; for the others they go into
//! a file of the gateway's, which the entry names with `--mcp-json-path`.

mod clients;
mod codex;
mod entry;
mod file;
mod legacy;
mod lists;
mod plan;
mod record;
mod refusal;
mod sort;
mod toml;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

pub use clients::{CLIENTS, Client, Format};
pub use plan::{Change, Plan};
pub use refusal::Refusal;

use crate::config::{
    Digest, Dirs,
    edit::{Document, EditError, Member},
    quoted,
};
use clients::Started;
use entry::SERVERS;
use file::ClientFile;
use record::Record;
use refusal::not_understood;
use sort::Sorted;

/// What the gateway's entry is called.
pub const NAME: &str = "mcp-gateway";

/// The key of the entries in the gateway's own file.
const ENTRIES: &str = "mcpServers";

/// The installation into one file.
pub struct Place<'a> {
    /// Whose file it is.
    pub client: &'static Client,
    /// The client's file.
    pub file: PathBuf,
    /// The directories of the user.
    pub dirs: &'a Dirs,
    env: &'a dyn Fn(&str) -> Option<String>,
    /// The name under which it is remembered.
    slug: String,
}

/// What the gateway's entry is to run.
pub struct Wish {
    /// This program.
    pub program: PathBuf,
    /// Plugins to enable; where none are named, a new entry enables `basic`.
    pub plugins: Vec<String>,
    /// Settings of plugins, as `--set` takes them.
    pub sets: Vec<String>,
    /// Whether servers are scanned.
    pub scan: bool,
}

impl<'a> Place<'a> {
    /// The client's own file, or the one that is named; `env` looks up an environment variable.
    pub fn find(
        client: &'static Client,
        named: Option<&str>,
        dirs: &'a Dirs,
        env: &'a dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let usual = client.file(dirs, env);
        let file = named.map_or_else(|| usual.clone(), |named| dirs.resolve(named, &dirs.cwd));
        let slug = match file == usual {
            true => client.id.to_owned(),
            false => {
                let digest = Digest::of(file.to_string_lossy().as_bytes()).to_string();
                format!("{}-{}", client.id, &digest[..8])
            }
        };
        Self {
            client,
            file,
            dirs,
            env,
            slug,
        }
    }

    /// The gateway's own file for its servers.
    fn own(&self) -> PathBuf {
        self.dirs.config.join(NAME).join(format!("{}.json", self.slug))
    }

    fn record(&self) -> PathBuf {
        self.dirs.state.join("install").join(format!("{}.json", self.slug))
    }

    fn parse(&self, text: Option<&str>) -> Result<ClientFile, Refusal> {
        ClientFile::parse(self.client, text.unwrap_or_default()).map_err(not_understood(&self.file))
    }

    /// Fails for a client whose file is not edited, with the entry to write there.
    fn is_editable(&self, wish: Option<&Wish>) -> Result<(), Refusal> {
        if self.client.format != Format::Yaml {
            return Ok(());
        }
        let program = wish.map_or_else(|| NAME.into(), |wish| wish.program.display().to_string());
        let entry = format!(
            "{}:\n  {NAME}:\n    type: stdio\n    enabled: true\n    cmd: {program}\n    args: [--mcp-json-path, {}, -p, basic]",
            self.client.place[0],
            self.own().display()
        );
        Err(Refusal::ByHand(self.client.title, entry, self.file.clone()))
    }
}

/// What puts the servers of a client behind the gateway.
///
/// # Errors
/// Where the file holds what is not understood; then nothing is changed.
pub fn install(place: &Place<'_>, wish: &Wish) -> Result<Plan, Refusal> {
    place.is_editable(Some(wish))?;
    let before = read(&place.file)?;
    if before.is_none() && !place.file.parent().is_some_and(Path::is_dir) {
        return Err(Refusal::NotInstalled(place.client.title, place.file.clone()));
    }
    let mut file = place.parse(before.as_deref())?;
    let mut sorted = Sorted::of(&file, place)?;
    let asked = sorted.asked(place)?;
    let own = match (&asked.file, place.client.is_inline) {
        (Some(named), _) if !named.exists() && *named != place.own() => {
            return Err(Refusal::Missing(named.clone()));
        }
        (Some(named), _) => Some(named.clone()),
        (None, true) => None,
        (None, false) => Some(place.own()),
    };
    let is_new = sorted.gateway.is_none();
    let basic = ["basic".to_owned()];
    let plugins = if is_new && wish.plugins.is_empty() {
        &basic[..]
    } else {
        &wish.plugins
    };
    let env = asked.env.clone();
    let path = own.as_ref().unwrap_or(&place.file).display().to_string();
    let started = Started {
        program: wish.program.display().to_string(),
        args: asked.args(&path, plugins, wish),
        passes: std::mem::take(&mut sorted.passes),
    };
    let out: Vec<String> = sorted.taken();
    let mut moving = std::mem::take(&mut sorted.moving);
    let (name, existing) = sorted.existing();
    let inner = existing
        .as_deref()
        .map(entry::servers)
        .transpose()
        .map_err(not_understood(&place.file))?;
    let inner = inner.unwrap_or_default();
    distinct(&inner, &moving)?;

    let mut changes = Vec::new();
    let gateway = (|| {
        let mut gateway = entry::updated(existing.as_deref(), &(place.client.spelling)(&started), &file.style())?;
        entry::add_environment(&mut gateway, sorted.environment_key(), &env)?;
        if own.is_none() {
            entry::add_servers(&mut gateway, &[SERVERS], std::mem::take(&mut moving))?;
        } else {
            gateway.change(&[], |object, _, _| object.take(SERVERS))?;
        }
        Ok(gateway.text().trim_end().to_owned())
    })()
    .map_err(not_understood(&place.file))?;
    if let Some(own) = &own {
        let servers = inner.into_iter().chain(moving).collect();
        changes.extend(into_own(own, servers, &started, *own == place.own())?);
    }
    if existing.as_deref() != Some(gateway.as_str()) || out.len() > 1 || is_new {
        let member = sorted.gateway.take().unwrap_or_else(|| Member::new(&name, "{}"));
        let out: Vec<&str> = out.iter().map(String::as_str).collect();
        file.exchange(&out, vec![member.with_value(&gateway)])
            .map_err(not_understood(&place.file))?;
    }
    changes.extend(changed(&place.file, before, Some(file.text()), false));
    Ok(Plan {
        remembered: remembered(place, &changes, is_new)?,
        changes,
        notes: sorted.notes,
        record: place.record(),
    })
}

/// What brings a client's servers back into its file: its copy from before, or, where something was edited since, entry
/// by entry.
///
/// # Errors
/// Where the file holds what is not understood; then nothing is changed.
pub fn uninstall(place: &Place<'_>) -> Result<Plan, Refusal> {
    place.is_editable(None)?;
    let record = Record::read(&place.record());
    let exactly = record.as_ref().map(Record::undo).transpose()?.flatten();
    let (changes, notes) = match exactly {
        Some(changes) => (changes, Vec::new()),
        None => moved_back(place, record.is_some())?,
    };
    Ok(Plan {
        changes,
        notes,
        record: place.record(),
        remembered: None,
    })
}

/// Moves entries back one by one. Where no installation is remembered, only those of an entry as [`install`] writes it:
/// one that a person wrote, for the Python package as it may be, is not taken apart.
fn moved_back(place: &Place<'_>, is_remembered: bool) -> Result<(Vec<Change>, Vec<String>), Refusal> {
    let before = read(&place.file)?;
    let mut file = place.parse(before.as_deref())?;
    let sorted = Sorted::of(&file, place)?;
    let Some(gateway) = &sorted.gateway else {
        let own = place.own();
        let left = || {
            format!(
                "no entry starts the gateway any more, and {} still holds its servers",
                own.display()
            )
        };
        return Ok((Vec::new(), own.exists().then(left).into_iter().collect()));
    };
    if !is_remembered && !sorted.is_ours() {
        let name = quoted(&gateway.name);
        let note = format!("{name} starts a gateway, but not by an installation that is remembered: it stays as it is");
        return Ok((Vec::new(), vec![note]));
    }
    let asked = sorted.asked(place)?;
    let mut servers = entry::servers(&gateway.value()).map_err(not_understood(&place.file))?;
    let mut changes = Vec::new();
    if let Some(own) = asked.file {
        let text = read(&own)?;
        let document = Document::parse(text.as_deref().unwrap_or_default()).map_err(not_understood(&own))?;
        let way = own_way(&document).map_err(not_understood(&own))?;
        let way: Vec<&str> = way.iter().map(String::as_str).collect();
        let of_own = document.object(&way).map_err(not_understood(&own))?;
        servers.extend(of_own.members().iter().cloned());
        // A file that somebody else named stays.
        if own == place.own() {
            changes.extend(changed(&own, text, None, true));
        }
    }
    let servers = servers.into_iter().map(|server| {
        let source = (place.client.restore)(&server.value());
        server.with_value(&source)
    });
    let servers: Vec<Member> = servers.collect();
    let beside = sorted.beside(&file);
    distinct(&beside, &servers)?;
    file.exchange(&[&gateway.name], servers)
        .map_err(not_understood(&place.file))?;
    changes.splice(..0, changed(&place.file, before, Some(file.text()), false));
    let note = "the files were edited since the installation, so the entries are moved back one by one".to_owned();
    Ok((changes, vec![note]))
}

/// Puts servers into the gateway's own file, under an entry that says for commands in a terminal what the client starts.
fn into_own(own: &Path, servers: Vec<Member>, started: &Started, is_own: bool) -> Result<Option<Change>, Refusal> {
    let before = read(own)?;
    let after = (|| {
        let mut document = Document::parse(before.as_deref().unwrap_or_default())?;
        let way = own_way(&document)?;
        let way: Vec<&str> = way.iter().map(String::as_str).collect();
        let there = document.object(&way)?;
        if let Some(server) = servers.iter().find(|server| there.get(&server.name).is_some()) {
            return Ok(Err(Refusal::Clash(server.name.clone())));
        }
        if let [entries, name, SERVERS] = way[..] {
            let wanted = serde_json::json!({"command": started.program, "args": started.args});
            let existing = document.object(&[entries])?.get(name).map(Member::value);
            let updated = entry::updated(existing.as_deref(), &wanted, document.style())?.text();
            if existing.as_deref() != Some(updated.trim_end()) {
                document.set(&[entries, name], updated.trim_end())?;
            }
        }
        entry::add_servers(&mut document, &way, servers)?;
        Ok(Ok(document.text()))
    })();
    let after = after.map_err(not_understood(own))??;
    Ok(changed(own, before, Some(after), is_own))
}

/// The keys that lead to the servers in a file of the gateway's: under its entry, or where the file is used whole.
fn own_way(document: &Document) -> Result<Vec<String>, EditError> {
    let entries = document.object(&[ENTRIES])?;
    let has_servers = |member: &&Member| {
        let value = Document::parse(&member.value()).map(|entry| entry.value());
        value.is_ok_and(|value| value.get(SERVERS).is_some())
    };
    let gateway = entries
        .members()
        .iter()
        .find(has_servers)
        .map(|member| member.name.clone());
    Ok(match (gateway, entries.members()) {
        (None, [_, ..]) => vec![ENTRIES.to_owned()],
        (gateway, _) => [ENTRIES, &gateway.unwrap_or_else(|| NAME.to_owned()), SERVERS]
            .map(str::to_owned)
            .to_vec(),
    })
}

/// What to remember: how to undo everything since the servers first moved; nothing if that can't be told any more.
fn remembered(place: &Place<'_>, changes: &[Change], is_new: bool) -> Result<Option<Record>, Refusal> {
    if is_new {
        return Ok(Some(Record::of(changes, &place.record())));
    }
    let Some(record) = Record::read(&place.record()) else {
        return Ok(match place.record().exists() || changes.is_empty() {
            true => None,
            // A gateway that stood there before: it is what comes back.
            false => Some(Record::of(changes, &place.record())),
        });
    };
    let is_current = record.undo()?.is_some();
    Ok(is_current.then(|| record.then(changes, &place.record())))
}

fn changed(path: &Path, before: Option<String>, after: Option<String>, is_own: bool) -> Option<Change> {
    (before != after).then(|| Change {
        path: path.to_owned(),
        before,
        after,
        is_own,
    })
}

/// Fails if a server of one list has the name of one of the other.
fn distinct(there: &[Member], added: &[Member]) -> Result<(), Refusal> {
    let twice = added
        .iter()
        .find(|server| there.iter().any(|other| other.name == server.name));
    twice.map_or(Ok(()), |server| Err(Refusal::Clash(server.name.clone())))
}

/// The text of a file; `None` if it is not there.
fn read(path: &Path) -> Result<Option<String>, Refusal> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Refusal::Unreadable {
            path: path.to_owned(),
            source,
        }),
    }
}

#[cfg(test)]
mod tests;
