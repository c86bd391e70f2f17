//! One `tools/call`, from the client's parameters to its answer.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    GET_METADATA, Gateway, Offer, RUN_TOOL,
    directory::prefix,
    exchange::{Exchanged, Outgoing},
    listing::Listing,
};
use crate::{
    guard::{Cleared, Followed},
    json::{self, Members},
    message::{Envelope, Kind},
    text::nearest,
    upstream::{Server, State, Tool, Unavailable, Withheld},
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
    /// Answers a `tools/call` with these parameters.
    ///
    /// # Errors
    /// An `error` object, where the server gave one or the request names no tool.
    pub(super) async fn call_tool(&self, params: &Members<'_>) -> Asked {
        let Some(name) = params.string("name") else {
            return Err(self
                .invalid("tools/call", "`tools/call` needs a `name`".to_owned())
                .await);
        };
        let arguments = params.raw("arguments").filter(|raw| *raw != "null");
        let meta = params.raw("_meta").filter(|raw| raw.starts_with('{'));
        match name.as_str() {
            GET_METADATA => Ok(self.metadata(arguments.unwrap_or("{}")).await),
            RUN_TOOL if self.offer != Offer::Direct => self.run_tool(arguments.unwrap_or("{}"), meta).await,
            _ => self.call_by_name(&name, arguments, meta).await,
        }
    }

    async fn run_tool(&self, arguments: &str, meta: Option<&str>) -> Asked {
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
            return Ok(self.failed(self.no_server(&server_name)).await);
        };
        let arguments = inner_arguments(&members);
        self.call(Target {
            server: &server,
            tool: &tool,
            arguments,
            meta,
        })
        .await
    }

    async fn call_by_name(&self, name: &str, arguments: Option<&str>, meta: Option<&str>) -> Asked {
        if self.offer != Offer::Meta {
            self.wait_for_owners(name, |directory| directory.tool(name).is_some())
                .await;
        }
        let directory = self.directory();
        match directory.tool(name).filter(|_| self.offer != Offer::Meta) {
            Some((server, tool)) => {
                self.call(Target {
                    server,
                    tool: &tool.name,
                    arguments: arguments.map(str::to_owned),
                    meta,
                })
                .await
            }
            None => {
                if let Some(Withheld { name, why }) = self.withheld_as(name).filter(|_| self.offer != Offer::Meta) {
                    return Ok(self.failed(withheld(&name, &why)).await);
                }
                if let Some(why) = self.owner_is_off(name) {
                    return Ok(self.failed(format!("Could not call `{name}`: {why}.")).await);
                }
                let own = [GET_METADATA, RUN_TOOL];
                let names = directory.names(Listing::Tools).listed().iter();
                let names = names.map(|(name, ..)| name.as_str()).chain(own);
                Err(self
                    .invalid(
                        "tools/call",
                        format!("unknown tool `{name}`. {}", near(name, names, "Tools")),
                    )
                    .await)
            }
        }
    }

    async fn call(&self, target: Target<'_>) -> Asked {
        let envelope = Envelope::request(&target.server.name, "tools/call", target.tool);
        let mut call = self.chain.follow(&envelope);
        let answer = self.called(target, envelope, &mut call).await;
        call.end(answer.as_ref());
        answer
    }

    async fn called(&self, target: Target<'_>, envelope: Envelope, call: &mut Followed) -> Asked {
        let ready = match call.waiting(target.server.ready()).await {
            Ok(ready) => ready,
            Err(unavailable) => {
                return Ok(self
                    .failed(format!("Could not call `{}`: {unavailable}.", target.tool))
                    .await);
            }
        };
        let Some(tool) = ready.catalog.tools.iter().find(|tool| tool.name == target.tool) else {
            if let Some(Withheld { why, .. }) = ready.catalog.withheld.iter().find(|other| other.name == target.tool) {
                return Ok(self.failed(withheld(target.tool, why)).await);
            }
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
        let outgoing = Outgoing {
            server: target.server,
            session: &ready.session,
            envelope: Envelope {
                hints: tool.hints,
                schema: tool.schema.clone(),
                output: tool.output.clone(),
                ..envelope
            },
            params: params(&target),
            uri: None,
        };
        match self.exchange(outgoing, call).await {
            Ok(Exchanged {
                answer: Ok(result),
                sent,
            }) => Ok(self.noted(result, &sent, tool.output.is_some()).await),
            Ok(Exchanged { answer: Err(error), .. }) => Err(error),
            Err(trouble) => Ok(self.failed(trouble.explain(&target.server.name, target.tool)).await),
        }
    }

    /// Why the server whose prefix a name begins with is off, if it is.
    fn owner_is_off(&self, name: &str) -> Option<String> {
        self.fleet.servers().iter().find_map(|server| match server.state() {
            State::Off(why) => {
                let prefix = prefix(server);
                let is_its = !prefix.is_empty() && name.starts_with(&prefix);
                is_its.then(|| Unavailable::Off(server.name.clone(), why).to_string())
            }
            _ => None,
        })
    }

    /// The tool that would be offered under this name if it were not withheld.
    fn withheld_as(&self, name: &str) -> Option<Withheld> {
        self.fleet.servers().iter().find_map(|server| {
            let own = name.strip_prefix(&prefix(server))?;
            let catalog = server.catalog()?;
            catalog.withheld.iter().find(|tool| tool.name == own).cloned()
        })
    }

    /// A tool result that says what went wrong, so that the model can read it.
    pub(super) async fn failed(&self, message: String) -> Cleared {
        let result = json!({"content": [{"type": "text", "text": message}], "isError": true});
        self.own_words("tools/call", Kind::Result, result).await
    }

    /// The error that answers parameters which don't fit the method.
    pub(super) async fn invalid(&self, method: &str, message: String) -> Cleared {
        self.own_words(
            method,
            Kind::Error,
            json!({"code": code::INVALID_PARAMS, "message": message}),
        )
        .await
    }
}

/// What whoever calls a tool that is withheld is told.
pub(super) fn withheld(tool: &str, why: &str) -> String {
    format!("`{tool}` was not called: {why}.")
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

/// The parameters of the request to the server: the tool's own name, the arguments as they came, the client's `_meta`. A
/// `task` is left out: who does not declare tasks answers as if there was none (MCP 2025-11-25, tasks).
fn params(target: &Target<'_>) -> String {
    let members = [("arguments", target.arguments.as_deref()), ("_meta", target.meta)];
    let length = members.iter().filter_map(|(_, raw)| *raw).map(str::len).sum::<usize>();
    let mut params = String::with_capacity(length + target.tool.len() + 64);
    params.push_str(r#"{"name":"#);
    params.push_str(&json::quote(target.tool));
    for (name, raw) in members {
        if let Some(raw) = raw {
            params.extend([",\"", name, "\":", raw]);
        }
    }
    params.push('}');
    params
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
