//! Settings of plugins, from the gateway's entry and from `--set`.

use std::collections::HashMap;
use std::fmt;

use serde_json::{Map, Value};

use super::problem::{Origin, Problem};
use super::source::Node;
use super::values::Reader;
use crate::json::pointer_token;
use crate::text::{did_you_mean, quoted};

/// The settings of one plugin.
#[derive(Clone, PartialEq)]
pub struct PluginSettings {
    /// The plugin, as it was written until [`Settings::layered`] gave it its own name.
    pub name: String,
    /// The settings.
    pub values: Map<String, Value>,
    /// Where each of them was written, by JSON pointer into `values`; `""` is the plugin itself.
    places: HashMap<String, Place>,
}

#[derive(Clone, PartialEq)]
struct Place {
    origin: Origin,
    pointer: String,
}

impl PluginSettings {
    /// None at all, of a plugin that is enabled.
    pub fn unwritten(name: &str) -> Self {
        let origin = Origin::Option {
            option: format!("-p {name}"),
        };
        let pointer = String::new();
        Self {
            name: name.to_owned(),
            values: Map::new(),
            places: HashMap::from([(String::new(), Place { origin, pointer })]),
        }
    }

    /// A problem with the setting at `pointer`, a JSON pointer into `values`. One that has no place of its own is shown
    /// at what holds it.
    pub fn problem(&self, pointer: &str, what: impl Into<String>, mend: impl Into<String>) -> Problem {
        let place = self.place(pointer);
        Problem {
            origin: place.origin,
            pointer: place.pointer,
            server: None,
            what: what.into(),
            mend: mend.into(),
        }
    }

    /// Where the setting at `pointer` was written.
    pub fn origin(&self, pointer: &str) -> Origin {
        self.place(pointer).origin
    }

    fn place(&self, pointer: &str) -> Place {
        let mut holder = pointer;
        loop {
            match (self.places.get(holder), holder.rsplit_once('/')) {
                (Some(place), _) => return place.clone(),
                (None, Some((outer, _))) => holder = outer,
                (None, None) => return Place::of_option(&self.name),
            }
        }
    }

    fn merge(&mut self, over: Self) {
        merge(&mut self.values, over.values);
        self.places.extend(over.places);
    }
}

/// Names only: a setting may be a key of an API.
impl fmt::Debug for PluginSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PluginSettings")
            .field("name", &self.name)
            .field("keys", &self.values.keys())
            .finish()
    }
}

impl Place {
    fn of_option(key: &str) -> Self {
        Self {
            origin: Origin::Option {
                option: format!("--set {key}"),
            },
            pointer: String::new(),
        }
    }
}

/// The settings of all plugins, in the order in which they were written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings(pub Vec<PluginSettings>);

impl Settings {
    /// Lays the layers over each other under the plugins' own names: a later one wins, objects are merged.
    ///
    /// `canonical` gives the own name of a plugin for any name it goes by; `known` are the own names, for the hint where
    /// there is none.
    ///
    /// # Errors
    /// Every name that is unknown.
    pub fn layered(
        layers: impl IntoIterator<Item = Self>,
        canonical: impl Fn(&str) -> Option<&'static str>,
        known: &[&str],
    ) -> Result<Self, Vec<Problem>> {
        let (mut merged, mut problems) = (Self::default(), Vec::new());
        for mut plugin in layers.into_iter().flat_map(|layer| layer.0) {
            let Some(name) = canonical(&plugin.name) else {
                let hint = did_you_mean(&plugin.name, known.iter().copied());
                let what = format!("{} is no plugin{hint}", quoted(&plugin.name));
                problems.push(plugin.problem("", what, format!("the plugins are {}", known.join(", "))));
                continue;
            };
            plugin.name = name.to_owned();
            match merged.0.iter_mut().find(|other| other.name == name) {
                Some(other) => other.merge(plugin),
                None => merged.0.push(plugin),
            }
        }
        if problems.is_empty() { Ok(merged) } else { Err(problems) }
    }

