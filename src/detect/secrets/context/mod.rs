//! Secrets without a shape of their own: an opaque value, or a password, beside a name that tells what it is.
//!
//! The scan names a place (an operator, an option, a long run); here the name before it and the value after it are
//! read, each within a bounded distance, and [`verdict`] decides.

mod beside;
mod credentials;
mod kubernetes;
mod names;
mod operator;
mod option;
mod prose;
mod providers;
mod randomness;
mod rules;
mod stand_in;
mod value;
mod verdict;

use self::names::Promise;
use self::value::Value;
use self::verdict::Manner;
use crate::detect::{Context, Finding};
use std::ops::Range;

pub(super) use self::beside::value;
pub(super) use self::option::flag;
pub(super) use self::prose::prose;
pub(super) use self::rules::RULES;

/// Names of a member that holds the value of another one, or of the object it stands in.
const HOLDERS: &[&str] = &[
    "value",
    "val",
    "values",
    "content",
    "data",
    "text",
    "default",
    "current",
    "plaintext",
    "secretString",
];

/// The shortest value of a plain `key` that is taken for a secret: shorter ones name things.
const LEAST_FOR_KEY: usize = 32;

/// What is found where `text` is the whole value of a member: its name and those of its parents are the context.
pub(super) fn leaf(text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
    let Some((last, parents)) = context.names.split_last() else {
        return;
    };
    let before = context.before.trim_start_matches('-');
    let option = before.len() < context.before.len();
    let name = if HOLDERS.contains(&last.as_ref()) {
        // {"name": "API_TOKEN", "value": "x"}, or {"token": {"value": "x"}}
        if names::promise(before).is_some() {
            before
        } else {
            parents.last().map_or("", |name| name.as_ref())
        }
    } else {
        last.as_ref()
    };
    let named = names::promise(name).or_else(|| option.then(|| names::promise(before)).flatten());
    if let Some(promise) = named {
        if promise == Promise::Faint && name == "key" && text.len() < LEAST_FOR_KEY {
            return;
        }
        let trimmed = text.trim();
        let start = text.len() - text.trim_start().len();
        let value = Value {
            range: start..start + trimmed.len(),
            quoted: true,
            tight: true,
        };
        report(text, promise, &value, Manner::Literal, found);
    }
}

/// What is found round the operator at `operator`: one of `=`, `:`, `>`, or `,` after a quote.
pub(super) fn assignment(text: &str, operator: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    // Of an operator of several signs, the last one counts.
    if let Some(b'=' | b':' | b'>' | b'/') = bytes.get(operator + 1) {
        let path =
            bytes[operator] == b':' && bytes.get(operator + 1) == Some(&b'/') && bytes.get(operator + 2) == Some(&b'/');
        if bytes[operator + 1] != b'/' || path {
            return;
        }
    }
    let before = operator.checked_sub(1).map(|at| bytes[at]);
    match (bytes[operator], before) {
        (b'>', Some(b'=')) => named_before(text, operator - 1, operator, found),
        (b'>', Some(b'-' | b'/')) | (b'=', Some(b'<' | b'>')) => {}
        (b'>', _) => element(text, operator, found),
        _ => named_before(text, operator, operator, found),
    }
}

