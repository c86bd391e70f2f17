//! What a text comes down to for whoever opens it: a path without what operating systems, servers and parsers of numbers
//! leave away. A rule that denies, asks or masks has to see through that; one that allows never looks here.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::readings::{decoded, walked};
use crate::detect::unseen::is_unseen;

/// One step towards what is opened; the text as it is where it changes nothing.
type Step = for<'t> fn(&'t str) -> Cow<'t, str>;

/// In the order in which they uncover each other. Each result is a reading, and what the next step starts from.
const STEPS: [Step; 10] = [
    ended_by_nul,
    trimmed,
    behind_file_scheme,
    unescaped,
    compatible,
    with_slashes,
    straight,
    climbed,
    behind_own_root,
    without_end,
];

/// How often the steps are gone through while they still change something: what was escaped may be escaped.
const ROUNDS: usize = 4;

/// Longer numbers are not written out, in digits.
const LONGEST_NUMBER: usize = 400;

/// What a text comes down to, step by step, and as which directory or URI that would be written.
pub(super) fn reduced(text: &str) -> Vec<String> {
    let mut readings: Vec<String> = Vec::new();
    for _ in 0..ROUNDS {
        let before = readings.len();
        for step in STEPS {
            let now = readings.last().map_or(text, String::as_str);
            let next = step(now);
            if next != now {
                readings.push(next.into_owned());
            }
        }
        if readings.len() == before {
            break;
        }
    }
    let last = readings.last().map_or(text, String::as_str).to_owned();
    if is_absolute(&last) || readings.iter().any(|reading| reading.contains('/')) || text.contains('/') {
        readings.push(format!("{last}/"));
    }
    if is_absolute(&last) {
        readings.push(format!("file://{last}"));
    }
    readings.extend(plain_number(text));
    readings
}

/// The value of a text that is a number, however it is written.
pub(super) fn value_of(text: &str) -> Option<f64> {
    let text = text.trim();
    // `inf`, `infinity` and `nan` are words here.
    let is_number = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    text.parse().ok().filter(|_| is_number)
}

/// A number without its exponent and without zeros that say nothing.
fn plain_number(text: &str) -> Option<String> {
    let plain = value_of(text)?.to_string();
    (plain != text && plain.len() <= LONGEST_NUMBER).then_some(plain)
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/')
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_unseen(c)
}

/// The system calls of C end a path there.
fn ended_by_nul(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text.split('\0').next().unwrap_or_default())
}

fn trimmed(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text.trim_matches(is_blank))
}

/// The path of a `file:` URI, also one in a URI of another scheme. Whoever reads it as a path looks at no host.
fn behind_file_scheme(text: &str) -> Cow<'_, str> {
    const SCHEME: &str = "file:";
    let folded = text.to_ascii_lowercase();
    let Some(rest) = folded.find(SCHEME).map(|at| &text[at + SCHEME.len()..]) else {
        return Cow::Borrowed(text);
    };
    let rest = rest.replace('\\', "/");
    let Some(path) = (match rest.strip_prefix("//") {
        Some(behind) => behind.find('/').map(|at| &behind[at..]),
        None => rest.starts_with('/').then_some(&*rest),
    }) else {
        return Cow::Borrowed(text);
    };
    let path = &path[..path.find(['?', '#']).unwrap_or(path.len())];
    let path = path.trim_end_matches("!/");
    // `/C:/x` is `C:/x`.
    let on_drive = path.as_bytes().get(2) == Some(&b':') && path.as_bytes()[1].is_ascii_alphabetic();
    Cow::Owned(path[usize::from(on_drive)..].to_owned())
}

fn unescaped(text: &str) -> Cow<'_, str> {
    decoded(text)
}

/// Without what is not seen, and with the plain forms of full-width letters.
fn compatible(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .filter(|c| c.is_ascii() || c.is_whitespace() || !is_unseen(*c))
            .nfkc()
            .collect(),
    )
}

/// A path of Windows as one with slashes.
fn with_slashes(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let slashed = text.replace('\\', "/");
    let device = ["//?/", "//./"].iter().find_map(|device| slashed.strip_prefix(device));
    Cow::Owned(device.map_or_else(|| slashed.clone(), str::to_owned))
}

