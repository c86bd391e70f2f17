//! Passwords in running text and in files without operators: "the password is x", `login me password x`.

use super::names::{self, Promise};
use super::stand_in;
use super::value::{self, Value};
use super::verdict::{self, LIKELY, Manner};
use super::{literal, notes, operator, position, rules, sql, table};
use crate::detect::Finding;

/// Words that join a password to its name.
const JOINTS: &[&str] = &["is", "was", "to", "of", "as", "set", "now", "changed"];
/// Words that lead to the user whose password it is: `for the user "x"`.
const USER_WORDS: &[&str] = &[
    "for", "the", "user", "username", "account", "login", "on", "database", "role", "has", "been",
];
/// The shortest password that is taken without quotes or a joining word.
const LEAST_BARE: usize = 6;

/// How the names of algorithms begin, in lower case: `Base64-encoded` is no password.
const ALGORITHMS: &[&str] = &[
    "aes", "argon2", "base32", "base64", "bcrypt", "hs256", "md5", "oauth", "pbkdf2", "rs256", "rsa", "sha", "utf",
];

/// What reads the place where one of these stands. All but `assw` have a reader of their own.
type Reader = fn(&str, usize, &mut Vec<Finding>);
const READERS: &[(&str, Reader)] = &[
    ("dentified by", identified_by),
    ("DENTIFIED BY", identified_by),
    ("pw: ", after_pw),
    ("PW: ", after_pw),
    ("pw is ", after_pw),
    ("pwd is ", after_pw),
    ("equirepass ", after_pw),
    ("密码：", notes::after_colon),
    ("パスワード：", notes::after_colon),
    ("asicAuth(", literal::credential),
    ("etworkCredential(", literal::credential),
    ("ecureString ", literal::credential),
    ("@tcp(", literal::source),
    ("NSERT INTO ", sql::insert),
    ("nsert into ", sql::insert),
    (" FROM stdin", sql::copy),
    (":5432:", position::pgpass),
    ("Netscape HTTP Cookie", position::cookie_file),
    (" codes", position::codes),
];

/// The literals of [`prose`] that have to be looked for.
pub(in crate::detect::secrets) fn literals() -> impl Iterator<Item = &'static str> {
    ["assw", "ASSW"]
        .into_iter()
        .chain(READERS.iter().map(|reader| reader.0))
}

/// What is found at `at`, where one of [`literals`] stands.
pub(in crate::detect::secrets) fn prose(text: &str, at: usize, found: &mut Vec<Finding>) {
    let rest = &text[at..];
    match READERS.iter().find(|(literal, _)| rest.starts_with(literal)) {
        Some((_, read)) => read(text, at, found),
        None => password(text, at, found),
    }
}

/// What is found at `at`, where `assw` stands, in either case.
fn password(text: &str, at: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let before = bytes[..at]
        .iter()
        .rev()
        .take(names::LONGEST)
        .take_while(|b| operator::in_name(**b))
        .count();
    let behind = bytes[at..]
        .iter()
        .take(names::LONGEST)
        .take_while(|b| operator::in_name(**b))
        .count();
    let (start, mut end) = (at - before, at + behind);
    if names::promise(&text[start..end]) != Some(Promise::Password) {
        return;
    }
    if table::around(text, at, found) {
        return;
    }
    if let Some(value) = notes::beside(text, start..end) {
        if is_made_up(&text[value.range.clone()]) {
            found.push(rules::finding(Promise::Password, value.range, LIKELY));
        }
        return;
    }
    match bytes.get(end) {
        Some(b'(') => return literal::argument(text, &(start..end), Promise::Password, found),
        Some(b'"') if text[..start].ends_with("form-data; name=\"") => return notes::in_form(text, end + 1, found),
        _ => {}
    }
    if let Some(lead) = text[..start + 2].strip_suffix("ch").filter(|lead| lead.ends_with("| ")) {
        return notes::piped(text, lead.len(), found);
    }
    let quoted_name = start > 0 && matches!(bytes[start - 1], b'"' | b'\'' | b'`');
    let option = start > 0 && bytes[start - 1] == b'-' || text[start..end].starts_with('-');
    if quoted_name || option {
        return;
    }
    let mut joined = false;
    for _ in 0..6 {
        let Some((word, after)) = word_at(text, end) else { break };
        let lower = word.to_ascii_lowercase();
        if JOINTS.contains(&lower.as_str()) {
            joined = true;
        } else if !USER_WORDS.contains(&lower.as_str()) {
            break;
        }
        end = after;
        // The quoted name of the user.
        if lower == "user" || lower == "for" || lower == "username" {
            let past_quote = |at: usize| at + usize::from(bytes.get(at).is_some_and(u8::is_ascii));
            end = quoted_at(text, end).map_or(end, |user| past_quote(user.range.end));
        }
    }
    let Some(value) = value::value_at(text, end) else {
        return;
    };
    if value.tight || bytes[end..value.range.start].contains(&b'\n') {
        return;
    }
    let held = &text[value.range.clone()];
    let score = if value.quoted {
        verdict::judge(Promise::Password, held, Manner::Literal).filter(|_| !held.contains(' '))
    } else {
        let digits = held.bytes().any(|b| b.is_ascii_digit());
        let mixed = held.bytes().any(|b| b.is_ascii_uppercase()) || held.bytes().any(|b| b"!@#$%^&*~+".contains(&b));
        let fits =
            held.len() >= LEAST_BARE && digits && (mixed || held.len() >= 12) && !held.contains(['(', '/', '<', '[']);
        // "The password is x" says it of any x but an identifier, which code could hold there.
        let manner = if joined && is_chosen(held) {
            Manner::Setting
        } else {
            Manner::Bare
        };
        verdict::judge(Promise::Password, held, manner)
            .filter(|_| fits && !is_algorithm(held) && (joined || held.len() >= 8))
    };
    if score.is_some() {
        found.push(rules::finding(Promise::Password, value.range, LIKELY));
    }
}