/// A name, an operator from `first` to `last`, a value.
fn named_before(text: &str, first: usize, last: usize, found: &mut Vec<Finding>) {
    let Some(named) = operator::name_before(text, first) else {
        return;
    };
    if &text[named.name.clone()] == "kind" {
        return kubernetes::manifest(text, last, found);
    }
    let Some((promise, name)) = promised(text, &named.name) else {
        return;
    };
    let Some(value) = value::value_at(text, last + 1).or_else(|| block_scalar(text, last + 1)) else {
        return;
    };
    let comma = text.as_bytes()[last] == b',';
    let queried = name.start > 0 && b"?&;".contains(&text.as_bytes()[name.start - 1]);
    let promise = match promise {
        // One item of a list after another: only what is opaque by itself, but for the arguments of `define`.
        Promise::Password | Promise::Pass | Promise::Secret | Promise::Token if comma && !is_argument(text, &name) => {
            if !text[value.range.clone()].bytes().any(|b| b.is_ascii_digit()) {
                return;
            }
            Promise::Token
        }
        Promise::Faint if comma && !is_argument(text, &name) => return,
        Promise::Faint | Promise::Token if comma => Promise::Secret,
        Promise::Pass if queried => Promise::Password,
        Promise::Faint if &text[name.clone()] == "key" && value.range.len() < LEAST_FOR_KEY => return,
        Promise::Cookie if !value.quoted && text.as_bytes()[last] == b'=' => return,
        promise => promise,
    };
    let manner = match (value.quoted, queried || is_setting(text, &name, &value)) {
        (true, _) if ends_a_quote(text, &named.name, named.quoted, &value) => return,
        (true, _) => Manner::Literal,
        (false, true) if named.tight && value.tight => Manner::Setting,
        (false, true) if text.as_bytes()[last] == b'=' && follows_user(text, name.start) => Manner::Setting,
        (false, true) if text.as_bytes()[last] == b':' => Manner::Line,
        _ => Manner::Bare,
    };
    report(text, promise, &value, manner, found);
}

/// Whether the name in quotes at `name` is an argument of a call that defines it, or an option: `define('KEY', `, `"--key", `.
fn is_argument(text: &str, name: &Range<usize>) -> bool {
    const DEFINERS: &[&str] = &[
        "define(",
        "setProperty(",
        "setenv(",
        "putenv(",
        "set(",
        "put(",
        "setItem(",
        "add(",
    ];
    let lead = text[..name.start].trim_end_matches(['"', '\'', '\\', ' ']);
    text[name.clone()].starts_with('-') || DEFINERS.iter().any(|definer| lead.ends_with(definer))
}

/// Whether the quote before a value ends a string that the name is in: `'Password: ', x`.
fn ends_a_quote(text: &str, name: &Range<usize>, name_is_quoted: bool, value: &Value) -> bool {
    let bytes = text.as_bytes();
    let quote = bytes[value.range.start - 1];
    let opened = name.start > 0 && bytes[name.start - 1] == quote && !name_is_quoted;
    let first = text[value.range.clone()].trim_start().bytes().next();
    opened || !name_is_quoted && matches!(first, Some(b',' | b')' | b';' | b']' | b'}' | b'+'))
}

/// What the name at `name` promises, itself or with the words before it, and where the name starts; a type before `=` is
/// stepped over, and `value` gives way to the name that stands before it.
fn promised(text: &str, name: &Range<usize>) -> Option<(Promise, Range<usize>)> {
    let own = names::promise(&text[name.clone()]);
    match own {
        Some(promise) if promise > Promise::Faint => return Some((promise, name.clone())),
        _ => {}
    }
    let longer = operator::with_words_before(text, name);
    if longer != *name
        && let Some(promise) = names::promise(&text[longer.clone()])
    {
        return Some((promise.max(own.unwrap_or(promise)), longer));
    }
    own.map(|promise| (promise, name.clone())).or_else(|| {
        operator::typed_or_held(text, name)
            .and_then(|outer| names::promise(&text[outer.clone()]).map(|promise| (promise, outer)))
    })
}

/// The first line of a YAML block scalar: `key: |` and the value on the next line.
fn block_scalar(text: &str, at: usize) -> Option<Value> {
    let rest = text[at..].as_bytes();
    let space = rest.iter().take(8).take_while(|b| **b == b' ').count();
    let mark = rest[space..].iter().take(3).take_while(|b| b"|>-+".contains(b)).count();
    let line = at + space + mark;
    if mark == 0 && !text[line..].starts_with(['\n', '\r']) {
        return None;
    }
    if mark == 0 && !text[..at].ends_with("\":") {
        return None;
    }
    let next = line
        + text.as_bytes()[line..]
            .iter()
            .take(2)
            .take_while(|b| b"\r\n".contains(b))
            .count();
    let value = value::value_at(text, next)?;
    (next > line && (mark > 0 || value.quoted)).then_some(value)
}

