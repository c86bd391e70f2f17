//! One `tools/call`, from the client's parameters to its answer.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    GET_METADATA, Gateway, Offer, RUN_TOOL,
    relay::{ClientSide, ProgressRelay},
};
use crate::{
    config::nearest,
    guard::{Cleared, Refusal},
    json::{self, Members},
    message::{Direction, Envelope, Kind, Payload},
    upstream::{Failure, Progress, Server, Session, Tool},
    wire::code,
};

/// The answer to a request: its `result`, or else its `error` object.
pub type Asked = Result<Cleared, Cleared>;

/// Names that are listed in an error, at most.
const LISTED: usize = 30;

/// The tool that a call is for, and what it is given.
struct Target<'a> {
    server: &'a Arc<Server>,
    tool: &'a str,
    /// As the client wrote them; `None` where it gave none.
    arguments: Option<String>,
    /// The `_meta` of the request.
    meta: Option<&'a str>,
}

impl Gateway {
    /// Answers a `tools/call`.
    ///
    /// # Errors
    /// An `error` object, where the server gave one or the request names no tool.
    pub async fn call_tool(&self, params: &Payload, client: Option<&ClientSide>) -> Asked {
        let members = match json::members(params.text()) {
            Ok(members) => members,
            Err(fault) => {
                return Err(self
                    .invalid(format!("the parameters of `tools/call` can't be read: {fault}"))
                    .await);
            }
        };
        let Some(name) = members.string("name") else {
            return Err(self.invalid("`tools/call` needs a `name`".to_owned()).await);
        };
        let arguments = members.raw("arguments").filter(|raw| *raw != "null");
        let meta = members.raw("_meta").filter(|raw| raw.starts_with('{'));
        match name.as_str() {
            GET_METADATA => Ok(self.metadata(arguments.unwrap_or("{}")).await),
            RUN_TOOL if self.offer != Offer::Direct => self.run_tool(arguments.unwrap_or("{}"), meta, client).await,
            _ => self.call_by_name(&name, arguments, meta, client).await,
        }
    }

    async fn run_tool(&self, arguments: &str, meta: Option<&str>, client: Option<&ClientSide>) -> Asked {
        let members = match json::members(arguments) {
            Ok(members) => members,
            Err(fault) => {
                return Ok(self
                    .failed(format!("The arguments of `run_tool` can't be read: {fault}."))
                    .await);
            }
        };
        let (Some(server_name), Some(tool)) = (members.string("server_name"), members.string("tool_name")) else {
            let example = r#"{"server_name": "files", "tool_name": "read_file", "arguments": {"path": "notes.txt"}}"#;
            return Ok(self
                .failed(format!(
                    "`run_tool` needs `server_name` and `tool_name`, like this: {example}"
                ))
                .await);
        };
        let Some(server) = self.fleet.get(&server_name) else {
            let names = self.fleet.servers().iter().map(|server| &*server.name);
            return Ok(self
                .failed(format!(
                    "There is no server `{server_name}`. {}",
                    near(&server_name, names, "Servers")
                ))
                .await);
        };
        let arguments = inner_arguments(&members);
        self.call(
            Target {
                server,
                tool: &tool,
                arguments,
                meta,
            },
            client,
        )
        .await
    }

    async fn call_by_name(
        &self,
        name: &str,
        arguments: Option<&str>,
        meta: Option<&str>,
        client: Option<&ClientSide>,
    ) -> Asked {
        let mut directory = self.directory();
        if directory.names.get(name).is_none() && self.offer != Offer::Meta {
            // It may belong to a server that is still starting.
            for server in self.fleet.servers() {
                if name.starts_with(&super::names::prefix(&server.name, server.config.prefix.as_deref())) {
                    // Whether it can be called is said below.
                    let _ = server.ready().await;
                }
            }
            directory = self.directory();
        }
        match directory.names.get(name).filter(|_| self.offer != Offer::Meta) {
            Some((server, tool)) => {
                let (server, catalog) = &directory.servers[server];
                let arguments = arguments.map(str::to_owned);
                self.call(
                    Target {
                        server,
                        tool: &catalog.tools[tool].name,
                        arguments,
                        meta,
                    },
                    client,
                )
                .await
            }
            None => {
                let own = [GET_METADATA, RUN_TOOL];
                let names = directory.tools().map(|(name, _)| name).chain(own);
                Err(self
                    .invalid(format!("unknown tool `{name}`. {}", near(name, names, "Tools")))
                    .await)
            }
        }
    }

