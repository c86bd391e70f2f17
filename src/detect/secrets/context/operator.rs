//! Looking back from an operator to the name before it.

use super::names::LONGEST;
use super::randomness::{LEAST_TURNING, MOST_TURNS, turns};
use super::words;
use crate::detect::unseen::is_mark;
use std::ops::Range;

/// How many bytes of quotes, brackets and spaces may stand between a name and its operator.
const WIDEST_GAP: usize = 24;

/// The longest note in brackets before a colon, in bytes.
const WIDEST_NOTE: usize = 32;

/// The longest word behind a colon that is dismissed at once, in bytes: longer ones may be random letters.
const LONGEST_TYPE: usize = 19;

/// How many groups of three letters a table tells apart.
pub(super) const SLOTS: usize = 1 << 15;

/// A table of three-letter groups, one of which is in every telling name, so that the rest is dismissed in a cycle or two
/// a letter.
static TELLING: [u64; SLOTS / 64] = telling(&[
    "pas", "pwd", "psw", "ecr", "cre", "oke", "key", "aut", "oki", "sal", "pat", "sig", "ogi", "jwt", "psk", "otp",
    "cce", "mdp", "enh", "slo", "tkn", "_pw", "api", "val", "str", "iva", "mne", "rer", "kin", "nnw", "sen", "htw",
    "aro", "gsk", "hra", "aul", "lsz", "ozi", "rka", "aml", "dpw", "tpw", "wif",
]);

/// The last letters of telling names and of what may follow in them, three of the short ones and four of the others: most
/// names are dismissed by this alone.
static ENDINGS: [u64; SLOTS / 64] = {
    let mut table = [0; SLOTS / 64];
    let mut i = 0;
    while i < words::LAST_WORDS.len() {
        let mut j = 0;
        while j < words::LAST_WORDS[i].len() {
            let slot = match words::LAST_WORDS[i][j].as_bytes() {
                [.., a, b, c, d] => slot_of_four(*a, *b, *c, *d),
                [a, b, c] => slot(*a, *b, *c),
                // Whatever stands before.
                [a, b] => {
                    let mut before = 0;
                    while before < 32 {
                        let slot = slot(before, *a, *b);
                        table[slot / 64] |= 1 << (slot % 64);
                        before += 1;
                    }
                    0
                }
                _ => 0,
            };
            table[slot / 64] |= 1 << (slot % 64);
            j += 1;
        }
        i += 1;
    }
    table
};

/// Whether a telling name may end with these letters.
#[inline(always)]
fn ends_name(a: Option<u8>, b: u8, c: u8, d: u8) -> bool {
    let holds = |slot: usize| ENDINGS[slot / 64] >> (slot % 64) & 1 == 1;
    holds(slot(b, c, d)) || a.is_some_and(|a| holds(slot_of_four(a, b, c, d)))
}

/// Where four letters are in the table: spread over all of it, so few meet another group there.
const fn slot_of_four(a: u8, b: u8, c: u8, d: u8) -> usize {
    slot(b, c, d) ^ (((a & 31) as usize * 0x2D35) & (SLOTS - 1))
}

/// The table for some groups of three.
const fn telling(groups: &[&str]) -> [u64; SLOTS / 64] {
    let mut table = [0_u64; SLOTS / 64];
    let mut i = 0;
    while i < groups.len() {
        let group = groups[i].as_bytes();
        let slot = slot(group[0], group[1], group[2]);
        table[slot / 64] |= 1 << (slot % 64);
        i += 1;
    }
    table
}

/// Where a group of three letters is in the table; the case of a letter does not matter.
pub(super) const fn slot(a: u8, b: u8, c: u8) -> usize {
    ((a & 31) as usize) << 10 | ((b & 31) as usize) << 5 | (c & 31) as usize
}

/// Whether a byte may be part of a name.
pub(super) fn in_name(b: u8) -> bool {
    IN_NAME[usize::from(b)]
}

