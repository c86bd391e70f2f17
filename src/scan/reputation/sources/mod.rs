//! Who is asked about a subject: one file and one row each.

mod deps_dev;
mod github;
mod npm;
mod npm_downloads;
mod osv;
mod pypi;
mod registry;
mod smithery;

use async_trait::async_trait;

use super::{
    child::Child,
    evidence::Evidence,
    fetch::{Fetcher, Trouble},
};
use crate::scan::package::{Ecosystem, Package, Repository, Subject, Version};

/// What a source is asked about.
pub(super) struct Asked<'a> {
    pub(super) subject: &'a Subject,
    /// What the server will be started in: npm, pip and uv are asked there for their registries.
    pub(super) child: &'a Child,
    /// What is known already, in the second round; nothing in the first.
    pub(super) known: Option<&'a Evidence>,
    /// The address that is set for this source, or its own.
    pub(super) base: Option<&'a str>,
    /// Whether that address is its own.
    pub(super) is_own_address: bool,
    pub(super) fetcher: &'a Fetcher,
    /// The value of an environment variable of the gateway.
    pub(super) env: &'a (dyn Fn(&str) -> Option<String> + Sync),
}

impl<'a> Asked<'a> {
    /// The package, if the subject is one of this ecosystem.
    fn package(&self, ecosystem: Ecosystem) -> Option<&'a Package> {
        match self.subject {
            Subject::Package(package) if package.ecosystem == ecosystem => Some(package),
            _ => None,
        }
    }

    /// The repository that the subject is, or that it is known to come from.
    fn repository(&self) -> Option<&'a Repository> {
        match self.subject {
            Subject::Repository { repository, .. } => Some(repository),
            _ => self.known?.repository(),
        }
    }

    /// The version that will run: one that is named, or that a source has told.
    fn version(&self, package: &'a Package) -> Option<&'a str> {
        match &package.version {
            Version::Exact(version) => Some(version),
            _ => self.known?.version.as_deref(),
        }
    }

    fn base(&self) -> Result<&'a str, Trouble> {
        self.base.ok_or(Trouble::NotAsked("no address is set for it"))
    }

    /// A token of the environment, for the source's own address alone.
    fn token(&self, variable: &str) -> Option<String> {
        (self.env)(variable).filter(|token| self.is_own_address && !token.is_empty())
    }
}

/// When a source is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Round {
    /// At once.
    First,
    /// Once it is known which version and which repository are meant.
    Second,
}

/// Somebody who knows something of subjects.
#[async_trait]
pub(super) trait Source: Sync {
    /// Whether it may know something of this.
    fn knows(&self, asked: &Asked<'_>) -> bool;

    /// What it says.
    async fn ask(&self, asked: &Asked<'_>) -> Result<Evidence, Trouble>;
}

/// A row of the table.
pub(super) struct Row {
    /// Its name in `scan.sources` of the configuration, and in reports.
    pub(super) id: &'static str,
    /// Where it is; `None` where only settings of this machine say that.
    pub(super) address: Option<&'static str>,
    pub(super) round: Round,
    pub(super) source: &'static dyn Source,
}

/// Every source. Of two that say the same, the earlier one counts.
pub(super) const SOURCES: &[Row] = &[
    row("npm", None, Round::First, &npm::Npm),
    row("pypi", None, Round::First, &pypi::PyPi),
    row(
        "registry",
        Some("https://registry.modelcontextprotocol.io"),
        Round::First,
        &registry::McpRegistry,
    ),
    row(
        "smithery",
        Some("https://registry.smithery.ai"),
        Round::First,
        &smithery::Smithery,
    ),
    row(
        "npm-downloads",
        Some("https://api.npmjs.org"),
        Round::First,
        &npm_downloads::Downloads,
    ),
    row(
        "deps.dev",
        Some("https://api.deps.dev"),
        Round::First,
        &deps_dev::DepsDev,
    ),
    row("github", Some("https://api.github.com"), Round::Second, &github::GitHub),
    row("osv", Some("https://api.osv.dev"), Round::Second, &osv::Osv),
];

const fn row(id: &'static str, address: Option<&'static str>, round: Round, source: &'static dyn Source) -> Row {
    Row {
        id,
        address,
        round,
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_source_has_a_name_of_its_own_and_an_address_that_can_be_used() {
        for (at, row) in SOURCES.iter().enumerate() {
            assert!(SOURCES[..at].iter().all(|other| other.id != row.id), "{}", row.id);
            assert!(
                row.address
                    .is_none_or(|address| address.starts_with("https://") && !address.ends_with('/')),
                "{}",
                row.id
            );
        }
    }
}
