//! A client's file in TOML, edited in place.

use serde_json::{Map, Value};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike};

use crate::config::edit::{EditError, Member, Style, value};

/// A TOML text whose table of entries is changed in place.
pub(super) struct TomlFile {
    document: DocumentMut,
    /// The key of the table that holds the entries.
    place: &'static str,
    mark: &'static str,
    has_crlf: bool,
    /// Whether its last line has no end.
    is_open: bool,
}

impl TomlFile {
    /// Reads a text; refuses one of which it could not keep every byte.
    pub(super) fn parse(text: &str, place: &'static str) -> Result<Self, EditError> {
        let (mark, rest) = text
            .strip_prefix('\u{feff}')
            .map_or(("", text), |rest| ("\u{feff}", rest));
        let has_crlf = rest.contains("\r\n");
        let document = rest.replace("\r\n", "\n").parse::<DocumentMut>().map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = rest.get(..at).unwrap_or_default().matches('\n').count() + 1;
            EditError::Syntax(format!("it is not TOML in line {line}"))
        })?;
        let file = Self {
            document,
            place,
            mark,
            has_crlf,
            is_open: !text.is_empty() && !text.ends_with('\n'),
        };
        if file.text() != text {
            return Err(EditError::Syntax(
                "its lines end in different ways: save it with one kind of line end".into(),
            ));
        }
        match file.document.get(place) {
            Some(item) if item.as_table_like().is_none() => Err(EditError::NoObject(place.to_owned())),
            _ => Ok(file),
        }
    }

    pub(super) fn entries(&self) -> Vec<Member> {
        let table = self.document.get(self.place).and_then(Item::as_table_like);
        let entries = table.into_iter().flat_map(|table| table.iter());
        entries
            .map(|(name, item)| Member::new(name, &Style::default().source(&json(item))))
            .collect()
    }

    /// Takes these entries out and puts others in; one that stays under its name keeps what it says beside.
    pub(super) fn exchange(&mut self, out: &[&str], put: &[Member]) -> Result<(), EditError> {
        if self.document.get(self.place).is_none() {
            let mut table = Table::new();
            table.set_implicit(true);
            self.document.insert(self.place, Item::Table(table));
        }
        let not_there = || EditError::NoObject(self.place.to_owned());
        let table = self
            .document
            .get_mut(self.place)
            .and_then(Item::as_table_like_mut)
            .ok_or_else(not_there)?;
        for name in out
            .iter()
            .filter(|name| !put.iter().any(|member| member.name == **name))
        {
            table.remove(name);
        }
        for member in put {
            let Value::Object(wanted) = value(&member.value())? else {
                return Err(EditError::NoObject(member.name.clone()));
            };
            if table.get(&member.name).and_then(Item::as_table_like).is_none() {
                table.insert(&member.name, Item::Table(Table::new()));
            }
            if let Some(entry) = table.get_mut(&member.name).and_then(Item::as_table_like_mut) {
                fill(entry, &wanted);
            }
        }
        Ok(())
    }

    pub(super) fn text(&self) -> String {
        let mut text = self.document.to_string();
        if self.is_open && text.ends_with('\n') {
            text.pop();
        }
        let text = if self.has_crlf {
            text.replace('\n', "\r\n")
        } else {
            text
        };
        format!("{}{text}", self.mark)
    }
}

/// Makes the entry say what is wanted; what it says already stays as it is written.
fn fill(entry: &mut dyn TableLike, wanted: &Map<String, Value>) {
    let extra: Vec<String> = entry
        .iter()
        .map(|(key, _)| key.to_owned())
        .filter(|key| !wanted.contains_key(key))
        .collect();
    for key in extra {
        entry.remove(&key);
    }
    for (key, value) in wanted {
        let is_same = entry.get(key).is_some_and(|item| json(item) == *value);
        if let Some(value) = toml(value).filter(|_| !is_same) {
            entry.insert(key, Item::Value(value));
        }
    }
}

