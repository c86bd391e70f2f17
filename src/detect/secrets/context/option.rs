//! Secrets on command lines: `--password x`, `-u user:password`, `mysql -pSECRET`.

use super::names::{self, Promise};
use super::rules;
use super::value::{self, Value};
use super::verdict::{self, LIKELY, Manner, SURE};
use super::{operator, stand_in};
use crate::detect::Finding;

/// Options whose value is `user:password`.
const USER_OPTIONS: &[&str] = &[
    "u",
    "U",
    "user",
    "proxy-user",
    "userpwd",
    "credentials",
    "creds",
    "auth",
    "a",
];
/// Programs whose `-p` holds the password, written together with it or after a space.
const ATTACHED_PASSWORDS: &[&str] = &[
    "mysql",
    "mysqldump",
    "mysqladmin",
    "mariadb",
    "mariadb-dump",
    "sshpass",
    "mysqlimport",
];
const SPACED_PASSWORDS: &[&str] = &[
    "sshpass",
    "docker",
    "podman",
    "helm",
    "sqlcmd",
    "psexec",
    "ldapsearch",
    "redis-cli",
    "crane",
    "skopeo",
];
/// How far before an option its program may stand, in bytes.
const PROGRAM_REACH: usize = 160;

/// What is found at an option that starts at `at`, its first `-`.
pub(in crate::detect::secrets) fn flag(text: &str, at: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let dashes = bytes[at..].iter().take(3).take_while(|b| **b == b'-').count();
    let start = at + dashes;
    let length = bytes[start..]
        .iter()
        .take(names::LONGEST)
        .take_while(|b| operator::in_name(**b))
        .count();
    let (end, name) = (start + length, &text[start..start + length]);
    if dashes > 2 || name.is_empty() {
        return;
    }
    if dashes == 1 && name.starts_with('p') {
        password_option(text, at, name, found);
    }
    // `--password=x` is an assignment, and is found as one.
    let quoted = matches!(bytes.get(end), Some(b'"' | b'\''));
    let gap = bytes[end..]
        .iter()
        .take(8)
        .take_while(|b| b" \t\"',".contains(b))
        .count();
    if gap == 0 || bytes.get(end + gap) == Some(&b'-') || !bytes[end..end + gap].iter().any(|b| b" \t,".contains(b)) {
        return;
    }
    let next = end
        + bytes[end..end + gap]
            .iter()
            .take_while(|b| quoted && **b != b',' || b" \t".contains(b))
            .count();
    let next = next
        + bytes[next..]
            .iter()
            .take(4)
            .take_while(|b| quoted && b", \t".contains(b))
            .count();
    let Some(value) = value::value_at(text, next) else {
        return;
    };
    if USER_OPTIONS.contains(&name) {
        return user_and_password(text, &value, found);
    }
    let held = &text[value.range.clone()];
    // openssl -passin pass:x
    if let Some(plain) = held.strip_prefix("pass:").filter(|_| name.starts_with("pass")) {
        if verdict::judge(Promise::Password, plain, Manner::Literal).is_some() {
            found.push(rules::finding(
                Promise::Password,
                value.range.start + 5..value.range.end,
                SURE,
            ));
        }
        return;
    }
    let Some(promise) = names::promise(name) else { return };
    if let Some(score) = verdict::judge(promise, held, if value.quoted { Manner::Literal } else { Manner::Line }) {
        found.push(rules::finding(promise, value.range, score));
    }
}

/// `mysql -pSECRET`, `sshpass -p SECRET`.
fn password_option(text: &str, at: usize, name: &str, found: &mut Vec<Finding>) {
    // The value first: programs are dearer to look for.
    if name == "p" && matches!(text.as_bytes().get(at + 3), None | Some(b'-' | b'$')) {
        return;
    }
    let from = text.floor_char_boundary(at.saturating_sub(PROGRAM_REACH));
    let line = text[from..at].rsplit(['\n', ';', '|', '&']).next().unwrap_or("");
    let program = |known: &[&str]| {
        line.split([' ', '/', '\\', '"', '\'', '`', '$', '('])
            .any(|word| known.contains(&word.trim_end_matches(".exe").to_ascii_lowercase().as_str()))
    };
    let value = match name {
        "p" if program(SPACED_PASSWORDS) => value::value_at(text, at + 2).filter(|value| !value.tight),
        "p" if matches!(text.as_bytes().get(at + 2), Some(b'\'' | b'"')) && program(ATTACHED_PASSWORDS) => {
            value::value_at(text, at + 2)
        }
        "p" => None,
        _ if program(ATTACHED_PASSWORDS) => value::value_at(text, at + 2),
        _ => None,
    };
    let Some(value) = value else { return };
    let held = &text[value.range.clone()];
    // `docker run -p 8080:80` maps ports.
    let ports =
        held.bytes().all(|b| b.is_ascii_digit() || b".:-/".contains(&b)) || text[value.range.end..].starts_with("/tcp");
    if !ports && verdict::judge(Promise::Password, held, Manner::Literal).is_some() {
        found.push(rules::finding(Promise::Password, value.range, LIKELY));
    }
}