/// The bytes that names are made of.
static IN_NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = (b as u8).is_ascii_alphanumeric() || matches!(b as u8, b'_' | b'-' | b'.' | b'$');
        b += 1;
    }
    table
};

/// A name that may be telling.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Named {
    /// Where it stands.
    pub(super) name: Range<usize>,
    /// Whether a quote closes it.
    pub(super) quoted: bool,
    /// Whether it touches its operator.
    pub(super) tight: bool,
}

/// The name that ends before `operator`, over quotes, brackets, spaces and the signs of longer operators; `None` where
/// there is none or where no telling word can be in it.
pub(super) fn name_before(text: &str, operator: usize) -> Option<Named> {
    let bytes = text.as_bytes();
    let least = operator.saturating_sub(WIDEST_GAP);
    let mut end = operator;
    let (mut quoted, mut tight, mut apart) = (false, true, false);
    while end > least && (!in_name(bytes[end - 1]) || end == operator && bytes[end - 1] == b'.') {
        match bytes[end - 1] {
            b'"' | b'\'' | b'`' => quoted = true,
            b' ' | b'\t' => (tight, apart) = (false, true),
            // A slice, `password[:4]`.
            b'[' if end == operator && bytes[operator] == b':' => return None,
            b'\\' | b']' | b')' | b'[' => {}
            // The end of a type: `String? =`, `Option<String> =`.
            b'?' | b'>' if apart && bytes[operator] == b'=' => {}
            // One operator only, not `a: :b`.
            b'.' | b':' | b'=' | b'!' | b'?' | b'+' | b'|' | b'*' | b'&' if !apart => {}
            0x80.. => return foreign_name(text, end, quoted, tight),
            _ => return None,
        }
        end -= 1;
    }
    if end == least && end > 0 && !in_name(bytes[end - 1]) || end == 0 {
        return None;
    }
    while end > 0 && matches!(bytes[end - 1], b'.' | b'-') {
        end -= 1;
    }
    if !may_end(&bytes[..end]) {
        return None;
    }
    let (mut start, telling) = name_that_ends_at(bytes, end)?;
    let foreign = start > 0 && bytes[start - 1] >= 0x80;
    if let Some(named) = foreign.then(|| foreign_name(text, end, quoted, tight)).flatten() {
        return Some(named);
    }
    if !telling {
        return None;
    }
    // -Dsonar.login=x
    if bytes[start..end].starts_with(b"-D") {
        start += 2;
    }
    Some(Named {
        name: start..end,
        quoted,
        tight,
    })
}

/// The name that ends at `end` and is not of ASCII letters only, if it is one of the table's.
fn foreign_name(text: &str, end: usize, quoted: bool, tight: bool) -> Option<Named> {
    let letters = text[..end]
        .chars()
        .rev()
        .take(LONGEST / 4)
        .take_while(|c| c.is_alphabetic() || is_mark(*c));
    let name = end - letters.map(char::len_utf8).sum::<usize>()..end;
    super::names::promise(&text[name.clone()])?;
    Some(Named { name, quoted, tight })
}

/// Whether a colon is followed by a space and a short word that ends there: a type, as in `token: Token,`, or a word of
/// text. It holds no secret, whatever the name; but a manifest is told by its kind.
pub(super) fn is_declared(bytes: &[u8], colon: usize) -> bool {
    let [b':', b' ', rest @ ..] = &bytes[colon..] else {
        return false;
    };
    let rest = rest.strip_prefix(b"&").unwrap_or(rest);
    let letters = rest.iter().take(LONGEST_TYPE + 1);
    let length = letters.take_while(|b| b.is_ascii_alphabetic() || **b == b'_').count();
    let ends = matches!(
        rest[length..],
        [b'\n' | b'\r', ..] | [b',' | b';' | b')', b' ' | b'\n' | b'\r', ..]
    );
    // Letters whose case turns so often are of no type.
    let random = || length >= LEAST_TURNING && turns(&rest[..length]) >= MOST_TURNS;
    ends && (1..=LONGEST_TYPE).contains(&length) && !bytes[..colon].ends_with(b"kind") && !random()
}

