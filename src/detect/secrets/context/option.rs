//! Secrets on command lines: `--password x`, `-u user:password`, `mysql -pSECRET`.

use super::names::{self, Promise};
use super::rules;
use super::value::{self, Value};
use super::verdict::{self, LIKELY, Manner, SURE};
use super::{commands, credentials, operator, stand_in};
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
/// Programs whose option of one letter holds the password, written together with it …
#[rustfmt::skip]
const ATTACHED_PASSWORDS: &[(u8, &[&str])] = &[(b'p', &[
    "mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump", "sshpass", "mysqlimport", "7z", "7za", "7zr", "rar",
    "unrar",
])];
/// … or after a space.
#[rustfmt::skip]
const SPACED_PASSWORDS: &[(u8, &[&str])] = &[
    (b'p', &[
        "sshpass", "docker", "podman", "helm", "psexec", "crane", "skopeo", "mongo", "mongosh", "mongodump",
        "mongorestore", "mongoexport", "mongoimport", "az", "cqlsh", "hydra", "medusa", "ncrack", "evil-winrm",
        "crackmapexec", "netexec", "nxc", "bloodhound-python", "ipmitool", "ldapdomaindump", "vncdo", "useradd",
        "usermod", "rdesktop",
    ]),
    (b'k', &["openssl"]),
    (b'w', &["ldapsearch", "ldapadd", "ldapmodify", "ldapwhoami", "ldapdelete", "ldappasswd"]),
    (b'P', &["sqlcmd", "bcp", "zip", "unzip", "osql"]),
    (b'a', &["redis-cli"]),
    (b'c', &["snmpwalk", "snmpget", "snmpset", "snmpbulkwalk", "snmptable"]),
];
/// Programs whose `-U` takes `user%password`.
const PERCENT_USERS: &[&str] = &["smbclient", "rpcclient", "smbget", "net", "wmic", "winexe"];
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
    if dashes == 1 && matches!(name.as_bytes()[0], b'p' | b'w' | b'P' | b'a' | b'c' | b'k') {
        password_option(text, at, name, found);
    }
    if dashes == 1 && !USER_OPTIONS.contains(&name) && user_option(text, at, name, found) {
        return;
    }
    if dashes == 1 && name.contains('S') && text[..at].ends_with("sudo ") {
        return commands::piped(text, at - "sudo ".len(), false, found);
    }
    // `--password=x` is an assignment, and is found as one.
    let quoted = matches!(bytes.get(end), Some(b'"' | b'\''));
    if !quoted && matches!(bytes.get(end), Some(b'\n' | b'\r')) {
        return next_item(text, start, end, found);
    }
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
        after_percent(text, at, &value, found);
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

/// An item of a list of YAML that is an option, and the next one its value: `- --password`.
fn next_item(text: &str, start: usize, end: usize, found: &mut Vec<Finding>) {
    let lead = text[..start].trim_end_matches('-');
    let rest = text[end..].trim_start_matches(['\r', '\n', ' ']);
    let Some(item) = rest
        .strip_prefix("- ")
        .filter(|item| lead.ends_with("- ") && !item.starts_with('-'))
    else {
        return;
    };
    let Some(promise) = names::promise(&text[start..end]) else {
        return;
    };
    let Some(value) = value::value_at(text, text.len() - item.len()) else {
        return;
    };
    if let Some(score) = verdict::judge(promise, &text[value.range.clone()], Manner::Line) {
        found.push(rules::finding(promise, value.range, score));
    }
}

/// Whether one of `programs` stands in the command before `at`.
fn follows(text: &str, at: usize, programs: &[&str]) -> bool {
    let from = text.floor_char_boundary(at.saturating_sub(PROGRAM_REACH));
    let line = text[from..at].rsplit(['\n', ';', '|', '&']).next().unwrap_or("");
    line.split([' ', '/', '\\', '"', '\'', '`', '$', '('])
        .any(|word| programs.contains(&word.trim_end_matches(".exe").to_ascii_lowercase().as_str()))
}

