//! Values that no operator joins to their name: `rawg TOKEN 0123…`, `datadog-secrettoken-0024…`, `mistral abcd…`.

use std::ops::Range;
use std::sync::LazyLock;

use super::names::{self, Promise};
use super::providers::{self, FirstLetters};
use super::randomness::{self, Make};
use super::verdict::LIKELY;
use super::{below, credentials, operator, rules, stand_in};
use crate::detect::Finding;

/// How far before a value its names may stand, in bytes.
const REACH: usize = 80;
/// The shortest and the longest value that is taken.
const LEAST: usize = 16;
const MOST: usize = 512;
/// How many words before a value are looked at.
const MOST_WORDS: usize = 4;
/// The longest name that may be joined to its value.
const LONGEST_JOINED: usize = 48;

/// Words that may stand between a provider's name and a value.
#[rustfmt::skip]
const FILLERS: &[&str] = &[
    "key", "token", "secret", "api", "apikey", "access", "private", "pat", "auth", "is", "the", "client", "x", "v1",
    "v3", "models", "tracking_api_key", "access_token", "api_key", "api_token", "secret_key",
];

/// Whether a word, in whatever case, may be one that a value follows: a provider, or a word between one and its key.
fn may_lead(word: &[u8]) -> bool {
    static LEADS: LazyLock<FirstLetters> =
        LazyLock::new(|| FirstLetters::of(providers::shaped().chain(FILLERS.iter().copied())));
    // What joins two words may stand among the first letters, and a domain may stand before.
    LEADS.may_hold(word) || word.iter().any(|b| b"-.$".contains(b))
}

/// What is found in the run of token characters at `run`. A short one may begin with its name if it holds a digit and is no UUID.
pub(in crate::detect::secrets) fn value(text: &str, run: Range<usize>, may_join: bool, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    if run.len() > MOST || matches!(bytes[run.start], b'/' | b'.' | b'~') {
        return;
    }
    let may_join = run.len() >= 3 * LEAST || may_join;
    if let Some(span) = may_join.then(|| joined(text, &run)).flatten() {
        found.push(rules::named("context-token", span, LIKELY));
        return;
    }
    let Some((mut word, mut apart)) = word_before(bytes, run.start) else {
        return below::value(text, run, found);
    };
    let end = run.end + bytes[run.end..].iter().take(2).take_while(|b| **b == b'=').count();
    if let Some(rule) = credentials::scheme(&text[word.clone()]).filter(|_| apart) {
        // auth_header "Basic x"
        if credentials::is_credentials(rule, &text[run.start..end]) {
            found.push(rules::named(rule, run.start..end, LIKELY));
        }
        return;
    }
    // "The token is x".
    if apart && &bytes[word.clone()] == b"is" {
        let Some(before) = word_before(bytes, word.start) else {
            return;
        };
        (word, apart) = before;
    }
    // setApiKey("x")
    apart |= matches!(bytes[word.end..run.start], [b'(', b'"' | b'\'']);
    let telling = operator::may_tell(&bytes[word.clone()]);
    if !telling && !may_lead(&bytes[word.clone()]) {
        return;
    }
    let held = &text[run.start..end];
    let rule = if beside_provider(text, word.clone(), held) {
        "context-provider"
    } else if apart && telling && beside_name(text, &word, held) {
        "context-token"
    } else {
        return;
    };
    if !stand_in::is_stand_in(held) {
        found.push(rules::named(rule, run.start..end, LIKELY));
    }
}

/// The word before `start`, over quotes, brackets, spaces and operators, and whether there are only spaces and quotes.
fn word_before(bytes: &[u8], start: usize) -> Option<(Range<usize>, bool)> {
    let least = start.saturating_sub(REACH);
    let mut end = start;
    let mut apart = true;
    while end > least && start - end < 12 && !operator::in_name(bytes[end - 1]) {
        match bytes[end - 1] {
            b' ' | b'\t' | b'"' | b'\'' | b'`' | b'|' | b']' => {}
            b':' | b'=' | b'>' | b',' | b'(' | b'[' | b'/' | b'@' | b'\\' => apart = false,
            _ => return None,
        }
        end -= 1;
    }
    let mut word = end;
    while word > least && operator::in_name(bytes[word - 1]) {
        word -= 1;
    }
    (word < end && end < start).then_some((word..end, apart))
}