/// Whether a value is made up by a person or at random, so plainly that no operator has to say so.
pub(super) fn is_made_up(held: &str) -> bool {
    let mixed = held.bytes().any(|b| b.is_ascii_uppercase()) && held.bytes().any(|b| b.is_ascii_lowercase());
    let signs = held.bytes().any(|b| b"!@#$%^&*~+".contains(&b));
    held.len() >= LEAST_BARE
        && is_chosen(held)
        && (mixed || signs || held.len() >= 12)
        && !is_algorithm(held)
        && !held.contains(['(', '/', '<', '['])
        && verdict::judge(Promise::Password, held, Manner::Setting).is_some()
}

/// `pw: x`, where x is plainly made up by a person or at random.
fn after_pw(text: &str, at: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let is_word = bytes[at] == b'e' || at == 0 || !operator::in_name(bytes[at - 1]);
    let lead = READERS.iter().find(|(literal, _)| text[at..].starts_with(literal));
    let behind = at + lead.map_or(0, |(literal, _)| literal.len());
    let Some(value) = value::value_at(text, behind).filter(|_| is_word) else {
        return;
    };
    let held = &text[value.range.clone()];
    let fits = held.len() >= LEAST_BARE && is_chosen(held) && !is_algorithm(held);
    if fits && verdict::judge(Promise::Password, held, Manner::Setting).is_some() {
        found.push(rules::finding(Promise::Password, value.range, LIKELY));
    }
}

/// Whether letters and digits are mixed as in no word: two digits or more, or one before a letter.
fn is_chosen(held: &str) -> bool {
    let digits = held.bytes().filter(u8::is_ascii_digit).count();
    let inner = held
        .as_bytes()
        .windows(2)
        .any(|pair| pair[0].is_ascii_digit() && pair[1].is_ascii_alphabetic());
    (digits >= 2 || inner) && held.bytes().any(|b| b.is_ascii_alphabetic())
}

pub(super) fn is_algorithm(held: &str) -> bool {
    let lower = held.to_ascii_lowercase();
    ALGORITHMS.iter().any(|name| lower.starts_with(name))
}

