//! A line of a broken file, shown without giving away what it holds.

/// Most characters of a line that are shown.
const WIDTH: usize = 100;

/// The line with a caret under the column (both from 1). Only structure and keys stay readable: the text cannot be
/// parsed, so anything else might be a secret.
pub(super) fn excerpt(text: &str, line: usize, column: usize) -> String {
    let shown: Vec<char> = blotted(text.split('\n').nth(line - 1).unwrap_or_default().trim_end());
    let from = (column - 1).saturating_sub(WIDTH / 2);
    let window: String = shown.iter().skip(from).take(WIDTH).collect();
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    format!("  {number} | {window}\n  {margin} | {}^", " ".repeat(column - 1 - from))
}

/// The line character by character, with `·` for each one of a value.
fn blotted(line: &str) -> Vec<char> {
    let mut shown: Vec<char> = line.chars().map(|c| if is_structure(c) { c } else { '·' }).collect();
    let chars: Vec<char> = line.chars().collect();
    let mut may_be_key = true;
    let mut at = 0;
    while at < chars.len() {
        if chars[at] != '"' {
            // A tab keeps its character, but must be as wide as the blank in the line of the caret.
            if chars[at].is_whitespace() {
                shown[at] = ' ';
            } else {
                may_be_key = matches!(chars[at], '{' | ',');
            }
            at += 1;
            continue;
        }
        let end = end_of_string(&chars, at);
        let inside = at + 1..end;
        let followed_by_colon = chars.iter().skip(end + 1).find(|c| !c.is_whitespace()) == Some(&':');
        let is_key = may_be_key && followed_by_colon && chars[inside.clone()].iter().all(|c| is_of_a_key(*c));
        for at in inside {
            shown[at] = if is_key { chars[at] } else { '·' };
        }
        may_be_key = false;
        at = end + 1;
    }
    shown
}

/// The position of the quote that ends the string that starts at `start`, or the end of the line.
fn end_of_string(chars: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at.min(chars.len())
}

fn is_structure(c: char) -> bool {
    matches!(c, '{' | '}' | '[' | ']' | ',' | ':' | '"' | '\'') || c.is_whitespace()
}

fn is_of_a_key(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blot(line: &str) -> String {
        blotted(line).into_iter().collect()
    }

    #[test]
    fn keys_and_structure_stay_values_go() {
        assert_eq!(
            blot(r#"  "env": {"TOKEN": "hf_abc"}, "n": 42"#),
            r#"  "env": {"TOKEN": "······"}, "n": ··"#
        );
        assert_eq!(blot(r#"["a", "b\"c"]"#), r#"["·", "····"]"#);
    }

    #[test]
    fn a_lost_quote_shows_nothing_of_the_value() {
        for line in [
            r#""TOKEN": hf_abc","#,
            r#""TOKEN": "hf_abc"#,
            r#""TOKEN": "x"hf_abc": 1"#,
            r#""TOKEN" "hf_abc""#,
            r#"// "hf_abc": was here"#,
            r#"'hf_abc'"#,
            "hf_abc",
            r#""TOKEN": "hf\_abc\"#,
        ] {
            assert!(!blot(line).contains("abc"), "{line} -> {}", blot(line));
        }
    }

    #[test]
    fn the_caret_stands_under_the_column() {
        assert_eq!(
            excerpt("{\n\t\"é\": \"ü\" 1\n}", 2, 11),
            "  2 |  \"é\": \"·\" ·\n    |           ^"
        );
    }

    #[test]
    fn a_very_long_line_is_cut_around_the_place() {
        let line = format!("{{\"a\": \"{}\" \"b\": 1}}", "x".repeat(5_000));
        let shown = excerpt(&line, 1, 5_010);
        assert!(shown.lines().all(|line| line.chars().count() < WIDTH + 10), "{shown}");
        let caret = shown.lines().last().and_then(|line| line.find('^')).expect("a caret");
        assert_eq!(shown.lines().next().and_then(|line| line.chars().nth(caret)), Some('"'));
    }

    #[test]
    fn a_place_behind_the_text_is_no_harm() {
        assert_eq!(excerpt("", 1, 1), "  1 | \n    | ^");
    }
}