/// `curl -su user:password`, `curl -uuser:password`, `curl -b 'name=x'`, `smbclient -U user%password`; true where it is one.
fn user_option(text: &str, at: usize, name: &str, found: &mut Vec<Finding>) -> bool {
    let behind = at + 1 + name.len();
    let spaced = text.as_bytes().get(behind) == Some(&b' ');
    let value = match name.as_bytes() {
        [b'b'] if spaced && follows(text, at, &["curl"]) => {
            if let Some(value) = value::value_at(text, behind).filter(|value| value.quoted) {
                credentials::cookies(text, &value, found);
            }
            return true;
        }
        [.., b'u'] if spaced && name.len() <= 5 && follows(text, at, &["curl"]) => value::value_at(text, behind),
        [b'u', _, ..] if text.as_bytes().get(behind) == Some(&b':') && follows(text, at, &["curl"]) => {
            value::value_at(text, at + 2)
        }
        _ => None,
    };
    if let Some(value) = &value {
        user_and_password(text, value, found);
    }
    value.is_some()
}

/// `mysql -pSECRET`, `sshpass -p SECRET`.
fn password_option(text: &str, at: usize, name: &str, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    // The value first: programs are dearer to look for.
    let next = bytes.get(at + 2).copied();
    let attached = name.len() > 1 || matches!(next, Some(b'\'' | b'"'));
    if !attached && (next != Some(b' ') || matches!(bytes.get(at + 3), None | Some(b'-' | b'$'))) {
        return;
    }
    let table = if attached { ATTACHED_PASSWORDS } else { SPACED_PASSWORDS };
    let program = table
        .iter()
        .any(|(letter, programs)| *letter == name.as_bytes()[0] && follows(text, at, programs));
    let Some(value) = program.then(|| value::value_at(text, at + 2)).flatten() else {
        return;
    };
    let held = &text[value.range.clone()];
    // `docker run -p 8080:80` maps ports.
    let ports =
        held.bytes().all(|b| b.is_ascii_digit() || b".:-/".contains(&b)) || text[value.range.end..].starts_with("/tcp");
    if !ports && verdict::judge(Promise::Password, held, Manner::Literal).is_some() {
        found.push(rules::finding(Promise::Password, value.range, LIKELY));
    }
}

/// `smbclient -U user%password`: the password only.
fn after_percent(text: &str, at: usize, value: &Value, found: &mut Vec<Finding>) {
    let held = &text[value.range.clone()];
    let password = held.split_once('%').map_or("", |(_, password)| password);
    let fits = password.len() >= 4 && verdict::judge(Promise::Password, password, Manner::Literal).is_some();
    if fits && follows(text, at, PERCENT_USERS) {
        let range = value.range.end - password.len()..value.range.end;
        found.push(rules::finding(Promise::Password, range, LIKELY));
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
            ("curl -su bob:Sne3sd8AZjq https://x", "bob:Sne3sd8AZjq"),
            ("curl -ubob:Sne3sd8AZjq https://x", "bob:Sne3sd8AZjq"),
            ("curl 'https://x' -b 'session=Sne3sd8AZjq9; lang=en'", "Sne3sd8AZjq9"),
            ("sshpass -p'Sne3sd8AZjq' ssh bob@x", "Sne3sd8AZjq"),
            ("mongo -u bob -p Sne3sd8AZjq --x", "Sne3sd8AZjq"),
            ("ldapsearch -D cn=x -w Sne3sd8AZjq -b dc=x", "Sne3sd8AZjq"),
            ("smbclient //srv/share -U bob%Sne3sd8AZjq", "Sne3sd8AZjq"),
            ("7z x -pSne3sd8AZjq a.7z", "Sne3sd8AZjq"),
            ("hydra -l bob -p Sne3sd8AZjq ssh://x", "Sne3sd8AZjq"),
            ("snmpwalk -v2c -c Sne3sd8AZjq x", "Sne3sd8AZjq"),
            ("args:\n- --db-password\n- Sne3sd8AZjq\n", "Sne3sd8AZjq"),
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
            "du -su bob:Sne3sd8AZjq",
            "grep -w Sne3sd8AZjq file",
            "make -pSne3sd8AZjq",
            "- --password\n- --user\n- Sne3sd8AZjq\n",
            "date -U 50%Sne3sd8AZjq",
            "bash -c Sne3sd8AZjq",
            "--password --user x",
            "- password",
        ] {
            assert_eq!(secrets(text), Vec::<&str>::new(), "{text}");
        }
    }
}