fn straight(text: &str) -> Cow<'_, str> {
    match text.contains("://") {
        true => Cow::Borrowed(text),
        false => Cow::Owned(walked(text)),
    }
}

/// A way up from a directory that nobody here knows, as one that ends at the root: enough `..` lead there from anywhere.
fn climbed(text: &str) -> Cow<'_, str> {
    let below = text.trim_start_matches("../");
    match below.len() == text.len() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(format!("/{below}")),
    }
}

/// What follows the root directory of a process in Linux's `/proc`.
fn behind_own_root(text: &str) -> Cow<'_, str> {
    let behind = text.strip_prefix("/proc/").and_then(|rest| rest.split_once("/root/"));
    match behind.filter(|(process, _)| process.split('/').count() <= 3) {
        Some((_, path)) => Cow::Owned(format!("/{path}")),
        None => Cow::Borrowed(text),
    }
}

/// Without slashes at its end, nor what Windows leaves away there: dots, and the name of a file's own stream.
fn without_end(text: &str) -> Cow<'_, str> {
    const STREAM: &str = ":$data";
    let streamless = text.len().checked_sub(STREAM.len()).and_then(|at| {
        let (name, stream) = text.split_at_checked(at)?;
        stream.eq_ignore_ascii_case(STREAM).then(|| name.trim_end_matches(':'))
    });
    let ended = streamless.unwrap_or(text);
    let name = ended.trim_end_matches(['/', '\\', '.']);
    // A root, and what is no name, end as they are.
    Cow::Borrowed(if name.is_empty() || name.ends_with(':') {
        ended
    } else {
        name
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_comes_down_to_what_is_opened() {
        for text in [
            "/etc/passwd/",
            "/etc/passwd//",
            "/etc/passwd\\",
            "/etc/passwd/.",
            "/etc/passwd\0",
            "/etc/passwd\0.txt",
            "/etc/passwd%00.txt",
            " /etc/passwd\n",
            "\u{200b}/etc/pass\u{ad}wd\u{a0}",
            "file:///etc/passwd",
            "file:/etc/passwd",
            "FILE://127.0.0.1/etc/passwd",
            "file://[::1]/etc/passwd?x#y",
            "file:///etc/%2570asswd/",
            "view-source:file:///etc/passwd",
            "jar:file:/etc/passwd!/",
            "/proc/self/root/etc/passwd",
            "/proc/1/task/2/root/etc/passwd",
            "\u{ff0f}etc\u{ff0f}passwd",
            "/x/..//etc/./passwd",
            "./../../../etc/passwd",
            "a/../../..\\etc/passwd",
        ] {
            assert!(
                reduced(text).contains(&"/etc/passwd".to_owned()),
                "{text:?}: {:?}",
                reduced(text)
            );
        }
        for text in [
            "C:\\x\\y.pem",
            "\\\\?\\C:\\x\\y.pem",
            "file:///C:/x/y.pem",
            "C:/x/y.pem::$DATA",
            "C:/x/y.pem. .",
        ] {
            assert!(
                reduced(text).contains(&"C:/x/y.pem".to_owned()),
                "{text:?}: {:?}",
                reduced(text)
            );
        }
        assert!(reduced("/etc").contains(&"/etc/".to_owned()));
        assert!(reduced("/etc").contains(&"file:///etc".to_owned()));
    }

    #[test]
    fn a_number_is_its_value() {
        for text in ["1000", "1000.0", "1e3", "10E+2", " 1000 ", "+1000"] {
            assert_eq!(value_of(text), Some(1000.0), "{text}");
        }
        for text in ["inf", "nan", "1,000", "", "0x10"] {
            assert_eq!(value_of(text), None, "{text}");
        }
        assert!(reduced("1e3").contains(&"1000".to_owned()));
        assert_eq!(reduced("1000"), [""; 0]);
    }

    #[test]
    fn what_leads_nowhere_else_comes_down_to_nothing() {
        for text in ["", "a", "main", "100 %", "x: y", "naïve", "日本"] {
            assert_eq!(reduced(text), [""; 0], "{text}");
        }
    }
}