    async fn call(&self, target: Target<'_>, client: Option<&ClientSide>) -> Asked {
        let ready = match target.server.ready().await {
            Ok(ready) => ready,
            Err(unavailable) => {
                return Ok(self
                    .failed(format!("Could not call `{}`: {unavailable}.", target.tool))
                    .await);
            }
        };
        let Some(tool) = ready.catalog.tools.iter().find(|tool| tool.name == target.tool) else {
            let names = ready.catalog.tools.iter().map(|tool| tool.name.as_str());
            let near = near(target.tool, names, "Tools");
            let message = format!(
                "The server `{}` has no tool `{}`. {near}",
                target.server.name, target.tool
            );
            return Ok(self.failed(message).await);
        };
        if let Some(missing) = missing(tool, target.arguments.as_deref()) {
            return Ok(self.failed(missing).await);
        }
        let envelope = Envelope {
            server: target.server.name.clone(),
            method: "tools/call".into(),
            name: tool.name.as_str().into(),
            kind: Kind::Arguments,
            direction: Direction::ToServer,
        };
        let number = ready.session.number();
        let params = match self
            .chain
            .clear(&envelope, Payload::from(params(&target, number)))
            .await
        {
            Ok(params) => params,
            Err(refusal) => return Ok(self.refused(&refusal).await),
        };
        let progress = client.and_then(|client| {
            let token = progress_token(target.meta?)?;
            Some(Arc::new(ProgressRelay::new(client, &self.chain, &envelope, token)) as Arc<dyn Progress>)
        });
        self.exchange(&target, &ready.session, number, &envelope, &params, progress)
            .await
    }

    async fn exchange(
        &self,
        target: &Target<'_>,
        session: &Session,
        number: u64,
        envelope: &Envelope,
        params: &Cleared,
        progress: Option<Arc<dyn Progress>>,
    ) -> Asked {
        let patience = target.server.config.call_timeout;
        let answer = match session.request(number, "tools/call", params, patience, progress).await {
            Ok(answer) => answer,
            Err(failure) => return Ok(self.failed(explain(target, &failure)).await),
        };
        if answer.as_ref().is_ok_and(|result| !result.text().starts_with('{')) {
            let message = format!(
                "The server `{}` answered `{}` with something that is no result.",
                target.server.name, target.tool
            );
            return Ok(self.failed(message).await);
        }
        let (kind, payload) = match answer {
            Ok(result) => (Kind::Result, result),
            Err(error) => (Kind::Error, error),
        };
        let cleared = match self
            .chain
            .clear(&envelope.with(kind, Direction::ToClient), payload)
            .await
        {
            Ok(cleared) => cleared,
            Err(refusal) => return Ok(self.refused(&refusal).await),
        };
        let (length, limit) = (cleared.bytes().len(), self.limits.response);
        if length > limit {
            return Ok(self.failed(too_long(target, length, limit)).await);
        }
        if kind == Kind::Result {
            Ok(cleared)
        } else {
            Err(cleared)
        }
    }

    /// A tool result that says what went wrong, so that the model can read it.
    pub(super) async fn failed(&self, message: String) -> Cleared {
        let result = json!({"content": [{"type": "text", "text": message}], "isError": true});
        self.own_words("tools/call", Kind::Result, result).await
    }

    async fn refused(&self, refusal: &Refusal) -> Cleared {
        let refusal = refusal.to_string();
        let mut letters = refusal.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase()).into_iter();
        self.failed(first.chain(letters).chain(['.']).collect()).await
    }

    async fn invalid(&self, message: String) -> Cleared {
        self.own_words(
            "tools/call",
            Kind::Error,
            json!({"code": code::INVALID_PARAMS, "message": message}),
        )
        .await
    }
}

/// The `arguments` inside those of `run_tool`. Some models write the object as a string; it is taken for what it means.
fn inner_arguments(members: &Members<'_>) -> Option<String> {
    let raw = members.raw("arguments").filter(|raw| *raw != "null")?;
    if raw.starts_with('"') {
        let inner = serde_json::from_str::<String>(raw).ok()?;
        if inner.trim_start().starts_with('{') && json::validate(&inner).is_ok() {
            return Some(inner);
        }
    }
    Some(raw.to_owned())
}

