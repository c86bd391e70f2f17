//! The client's requests: how each method is routed, and those that are about a prompt or a resource.

use std::sync::Arc;

use serde_json::json;

use super::{
    Asked, Gateway,
    call::near,
    exchange::{Exchanged, Outgoing, Renamed},
    listing::Listing,
    uris,
};
use crate::{
    guard::{Cleared, Followed},
    json::{self, Members},
    message::{Envelope, Kind, Payload},
    upstream::{Item, Server, State},
    wire::code,
};

/// How a request finds its answer.
#[derive(Clone, Copy)]
enum Route {
    /// The gateway puts a list together.
    List(Listing),
    /// To the server of the tool.
    Tool,
    /// To the server of the prompt.
    Prompt,
    /// To the server of the resource.
    Resource,
    /// To the server of the prompt or of the resource template.
    Completion,
    /// To every server that logs, now and later.
    LogLevel,
}

/// Every method that a client may use, but for those of the connection itself.
const ROUTES: &[(&str, Route)] = &[
    ("tools/list", Route::List(Listing::Tools)),
    ("tools/call", Route::Tool),
    ("prompts/list", Route::List(Listing::Prompts)),
    ("prompts/get", Route::Prompt),
    ("resources/list", Route::List(Listing::Resources)),
    ("resources/templates/list", Route::List(Listing::Templates)),
    ("resources/read", Route::Resource),
    ("resources/subscribe", Route::Resource),
    ("resources/unsubscribe", Route::Resource),
    ("completion/complete", Route::Completion),
    ("logging/setLevel", Route::LogLevel),
];

/// A server that a request may be for, and what it calls the thing that the request is about.
struct Place {
    server: Arc<Server>,
    uri: Renamed,
}

impl Gateway {
    /// Answers a request of the client's.
    ///
    /// # Errors
    /// An `error` object, where the server gave one, or the method or its parameters are none that can be answered.
    pub async fn answer(&self, method: &str, params: &Payload) -> Asked {
        let Some((_, route)) = ROUTES.iter().find(|(name, _)| *name == method) else {
            let error = json!({"code": code::METHOD_NOT_FOUND, "message": format!("Method not found: {method}")});
            return Err(self.own_words(method, Kind::Error, error).await);
        };
        let members = match json::members(params.text()) {
            Ok(members) => members,
            Err(fault) => {
                let message = format!("the parameters of `{method}` can't be read: {fault}");
                return Err(self.invalid(method, message).await);
            }
        };
        match route {
            Route::List(listing) => self.list(method, *listing, params).await,
            Route::Tool => self.call_tool(&members).await,
            Route::Prompt => self.prompt(method, params, &members).await,
            Route::Resource => self.resource(method, params, &members).await,
            Route::Completion => self.completion(method, params, &members).await,
            Route::LogLevel => self.set_log_level(method, &members).await,
        }
    }

    async fn prompt(&self, method: &str, params: &Payload, members: &Members<'_>) -> Asked {
        let Some((span, name)) = members.span("name").zip(members.string("name")) else {
            return Err(self.invalid(method, format!("`{method}` needs a `name`")).await);
        };
        let (server, prompt) = self.owner_of_prompt(method, &name).await?;
        let params = with(params.text(), span, &prompt.key);
        self.relay(method, &server, prompt.known_as(), params, None).await
    }

    /// The server that has a prompt, and what it is there.
    async fn owner_of_prompt(&self, method: &str, name: &str) -> Result<(Arc<Server>, Item), Cleared> {
        self.wait_for_owners(name, |directory| directory.prompt(name).is_some())
            .await;
        let directory = self.directory();
        if let Some((server, prompt)) = directory.prompt(name) {
            return Ok((server.clone(), prompt.clone()));
        }
        let names = directory.names(Listing::Prompts).listed().iter();
        let near = near(name, names.map(|(name, ..)| name.as_str()), "Prompts");
        Err(self.invalid(method, format!("unknown prompt `{name}`. {near}")).await)
    }

    async fn resource(&self, method: &str, params: &Payload, members: &Members<'_>) -> Asked {
        let Some((span, uri)) = members.span("uri").zip(members.string("uri")) else {
            return Err(self.invalid(method, format!("`{method}` needs a `uri`")).await);
        };
        let mut first = None;
        // Who has a resource that nobody lists is found by asking; what answers first counts.
        for Place { server, uri } in self.places(&uri).await {
            // What was masked is put back when the chain has seen the rest.
            let (named, known_as) = match &uri.masked {
                Some(masked) => (&uri.shown, masked),
                None => (&uri.own, &uri.own),
            };
            let params = with(params.text(), span.clone(), named);
            let renamed = (uri.own != uri.shown).then(|| uri.clone());
            match self.relay(method, &server, known_as, params, renamed).await {
                Ok(result) => return Ok(result),
                Err(error) => drop(first.get_or_insert(error)),
            }
        }
        match first {
            Some(error) => Err(error),
            None => Err(self
                .invalid(method, format!("no server offers the resource `{uri}`"))
                .await),
        }
    }

