//! Private keys in armour: PEM and OpenSSH, PGP, SSH2 and PuTTY.
//!
//! The whole block is found, its first and last line too, in whatever way its line ends are written, indented or
//! prefixed; a block without its end, or without its beginning, is found as far as its lines look like a key. One that
//! goes on in the next text is followed there ([`strand`]).

mod material;
mod strand;

use self::material::Line;
pub use self::strand::Strand;
use super::RuleInfo;
use crate::detect::Finding;
use std::ops::Range;

/// The rules of this module.
pub(super) const RULES: &[RuleInfo] = &[
    RuleInfo {
        id: "private-key",
        provider: "generic",
        what: "private key in PEM, OpenSSH, PGP or SSH2 armour",
        label: "PRIVATE_KEY",
        example: "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEID4VC4s0b2n3yvypHb2GO9prFUctYtHm\n-----END EC PRIVATE KEY-----",
    },
    RuleInfo {
        id: "putty-private-key",
        provider: "generic",
        what: "PuTTY private key file",
        label: "PRIVATE_KEY",
        example: "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\nAAAAIDm1qYhmHrkXh8Y1aZ7Rr2uMbdxI\nPrivate-MAC: 0a1b2c",
    },
];

/// The longest block that is looked for, in bytes: post-quantum keys take 12 KiB, a PGP key ring much more.
const LONGEST: usize = 256 << 10;
/// The longest PuTTY key file.
const LONGEST_PUTTY: usize = 32 << 10;
/// The fewest dashes of a boundary line: SSH2 has four, the others five.
const LEAST_DASHES: usize = 4;
/// The longest label between `BEGIN` and its dashes.
const LONGEST_LABEL: usize = 64;
/// The least key material in lines that are too short to be told from words.
const LEAST_OF_SHORT_LINES: usize = 48;
/// The least share of key material in a block, as a divisor: its lines may be numbered, timed and quoted.
const LEAST_SHARE: usize = 4;
/// What stands before the private lines of a PuTTY key file.
const PRIVATE_LINES: &[u8] = b"Private-Lines:";
/// The pairs of words that name what is private.
const PRIVATE: &[[&[u8]; 2]] = &[[b"PRIVATE", b"KEY"], [b"Static", b"key"]];
/// The private key that begins at `at`, where `-----BEGIN` or `PuTTY-User-Key-File-` stands.
pub(super) fn find(text: &str, at: usize) -> Option<Finding> {
    let rest = &text.as_bytes()[at..];
    let (rule, end) = if rest.starts_with(b"PuTTY-User-Key-File-") {
        (&RULES[1], at + putty(rest)?)
    } else {
        (&RULES[0], at + armoured(rest)?)
    };
    let end = (end..=text.len()).find(|&end| text.is_char_boundary(end))?;
    Some(key(rule, at..end))
}

/// The private key in armour whose first line has its `BEGIN` at `begin`.
pub(super) fn armour(text: &str, begin: usize) -> Option<Finding> {
    let before = &text.as_bytes()[..begin];
    let gap = before.iter().rev().take(1).filter(|b| is_gap(b)).count();
    let dashes = before[..begin - gap].iter().rev().take(5).take_while(|b| **b == b'-');
    let dashes = dashes.count();
    (dashes >= LEAST_DASHES).then(|| find(text, begin - gap - dashes))?
}

/// What parts the words of a boundary line; spaces may have been encoded.
fn is_gap(b: &u8) -> bool {
    matches!(b, b' ' | b'+' | b'_')
}

/// What is left of a private key before its last line, whose `PRIVATE` is at `at`; the whole of one that begins there, too.
pub(super) fn tail(text: &str, at: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let reach = at.saturating_sub(LONGEST_LABEL);
    let word = reach + memchr::memmem::rfind(&bytes[reach..at], b"END")?;
    let gap = bytes[..word].iter().rev().take(1).filter(|b| is_gap(b)).count();
    let dashes = bytes[..word - gap]
        .iter()
        .rev()
        .take(5)
        .take_while(|b| **b == b'-')
        .count();
    let end = word - gap - dashes;
    let (private, footer) = boundary(&bytes[end..], b"END")?;
    let from = end.saturating_sub(LONGEST);
    let from = from + memchr::memmem::rfind(&bytes[from..end], b"----").map_or(0, |earlier| earlier + 4);
    let (mut start, mut sure, mut at) = (None, false, from);
    while at < end {
        let (line, next) = line(&bytes[..end], at);
        match material::kind(&bytes[at..line]) {
            Line::Blank => {}
            Line::Header | Line::Other if !(start.is_some() && material::may_be_last(&bytes[at..line])) => {
                (start, sure) = (None, false);
            }
            kind => {
                start = start.or(Some(at));
                sure |= kind == Line::Sure;
            }
        }
        at = next;
    }
    let start = (0..=start.filter(|_| private && sure)?)
        .rev()
        .find(|&start| text.is_char_boundary(start))?;
    Some(key(&RULES[0], start..end + footer))
}