/// Whether the words before a value are the name of a provider whose keys look like it, and words such as `api key`.
fn beside_provider(text: &str, nearest: Range<usize>, held: &str) -> bool {
    let bare = held.trim_end_matches('=');
    // No key of a provider holds these.
    if memchr::memchr2(b'.', b'~', bare.as_bytes()).is_some() {
        return false;
    }
    let mut word = nearest;
    for _ in 0..MOST_WORDS {
        let mut buffer = [0_u8; REACH];
        let Some(lower) = lowered(&text[word.clone()], &mut buffer) else {
            return false;
        };
        if lower.split('.').chain([lower]).any(|part| providers::fits(part, bare)) {
            return true;
        }
        let (true, Some((before, _))) = (FILLERS.contains(&lower), word_before(text.as_bytes(), word.start)) else {
            return false;
        };
        word = before;
    }
    false
}

/// A word in lower case without what joins its parts, `.` aside: `New-York` is `newyork`.
fn lowered<'b>(word: &str, buffer: &'b mut [u8; REACH]) -> Option<&'b str> {
    let kept = word.bytes().filter(|b| *b != b'-' && *b != b'$');
    let length = buffer
        .iter_mut()
        .zip(kept)
        .map(|(to, from)| *to = from.to_ascii_lowercase())
        .count();
    std::str::from_utf8(&buffer[..length]).ok()
}

/// Whether the name before a value, a space away, makes it a secret.
fn beside_name(text: &str, nearest: &Range<usize>, held: &str) -> bool {
    let two = operator::with_words_before(text, nearest);
    let Some(promise) = names::promise(&text[nearest.clone()]) else {
        return false;
    };
    let promise = names::promise(&text[two.clone()]).map_or(promise, |longer| longer.max(promise));
    let digits = held.bytes().filter(u8::is_ascii_digit).count();
    let opaque = match randomness::make(held) {
        Make::Random if names::has_provider(&text[two]) => !held.contains('/') && !has_file_end(held),
        Make::Random => digits >= 3 && !held.contains(['/', '.']) || digits * 8 >= held.len() && !has_file_end(held),
        Make::Hex | Make::Uuid => true,
        _ => false,
    };
    opaque
        && matches!(
            promise,
            Promise::Password | Promise::Pass | Promise::Secret | Promise::Token
        )
}

