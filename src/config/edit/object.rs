//! An object taken apart into its members.

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;

use super::style::{Style, unindented};
use super::{EditError, parse};

/// An object of a text: put together again, it is what it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    members: Vec<Member>,
    /// What stands before the `}`.
    close: String,
    has_trailing_comma: bool,
}

/// A member of an object, with the comments above it and behind it on its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its key.
    pub name: String,
    /// What stands before the key: line ends, indentation, comments.
    lead: String,
    /// The key, and what stands between it and the value.
    head: String,
    value: String,
    /// What stands between the value and the comma.
    gap: String,
    /// What stands behind the comma on the same line.
    tail: String,
    /// Whether it was written here, and not read: its layout is that of the object it is put into.
    is_new: bool,
}

impl Object {
    /// Takes the source of an object apart.
    ///
    /// # Errors
    /// If it is none.
    pub fn parse(source: &str) -> Result<Self, EditError> {
        let Some(Value::Object(object)) = parse(source)? else {
            return Err(EditError::NoObject("the value".to_owned()));
        };
        let mut rest = object.start() + 1;
        let mut members: Vec<Member> = Vec::new();
        let mut has_trailing_comma = false;
        let inner_end = object.end() - 1;
        let starts = object.properties.iter().skip(1).map(|property| property.start());
        for (property, next) in object.properties.iter().zip(starts.chain([inner_end])) {
            let value = property.value.range();
            let between = &source[value.end..next];
            let comma = comma(between);
            has_trailing_comma = comma.is_some();
            let (gap, behind) = comma.map_or(("", between), |at| (&between[..at], &between[at + 1..]));
            let tail = rest_of_line(behind);
            members.push(Member {
                name: property.name.as_str().to_owned(),
                lead: source[rest..property.start()].to_owned(),
                head: source[property.start()..value.start].to_owned(),
                value: source[value.start..value.end].to_owned(),
                gap: gap.to_owned(),
                tail: tail.to_owned(),
                is_new: false,
            });
            rest = next - (behind.len() - tail.len());
        }
        Ok(Self {
            members,
            close: source[rest..inner_end].to_owned(),
            has_trailing_comma,
        })
    }

