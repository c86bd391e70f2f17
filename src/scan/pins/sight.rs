//! What a server is now, and how that differs from its pins.

use serde_json::Value;

use super::{canonical::digest, diff, lock::Kind};
use crate::{plugins::redactor, scan::definitions::Definitions};

/// One thing of a server, as it is now.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) pin: Kind,
    pub(super) name: String,
    /// What the lock says of it: a digest, or a version.
    pub(super) is: String,
    /// What it says, without secrets.
    pub(super) text: Value,
}

/// Everything of a server, as it is now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sight(pub(super) Vec<Seen>);

impl Sight {
    /// The launch command, without secrets, and the versions of packages, by their names.
    pub fn of_launch(command: &str, packages: &[(String, String)]) -> Self {
        let text = Value::from(command);
        let launch = Seen {
            pin: Kind::Launch,
            name: String::new(),
            is: digest(&text),
            text,
        };
        let packages = packages.iter().map(|(name, version)| Seen {
            pin: Kind::Package,
            name: name.clone(),
            is: version.clone(),
            text: Value::from(version.as_str()),
        });
        Self([launch].into_iter().chain(packages).collect())
    }

    /// What a server declares.
    pub fn of_definitions(definitions: &Definitions) -> Self {
        let named = |pin, item: &Value| Seen {
            pin,
            name: item["name"].as_str().unwrap_or_default().to_owned(),
            is: digest(item),
            text: masked(item),
        };
        let instructions = definitions.instructions.iter().map(|text| Seen {
            name: String::new(),
            ..named(Kind::Instructions, &Value::from(text.as_str()))
        });
        let tools = definitions.tools.iter().map(|tool| named(Kind::Tool, tool));
        let prompts = definitions.prompts.iter().map(|prompt| named(Kind::Prompt, prompt));
        Self(instructions.chain(tools).chain(prompts).collect())
    }

    /// Both together.
    pub fn with(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

/// A value in which secrets are masked: what is kept may be read by others.
fn masked(value: &Value) -> Value {
    let text = redactor().masked(&value.to_string()).into_owned();
    serde_json::from_str(&text).unwrap_or_else(|_| Value::from(text))
}

/// How something differs from its pin.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// It has no pin, and its server has others.
    New,
    /// It is another one; the old text, if it was seen on this machine.
    Changed(Option<Value>),
    /// It is not there any more.
    Gone,
}

/// Something that differs from its pin.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What it is.
    pub pin: Kind,
    /// Its name; empty for what a server has one of.
    pub name: String,
    /// How it differs.
    pub difference: Difference,
    /// What it says now; null if it is gone.
    pub now: Value,
}

impl Change {
    /// Its kind and its name.
    pub fn subject(&self) -> String {
        if self.name.is_empty() {
            self.pin.to_string()
        } else {
            format!("{} {}", self.pin, self.name)
        }
    }

    /// What differs, in one line that repeats nothing of the definition.
    pub fn headline(&self) -> String {
        match &self.difference {
            Difference::New => "it is new since its server was pinned".to_owned(),
            Difference::Gone => "it is gone; its pin stays".to_owned(),
            Difference::Changed(None) => "it changed; what it was is not kept on this machine".to_owned(),
            Difference::Changed(Some(old)) => diff::headline(&diff::diff(old, &self.now)),
        }
    }

    /// What differs, for people.
    pub fn diff(&self) -> String {
        let old = match &self.difference {
            Difference::Changed(Some(old)) => old,
            _ => &Value::Null,
        };
        diff::shown(&diff::diff(old, &self.now))
    }
}