/// Whether a value ends as the name of a file does.
fn has_file_end(held: &str) -> bool {
    held.rsplit_once('.')
        .is_some_and(|(_, end)| end.len() <= 4 && end.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// The value of a run that begins with its name.
fn joined(text: &str, run: &Range<usize>) -> Option<Range<usize>> {
    let bytes = &text.as_bytes()[run.clone()];
    let limit = LONGEST_JOINED.min(bytes.len().saturating_sub(LEAST));
    // The value holds neither a slash nor a full stop.
    let from = memchr::memrchr2(b'/', b'.', bytes).unwrap_or_default().min(limit);
    let last = from + memchr::memrchr2(b'-', b'.', &bytes[from..limit])?;
    let told = operator::first_telling(&bytes[..last]).unwrap_or(usize::MAX);
    for (i, _) in (from..)
        .zip(&bytes[from..limit])
        .filter(|(_, b)| matches!(b, b'-' | b'.'))
    {
        let telling = told <= i;
        if !telling && !may_lead(&bytes[..i]) {
            continue;
        }
        let (name, value) = (&text[run.start..run.start + i], &text[run.start + i + 1..run.end]);
        let mut buffer = [0_u8; REACH];
        let named = telling && names::promise(name).is_some_and(|promise| promise > Promise::Faint);
        let digits = value.bytes().any(|b| b.is_ascii_digit()) || value.len() >= 3 * LEAST;
        if (named || lowered(name, &mut buffer).is_some_and(|name| providers::fits(name, value)))
            && digits
            && matches!(randomness::make(value), Make::Random | Make::Hex | Make::Uuid)
            && !stand_in::is_stand_in(value)
        {
            return Some(run.start + i + 1..run.end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in the longest run of `text`.
    fn secret(text: &str) -> Option<&str> {
        let in_run = |c: char| c.is_ascii_alphanumeric() || "_-+/.~".contains(c);
        let run = text.split(|c| !in_run(c)).max_by_key(|run| run.len())?;
        let start = run.as_ptr() as usize - text.as_ptr() as usize;
        let mut found = Vec::new();
        let has_digit = run.bytes().any(|b| b.is_ascii_digit());
        value(text, start..start + run.len(), has_digit, &mut found);
        found.first().map(|finding| &text[finding.start..finding.end])
    }

    #[test]
    fn beside_a_name() {
        for (text, expected) in [
            (
                "rawg TOKEN 0123456789abcdef0123456789abcdef",
                "0123456789abcdef0123456789abcdef",
            ),
            (
                "weatherbitSECRET ff9cfa3aafd54870b8407ac660f17590",
                "ff9cfa3aafd54870b8407ac660f17590",
            ),
            (
                "Yahoo Client Secret 44b884ecf9cb42ae97777e5c7248ab5fdf383542 ",
                "44b884ecf9cb42ae97777e5c7248ab5fdf383542",
            ),
            (
                "codatoken-987e6543-a210-47d6-a456-654321098765",
                "987e6543-a210-47d6-a456-654321098765",
            ),
            (
                "dd-apikey-dd52c29224affe29d163c6bf99e5c34f",
                "dd52c29224affe29d163c6bf99e5c34f",
            ),
            (
                "signupgeniusSECRET.53e2ca67b12b98e25e01946ab4669911",
                "53e2ca67b12b98e25e01946ab4669911",
            ),
        ] {
            assert_eq!(secret(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn beside_a_scheme_or_in_a_call() {
        for (text, expected) in [
            (
                "proxy_set_header Authorization \"Basic Ym9iOktxN3ZMcDJaeDlk\";",
                "Ym9iOktxN3ZMcDJaeDlk",
            ),
            ("AUTH PLAIN AGJvYgBLcTd2THAyWng5ZA==", "AGJvYgBLcTd2THAyWng5ZA=="),
            (
                "x.setApiKey(\"44b884ecf9cb42ae97777e5c7248ab5f\")",
                "44b884ecf9cb42ae97777e5c7248ab5f",
            ),
            (
                "the token is 44b884ecf9cb42ae97777e5c7248ab5f",
                "44b884ecf9cb42ae97777e5c7248ab5f",
            ),
        ] {
            assert_eq!(secret(text), Some(expected), "{text}");
        }
        assert_eq!(secret("a basic internationalization2"), None);
    }

    #[test]
    fn beside_a_provider() {
        for (text, expected) in [
            (
                "mistral abcdefghij1234567890ABCDEFGHIJ12",
                "abcdefghij1234567890ABCDEFGHIJ12",
            ),
            (
                "asana :'20c2F0d03201af478ca1aBE9515A1A4FEfb'",
                "20c2F0d03201af478ca1aBE9515A1A4FEfb",
            ),
            (
                "\"new-york-times\": \"zyxw9876vuts5432rqpo1098nmlk7654\"",
                "zyxw9876vuts5432rqpo1098nmlk7654",
            ),
            ("fastforex-abcd1234efgh5678ijkl9012mnop", "abcd1234efgh5678ijkl9012mnop"),
            (
                "parseur x abcdef1234567890abcdef1234567890abcdef12",
                "abcdef1234567890abcdef1234567890abcdef12",
            ),
        ] {
            assert_eq!(secret(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn beside_nothing_telling() {
        for text in [
            "commit 2f495da2e54b98c7fbf2afd6dcdd800b396f2131",
            "gitea/gitea@a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0",
            "the key s390x/fat/aes192-set-encrypt-key-2.asm",
            "access HTTPResponse.headers_and_trailers",
            "next key wasm32-unknown-emscripten",
            "login internationalization-service",
            "checksum = \"dfbc457d0c7a0759a614551b11a6409e5951f6c7537be1f1b7682b9ae9230368\"",
            "monkey-2f495da2e54b98c7fbf2afd6dcdd800b",
        ] {
            assert_eq!(secret(text), None, "{text}");
        }
    }
}
