//! One judge outside the gateway, as its settings describe it.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use reqwest::{
    Client, Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    super::{BuildError, http_service, masking::take, terms::Terms},
    LONGEST, SPEC,
    companion::Companion,
    question::{Answer, answer, question},
};
use crate::{
    config::typed,
    message::{Envelope, Kind, Payload},
    plugins::http_service::HttpService,
    process::Command,
    text::{did_you_mean, quoted},
};

/// Settings of a judge that is a program.
pub(super) const OF_PROGRAM: [&str; 4] = ["command", "args", "env", "cwd"];
/// Settings of a judge that is a service.
const OF_SERVICE: [&str; 2] = ["url", "headers"];
/// The setting of both, beside their terms.
const KINDS: &str = "kinds";

/// The kinds of messages, by the words that settings use.
const ALL: [Kind; 8] = [
    Kind::Arguments,
    Kind::Result,
    Kind::Error,
    Kind::Definition,
    Kind::Instructions,
    Kind::Notification,
    Kind::Sampling,
    Kind::Elicitation,
];

/// One judge.
pub(super) struct Judge {
    pub(super) name: String,
    pub(super) terms: Terms,
    pub(super) kinds: Vec<Kind>,
    way: Way,
}

/// How it is asked.
enum Way {
    Program(Companion),
    Service(Box<Elsewhere>),
}

struct Elsewhere {
    service: HttpService,
    url: Url,
    headers: HeaderMap,
    next: AtomicU64,
}

/// The settings that say what is started.
#[derive(Deserialize)]
pub(super) struct Program {
    pub(super) command: String,
    #[serde(default)]
    pub(super) args: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    cwd: Option<PathBuf>,
}

impl Judge {
    /// The judge that these settings describe.
    pub(super) fn new(name: &str, mut settings: Map<String, Value>) -> Result<Self, BuildError> {
        let known: Vec<&str> = OF_PROGRAM
            .into_iter()
            .chain(OF_SERVICE)
            .chain([KINDS])
            .chain(Terms::SETTINGS)
            .collect();
        if let Some(unknown) = settings.keys().find(|key| !known.contains(&key.as_str())) {
            let hint = did_you_mean(unknown, known.iter().copied());
            let known = known.join(", ");
            return Err(BuildError(format!(
                "{} is no setting of an external plugin{hint}; they are {known}",
                quoted(unknown)
            )));
        }
        let terms = Terms::take(&mut settings)?;
        let kinds = take(&mut settings, KINDS, "a list of kinds of messages")?;
        let kinds = kinds.map_or_else(|| Ok(default_kinds()), |words: Vec<String>| kinds_of(&words))?;
        let has = |names: &[&str]| names.iter().any(|name| settings.contains_key(*name));
        let way = match (has(&OF_PROGRAM), has(&OF_SERVICE)) {
            (true, false) => Way::Program(program(name, settings, terms)?),
            (false, true) => Way::Service(Box::new(Elsewhere::new(name, settings, terms)?)),
            _ => {
                return Err(BuildError(
                    "it needs either a `command` to start or the `url` of a service".to_owned(),
                ));
            }
        };
        Ok(Self {
            name: name.to_owned(),
            terms,
            kinds,
            way,
        })
    }

    /// What it says of a message.
    ///
    /// # Errors
    /// Why it said nothing that can be used.
    pub(super) async fn judge(&self, envelope: &Envelope, payload: &Payload) -> Result<Answer, String> {
        let what = format!("the external plugin {}", quoted(&self.name));
        let text = match &self.way {
            Way::Program(companion) => {
                let asked = companion.ask(|id| question(id, envelope, payload)).await;
                asked.map_err(|why| format!("{what} {why}"))?
            }
            Way::Service(elsewhere) => elsewhere.ask(envelope, payload).await?,
        };
        answer(&text, envelope.kind, payload).map_err(|why| format!("{what} answered with {why}"))
    }

    /// Ends what was started for it.
    pub(super) async fn end(&self) {
        if let Way::Program(companion) = &self.way {
            companion.end().await;
        }
    }
}

