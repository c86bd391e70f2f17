//! Whether a value is the secret that its name promises.

use super::names::Promise;
use super::randomness::{self, Make};
use super::stand_in;

/// How a value stands beside its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// In quotes, or the whole of a leaf: a literal, not code.
    Literal,
    /// Bare, in a line of its own that only sets it, as in `.env` and INI files: `PASSWORD=x`.
    Setting,
    /// The same where no code stands: at the start of a line, in capitals, as in `.env`.
    Environment,
    /// Bare, alone on its line behind a colon: YAML, or the declaration of a type.
    Line,
    /// Bare, where code might stand as well.
    Bare,
}

/// Sure: a telling name, an operator and a value that fits.
pub(super) const SURE: f32 = 0.8;
/// More likely than not.
pub(super) const LIKELY: f32 = 0.6;
/// Less likely than not: only who wants all of them sees it.
pub(super) const DOUBTFUL: f32 = 0.4;

/// The shortest password that is one.
const LEAST_PASSWORD: usize = 4;
/// The longest with white space in it; more is a text.
const MOST_PASSWORD: usize = 256;
/// The shortest secret.
const LEAST_SECRET: usize = 8;
/// The shortest token.
const LEAST_TOKEN: usize = 12;
/// The shortest value that is masked for a faint promise.
const LEAST_FAINT: usize = 16;

/// How sure it is that `value` is what `promise` promises; `None` where it is not.
pub(super) fn judge(promise: Promise, value: &str, manner: Manner) -> Option<f32> {
    let least = match promise {
        Promise::Password => LEAST_PASSWORD,
        Promise::Secret | Promise::Pass => LEAST_SECRET,
        Promise::Token | Promise::Authorization | Promise::Cookie => LEAST_TOKEN,
        Promise::Faint => LEAST_FAINT,
    };
    let is_text = || promise == Promise::Password && value.bytes().any(|b| b.is_ascii_whitespace());
    if value.len() < least || value.len() > MOST_PASSWORD && is_text() {
        return None;
    }
    let make = randomness::make(value);
    let score = match promise {
        Promise::Password => password(value, make, manner),
        Promise::Secret | Promise::Pass => secret(value, make, manner),
        Promise::Faint => faint(value, make),
        Promise::Token | Promise::Authorization | Promise::Cookie => token(value, make),
    }?;
    let code = match manner {
        Manner::Literal => false,
        Manner::Environment => stand_in::is_code(value),
        _ => stand_in::is_reference(value),
    };
    (!code && !is_location(value) && !stand_in::is_stand_in(value)).then_some(score)
}

/// A password may be anything a person makes up.
fn password(value: &str, make: Make, manner: Manner) -> Option<f32> {
    if stand_in::is_prose(value) || stand_in::is_label(value) {
        return None;
    }
    let signs = value.bytes().filter(|b| b.is_ascii_alphanumeric()).count();
    match make {
        Make::Repetitive => None,
        Make::Random | Make::Hex | Make::Uuid => Some(SURE),
        Make::Number => (value.bytes().all(|b| b.is_ascii_digit()) && manner != Manner::Bare).then_some(LIKELY),
        Make::Mixed if signs < 3 => None,
        Make::Mixed if manner == Manner::Bare && is_identifier(value) => None,
        Make::Mixed if manner != Manner::Literal && is_type(value.trim_start_matches(['[', '&', '*'])) => None,
        // The password of an anonymous visitor is an address.
        Make::Mixed if is_selector(value) || value.ends_with('@') && !value.bytes().any(|b| b.is_ascii_digit()) => None,
        Make::Mixed => Some(SURE),
        Make::Words => chosen_words(value, manner).then_some(LIKELY),
    }
}

/// Whether words may be a password: not a name of a field, not a label of a form.
fn chosen_words(value: &str, manner: Manner) -> bool {
    let label = value.starts_with(|c: char| c.is_uppercase()) && value.chars().skip(1).all(char::is_lowercase);
    let compound = value.contains(['_', '-', '.', ' ', '/']) || value.bytes().any(|b| b.is_ascii_uppercase());
    let constant = value
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    let names = stand_in::names_a_secret(value);
    match manner {
        Manner::Literal => value.is_ascii() && !label && !constant && !names,
        Manner::Setting | Manner::Environment => {
            value.is_ascii() && !constant && !(names && compound && value.contains(['.', '-', '/']))
        }
        Manner::Line | Manner::Bare => false,
    }
}

/// A secret is opaque, or has digits or signs among its letters.
fn secret(value: &str, make: Make, manner: Manner) -> Option<f32> {
    match make {
        Make::Random | Make::Hex | Make::Uuid => Some(SURE),
        Make::Mixed => {
            let digits = value.bytes().filter(u8::is_ascii_digit).count();
            let signs = value
                .bytes()
                .filter(|b| !b.is_ascii_alphanumeric() && !b"_-./: ".contains(b))
                .count();
            let bare = matches!(manner, Manner::Bare | Manner::Line);
            let bare_name = bare && is_identifier(value) || is_selector(value) || stand_in::names_a_secret(value);
            let chosen = digits >= 2 || signs > 0;
            (chosen && !bare_name && !stand_in::is_prose(value)).then_some(LIKELY)
        }
        Make::Words | Make::Number | Make::Repetitive => None,
    }
}

/// A token is opaque.
fn token(value: &str, make: Make) -> Option<f32> {
    match make {
        _ if value.bytes().any(|b| b" []{}()<>\\|".contains(&b)) => None,
        Make::Random if is_numbered(value) => None,
        Make::Random | Make::Hex | Make::Uuid => Some(SURE),
        _ => None,
    }
}

