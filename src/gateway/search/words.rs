//! Words of a text: identifiers split, letters lowered, endings taken off.

use super::synonyms::ABBREVIATIONS;

/// Words of a question that say nothing about the tool it asks for.
const STOP_WORDS: &str = "\
    a about all am an and any are as at be been but by can could did do does else for from had has have he her \
    his how i if in into is it its just let me mine my need of off on onto or our please s she should so some \
    something t than that the their them there these they this those to tool us use using want was we were when \
    will with would you your\
";

/// Endings and what stands in their place, tried in order within a step; the rest of the word must have the given
/// number of letters. Lighter than Porter's stemmer: it only has to bring together the forms of one verb or noun.
const STEPS: &[&[(&str, &str, usize)]] = &[
    &[
        ("sses", "ss", 1),
        ("shes", "sh", 2),
        ("ches", "ch", 2),
        ("xes", "x", 1),
        ("ies", "i", 2),
        ("news", "news", 0),
        ("ss", "ss", 1),
        ("us", "us", 1),
        ("is", "is", 1),
        ("s", "", 3),
    ],
    &[
        ("ied", "i", 2),
        ("eed", "eed", 1),
        ("ed", "", 3),
        ("ing", "", 3),
        ("tion", "t", 3),
        ("sion", "s", 3),
    ],
    &[("note", "note", 0), ("e", "", 3), ("y", "i", 2)],
];

/// Whether `word`, in lower case, tells nothing about a tool.
pub(super) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.split(' ').any(|stop| stop == word)
}

/// Shows every word of `text` to `visit`, in lower case, the identifiers in snake, kebab and camel case split. Digits
/// stay with the letters before them, as in `s3` and `base64`.
pub(super) fn each(text: &str, visit: &mut impl FnMut(&str)) {
    for run in text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|run| !run.is_empty())
    {
        if run
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        {
            visit(run);
        } else {
            each_part(run, visit);
        }
    }
}

/// Splits camel case, before a capital after anything else and before the last capital of `HTTPServer` (but not of
/// `URLs`), and scripts without spaces, a word for each of their letters.
fn each_part(run: &str, visit: &mut impl FnMut(&str)) {
    let mut part = String::with_capacity(run.len());
    let mut letters = run.chars();
    let mut before = None;
    while let Some(letter) = letters.next() {
        let starts_a_part = before.is_some_and(|before: char| {
            let rest = letters.as_str();
            let inside_capitals = before.is_uppercase() && (!rest.starts_with(char::is_lowercase) || rest == "s");
            letter.is_uppercase() && !inside_capitals || is_a_word(letter) || is_a_word(before)
        });
        if starts_a_part {
            visit(&part);
            part.clear();
        }
        part.extend(letter.to_lowercase());
        before = Some(letter);
    }
    visit(&part);
}

/// Whether `letter` is of a script that is written without spaces: Han, Kana, and those of their blocks.
fn is_a_word(letter: char) -> bool {
    matches!(letter, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The words that `word` is short for, or else itself.
pub(super) fn written_out(word: &str) -> impl Iterator<Item = &str> {
    ABBREVIATIONS
        .iter()
        .find(|(short, _)| *short == word)
        .map_or(word, |(_, full)| *full)
        .split(' ')
}

/// `word`, in lower case, without its ending.
pub(super) fn stem(word: &str) -> String {
    let mut word = word.to_owned();
    for step in STEPS {
        let shorter = step.iter().find_map(|(ending, replacement, least)| {
            let rest = word.strip_suffix(ending).filter(|rest| rest.len() >= *least)?;
            Some(format!("{rest}{replacement}"))
        });
        word = shorter.unwrap_or(word);
    }
    // `running` is `runn` by now; `fill` stays apart from `file`.
    if let [_, .., last, doubled] = word.as_bytes()
        && last == doubled
        && b"bcdfgkmnprtv".contains(doubled)
    {
        word.pop();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        each(text, &mut |word| words.extend(written_out(word).map(str::to_owned)));
        words
    }

    #[test]
    fn identifiers_are_split() {
        for (text, expected) in [
            ("create_pull_request", "create pull request"),
            ("API-get-user", "api get user"),
            ("getHTTPResponse", "get http response"),
            ("s3ListObjects", "s3 list objects"),
            ("read base64, then stop.", "read base64 then stop"),
            ("Städte_ÜBER", "städte über"),
            ("merge PRs", "merge pull requests"),
            ("查询weather天气", "查 询 weather 天 气"),
            ("OAuth2Token", "o auth2 token"),
            ("", ""),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for forms in [
            ["create", "creates", "creating", "creation"],
            ["query", "queries", "queried", "querying"],
            ["delete", "deleted", "deletion", "deletes"],
            ["add", "adds", "adding", "added"],
            ["branch", "branches", "branching", "branched"],
            ["issue", "issues", "issued", "issuing"],
            ["run", "runs", "running", "run"],
            ["status", "statuses", "status", "status"],
            ["process", "processes", "processing", "processed"],
            ["movie", "movies", "movie", "movies"],
        ] {
            assert!(forms.iter().all(|form| stem(form) == stem(forms[0])), "{forms:?}");
        }
    }

    #[test]
    fn other_words_keep_apart() {
        for (one, other) in [
            ("fill", "file"),
            ("new", "news"),
            ("not", "note"),
            ("use", "us"),
            ("form", "for"),
            ("ping", "pin"),
        ] {
            assert_ne!(stem(one), stem(other));
        }
    }
}
