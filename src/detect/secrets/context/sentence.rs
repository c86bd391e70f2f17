//! Passwords farther behind their name in a sentence: "the password for the staging database is x", "a temporary password is
//! generated for root@localhost: x".

use std::ops::Range;

use super::prose::is_made_up;
use super::value;
use super::words::ABOUT;

/// Words that say that somebody got it …
const GIVEN: &[&str] = &[
    "is",
    "was",
    "has",
    "been",
    "generated",
    "created",
    "assigned",
    "set",
    "reset",
    "changed",
    "now",
    "and",
];
/// … and those that lead to who or what it is for.
const LEADING: &[&str] = &["for", "of", "on", "to", "from"];
/// What joins it to all that.
const JOINTS: &[&str] = &[
    ": ", " is ", " was ", " is now ", " to ", " => ", " -> ", " = ", " — ", " – ",
];
/// How far behind its name it may stand, in bytes, and behind how many words.
const REACH: usize = 120;
const MOST_WORDS: usize = 9;

/// What is plainly made up behind a name that ends at `end`, the words that say whose it is, and a joint.
pub(super) fn password(text: &str, end: usize) -> Option<Range<usize>> {
    let rest = &text[end..text.floor_char_boundary(end + REACH)];
    let rest = rest.split('\n').next()?;
    let (mut at, mut led, mut other) = (0, false, false);
    for _ in 0..MOST_WORDS {
        if at > 0
            && let Some(joint) = JOINTS.iter().find(|joint| rest[at..].starts_with(**joint))
            && let Some(held) = made_up(text, end + at + joint.len())
            && (!other || *joint == ": " && ends_line(text, &held))
        {
            return Some(held);
        }
        let word = rest[at..].strip_prefix(' ')?;
        let length = word
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || b"@._'`\"-%".contains(b))
            .count();
        let word = word[..length].trim_end_matches('.');
        let lower = word.to_ascii_lowercase();
        led |= LEADING.contains(&lower.as_str());
        let given = GIVEN.contains(&lower.as_str());
        if word.is_empty() || !given && ABOUT.contains(&lower.as_str()) {
            return None;
        }
        other |= !led && !given;
        at += 1 + length;
    }
    None
}

/// Whether nothing but a full stop follows on the line.
fn ends_line(text: &str, held: &Range<usize>) -> bool {
    let rest = text[held.end..].trim_start_matches(['.', '`', '"', '\'']);
    rest.is_empty() || rest.starts_with(['\n', '\r'])
}

fn made_up(text: &str, at: usize) -> Option<Range<usize>> {
    let value = value::value_at(text, at)?;
    is_made_up(&text[value.range.clone()]).then_some(value.range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Option<&str> {
        let (at, name) = text.match_indices("assword").next().expect("a name");
        password(text, at + name.len()).map(|range| &text[range])
    }

    #[test]
    fn whose_it_is_stands_between() {
        for text in [
            "the password for the staging db => Kq7vLp2Zx9d",
            "A temporary password is generated for root@localhost: Kq7vLp2Zx9d",
            "New password generated: Kq7vLp2Zx9d",
            "Password of user bob: Kq7vLp2Zx9d",
            "the password for our old wiki is `Kq7vLp2Zx9d`.",
            "password for bob@example.org was reset to Kq7vLp2Zx9d",
            "the password you asked for yesterday: Kq7vLp2Zx9d",
            "password changed from x to Kq7vLp2Zx9d",
        ] {
            assert_eq!(secret(text), Some("Kq7vLp2Zx9d"), "{text}");
        }
    }

    #[test]
    fn what_says_something_else() {
        for text in [
            "the password hash is Kq7vLp2Zx9d",
            "password for the user with id Kq7vLp2Zx9d",
            "password for the user id: Kq7vLp2Zx9d",
            "the password is stored as Kq7vLp2Zx9d",
            "the password for the staging db is required",
            "password: Kq7vLp2Zx9d",
            "passwords that are like: Kq7vLp2Zx9d or longer",
            "a password is set for Windows10Pro",
        ] {
            assert_eq!(secret(text), None, "{text}");
        }
    }
}