    /// The settings of the plugin with this name.
    pub fn get(&self, plugin: &str) -> Option<&PluginSettings> {
        self.0.iter().find(|settings| settings.name == plugin)
    }
}

/// Reads `PLUGIN.KEY=VALUE` as `--set` takes it. A value is JSON, or else a string, unless it begins like JSON; further
/// dots in the key lead into objects.
///
/// # Errors
/// Every argument that is not of this form; what is behind its `=` is not repeated.
pub fn settings(sets: &[String]) -> Result<Settings, Vec<Problem>> {
    let (mut settings, mut problems) = (Settings::default(), Vec::new());
    for set in sets {
        match setting(set) {
            Ok(plugin) => settings.0.push(plugin),
            Err(what) => problems.push(Problem {
                origin: Place::of_option(set.split('=').next().unwrap_or_default()).origin,
                pointer: String::new(),
                server: None,
                what,
                mend: "write it like `--set basic.sensitivity=high`, or `--set 'basic.allow=[\"one\", \"two\"]'`"
                    .into(),
            }),
        }
    }
    if problems.is_empty() {
        Ok(settings)
    } else {
        Err(problems)
    }
}

fn setting(set: &str) -> Result<PluginSettings, String> {
    let form = || "this is not of the form PLUGIN.KEY=VALUE".to_owned();
    let (key, value) = set.split_once('=').ok_or_else(form)?;
    let place = Place::of_option(key);
    let mut segments = key.split('.');
    let name = segments
        .next()
        .filter(|name| !name.trim().is_empty())
        .ok_or_else(form)?;
    let segments: Vec<&str> = segments.collect();
    if segments.is_empty() || segments.iter().any(|segment| segment.trim().is_empty()) {
        return Err(form());
    }
    let mut places = HashMap::from([(String::new(), place.clone())]);
    let mut pointer = String::new();
    for segment in &segments {
        pointer = format!("{pointer}/{}", pointer_token(segment));
        places.insert(pointer.clone(), place.clone());
    }
    let value = match serde_json::from_str(value) {
        Ok(value) => value,
        Err(error) if value.starts_with(['[', '{', '"']) => {
            return Err(format!("its value begins like JSON and is none: {error}"));
        }
        Err(_) => Value::from(value),
    };
    let nested = |inner, key: &&str| Value::Object(Map::from_iter([((*key).to_owned(), inner)]));
    let Value::Object(values) = segments.iter().rev().fold(value, nested) else {
        return Err(form());
    };
    Ok(PluginSettings {
        name: name.to_owned(),
        values,
        places,
    })
}

fn merge(base: &mut Map<String, Value>, over: Map<String, Value>) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(Value::Object(base)), Value::Object(over)) => merge(base, over),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

