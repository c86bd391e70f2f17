//! Bringing a client's servers back into its file: its copy from before, or, where something was edited since, entry by
//! entry.

use super::{
    Place, Plan, Refusal, entry, own::servers_of, plan::Change, read, record::Record, refusal::not_understood, same,
    sort::Sorted,
};
use crate::config::edit::Member;
use crate::text::quoted;

/// What brings a client's servers back into its file.
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
        dirs: place.dirs.clone(),
        record: place.record(),
        remembered: None,
    })
}

/// Moves entries back one by one. Where no installation is remembered, only those of an entry as [`install`](super::install)
/// writes it: one that a person wrote, for the Python package as it may be, is not taken apart.
fn moved_back(place: &Place<'_>, is_remembered: bool) -> Result<(Vec<Change>, Vec<String>), Refusal> {
    let before = read(&place.file)?;
    let mut file = place.parse(before.as_deref())?;
    let sorted = Sorted::of(&file, place)?;
    let asked = sorted.asked(place)?;
    let (inner, of_servers) = match &sorted.gateway {
        Some(gateway) if !is_remembered && !sorted.is_ours() => {
            let name = quoted(&gateway.name);
            let note =
                format!("{name} starts a gateway, but not by an installation that is remembered: it stays as it is");
            return Ok((Vec::new(), vec![note]));
        }
        Some(gateway) => (
            entry::servers(&gateway.value()).map_err(not_understood(&place.file))?,
            asked.file,
        ),
        // An installation that was interrupted, or an entry that a person removed.
        None if place.own().exists() => (Vec::new(), Some(place.own())),
        None => return Ok((Vec::new(), Vec::new())),
    };
    let mut changes = Vec::new();
    let mut servers = inner;
    if let Some(own) = &of_servers {
        let text = read(own)?;
        servers.extend(servers_of(text.as_deref()).map_err(not_understood(own))?);
        // A file that somebody else named stays.
        if *own == place.own() {
            changes.extend(Change::of(own, text, None, true));
        }
    }
    let from = of_servers.as_ref().unwrap_or(&place.file);
    // What stands in both places was not moved to its end.
    let moving = sorted.moving.iter().cloned();
    let moving: Vec<Member> = match of_servers {
        Some(_) => moving.map(|server| place.anchored(server)).collect(),
        None => moving.collect(),
    };
    let servers = same::without(&servers, &moving, from)?.into_iter();
    let servers: Vec<Member> = servers.map(|server| place.restored(server)).collect();
    let servers = same::without(&servers, &sorted.staying, from)?;
    let out: Vec<&str> = sorted.gateway.iter().map(|gateway| gateway.name.as_str()).collect();
    let note = match (out.as_slice(), servers.as_slice()) {
        ([], []) => "an earlier run was interrupted: what it left in the gateway's file stands in the client's too",
        ([], _) => "no entry starts the gateway any more: the servers in the gateway's file are moved back",
        _ => "the files were edited since the installation, so the entries are moved back one by one",
    };
    if !(out.is_empty() && servers.is_empty()) {
        file.exchange(&out, servers).map_err(not_understood(&place.file))?;
    }
    changes.splice(..0, Change::of(&place.file, before, Some(file.text()), false));
    Ok((changes, vec![note.to_owned()]))
}
