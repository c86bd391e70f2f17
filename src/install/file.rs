//! The file of a client: its entries, taken out and put in.

use serde_json::Value;

use super::{
    clients::{Client, Format},
    toml::TomlFile,
};
use crate::config::edit::{Document, EditError, Member, Style};

/// A client's file, whatever it is written in. Its entries are members of JSON objects.
pub(super) enum ClientFile {
    Json(Document, &'static [&'static str]),
    Toml(TomlFile),
}

impl ClientFile {
    /// Reads the text of a file; an empty one has no entries.
    pub(super) fn parse(client: &'static Client, text: &str) -> Result<Self, EditError> {
        Ok(match client.format {
            Format::Toml => Self::Toml(TomlFile::parse(text, client.place[0])?),
            Format::Json | Format::Yaml => Self::Json(Document::parse(text)?, client.place),
        })
    }

    /// Its entries, in their order.
    pub(super) fn entries(&self) -> Result<Vec<Member>, EditError> {
        let members = match self {
            Self::Json(document, place) => document.object(place)?.members().to_vec(),
            Self::Toml(file) => file.entries(),
        };
        let twice = members
            .iter()
            .enumerate()
            .find(|(at, member)| members[..*at].iter().any(|other| other.name == member.name));
        match twice {
            Some((_, member)) => Err(EditError::Twice(member.name.clone())),
            None => Ok(members),
        }
    }

    /// Takes these entries out and puts others in at the place of the first.
    pub(super) fn exchange(&mut self, out: &[&str], put: Vec<Member>) -> Result<(), EditError> {
        match self {
            Self::Toml(file) => file.exchange(out, &put),
            Self::Json(document, place) => document.change(place, |object, style, indent| {
                let first = object.members().iter().position(|member| out.contains(&&*member.name));
                let mut at = first.unwrap_or(object.members().len());
                for name in out {
                    object.take(name);
                }
                for member in put {
                    object.insert(at, member, style, indent);
                    at += 1;
                }
            }),
        }
    }

    /// The layout of what is put in.
    pub(super) fn style(&self) -> Style {
        match self {
            Self::Json(document, _) => document.style().clone(),
            Self::Toml(_) => Style::default(),
        }
    }

    /// Everything that it says.
    pub(super) fn value(&self) -> Value {
        match self {
            Self::Json(document, _) => document.value(),
            Self::Toml(_) => Value::Null,
        }
    }

    /// Its text as it is now.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Json(document, _) => document.text(),
            Self::Toml(file) => file.text(),
        }
    }
}
