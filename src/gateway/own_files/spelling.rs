//! How else a path may be written, and where it stands in a text.

use std::path::{Component, Path, PathBuf};

use memchr::memmem;
use percent_encoding::percent_decode_str;
use wildmatch::WildMatch;

/// What stands for the home directory at the beginning of a path.
const HOME: [&str; 6] = [
    "$HOME",
    "${HOME}",
    "%HOME%",
    "%USERPROFILE%",
    "$env:HOME",
    "$env:USERPROFILE",
];

/// The words of a text, as a shell or a programming language would part them.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "\"'`;|<>=(),&".contains(c))
}

/// Whether a word may be more than a name.
pub(super) fn may_be_path(word: &str) -> bool {
    word.contains(['/', '\\']) || word == "~" || holds_ignoring_case(word, "%2f") || holds_ignoring_case(word, "%5c")
}

fn holds_ignoring_case(text: &str, escape: &str) -> bool {
    text.contains('%') && text.to_ascii_lowercase().contains(escape)
}

/// The other ways to read a word that looks like a path; most have none.
pub(super) fn others(word: &str, home: &Path) -> Vec<String> {
    let mut others = Vec::new();
    let is_odd = word.contains(['\0', '%', ':', '$', '\\'])
        || word.starts_with("/proc/")
        || (may_be_path(word) && !word.starts_with(is_of_path));
    if !is_odd {
        return others;
    }
    let bare = word.split('\0').next().unwrap_or_default();
    let mut bases = vec![bare.to_owned()];
    let decoded = percent_decode_str(bare).decode_utf8_lossy().into_owned();
    bases.extend([decoded, bare.replace("\\/", "/")]);
    for base in &bases {
        let ways = [
            Some(base.as_str().to_owned()),
            behind_scheme(base).map(str::to_owned),
            in_home(base, home),
            Some(base.trim_start_matches(|c| !is_of_path(c)).to_owned()).filter(|path| may_be_path(path)),
            in_working_directory(base).map(str::to_owned),
        ];
        for way in ways.into_iter().flatten() {
            let cut = way.split('\0').next().unwrap_or_default();
            if !cut.is_empty() && cut != word && !others.iter().any(|other| other == cut) {
                others.push(cut.to_owned());
            }
        }
    }
    others
}

/// Whether a path may begin so.
fn is_of_path(c: char) -> bool {
    c.is_alphanumeric() || "/~._\\$%".contains(c)
}

/// The path of a URI of whatever scheme.
fn behind_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = scheme.len() > 1
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if !is_scheme {
        return None;
    }
    match rest.strip_prefix("//") {
        Some(rest) => rest.find('/').map(|at| &rest[at..]),
        None => scheme.eq_ignore_ascii_case("file").then_some(rest),
    }
}

fn in_home(text: &str, home: &Path) -> Option<String> {
    let rest = HOME.iter().find_map(|name| text.strip_prefix(name))?;
    Some(format!("{}{rest}", home.display()))
}

/// What follows the working directory of a process in Linux's `/proc`.
fn in_working_directory(text: &str) -> Option<&str> {
    let (_, rest) = text.strip_prefix("/proc/")?.split_once("/cwd")?;
    rest.strip_prefix('/')
}

/// Whether one of these absolute paths stands in a text, with whatever around it that is no part of a path.
pub(super) fn holds(text: &str, paths: &[String]) -> bool {
    paths.iter().any(|path| {
        let found = memmem::find_iter(text.as_bytes(), path);
        found.into_iter().any(|at| {
            let before = text[..at].trim_end_matches('/');
            let after = &text[at + path.len()..];
            let goes_on = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
            let is_begun =
                before.ends_with("..") || !before.ends_with(|c: char| c.is_alphanumeric() || "_.~".contains(c));
            let is_ended = match after.strip_prefix('.') {
                Some(more) => !more.starts_with(goes_on),
                None => !after.starts_with(goes_on),
            };
            is_begun && is_ended
        })
    })
}

/// Whether a path names several.
pub(super) fn is_glob(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

/// Whether a name fits a glob as a shell reads it: a dot at the beginning is written out. `**` fits anything and so
/// says nothing.
pub(super) fn fits(glob: &str, name: &str) -> bool {
    if glob.contains("**") || (name.starts_with('.') && !glob.starts_with('.')) {
        return false;
    }
    let mut plain = String::new();
    let mut rest = glob;
    while let Some((before, set)) = rest.split_once('[') {
        plain.push_str(before);
        plain.push('?');
        rest = set.split_once(']').map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    WildMatch::new(&plain).matches(name)
}

/// A path without its `..`, whatever is there.
pub(super) fn shortened(path: &Path) -> PathBuf {
    let mut short = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(short.pop()),
            Component::CurDir => {}
            component => short.push(component),
        }
    }
    short
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    #[test]
    fn a_link_hides_nothing() {
        use super::super::OwnFiles;

        let root = tempfile::tempdir().unwrap();
        let (file, link) = (root.path().join("mcp.json"), root.path().join("innocent"));
        std::fs::write(&file, "{}").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let own = OwnFiles::new([file], [], root.path().to_owned());
        for text in [&*link.display().to_string(), "innocent"] {
            // Servers without a directory run in the home.
            assert!(own.leads(text, "s", &mut |_, _| {}), "{text}");
        }
    }
}