fn key(rule: &RuleInfo, span: Range<usize>) -> Finding {
    rule.finding(span, 0.95)
}

/// The length of an armoured private key.
fn armoured(bytes: &[u8]) -> Option<usize> {
    let (private, header) = boundary(bytes, b"BEGIN")?;
    if !private {
        return None;
    }
    let body = &bytes[header..bytes.len().min(header + LONGEST)];
    let (next, footer) = next_boundary(body);
    match footer {
        Some(footer) if is_key(&body[..next]) => Some(header + next + footer),
        _ => truncated(&body[..next]).map(|length| header + length),
    }
}

/// Where the next boundary line of any armour starts in `body`, else its end; and how long it is, if it ends a private key.
fn next_boundary(body: &[u8]) -> (usize, Option<usize>) {
    let mut at = 0;
    while let Some(dashes) = memchr::memmem::find(&body[at..], b"----") {
        at += dashes;
        if let Some((private, length)) = boundary(&body[at..], b"END") {
            return (at, private.then_some(length));
        }
        if boundary(&body[at..], b"BEGIN").is_some() {
            return (at, None);
        }
        at += body[at..].iter().take_while(|b| **b == b'-').count();
    }
    (body.len(), None)
}

/// Whether a boundary line names a private key, and its length: four dashes or more, `word`, a label, dashes.
fn boundary(bytes: &[u8], word: &[u8]) -> Option<(bool, usize)> {
    let dashes = bytes.iter().take_while(|b| **b == b'-').count();
    let gap = bytes[dashes..].iter().take(1).filter(|b| is_gap(b)).count();
    let label = bytes[dashes + gap..].strip_prefix(word)?;
    let length = label
        .iter()
        .take(LONGEST_LABEL)
        .take_while(|b| b.is_ascii_alphanumeric() || is_gap(b))
        .count();
    let closing = label[length..].iter().take(8).take_while(|b| **b == b'-').count();
    let words: Vec<&[u8]> = label[..length].split(is_gap).collect();
    let private = words
        .windows(2)
        .any(|pair| PRIVATE.iter().any(|name| pair == name.as_slice()));
    (dashes >= LEAST_DASHES && closing >= LEAST_DASHES)
        .then_some((private, dashes + gap + word.len() + length + closing))
}

/// Whether what stands between the first and the last line of a key is one, rather than code that names both.
fn is_key(body: &[u8]) -> bool {
    let (mut held, mut short, mut at) = (0, 0, 0);
    while at < body.len() {
        let (line, next) = line(body, at);
        match material::kind(&body[at..line]) {
            Line::Short => short += material::amount(&body[at..line]),
            _ => held += material::amount(&body[at..line]),
        }
        at = next;
    }
    let enough = held > 0 || short >= LEAST_OF_SHORT_LINES;
    enough && (held + short) * LEAST_SHARE >= body.len()
}

/// How much of `body` is a key whose end is missing: as many lines as hold key material, the short last one, and the
/// headers and blank lines before them.
fn truncated(body: &[u8]) -> Option<usize> {
    const MOST_HEADERS: usize = 8;
    let (mut end, mut at, mut headers, mut short) = (None, 0, 0, 0);
    while at < body.len() {
        let (line, next) = line(body, at);
        let held = &body[at..line];
        match material::kind(held) {
            Line::Sure | Line::Likely => end = Some(line),
            Line::Short if end.is_some() => end = Some(line),
            Line::Short => {
                short += material::amount(held);
                end = (short >= LEAST_OF_SHORT_LINES).then_some(line);
            }
            _ if end.is_some() => return if material::may_be_last(held) { Some(line) } else { end },
            Line::Blank | Line::Header if headers < MOST_HEADERS && short == 0 => headers += 1,
            _ => return None,
        }
        at = next;
    }
    end
}