/// `-u user:password`: both are reported, as tools take a token in the place of either.
fn user_and_password(text: &str, value: &Value, found: &mut Vec<Finding>) {
    const EXAMPLES: &[&str] = &[
        "password",
        "pass",
        "token",
        "passwd",
        "pwd",
        "secret",
        "api_token",
        "apikey",
    ];
    let bytes = text.as_bytes();
    let mut range = value.range.clone();
    // curl --user name:'password'
    if let (false, [b':', b'\'' | b'"', ..]) = (value.quoted, &bytes[range.end..]) {
        let Some(quoted) = value::value_at(text, range.end + 1) else {
            return;
        };
        range.end = quoted.range.end;
    }
    let Some(colon) = text[range.clone()].find(':') else {
        return;
    };
    let password = range.start + colon + 1..range.end;
    let held = text[password].trim_start_matches(['\'', '"']);
    let user = &text[range.start..range.start + colon];
    let user_fits = !user.contains([' ', '/', '{']) && user.len() <= 128;
    let ports = held.bytes().all(|b| b.is_ascii_digit() || b".:-/".contains(&b))
        && user.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let known = EXAMPLES.contains(&held) || ports || held.contains('/') && held.starts_with('/');
    if user_fits && !known && held.len() >= 4 && !stand_in::is_stand_in(held) && !held.contains(' ') {
        found.push(rules::named("context-basic", range, LIKELY));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let starts = text
            .match_indices('-')
            .filter(|(at, _)| *at == 0 || b" \"',".contains(&text.as_bytes()[at - 1]));
        starts.for_each(|(at, _)| flag(text, at, &mut found));
        found.iter().map(|finding| &text[finding.start..finding.end]).collect()
    }

    #[test]
    fn options_with_secrets() {
        for (text, expected) in [
            ("mysql -u root --password Sne3sd8AZjq", "Sne3sd8AZjq"),
            ("-password \"Prl23Db#@\"", "Prl23Db#@"),
            ("--token AIhq5Xyb1Gga9Q5", "AIhq5Xyb1Gga9Q5"),
            (
                "--super-secret_token 1ace4d19-fa7e-b4e2-c3f0-9129474bcd81",
                "1ace4d19-fa7e-b4e2-c3f0-9129474bcd81",
            ),
            ("mysqldump -h db -u root -pS3cr3tpw1 x", "S3cr3tpw1"),
            ("sshpass -p 'S3cr3tpw1' ssh x", "S3cr3tpw1"),
            (
                "curl --user roger23@gmail.com:pQ9wTxu4Fg https://x",
                "roger23@gmail.com:pQ9wTxu4Fg",
            ),
            ("curl --user kevin:'pRf7vG2h1L8nQkW9' -iX", "kevin:'pRf7vG2h1L8nQkW9"),
            ("curl --user  'johns:h0pk1ns~21s' $URL", "johns:h0pk1ns~21s"),
            ("openssl x509 -passin \"pass:nCzx8A8#!\" -in x", "nCzx8A8#!"),
            ("[\"--password\", \"Sne3sd8AZjq\"]", "Sne3sd8AZjq"),
        ] {
            assert_eq!(secrets(text), [expected], "{text}");
        }
    }

    #[test]
    fn options_without() {
        for text in [
            "curl -u username:token",
            "curl --user user:pass --digest",
            "curl --user neo4j:[PASSWORD] http://x",
            "curl -XGET -i -u \"${{ env.ELK_ID }}:${{ build.env.ELK_PASS }}\"",
            "curl --user \"src@gmail.com\" --upload-file out.txt",
            "docker run -p 8080:80 -u 1000:1000 image",
            "mysql -u root -p mydb",
            "mkdir -p some/path1",
            "--password $PASSWORD",
            "--token-file /run/secrets/x1y2z3",
            "sort -u file:x",
            "--password --user x",
            "- password",
        ] {
            assert_eq!(secrets(text), Vec::<&str>::new(), "{text}");
        }
    }
}
