//! Names that look like those of popular packages.

use super::popular;
use crate::scan::package::{Ecosystem, Package};

/// A shorter name has too many honest neighbours at one slip's distance.
const SHORTEST: usize = 6;

/// The popular package whose name this one's looks like; `None` where it is itself popular, or like none.
pub(super) fn imitated(package: &Package) -> Option<&'static str> {
    let names = match package.ecosystem {
        Ecosystem::Npm => popular::NPM,
        Ecosystem::PyPI => popular::PYPI,
        Ecosystem::Jsr => return None,
    };
    let is = |name: &&&str| normalized(package.ecosystem, name) == package.name;
    if names.iter().any(|name| is(&name)) {
        return None;
    }
    let own = folded(&package.name);
    names.iter().copied().find(|name| {
        let other = folded(name);
        own == other || own.len().min(other.len()) >= SHORTEST && strsim::osa_distance(&own, &other) == 1
    })
}

/// A name of the table as packages are named here.
fn normalized(ecosystem: Ecosystem, name: &str) -> String {
    match ecosystem {
        Ecosystem::PyPI => name.replace(['_', '.'], "-").to_ascii_lowercase(),
        _ => name.to_ascii_lowercase(),
    }
}

/// A name without what the eye passes over: the marks between words, and letters that look like others.
fn folded(name: &str) -> String {
    let plain = name.chars().filter(|c| !"-_.@/~".contains(*c));
    let alike = plain.map(|c| match c.to_ascii_lowercase() {
        '0' => 'o',
        '1' | 'i' => 'l',
        '5' => 's',
        c => c,
    });
    alike.collect::<String>().replace("rn", "m").replace("vv", "w")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::package::Version;

    fn like(ecosystem: Ecosystem, name: &str) -> Option<&'static str> {
        imitated(&Package {
            ecosystem,
            name: name.into(),
            version: Version::Any,
        })
    }

    #[test]
    fn a_slip_a_mark_or_a_look_alike_is_seen() {
        for (name, popular) in [
            (
                "@modelcontextprotoco1/server-filesystem",
                "@modelcontextprotocol/server-filesystem",
            ),
            (
                "@modelcontextprotocol/server-filesytem",
                "@modelcontextprotocol/server-filesystem",
            ),
            (
                "modelcontextprotocol-server-filesystem",
                "@modelcontextprotocol/server-filesystem",
            ),
            ("@playwrigth/mcp", "@playwright/mcp"),
            ("mcprernote", "mcp-remote"),
        ] {
            assert_eq!(like(Ecosystem::Npm, name), Some(popular), "{name}");
        }
        assert_eq!(like(Ecosystem::PyPI, "mcp-server-fetcch"), Some("mcp-server-fetch"));
    }

    #[test]
    fn the_popular_and_the_different_are_not() {
        for name in popular::NPM {
            assert_eq!(like(Ecosystem::Npm, &name.to_ascii_lowercase()), None, "{name}");
        }
        for name in popular::PYPI {
            assert_eq!(
                like(Ecosystem::PyPI, &normalized(Ecosystem::PyPI, name)),
                None,
                "{name}"
            );
        }
        for name in [
            "@somebody/server-filesystem",
            "weather-mcp",
            "@acme/mcp",
            "mcp-server-gitea-notes",
        ] {
            assert_eq!(like(Ecosystem::Npm, name), None, "{name}");
        }
        assert_eq!(like(Ecosystem::PyPI, "awslabs-core-mcp-server"), None);
    }
}
