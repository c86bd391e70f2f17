//! The client's subscriptions of 2026-07-28: news that it asked for by `subscriptions/listen`, each under the id of that
//! request.

use std::sync::{Mutex, MutexGuard};

use crate::{
    guard::Cleared,
    json,
    sync::lock,
    upstream::Offering,
    wire::{Frame, Id},
};

/// The notification that a resource has changed.
const UPDATED: &str = "notifications/resources/updated";

/// The member of a filter that asks for news of an offering's lists.
const LISTS: [(Offering, &str); Offering::ALL.len()] = [
    (Offering::Tools, "toolsListChanged"),
    (Offering::Prompts, "promptsListChanged"),
    (Offering::Resources, "resourcesListChanged"),
];

/// Which news a subscription is for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Lists that have changed.
    pub lists: Vec<Offering>,
    /// Resources that have changed.
    pub uris: Vec<String>,
}

impl Filter {
    /// The filter that a JSON object describes; what is unknown in it is left out.
    pub fn read(object: &str) -> Self {
        let members = json::members(object).unwrap_or_default();
        let wanted = |name: &str| members.raw(name) == Some("true");
        let uris = members
            .raw("resourceSubscriptions")
            .and_then(|raw| serde_json::from_str(raw).ok());
        Self {
            lists: LISTS
                .into_iter()
                .filter(|(_, name)| wanted(name))
                .map(|(list, _)| list)
                .collect(),
            uris: uris.unwrap_or_default(),
        }
    }

    /// The object that describes it.
    pub fn object(&self) -> serde_json::Value {
        let lists = LISTS.into_iter().filter(|(list, _)| self.lists.contains(list));
        let mut object: serde_json::Map<_, _> = lists.map(|(_, name)| (name.to_owned(), true.into())).collect();
        if !self.uris.is_empty() {
            object.insert("resourceSubscriptions".to_owned(), self.uris.clone().into());
        }
        object.into()
    }

    fn wants(&self, method: &str, params: &Cleared) -> bool {
        if method == UPDATED {
            let uri = json::members(params.text())
                .ok()
                .and_then(|members| members.string("uri"));
            // What changed may lie below what was subscribed to.
            return uri.is_some_and(|uri| self.uris.iter().any(|wanted| uri.starts_with(wanted.as_str())));
        }
        self.lists.iter().any(|list| list.changed() == method)
    }
}

/// The subscriptions that there are.
#[derive(Default)]
pub(super) struct Listeners(Mutex<Vec<(Id, Filter)>>);

impl Listeners {
    /// Adds the subscription that the request `id` asked for.
    pub(super) fn add(&self, id: Id, filter: Filter) {
        self.lock().push((id, filter));
    }

    /// Takes one away; what of its resources nobody else has subscribed to is returned.
    pub(super) fn remove(&self, id: &Id) -> Vec<String> {
        let mut all = self.lock();
        let Some(at) = all.iter().position(|(of, _)| of == id) else {
            return Vec::new();
        };
        let (_, gone) = all.remove(at);
        let others = |uri: &String| all.iter().any(|(_, filter)| filter.uris.contains(uri));
        gone.uris.into_iter().filter(|uri| !others(uri)).collect()
    }

    /// The frames that tell everyone of something who wants to know it.
    pub(super) fn frames(&self, method: &str, params: &Cleared) -> Vec<Frame> {
        let all = self.lock();
        let wanting = all.iter().filter(|(_, filter)| filter.wants(method, params));
        wanting.map(|(id, _)| Frame::subscribed(id, method, params)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Id, Filter)>> {
        lock(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_for_is_told() {
        let listeners = Listeners::default();
        let add = |id: &str, filter: &str| {
            let filter = Filter::read(filter);
            listeners.add(Id::new(id).expect("an id"), filter.clone());
            filter.object().to_string()
        };
        let echoed = add("1", r#"{"toolsListChanged":true,"promptsListChanged":false,"x":1}"#);
        assert_eq!(echoed, r#"{"toolsListChanged":true}"#);
        let echoed = add("\"b\"", r#"{"resourceSubscriptions":["a:x"]}"#);
        assert_eq!(echoed, r#"{"resourceSubscriptions":["a:x"]}"#);
        add("3", r#"{"resourceSubscriptions":["a:x","a:y"]}"#);
        let told = |method: &str, params: &'static str| listeners.frames(method, &Cleared::constant(params)).len();
        assert_eq!(told("notifications/tools/list_changed", "{}"), 1);
        assert_eq!(told("notifications/prompts/list_changed", "{}"), 0);
        assert_eq!(told(UPDATED, r#"{"uri":"a:x/below"}"#), 2);
        assert_eq!(listeners.remove(&Id::new("3").expect("an id")), ["a:y"]);
        assert_eq!(told(UPDATED, r#"{"uri":"a:y"}"#), 0);
    }
}
