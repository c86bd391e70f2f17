//! Passwords that stand at a known place of a command or a line of a protocol, beside no name: `AUTH x`,
//! `xfreerdp /p:x`, `jdbc:oracle:thin:bob/x@db`, the code of a wireless network.

use std::ops::Range;

use base64::Engine;

use super::names::Promise;
use super::prose::is_made_up;
use super::randomness::{self, Make};
use super::rules;
use super::verdict::{self, LIKELY, Manner};
use crate::detect::Finding;

/// How far before a sign its command may begin, in bytes.
const REACH: usize = 160;
/// Programs that take a password behind `/p:`.
const REMOTE_DESKTOPS: &[&str] = &["freerdp", "rdesktop", "mstsc", "remmina"];
/// Ways of signing in to servers of mail, whose credentials are base64.
const MECHANISMS: &[&str] = &["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER", "CRAM-MD5"];

/// Reports the password that the colon at `colon` is told by: one right before a value.
#[inline(always)]
pub(super) fn at_colon(text: &str, colon: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let tight = bytes
        .get(colon + 1)
        .is_some_and(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'/'));
    if tight && colon > 1 && matches!(bytes[colon - 1], b'p' | b'P' | b'n' | b'r') {
        match bytes[..colon] {
            [.., b'/', b'p'] => remote_desktop(text, colon, found),
            [.., b';' | b':', b'P'] => wireless_code(text, colon, found),
            [.., b'/', b'u', b's', b'e', b'r'] => share(text, colon - "/user".len(), found),
            [.., b':', b't', b'h', b'i', b'n'] => oracle(text, colon + 1, found),
            _ => {}
        }
    }
}

/// `xfreerdp /u:bob /p:x`.
fn remote_desktop(text: &str, colon: usize, found: &mut Vec<Finding>) {
    let word = word_at(text, colon + 1);
    if REMOTE_DESKTOPS
        .iter()
        .any(|program| line_before(text, colon).contains(program))
    {
        report(text, word, found);
    }
}

/// `WIFI:T:WPA;S:name;P:x;;`, as pictures for phones hold it.
fn wireless_code(text: &str, colon: usize, found: &mut Vec<Finding>) {
    if !line_before(text, colon).contains("WIFI:") {
        return;
    }
    let rest = &text.as_bytes()[colon + 1..];
    let mut length = 0;
    // What is longer is no code of this one, and would be read once more for each of those in it.
    while let Some(&b) = rest.get(length).filter(|b| !b"\r\n\";".contains(b)) {
        if length > REACH {
            return;
        }
        length += 1 + usize::from(b == b'\\' && rest.get(length + 1).is_some_and(u8::is_ascii_graphic));
    }
    report(text, colon + 1..colon + 1 + length, found);
}

/// `net use Z: \\server\share x /user:bob`, of which `/user` is at `option`: the word before it.
fn share(text: &str, option: usize, found: &mut Vec<Finding>) {
    let line = line_before(text, option);
    let words = line.trim_end_matches(' ');
    let word = &words[words.rfind(' ').map_or(0, |blank| blank + 1)..];
    let end = option - (line.len() - words.len());
    if line.contains("net use ") && is_made_up(word) && !word.contains(['\\', ':']) {
        report(text, end - word.len()..end, found);
    }
}

/// `jdbc:oracle:thin:bob/x@//db:1521/orcl`, behind `thin:`.
fn oracle(text: &str, at: usize, found: &mut Vec<Finding>) {
    let word = &text[word_at(text, at)];
    if let Some((user, rest)) = word.split_once('/')
        && let Some((password, _)) = rest.split_once('@')
        && !user.contains('@')
    {
        let start = at + user.len() + 1;
        report(text, start..start + password.len(), found);
    }
}

/// `AUTH x`, `AUTH bob x` and `AUTH PLAIN …`, of which `AUTH ` is at `at`; also `PASS x` of FTP and POP.
pub(super) fn of_protocol(text: &str, at: usize, found: &mut Vec<Finding>) {
    let opens = at == 0 || matches!(text.as_bytes()[at - 1], b'\n' | b' ' | b'>' | b'"' | b'\'' | b'\t');
    if !opens {
        return;
    }
    let first = word_at(text, at + "AUTH ".len());
    let second = word_at(text, first.end + usize::from(text[first.end..].starts_with(' ')));
    if MECHANISMS.contains(&&text[first.clone()]) {
        let held = &text[second.clone()];
        let decoded = base64::engine::general_purpose::STANDARD.decode(held);
        if held.len() >= 8 && decoded.is_ok_and(|decoded| decoded.iter().all(|b| *b < 0x80)) {
            found.push(rules::named("context-basic", second, LIKELY));
        }
        return;
    }
    let plain = |word: &Range<usize>| {
        let held = &text[word.clone()];
        let signs = held.bytes().any(|b| b"!@#$%^&*~+".contains(&b));
        let alone = matches!(text.as_bytes().get(word.end), None | Some(b'\r' | b'\n' | b'"' | b'\''));
        alone && is_made_up(held) && (signs || randomness::make(held) == Make::Random)
    };
    let of_user = text.as_bytes()[at] == b'A' && first.end < second.start;
    let word = [Some(&first), of_user.then_some(&second)]
        .into_iter()
        .flatten()
        .find(|word| plain(word));
    if let Some(word) = word {
        report(text, word.clone(), found);
    }
}

