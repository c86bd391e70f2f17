//! Kubernetes Secret manifests: every value of `data` and `stringData` is one, whatever its name.

use super::rules;
use super::stand_in;
use super::value;
use super::verdict::SURE;
use crate::detect::Finding;

/// How much of a manifest is looked at before and behind its `kind`, in bytes.
const REACH: usize = 16 << 10;

/// Reports the values of the manifest whose `kind:`, at the start of a line, has its operator at `colon`.
pub(super) fn manifest(text: &str, colon: usize, found: &mut Vec<Finding>) {
    let is_secret =
        value::value_at(text, colon + 1).is_some_and(|kind| text[kind.range].eq_ignore_ascii_case("secret"));
    let kind = colon - "kind".len();
    if !is_secret || kind > 0 && text.as_bytes()[kind - 1] != b'\n' {
        return;
    }
    let bytes = text.as_bytes();
    let (from, to) = (
        text.floor_char_boundary(colon.saturating_sub(REACH)),
        text.floor_char_boundary(colon + REACH),
    );
    // Another manifest begins at `---` or has a `kind` of its own: none is read twice.
    let earlier = memchr::memmem::rfind(&bytes[from..kind], b"\nkind:").map_or(from, |at| from + at + 1);
    let start = text[earlier..kind].rfind("\n---").map_or(earlier, |at| earlier + at);
    let later = memchr::memmem::find(&bytes[colon..to], b"\nkind:").map_or(to, |at| colon + at);
    let end = text[colon..later].find("\n---").map_or(later, |at| colon + at);
    let mut block: Option<usize> = None;
    let mut at = start;
    for line in text[start..end].split_inclusive('\n') {
        let here = at;
        at += line.len();
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if block.is_some_and(|outer| indent > outer) {
            let Some(operator) = line.find(':') else { continue };
            let Some(value) = value::value_at(text, here + operator + 1) else {
                continue;
            };
            let held = &text[value.range.clone()];
            if value.range.end <= at && held.len() >= 4 && !stand_in::is_stand_in(held) && !held.starts_with('|') {
                found.push(rules::named("kubernetes-secret", value.range, SURE));
            }
        } else {
            let name = content.trim_end().trim_matches('"');
            block = matches!(name, "data:" | "stringData:" | "data\":" | "stringData\":").then_some(indent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        text.match_indices("kind:")
            .for_each(|(at, _)| manifest(text, at + 4, &mut found));
        found.iter().map(|finding| &text[finding.start..finding.end]).collect()
    }

    #[test]
    fn values_of_a_secret() {
        let text = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  # note\n  extra: \"YWRtaW46\"\n  other: UyFCXCpk\ntype: Opaque\n";
        assert_eq!(secrets(text), ["YWRtaW46", "UyFCXCpk"]);
        let first = "data:\n\textra: YWRtaW46\nkind: \"secret\"\nmetadata:\n\tname: x\n";
        assert_eq!(secrets(first), ["YWRtaW46"]);
    }

    #[test]
    fn values_of_other_kinds() {
        assert_eq!(
            secrets("kind: ConfigMap\ndata:\n  extra: YWRtaW46\n"),
            Vec::<&str>::new()
        );
        assert_eq!(
            secrets("kind: Secret\nmetadata:\n  name: x\n---\nkind: ConfigMap\ndata:\n  a: YWRtaW46\n"),
            Vec::<&str>::new()
        );
    }

    #[test]
    fn many_manifests_take_linear_time() {
        assert_eq!(secrets(&"kind: Secret\n".repeat(20_000)), Vec::<&str>::new());
    }
}
