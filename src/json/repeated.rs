//! Names that one object has twice: what two readers may read differently.

use std::{borrow::Cow, collections::HashSet};

use super::{Container, Events, Token, decode, scan};

/// Up to this many names are compared with each other; more are looked up.
const FEW: usize = 16;

/// The first name that an object in a JSON text has twice, at any depth, as it reads. `None` where there is none, and
/// where the text stops being JSON before it.
pub fn repeated_name(text: &str) -> Option<String> {
    let mut names = Names::default();
    // Whoever clears the text says so where it is no JSON.
    let _ = scan(text, &mut names);
    names.repeated
}

/// The names of the objects that are open, outermost first.
#[derive(Default)]
struct Names<'a> {
    few: Vec<Cow<'a, str>>,
    open: Vec<Open<'a>>,
    repeated: Option<String>,
}

#[derive(Default)]
struct Open<'a> {
    /// Where its names start in `few`.
    start: usize,
    /// All of its names, once there are more than a few.
    many: HashSet<Cow<'a, str>>,
}

impl<'a> Events<'a> for Names<'a> {
    fn open(&mut self, container: Container) {
        if container == Container::Object {
            self.open.push(Open {
                start: self.few.len(),
                ..Open::default()
            });
        }
    }

    fn close(&mut self, container: Container) {
        if container == Container::Object
            && let Some(closed) = self.open.pop()
        {
            self.few.truncate(closed.start);
        }
    }

    fn key(&mut self, key: Token<'a>) {
        let Some(object) = self.open.last_mut() else { return };
        let (name, few) = (decode(&key), &self.few[object.start..]);
        let repeats = match few.len() {
            0..FEW => few.contains(&name),
            _ => {
                if object.many.is_empty() {
                    object.many.extend(few.iter().cloned());
                }
                !object.many.insert(name.clone())
            }
        };
        if repeats {
            self.repeated.get_or_insert(name.into_owned());
        } else if few.len() < FEW {
            self.few.push(name);
        }
    }

    fn string(&mut self, _: Token<'a>) {}
    fn number(&mut self, _: Token<'a>) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_stands_twice_in_one_object_is_found_at_any_depth() {
        for (text, name) in [
            (r#"{"a":1,"b":{"a":2},"c":[{"a":1},{"a":1}]}"#, None),
            (r#"{"a":1,"b":{"c":2},"a":3}"#, Some("a")),
            (r#"[{"x":{"path":1,"p\u0061th":2}}]"#, Some("path")),
            (r#"{"a":{"":1,"":2}}"#, Some("")),
            ("[1]", None),
            ("", None),
        ] {
            assert_eq!(repeated_name(text).as_deref(), name, "{text}");
        }
    }

    #[test]
    fn many_names_are_told_apart_as_well() {
        let object = |names: std::ops::Range<usize>, last: &str| {
            let members: Vec<String> = names.map(|number| format!(r#""n{number}":{{"n1":0}}"#)).collect();
            format!(r#"{{{},"{last}":0}}"#, members.join(","))
        };
        assert_eq!(repeated_name(&object(0..1000, "other")), None);
        for repeated in ["n0", "n15", "n16", "n17", "n999"] {
            assert_eq!(repeated_name(&object(0..1000, repeated)).as_deref(), Some(repeated));
        }
    }
}