fn program(name: &str, settings: Map<String, Value>, terms: Terms) -> Result<Companion, BuildError> {
    let program: Program = read(settings)?;
    let command = Command {
        program: program.command,
        args: program.args,
        env: program.env.into_iter().collect(),
        cwd: program.cwd,
    };
    Ok(Companion::new(name, command, terms))
}

/// The settings that say what is started.
pub(super) fn read(settings: Map<String, Value>) -> Result<Program, BuildError> {
    typed(Value::Object(settings)).map_err(BuildError)
}

impl Elsewhere {
    fn new(name: &str, mut settings: Map<String, Value>, terms: Terms) -> Result<Self, BuildError> {
        let url: Option<String> = take(&mut settings, "url", "an address")?;
        let url = url.as_deref().and_then(http_service::address);
        let url = url.ok_or_else(|| BuildError("`url` has to be an http or https address".to_owned()))?;
        let given: Option<BTreeMap<String, String>> = take(&mut settings, "headers", "an object of texts")?;
        let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        for (header, value) in given.unwrap_or_default() {
            let amiss = || BuildError(format!("the header {} can't be sent", quoted(&header)));
            let mut value = HeaderValue::try_from(value).map_err(|_| amiss())?;
            value.set_sensitive(true);
            headers.insert(HeaderName::try_from(&header).map_err(|_| amiss())?, value);
        }
        let what = format!("the external plugin {}", quoted(name));
        let settings = format!("{}.{name}", SPEC.name);
        Ok(Self {
            service: HttpService::new(&what, &settings, &url, terms, LONGEST)?,
            url,
            headers,
            next: AtomicU64::new(1),
        })
    }

    async fn ask(&self, envelope: &Envelope, payload: &Payload) -> Result<String, String> {
        let body = Bytes::from(question(self.next.fetch_add(1, Ordering::Relaxed), envelope, payload));
        let post = |client: &Client| {
            let post = client.post(self.url.clone()).headers(self.headers.clone());
            post.body(body.clone())
        };
        let answered = self.service.judge(self.service.ask(post)).await;
        let answered = answered.map_err(|failure| self.service.explain(&failure))?;
        Ok(String::from_utf8_lossy(&answered).into_owned())
    }
}

/// Everything but notifications, which come by the thousand.
fn default_kinds() -> Vec<Kind> {
    ALL.into_iter().filter(|kind| *kind != Kind::Notification).collect()
}

fn kinds_of(words: &[String]) -> Result<Vec<Kind>, BuildError> {
    let all = ALL.map(Kind::word);
    let unknown = |word: &str| {
        let hint = did_you_mean(word, all);
        BuildError(format!(
            "{} is no kind of messages{hint}; they are {}",
            quoted(word),
            all.join(", ")
        ))
    };
    words
        .iter()
        .map(|word| {
            let kind = ALL.into_iter().find(|kind| kind.word() == word);
            kind.ok_or_else(|| unknown(word))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn amiss(settings: Value) -> String {
        let Value::Object(settings) = settings else {
            panic!("no object")
        };
        Judge::new("it", settings).err().expect("it is amiss").0
    }

    #[test]
    fn settings_that_can_not_be_meant_are_refused() {
        for (settings, says) in [
            (json!({}), "either a `command`"),
            (json!({"command": "x", "url": "http://h"}), "either a `command`"),
            (json!({"args": ["x"]}), "`command` is missing"),
            (json!({"command": ["x"]}), "`command`: it is a list, and has to be text"),
            (json!({"url": "h"}), "`url` has to be an http"),
            (json!({"headers": {}}), "`url` has to be an http"),
            (
                json!({"url": "http://h", "headers": {"a b": "s3cret"}}),
                "`a b` can't be sent",
            ),
            (json!({"comand": "x"}), "did you mean `command`?"),
            (json!({"command": "x", "kinds": ["results"]}), "did you mean `result`?"),
            (json!({"command": "x", "timeout": -1}), "`timeout`"),
        ] {
            let error = amiss(settings);
            assert!(error.contains(says) && !error.contains("s3cret"), "{says}: {error}");
        }
    }
}
