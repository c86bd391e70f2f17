//! Passwords in running text of languages whose letters are not all of ASCII: "Пароль от сервера — x", "密码是 x".

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::packed::Searcher;

use super::names::Promise;
use super::prose::is_made_up;
use super::rules;
use super::verdict::LIKELY;
use crate::detect::Finding;
use crate::detect::unseen::is_mark;

/// What names a password, without a first letter that may be a capital.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "ароль", "АРОЛЬ", "арола", "озинка", "ontraseñ", "密码", "密碼", "口令", "パスワード", "비밀번호", "암호", "şifre",
    "Şifre", "asło", "ösenord", "elszó", "parolă", "ωδικός", "סיסמה", "المرور", "रहस्यशब्द", "पासवर्ड", "รหัสผ่าน",
    "ật khẩu", "enha ", "enha:", "assword ", "de passe",
];
/// Words that join a name to its value.
#[rustfmt::skip]
const JOINTS: &[&str] = &[
    "is", "es", "é", "è", "est", "ist", "lautet", "jest", "to", "är", "er", "on", "este", "este:", "είναι", "это", "это:",
    "je", "là", "है", "คือ", "هي", "هو", "הוא", "היא",
];
/// Signs that do.
const SIGNS: &[char] = &[':', '：', '—', '–', '=', '>', '→', '是', '为', '為', '은', '는', 'は'];
/// How far behind its name a value may stand, in bytes, and behind how many words.
const REACH: usize = 120;
const MOST_WORDS: usize = 7;

/// The longest password, in bytes: what is longer would be read once more for each sign before it.
const LONGEST: usize = 256;

static SEARCH: LazyLock<Searcher> = LazyLock::new(|| Searcher::new(NAMES).expect("a few short literals fit"));

/// How much text is passed over at a time where all of it is ASCII, and how much is read before and behind where it is not.
const BLOCK: usize = 256;
const MARGIN: usize = 64;

/// Reports the passwords in the sentences of `text`, which is not of ASCII only.
pub(in crate::detect::secrets) fn foreign(text: &str, found: &mut Vec<Finding>) {
    let is_ascii = |from: usize| text.as_bytes()[from..text.len().min(from + BLOCK)].is_ascii();
    let mut from = 0;
    while from < text.len() {
        let mut end = from + BLOCK;
        if !is_ascii(from) {
            while end < text.len() && !is_ascii(end) {
                end += BLOCK;
            }
            let near = text.floor_char_boundary(from.saturating_sub(MARGIN))..text.ceil_char_boundary(end + MARGIN);
            sentences(text, near, found);
        }
        from = end;
    }
}

fn sentences(text: &str, near: Range<usize>, found: &mut Vec<Finding>) {
    for name in SEARCH.find_iter(&text[near.clone()]) {
        let end = near.start + name.end();
        found.extend(behind(text, end).map(|value| rules::finding(Promise::Password, value, LIKELY)));
    }
}

/// The password behind a name that ends at `end`: words, one of [`JOINTS`] or [`SIGNS`], and what is plainly made up.
fn behind(text: &str, end: usize) -> Option<Range<usize>> {
    let rest = &text[end..text.floor_char_boundary(end + REACH)];
    let (mut word, mut words) = (0, 0);
    for (at, c) in rest.char_indices() {
        let next = at + c.len_utf8();
        if SIGNS.contains(&c)
            && let Some(value) = made_up(text, end + next)
        {
            return Some(value);
        }
        let joins = c == ' ' && JOINTS.contains(&&rest[word..at]);
        if joins && let Some(value) = made_up(text, end + next) {
            return Some(value);
        }
        match c {
            ' ' => (word, words) = (next, words + 1),
            c if c.is_alphanumeric() || is_mark(c) || SIGNS.contains(&c) || ".@_-".contains(c) => {}
            _ => return None,
        }
        if words > MOST_WORDS {
            return None;
        }
    }
    None
}

/// What stands at `at`, over blanks and what opens a quote, if it is plainly made up.
fn made_up(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text[at..].trim_start_matches([' ', '"', '\'', '`', '«', '“', '„', '「', '『', '*']);
    let length = rest
        .bytes()
        .take(LONGEST + 1)
        .take_while(|b| b.is_ascii_graphic() && !b"\"'`<>".contains(b))
        .count();
    if length > LONGEST {
        return None;
    }
    let held = rest[..length].trim_end_matches(['.', ',', ';', ':', ')', '*']);
    let start = text.len() - rest.len();
    is_made_up(held).then(|| start..start + held.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        foreign(text, &mut found);
        found.iter().map(|finding| &text[finding.start..finding.end]).collect()
    }

    #[test]
    fn passwords_in_sentences() {
        for text in [
            "Пароль от сервера — Kq7vLp2Zx9d.",
            "ПАРОЛЬ: Kq7vLp2Zx9d",
            "новый пароль это Kq7vLp2Zx9d",
            "la contraseña es Kq7vLp2Zx9d",
            "La contraseña de la base de datos es: Kq7vLp2Zx9d",
            "A senha do banco é Kq7vLp2Zx9d",
            "密码是 Kq7vLp2Zx9d。",
            "数据库密码：Kq7vLp2Zx9d，请保密",
            "パスワードは「Kq7vLp2Zx9d」です",
            "비밀번호는 Kq7vLp2Zx9d 입니다",
            "Hasło to Kq7vLp2Zx9d",
            "Şifre: Kq7vLp2Zx9d",
            "Lösenord för databasen är Kq7vLp2Zx9d",
            "la password è Kq7vLp2Zx9d",
            "le mot de passe de la base « prod » — non ; mot de passe : Kq7vLp2Zx9d",
            "كلمة المرور هي Kq7vLp2Zx9d",
            "Mật khẩu: Kq7vLp2Zx9d",
            "รหัสผ่านคือ: Kq7vLp2Zx9d",
            &format!("{}\nПароль — Kq7vLp2Zx9d\n{}", "x".repeat(1000), "y".repeat(1000)),
        ] {
            assert_eq!(secrets(text), ["Kq7vLp2Zx9d"], "{text}");
        }
    }

    #[test]
    fn many_signs_take_linear_time() {
        let signs = format!("{}{}{}", "密码".repeat(8), ":".repeat(70), "x".repeat(1_000_000));
        assert!(secrets(&signs.repeat(4)).is_empty());
        let longest = format!("{}9", "xK7q".repeat(LONGEST / 4));
        assert!(secrets(&format!("密码: {longest}")).is_empty());
    }

    #[test]
    fn sentences_about_passwords() {
        for text in [
            "Введите пароль от Windows10Pro",
            "Пароль — это строка из 12 символов",
            "la contraseña es obligatoria",
            "密码不能为空",
            "パスワードは8文字以上です",
            "비밀번호는 필수입니다",
            "A senha é criptografada com SHA256withRSA",
            "Hasło",
        ] {
            assert_eq!(secrets(text), Vec::<&str>::new(), "{text}");
        }
    }
}