/// Whether a bare value has its line to itself: only the name, `export` or a comment sign before, nothing after it.
fn is_setting(text: &str, name: &Range<usize>, value: &Value) -> bool {
    let bytes = text.as_bytes();
    let before = bytes[..name.start]
        .iter()
        .rev()
        .take(24)
        .take_while(|b| !b"\n\r;{".contains(b));
    let led = before
        .clone()
        .all(|b| b" \t#-\"'/".contains(b) || b.is_ascii_alphabetic())
        && before.count() < 24;
    let rest = bytes[value.range.end..].iter().find(|b| !b" \t".contains(b));
    led && matches!(rest, None | Some(b'\n' | b'\r' | b'#' | b';'))
}

/// Whether the line before the one at `at` sets a user, as in `user = x` above `password = y`; comments are skipped.
fn follows_user(text: &str, at: usize) -> bool {
    const USERS: &[&str] = &[
        "user", "username", "login", "uid", "usr", "email", "account", "host", "hostname", "server", "database",
    ];
    let from = at.saturating_sub(160);
    let from = (from..at).find(|&i| text.is_char_boundary(i)).unwrap_or(at);
    let mut lines = text[from..at].rsplit('\n').skip(1).map(str::trim_start);
    let line = lines.find(|line| !line.is_empty() && !line.starts_with(['#', ';']) && !line.starts_with("//"));
    line.and_then(|line| line.split_once('=')).is_some_and(|(name, value)| {
        let name = name.trim().to_ascii_lowercase();
        let bare = !value.contains(['(', '.', ';', '[', ',']);
        bare && USERS.iter().any(|user| name.ends_with(user))
    })
}

/// `<name attributes>value</name>`.
fn element(text: &str, close: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let from = close.saturating_sub(names::LONGEST);
    let Some(open) = bytes[from..close].iter().rposition(|b| *b == b'<').map(|i| from + i) else {
        return;
    };
    let tag = &bytes[open + 1..close];
    let end = tag
        .iter()
        .position(|b| !operator::in_name(*b) && *b != b':')
        .unwrap_or(tag.len());
    let start = tag[..end].iter().rposition(|b| *b == b':').map_or(0, |i| i + 1);
    let name = &text[open + 1 + start..open + 1 + end];
    let Some(promise) = names::promise(name) else { return };
    let gap = bytes[close + 1..]
        .iter()
        .take(128)
        .take_while(|b| b.is_ascii_whitespace())
        .count();
    let from = close + 1 + gap;
    let most = bytes.len().min(from + 1024);
    let Some(length) = bytes[from..most].iter().position(|b| *b == b'<') else {
        return;
    };
    if bytes.get(from + length + 1) != Some(&b'/') {
        return;
    }
    let trimmed = bytes[from..from + length].trim_ascii_end().len();
    let value = Value {
        range: from..from + trimmed,
        quoted: true,
        tight: true,
    };
    report(text, promise, &value, Manner::Literal, found);
}

