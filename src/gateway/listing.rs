//! The lists of everything that can be asked for by name, in pages, and the news that they have changed.

use serde_json::{Value, json};

use super::{Asked, Gateway, LIST_PATIENCE, Offer, directory::Directory, meta};
use crate::{
    guard::Cleared,
    json,
    message::{Kind, Payload},
    upstream::Offering,
    wire::code,
};

/// With more tools than this, offering each by name costs a model more than it helps.
const MANY_TOOLS: usize = 40;

/// Items that a page holds at most.
const PAGE_ITEMS: usize = 1000;

/// The size from which on a page takes no further item, in bytes.
const PAGE_BYTES: usize = 1 << 20;

/// One of the client's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listing {
    Tools,
    Prompts,
    Resources,
    Templates,
}

impl Listing {
    /// The member of the result that holds the items.
    fn member(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Prompts => "prompts",
            Self::Resources => "resources",
            Self::Templates => "resourceTemplates",
        }
    }

    /// The member of an item by which it is known.
    fn key(self) -> &'static str {
        match self {
            Self::Tools | Self::Prompts => "name",
            Self::Resources => "uri",
            Self::Templates => "uriTemplate",
        }
    }

    fn offering(self) -> Offering {
        match self {
            Self::Tools => Offering::Tools,
            Self::Prompts => Offering::Prompts,
            Self::Resources | Self::Templates => Offering::Resources,
        }
    }
}

impl Gateway {
    /// One page of a list. The cursor of a page is the position of its first item.
    pub(super) async fn list(&self, method: &str, listing: Listing, params: &Payload) -> Asked {
        let own = match listing {
            Listing::Tools => self.own_tools(method).await,
            _ => Vec::new(),
        };
        let directory = match (listing, self.offer) {
            // With the two tools alone there is nothing that could change.
            (Listing::Tools, Offer::Meta) => None,
            _ => {
                self.fleet.settled(LIST_PATIENCE).await;
                Some(self.directory())
            }
        };
        let listed = directory
            .as_ref()
            .map_or(&[][..], |directory| directory.names(listing).listed());
        let all = own.len() + listed.len();
        let Some(first) = cursor(params).filter(|first| *first <= all) else {
            let error = json!({"code": code::INVALID_PARAMS, "message": "the cursor is none of this list's: begin without one"});
            return Err(self.own_words(method, Kind::Error, error).await);
        };
        if listing == Listing::Tools && listed.len() > MANY_TOOLS && first == 0 {
            let count = listed.len();
            tracing::info!("{count} tools are offered by name; `--tools meta` would spare the model their definitions");
        }
        let limit = self.limits.response / 2;
        let mut page: Vec<Cleared> = Vec::new();
        let (mut size, mut next) = (0, None);
        for position in first..all {
            if page.len() == PAGE_ITEMS || size >= PAGE_BYTES.min(limit) {
                next = Some(position);
                break;
            }
            let item = match (own.get(position), &directory) {
                (Some(item), _) => item.clone(),
                (None, Some(directory)) => self.item(method, listing, directory, position - own.len()).await,
                (None, None) => break,
            };
            let length = item.bytes().len();
            if length > limit {
                tracing::warn!(method, "an item of {length} bytes is left out: it is over the limit");
                continue;
            }
            size += length;
            page.push(item);
        }
        if let Some(directory) = &directory {
            let offering = listing.offering();
            self.client.was_given(offering, directory.changes.of(offering));
        }
        Ok(Cleared::page(listing.member(), &page, next))
    }

    /// An item of the directory, under the name by which the client knows it.
    async fn item(&self, method: &str, listing: Listing, directory: &Directory, position: usize) -> Cleared {
        let (shown, server, at) = &directory.names(listing).listed()[position];
        let shown = self
            .own_words(method, Kind::Definition, Value::from(shown.as_str()))
            .await;
        let definition = directory.definition(listing, *server, *at);
        definition.with_member(listing.key(), &shown)
    }

    /// The gateway's own tools.
    async fn own_tools(&self, method: &str) -> Vec<Cleared> {
        let servers = self.fleet.servers();
        let names: Vec<&str> = servers.iter().map(|server| &*server.name).collect();
        let mut own = vec![meta::get_metadata(&names)];
        if self.offer != Offer::Direct {
            own.push(meta::run_tool(&names));
        }
        let mut definitions = Vec::with_capacity(own.len());
        for definition in own {
            definitions.push(self.own_words(method, Kind::Definition, definition).await);
        }
        definitions
    }

    /// Tells the client each time that a list which it has read has changed.
    pub async fn announce_changes(&self) {
        let mut changes = self.changes.clone();
        let mut announced = *changes.borrow();
        while changes.changed().await.is_ok() {
            let now = *changes.borrow_and_update();
            for offering in Offering::ALL {
                if now.of(offering) > announced.of(offering) && self.client.is_behind(offering, now) {
                    let nothing = Cleared::constant("{}");
                    self.client.notify("", offering.changed(), &nothing).await;
                }
            }
            announced = now;
        }
    }
}

/// The position that the parameters ask for; `None` where it is none of the gateway's cursors.
fn cursor(params: &Payload) -> Option<usize> {
    let members = json::members(params.text()).ok()?;
    match members.raw("cursor") {
        None | Some("null") => Some(0),
        Some(_) => members.string("cursor")?.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cursors_of_the_gateway_are_taken() {
        let read = |params: &str| cursor(&Payload::from(params.to_owned()));
        assert_eq!(read("{}"), Some(0));
        assert_eq!(read(r#"{"cursor":null}"#), Some(0));
        assert_eq!(read(r#"{"cursor":"1000"}"#), Some(1000));
        for garbage in [
            r#"{"cursor":"x"}"#,
            r#"{"cursor":7}"#,
            r#"{"cursor":"-1"}"#,
            r#"{"cursor":""}"#,
            "[]",
        ] {
            assert_eq!(read(garbage), None, "{garbage}");
        }
    }
}
