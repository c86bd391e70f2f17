//! What a rule compares with: globs, and regular expressions between slashes.

use regex::Regex;
use serde::Deserialize;
use wildmatch::WildMatch;

use super::{
    readings::{decoded, of_glob, readings, scheme_and_host, scheme_and_host_of_glob},
    reduced::{reduced, value_of},
};
use crate::detect::placeholder;

/// One pattern or several, of which one has to fit.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "OneOrMany")]
pub(super) struct Patterns(Vec<Pattern>);

#[derive(Clone, Debug)]
enum Pattern {
    Glob(Glob),
    Regex(Regex),
}

/// A glob over a whole text.
#[derive(Clone, Debug)]
struct Glob {
    /// As it is written.
    written: WildMatch,
    /// As it fits other readings of a text.
    read: Option<WildMatch>,
    /// Its scheme and its host, if it is of URIs: no star of theirs reaches into a path.
    uri: Option<(WildMatch, WildMatch)>,
    /// As it fits where capitals make no difference, as in most file systems, host names and languages of queries.
    folded: Vec<WildMatch>,
    /// Its value, if it is a number.
    value: Option<f64>,
}

impl Glob {
    fn new(pattern: &str) -> Self {
        let read = of_glob(pattern);
        let globs = [Some(pattern), read.as_deref()].into_iter().flatten();
        Self {
            folded: globs.map(WildMatch::new_case_insensitive).collect(),
            value: value_of(pattern),
            written: WildMatch::new(pattern),
            read: read.map(|read| WildMatch::new(&read)),
            uri: scheme_and_host_of_glob(pattern)
                .map(|(scheme, host)| (WildMatch::new(&scheme), WildMatch::new(&host))),
        }
    }

    fn fits(&self, text: &str) -> bool {
        self.written.matches(text) || self.read.as_ref().is_some_and(|read| read.matches(text))
    }

    /// Whether it fits something that is meant to be the same.
    fn fits_generously(&self, text: &str) -> bool {
        self.folded.iter().any(|glob| glob.matches(text)) || (self.value.is_some() && self.value == value_of(text))
    }

    /// Whether a URI leads to the host that is meant.
    fn leads_to_its_host(&self, text: &str) -> bool {
        self.uri.as_ref().is_none_or(|(scheme, host)| {
            scheme_and_host(text)
                .is_some_and(|(its_scheme, its_host)| scheme.matches(&its_scheme) && host.matches(&its_host))
        })
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "it has to be a pattern, or a list of patterns")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl TryFrom<OneOrMany> for Patterns {
    type Error = String;

    fn try_from(written: OneOrMany) -> Result<Self, String> {
        let written = match written {
            OneOrMany::One(pattern) => vec![pattern],
            OneOrMany::Many(patterns) => patterns,
        };
        let patterns = written.iter().map(|pattern| {
            let inner = pattern.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
            match inner.filter(|inner| !inner.is_empty()) {
                Some(regex) => Regex::new(regex)
                    .map(Pattern::Regex)
                    .map_err(|error| format!("`{pattern}` is no valid regular expression: {error}")),
                None => Ok(Pattern::Glob(Glob::new(pattern))),
            }
        });
        patterns.collect::<Result<_, _>>().map(Self)
    }
}

impl Patterns {
    /// Whether a text fits.
    pub(super) fn fit(&self, text: &str) -> bool {
        self.0.iter().any(|pattern| pattern.fits(text))
    }

    /// Whether a text fits as it is, or as whoever follows or opens it reads it: what is not to pass has to be known
    /// in every spelling.
    pub(super) fn fit_generously(&self, text: &str) -> bool {
        let all = || self.0.iter();
        all().any(|pattern| pattern.fits_generously(text)) || {
            let read = spelled(text);
            all().any(|pattern| read.iter().any(|reading| pattern.fits_generously(reading)))
        }
    }

    /// Whether a text fits in every reading and leads nowhere else: a glob that fits `/safe/*` would fit
    /// `/safe/../etc`, too, and any placeholder of a vault, which may stand for that.
    pub(super) fn fit_safely(&self, text: &str) -> bool {
        let climbs = decoded(text).split(['/', '\\']).any(|segment| segment == "..");
        // What follows a NUL is not opened.
        let hides = placeholder::numbered(text).next().is_some() || decoded(text).contains('\0');
        let fits = |text: &str| {
            self.0.iter().any(|pattern| match pattern {
                Pattern::Glob(glob) => !climbs && !hides && glob.fits(text) && glob.leads_to_its_host(text),
                Pattern::Regex(_) => pattern.fits(text),
            })
        };
        fits(text) && readings(text).iter().all(|reading| fits(reading))
    }

