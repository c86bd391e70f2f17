//! What stands where a secret would: placeholders, references to one, types, and text about one.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::AhoCorasick;

use super::super::placeholder;
use super::randomness::{self, Make};

/// Values that are no secret as a whole, in lower case.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "true", "false", "yes", "no", "on", "off", "none", "null", "nil", "undefined", "string", "str", "text", "varchar",
    "char", "bool", "boolean", "int", "integer", "number", "float", "any", "object", "required", "optional",
    "required|string", "password", "passwd", "pass", "pwd", "secret", "token", "apikey", "api_key", "api-key",
    "bearer", "basic", "auth", "empty", "default", "unset", "disabled", "enabled", "anonymous", "hidden", "masked",
    "redacted", "removed", "filtered", "username", "user", "login", "self", "this", "todo", "tbd", "n/a", "na", "xxx",
    "foo", "bar", "baz", "secretstr", "bytes", "value", "type", "input", "and", "or", "in", "is", "not", "the", "for",
    "if", "else", "return", "await", "new", "mandatory", "never", "always", "keychain", "inherit", "prompt",
    "private", "public", "protected", "readonly",
];

/// Parts that make a value a placeholder, in lower case.
#[rustfmt::skip]
const PARTS: &[&str] = &[
    "placeholder", "changeme", "change_me", "change-me", "change_this", "changethis", "replace", "redacted", "your_",
    "your-", "yourpassw", "yoursecret", "yourtoken", "yourapi", "yourkey", "my_secret_here", "_here", "-here",
    "<your", "dummy", "xxxx", "****", "todo", "fake", "sample", "insert_", "insert-", "not_a_real", "notreal",
    "notapassw", "goes_here", "....", "••", "####", "____", "lorem", "foobar", "your password", "undefined",
    "somefake", "enter_", "enter-",
];

/// Parts that make any value a reference to another, or a template.
#[rustfmt::skip]
const TEMPLATES: &[&str] = &[
    "${", "$(", "{{", "}}", "<%", "%>", "#{", "$[", "process.env", "os.environ", "getenv(", "%(", "@{",
];

/// Parts that may stand in a random value by chance.
const BY_CHANCE: &[&str] = &["_here", "-here", "....", "____", "todo", "fake", "sample", "%s"];
/// Those that may in one of at least so many signs of all kinds.
const BY_CHANCE_IN_LONG: &[&str] = &["<%", "%>", "#{", "$[", "$(", "%(", "@{", "{{", "}}"];
const LONG: usize = 40;

/// All of the parts: one search is cheaper than one for each.
static MARKS: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::new(PARTS.iter().chain(TEMPLATES)).expect("a few short literals fit"));

/// Whether `value` stands for a secret that is elsewhere, or for none: `${X}`, `<token>`, `YOUR_KEY`, `xxxx`, `null`.
pub(super) fn is_stand_in(value: &str) -> bool {
    let value = value.trim();
    let bytes = value.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else {
        return true;
    };
    if value.len() > 512 {
        return false;
    }
    // Delimiters cut what is wrapped: `[PASSWORD` of `[PASSWORD]`.
    let opened = b"[<{(".contains(&first)
        && bytes[1..]
            .iter()
            .all(|b| b.is_ascii_alphabetic() || b"_- .>]})".contains(b));
    let wrapped = [(b'<', b'>'), (b'[', b']'), (b'{', b'}'), (b'%', b'%'), (b'(', b')')];
    if opened
        || first == b'{' && !is_random(&value[1..])
        || value.starts_with("--")
        || value.find("%s").is_some_and(|at| !is_by_chance(value, at..at + 2))
        || first == b':' && bytes.get(1).is_some_and(u8::is_ascii_alphabetic)
        || wrapped.contains(&(first, last)) && !value.get(1..value.len() - 1).is_some_and(is_opaque)
        || (first == b'$' && is_variable(&value[1..]))
        || value.starts_with("%v")
        || value.starts_with("%d")
        || value.starts_with("&lt;")
        || placeholder::is(value)
    {
        return true;
    }
    let mut lower = [0_u8; 512];
    let lower = &mut lower[..bytes.len()];
    lower.copy_from_slice(bytes);
    lower.make_ascii_lowercase();
    let Ok(lower) = std::str::from_utf8(lower) else {
        return true;
    };
    WORDS.contains(&lower)
        || MARKS.find_iter(lower).any(|mark| !is_by_chance(value, mark.range()))
        || has_example(value, lower)
}

