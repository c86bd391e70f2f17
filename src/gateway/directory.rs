//! What is offered to the client at one moment, and whose it is.

use std::{
    hash::RandomState,
    sync::{Arc, Mutex},
};

use super::{GET_METADATA, Offer, RUN_TOOL, listing::Listing, names, names::Names, uris};
use crate::{
    guard::Cleared,
    sync::lock,
    upstream::{Catalog, Changes, Fleet, Item, Server, Tool},
};

/// The names and URIs of everything that the servers offer which are ready.
pub(super) struct Directory {
    /// How much had changed when it was made.
    pub(super) changes: Changes,
    /// The servers that are ready, with what they offer, in the order of the configuration.
    pub(super) servers: Vec<(Arc<Server>, Arc<Catalog>)>,
    tools: Names,
    prompts: Names,
    resources: Names,
    templates: Names,
}

impl Directory {
    fn new(fleet: &Fleet, changes: Changes, offer: Offer, salt: &RandomState) -> Self {
        let ready = |server: &Arc<Server>| server.catalog().map(|catalog| (server.clone(), catalog));
        let servers: Vec<_> = fleet.servers().iter().filter_map(ready).collect();
        let prefixes: Vec<String> = servers.iter().map(|(server, _)| prefix(server)).collect();
        let prefixes = || prefixes.iter().map(String::as_str);
        let catalogs = || servers.iter().map(|(_, catalog)| catalog);
        let reserved = match offer {
            Offer::Direct => &[GET_METADATA][..],
            _ => &[GET_METADATA, RUN_TOOL],
        };
        let tools = catalogs().map(|catalog| catalog.tools.iter().map(|tool| tool.name.as_str()));
        let prompts = catalogs().map(|catalog| catalog.prompts.iter().map(|prompt| prompt.key.as_str()));
        let of_uris = |items: fn(&Catalog) -> &[Item]| {
            let servers = servers.iter().map(|(server, catalog)| (&*server.name, items(catalog)));
            uris::uris(servers, salt)
        };
        Self {
            changes,
            tools: Names::new(prefixes().zip(tools), reserved),
            prompts: Names::new(prefixes().zip(prompts), &[]),
            resources: of_uris(|catalog| &catalog.resources),
            templates: of_uris(|catalog| &catalog.templates),
            servers,
        }
    }

    /// The names of a list, or its URIs.
    pub(super) fn names(&self, listing: Listing) -> &Names {
        match listing {
            Listing::Tools => &self.tools,
            Listing::Prompts => &self.prompts,
            Listing::Resources => &self.resources,
            Listing::Templates => &self.templates,
        }
    }

    /// One item's definition.
    pub(super) fn definition(&self, listing: Listing, server: usize, position: usize) -> &Cleared {
        let catalog = &self.servers[server].1;
        match listing {
            Listing::Tools => &catalog.tools[position].definition,
            Listing::Prompts => &catalog.prompts[position].definition,
            Listing::Resources => &catalog.resources[position].definition,
            Listing::Templates => &catalog.templates[position].definition,
        }
    }

    /// The tool of this name.
    pub(super) fn tool(&self, name: &str) -> Option<(&Arc<Server>, &Tool)> {
        let (server, position) = self.tools.get(name)?;
        let (server, catalog) = &self.servers[server];
        Some((server, &catalog.tools[position]))
    }

    /// The prompt of this name.
    pub(super) fn prompt(&self, name: &str) -> Option<(&Arc<Server>, &Item)> {
        let (server, position) = self.prompts.get(name)?;
        let (server, catalog) = &self.servers[server];
        Some((server, &catalog.prompts[position]))
    }

    /// The resource or the resource template of this URI.
    pub(super) fn resource(&self, uri: &str) -> Option<(&Arc<Server>, &Item)> {
        let of = |names: &Names, items: fn(&Catalog) -> &[Item]| {
            let (server, position) = names.get(uri)?;
            let (server, catalog) = &self.servers[server];
            Some((server, &items(catalog)[position]))
        };
        of(&self.resources, |catalog| &catalog.resources).or_else(|| of(&self.templates, |catalog| &catalog.templates))
    }

    /// The URI under which a server's own resource is offered, where that is another one.
    pub(super) fn shown(&self, server: &str, own: &str) -> Option<&str> {
        self.resources.listed().iter().find_map(|(shown, at, position)| {
            let (of, catalog) = &self.servers[*at];
            let fits = &*of.name == server && catalog.resources[*position].key == own && shown != own;
            fits.then_some(shown.as_str())
        })
    }

    /// The resources of a server that another one before it offers, too: its own URI, and the one under which it is
    /// reached.
    pub(super) fn clashes<'d>(&'d self, server: &'d str) -> impl Iterator<Item = (&'d str, &'d str)> {
        self.resources.listed().iter().filter_map(move |(shown, at, position)| {
            let (of, catalog) = &self.servers[*at];
            let item = &catalog.resources[*position];
            (&*of.name == server && item.masked.is_none() && *shown != item.key)
                .then_some((item.key.as_str(), shown.as_str()))
        })
    }
}

/// What stands before the names of a server's tools and prompts.
pub(super) fn prefix(server: &Server) -> String {
    names::prefix(&server.name, server.config.prefix.as_deref())
}

/// The directory, made anew when something has changed.
#[derive(Default)]
pub(super) struct Directories {
    latest: Mutex<Option<Arc<Directory>>>,
    salt: RandomState,
}

impl Directories {
    /// The directory as of these changes.
    pub(super) fn get(&self, fleet: &Fleet, changes: Changes, offer: Offer) -> Arc<Directory> {
        let mut latest = lock(&self.latest);
        match latest.as_ref().filter(|directory| directory.changes == changes) {
            Some(directory) => directory.clone(),
            None => {
                let directory = Arc::new(Directory::new(fleet, changes, offer, &self.salt));
                latest.insert(directory).clone()
            }
        }
    }
}