/// Where the line at `at` ends and where the next one begins: at a line end or one written as an escape.
fn line(body: &[u8], at: usize) -> (usize, usize) {
    let end = memchr::memchr3(b'\n', b'\r', b'\\', &body[at..]).map_or(body.len(), |i| at + i);
    let mut next = end;
    while let Some(&b) = body.get(next) {
        let escape = matches!(b, b'n' | b'r' | b't') && body[next - 1] == b'\\';
        if next > end && !escape && !matches!(b, b'\n' | b'\r' | b'\\') {
            break;
        }
        next += 1;
    }
    (end, next.max(at + 1))
}

/// The length of a PuTTY key file with a private part: up to its MAC, or else to the last line of key material.
fn putty(bytes: &[u8]) -> Option<usize> {
    let bytes = &bytes[..bytes.len().min(LONGEST_PUTTY)];
    let next = memchr::memmem::find(&bytes[1..], b"PuTTY-User-Key-File-").map_or(bytes.len(), |at| at + 1);
    let bytes = &bytes[..next];
    let private = memchr::memmem::find(bytes, PRIVATE_LINES)? + PRIVATE_LINES.len();
    if let Some(mac) = memchr::memmem::find(&bytes[private..], b"Private-MAC:") {
        let value = private + mac + b"Private-MAC:".len();
        let length = bytes[value..]
            .iter()
            .take(80)
            .take_while(|b| **b == b' ' || b.is_ascii_hexdigit())
            .count();
        return Some(value + length);
    }
    let lines = private
        + bytes[private..]
            .iter()
            .take_while(|b| **b == b' ' || b.is_ascii_digit())
            .count();
    truncated(&bytes[lines..]).map(|length| lines + length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINE: &str = "MIIEpQIBAAKCAQEAn6/O8li+SX4m98LLYt/PKSzEmQ++ZBD7Loh9P13f4yQ92EF3";

    /// What is found in `text` at its first dash.
    fn found(text: &str) -> Option<&str> {
        let at = text.find("----").or_else(|| text.find("PuTTY"))?;
        find(text, at).map(|key| &text[key.start..key.end])
    }

    #[test]
    fn whole_blocks_in_every_dress() {
        for end in [
            "\n",
            "\r\n",
            "\\n",
            "\\\\n",
            "\\r\\n",
            "\n    ",
            "\n# ",
            "\n> ",
            "\n+",
            " ",
            "\n2026-04-26 12:36:01 ",
        ] {
            for kind in [
                "PRIVATE KEY",
                "RSA PRIVATE KEY",
                "OPENSSH PRIVATE KEY",
                "PGP PRIVATE KEY BLOCK",
            ] {
                let key = format!("-----BEGIN {kind}-----{end}{LINE}{end}{LINE}{end}-----END {kind}-----");
                assert_eq!(found(&format!("a {key} b")), Some(key.as_str()));
            }
        }
    }

    #[test]
    fn a_block_without_its_end_goes_as_far_as_its_lines() {
        let key = format!("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n{LINE}\n{LINE}\nL5iWcrQ=");
        assert_eq!(found(&format!("{key}\nand more text here")), Some(key.as_str()));
        assert_eq!(
            found(&format!("{key}\n-----BEGIN CERTIFICATE-----\n")),
            Some(key.as_str())
        );
        let escaped = key.replace('\n', "\\n");
        assert_eq!(found(&escaped), Some(escaped.as_str()));
    }

    #[test]
    fn what_is_public_or_empty_is_no_key() {
        assert_eq!(
            found(&format!("-----BEGIN PUBLIC KEY-----\n{LINE}\n-----END PUBLIC KEY-----")),
            None
        );
        assert_eq!(
            found(&format!(
                "-----BEGIN CERTIFICATE-----\n{LINE}\n-----END CERTIFICATE-----"
            )),
            None
        );
        assert_eq!(
            found("-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----"),
            None
        );
        assert_eq!(found("the line -----BEGIN PRIVATE KEY----- starts a key"), None);
    }

    #[test]
    fn blocks_of_short_lines_and_with_a_line_of_dashes() {
        let short: Vec<&str> = LINE
            .as_bytes()
            .chunks(12)
            .map(|line| std::str::from_utf8(line).expect("ASCII"))
            .collect();
        let short = short.join("\n");
        for body in [
            short.as_str(),
            &format!("{LINE}\n----\n{LINE}"),
            &format!("{LINE}\n--------\n{short}"),
        ] {
            let key = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----");
            assert_eq!(found(&format!("{key}\n")), Some(key.as_str()));
        }
        let cut = format!("-----BEGIN PRIVATE KEY-----\n{short}");
        assert_eq!(found(&cut), Some(cut.as_str()));
        let static_key = "-----BEGIN OpenVPN Static key V1-----\na24ea9d8c3e565f1c272bf8b2c897e1d\n60bbea243cfaef0afe0b22d0970150a8\n-----END OpenVPN Static key V1-----";
        assert_eq!(found(static_key), Some(static_key));
    }

    #[test]
    fn code_that_mentions_a_key_is_none() {
        for code in [
            "if (pem.startsWith(\"-----BEGIN PRIVATE KEY-----\")) {\n  return importPKCS8SomethingVeryLong(pem, algorithmIdentifierFor(alg));\n}\n",
            "header = b\"-----BEGIN RSA PRIVATE KEY-----\"\nreturn base64.b64encode(internationalization_bytes_of_the_key)\n",
            "const pem = '-----BEGIN PRIVATE KEY-----\\n' + btoa(exportedPrivateKeyBytes) + '\\n-----END PRIVATE KEY-----';",
            "s.replace(/-----BEGIN PRIVATE KEY-----/, '')\nconst sha = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b';\n",
            "| `-----BEGIN PRIVATE KEY-----` | a key |\n|----|----|\n| `-----END PRIVATE KEY-----` | its end |\n",
            "-----BEGIN PRIVATE KEY-----\nYOUR KEY GOES HERE\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n<base64 encoded data>\n-----END PRIVATE KEY-----",
        ] {
            assert_eq!(found(code), None, "{code}");
        }
    }

    #[test]
    fn the_end_of_a_key_is_known_by_its_last_line() {
        let rest = |text: &str| {
            let at = text.find("PRIVATE").expect("a last line");
            tail(text, at).map(|key| text[key.start..key.end].to_owned())
        };
        for end in ["\n", "\\n", "\r\n"] {
            let key = format!("{LINE}{end}{LINE}{end}L5iWcrQ={end}-----END RSA PRIVATE KEY-----");
            assert_eq!(rest(&format!("of a log:\n{key}\nb")), Some(key));
        }
        for other in [
            "it ends with\n-----END PRIVATE KEY-----",
            "-----BEGIN CERTIFICATE-----\n-----END PRIVATE KEY-----",
            "a PRIVATE KEY",
            "-----END RSA PUBLIC KEY----- and a PRIVATE one",
        ] {
            assert_eq!(rest(other), None, "{other}");
        }
    }

    #[test]
    fn ssh2_and_putty() {
        let ssh2 = format!(
            "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: x\n{LINE}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----"
        );
        assert_eq!(found(&ssh2), Some(ssh2.as_str()));
        let putty = format!(
            "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nPublic-Lines: 1\n{LINE}\nPrivate-Lines: 1\n{LINE}\nPrivate-MAC: 0aff"
        );
        assert_eq!(found(&format!("{putty}\nx")), Some(putty.as_str()));
    }

    #[test]
    fn many_headers_take_linear_time() {
        let text = "-----BEGIN PRIVATE KEY-----".repeat(20_000);
        let keys = (0..text.len())
            .step_by(27)
            .filter(|&at| find(&text, at).is_some())
            .count();
        assert_eq!(keys, 0);
    }

    proptest! {
        /// Findings are whole characters of any text.
        #[test]
        fn findings_are_stretches_of_the_text(text in "(-----BEGIN|-----END| PRIVATE KEY|-----|[A-Za-z0-9+/]{0,64}|\n|\\\\n|é|---- BEGIN SSH2|Proc-Type: 4){0,16}") {
            let mut found: Vec<Finding> = Vec::new();
            text.match_indices('-').for_each(|(at, _)| found.extend(super::find(&text, at)));
            for finding in found {
                prop_assert!(finding.start < finding.end && text.get(finding.start..finding.end).is_some());
            }
        }
    }
}
