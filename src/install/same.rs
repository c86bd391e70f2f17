//! Servers that stand in two places. An installation that was interrupted between two files leaves a server in both, and
//! running it again has to end what was begun; two servers that only share a name are for a person to tell apart.

use std::path::Path;

use super::Refusal;
use crate::config::edit::{self, Member};

/// Those of `servers` that do not stand `there` too.
///
/// # Errors
/// One there has the name of one of them and says something else.
pub(super) fn without(servers: &[Member], there: &[Member], file: &Path) -> Result<Vec<Member>, Refusal> {
    let other = |server: &Member| there.iter().find(|other| other.name == server.name);
    let differs = |server: &&Member| other(server).is_some_and(|other| !is(server, other));
    if let Some(server) = servers.iter().find(differs) {
        return Err(Refusal::Clash {
            name: server.name.clone(),
            file: file.to_owned(),
        });
    }
    Ok(servers
        .iter()
        .filter(|server| other(server).is_none())
        .cloned()
        .collect())
}

/// Whether each of `servers` stands `there` too.
pub(super) fn all(servers: &[Member], there: &[Member]) -> bool {
    servers.iter().all(|server| there.iter().any(|other| is(server, other)))
}

fn is(one: &Member, other: &Member) -> bool {
    one.name == other.name && edit::value(&one.value()).is_ok_and(|value| edit::value(&other.value()) == Ok(value))
}
