//! The environment of a server: what the official SDKs pass on, what a program needs to find its temporary files and
//! its language, and what its entry says. The gateway's own secrets stay with the gateway.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
};

use crate::platform::variables::{PASSED_BY_SDKS, folded};

/// The variables that are passed on beside what the official SDKs pass on: of temporary directories, of language and of
/// time. A `*` at the end stands for any rest.
const PASSED_HERE: &[&str] = &["TEMP", "TMP", "TMPDIR", "LANG", "LANGUAGE", "LC_*", "TZ"];

/// The environment of a server: those of the `inherited` variables that are passed on, and on top its `own`.
pub fn clean(
    inherited: impl IntoIterator<Item = (OsString, OsString)>,
    own: &[(String, String)],
) -> BTreeMap<OsString, OsString> {
    let passed = inherited
        .into_iter()
        .filter(|(name, value)| is_passed(name) && !is_function(value));
    let own = own.iter().map(|(name, value)| (name.into(), value.into()));
    passed.chain(own).map(|(name, value)| (folded(name), value)).collect()
}

fn is_passed(name: &OsStr) -> bool {
    let name = folded(name.to_owned());
    name.to_str().is_some_and(|name| {
        PASSED_BY_SDKS
            .iter()
            .chain(PASSED_HERE)
            .any(|passed| match passed.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => name == *passed,
            })
    })
}

/// Whether a value is a function that an old `bash` exported: code, which the SDKs do not pass on either.
fn is_function(value: &OsStr) -> bool {
    value.as_encoded_bytes().starts_with(b"()")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(inherited: &[(&str, &str)], own: &[(&str, &str)]) -> Vec<String> {
        let owned: Vec<_> = own
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect();
        clean(
            inherited.iter().map(|(name, value)| (name.into(), value.into())),
            &owned,
        )
        .into_iter()
        .map(|(name, value)| format!("{}={}", name.display(), value.display()))
        .collect()
    }

    #[test]
    fn only_what_every_program_needs_is_passed_on() {
        let inherited = [
            ("PATH", "/bin"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("LC_ALL", "C"),
            ("LC_CTYPE", "C.UTF-8"),
            ("TZ", "UTC"),
            ("TMPDIR", "/tmp"),
            ("LD_PRELOAD", "x.so"),
            ("NODE_OPTIONS", "--inspect"),
            ("XLANG", "de"),
        ];
        assert_eq!(
            cleaned(&inherited, &[]),
            ["LC_ALL=C", "LC_CTYPE=C.UTF-8", "PATH=/bin", "TMPDIR=/tmp", "TZ=UTC"]
        );
    }

    #[test]
    fn the_entry_adds_and_replaces() {
        assert_eq!(
            cleaned(&[("PATH", "/bin")], &[("PATH", "/opt"), ("TOKEN", "t")]),
            ["PATH=/opt", "TOKEN=t"]
        );
    }

    #[test]
    fn an_exported_function_is_not_passed_on() {
        assert_eq!(cleaned(&[("TZ", "() { :; }; id"), ("LANG", "de")], &[]), ["LANG=de"]);
    }
}