    /// Its members, in their order.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The member with this name.
    pub fn get(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// Takes the member with this name out, with its comments.
    pub fn take(&mut self, name: &str) -> Option<Member> {
        let at = self.members.iter().position(|member| member.name == name)?;
        let member = self.members.remove(at);
        let is_plain = |lead: &str| lead.trim().is_empty() && !lead.contains('\n');
        if let Some(first) = self.members.first_mut()
            && at == 0
            && is_plain(&first.lead)
            && member.lead.trim().is_empty()
        {
            first.lead.clone_from(&member.lead);
        }
        if self.members.is_empty() {
            self.has_trailing_comma = false;
            if self.close.trim().is_empty() {
                self.close.clear();
            }
        }
        self.end_comments("\n");
        Some(member)
    }

    /// Puts a member at the end; `indent` is that of the line on which the object begins.
    pub fn push(&mut self, member: Member, style: &Style, indent: &str) {
        self.insert(self.members.len(), member, style, indent);
    }

    /// Puts a member at this place, in the layout of the others.
    pub fn insert(&mut self, at: usize, mut member: Member, style: &Style, indent: &str) {
        let of_neighbour = self.members.iter().find_map(Member::indent);
        let inner = match (style.newline, of_neighbour) {
            (None, _) => None,
            (Some(_), None) if !self.members.is_empty() => None,
            (Some(newline), Some(own)) => Some((newline, own.to_owned())),
            (Some(newline), None) => Some((newline, format!("{indent}{}", style.unit))),
        };
        if member.is_new {
            member.head = format!("{}:{}", serde_json::Value::from(member.name.as_str()), style.space);
        }
        let comments: Vec<&str> = member
            .lead
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        match inner {
            Some((newline, inner)) => {
                let lead: String = comments.iter().map(|line| format!("{newline}{inner}{line}")).collect();
                member.lead = format!("{lead}{newline}{inner}");
                member.value = style.indented(&unindented(&member.value), &inner);
                if self.members.is_empty() && !self.close.contains('\n') {
                    self.close = format!("{}{newline}{indent}", self.close.trim_end());
                }
            }
            None => {
                member.lead = match self.members.last() {
                    Some(last) if self.members.len() > 1 && last.lead.trim().is_empty() => last.lead.clone(),
                    Some(_) => style.space.to_owned(),
                    None => String::new(),
                };
                member.value = style.indented(&unindented(&member.value), indent);
                // A comment up to the end of the line would swallow what follows on this one.
                if member.tail.contains("//") {
                    member.tail.clear();
                }
            }
        }
        self.members.insert(at.min(self.members.len()), member);
        self.end_comments(style.newline.unwrap_or("\n"));
    }

    /// Sees to it that a comment up to the end of its line swallows nothing that was put behind it.
    fn end_comments(&mut self, newline: &str) {
        let mut is_open = false;
        let leads = self
            .members
            .iter_mut()
            .map(|member| (&mut member.lead, member.tail.contains("//")));
        for (lead, opens) in leads.chain([(&mut self.close, false)]) {
            if is_open && !lead.starts_with(['\n', '\r']) {
                lead.insert_str(0, newline);
            }
            is_open = opens;
        }
    }

    /// Its source.
    pub fn source(&self) -> String {
        let mut source = String::from("{");
        let last = self.members.len().saturating_sub(1);
        for (at, member) in self.members.iter().enumerate() {
            let Member {
                lead,
                head,
                value,
                gap,
                tail,
                ..
            } = member;
            let comma = if at < last || self.has_trailing_comma { "," } else { "" };
            source.extend([lead, head, value, gap, comma, tail]);
        }
        source + &self.close + "}"
    }
}

impl Member {
    /// A member that is not in any text yet, with the source of its value.
    pub fn new(name: &str, value: &str) -> Self {
        Self {
            name: name.to_owned(),
            lead: String::new(),
            head: String::new(),
            value: value.to_owned(),
            gap: String::new(),
            tail: String::new(),
            is_new: true,
        }
    }

    /// The source of its value, as if its key stood at the start of a line.
    pub fn value(&self) -> String {
        unindented(&self.value)
    }

    /// The same member, comments included, with another value.
    pub fn with_value(self, value: &str) -> Self {
        Self {
            value: value.to_owned(),
            ..self
        }
    }

    /// The indentation of its line; `None` where others stand before it on the same line.
    pub(super) fn indent(&self) -> Option<&str> {
        let (_, indent) = self.lead.rsplit_once('\n')?;
        Some(&indent[..indent.len() - indent.trim_start().len()])
    }

    /// Whether there is white space behind its colon.
    pub(super) fn has_space(&self) -> bool {
        self.head.ends_with(char::is_whitespace)
    }
}

/// Where the comma stands in what is between two members, behind any comments.
fn comma(between: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(c) = between[at..].chars().next() {
        let rest = &between[at..];
        at += match c {
            ',' => return Some(at),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '/' => rest.find('\n').unwrap_or(rest.len()),
            other => other.len_utf8(),
        };
    }
    None
}

/// What stands on the same line, if that is a comment; nothing where another member or the bracket follows on it.
fn rest_of_line(behind: &str) -> &str {
    let Some(end) = behind.find('\n') else { return "" };
    let line = &behind[..end];
    let line = line.strip_suffix('\r').unwrap_or(line);
    let is_open =
        line.rfind("/*").is_some_and(|open| !line[open..].contains("*/")) && !line.trim_start().starts_with("//");
    if is_open { "" } else { line }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::gap;
    use super::*;
    use proptest::prelude::*;

    const COMMENTED: &str = r#"{
    // about a
    "a": 1, // one
    /* about
       b */
    "b": {
        "x": [] // x
    } /* gap */ , // two

    "c": 3 // last
    // the end
}"#;

    #[test]
    fn an_object_put_together_again_is_what_it_was() {
        for source in [
            COMMENTED,
            "{}",
            "{ }",
            "{\"a\":1}",
            "{\"a\": 1, \"b\": 2,}",
            "{\"a\": 1 /* , */, \"b\": 2 // ,\n}",
        ] {
            assert_eq!(Object::parse(source).expect("an object").source(), source);
        }
    }