/// Where a note in brackets before the colon at `operator` begins, such as `token (read only):`; else the colon.
#[inline(always)]
pub(super) fn before_note(bytes: &[u8], operator: usize) -> usize {
    let noted = operator > 0 && bytes[operator - 1] == b')' && bytes[operator] == b':';
    if noted { note(bytes, operator) } else { operator }
}

#[cold]
fn note(bytes: &[u8], operator: usize) -> usize {
    let inner = bytes[..operator - 1].iter().rev().take(WIDEST_NOTE);
    let length = inner.take_while(|b| b.is_ascii_alphabetic() || **b == b' ').count();
    let open = operator - 1 - length;
    if length > 0 && bytes[..open].ends_with(b" (") {
        open - 2
    } else {
        operator
    }
}

/// Whether the name before `operator`, a space or a quote away, ends as no telling one does: this dismisses most of them.
#[inline(always)]
pub(super) fn is_dull(bytes: &[u8], operator: usize) -> bool {
    let gap = usize::from(operator > 0 && matches!(bytes[operator - 1], b' ' | b'"'));
    match bytes[..operator - gap] {
        [.., a, b, c, d] => d.is_ascii_alphabetic() && !ends_name(Some(a), b, c, d),
        _ => false,
    }
}

/// Whether a telling name can end where `before` does; digits behind it say nothing.
fn may_end(before: &[u8]) -> bool {
    let end = before
        .iter()
        .rposition(|b| !b.is_ascii_digit() && *b != b'_')
        .map_or(0, |last| last + 1);
    match before[..end] {
        [.., b' '] => true,
        [.., a, b, c, d] => ends_name(Some(a), b, c, d),
        [a, b, c] => ends_name(None, a, b, c),
        [a, b] => ends_name(None, b' ', a, b),
        _ => false,
    }
}

/// Where the name that ends at `end` starts, and whether a telling word can be in it; `None` where it is longer than
/// names are. This is what is done at every operator of a text: one table look-up for a byte, and one for its group.
fn name_that_ends_at(bytes: &[u8], end: usize) -> Option<(usize, bool)> {
    let (mut group, mut telling, mut digits) = (0_usize, false, true);
    let mut start = end;
    while start > 0 && IN_NAME[usize::from(bytes[start - 1])] {
        start -= 1;
        let b = bytes[start];
        group = usize::from(b & 31) << 10 | group >> 5;
        telling |= TELLING[group / 64] >> (group % 64) & 1 == 1;
        digits &= b.is_ascii_digit();
        if end - start > LONGEST {
            return None;
        }
    }
    let numbered = digits && start > 1 && bytes[start - 1] == b' ';
    let short = end - start == 2 && bytes[start..end].eq_ignore_ascii_case(b"pw");
    (start < end).then_some((start, telling || numbered || short))
}

/// Where the name that ends at `end` starts; `None` where it is longer than names are.
pub(super) fn start_of_name(bytes: &[u8], end: usize) -> Option<usize> {
    let mut start = end;
    while start > 0 && in_name(bytes[start - 1]) {
        start -= 1;
        if end - start > LONGEST {
            return None;
        }
    }
    (start < end).then_some(start)
}

/// Whether a telling word can be in `name`.
pub(super) fn may_tell(name: &[u8]) -> bool {
    first_telling(name).is_some()
}

/// The same where the one telling word of two letters counts, which is in none of the groups of three.
pub(super) fn may_promise(name: &[u8]) -> bool {
    let mut group = 0;
    name.iter().any(|b| {
        group = (group << 5 | usize::from(b & 31)) & (SLOTS - 1);
        group & 0x3FF == slot(0, b'p', b'w') || TELLING[group / 64] >> (group % 64) & 1 == 1
    })
}

