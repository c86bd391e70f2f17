//! The URIs under which resources and their templates are offered to the client.
//!
//! A resource keeps its URI. Where two servers offer the same one, the first in the configuration wins it, and the other
//! stays reachable at `mcp-gateway://SERVER/URI`, as does every resource of every server. A URI in which the chain masked
//! something is offered as `mcp-gateway://SERVER/masked-…`, a handle that leads back to it.

use std::hash::{BuildHasher, RandomState};

use super::names::Names;
use crate::upstream::Item;

/// What every URI that names its server begins with.
const SCHEME: &str = "mcp-gateway://";

/// The URIs of these servers' resources or templates: (name of the server, what it offers), both in their order. `salt`
/// keeps a handle from telling what it stands for.
pub(super) fn uris<'a>(servers: impl IntoIterator<Item = (&'a str, &'a [Item])>, salt: &RandomState) -> Names {
    let mut uris = Names::default();
    for (server, (name, items)) in servers.into_iter().enumerate() {
        for (position, item) in items.iter().enumerate() {
            let own = if item.masked.is_some() {
                qualified(name, &format!("masked-{:016x}", salt.hash_one(&item.key)))
            } else {
                item.key.clone()
            };
            let taken_by = uris.get(&own).map(|(other, _)| other);
            let shown = match taken_by {
                Some(other) if other != server => qualified(name, &own),
                _ => own,
            };
            // A server that lists one resource twice offers it once.
            uris.add(shown, server, position);
        }
    }
    uris
}

/// The URI that names its server.
pub(super) fn qualified(server: &str, uri: &str) -> String {
    format!("{SCHEME}{}/{uri}", host(server))
}

/// The part of a URI of this server's that names it, without what names the server; `None` where it names another or none.
pub(super) fn within<'u>(uri: &'u str, server: &str) -> Option<&'u str> {
    uri.strip_prefix(SCHEME)?.strip_prefix(&host(server))?.strip_prefix('/')
}

/// Whether a URI names its server.
pub(super) fn is_qualified(uri: &str) -> bool {
    uri.starts_with(SCHEME)
}

/// A server's name with what a URI's authority can't hold percent-encoded.
fn host(server: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    server
        .bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// Whether `uri` may have been made of a template (RFC 6570), each of its expressions standing for any text.
pub(super) fn fits(template: &str, uri: &str) -> bool {
    let mut literals = template
        .split('{')
        .map(|piece| piece.split_once('}').map_or(piece, |(_, literal)| literal));
    let first = literals.next().unwrap_or_default();
    let Some(rest) = uri.strip_prefix(first) else {
        return false;
    };
    let Some(last) = literals.next_back() else {
        return rest.is_empty();
    };
    let Some(middle) = rest.strip_suffix(last) else {
        return false;
    };
    literals
        .try_fold(middle, |rest, literal| rest.split_once(literal).map(|(_, after)| after))
        .is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::Cleared;

    fn item(key: &str, masked: bool) -> Item {
        Item {
            key: key.into(),
            masked: masked.then(String::new),
            definition: Cleared::constant("{}"),
        }
    }

    #[test]
    fn the_first_keeps_the_bare_uri_and_the_other_stays_reachable() {
        let (one, other) = (
            [item("a:x", false)],
            [item("a:x", false), item("a:y", false), item("a:y", false)],
        );
        let names = uris([("one", &one[..]), ("the other", &other[..])], &RandomState::new());
        let listed: Vec<&str> = names.listed().iter().map(|(uri, ..)| uri.as_str()).collect();
        assert_eq!(listed, ["a:x", "mcp-gateway://the%20other/a:x", "a:y"]);
        assert_eq!(within(listed[1], "the other"), Some("a:x"));
        assert_eq!(within(listed[1], "the"), None);
        assert!(is_qualified(listed[1]) && !is_qualified("a:x"));
    }

    #[test]
    fn a_masked_uri_gets_a_handle_that_stays_the_same() {
        let salt = RandomState::new();
        let items = [item("https://h/?key=1", true), item("https://h/?key=2", true)];
        let shown = || uris([("s", &items[..])], &salt);
        let names = shown();
        assert_eq!(names.listed(), shown().listed());
        let (handle, ..) = &names.listed()[1];
        assert!(handle.starts_with("mcp-gateway://s/masked-"), "{handle}");
        assert_eq!(names.get(handle), Some((0, 1)));
    }

    #[test]
    fn uris_are_told_to_be_of_a_template() {
        for (template, uri, of_it) in [
            ("file:///{path}", "file:///a/b", true),
            ("file:///{path}", "file://x", false),
            ("db://{table}/rows/{id}", "db://users/rows/7", true),
            ("db://{table}/rows/{id}", "db://users/7", false),
            ("w://{city}/now.json{?unit}", "w://oslo/now.json", true),
            ("w://{city}/now", "w://oslo/nowhere", false),
            ("a{b}ab", "aab", true),
            ("a{b}ab", "ab", false),
            ("plain:", "plain:", true),
            ("plain:", "plain:x", false),
            ("{+any}", "x", true),
        ] {
            assert_eq!(fits(template, uri), of_it, "{template} {uri}");
        }
    }
}
