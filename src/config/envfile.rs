//! `envFile`: variables in the format of dotenv.
//!
//! Nothing in a value is expanded, unlike in most libraries for this format: a `$` in a password must arrive, and VS
//! Code and Cursor take the file literally too.

use super::variables::is_name;

/// The variables of a file in their order.
///
/// # Errors
/// The number (from 1) of the first line that is none.
pub fn parse(text: &str) -> Result<Vec<(String, String)>, usize> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut variables = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (name, value) = line.split_once('=').ok_or(at + 1)?;
        let (name, value) = (name.trim_end(), value.trim_start());
        if !is_name(name) || value.contains('\0') {
            return Err(at + 1);
        }
        let value = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let mut quoted = value[1..].to_owned();
                let mut end = closing(&quoted, quote);
                while end.is_none() {
                    let (at, next) = lines.next().ok_or(at + 1)?;
                    if next.contains('\0') {
                        return Err(at + 1);
                    }
                    quoted.push('\n');
                    end = closing(next, quote).map(|inner| quoted.len() + inner);
                    quoted.push_str(next);
                }
                quoted.truncate(end.unwrap_or_default());
                if quote == '"' { unescaped(&quoted) } else { quoted }
            }
            _ => without_comment(value).to_owned(),
        };
        variables.push((name.to_owned(), value));
    }
    Ok(variables)
}

/// Where the quote that ends a quoted value stands. A backslash shields it in double quotes only.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut shielded = false;
    text.char_indices().find_map(|(at, c)| {
        let closes = c == quote && !shielded;
        shielded = quote == '"' && c == '\\' && !shielded;
        closes.then_some(at)
    })
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('t') => plain.push('\t'),
            Some(c @ ('"' | '\\')) => plain.push(c),
            Some(c) => plain.extend(['\\', c]),
            None => plain.push('\\'),
        }
    }
    plain
}

/// A bare value up to a `#` that stands behind a blank; one inside a word belongs to it.
fn without_comment(value: &str) -> &str {
    if value.starts_with('#') {
        return "";
    }
    let end = value
        .char_indices()
        .zip(value.chars().skip(1))
        .find(|((_, c), next)| c.is_whitespace() && *next == '#');
    value[..end.map_or(value.len(), |((at, _), _)| at)].trim_end()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(text: &str) -> String {
        let variables = parse(text).expect("valid");
        assert_eq!(variables.len(), 1, "{text}");
        variables[0].1.clone()
    }

    #[test]
    fn each_way_of_writing_a_value() {
        for (written, meant) in [
            ("A=b", "b"),
            ("export A = b c ", "b c"),
            ("A=", ""),
            ("A= # nothing", ""),
            ("A=b # note", "b"),
            ("A=b#c", "b#c"),
            ("A=\"b # c\" # note", "b # c"),
            ("A='b\\n\"c'", "b\\n\"c"),
            ("A=\"b\\n\\\"c\\\"\\d\"", "b\n\"c\"\\d"),
            ("A=\"-----BEGIN\nx\n-----END\"", "-----BEGIN\nx\n-----END"),
            ("A=pa$$word${B}", "pa$$word${B}"),
            ("A=https://h/?q=1&r=2", "https://h/?q=1&r=2"),
        ] {
            assert_eq!(value(written), meant, "{written}");
        }
    }

    #[test]
    fn comments_blank_lines_and_windows_line_ends_are_passed_over() {
        let text = "\u{feff}# keys\r\n\r\nA=1\r\n  B=2\r\n";
        assert_eq!(
            parse(text),
            Ok(vec![("A".into(), "1".into()), ("B".into(), "2".into())])
        );
    }

    #[test]
    fn a_line_that_is_no_variable_is_counted() {
        for (text, line) in [
            ("A=1\nnonsense", 2),
            ("=x", 1),
            ("A B=1", 1),
            ("\n\nA=\"open", 3),
            ("A=\0", 1),
            ("A=\"b\n\0\"", 2),
        ] {
            assert_eq!(parse(text), Err(line), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_stands_before_changes_nothing_of_what_follows(text in r#"([AB=\"'#\\\\ nx$]|\n|export |A=1){0,30}"#) {
            let mut wanted = parse(&text).map_err(|line| line + 1);
            if let Ok(variables) = &mut wanted {
                variables.insert(0, ("FIRST".to_owned(), "1".to_owned()));
            }
            prop_assert_eq!(parse(&format!("FIRST=1\n{text}")), wanted);
        }
    }
}