fn is_random(value: &str) -> bool {
    matches!(randomness::make(value), Make::Random)
}

/// Whether a mark is one of [`BY_CHANCE`] within a value that is random without it.
fn is_by_chance(value: &str, mark: Range<usize>) -> bool {
    let (before, after) = (&value[..mark.start], &value[mark.end..]);
    let within = !before.is_empty() && after.starts_with(|c: char| c.is_ascii_alphanumeric());
    let known = |parts: &[&str]| parts.iter().any(|part| part.eq_ignore_ascii_case(&value[mark.clone()]));
    let long = || {
        let signs = value.bytes().filter(u8::is_ascii_punctuation).count();
        value.len() >= LONG && signs * 6 >= value.len() && !before.is_empty() && known(BY_CHANCE_IN_LONG)
    };
    (within && known(BY_CHANCE) || long()) && is_random(&[before, after].concat())
}

/// Whether what brackets hold is no name of what belongs there, but a secret.
fn is_opaque(inner: &str) -> bool {
    inner.len() >= 16 && matches!(randomness::make(inner), Make::Random | Make::Hex)
}

/// `EXAMPLE`, or `example` as a word of its own.
fn has_example(value: &str, lower: &str) -> bool {
    value.ends_with("EXAMPLE")
        || value.ends_with("EXAMPLEKEY")
        || lower.match_indices("example").any(|(at, word)| {
            let letter = |i: usize| lower.as_bytes().get(i).is_some_and(u8::is_ascii_alphanumeric);
            !(letter(at + word.len()) || at > 0 && letter(at - 1))
        })
}

/// Whether all of `value` is one variable, as in `$HOME` or `$config.password`, and not random letters after a `$`.
fn is_variable(value: &str) -> bool {
    !value.is_empty()
        && value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.:>[]-$'\"".contains(&b))
        && !matches!(randomness::make(value), Make::Random | Make::Hex | Make::Uuid)
}

/// Whether an unquoted `value` is code that yields a secret rather than one: `get_password()`, `self.token`, `&config`.
pub(super) fn is_reference(value: &str) -> bool {
    let bytes = value.as_bytes();
    let name = |b: &u8| b.is_ascii_alphanumeric() || b"_$".contains(b);
    let starts = |part: &[u8]| part.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
    if matches!(bytes, [b'&' | b'*' | b'@', rest @ ..] if starts(rest)) {
        return true;
    }
    if value.contains("->")
        || value.contains("::")
        || value.ends_with(['!', '?']) && bytes[..bytes.len() - 1].iter().all(u8::is_ascii_alphabetic)
    {
        return true;
    }
    let callee = bytes.iter().take_while(|b| name(b) || **b == b'.').count();
    if starts(bytes) && callee > 0 && matches!(bytes.get(callee), Some(b'(' | b'[' | b'{')) {
        return true;
    }
    let mut parts = bytes.split(|b| *b == b'.');
    let random = || matches!(randomness::make(value), Make::Random | Make::Hex) && !names_a_secret(value);
    bytes.contains(&b'.') && parts.all(|part| starts(part) && part.iter().all(name)) && !random()
}

/// Whether an unquoted `value` is code though it stands where settings of an environment do: a call, or names and dots.
pub(super) fn is_code(value: &str) -> bool {
    let chosen = value.bytes().any(|b| b.is_ascii_digit());
    let closed = value.ends_with([')', ']', '}']);
    let dotted = value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.".contains(&b));
    is_reference(value) && (!chosen || closed || dotted)
}