/// What a program reads behind the bar that ends at `end`: `echo 'bob:x' | chpasswd`, where it is `of_user`;
/// `echo x | sudo -S`, `printf '%s' "x" | docker login --password-stdin`.
pub(super) fn piped(text: &str, end: usize, of_user: bool, found: &mut Vec<Finding>) {
    let line = line_before(text, end);
    let Some(command) = line.trim_end_matches(' ').strip_suffix('|') else {
        return;
    };
    let command = command.trim_end_matches(' ');
    if !["echo ", "printf "].iter().any(|program| command.contains(program)) {
        return;
    }
    let unquoted = command.strip_suffix(['\'', '"']);
    let word = unquoted.unwrap_or(command);
    let from = word.rfind([if unquoted.is_some() {
        command.as_bytes()[word.len()] as char
    } else {
        ' '
    }]);
    let start = end - line.len() + from.map_or(0, |before| before + 1);
    let word = start..end - line.len() + word.len();
    of_pair(text, word, of_user, found);
}

/// The same of the option at `option` of a program: `--password-stdin`.
pub(super) fn piped_to(text: &str, option: usize, found: &mut Vec<Finding>) {
    if let Some(bar) = line_before(text, option).rfind("| ") {
        let end = option - line_before(text, option).len() + bar + "| ".len();
        piped(text, end, false, found);
    }
}

/// `chpasswd <<< "bob:x"`, `htpasswd -bc file bob x`, `wpa_passphrase network x`: what stands behind a program that ends at `end`.
pub(super) fn behind_program(text: &str, program: &str, end: usize, found: &mut Vec<Finding>) -> bool {
    let mut at = end
        + if text[end..].starts_with(" <<<") {
            " <<<".len()
        } else {
            0
        };
    let mut words = std::iter::from_fn(|| {
        let blank = text[at..].strip_prefix(' ')?;
        let quote = usize::from(blank.starts_with(['"', '\'']));
        let word = word_at(text, at + 1 + quote);
        at = word.end + quote;
        (!word.is_empty() && text.is_char_boundary(at)).then_some(word)
    });
    let word = match program {
        "chpasswd" => words.find(|word| text[word.clone()].contains(':')),
        "htpasswd" => {
            let given = |word: &Range<usize>| text[word.clone()].starts_with('-') && text[word.clone()].contains('b');
            words
                .next()
                .filter(given)
                .and_then(|_| words.filter(|word| !text[word.clone()].starts_with('-')).nth(2))
        }
        "wpa_passphrase" => words.nth(1),
        _ => return false,
    };
    if let Some(word) = word {
        of_pair(text, word, program == "chpasswd", found);
    }
    true
}

/// Reports a word, or what stands behind the user in it.
fn of_pair(text: &str, word: Range<usize>, of_user: bool, found: &mut Vec<Finding>) {
    let held = &text[word.clone()];
    match held.split_once(':') {
        Some((user, _)) if of_user => report(text, word.start + user.len() + 1..word.end, found),
        _ if !of_user && is_made_up(held) => report(text, word, found),
        _ => {}
    }
}

/// The password of `credentials: bob / x` and `creds: bob:x`, whose value begins with `value`; true where it is one.
pub(super) fn of_login(text: &str, value: &Range<usize>, found: &mut Vec<Finding>) -> bool {
    let held = &text[value.clone()];
    let password = match held.split_once([':', '/']) {
        Some((user, password)) if !user.is_empty() => value.end - password.len()..value.end,
        Some(_) => return false,
        None => match [" / ", " : ", " | "]
            .iter()
            .find(|sign| text[value.end..].starts_with(**sign))
        {
            Some(sign) => word_at(text, value.end + sign.len()),
            None => return false,
        },
    };
    let held = text[password.clone()].trim_end_matches(['.', ',', ';', ')']);
    let signs = held.bytes().any(|b| b"!@#$%^&*~+".contains(&b));
    let fits = is_made_up(held) && (signs || randomness::make(held) == Make::Random);
    if fits {
        report(text, password.start..password.start + held.len(), found);
    }
    fits
}

/// Whether a name may stand before a user and a password.
pub(super) fn gives_login(name: &str) -> bool {
    const NAMES: &[&str] = &["creds", "credentials", "login", "auth"];
    NAMES.iter().any(|end| tail_is(name, end))
}