    /// The text with `with` in the place of what fits; `None` where nothing does. What fits only in another spelling is
    /// replaced whole.
    pub(super) fn replaced(&self, text: &str, with: &str) -> Option<String> {
        let mut replaced = None::<String>;
        let read = spelled(text);
        for pattern in &self.0 {
            let now = replaced.as_deref().unwrap_or(text);
            match pattern {
                Pattern::Regex(regex) if regex.is_match(now) => {
                    replaced = Some(regex.replace_all(now, regex::NoExpand(with)).into_owned());
                }
                pattern if pattern.fits_generously(text) => return Some(with.to_owned()),
                pattern if read.iter().any(|reading| pattern.fits_generously(reading)) => return Some(with.to_owned()),
                Pattern::Glob(_) | Pattern::Regex(_) => {}
            }
        }
        replaced
    }
}

/// The other spellings of a text.
fn spelled(text: &str) -> Vec<String> {
    let mut spelled = readings(text);
    spelled.extend(reduced(text));
    spelled
}

impl Pattern {
    fn fits(&self, text: &str) -> bool {
        match self {
            Self::Glob(glob) => glob.fits(text),
            Self::Regex(regex) => regex.is_match(text),
        }
    }

    fn fits_generously(&self, text: &str) -> bool {
        match self {
            Self::Glob(glob) => glob.fits_generously(text),
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(written: serde_json::Value) -> Patterns {
        serde_json::from_value(written).expect("valid")
    }

    #[test]
    fn globs_are_whole_and_regular_expressions_are_not() {
        let glob = patterns("read_*".into());
        assert!(glob.fit("read_file") && !glob.fit("to_read_file"));
        assert!(patterns("/^ab+$/".into()).fit("abb"));
        assert!(patterns(serde_json::json!(["x", "/b/"])).fit("abc"));
        assert!(patterns("/".into()).fit("/"), "a lone slash is itself");
        assert!(serde_json::from_value::<Patterns>("/(/".into()).is_err());
    }

    #[test]
    fn what_denies_fits_every_spelling_and_what_allows_none() {
        let keys = patterns(serde_json::json!(["/x/*.pem", "*/.ssh/*", "1000", "/^9[0-9]{3}$/"]));
        for text in [
            "/x/a.pem/",
            "/x/a.pem\0.txt",
            "/x/a.PEM",
            "file://127.0.0.1/x/a.pem",
            "/home/.ssh",
            "/home/.ssh/",
            "1e3",
            "1000.0",
            " 1000",
            "9.5e3",
        ] {
            assert!(keys.fit_generously(text), "{text:?}");
            assert!(!keys.fit(text) || text == "/home/.ssh/", "{text:?}");
        }
        for other in ["/x/a.pem.bak", "/home/ssh", "10000", "950", "/y/a.pem"] {
            assert!(!keys.fit_generously(other), "{other:?}");
        }
        let texts = patterns("/x/*.txt".into());
        assert!(texts.fit_safely("/x/a.txt"));
        for text in [
            "/x/id_rsa\0.txt",
            "/x/id_rsa%00.txt",
            "/x/a.txt/",
            "/X/a.txt",
            "file:///x/a.txt",
        ] {
            assert!(!texts.fit_safely(text), "{text:?}");
        }
        assert!(!patterns("1000".into()).fit_safely("1e3"));
    }

    #[test]
    fn a_glob_that_allows_does_not_climb() {
        let home = patterns("/home/*".into());
        assert!(home.fit_safely("/home/ada/x..y") && home.fit("/home/../etc"));
        for climbs in [
            "/home/../etc",
            "/home/..",
            "/home/a\\..\\b",
            "/home/%2e%2e/etc",
            "/home/%252e%2e%2Fetc",
        ] {
            assert!(!home.fit_safely(climbs), "{climbs}");
        }
    }

    #[test]
    fn a_glob_that_allows_hosts_reaches_into_no_path() {
        let hosts = patterns("https://*.example.com/*".into());
        for fits in [
            "https://a.example.com/x",
            "https://a.example.com/x%20y",
            "https://me@a.example.com/",
        ] {
            assert!(hosts.fit_safely(fits), "{fits}");
        }
        for other in [
            "https://evil.com/.example.com/x",
            "https://evil.com#.example.com/x",
            "https://evil.com?.example.com/x",
            "https://evil.com\\.example.com/x",
            "https://a.example.com@evil.com/x",
            "http://a.example.com/x",
        ] {
            assert!(!hosts.fit_safely(other), "{other}");
        }
        assert!(patterns("https://a?.example.com/*".into()).fit_safely("https://a1.example.com/x"));
        assert!(patterns("https://*".into()).fit_safely("https://a.b/c?d=e"));
        assert!(!patterns("*://a.b/*".into()).fit_safely("https://evil.com/://a.b/c"));
        assert!(patterns("file:///my%20docs/*".into()).fit_safely("file:///my%20docs/a"));
    }

    #[test]
    fn what_fits_is_replaced() {
        assert_eq!(patterns("a*".into()).replaced("abc", "<X>").as_deref(), Some("<X>"));
        let digits = patterns(serde_json::json!(["/[0-9]+/", "/z$/"]));
        assert_eq!(digits.replaced("a1b22z", "$0").as_deref(), Some("a$0b$0$0"));
        assert_eq!(digits.replaced("abc", ""), None);
        assert_eq!(
            patterns("*.pem".into()).replaced("a.pem/", "<X>").as_deref(),
            Some("<X>")
        );
        assert_eq!(
            patterns("/^a$/".into()).replaced(" a\0b", "<X>").as_deref(),
            Some("<X>")
        );
    }
}