/// Where the first group of letters ends that may be of a telling word.
pub(super) fn first_telling(name: &[u8]) -> Option<usize> {
    // A group begins with letters that are none.
    let mut group = 0;
    let ends = name.iter().position(|b| {
        group = (group << 5 | usize::from(b & 31)) & (SLOTS - 1);
        TELLING[group / 64] >> (group % 64) & 1 == 1
    });
    ends.map(|last| last + 1)
}

/// `name` with the words before it on the same line, each a single space away: at most two more.
pub(super) fn with_words_before(text: &str, name: &Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let mut start = name.start;
    for _ in 0..2 {
        if start < 2 || bytes[start - 1] != b' ' || !in_name(bytes[start - 2]) {
            break;
        }
        match start_of_name(bytes, start - 1) {
            Some(earlier) if name.end - earlier <= LONGEST => start = earlier,
            _ => break,
        }
    }
    start..name.end
}

/// Whether what starts at `start` is a part of an id that colons part: `arn:aws:secretsmanager:eu-west-1:1:secret:x`,
/// `did:key:x`.
pub(super) fn is_of_id(text: &str, start: usize) -> bool {
    let near = &text.as_bytes()[start.saturating_sub(LONGEST)..start];
    if near.last() != Some(&b':') {
        return false;
    }
    let word = near
        .rsplit(|b| b.is_ascii_whitespace() || b"\"'`(<=".contains(b))
        .next();
    word.is_some_and(|word| [&b"arn:"[..], b"did:"].iter().any(|scheme| word.starts_with(scheme)))
}

/// Whether the word before `start` makes a token one that a list goes on with: "next page token", "change token".
pub(super) fn goes_on_listing(text: &str, start: usize) -> bool {
    const PARTS: &[&str] = &["page", "change", "continuation", "sync", "pagination", "next", "delta"];
    let lead = text[..start].strip_suffix(' ').unwrap_or_default();
    PARTS.iter().any(|part| {
        let from = lead.len().checked_sub(part.len());
        from.and_then(|from| lead.get(from..))
            .is_some_and(|word| word.eq_ignore_ascii_case(part))
    })
}

/// Whether what ends at `end` is the type of what is set behind it: `String? = `.
pub(super) fn is_type_of(text: &str, end: usize) -> bool {
    let rest = text[end..].trim_start_matches(['?', '>', ']', ' ']);
    rest.len() < text.len() - end && rest.starts_with('=') && !rest.starts_with("==")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Option<&str> {
        let operator = text.rfind(['=', ':'])?;
        name_before(text, operator).map(|named| &text[named.name])
    }

    #[test]
    fn names_are_found_over_quotes_and_signs() {
        assert_eq!(name(r#"{"password":"#), Some("password"));
        assert_eq!(name(r#"{\"password\":"#), Some("password"));
        assert_eq!(name("DB_PASSWORD="), Some("DB_PASSWORD"));
        assert_eq!(name("token :::="), Some("token"));
        assert_eq!(name("config[\"api.key\"] ="), Some("api.key"));
        assert_eq!(name("Key(ANYSecret):"), Some("ANYSecret"));
        assert_eq!(name("$token .="), Some("$token"));
        assert_eq!(name("Пароль:"), Some("Пароль"));
        assert_eq!(name("la contraseña :"), Some("contraseña"));
        assert_eq!(name("größe:"), None);
        assert_eq!(name("x: y ="), None);
        assert_eq!(name("user_name:"), None);
        assert_eq!(name("="), None);
    }

    #[test]
    fn words_before_are_joined() {
        let text = "the Yahoo Client Secret:";
        let named = name_before(text, text.len() - 1).expect("a telling name");
        assert_eq!(&text[with_words_before(text, &named.name)], "Yahoo Client Secret");
    }
}
