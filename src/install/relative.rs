//! Files that an entry names from the folder of its own file: moved to another file, it has to name them from there.

use std::path::Path;

/// What a variable begins with that stands for the text of a file.
const START: &str = "{file:";

/// The source of an entry's value with such files named whole.
pub(super) fn anchored(source: &str, folder: &Path) -> String {
    each(source, |before, path| {
        let is_variable = before.ends_with('$') && !before.ends_with("$$") || path.starts_with('.');
        let is_relative = !path.trim_start().starts_with(['~', '/']) && Path::new(path.trim()).is_relative();
        (is_variable && is_relative).then(|| format!("{}{}", in_text(folder), path.trim_start()))
    })
}

/// The way back.
pub(super) fn loosened(source: &str, folder: &Path) -> String {
    let folder = in_text(folder);
    each(source, |_, path| path.strip_prefix(&folder).map(str::to_owned))
}

/// The folder with its separator, as it stands in a text of JSON.
fn in_text(folder: &Path) -> String {
    let folder = folder.join("").to_string_lossy().into_owned();
    let quoted = serde_json::Value::from(folder).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// The source with other paths in its variables; `put` is given what stands before one, and its path.
fn each(source: &str, put: impl Fn(&str, &str) -> Option<String>) -> String {
    let mut text = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find(START) {
        let (before, after) = rest.split_at(at);
        let after = &after[START.len()..];
        let end = after.find('}').unwrap_or(after.len());
        // A variable that is not closed ends with its text.
        let is_whole = end < after.len() && !after[..end].replace("\\\"", "").contains('"');
        let path = Some(&after[..end])
            .filter(|_| is_whole)
            .and_then(|path| put(before, path));
        let path = path.unwrap_or_else(|| after[..end].to_owned());
        text.extend([before, START, &path]);
        rest = &after[end..];
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_whole_and_as_it_was_again() {
        let folder = Path::new("/c/my \"x\"");
        for (source, anchored_source) in [
            (r#"{"K": "${file:key}"}"#, r#"{"K": "${file:/c/my \"x\"/key}"}"#),
            (
                r#"["a{file:./key}b{file:../x}"]"#,
                r#"["a{file:/c/my \"x\"/./key}b{file:/c/my \"x\"/../x}"]"#,
            ),
        ] {
            assert_eq!(anchored(source, folder), anchored_source);
            assert_eq!(loosened(anchored_source, folder), source);
        }
        for source in [
            "${file:/a}",
            "${file:~/a}",
            "{file:x}",
            "$${file:x}",
            "{file:.",
            "\"{file:./x\"}",
            "x",
        ] {
            assert_eq!(anchored(source, folder), source);
        }
    }
}