fn json(item: &Item) -> Value {
    if let Some(table) = item.as_table_like() {
        return Value::Object(table.iter().map(|(key, item)| (key.to_owned(), json(item))).collect());
    }
    if let Some(tables) = item.as_array_of_tables() {
        return tables.iter().map(|table| json(&Item::Table(table.clone()))).collect();
    }
    match item.as_value() {
        Some(toml_edit::Value::String(text)) => text.value().as_str().into(),
        Some(toml_edit::Value::Integer(number)) => (*number.value()).into(),
        Some(toml_edit::Value::Float(number)) => (*number.value()).into(),
        Some(toml_edit::Value::Boolean(flag)) => (*flag.value()).into(),
        Some(toml_edit::Value::Array(items)) => items.iter().map(|item| json(&Item::Value(item.clone()))).collect(),
        Some(other) => other.to_string().trim().into(),
        None => Value::Null,
    }
}

/// The same in TOML; `None` for `null`, which TOML has not.
fn toml(value: &Value) -> Option<toml_edit::Value> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(flag) => (*flag).into(),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.as_f64()?.into(),
        },
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().filter_map(toml).collect::<Array>().into(),
        Value::Object(members) => {
            let members = members
                .iter()
                .filter_map(|(key, value)| Some((key.as_str(), toml(value)?)));
            members.collect::<InlineTable>().into()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# mine\nmodel = \"o\"  # best\n\n[mcp_servers.git]\ncommand = \"uvx\"\nargs = [\"mcp-server-git\"]\nenv_vars = [\"TOKEN\"]\n\n[mcp_servers.git.env]\nA = \"1\"\n\n[mcp_servers.far]\nurl = \"https://h/mcp\"\nenv_http_headers = { X = \"KEY\" }\nenabled_tools = [\"a\"]\n\n[tui]\nx = 1 # last\n";

    #[test]
    fn an_untouched_text_stays_as_it_is() {
        for text in [
            FILE.to_owned(),
            FILE.trim_end().to_owned(),
            FILE.replace('\n', "\r\n"),
            format!("\u{feff}{FILE}"),
            String::new(),
        ] {
            assert_eq!(TomlFile::parse(&text, "mcp_servers").expect("valid").text(), text);
        }
        assert!(TomlFile::parse("a = 1\r\nb = 2\n", "mcp_servers").is_err());
        assert!(TomlFile::parse("mcp_servers = 1\n", "mcp_servers").is_err());
    }

    #[test]
    fn entries_are_read_as_they_are_written() {
        let entries = TomlFile::parse(FILE, "mcp_servers").expect("valid").entries();
        let read: Vec<Value> = entries
            .iter()
            .map(|entry| value(&entry.value()).expect("JSON"))
            .collect();
        let git =
            serde_json::json!({"command": "uvx", "args": ["mcp-server-git"], "env_vars": ["TOKEN"], "env": {"A": "1"}});
        assert_eq!((read.len(), &read[0]), (2, &git));
    }

    #[test]
    fn nothing_of_an_entry_is_left_out() {
        let text = "[[mcp_servers.a.list]]\nx = 1\n\n[[mcp_servers.a.list]]\nx = 2\n";
        let entries = TomlFile::parse(text, "mcp_servers").expect("valid").entries();
        let list = serde_json::json!({"list": [{"x": 1}, {"x": 2}]});
        assert_eq!(value(&entries[0].value()), Ok(list));
    }

    #[test]
    fn one_entry_takes_the_place_of_the_others() {
        let mut file = TomlFile::parse(FILE, "mcp_servers").expect("valid");
        let gateway = Member::new(
            "gw",
            r#"{"command": "/bin/gw", "args": ["-p", "basic"], "env": {"A": "b"}, "n": null}"#,
        );
        file.exchange(&["git", "far"], std::slice::from_ref(&gateway))
            .expect("a table");
        let text = file.text();
        assert!(
            text.starts_with("# mine\nmodel = \"o\"  # best\n") && text.contains("[tui]\nx = 1 # last\n"),
            "{text}"
        );
        assert!(
            text.contains("[mcp_servers.gw]\ncommand = \"/bin/gw\"\nargs = [\"-p\", \"basic\"]\nenv = { A = \"b\" }\n"),
            "{text}"
        );
        assert!(
            !text.contains("mcp-server-git") && !text.contains("https://h"),
            "{text}"
        );
        file.exchange(&["gw"], &[gateway]).expect("a table");
        assert_eq!(file.text(), text);
    }
}
