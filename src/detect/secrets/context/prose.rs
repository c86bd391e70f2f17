//! Passwords in running text and in files without operators: "the password is x", `login me password x`.

use super::names::{self, Promise};
use super::randomness::{self, Make};
use super::value::{self, Value};
use super::verdict::{self, LIKELY, Manner};
use super::{commands, literal, notes, operator, position, rules, sentence, sql, table};
use crate::detect::Finding;

/// Words that join a password to its name.
const JOINTS: &[&str] = &["is", "was", "to", "of", "as", "set", "now", "changed", "lautet", "ist"];
/// Words that lead to the user whose password it is: `for the user "x"`.
const USER_WORDS: &[&str] = &[
    "for", "the", "user", "username", "account", "login", "on", "database", "role", "has", "been",
];
/// The shortest password that is taken without quotes or a joining word.
pub(super) const LEAST_BARE: usize = 6;

/// How the names of algorithms begin, in lower case: `Base64-encoded` is no password.
const ALGORITHMS: &[&str] = &[
    "aes", "argon2", "base32", "base64", "bcrypt", "hs256", "md5", "oauth", "pbkdf2", "rs256", "rsa", "sha", "utf",
];

/// What reads the place where one of these stands. All but `assw` have a reader of their own.
type Reader = fn(&str, usize, &mut Vec<Finding>);
const READERS: &[(&str, Reader)] = &[
    ("dentified by", sql::identified_by),
    ("DENTIFIED BY", sql::identified_by),
    ("pw is ", after_pw),
    ("pwd is ", after_pw),
    ("pass ", after_pass),
    ("AUTH ", commands::of_protocol),
    ("PASS ", commands::of_protocol),
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

/// What is found at `at`, where `hrase` stands, in either case, if it ends a `passphrase`.
pub(in crate::detect::secrets) fn passphrase(text: &str, at: usize, found: &mut Vec<Finding>) {
    if ["assp", "ASSP"].iter().any(|word| text[..at].ends_with(word)) {
        password(text, at, found);
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
    if text[at..end].ends_with("-stdin") {
        return commands::piped_to(text, start, found);
    }
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
        return commands::piped(text, lead.len(), true, found);
    }
    if commands::behind_program(text, &text[start..end], end, found) {
        return;
    }
    let quoted_name = start > 0 && matches!(bytes[start - 1], b'"' | b'\'' | b'`');
    let option = start > 0 && bytes[start - 1] == b'-' || text[start..end].starts_with('-');
    if quoted_name || option {
        return;
    }
    if let Some(value) = sentence::password(text, end) {
        found.push(rules::finding(Promise::Password, value, LIKELY));
        return;
    }
    // IDENTIFIED WITH mysql_native_password BY 'x'
    let is_plugin = [" with ", " WITH "].iter().any(|word| text[..start].ends_with(word));
    let mut joined = false;
    for _ in 0..6 {
        let Some((word, after)) = word_at(text, end) else { break };
        let lower = word.to_ascii_lowercase();
        if JOINTS.contains(&lower.as_str()) || lower == "by" && is_plugin {
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
        let digits = held.bytes().any(|b| b.is_ascii_digit()) || is_chosen(held);
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
    // What is random is no code.
    let manner = if randomness::make(held) == Make::Random {
        Manner::Literal
    } else {
        Manner::Setting
    };
    held.len() >= LEAST_BARE
        && is_chosen(held)
        && (mixed || signs || held.len() >= 12)
        && !is_algorithm(held)
        && !held.contains(['(', '/', '<', '['])
        && verdict::judge(Promise::Password, held, manner).is_some()
}

/// `pass x` behind another word, `auth_pass x`, `requirepass x`.
fn after_pass(text: &str, at: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let before = bytes[..at].iter().rev().take(names::LONGEST);
    let start = at - before.take_while(|b| operator::in_name(**b)).count();
    let name = &text[start..at + "pass".len()];
    let behind = at + "pass ".len();
    let behind = behind
        + ["is ", "was "]
            .iter()
            .find(|word| text[behind..].starts_with(**word))
            .map_or(0, |word| word.len());
    let Some(value) = value::value_at(text, behind) else {
        return;
    };
    let held = &text[value.range.clone()];
    let signs = held.bytes().any(|b| b"!@#$%^&*~+".contains(&b));
    let fits = match name.to_ascii_lowercase().as_str() {
        "requirepass" => held.len() >= LEAST_BARE && is_chosen(held) && !is_algorithm(held),
        "pass" => is_made_up(held) && (signs || randomness::make(held) == Make::Random),
        name => names::promise(name) == Some(Promise::Password) && is_made_up(held),
    };
    if fits && verdict::judge(Promise::Password, held, Manner::Literal).is_some() {
        found.push(rules::finding(Promise::Password, value.range, LIKELY));
    }
}

/// `pw is x`, where x is plainly made up by a person or at random.
fn after_pw(text: &str, at: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let is_word = at == 0 || !operator::in_name(bytes[at - 1]);
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

/// Whether letters and digits are mixed as in no word: two digits or more, or one before a letter; or letters of both cases
/// are.
pub(super) fn is_chosen(held: &str) -> bool {
    let digits = held.bytes().filter(u8::is_ascii_digit).count();
    let inner = held
        .as_bytes()
        .windows(2)
        .any(|pair| pair[0].is_ascii_digit() && pair[1].is_ascii_alphabetic());
    let capitals = held.bytes().skip(1).filter(u8::is_ascii_uppercase).count();
    (digits >= 2 || inner) && held.bytes().any(|b| b.is_ascii_alphabetic())
        || capitals >= 3 && randomness::make(held) == Make::Random
}

pub(super) fn is_algorithm(held: &str) -> bool {
    let lower = held.to_ascii_lowercase();
    ALGORITHMS.iter().any(|name| lower.starts_with(name))
}

/// The word behind one space at `at`, and where it ends.
pub(super) fn word_at(text: &str, at: usize) -> Option<(&str, usize)> {
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
            ("use admin and pass Kq7!vLp2Zx9d", "Kq7!vLp2Zx9d"),
            ("auth_pass Kq7vLp2Zx9d\n", "Kq7vLp2Zx9d"),
            (
                "Password for the elastic user (run `x -u elastic`):\n  Kq7vLp2Zx9d\n",
                "Kq7vLp2Zx9d",
            ),
            ("Password\nKq7vLp2Zx9d\n\nUser\nbob", "Kq7vLp2Zx9d"),
            ("password [Kq7vLp2Zx9d]", "Kq7vLp2Zx9d"),
            (
                "GRANT ALL ON *.* TO x IDENTIFIED WITH mysql_native_password BY 'Kq7vLp2Zx9d'",
                "Kq7vLp2Zx9d",
            ),
            ("the wifi pw is Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
            ("requirepass Kq7vLp2Zx9d\n", "Kq7vLp2Zx9d"),
            ("The root password has been set to Kq7vLp2Zx9d for now.", "Kq7vLp2Zx9d"),
            ("Password (temporary): Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
            ("Your new password:\n\n    Kq7vLp2Zx9d\n", "Kq7vLp2Zx9d"),
            ("Password -> Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
            ("password：Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
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
            "we pass Section2b to it",
            "a compass v2Point5x",
            "tests pass 12of13Runs",
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