/// `IDENTIFIED BY 'x'` of SQL, where a user or a role is made, changed or granted something.
fn identified_by(text: &str, at: usize, found: &mut Vec<Finding>) {
    if !is_statement(&text.as_bytes()[..at]) {
        return;
    }
    let at = at + "dentified by".len();
    let at = word_at(text, at)
        .filter(|(word, _)| word.eq_ignore_ascii_case("password"))
        .map_or(at, |(_, after)| after);
    let Some(value) = value::value_at(text, at) else { return };
    let held = &text[value.range.clone()];
    let bare = value.quoted || held.bytes().any(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    if bare && !stand_in::is_stand_in(held) && verdict::judge(Promise::Password, held, Manner::Literal).is_some() {
        found.push(rules::finding(Promise::Password, value.range, LIKELY));
    }
}

/// Whether what stands before `IDENTIFIED BY` is of a statement of SQL that gives a password.
fn is_statement(before: &[u8]) -> bool {
    const REACH: usize = 256;
    const STARTS: &[&[u8]] = &[
        b"create user",
        b"create role",
        b"alter user",
        b"alter role",
        b"connect to",
        b"database link",
        b"if not exists",
        b"if exists",
        b"set role",
        b"grant ",
    ];
    let near = before[before.len().saturating_sub(REACH)..].to_ascii_lowercase();
    let sentence = memchr::memrchr(b';', &near).map_or(&near[..], |end| &near[end..]);
    STARTS
        .iter()
        .any(|start| memchr::memmem::find(sentence, start).is_some())
}

/// The word behind one space at `at`, and where it ends.
fn word_at(text: &str, at: usize) -> Option<(&str, usize)> {
    let rest = text.as_bytes().get(at..)?;
    let length = rest
        .strip_prefix(b" ")?
        .iter()
        .take(16)
        .take_while(|b| b.is_ascii_alphabetic())
        .count();
    (length > 0).then(|| (&text[at + 1..at + 1 + length], at + 1 + length))
}

/// The quoted value behind one space at `at`.
fn quoted_at(text: &str, at: usize) -> Option<Value> {
    value::value_at(text, at).filter(|value| value.quoted && value.range.start <= at + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        for hint in literals() {
            text.match_indices(hint).for_each(|(at, _)| prose(text, at, &mut found));
        }
        found.dedup();
        found.iter().map(|finding| &text[finding.start..finding.end]).collect()
    }

    #[test]
    fn passwords_in_sentences() {
        for (text, expected) in [
            ("The default Password is 'blooberry'", "blooberry"),
            ("The default password for the user \"pyne-user\" is \"pyne\".", "pyne"),
            (
                "Ensure the password for user 'postgres' is 'adminx' or change it",
                "adminx",
            ),
            ("SET password \"n83.bat47Fy4\"", "n83.bat47Fy4"),
            (
                "machine x\n login user\n password 7cc938e45e63e9014f88f811be240ba0395c02dd\n",
                "7cc938e45e63e9014f88f811be240ba0395c02dd",
            ),
            ("my password is Hunter2x!", "Hunter2x!"),
            ("my password is hunter2hunter2X9, thanks", "hunter2hunter2X9"),
            ("user: ann, pw: summer2024rain.", "summer2024rain"),
            ("the wifi pw is Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
            ("requirepass Kq7vLp2Zx9d\n", "Kq7vLp2Zx9d"),
            ("The root password has been set to Kq7vLp2Zx9d for now.", "Kq7vLp2Zx9d"),
            ("Password (temporary): Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
            ("Your new password:\n\n    Kq7vLp2Zx9d\n", "Kq7vLp2Zx9d"),
            ("Password -> Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
            ("password：Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
            ("密码：Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
            (
                "| Setting | Value |\n|---|---|\n| password | Kq7vLp2Zx9d |\n",
                "Kq7vLp2Zx9d",
            ),
            ("dataSource.setPassword(\"Kq7vLp2Zx9d\");", "Kq7vLp2Zx9d"),
            (
                "SET PASSWORD FOR 'bob'@'localhost' = PASSWORD('Kq7vLp2Zx9d');",
                "Kq7vLp2Zx9d",
            ),
            ("auth=HTTPBasicAuth('bob', 'Kq7vLp2Zx9d'))", "Kq7vLp2Zx9d"),
            (
                "$p = ConvertTo-SecureString \"Kq7vLp2Zx9d\" -AsPlainText",
                "Kq7vLp2Zx9d",
            ),
            ("bob:Kq7vLp2Zx9d@tcp(db:3306)/x", "Kq7vLp2Zx9d"),
            ("form-data; name=\"password\"\r\n\r\nKq7vLp2Zx9d\r\n--x", "Kq7vLp2Zx9d"),
            ("echo 'root:Kq7vLp2Zx9d' | chpasswd", "Kq7vLp2Zx9d"),
            (
                "INSERT INTO u (name, pwd) VALUES ('bob', 'Kq7vLp2Zx9d');",
                "Kq7vLp2Zx9d",
            ),
            ("CREATE USER m IDENTIFIED BY SqLpa5sW0rD;", "SqLpa5sW0rD"),
            ("create user m identified by 'tiger7'", "tiger7"),
        ] {
            assert_eq!(secrets(text), [expected], "{text}");
        }
    }

    #[test]
    fn sentences_about_passwords() {
        for text in [
            "The password is required",
            "the password is 'required'",
            "Incorrect Username or Password\"",
            "the password must be 8 characters",
            "a password manager for 2024",
            "password policy v2",
            "the password is Base64-encoded",
            "the password is SHA256 and salted",
            "pw: none",
            "pw: see_wiki_page",
            "password",
            "passwords are \"hashed\" with bcrypt",
            "IDENTIFIED BY PASSWORD",
            "A tenant is identified by TenantId, a header identified by `name`.",
            "create a node identified by `nodeId42`",
            "pwd is required2",
            "Forgot password\nSection2b\n",
            "getPassword(\"db_primary_1\")",
            "verifyPassword(\"Enter it twice\")",
            "setPassword(\"new_password_1\")",
            "password -> String",
            "| password | required |\n",
            "Password (optional): see below",
            "HTTPBasicAuth('user', 'password')",
            "Each node is identified by `nodeId42` and each edge is identified by Edge2Key.",
        ] {
            assert_eq!(secrets(text), Vec::<&str>::new(), "{text}");
        }
    }
}
