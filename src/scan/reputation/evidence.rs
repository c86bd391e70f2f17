//! What the sources say of a subject, put together.

use serde::Serialize;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::scan::package::Repository;

/// Seconds since 1970, as every source's times are kept.
pub(super) type Seconds = i64;

/// A time as sources write it (RFC 3339).
pub(super) fn seconds(text: &str) -> Option<Seconds> {
    OffsetDateTime::parse(text, &Rfc3339)
        .ok()
        .map(OffsetDateTime::unix_timestamp)
}

/// Declares [`Evidence`], and its merge: of two sources that say the same, the earlier one in the table counts.
macro_rules! evidence {
    ($($(#[$doc:meta])* $name:ident: $kind:ty,)*) => {
        /// Facts of one subject. Each is `None` until a source has said it.
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        pub struct Evidence {
            $($(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $name: Option<$kind>,)*
            /// Ids of entries that call this version malicious.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub malicious: Vec<String>,
            /// Ids of known vulnerabilities of this version.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub vulnerabilities: Vec<String>,
        }

        impl Evidence {
            /// Adds what another source says; what is known already stays.
            pub(super) fn add(&mut self, other: Self) {
                $(if self.$name.is_none() { self.$name = other.$name; })*
                for (own, others) in [(&mut self.malicious, other.malicious), (&mut self.vulnerabilities, other.vulnerabilities)] {
                    own.extend(others);
                    own.sort();
                    own.dedup();
                }
            }
        }
    };
}

evidence! {
    /// Whether its registry has it.
    exists: bool,
    /// The version that a start would get now.
    version: String,
    /// Downloads in the last month.
    downloads: u64,
    /// How many versions there are.
    versions: u64,
    /// When the first version was published.
    created: Seconds,
    /// When this version was published.
    published: Seconds,
    /// Accounts that may publish it.
    maintainers: u64,
    /// Its licence, by SPDX id.
    licence: String,
    /// What its publisher says of a version that is not to be used.
    deprecated: String,
    /// Whether this version was taken back.
    yanked: bool,
    /// Whether installing it runs a program of its own.
    install_script: bool,
    /// Who published this version, where nobody of that name had published one before.
    new_publisher: String,
    /// Whether the registry attests which repository it was built from.
    attested: bool,
    /// The repository that it claims.
    claimed: Repository,
    /// The repository that somebody else than its author vouches for.
    verified: Repository,
    /// Whether the repository is there.
    repository_exists: bool,
    /// Stars of the repository.
    stars: u64,
    /// Forks of the repository.
    forks: u64,
    /// Whether the repository is archived.
    archived: bool,
    /// When the repository was made.
    repository_created: Seconds,
    /// When something was last pushed to it.
    pushed: Seconds,
    /// The OpenSSF scorecard, from 0 to 10.
    scorecard: f64,
    /// The owner of the repository.
    owner: Owner,
    /// What a marketplace says.
    marketplace: Marketplace,
}

/// The owner of a repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Owner {
    /// Whether it is an organisation.
    pub organization: bool,
    /// Whether GitHub has verified it.
    pub verified: bool,
    /// Accounts that follow it.
    pub followers: u64,
    /// Public repositories.
    pub repositories: u64,
    /// When it was made.
    pub created: Option<Seconds>,
    /// Whether it names a web site.
    pub blog: bool,
    /// Whether it names an account at Twitter.
    pub twitter: bool,
}

/// What a marketplace says.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Marketplace {
    /// Whether it has verified the publisher.
    pub verified: bool,
    /// How often it was used.
    pub uses: Option<u64>,
    /// Whether it names a licence.
    pub licensed: bool,
    /// What its own scan said.
    pub scan_passed: Option<bool>,
}

impl Evidence {
    /// The repository that counts: one that is vouched for, or else the claimed one.
    pub fn repository(&self) -> Option<&Repository> {
        self.verified.as_ref().or(self.claimed.as_ref())
    }

    /// Whether somebody else than the author binds the package to the repository.
    pub fn is_bound(&self) -> bool {
        self.verified.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_counts_and_lists_come_together() {
        let mut evidence = Evidence {
            stars: Some(1),
            malicious: vec!["MAL-2".into()],
            ..Evidence::default()
        };
        evidence.add(Evidence {
            stars: Some(9),
            forks: Some(2),
            malicious: vec!["MAL-1".into(), "MAL-2".into()],
            ..Evidence::default()
        });
        assert_eq!((evidence.stars, evidence.forks), (Some(1), Some(2)));
        assert_eq!(evidence.malicious, ["MAL-1", "MAL-2"]);
    }

    #[test]
    fn times_are_read_as_sources_write_them() {
        assert_eq!(seconds("1970-01-02T00:00:00.000Z"), Some(86_400));
        assert_eq!(seconds("1970-01-01T01:00:00+01:00"), Some(0));
        assert_eq!(seconds("yesterday"), None);
    }
}
