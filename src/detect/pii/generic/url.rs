//! Web addresses.

use super::email_address::is_public_suffix;
use crate::detect::pii::recognizer::{Match, OnByDefault, Recognizer, Scanner, Site, Trigger};
use crate::detect::pii::text;

pub(crate) const ROW: Recognizer = Recognizer {
    about: "URL with a scheme or after www., or a bare domain where the context says so",
    on: OnByDefault::Presidio,
    scanners: &[
        Scanner {
            trigger: Trigger::Colon,
            find: with_scheme,
        },
        Scanner {
            trigger: Trigger::Dot,
            find: without_scheme,
        },
    ],
    against: &[],
    context: &["url", "website", "link", "homepage", "webpage"],
    matches: &[
        "https://www.example.com/",
        "see ‹http://example.webcam›.",
        "(‹https://user@example.com:8080/a?b=c#d›)",
        "\"‹www.example.org/a›\"",
        "<‹ftp://files.example.net›>",
        "‹example.com›, he said",
    ],
    misses: &[
        "file:///etc/hosts",
        "http://localhost/x",
        "a@example.com",
        "1.2",
        "e.g. this",
        "https://example.notatld",
    ],
    ..Recognizer::named("URL")
};

const WITH_SCHEME: f32 = 0.6;
const WITH_WWW: f32 = 0.5;
/// As many words with a dot inside are file names.
const BARE: f32 = 0.3;
const SCHEMES: &[&str] = &["http", "https", "ftp", "ftps", "ws", "wss"];
/// The longest URL that is read, in bytes: what browsers agree on.
const LONGEST_URL: usize = 2048;
/// The longest host name of RFC 1035.
const LONGEST_HOST: usize = 253;

fn with_scheme(site: &Site<'_>) -> Option<Match> {
    let rest = site.text[site.at..].strip_prefix("://")?;
    let rest = &rest[..text::floor(rest, LONGEST_URL)];
    let start = text::run_start(site.text, site.at, 8, |byte| byte.is_ascii_alphabetic());
    let scheme = site.text[start..site.at].to_ascii_lowercase();
    let authority_from = site.at + 3;
    let authority_end = authority_from
        + rest
            .find(|c: char| ends_url(c) || "/?#".contains(c))
            .unwrap_or(rest.len());
    let authority = &site.text[authority_from..authority_end];
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let is_url = SCHEMES.contains(&scheme.as_str()) && is_domain(host.trim_end_matches('.'));
    is_url.then(|| Match {
        start,
        end: url_end(site.text, authority_from),
        score: WITH_SCHEME,
    })
}

/// Woken by the first dot of a host name.
fn without_scheme(site: &Site<'_>) -> Option<Match> {
    let text = site.text;
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let start = text::run_start(text, site.at, 63, is_host);
    let is_inside = |c: char| text::is_word(c) || matches!(c, '@' | '.' | '/' | '\\' | '-' | ':' | '%' | '+');
    if text::before(text, start).is_some_and(is_inside) {
        return None;
    }
    let end = text::run_end(text, site.at, |byte| is_host(byte) || byte == b'.');
    let host = text[start..end].trim_end_matches(['.', '-']);
    let end = start + host.len();
    if !is_domain(host) || text::after(text, end).is_some_and(|c| text::is_word(c) || matches!(c, '@' | '(')) {
        return None;
    }
    let score = if host.to_ascii_lowercase().starts_with("www.") {
        WITH_WWW
    } else {
        BARE
    };
    Some(Match {
        start,
        end: if text[end..].starts_with('/') {
            url_end(text, end)
        } else {
            end
        },
        score,
    })
}

/// Labels with dots between, the last of them a public suffix.
fn is_domain(host: &str) -> bool {
    let is_label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let Some((rest, last)) = host.rsplit_once('.') else {
        return false;
    };
    host.len() <= LONGEST_HOST && rest.split('.').all(is_label) && is_public_suffix(last)
}

/// What cannot be part of a URL as people write it.
fn ends_url(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "<>\"'()[]{}|\\^`,".contains(c)
}

/// Where the path ends that starts at `from`: before the punctuation of the sentence around.
fn url_end(text: &str, from: usize) -> usize {
    let path = &text[from..text::floor(text, from + LONGEST_URL)];
    let path = &path[..path.find(ends_url).unwrap_or(path.len())];
    from + path
        .trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_', '~', '&'])
        .len()
}
