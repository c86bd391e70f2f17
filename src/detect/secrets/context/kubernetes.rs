//! Kubernetes Secret manifests: every value of `data` and `stringData` is one, whatever its name.

use std::borrow::Cow;
use std::ops::Range;

use super::rules;
use super::stand_in;
use super::value;
use super::verdict::SURE;
use crate::detect::Finding;

/// The members of a manifest that hold its values.
const DATA: &[&str] = &["data", "stringData"];
/// The widest margin that the `kind` of a manifest in YAML may have, in bytes.
const WIDEST_MARGIN: usize = 64;
/// How many objects and arrays may lie in one another within a manifest in JSON.
const DEEPEST: usize = 12;

/// Reports a leaf that is a value of a Secret; true where it is one.
pub(super) fn datum(text: &str, names: &[Cow<'_, str>], found: &mut Vec<Finding>) -> bool {
    let is_datum = is_data(names);
    if is_datum {
        let start = text.len() - text.trim_start().len();
        report(text, start..start + text.trim().len(), found);
    }
    is_datum
}

/// Whether these names lead to a value of a Secret.
pub(super) fn is_data(names: &[Cow<'_, str>]) -> bool {
    matches!(names, [.., kind, data, _] if kind == "Secret" && DATA.contains(&data.as_ref()))
}

fn report(text: &str, span: Range<usize>, found: &mut Vec<Finding>) {
    let held = &text[span.clone()];
    if held.len() >= 4 && !stand_in::is_stand_in(held) {
        found.push(rules::named("kubernetes-secret", span, SURE));
    }
}

/// Reports the values of the manifest whose `kind` has its operator at `colon`.
pub(super) fn manifest(text: &str, colon: usize, found: &mut Vec<Finding>) {
    let Some(kind) =
        value::value_at(text, colon + 1).filter(|kind| text[kind.range.clone()].eq_ignore_ascii_case("secret"))
    else {
        return;
    };
    let Some(name) = text[..colon].rfind("kind") else {
        return;
    };
    if kind.quoted && text[..name].ends_with('"') && object(text, name - 1, found) {
        return;
    }
    lines(text, name, found);
}

/// The values of a manifest in JSON within a text, whose quoted `"kind"` is at `kind`; false where there is none.
fn object(text: &str, kind: usize, found: &mut Vec<Finding>) -> bool {
    let bytes = text.as_bytes();
    // Up to another `kind`, so that none is read twice.
    let from = memchr::memmem::rfind(&bytes[..kind], b"\"kind\"").unwrap_or_default();
    let mut depth = 0_usize;
    let open = bytes[from..kind].iter().rposition(|b| {
        match b {
            b'}' | b']' => depth += 1,
            b'{' | b'[' if depth > 0 => depth -= 1,
            b'{' => return true,
            _ => {}
        }
        false
    });
    let Some(open) = open.map(|at| from + at) else {
        return false;
    };
    let (mut at, mut depth, mut data, mut last) = (open, 0, false, open..open);
    while let Some(&b) = bytes.get(at) {
        match b {
            b'"' => {
                let end = at + 1 + end_of_string(&bytes[at + 1..]);
                let is_name = bytes[end..].iter().skip(1).find(|b| !b.is_ascii_whitespace()) == Some(&b':');
                if is_name {
                    // The first `kind` counts: none is read twice.
                    if depth == 1 && &text[at + 1..end] == "kind" && at != kind {
                        return true;
                    }
                    last = at + 1..end;
                } else if data && depth == 2 {
                    report(text, at + 1..end, found);
                }
                at = end;
            }
            b'{' | b'[' => {
                depth += 1;
                data = data && depth > 2 || depth == 2 && DATA.contains(&&text[last.clone()]);
                if depth > DEEPEST {
                    return true;
                }
            }
            b'}' | b']' => {
                depth -= 1;
                data &= depth > 1;
                if depth == 0 {
                    return true;
                }
            }
            _ => {}
        }
        at += 1;
    }
    true
}

/// Where a string in quotes ends, or the text.
fn end_of_string(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(next) = memchr::memchr2(b'"', b'\\', &bytes[at.min(bytes.len())..]) {
        at += next;
        if bytes[at] == b'"' {
            return at;
        }
        at += 2;
    }
    bytes.len()
}

/// A line of a manifest without what listings put before it: a number, the sign of a difference, the dash of a list.
struct Line {
    /// Where its content starts and ends.
    content: Range<usize>,
    /// How far it is indented.
    column: usize,
}

impl Line {
    fn of(text: &str, start: usize, end: usize) -> Self {
        let bytes = &text.as_bytes()[start..end];
        let spaces = bytes.iter().take_while(|b| **b == b' ').count();
        let digits = bytes[spaces..].iter().take_while(|b| b.is_ascii_digit()).count();
        let numbered = digits > 0 && matches!(bytes.get(spaces + digits), Some(b'\t' | b':' | b'|'));
        let margin = if numbered { spaces + digits + 1 } else { 0 };
        let column = bytes[margin..].iter().take_while(|b| b" \t+->|".contains(b)).count();
        let trimmed = bytes.trim_ascii_end().len().max(margin + column);
        Self {
            content: start + margin + column..start + trimmed,
            column,
        }
    }
}

/// The values of a manifest in YAML, whose `kind` is at `kind`: the lines below `data` in the same column, up to the next
/// manifest, which begins at `---` or has a `kind` of its own, so that none is read twice.
fn lines(text: &str, kind: usize, found: &mut Vec<Finding>) {
    let nearest = kind.saturating_sub(WIDEST_MARGIN);
    let start = memchr::memrchr(b'\n', &text.as_bytes()[nearest..kind]).map_or(nearest, |at| nearest + at + 1);
    let own = Line::of(text, start, kind);
    if nearest > 0 && start == nearest || own.content.start != kind && own.content.start + 1 != kind {
        return;
    }
    let ends = |line: &Line| {
        let content = &text[line.content.clone()];
        let other = line.column <= own.column && content.trim_start_matches(['"', '\'']).starts_with("kind");
        other || content.is_empty() && text[line.content.start - line.column..].starts_with("---")
    };
    let mut from = start;
    while from > 0 {
        let before = text[..from - 1].rfind('\n').map_or(0, |at| at + 1);
        let line = Line::of(text, before, from - 1);
        if ends(&line) || line.column < own.column && !line.content.is_empty() {
            break;
        }
        from = before;
    }
    let (mut at, mut in_data) = (from, false);
    for whole in text[from..].split_inclusive('\n') {
        let line = Line::of(text, at, at + whole.trim_end_matches('\n').len());
        let here = at;
        at += whole.len();
        let content = &text[line.content.clone()];
        if here > start && (ends(&line) || line.column < own.column && !content.is_empty()) {
            break;
        }
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if line.column <= own.column {
            let name = content.strip_suffix(':').map(|name| name.trim_matches(['"', '\'']));
            in_data = line.column == own.column && name.is_some_and(|name| DATA.contains(&name));
        } else if in_data {
            datum_line(text, &line, found);
        }
    }
}

/// A line below `data`: a name and its value, or a line of a block.
fn datum_line(text: &str, line: &Line, found: &mut Vec<Finding>) {
    let content = &text[line.content.clone()];
    let named = content
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || b"._-\"'".contains(b))
        .count();
    let is_name = named > 0 && content[named..].starts_with(':');
    let Some(value) = is_name
        .then(|| value::value_at(text, line.content.start + named + 1))
        .flatten()
    else {
        if !is_name {
            report(text, line.content.clone(), found);
        }
        return;
    };
    if value.range.end <= line.content.end && !text[value.range.clone()].starts_with(['|', '>']) {
        report(text, value.range, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        text.match_indices("kind")
            .filter_map(|(at, _)| text[at..].find(':').map(|colon| at + colon))
            .for_each(|colon| manifest(text, colon, &mut found));
        found.iter().map(|finding| &text[finding.start..finding.end]).collect()
    }

    #[test]
    fn values_of_a_secret() {
        let text = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  # note\n  extra: \"YWRtaW46\"\n  other: UyFCXCpk\ntype: Opaque\n";
        assert_eq!(secrets(text), ["YWRtaW46", "UyFCXCpk"]);
        let far = format!(
            "data:\n  long: {}\n  extra: YWRtaW46\nkind: Secret\n",
            "x".repeat(40_000)
        );
        assert_eq!(secrets(&far).last(), Some(&"YWRtaW46"));
        for (text, expected) in [
            (
                "data:\n\textra: YWRtaW46\nkind: \"secret\"\nmetadata:\n\tname: x\n",
                "YWRtaW46",
            ),
            ("  kind: Secret\n  data:\n    extra: YWRtaW46\n", "YWRtaW46"),
            (
                "     1\tkind: Secret\n     2\tdata:\n     3\t  extra: YWRtaW46\n",
                "YWRtaW46",
            ),
            ("+kind: Secret\n+data:\n+  extra: YWRtaW46\n", "YWRtaW46"),
            (
                "kind: Secret\nstringData:\n  app.conf: |\n    conn = Kq7vLp2Z\n",
                "conn = Kq7vLp2Z",
            ),
            (
                "items:\n- apiVersion: v1\n  data:\n    extra: YWRtaW46\n  kind: Secret\n  metadata:\n    name: x\nkind: List\n",
                "YWRtaW46",
            ),
            (
                "Result:\n{\"kind\":\"Secret\",\"data\":{\"extra\":\"YWRtaW46\"}}",
                "YWRtaW46",
            ),
            (
                "{\n  \"data\": {\n    \"extra\": \"YWRtaW46\"\n  },\n  \"kind\": \"Secret\"\n",
                "YWRtaW46",
            ),
        ] {
            assert_eq!(secrets(text), [expected], "{text}");
        }
    }

    #[test]
    fn values_of_other_kinds() {
        for text in [
            "kind: ConfigMap\ndata:\n  extra: YWRtaW46\n",
            "kind: Secret\nmetadata:\n  name: x\n---\nkind: ConfigMap\ndata:\n  a: YWRtaW46\n",
            "- kind: Secret\n  metadata:\n    name: abcd\n- kind: ConfigMap\n  data:\n    a: YWRtaW46\n",
            "Result:\n{\"items\":[{\"kind\":\"Secret\"},{\"kind\":\"ConfigMap\",\"data\":{\"a\":\"YWRtaW46\"}}]}",
            "kind: Secret\nname: x\nspec:\n  data: abcdef\n",
        ] {
            assert_eq!(secrets(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn many_manifests_take_linear_time() {
        for one in ["kind: Secret\n", "\"kind\":\"Secret\",", "{\"kind\":\"Secret\",\"a\":"] {
            let many = format!("{{{}", one.repeat(20_000));
            let mut found = Vec::new();
            many.match_indices("kind").for_each(|(at, _)| {
                let colon = at + many[at..].find(':').expect("a colon");
                manifest(&many, colon, &mut found);
            });
            assert_eq!(found, vec![]);
        }
    }
}