    /// The servers that may have what is at this URI, the likeliest first.
    async fn places(&self, uri: &str) -> Vec<Place> {
        let mut directory = self.directory();
        let owner = directory.resource(uri).map(|(server, _)| server.name.clone());
        let servers = self.fleet.servers();
        let mut before = servers.iter().take_while(|server| Some(&server.name) != owner.as_ref());
        if before.any(|server| matches!(server.state(), State::Starting)) {
            // It may belong to a server that is still starting, and the first that has it counts.
            self.fleet.settled(super::LIST_PATIENCE).await;
            directory = self.directory();
        }
        let place = |server: &Arc<Server>, own: &str, masked: Option<&String>| Place {
            server: server.clone(),
            uri: Renamed {
                own: own.to_owned(),
                shown: uri.to_owned(),
                masked: masked.cloned(),
            },
        };
        if let Some((server, item)) = directory.resource(uri) {
            return vec![place(server, &item.key, item.masked.as_ref())];
        }
        if uris::is_qualified(uri) {
            let named = servers
                .iter()
                .filter_map(|server| Some(place(server, uris::within(uri, &server.name)?, None)));
            return named.collect();
        }
        let having = directory.servers.iter().filter(|(_, catalog)| catalog.has("resources"));
        let (fitting, others): (Vec<_>, Vec<_>) =
            having.partition(|(_, catalog)| catalog.templates.iter().any(|template| uris::fits(&template.key, uri)));
        let all = fitting.into_iter().chain(others);
        all.map(|(server, _)| place(server, uri, None)).collect()
    }

    async fn completion(&self, method: &str, params: &Payload, members: &Members<'_>) -> Asked {
        let reference = members.span("ref").and_then(|span| {
            let inner = json::members(&params.text()[span.clone()]).ok()?;
            let key = match inner.string("type")?.as_str() {
                "ref/prompt" => "name",
                "ref/resource" => "uri",
                _ => return None,
            };
            let value = inner.span(key)?;
            Some((
                key,
                span.start + value.start..span.start + value.end,
                inner.string(key)?,
            ))
        });
        let Some((key, span, of)) = reference else {
            let message =
                format!("`{method}` needs a `ref` of type `ref/prompt` with a `name`, or `ref/resource` with a `uri`");
            return Err(self.invalid(method, message).await);
        };
        let (server, own, known_as) = if key == "name" {
            let (server, prompt) = self.owner_of_prompt(method, &of).await?;
            let known_as = prompt.known_as().to_owned();
            (server, prompt.key, known_as)
        } else {
            match self.places(&of).await.into_iter().next() {
                Some(Place { server, uri }) => {
                    let known_as = uri.masked.unwrap_or_else(|| uri.own.clone());
                    (server, uri.own, known_as)
                }
                None => {
                    return Err(self
                        .invalid(method, format!("no server offers the resource `{of}`"))
                        .await);
                }
            }
        };
        let params = with(params.text(), span, &own);
        self.relay(method, &server, &known_as, params, None).await
    }

    /// Asks one server, and answers with an error where it gives no answer.
    async fn relay(
        &self,
        method: &str,
        server: &Arc<Server>,
        name: &str,
        params: String,
        uri: Option<Renamed>,
    ) -> Asked {
        let envelope = Envelope::request(&server.name, method, name);
        let mut call = self.chain.follow(&envelope);
        let answer = self.relayed(server, envelope, params, uri, &mut call).await;
        call.end(answer.as_ref());
        answer
    }

    async fn relayed(
        &self,
        server: &Arc<Server>,
        envelope: Envelope,
        params: String,
        uri: Option<Renamed>,
        call: &mut Followed,
    ) -> Asked {
        let (method, name) = (envelope.method.clone(), envelope.name.clone());
        let ready = match call.waiting(server.ready()).await {
            Ok(ready) => ready,
            Err(unavailable) => return Err(self.trouble(&method, unavailable.to_string()).await),
        };
        let outgoing = Outgoing {
            server,
            session: &ready.session,
            envelope,
            params,
            uri: uri.clone(),
        };
        match self.exchange(outgoing, call).await {
            Ok(Exchanged { answer, sent }) => {
                if answer.is_ok() {
                    self.standing.note(
                        server,
                        &method,
                        &uri.map_or_else(|| name.to_string(), |uri| uri.own),
                        &sent,
                    );
                }
                answer
            }
            Err(trouble) => Err(self.trouble(&method, trouble.explain(&server.name, &method)).await),
        }
    }

    async fn trouble(&self, method: &str, message: String) -> Cleared {
        let error = json!({"code": code::INTERNAL_ERROR, "message": message});
        self.own_words(method, Kind::Error, error).await
    }
}

/// The parameters with `text` as the string that stands at `span`.
fn with(params: &str, span: std::ops::Range<usize>, text: &str) -> String {
    let edit = json::Edit {
        span,
        with: json::quote(text),
    };
    json::splice(params, &[edit])
}
