//! Private keys in armour: PEM and OpenSSH, PGP, SSH2 and PuTTY.
//!
//! The whole block is found, its first and last line too, in whatever way its line ends are written, indented or
//! prefixed; a block without its end is found as far as its lines look like a key.

use std::ops::Range;

use super::RuleInfo;
use crate::detect::{Finding, Name};

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
/// The fewest base64 characters in a row that are key material.
const LEAST_MATERIAL: usize = 16;
/// The fewest different ones among them: `xxxx…` is no key.
const LEAST_DISTINCT: usize = 6;

/// The private key that begins at `at`, where `-----BEGIN` or `PuTTY-User-Key-File-` stands.
pub(super) fn find(text: &str, at: usize) -> Option<Finding> {
    let rest = &text.as_bytes()[at..];
    let (rule, end) = if rest.starts_with(b"PuTTY-User-Key-File-") {
        (&RULES[1], at + putty(rest)?)
    } else {
        (&RULES[0], at + armoured(rest)?)
    };
    let end = (end..=text.len()).find(|&end| text.is_char_boundary(end))?;
    let (id, label) = (Name::Borrowed(rule.id), Name::Borrowed(rule.label));
    Some(Finding {
        rule: id,
        label,
        start: at,
        end,
        score: 0.95,
    })
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

/// The length of an armoured private key.
fn armoured(bytes: &[u8]) -> Option<usize> {
    let (private, header) = boundary(bytes, b"BEGIN")?;
    if !private {
        return None;
    }
    let body = &bytes[header..bytes.len().min(header + LONGEST)];
    match memchr::memmem::find(body, b"----") {
        Some(next) => match boundary(&body[next..], b"END") {
            Some((true, footer)) => has_material(&body[..next]).then_some(header + next + footer),
            _ => truncated(&body[..next]).map(|length| header + length),
        },
        None => truncated(body).map(|length| header + length),
    }
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
        .any(|pair| pair == [b"PRIVATE".as_slice(), b"KEY".as_slice()]);
    (dashes >= LEAST_DASHES && closing >= LEAST_DASHES)
        .then_some((private, dashes + gap + word.len() + length + closing))
}

/// Whether key material is in `body`.
fn has_material(body: &[u8]) -> bool {
    longest_material(body).is_some()
}

/// The last stretch of key material in `bytes`, if there is one that is long and varied enough.
fn longest_material(bytes: &[u8]) -> Option<Range<usize>> {
    let mut longest = 0..0;
    let mut start = 0;
    for at in 0..=bytes.len() {
        if bytes.get(at).is_some_and(|b| is_base64(*b)) {
            continue;
        }
        if at - start > longest.len() {
            longest = start..at;
        }
        start = at + 1;
    }
    let mut seen = [false; 256];
    bytes[longest.clone()].iter().for_each(|b| seen[usize::from(*b)] = true);
    let varied = seen.iter().filter(|seen| **seen).count() >= LEAST_DISTINCT;
    (longest.len() >= LEAST_MATERIAL && varied).then_some(longest)
}

fn is_base64(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')
}

/// How much of `body` is a key whose end is missing: as many lines as hold key material, the short last one, and the
/// headers and blank lines before them.
fn truncated(body: &[u8]) -> Option<usize> {
    const MOST_HEADERS: usize = 8;
    let (mut end, mut at, mut headers) = (None, 0, 0);
    while at < body.len() {
        let (line, next) = line(body, at);
        let held = &body[at..line];
        let short = end.is_some() && held.trim_ascii().len() < LEAST_MATERIAL;
        if has_material(held) {
            end = Some(line);
        } else if short {
            let last = held.trim_ascii();
            let whole = !last.is_empty()
                && last.iter().all(|b| is_base64(*b))
                && (last.len().is_multiple_of(4) || last.ends_with(b"="));
            return if whole { Some(line) } else { end };
        } else if end.is_some() || headers == MOST_HEADERS {
            return end;
        } else {
            headers += 1;
        }
        at = next;
    }
    end
}

/// Where the line at `at` ends and where the next one begins: at a line end or one written as an escape.
fn line(body: &[u8], at: usize) -> (usize, usize) {
    let end = body[at..]
        .iter()
        .position(|b| matches!(b, b'\n' | b'\r' | b'\\'))
        .map_or(body.len(), |i| at + i);
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
    let private = memchr::memmem::find(bytes, b"Private-Lines:")?;
    if let Some(mac) = memchr::memmem::find(&bytes[private..], b"Private-MAC:") {
        let value = private + mac + b"Private-MAC:".len();
        let length = bytes[value..]
            .iter()
            .take(80)
            .take_while(|b| **b == b' ' || b.is_ascii_hexdigit())
            .count();
        return Some(value + length);
    }
    truncated(&bytes[private..]).map(|length| private + length)
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