/// Judges a value and reports it, or the credentials in it.
fn report(text: &str, promise: Promise, value: &Value, manner: Manner, found: &mut Vec<Finding>) {
    if value.range.is_empty() {
        return;
    }
    match promise {
        Promise::Cookie => return credentials::cookies(text, value, found),
        Promise::Authorization | Promise::Token | Promise::Faint
            if credentials::authorization(text, promise, value, found) =>
        {
            return;
        }
        _ => {}
    }
    let held = text[value.range.clone()].trim();
    let lead = text[value.range.clone()].find(held).unwrap_or(0);
    if let Some(score) = verdict::judge(promise, held, manner) {
        let start = value.range.start + lead;
        found.push(rules::finding(promise, start..start + held.len(), score));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::borrow::Cow;

    /// What all entry points find in `text`, in the places where the scan would call them.
    fn secrets(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        for (at, b) in text.bytes().enumerate() {
            let after_quote = at > 0 && matches!(text.as_bytes()[at - 1], b'"' | b'\'');
            if matches!(b, b'=' | b':' | b'>') || b == b',' && after_quote {
                assignment(text, at, &mut found);
            }
        }
        found.iter().map(|finding| &text[finding.start..finding.end]).collect()
    }

    #[test]
    fn assignments_in_every_notation() {
        for (text, expected) in [
            ("DB_PASSWORD=Tr0ub4dor&3\n", "Tr0ub4dor&3"),
            ("export API_TOKEN=8gNfR3bC7mJ6p9eK4t8wQ2", "8gNfR3bC7mJ6p9eK4t8wQ2"),
            ("password: \"t2zO:25BY-Skvlyx8rZtxmyYX4bSjiic\"", "t2zO:25BY-Skvlyx8rZtxmyYX4bSjiic"),
            ("'access_token' => '8zBhTTWfBKWP9hJ8wunD7zMaEvWOGg',", "8zBhTTWfBKWP9hJ8wunD7zMaEvWOGg"),
            (r#"{"client_secret":"geruj4LFyu0NBeBOnQvo"}"#, "geruj4LFyu0NBeBOnQvo"),
            (r#"{\"api_key\": \"951bc382db9abad29c68634761dd6e19\"}"#, "951bc382db9abad29c68634761dd6e19"),
            ("X-Api-Key: 951bc382db9abad29c68634761dd6e19", "951bc382db9abad29c68634761dd6e19"),
            ("var token string = \"j4smo61xuw9iqp8xla3db05pm1lrdz63\"", "j4smo61xuw9iqp8xla3db05pm1lrdz63"),
            ("looker_TOKEN :::= \"xye3xstu3iyq9jutp5fj1q9q\"", "xye3xstu3iyq9jutp5fj1q9q"),
            ("$token .= \"xye3xstu3iyq9jutp5fj1q9q\"", "xye3xstu3iyq9jutp5fj1q9q"),
            ("System.setProperty(\"HUBSPOT_TOKEN\", \"38b92bdc-2fd1-e5a2-6e52-c72b200aa9cc\")", "38b92bdc-2fd1-e5a2-6e52-c72b200aa9cc"),
            ("define('AUTH_KEY',   'f54j6Auj0NT8g;5-^zk}yZ`vN^8/7!6=[S>')", "f54j6Auj0NT8g;5-^zk}yZ`vN^8/7!6=[S>"),
            ("<airtableToken>\n    ftz7uxphnqzzrizzf\n</airtableToken>", "ftz7uxphnqzzrizzf"),
            ("<add key=\"Password\" value=\"n83.bat47Fy4\" />", "n83.bat47Fy4"),
            ("- name: API_TOKEN\n  value: xye3xstu3iyq9jutp5fj1q9q\n", "xye3xstu3iyq9jutp5fj1q9q"),
            ("secret: |\n  geruj4LFyu0NBeBOnQvo\n", "geruj4LFyu0NBeBOnQvo"),
            ("Server=db;Uid=u;Pwd=myPassw0rd;", "myPassw0rd"),
            ("AccountName=x;AccountKey=6jqh42QQjWWBwoPGGR/Jr0PZjhBMZVbHm==;", "6jqh42QQjWWBwoPGGR/Jr0PZjhBMZVbHm=="),
            ("/cb?state=x&access_token=2YotnFZFEjr1zCsicMWpAA&x=1", "2YotnFZFEjr1zCsicMWpAA"),
            ("user = Aladdin\npassword = open_sesame\n", "open_sesame"),
            ("Authorization: Bearer 8zBhTTWfBKWP9hJ8wunD7zMaEvWOGg", "8zBhTTWfBKWP9hJ8wunD7zMaEvWOGg"),
            ("-H 'Authorization: Basic a2V2aW46cFJmN3ZHMmgxTDhuUWtXOQ=='", "a2V2aW46cFJmN3ZHMmgxTDhuUWtXOQ=="),
            ("Cookie: lang=en; sessionid=a1b2c3d4e5f6a7b8c9d0", "a1b2c3d4e5f6a7b8c9d0"),
            ("if password == \"123P4ssW0rd@@\":", "123P4ssW0rd@@"),
            ("kind: Secret\ndata:\n  extra: YWRtaW46\n", "YWRtaW46"),
        ] {
            assert_eq!(secrets(text), [expected], "{text}");
        }
    }

    #[test]
    fn assignments_of_something_else() {
        for text in [
            "password = get_password()",
            "password: string;",
            "def login(self, user='', password: str, pwd=None):",
            "token = self.token",
            "const token = process.env.API_TOKEN",
            "api_key = os.environ['API_KEY_2024']",
            "password=${DB_PASSWORD}",
            "PASSWORD=<your password>",
            "\"password\": \"Enter your password\"",
            "\"nextPageToken\": \"CAUQAA8zBhTTWfBKWP9hJ8wun\"",
            "\"integrity\": \"sha512-WsZulLVBUHXVj2cUcPVx6UE21Tpal+A==\"",
            "\"token_count\": 4096",
            "\"token_type\": \"Bearer\"",
            "\"key\": \"PROJ-123\"",
            "\"key\": \"a1B2c3D4e5F6g7H8i9\"",
            "\"pass\": \"120\"",
            "secret: my-secret-name",
            "getpass(prompt='Password: ', stream=None)",
            "['name', 'password', 'repository']",
            "public_key = \"8zBhTTWfBKWP9hJ8wunD7zMaEvWOGg\"",
            "log_passwd: __u32,",
            "token = <GITHUB_TOKEN>",
            "Authorization: Bearer XXXXXXXXXXXX",
            "key_length = XSalsa20.key_length",
        ] {
            assert_eq!(secrets(text), Vec::<&str>::new(), "{text}");
        }
    }

    /// What is found in a leaf with these names, after this one.
    fn in_leaf(names: &[&'static str], before: &str, text: &str) -> Option<(usize, usize)> {
        let names: Vec<Cow<'_, str>> = names.iter().map(|name| Cow::Borrowed(*name)).collect();
        let context = Context { names: &names, before, ..Context::default() };
        let mut found = Vec::new();
        leaf(text, &context, &mut found);
        found.first().map(|finding| (finding.start, finding.end))
    }

    #[test]
    fn the_names_of_a_leaf_are_its_context() {
        assert_eq!(in_leaf(&["db", "password"], "", " hunter2 "), Some((1, 8)));
        assert_eq!(in_leaf(&["api_token", "value"], "", "8gNfR3bC7mJ6p9eK4t8wQ2"), Some((0, 22)));
        assert_eq!(in_leaf(&["env", "value"], "API_TOKEN", "8gNfR3bC7mJ6p9eK4t8wQ2"), Some((0, 22)));
        assert_eq!(in_leaf(&["args"], "--password", "hunter2"), Some((0, 7)));
        assert_eq!(in_leaf(&["headers", "Authorization"], "", "Bearer 8gNfR3bC7mJ6p9eK4t8wQ2"), Some((7, 29)));
        assert_eq!(in_leaf(&["id"], "password", "8gNfR3bC7mJ6p9eK4t8wQ2"), None);
        assert_eq!(in_leaf(&["nextPageToken"], "", "8gNfR3bC7mJ6p9eK4t8wQ2"), None);
        assert_eq!(in_leaf(&["password"], "", "<PASSWORD>"), None);
        assert_eq!(in_leaf(&["key"], "", "a1B2c3D4e5F6g7H8i9"), None);
    }

    proptest! {
        /// Every entry point takes any text at any place, and its findings are whole characters within the text.
        #[test]
        fn findings_are_stretches_of_the_text(text in "([a-z]{0,3}|pass|token|key|secret|user|[=:>,;&\"'\\\\ \n<{\\[$.-]|é|\u{200B}|[A-Za-z0-9+/]{17,30}|assword is ){0,24}") {
            let mut found = Vec::new();
            for (at, c) in text.char_indices() {
                match c {
                    '=' | ':' | '>' | ',' => assignment(&text, at, &mut found),
                    '-' => flag(&text, at, &mut found),
                    'a' if text[at..].starts_with("assw") => prose(&text, at, &mut found),
                    _ => {}
                }
            }
            let in_run = |c: char| c.is_ascii_alphanumeric() || "_-+/.~".contains(c);
            for part in text.split(|c| !in_run(c)).filter(|part| part.len() >= 16) {
                let start = part.as_ptr() as usize - text.as_ptr() as usize;
                value(&text, &Context::default(), start..start + part.len(), &mut found);
            }
            leaf(&text, &Context { names: &[Cow::Borrowed("password")], ..Context::default() }, &mut found);
            for finding in found {
                prop_assert!(finding.start < finding.end && text.get(finding.start..finding.end).is_some());
            }
        }
    }
}
