//! What Python's launchers take for a package (dependency specifiers, PEP 508, and uv's `name@version`).

use std::path::Path;

use super::{Ecosystem, Package, Repository, Subject, Version};

/// The subject of a spec such as `name[extra]>=1`, `name@1.2`, `name @ https://…`, `git+https://…@ref`, `./folder`.
pub(super) fn subject(spec: &str, cwd: &Path) -> Subject {
    let spec = spec.split(';').next().unwrap_or_default().trim();
    let is_path = spec.starts_with(['.', '~']) || Path::new(spec).is_absolute();
    if is_path || spec.ends_with(".whl") && !spec.contains("://") {
        return Subject::Local { path: cwd.join(spec) };
    }
    let end = spec.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
    let (name, rest) = spec.split_at(end.unwrap_or(spec.len()));
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[').and_then(|extras| extras.split_once(']')) {
        Some((_, behind)) => behind.trim_start(),
        None => rest,
    };
    let version = rest.strip_prefix('@').map(str::trim);
    if let Some(address) = version.filter(|text| text.contains("://")) {
        return at_address(address);
    }
    if spec.contains("://") {
        return at_address(spec);
    }
    let version = match version {
        Some(version) if version.starts_with(|c: char| c.is_ascii_digit()) => Version::Exact(version.to_owned()),
        Some(tag) => Version::Tag(tag.to_owned()),
        None => requested(rest),
    };
    if name.is_empty() || !(rest.is_empty() || rest.starts_with(['@', '=', '<', '>', '~', '!', '('])) {
        return Subject::unknown(format!("`{spec}` is no package that Python's tools know"));
    }
    Subject::Package(Package {
        ecosystem: Ecosystem::PyPI,
        name: normalized(name),
        version,
    })
}

fn at_address(address: &str) -> Subject {
    let host_at = address.find("://").map_or(0, |at| at + 3);
    let path_at = address[host_at..].find('/').map_or(address.len(), |at| host_at + at);
    let reference = address[path_at..].split_once('@').map(|(_, reference)| reference);
    match Repository::of_url(address) {
        Some(repository) => Subject::Repository {
            repository,
            reference: reference.and_then(|text| text.split('#').next()).map(str::to_owned),
        },
        None => Subject::Archive {
            url: address.to_owned(),
        },
    }
}

fn requested(specifier: &str) -> Version {
    let exact = specifier.trim_start_matches('=').trim();
    if specifier.is_empty() {
        Version::Any
    } else if specifier.starts_with("==") && !exact.contains(['*', ',']) {
        Version::Exact(exact.to_owned())
    } else {
        Version::Range(specifier.to_owned())
    }
}

/// A name as PyPI compares it (PEP 503): lower case, with one `-` for each run of `-`, `_` and `.`.
pub(super) fn normalized(name: &str) -> String {
    let words: Vec<&str> = name.split(['-', '_', '.']).filter(|word| !word.is_empty()).collect();
    words.join("-").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_exact_or_it_moves() {
        for (spec, version) in [
            ("p==1.0", Version::Exact("1.0".into())),
            ("p===1.0", Version::Exact("1.0".into())),
            ("p@1.0", Version::Exact("1.0".into())),
            ("p@latest", Version::Tag("latest".into())),
            ("p==1.*", Version::Range("==1.*".into())),
            ("p~=1.0", Version::Range("~=1.0".into())),
            ("p; python_version > '3'", Version::Any),
        ] {
            let Subject::Package(package) = subject(spec, Path::new("/")) else {
                panic!("{spec}")
            };
            assert_eq!((package.name.as_str(), package.version), ("p", version), "{spec}");
        }
    }

    #[test]
    fn nonsense_is_no_package() {
        for spec in ["", "$(id)", "p q", "é"] {
            assert!(
                matches!(subject(spec, Path::new("/")), Subject::Unknown { .. }),
                "{spec}"
            );
        }
    }
}
