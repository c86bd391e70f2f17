//! What npm's launchers take for a package (the syntax of npm-package-arg).

use std::path::Path;

use super::{Ecosystem, Package, Repository, Subject, Version};

/// The subject of a spec such as `@scope/name@1.2.3`, `name@npm:other@2`, `github:o/r#v1`, `./folder`.
pub(super) fn subject(spec: &str, cwd: &Path) -> Subject {
    if spec.starts_with(['.', '~']) || Path::new(spec).is_absolute() || spec.starts_with("file:") {
        let path = spec.strip_prefix("file:").unwrap_or(spec);
        return Subject::Local { path: cwd.join(path) };
    }
    if spec.contains("://") || spec.starts_with("github:") || spec.starts_with("git@") {
        return at_address(spec);
    }
    let at = spec.get(1..).and_then(|rest| rest.find('@')).map(|at| at + 1);
    let (name, version) = at.map_or((spec, ""), |at| (&spec[..at], &spec[at + 1..]));
    // An alias, under which another package is installed.
    if let Some(real) = version.strip_prefix("npm:") {
        return subject(real, cwd);
    }
    if version.contains("://") || version.starts_with("github:") {
        return at_address(version);
    }
    if !name.starts_with('@') && name.contains('/') {
        return at_address(&format!("github:{spec}"));
    }
    if !is_name(name) {
        return Subject::unknown(format!("`{spec}` is no package that npm knows"));
    }
    Subject::Package(Package {
        ecosystem: Ecosystem::Npm,
        name: name.to_ascii_lowercase(),
        version: requested(version),
    })
}

/// A repository or an archive; what follows `#` is the commit, branch or tag.
fn at_address(spec: &str) -> Subject {
    let (address, reference) = spec.split_once('#').map_or((spec, None), |(a, r)| (a, Some(r)));
    match Repository::of_url(address) {
        Some(repository) => Subject::Repository {
            repository,
            reference: reference.map(str::to_owned),
        },
        None => Subject::Archive { url: spec.to_owned() },
    }
}

/// Which version is meant by what stands behind the `@`.
pub(super) fn requested(version: &str) -> Version {
    let text = version.to_owned();
    let exact = version.trim_start_matches(['v', '=']);
    if version.is_empty() {
        Version::Any
    } else if is_exact(exact) {
        Version::Exact(exact.to_owned())
    } else if version.starts_with(|c: char| c.is_ascii_alphabetic()) && version != "x" {
        Version::Tag(text)
    } else {
        Version::Range(text)
    }
}

/// Three numbers, with what may follow them.
fn is_exact(version: &str) -> bool {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let numbers: Vec<&str> = core.split('.').collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    numbers.len() == 3 && numbers.iter().all(is_number)
}

fn is_name(name: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.~".contains(c));
    match name.strip_prefix('@') {
        Some(scoped) => scoped
            .split_once('/')
            .is_some_and(|(scope, name)| plain(scope) && plain(name)),
        None => plain(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_exact_or_it_moves() {
        for exact in ["1.2.3", "v1.2.3", "=1.2.3", "1.2.3-beta.1", "1.2.3+build"] {
            assert!(matches!(requested(exact), Version::Exact(_)), "{exact}");
        }
        for tag in ["latest", "next", "beta"] {
            assert!(matches!(requested(tag), Version::Tag(_)), "{tag}");
        }
        for range in ["1", "1.2", "^1.2.3", "~1", ">=1 <2", "*", "x"] {
            assert!(matches!(requested(range), Version::Range(_)), "{range}");
        }
        assert_eq!(requested(""), Version::Any);
    }

    #[test]
    fn nonsense_is_no_package() {
        for spec in ["@scope", "a b", "@/x", "é", "$(id)"] {
            assert!(
                matches!(subject(spec, Path::new("/")), Subject::Unknown { .. }),
                "{spec}"
            );
        }
    }
}