/// Whether `name` ends with `end`, in whatever case.
fn tail_is(name: &str, end: &str) -> bool {
    let from = name.len().checked_sub(end.len());
    from.and_then(|from| name.get(from..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

fn report(text: &str, word: Range<usize>, found: &mut Vec<Finding>) {
    if verdict::judge(Promise::Password, &text[word.clone()], Manner::Literal).is_some() {
        found.push(rules::finding(Promise::Password, word, LIKELY));
    }
}

/// The word at `at`, up to a blank or a quote.
fn word_at(text: &str, at: usize) -> Range<usize> {
    let length = text.as_bytes()[at..]
        .iter()
        .take(REACH)
        .take_while(|b| b.is_ascii_graphic() && !b"\"'`<>".contains(b))
        .count();
    at..at + length
}

/// What stands before `at` on its line, within reach.
fn line_before(text: &str, at: usize) -> &str {
    let near = &text[text.floor_char_boundary(at.saturating_sub(REACH))..at];
    near.rsplit('\n').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        text.match_indices(':')
            .for_each(|(colon, _)| at_colon(text, colon, &mut found));
        for protocol in ["AUTH ", "PASS "] {
            text.match_indices(protocol)
                .for_each(|(at, _)| of_protocol(text, at, &mut found));
        }
        found.iter().map(|finding| &text[finding.start..finding.end]).collect()
    }

    #[test]
    fn commands() {
        for (text, expected) in [
            ("xfreerdp /v:10.0.0.9 /u:bob /p:Kq7vLp2Zx9d", "Kq7vLp2Zx9d"),
            ("WIFI:T:WPA;S:Guest;P:Kq7v\\;Lp2Zx9d;;", "Kq7v\\;Lp2Zx9d"),
            ("net use Z: \\\\fs1\\share Kq7vLp2Zx9d /user:CORP\\bob", "Kq7vLp2Zx9d"),
            ("jdbc:oracle:thin:bob/Kq7vLp2Zx9d@//db:1521/ORCL", "Kq7vLp2Zx9d"),
            ("> AUTH Kq7vLp2Zx9d\r\n+OK", "Kq7vLp2Zx9d"),
            ("AUTH default Kq7vLp2Zx9d\n", "Kq7vLp2Zx9d"),
            (
                "C: AUTH PLAIN AGJvYgBLcTd2THAyWng5ZA==\nS: 235",
                "AGJvYgBLcTd2THAyWng5ZA==",
            ),
            ("331 Password required\nPASS Kq7vLp2Zx9d\n230 ok", "Kq7vLp2Zx9d"),
        ] {
            assert_eq!(secrets(text), [expected], "{text}");
        }
    }

    #[test]
    fn what_is_read_from_a_pipe_or_behind_a_program() {
        let secret = |text: &str, bar: &str, of_user| {
            let mut found = Vec::new();
            piped(text, text.find(bar).expect("there") + bar.len(), of_user, &mut found);
            found.first().map(|finding| text[finding.start..finding.end].to_owned())
        };
        for (text, of_user) in [
            ("echo 'bob:Kq7vLp2Zx9d' | chpasswd", true),
            ("echo bob:Kq7vLp2Zx9d | chpasswd", true),
            ("$ echo Kq7vLp2Zx9d | sudo -S ls", false),
            ("printf '%s' \"Kq7vLp2Zx9d\" | docker login --password-stdin", false),
        ] {
            assert_eq!(secret(text, "| ", of_user).as_deref(), Some("Kq7vLp2Zx9d"), "{text}");
        }
        for text in [
            "echo $PASSWORD | sudo -S ls",
            "cat Kq7vLp2Zx9d | sudo -S ls",
            "echo done | sudo -S ls",
        ] {
            assert_eq!(secret(text, "| ", false), None, "{text}");
        }
        for (text, program) in [
            ("chpasswd <<< \"bob:Kq7vLp2Zx9d\"", "chpasswd"),
            ("htpasswd -bc .htpasswd bob Kq7vLp2Zx9d", "htpasswd"),
            ("wpa_passphrase Home Kq7vLp2Zx9d", "wpa_passphrase"),
        ] {
            let mut found = Vec::new();
            assert!(behind_program(text, program, program.len(), &mut found));
            assert_eq!(&text[found[0].start..found[0].end], "Kq7vLp2Zx9d", "{text}");
        }
    }

    #[test]
    fn many_codes_take_linear_time() {
        // Only those near the end are short enough.
        assert!(secrets(&"WIFI:P:".repeat(100_000)).len() < 30);
    }

    #[test]
    fn what_only_looks_like_one() {
        for text in [
            "http://x/p:Kq7vLp2Zx9d",
            "copy /p:Kq7vLp2Zx9d",
            "S:Guest;P:Kq7vLp2Zx9d;;",
            "runas /user:CORP\\bob cmd",
            "jdbc:oracle:thin:@db:1521/ORCL",
            "AUTH LOGIN",
            "250-AUTH PLAIN LOGIN",
            "OAUTH Kq7vLp2Zx9d",
            "AUTH failed for user bob2 from 10.0.0.9",
            "PASS src/token.test.ts",
            "--- PASS: TestA2b (0.00s)",
        ] {
            assert_eq!(secrets(text), Vec::<&str>::new(), "{text}");
        }
    }
}