/// Whether `value` numbers something: a few letters, then digits only, as in `INV-2024001234`.
fn is_numbered(value: &str) -> bool {
    let digits = value
        .trim_start_matches(|c: char| c.is_ascii_alphabetic())
        .trim_start_matches(['-', '_', '#']);
    value.len() - digits.len() <= 8 && digits.bytes().all(|b| b.is_ascii_digit())
}

/// What may be an ordinary id has to be longer and plainly random.
fn faint(value: &str, make: Make) -> Option<f32> {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let plain = value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"+/=_-.~%:".contains(&b));
    let alphabet = value.contains("abcdefghijklmnopqrstuvwxyz") && value.contains("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    let opaque = make == Make::Random && plain && !alphabet && digits >= 2 && !looks_like_path(value);
    opaque.then_some(LIKELY)
}

/// Whether `value` says where something is: an address, a file, a resource name.
fn is_location(value: &str) -> bool {
    let starts = [
        "/", "./", "../", "~/", "file:", "arn:", "urn:", "C:\\", "\\\\", "sha256:", "sha512-", "sha256-", "sha384-",
        "sha1-",
    ];
    value.contains("://")
        || (starts.iter().any(|start| value.starts_with(start)) && looks_like_path(value))
        || ["sha", "arn:", "urn:"]
            .iter()
            .any(|start| value.starts_with(start) && value.contains([':', '-']) && value.len() > 24)
}

/// Whether `value` is made of several parts, most of them words, as paths are.
fn looks_like_path(value: &str) -> bool {
    let parts = value.split(['/', '\\', ':', '.']).filter(|part| !part.is_empty());
    let (words, all) = parts.fold((0, 0), |(words, all), part| {
        let word = matches!(randomness::make(part), Make::Words | Make::Number | Make::Repetitive) || part.len() <= 3;
        (words + usize::from(word), all + 1)
    });
    all > 1 && words * 2 >= all
}

/// Whether `value` could be the name of a variable.
fn is_identifier(value: &str) -> bool {
    value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !value.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether `value` is the name of a type, such as `u32`, `__u64`, `uint32_t`.
fn is_type(value: &str) -> bool {
    let core = value.trim_matches('_').trim_end_matches("_t");
    let digits = core.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    matches!(
        &core[..core.len() - digits.len()],
        "u" | "i" | "f" | "int" | "uint" | "float" | "s" | "char" | "wchar"
    ) && matches!(digits, "8" | "16" | "32" | "64" | "128")
}

/// Whether `value` selects an element of a page: `#password-field`, `.token`, `input[name=x]`.
fn is_selector(value: &str) -> bool {
    value.starts_with(['#', '.', '@'])
        && value[1..]
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords() {
        for value in [
            "hunter2",
            "super$ecret",
            "weak",
            "Tr0ub4dor&3!",
            "development#product",
            "123456",
            "open sesame",
        ] {
            assert!(judge(Promise::Password, value, Manner::Literal).is_some(), "{value}");
        }
        for value in [
            "Password",
            "Enter your password",
            "reset-password",
            "string",
            "#add-password",
            "${PASSWORD}",
            ",.:-¿?!",
            "abc",
            "/run/secrets/db_password",
            "Passwort",
            "Contraseña",
            "contraseña incorrecta",
            "Passwort vergessen?",
            "Mot de passe",
            "パスワードを入力",
            "true",
            "********",
            "https://example.com/x",
        ] {
            assert!(judge(Promise::Password, value, Manner::Literal).is_none(), "{value}");
        }
        assert!(judge(Promise::Password, "mypassword", Manner::Setting).is_some());
        assert!(judge(Promise::Password, "mypassword", Manner::Bare).is_none());
        assert!(judge(Promise::Password, "hunter2", Manner::Line).is_some());
        assert!(judge(Promise::Password, "__u32", Manner::Line).is_none());
        assert!(judge(Promise::Password, "get_password()", Manner::Bare).is_none());
        assert!(judge(Promise::Password, "password1", Manner::Bare).is_none());
        assert!(judge(Promise::Password, "[u16", Manner::Line).is_none());
        assert!(judge(Promise::Password, "String?", Manner::Line).is_none());
        let long: String = (0..40).map(|i| format!("Kq{i}vLp2Zx9dWmTgRyHbn!")).collect();
        assert!(judge(Promise::Password, &long, Manner::Literal).is_some());
        assert!(judge(Promise::Password, &long.replace('!', " "), Manner::Literal).is_none());
    }

    #[test]
    fn secrets_and_tokens() {
        assert!(judge(Promise::Secret, "my-secret-name", Manner::Literal).is_none());
        assert!(judge(Promise::Secret, "development#product", Manner::Literal).is_some());
        assert!(judge(Promise::Token, "c55dbac4-e0e8-4a06-b892-75cac2387ce5", Manner::Literal).is_some());
        assert!(judge(Promise::Token, "running", Manner::Literal).is_none());
        assert!(judge(Promise::Token, "pdl_live_apikey_short", Manner::Literal).is_none());
        assert!(judge(Promise::Faint, "AIhq5Xyb1Gga9Q29", Manner::Literal).is_some());
        assert!(judge(Promise::Faint, "0123456789abcdef0123456789abcdef", Manner::Literal).is_none());
        assert!(judge(Promise::Faint, "photos/2024/IMG_1234.jpg", Manner::Literal).is_none());
    }
}
