//! Credentials in addresses: `scheme://user:password@host`.

use super::RuleInfo;
use super::placeholder;
use crate::detect::Finding;

/// The rules of this module.
pub(super) const RULES: &[RuleInfo] = &[RuleInfo {
    id: "url-credentials",
    provider: "generic",
    what: "user and password, or token, before the host of an address",
    label: "URL_CREDENTIALS",
    example: "postgres://api_user:myC0mpl3xPwd@db.internal.example:5432/api_db",
}];

/// How much of an address is looked at, in bytes.
const LONGEST: usize = 512;
/// The shortest user that is a token by itself.
const LEAST_TOKEN: usize = 16;

/// Schemes whose passwords are often written with a bare `/`.
const DATABASES: &[&str] = &[
    "postgres",
    "postgresql",
    "mysql",
    "mongodb",
    "mongodb+srv",
    "redis",
    "rediss",
    "amqp",
    "amqps",
    "mariadb",
];

/// Reports the credentials of the address whose `://` starts at `colon`.
pub(super) fn find(text: &str, colon: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let start = colon + 3;
    let Some(address) = bytes.get(start..bytes.len().min(start + LONGEST)) else {
        return;
    };
    let Some(at) = end_of_user_info(address, &bytes[..colon]) else {
        return;
    };
    let scheme = bytes[..colon].last().is_some_and(u8::is_ascii_alphanumeric);
    let host = address
        .get(at + 1)
        .is_some_and(|b| b.is_ascii_alphanumeric() || b"[{$%_*(".contains(b));
    let shown = is_example(&address[..at], &address[at + 1..], is_web(&bytes[..colon]));
    if scheme && host && is_secret(&address[..at]) && !shown {
        found.push(RULES[0].finding(start..start + at, 0.9));
    }
}

/// Where the `@` before the host stands: the last one of the authority, or, in the addresses of databases, the first one
/// behind a `/`.
fn end_of_user_info(address: &[u8], scheme: &[u8]) -> Option<usize> {
    let mut last = None;
    for (i, b) in address.iter().enumerate() {
        match b {
            b'@' => last = Some(i),
            b'/' | b'?' | b'#' => {
                let database = last.is_none()
                    && !scheme.ends_with(b"http")
                    && !scheme.ends_with(b"https")
                    && DATABASES.iter().any(|name| scheme.ends_with(name.as_bytes()));
                return if database {
                    in_database_address(&address[i..]).map(|at| i + at)
                } else {
                    last
                };
            }
            b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\' | b'|' | b'^' => return last,
            _ => {}
        }
    }
    last
}

/// Where the first `@` of an address stands, if the address goes on until there.
fn in_database_address(rest: &[u8]) -> Option<usize> {
    let at = memchr::memchr(b'@', rest)?;
    let broken = rest[..at]
        .iter()
        .any(|b| b.is_ascii_whitespace() || b"\"'`<>\\".contains(b));
    (!broken).then_some(at)
}

/// Whether the part before the host holds a password, or a token in the place of the user.
fn is_secret(user_info: &[u8]) -> bool {
    let colon = memchr::memchr(b':', user_info);
    let (user, password) = colon.map_or((user_info, &b""[..]), |colon| {
        (&user_info[..colon], &user_info[colon + 1..])
    });
    if !password.is_empty() {
        return !is_reference(password);
    }
    let digits = user.iter().filter(|b| b.is_ascii_digit()).count();
    user.len() >= LEAST_TOKEN
        && digits >= 2
        && !is_reference(user)
        && user.iter().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(b))
}

/// The words that documents write for a user and a password.
const EXAMPLES: &[&[u8]] = &[
    b"abc",
    b"xyz",
    b"123",
    b"user",
    b"username",
    b"name",
    b"pass",
    b"password",
    b"passwd",
    b"secret",
    b"guest",
    b"john%40example.com",
];
/// The hosts that are reserved for documents (RFC 2606) …
const EXAMPLE_HOSTS: &[&[u8]] = &[b"example.com", b"example.org", b"example.net"];
/// … and those that documents write whatever the scheme.
const ANY_HOSTS: &[&[u8]] = &[b"localhost", b"host", b"hostname"];

fn is_web(scheme: &[u8]) -> bool {
    scheme.ends_with(b"http") || scheme.ends_with(b"https")
}

