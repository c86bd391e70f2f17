//! Which entries of a client's file are moved, which stay, and which one is the gateway's.

use std::{collections::BTreeMap, path::Path};

use super::{
    NAME, Place, Refusal,
    entry::SERVERS,
    file::ClientFile,
    legacy::Asked,
    lists::{Denied, Sources},
    refusal::not_understood,
};
use crate::config::{
    self, Relaunch,
    edit::{self, Member},
};
use crate::text::quoted;

/// The entries of a file by what becomes of them.
pub(super) struct Sorted {
    /// The gateway's entry, if there is one, and what it starts.
    pub(super) gateway: Option<Member>,
    relaunch: Option<Relaunch>,
    /// The servers that are moved, as the gateway reads them.
    pub(super) moving: Vec<Member>,
    /// Variables that they need from the client, those that the gateway's entry has included.
    pub(super) passes: Vec<String>,
    /// The entries that stay.
    pub(super) staying: Vec<Member>,
    /// What stays and why, and what was carried over.
    pub(super) notes: Vec<String>,
}

impl Sorted {
    /// Sorts the entries of a file.
    pub(super) fn of(file: &ClientFile, place: &Place<'_>) -> Result<Self, Refusal> {
        let mut sorted = Self {
            gateway: None,
            relaunch: None,
            moving: Vec::new(),
            passes: Vec::new(),
            staying: Vec::new(),
            notes: Vec::new(),
        };
        let mut gateways = Vec::new();
        for member in file.entries().map_err(not_understood(&place.file))? {
            if let Some(relaunch) = Relaunch::of(&member.value()) {
                gateways.push(member.name.clone());
                sorted.pass(place, &member);
                sorted.gateway = Some(member);
                sorted.relaunch = Some(relaunch);
                continue;
            }
            let source = (place.client.translate)(&member.value());
            let value = edit::value(&source).unwrap_or_default();
            if value.get(SERVERS).is_some_and(serde_json::Value::is_object) {
                return Err(Refusal::NoGateway(member.name));
            }
            match obstacle(&member.name, &source, place) {
                Some(why) => {
                    sorted
                        .notes
                        .push(format!("{} stays where it is: {why}", quoted(&member.name)));
                    sorted.staying.push(member);
                }
                None => {
                    sorted.pass(place, &member);
                    sorted.moving.push(member.with_value(&source));
                }
            }
        }
        if gateways.len() > 1 {
            return Err(Refusal::SeveralGateways {
                path: place.file.clone(),
                names: gateways.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", "),
            });
        }
        if sorted.gateway.is_none() && sorted.staying.iter().any(|member| member.name == NAME) {
            return Err(Refusal::NameTaken);
        }
        sorted.carry(file, place)?;
        sorted.notes.extend(of_projects(file));
        Ok(sorted)
    }

    fn pass(&mut self, place: &Place<'_>, member: &Member) {
        for name in (place.client.passes)(&edit::value(&member.value()).unwrap_or_default()) {
            if !self.passes.contains(&name) {
                self.passes.push(name);
            }
        }
    }

    /// Writes into the entries what the client denies elsewhere.
    fn carry(&mut self, file: &ClientFile, place: &Place<'_>) -> Result<(), Refusal> {
        let (own, _) = self.existing();
        let moving = self.moving.iter().map(|member| member.name.as_str());
        let names: Vec<&str> = moving.chain([own.as_str()]).collect();
        let denied = (place.client.lists)(&Sources {
            place,
            settings: &file.value(),
            servers: &names,
        })?;
        let mut by_server: BTreeMap<String, Vec<Denied>> = BTreeMap::new();
        for denied in denied {
            by_server.entry(denied.server.clone()).or_default().push(denied);
        }
        if by_server.contains_key(&own) {
            let (own, title) = (quoted(&own), place.client.title);
            self.notes.push(format!(
                "a list of {title} keeps {own}, which is the gateway, from being used: allow it there"
            ));
        }
        for member in &mut self.moving {
            let Some(denied) = by_server.get(&member.name) else {
                continue;
            };
            let mut source = member.value();
            for denied in denied {
                source = denied.write(&source).map_err(not_understood(&place.file))?;
                let what = denied.tool.as_ref().map_or_else(
                    || "is switched off".to_owned(),
                    |tool| format!("keeps {} denied", quoted(tool)),
                );
                self.notes.push(format!(
                    "{} {what}, as {} has it",
                    quoted(&member.name),
                    place.client.title
                ));
            }
            *member = member.clone().with_value(&source);
        }
        Ok(())
    }

    /// What the gateway's entry asks for; nothing if there is none.
    pub(super) fn asked(&self, place: &Place<'_>) -> Result<Asked, Refusal> {
        match (&self.gateway, &self.relaunch) {
            (Some(gateway), Some(relaunch)) => Asked::of(&gateway.name, relaunch, place),
            _ => Ok(Asked::default()),
        }
    }

    /// The name of the gateway's entry, and its source if it is there.
    pub(super) fn existing(&self) -> (String, Option<String>) {
        match &self.gateway {
            Some(gateway) => (gateway.name.clone(), Some(gateway.value())),
            None => (NAME.to_owned(), None),
        }
    }

    /// The names of the entries that are taken out of the file: the gateway's, which is put back, and those that move.
    pub(super) fn taken(&self) -> Vec<String> {
        self.gateway
            .iter()
            .chain(&self.moving)
            .map(|member| member.name.clone())
            .collect()
    }

    /// The key of the environment in the gateway's entry.
    pub(super) fn environment_key(&self) -> &'static str {
        let source = self.existing().1.unwrap_or_default();
        let value = edit::value(&source).unwrap_or_default();
        if value.get("environment").is_some() {
            "environment"
        } else {
            "env"
        }
    }

    /// Whether the gateway's entry starts this program by its whole path, as an installation writes it.
    pub(super) fn is_ours(&self) -> bool {
        let program = self
            .relaunch
            .as_ref()
            .and_then(|relaunch| relaunch.words.first())
            .map(Path::new);
        program.is_some_and(|program| program.is_absolute() && program.file_stem().is_some_and(|stem| stem == NAME))
    }
}

/// Why the gateway can't run an entry. A variable that is not set here may be set where the client runs.
fn obstacle(name: &str, source: &str, place: &Place<'_>) -> Option<String> {
    let text = format!(r#"{{"mcpServers": {{{}: {source}}}}}"#, serde_json::Value::from(name));
    let set = |name: &str| (place.env)(name).or_else(|| Some("set".to_owned()));
    let config = match config::parse(&place.file, text.as_bytes(), None, place.dirs, &set) {
        Ok(config) => config,
        Err(error) => return Some(error.to_string()),
    };
    let problem = config.problems.first()?;
    Some(format!("{}; {}", problem.what, problem.mend))
}

/// Claude Code keeps servers for single projects too, which are not moved.
fn of_projects(file: &ClientFile) -> Option<String> {
    let value = file.value();
    let projects = value.get("projects")?.as_object()?;
    let has_servers = |project: &&serde_json::Value| {
        project["mcpServers"]
            .as_object()
            .is_some_and(|servers| !servers.is_empty())
    };
    let count = projects.values().filter(has_servers).count();
    let word = if count == 1 { "project has" } else { "projects have" };
    (count > 0).then(|| format!("{count} {word} servers of their own, which stay where they are"))
}