/// Whether `value` is what a form calls a password, in whatever language: `Contraseña`, `Passwort vergessen?`.
pub(super) fn is_label(value: &str) -> bool {
    const STEMS: &[&str] = &[
        "passwor",
        "kennwort",
        "mot de passe",
        "contrase",
        "senha",
        "wachtwoord",
        "hasło",
        "haslo",
        "heslo",
        "parola",
        "lösenord",
        "salasana",
        "jelsz",
        "şifre",
        "пароль",
    ];
    let worded = value.chars().all(|c| c.is_alphabetic() || " ?!.…:'’-¿¡".contains(c));
    worded
        && (!value.is_ascii()
            || value.contains(' ') && {
                let lower = value.to_lowercase();
                STEMS.iter().any(|stem| lower.contains(stem))
            })
}

/// Whether `value` is a sentence or a label of a form rather than a pass phrase.
pub(super) fn is_prose(value: &str) -> bool {
    const TELLING: &[&str] = &[
        "the",
        "your",
        "is",
        "must",
        "please",
        "enter",
        "should",
        "cannot",
        "invalid",
        "forgot",
        "password",
        "passwords",
        "required",
        "for",
        "to",
        "of",
        "or",
        "a",
        "an",
        "be",
        "in",
        "at",
        "token",
        "key",
        "if",
        "are",
        "field",
        "used",
        "secret",
        "not",
        "this",
        "will",
        "has",
        "from",
        "new",
        "confirm",
        "reset",
        "change",
        "authentication",
    ];
    let spaces = value.bytes().filter(|b| *b == b' ').count();
    if spaces == 0 {
        return false;
    }
    spaces > 7
        || value
            .split([' ', ',', '.', ':'])
            .any(|word| TELLING.contains(&word.to_ascii_lowercase().as_str()))
}

/// Whether a name that tells of secrets is part of `value`: an identifier, a selector or a message, not a secret.
pub(super) fn names_a_secret(value: &str) -> bool {
    let stems = [
        "passw",
        "pwd",
        "secret",
        "token",
        "credential",
        "passphrase",
        "api_key",
        "apikey",
        "private",
    ];
    let lower = value.to_ascii_lowercase();
    stems.iter().any(|stem| lower.contains(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders() {
        for value in [
            "",
            "xxxxxxxx",
            "${DB_PASSWORD}",
            "$PASSWORD",
            "YOUR_API_KEY",
            "<password>",
            "changeme",
            "{{ .Values.x }}",
            "%DB_PASSWORD%",
            "AKIAIOSFODNN7EXAMPLE",
            "my-example-token",
            "null",
            "string",
            "<GITHUB_PERSONAL_ACCESS_TOKEN>",
            "[PASSWORD]",
            "******",
            "$config['x']",
            "%s",
            "&lt;YOURPASSWORD&gt;",
        ] {
            assert!(is_stand_in(value), "{value}");
        }
        for value in [
            "hunter2",
            "super$ecret",
            "Tr0ub4dor&3",
            "examples4life",
            "pa$$word1",
            "kL9_herem1nzPw!xQ",
            "kL9d....m1nzPw!xQ",
            "k%sL9dm1nzPw!x",
            "{kL9dm1nzPw!x",
        ] {
            assert!(!is_stand_in(value), "{value}");
        }
    }

    #[test]
    fn references() {
        for value in [
            "get_password()",
            "self.token",
            "args.password",
            "config[key]",
            "&secret",
            "Foo::bar",
            "String!",
            "String?",
        ] {
            assert!(is_reference(value), "{value}");
        }
        for value in ["hunter2", "a1b2.c3d4", "47briy6Q.1tlasv1.3mN8", "p@ss(word"] {
            assert!(!is_reference(value), "{value}");
        }
    }

    #[test]
    fn prose() {
        assert!(is_prose("Enter your password"));
        assert!(!is_prose("correct horse battery staple"));
        assert!(!is_prose("hunter2"));
    }
}