    #[test]
    fn a_member_goes_with_its_comments() {
        let mut object = Object::parse(COMMENTED).expect("an object");
        let taken = object.take("a").expect("there");
        assert!(object.source().starts_with("{\n    /* about\n       b */\n    \"b\""));
        let mut other = Object::default();
        other.push(taken, &Style::default(), "\t");
        assert_eq!(other.source(), "{\n\t  // about a\n\t  \"a\": 1 // one\n\t}");
    }

    #[test]
    fn the_last_one_leaves_its_comma() {
        let mut object = Object::parse("{\n  \"a\": 1,\n  \"b\": 2\n}").expect("an object");
        object.take("b").expect("there");
        assert_eq!(object.source(), "{\n  \"a\": 1\n}");
        object.take("a").expect("there");
        assert_eq!(object.source(), "{}");
    }

    #[test]
    fn on_one_line_it_stays_one_line() {
        let style = Style::default();
        let mut object = Object::parse(r#"{"a": 1, "b": 2}"#).expect("an object");
        let taken = object.take("a").expect("there");
        assert_eq!(object.source(), r#"{"b": 2}"#);
        object.push(taken, &style, "");
        assert_eq!(object.source(), r#"{"b": 2, "a": 1}"#);
    }

    fn member() -> impl Strategy<Value = (String, String)> {
        let value = prop::sample::select(vec![
            "[]",
            "{\"a\": {}}",
            "\"} // é\"",
            "1.50",
            "null",
            "[1,\n 2]",
            "{ // x\n}",
        ]);
        (
            gap(),
            gap(),
            gap(),
            gap(),
            value,
            prop::sample::select(vec!["a", "b/c", "ü"]),
        )
            .prop_map(|(lead, before, after, end, value, name)| {
                (name.to_owned(), format!("{lead}\"NAME\"{before}:{after}{value}{end}"))
            })
    }

    proptest! {
        /// However an object is laid out: it stays what it was until it is changed, and then says just that.
        #[test]
        fn an_object_says_what_was_put_in_and_no_longer_what_was_taken(
            members in prop::collection::vec(member(), 0..5),
            end in gap(),
            has_comma in any::<bool>(),
            (taken, at) in (0..5_usize, 0..5_usize),
        ) {
            let named: Vec<(String, String)> = members.into_iter().enumerate()
                .map(|(number, (name, text))| (format!("{name}{number}"), text.replace("NAME", &format!("{name}{number}"))))
                .collect();
            let texts: Vec<&str> = named.iter().map(|(_, text)| text.as_str()).collect();
            let comma = if has_comma && !texts.is_empty() { "," } else { "" };
            let source = format!("{{{}{comma}{end}}}", texts.join(","));
            let mut object = Object::parse(&source).expect("an object");
            prop_assert_eq!(object.source(), source.clone());

            let style = Style::of(&source, &object);
            let before = super::super::value(&source).expect("JSON");
            let mut expected = before.as_object().cloned().unwrap_or_default();
            let mut other = Object::parse(r#"{"x": 1}"#).expect("an object");
            if let Some((name, _)) = named.get(taken) {
                let member = object.take(name).expect("there");
                let value = expected.remove(name);
                other.push(member, &style, "");
                let said = super::super::value(&other.source()).expect("JSON");
                prop_assert_eq!(said.get(name), value.as_ref());
            }
            object.insert(at, Member::new("new", "{\n  \"y\": 1\n}"), &style, "");
            expected.insert("new".into(), serde_json::json!({"y": 1}));
            let said = super::super::value(&object.source());
            prop_assert_eq!(said, Ok(expected.into()), "{}", object.source());
        }
    }

    #[test]
    fn a_member_is_put_at_its_place() {
        let mut object = Object::parse("{\n  \"a\": 1,\n  \"c\": 3\n}").expect("an object");
        object.insert(1, Member::new("b", "{\n  \"x\": 2\n}"), &Style::default(), "");
        assert_eq!(
            object.source(),
            "{\n  \"a\": 1,\n  \"b\": {\n    \"x\": 2\n  },\n  \"c\": 3\n}"
        );
    }
}
