//! The other ways to read a text that leads somewhere: whoever follows a URI or a path undoes its escapes, walks its
//! dot segments and does not care how its scheme and its host are spelled.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use url::Url;

/// How often escapes are undone: an escape may be escaped itself.
const ROUNDS: usize = 3;

/// What a text reads as beside what it is, each once. Most texts have no other reading.
pub(super) fn readings(text: &str) -> Vec<String> {
    let mut readings = Vec::new();
    if !text.contains(['/', '\\', '%']) {
        return readings;
    }
    let uri = Hierarchical::of(text);
    let parsed = uri.as_ref().and_then(|_| Url::parse(text).ok());
    let parsed = parsed.map(|url| url.to_string());
    let walked = [text, &decoded(text)].map(|text| match Hierarchical::of(text) {
        Some(uri) => uri.walked(),
        None => walked(text),
    });
    let without_escapes = uri.map(|uri| uri.decoded().walked());
    for reading in walked.into_iter().chain(without_escapes).chain(parsed) {
        // A host alone has the path `/`.
        let is_new = reading != text && reading.strip_suffix('/') != Some(text) && !readings.contains(&reading);
        if is_new {
            readings.push(reading);
        }
    }
    readings
}

/// A glob as it fits the readings of what it fits; `None` where that is the glob itself.
pub(super) fn of_glob(glob: &str) -> Option<String> {
    let read = match Hierarchical::until(glob, GLOB_ENDS) {
        Some(uri) => {
            let uri = uri.decoded();
            format!("{}://{}{}", uri.scheme, uri.host(), uri.path)
        }
        None => decoded(glob).into_owned(),
    };
    let wild = |text: &str| text.matches(['*', '?']).count();
    // An escaped star is a star in a name.
    (read != glob && wild(&read) == wild(glob)).then_some(read)
}

/// The scheme of a URI with an authority, and the host that it leads to.
pub(super) fn scheme_and_host(text: &str) -> Option<(String, String)> {
    Hierarchical::of(text).map(Hierarchical::scheme_and_host)
}

/// The same of a glob over such URIs.
pub(super) fn scheme_and_host_of_glob(glob: &str) -> Option<(String, String)> {
    let uri = Hierarchical::until(glob, GLOB_ENDS).filter(|_| glob.contains("://"));
    uri.map(Hierarchical::scheme_and_host)
}

/// What ends the authority of a URI: a browser takes a backslash for a slash.
const ENDS: &[char] = &['/', '\\', '?', '#'];

/// The same in a glob, where a question mark is any letter.
const GLOB_ENDS: &[char] = &['/', '\\'];

/// `scheme://authority/path`.
struct Hierarchical<'t> {
    scheme: String,
    authority: &'t str,
    /// The rest, its separator included.
    path: Cow<'t, str>,
}

impl<'t> Hierarchical<'t> {
    fn of(text: &'t str) -> Option<Self> {
        Self::until(text, ENDS)
    }

    fn until(text: &'t str, ends: &[char]) -> Option<Self> {
        let text = text.trim_start_matches(|c: char| c <= ' ');
        let (scheme, rest) = text.split_once(':')?;
        let is_scheme = scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.*?".contains(&byte));
        if !is_scheme || scheme.is_empty() {
            return None;
        }
        let scheme = scheme.to_ascii_lowercase();
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => rest.split_at(rest.find(ends).unwrap_or(rest.len())),
            // `file:/etc` and `file:\\etc` lead to where `file:///etc` does.
            None if scheme == "file" && rest.starts_with(['/', '\\']) => ("", rest),
            None => return None,
        };
        let path = Cow::Borrowed(path);
        Some(Self {
            scheme,
            authority,
            path,
        })
    }

    /// Its authority in lower case; a file has none where it is on this machine.
    fn host(&self) -> String {
        let host = self.authority.to_lowercase();
        match self.scheme == "file" && host == "localhost" {
            true => String::new(),
            false => host,
        }
    }

    fn scheme_and_host(self) -> (String, String) {
        let host = self.host();
        let host = host.rsplit_once('@').map_or(&*host, |(_, host)| host).to_owned();
        (self.scheme, host)
    }

    /// The same without escapes in its path.
    fn decoded(self) -> Self {
        Self {
            path: Cow::Owned(decoded(&self.path).into_owned()),
            ..self
        }
    }

    fn walked(&self) -> String {
        let end = self.path.find(['?', '#']).unwrap_or(self.path.len());
        let (path, more) = self.path.split_at(end);
        format!("{}://{}{}{more}", self.scheme, self.host(), walked(path))
    }
}

/// A text without its percent escapes, also where these are escaped themselves.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    let mut now = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        if !now.contains('%') {
            break;
        }
        let next = percent_decode_str(&now).decode_utf8_lossy().into_owned();
        if next == *now {
            break;
        }
        now = Cow::Owned(next);
    }
    now
}

/// A path without segments that lead nowhere or back; as it is where it has none.
pub(super) fn walked(path: &str) -> String {
    let segments = || path.split(['/', '\\']);
    let last = segments().count() - 1;
    let mut before = ":";
    let leads_on = segments().enumerate().all(|(at, segment)| {
        // The first and the last may be empty, and what follows the colon of a URI in the middle of a text.
        let may_be_empty = at == last || before.ends_with(':');
        before = segment;
        !matches!(segment, "." | "..") && (!segment.is_empty() || may_be_empty)
    });
    if leads_on {
        return path.to_owned();
    }
    let is_absolute = path.starts_with(['/', '\\']);
    let mut kept: Vec<&str> = Vec::new();
    for segment in segments() {
        match segment {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => drop(kept.pop()),
            ".." if is_absolute => {}
            segment => kept.push(segment),
        }
    }
    let (root, end) = (
        if is_absolute { "/" } else { "" },
        if path.ends_with(['/', '\\']) { "/" } else { "" },
    );
    let walked = kept.join("/");
    match walked.is_empty() {
        true => root.to_owned(),
        false => format!("{root}{walked}{end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_to_one_place_reads_alike() {
        for text in [
            "file:///safe/../etc/passwd",
            "FILE:///etc/passwd",
            "file://localhost/etc/passwd",
            "file:/etc/passwd",
            "file:///%65tc/passwd",
            "file:///safe/%2e%2e/etc/passwd",
            "file:///safe/%252e%252e/etc/passwd",
            "file:///safe%2f..%2fetc/passwd",
            "file:////etc/./passwd",
            " file:///x/..\\etc/passwd",
        ] {
            assert!(
                readings(text).contains(&"file:///etc/passwd".to_owned()),
                "{text}: {:?}",
                readings(text)
            );
        }
        for text in [
            "/safe/../etc/passwd",
            "//etc/passwd",
            "/etc/./passwd",
            "/%65tc/passwd",
            "/../etc/passwd",
        ] {
            assert!(
                readings(text).contains(&"/etc/passwd".to_owned()),
                "{text}: {:?}",
                readings(text)
            );
        }
        assert!(readings("HTTPS://Example.COM/a").contains(&"https://example.com/a".to_owned()));
        assert!(readings("a/../../b").contains(&"../b".to_owned()));
    }

    #[test]
    fn what_reads_in_one_way_has_no_other_readings() {
        for text in [
            "",
            "a",
            "/etc/passwd",
            "a/b/",
            "C:\\x\\y",
            "docs:a",
            "file:///etc/passwd",
            "100 %",
            "x: y",
            "/",
        ] {
            assert_eq!(readings(text), [""; 0], "{text}");
        }
    }
}
