//! Puts the servers of a client behind the gateway, and back.
//!
//! [`install`] and [`uninstall`] read and judge, and give a [`Plan`], which can be shown and applied. A client that
//! leaves unknown keys alone keeps its servers in its own file, under the gateway's entry; for the others they go into
//! a file of the gateway's, which the entry names with `--mcp-json-path`.

mod back;
mod clients;
mod codex;
mod entry;
mod file;
mod legacy;
mod lists;
mod own;
mod place;
mod plan;
mod record;
mod refusal;
mod relative;
mod same;
mod shown;
mod sort;
mod toml;

use std::{
    io,
    path::{Path, PathBuf},
};

pub use back::uninstall;
pub use clients::{CLIENTS, Client, Format};
pub use place::Place;
pub use plan::{Change, Plan};
pub use refusal::Refusal;
pub use shown::visible_diff;

use crate::config::{edit::Member, read_regular_text};
use clients::Started;
use entry::SERVERS;
use own::into_own;
use record::{Record, Remains};
use refusal::not_understood;
use sort::Sorted;

/// What the gateway's entry is called.
pub const NAME: &str = "mcp-gateway";

/// The largest file that is read, in bytes: Claude Code keeps more than its servers in its own.
const LARGEST: u64 = 64 << 20;

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
    moving = same::without(&moving, &inner, &place.file)?;

    let (mut changes, mut remains) = (Vec::new(), None);
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
        let servers = inner
            .into_iter()
            .chain(moving)
            .map(|server| place.anchored(server))
            .collect();
        let (change, left) = into_own(own, servers, &started, *own == place.own())?;
        changes.extend(change);
        remains = left;
    }
    if existing.as_deref() != Some(gateway.as_str()) || out.len() > 1 || is_new {
        let member = sorted.gateway.take().unwrap_or_else(|| Member::new(&name, "{}"));
        let out: Vec<&str> = out.iter().map(String::as_str).collect();
        file.exchange(&out, vec![member.with_value(&gateway)])
            .map_err(not_understood(&place.file))?;
    }
    changes.extend(Change::of(&place.file, before, Some(file.text()), false));
    Ok(Plan {
        remembered: remembered(place, &changes, remains, (is_new, sorted.is_ours()))?,
        changes,
        notes: sorted.notes,
        dirs: place.dirs.clone(),
        record: place.record(),
    })
}

/// What to remember: how to undo everything since the servers first moved; nothing if that can't be told any more.
fn remembered(
    place: &Place<'_>,
    changes: &[Change],
    remains: Option<Remains>,
    (is_new, is_ours): (bool, bool),
) -> Result<Option<Record>, Refusal> {
    if is_new {
        return Ok(Some(Record::of(changes, &place.record()).over(remains)));
    }
    let Some(record) = Record::read(&place.record()) else {
        // A gateway that a person wrote is what comes back. One that was installed is taken apart.
        let is_theirs = !is_ours && !changes.is_empty() && !place.record().exists();
        return Ok(is_theirs.then(|| Record::of(changes, &place.record())));
    };
    let is_current = record.undo()?.is_some();
    Ok(is_current.then(|| record.then(changes, &place.record())))
}

/// The text of a file; `None` if it is not there.
fn read(path: &Path) -> Result<Option<String>, Refusal> {
    match read_regular_text(path, LARGEST) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.is_symlink() => {
            Err(Refusal::Dangling(path.to_owned()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Refusal::Unreadable {
            path: path.to_owned(),
            source,
        }),
    }
}

#[cfg(test)]
mod tests;
