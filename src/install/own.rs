//! The gateway's own file, for the servers of a client that would lose them under the gateway's entry.

use std::path::Path;

use super::{
    NAME, Refusal, clients::Started, entry, entry::SERVERS, plan::Change, read, record::Remains,
    refusal::not_understood, same,
};
use crate::config::edit::{Document, EditError, Member};

/// The key of the entries in it.
const ENTRIES: &str = "mcpServers";

/// Puts servers into the gateway's own file, under an entry that says for commands in a terminal what the client starts.
/// What stands there already, as an installation that was interrupted leaves it, is not put there again.
pub(super) fn into_own(
    own: &Path,
    servers: Vec<Member>,
    started: &Started,
    is_own: bool,
) -> Result<(Option<Change>, Option<Remains>), Refusal> {
    let before = read(own)?;
    let there = servers_of(before.as_deref()).map_err(not_understood(own))?;
    let fresh = same::without(&servers, &there, own)?;
    let after = (|| {
        let mut document = Document::parse(before.as_deref().unwrap_or_default())?;
        let way = own_way(&document)?;
        let way: Vec<&str> = way.iter().map(String::as_str).collect();
        if let [entries, name, SERVERS] = way[..] {
            let wanted = serde_json::json!({"command": started.program, "args": started.args});
            let existing = document.object(&[entries])?.get(name).map(Member::value);
            let updated = entry::updated(existing.as_deref(), &wanted, document.style())?.text();
            if existing.as_deref() != Some(updated.trim_end()) {
                document.set(&[entries, name], updated.trim_end())?;
            }
        }
        entry::add_servers(&mut document, &way, fresh)?;
        Ok(document.text())
    })();
    let after = after.map_err(not_understood(own))?;
    let is_left_over = is_own && before.is_some() && same::all(&there, &servers);
    let remains = is_left_over.then(|| Remains::of(own, &after));
    Ok((Change::of(own, before, Some(after), is_own), remains))
}

/// The servers in the text of a file of the gateway's.
pub(super) fn servers_of(text: Option<&str>) -> Result<Vec<Member>, EditError> {
    let document = Document::parse(text.unwrap_or_default())?;
    let way = own_way(&document)?;
    let way: Vec<&str> = way.iter().map(String::as_str).collect();
    Ok(document.object(&way)?.members().to_vec())
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