impl Reader<'_, '_> {
    /// The settings under `plugins` of the gateway's entry.
    pub(super) fn plugins(&mut self, node: &Node<'_>) -> Settings {
        let Some(members) = self.report.members(node) else {
            self.report.wrong_kind(node, "an object", r#"{"basic": {}}"#);
            return Settings::default();
        };
        Settings(members.iter().map(|(name, node)| self.plugin(name, node)).collect())
    }

    /// The settings in one object.
    pub(super) fn plugin(&mut self, name: &str, node: &Node<'_>) -> PluginSettings {
        let mut places = HashMap::new();
        let values = match self.json(node, node.pointer.len(), &mut places) {
            Some(Value::Object(values)) => values,
            Some(Value::Null) | None => Map::new(),
            Some(_) => {
                self.report
                    .wrong_kind(node, "an object of settings", r#"{"key": "value"}"#);
                Map::new()
            }
        };
        PluginSettings {
            name: name.to_owned(),
            values,
            places,
        }
    }

    /// Any value, with the variables of its strings replaced; notes the place of each, by the rest of its pointer behind
    /// `from`. `None` if a problem was reported.
    fn json(&mut self, node: &Node<'_>, from: usize, places: &mut HashMap<String, Place>) -> Option<Value> {
        let place = Place {
            origin: self.report.origin(node),
            pointer: node.pointer.clone(),
        };
        places.insert(node.pointer[from..].to_owned(), place);
        if let Some(items) = node.items() {
            return items.iter().map(|item| self.json(item, from, places)).collect();
        }
        if let Some(members) = self.report.members(node) {
            let member = |(key, node): &(&str, Node<'_>)| Some(((*key).to_owned(), self.json(node, from, places)?));
            return members
                .iter()
                .map(member)
                .collect::<Option<Map<_, _>>>()
                .map(Value::Object);
        }
        if let Some(number) = node.number() {
            let value = serde_json::from_str(number).ok();
            if value.is_none() {
                self.report
                    .fault(node, "is a number beyond all bounds", "write a smaller one");
            }
            return value;
        }
        match (node.flag(), node.text()) {
            (Some(flag), _) => Some(Value::Bool(flag)),
            (None, Some(text)) => self.expand(node, text).map(Value::String),
            (None, None) => Some(Value::Null),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn canonical(name: &str) -> Option<&'static str> {
        ["basic", "presidio"]
            .into_iter()
            .find(|own| own.eq_ignore_ascii_case(name))
    }

    fn parsed(sets: &[&str]) -> Result<Settings, Vec<Problem>> {
        settings(&sets.iter().map(|set| (*set).to_owned()).collect::<Vec<_>>())
    }

    fn layered(sets: &[&str]) -> Settings {
        Settings::layered([parsed(sets).expect("valid")], canonical, &["basic", "presidio"]).expect("known plugins")
    }

    #[test]
    fn a_value_is_json_or_else_a_string() {
        for (set, value) in [
            ("basic.a=1", json!(1)),
            ("basic.a=true", json!(true)),
            ("basic.a=[\"x\"]", json!(["x"])),
            ("basic.a=\"1\"", json!("1")),
            ("basic.a=plain text", json!("plain text")),
            ("basic.a=x=y", json!("x=y")),
            ("basic.a=", json!("")),
        ] {
            assert_eq!(
                layered(&[set]).get("basic").map(|basic| &basic.values["a"]),
                Some(&value),
                "{set}"
            );
        }
    }

    #[test]
    fn later_ones_win_and_objects_are_merged() {
        let settings = layered(&[
            "Basic.rules.a=1",
            "basic.rules.b=2",
            "BASIC.rules.a=3",
            "presidio.x=null",
        ]);
        assert_eq!(
            settings.get("basic").map(|basic| Value::Object(basic.values.clone())),
            Some(json!({"rules": {"a": 3, "b": 2}}))
        );
        assert_eq!(settings.0.len(), 2);
    }

    #[test]
    fn a_wrong_form_is_shown_without_its_value() {
        for set in [
            "basic=s3cret",
            "basic.=s3cret",
            ".key=s3cret",
            "basic..key=s3cret",
            "basic.key",
        ] {
            let problems = parsed(&[set]).expect_err("not of the form");
            assert!(problems[0].to_string().contains("PLUGIN.KEY=VALUE"), "{set}");
            assert!(!problems[0].to_string().contains("s3cret"), "{set}");
        }
    }

    #[test]
    fn an_unknown_plugin_gets_a_hint() {
        let layer = parsed(&["presido.score=1"]).expect("valid");
        let problems = Settings::layered([layer], canonical, &["basic", "presidio"]).expect_err("unknown");
        let line =
            "--set presido.score: `presido` is no plugin (did you mean `presidio`?); the plugins are basic, presidio";
        assert_eq!(problems[0].to_string(), line);
    }

    #[test]
    fn a_setting_is_blamed_where_it_was_written() {
        let settings = layered(&["basic.rules.a=1", "basic.mode=x"]);
        let basic = settings.get("basic").expect("there");
        assert_eq!(
            basic.problem("/rules/a/deeper", "x", "y").origin.to_string(),
            "--set basic.rules.a"
        );
        assert_eq!(basic.problem("/mode", "x", "y").origin.to_string(), "--set basic.mode");
    }
}