/// Whether an address is that of a document: both parts are such words, and its host is reserved, which counts on the web only,
/// or that of a document too.
fn is_example(user_info: &[u8], rest: &[u8], web: bool) -> bool {
    let length = rest
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
        .count();
    let mut parts = user_info.split(|b| *b == b':');
    let reserved = |host: &&[u8]| {
        rest[..length]
            .strip_suffix(*host)
            .is_some_and(|sub| sub.is_empty() || sub.ends_with(b"."))
    };
    let shown = web && EXAMPLE_HOSTS.iter().any(reserved) || ANY_HOSTS.contains(&&rest[..length]);
    shown && parts.clone().count() == 2 && parts.all(|part| EXAMPLES.contains(&part))
}

/// Whether a password stands elsewhere: `$PASSWORD`, `${x}`, `{{ x }}`, `%s`, `***`, `[PASSWORD]`, a placeholder.
fn is_reference(password: &[u8]) -> bool {
    let text = String::from_utf8_lossy(password);
    let first = password[0];
    let variable = first == b'$'
        && password
            .get(1)
            .is_some_and(|b| b.is_ascii_alphabetic() || b"{(_".contains(b));
    let wrapped = matches!(
        (first, password[password.len() - 1]),
        (b'[', b']') | (b'{', b'}') | (b'(', b')')
    );
    variable
        || wrapped
        || password.starts_with(b"%s")
        || password.starts_with(b"%v")
        || text.contains("${")
        || text.contains("{{")
        || password.iter().all(|b| *b == first)
        || text.to_ascii_lowercase().contains("xxxx")
        || placeholder::first(&text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn credentials(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        text.match_indices("://")
            .for_each(|(colon, _)| find(text, colon, &mut found));
        found.iter().map(|finding| &text[finding.start..finding.end]).collect()
    }

    #[test]
    fn user_and_password() {
        for (text, expected) in [
            (
                "url: mongodb://jrfdeg42:p4Dsr8b@127.0.0.1:32768/architecture",
                "jrfdeg42:p4Dsr8b",
            ),
            (
                "mongodb+srv://user:D1fficultP%40ssw0rd@cluster0.example.net/?w=majority",
                "user:D1fficultP%40ssw0rd",
            ),
            (
                "\"smtps://example@gmail.com:FnD83JZs@smtp.gmail.com:465\"",
                "example@gmail.com:FnD83JZs",
            ),
            ("ftp://data:ELaiWa)8ae@ocean.net", "data:ELaiWa)8ae"),
            ("http://:password@example.com", ":password"),
            ("postgres://u:pa/ss@db:5432/x", "u:pa/ss"),
            ("https://user:pass@db.internal.io", "user:pass"),
            ("https://user:hunter2@example.com", "user:hunter2"),
            ("ftp://user:pass@example.com", "user:pass"),
            ("https://user:pass@badexample.com", "user:pass"),
            ("https://Ua9vWx4yAz0BcDeFgHiJ:@npm.fury.io/me", "Ua9vWx4yAz0BcDeFgHiJ:"),
            (
                "https://0123456789abcdef0123456789abcdef@example.com/x",
                "0123456789abcdef0123456789abcdef",
            ),
        ] {
            assert_eq!(credentials(text), [expected], "{text}");
        }
    }

    #[test]
    fn no_credentials() {
        for text in [
            "https://url:8000 @something else",
            "amqps://username:$password@localhost:5672",
            "https://packages.example.com/@svgr/core",
            "https://example.com:8080/a@b",
            "ssh://git@github.com/x/y",
            "mongodb://{{ .Values.user }}:{{ .Values.password }}@mongo.example.net/app",
            "mongodb+srv://<username>:<password>@cluster.mongodb.net/app",
            "https://user:***@example.com",
            "https://user:pass@sub.example.com:8080/p",
            "https://abc:xyz@example.com",
            "http://john%40example.com:password@example.com/",
            "postgres://user:password@localhost:5432/db",
            "amqp://guest:guest@localhost:5672/",
            "mongodb://username:password@host:27017",
            "https://user:<PASSWORD>@example.com",
            "https://example.com/?q=a:b@c",
            "://a:b@c",
            "x://",
        ] {
            assert_eq!(credentials(text), Vec::<&str>::new(), "{text}");
        }
    }

    proptest! {
        /// Findings are whole characters of any text.
        #[test]
        fn findings_are_stretches_of_the_text(text in "([a-z]{1,5}|://|[:@/?#%$<]|[A-Za-z0-9]{1,20}|é|\n){0,16}") {
            let mut found: Vec<Finding> = Vec::new();
            text.match_indices("://").for_each(|(colon, _)| super::find(&text, colon, &mut found));
            for finding in found {
                prop_assert!(finding.start < finding.end && text.get(finding.start..finding.end).is_some());
            }
        }
    }
}