/// The parameters of the request to the server: the tool's own name, the arguments as they came, and the client's
/// `_meta` with the progress token that this gateway gave.
fn params(target: &Target<'_>, number: u64) -> String {
    let name = json::quote(target.tool);
    let mut params = format!(r#"{{"name":{name}"#);
    if let Some(arguments) = &target.arguments {
        params.reserve(arguments.len() + 32);
        params.push_str(r#","arguments":"#);
        params.push_str(arguments);
    }
    if let Some(meta) = target.meta {
        let token = json::members(meta)
            .ok()
            .and_then(|members| members.span("progressToken"));
        let edits: Vec<json::Edit> = token
            .map(|span| json::Edit {
                span,
                with: number.to_string(),
            })
            .into_iter()
            .collect();
        params.push_str(r#","_meta":"#);
        params.push_str(&json::splice(meta, &edits));
    }
    params.push('}');
    params
}

/// The client's progress token as written, if the request has one.
fn progress_token(meta: &str) -> Option<String> {
    let token = json::members(meta).ok()?.raw("progressToken")?.to_owned();
    (json::validate(&token).is_ok() && !token.starts_with(['{', '[', 'n', 't', 'f'])).then_some(token)
}

/// What to say if a required argument is missing. Whether the others are right is the server's to judge.
fn missing(tool: &Tool, arguments: Option<&str>) -> Option<String> {
    if tool.required.is_empty() {
        return None;
    }
    let given = json::members(arguments.unwrap_or("{}")).ok()?;
    let missing: Vec<String> = tool
        .required
        .iter()
        .filter(|name| given.raw(name).is_none())
        .map(|name| format!("`{name}`"))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let definition: Value = serde_json::from_str(tool.definition.text()).unwrap_or_default();
    let (are, s) = if missing.len() == 1 { ("is", "") } else { ("are", "s") };
    Some(format!(
        "`{}` was not called: its required argument{s} {} {are} missing. Its schema: {}",
        tool.name,
        missing.join(", "),
        definition["inputSchema"]
    ))
}

fn explain(target: &Target<'_>, failure: &Failure) -> String {
    let (tool, server) = (target.tool, &target.server.name);
    let mend = match failure {
        Failure::TimedOut(_) => {
            "The call was cancelled there. Ask for less at once, or give the server a longer `timeout` in the configuration."
        }
        Failure::Gone(_) => "The call may have taken effect or not; it was not repeated. The server is started again.",
        Failure::TooLong { .. } => "Ask for less at once.",
    };
    format!("The server `{server}` gave no answer to `{tool}`: {failure}. {mend}")
}

fn too_long(target: &Target<'_>, length: usize, limit: usize) -> String {
    format!(
        "The result of `{}` is {length} bytes long, and a message to the client may hold {limit}; so it was left out. Ask for less: a part, a page, \
         a filter, or a limit, if the tool has such arguments. The limit is `--max-response`.",
        target.tool
    )
}

/// The nearest name, or all of them.
pub(super) fn near<'n>(name: &str, names: impl Iterator<Item = &'n str>, word: &str) -> String {
    let names: Vec<&str> = names.collect();
    if let Some(near) = nearest(name, names.iter().copied()) {
        return format!("Did you mean `{near}`?");
    }
    match names.len() {
        0 => "There is none; `get_metadata` says why.".to_owned(),
        1..=LISTED => format!("{word}: {}.", names.join(", ")),
        _ => "`get_metadata` lists them all.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_progress_token_is_a_string_or_a_number() {
        assert_eq!(progress_token(r#"{"progressToken":"a"}"#).as_deref(), Some(r#""a""#));
        assert_eq!(progress_token(r#"{"progressToken":1.0}"#).as_deref(), Some("1.0"));
        assert_eq!(progress_token(r#"{"progressToken":null}"#), None);
        assert_eq!(progress_token("{}"), None);
    }

    #[test]
    fn arguments_written_as_a_string_are_taken_for_what_they_mean() {
        let inner = |text: &str| inner_arguments(&json::members(text).unwrap());
        assert_eq!(inner(r#"{"arguments":"{\"a\":1.0}"}"#).as_deref(), Some(r#"{"a":1.0}"#));
        assert_eq!(inner(r#"{"arguments":"x"}"#).as_deref(), Some(r#""x""#));
        assert_eq!(inner(r#"{"arguments":{"a": 1}}"#).as_deref(), Some(r#"{"a": 1}"#));
        assert_eq!(inner(r#"{"arguments":null}"#), None);
    }

    #[test]
    fn one_slip_is_suggested_and_a_stranger_gets_the_list() {
        assert_eq!(
            near("read_fil", ["read_file", "write_file"].into_iter(), "Tools"),
            "Did you mean `read_file`?"
        );
        assert_eq!(
            near("weather", ["read_file", "write_file"].into_iter(), "Tools"),
            "Tools: read_file, write_file."
        );
    }
}
