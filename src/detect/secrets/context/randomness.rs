//! What a value looks like: random, or made of words, numbers, ids, paths.

/// What a value is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Make {
    /// Letters and digits mixed as no person writes them.
    Random,
    /// Hexadecimal digits only, of a length that keys and hashes share.
    Hex,
    /// A UUID.
    Uuid,
    /// Some letters, digits or symbols that are neither words nor plainly random, as in `hunter2` or `Tr0ub4dor&3`.
    Mixed,
    /// Words, joined or not.
    Words,
    /// A number, a date, a version, or nothing but punctuation.
    Number,
    /// The same few characters again and again.
    Repetitive,
}

/// The letters that often follow a letter in English words and identifiers, a bit for each: 93 % of the pairs of a large
/// body of documentation and code, and two fifths of all pairs.
const FOLLOWERS: [u32; 26] = [
    0x13ebd6f, 0x016491f, 0x01e4dbd, 0x016493f, 0x1eff97f, 0x01a493d, 0x0166991, 0x00a4111, 0x2aef87f, 0x0000000,
    0x0040111, 0x11c4919, 0x014d113, 0x03c6d7d, 0x07efd6f, 0x11ec991, 0x0100000, 0x11efd5d, 0x11ccd95, 0x11ed9bd,
    0x00eb977, 0x0000111, 0x0024191, 0x0088010, 0x0048000, 0x0000010,
];

/// The fewest characters of a hexadecimal key.
const LEAST_HEX: usize = 16;

/// The fewest characters by which keys typed at random are told: so many would hold more different ones by chance, if
/// they were not hexadecimal.
const LEAST_TYPED: usize = 32;

/// The fewest letters that are told as random by how often their case turns, and how often it does so in no identifier.
pub(super) const LEAST_TURNING: usize = 12;
pub(super) const MOST_TURNS: usize = 5;

/// How often a small letter follows a capital or a capital a small one.
pub(super) fn turns(bytes: &[u8]) -> usize {
    let letters = |pair: &&[u8]| pair.iter().all(u8::is_ascii_alphabetic);
    let turns = |pair: &&[u8]| pair[0].is_ascii_lowercase() != pair[1].is_ascii_lowercase();
    bytes.windows(2).filter(letters).filter(turns).count()
}

/// How many letters are no hexadecimal digits.
fn beyond_hex(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .filter(|b| b.is_ascii_alphabetic() && !b.is_ascii_hexdigit())
        .count()
}

/// What `value` is made of. Linear, and looks at its first 256 bytes only.
pub(super) fn make(value: &str) -> Make {
    let bytes = &value.as_bytes()[..value.len().min(256)];
    let (mut digits, mut letters, mut hex, mut symbols) = (0, 0, 0, 0);
    let mut seen = [0_u8; 256];
    let (mut run, mut longest) = (0, 0);
    for (i, &b) in bytes.iter().enumerate() {
        digits += usize::from(b.is_ascii_digit());
        letters += usize::from(b.is_ascii_alphabetic());
        hex += usize::from(b.is_ascii_hexdigit());
        symbols += usize::from(!b.is_ascii_alphanumeric() && !b"_-./ ".contains(&b));
        seen[usize::from(b)] = seen[usize::from(b)].saturating_add(1);
        run = if i > 0 && bytes[i - 1] == b { run + 1 } else { 1 };
        longest = longest.max(run);
    }
    let distinct = seen.iter().filter(|&&n| n > 0).count();
    let most = seen.iter().copied().max().unwrap_or(0);
    if distinct <= 2.max(bytes.len().min(24) / 5) || longest >= 6 && longest * 3 >= bytes.len() {
        return Make::Repetitive;
    }
    if usize::from(most) * 2 > bytes.len() && bytes.len() >= 8 {
        return Make::Repetitive;
    }
    if bytes.len() >= LEAST_TYPED && distinct * 3 <= bytes.len().min(48) && beyond_hex(bytes) * 3 >= bytes.len() {
        return Make::Repetitive;
    }
    if is_uuid(value) {
        return Make::Uuid;
    }
    if letters == 0 {
        return if symbols >= 2 && digits >= 2 {
            Make::Mixed
        } else {
            Make::Number
        };
    }
    if is_version(bytes) {
        return Make::Number;
    }
    if hex == bytes.len() && digits > 0 && bytes.len() >= LEAST_HEX {
        return Make::Hex;
    }
    let odd = bytes.len() - in_words(bytes);
    let upper = bytes[1..].iter().filter(|b| b.is_ascii_uppercase()).count();
    let mixed = digits >= 2 || digits == 1 && (upper > 0 || odd >= 12);
    let with_digits = mixed && bytes.len() >= 8 && odd >= 7 && odd * 2 >= bytes.len();
    let letters_only = digits == 0 && bytes.len() >= 20 && odd * 10 >= bytes.len() * 6 && distinct >= 6;
    let turning =
        digits == 0 && bytes.len() >= LEAST_TURNING && odd * 3 >= bytes.len() * 2 && turns(bytes) >= MOST_TURNS;
    let partly = odd >= 14 && digits >= 2 && distinct >= 12;
    if with_digits || letters_only || turning || partly {
        Make::Random
    } else if digits > 0 && digits < bytes.len() || symbols > 0 {
        Make::Mixed
    } else {
        Make::Words
    }
}

/// How many of the bytes stand in words, or join them.
fn in_words(bytes: &[u8]) -> usize {
    let mut total = 0;
    let mut i = 0;
    while i < bytes.len() {
        if !bytes[i].is_ascii_alphabetic() {
            total += usize::from(b"_-./ ".contains(&bytes[i]));
            i += 1;
            continue;
        }
        let start = i;
        i += 1;
        while i < bytes.len()
            && bytes[i].is_ascii_alphabetic()
            && !(bytes[i - 1].is_ascii_lowercase() && bytes[i].is_ascii_uppercase())
        {
            i += 1;
        }
        if is_word(&bytes[start..i]) {
            total += i - start;
        }
    }
    total
}

/// Whether a run of letters may be a word: three letters or more of the same case but for the first, with a vowel, most
/// of whose pairs are usual; not a stretch of the alphabet.
fn is_word(letters: &[u8]) -> bool {
    if letters.len() < 3 {
        return false;
    }
    let upper = letters[1..].iter().filter(|b| b.is_ascii_uppercase()).count();
    if upper != 0 && upper != letters.len() - 1 {
        return false;
    }
    let rare = letters
        .windows(2)
        .filter(|pair| {
            let (a, b) = (pair[0].to_ascii_lowercase() - b'a', pair[1].to_ascii_lowercase() - b'a');
            FOLLOWERS[usize::from(a)] >> b & 1 == 0
        })
        .count();
    let alphabet = letters
        .windows(4)
        .any(|w| w.windows(2).all(|pair| pair[0] + 1 == pair[1]));
    if alphabet {
        return false;
    }
    let vowel = letters.iter().any(|b| b"aeiouyAEIOUY".contains(b));
    (vowel || letters.len() <= 4) && rare * 4 < letters.len()
}

/// Whether `value` is a version, a date, or a number with its type or unit: `1.2.3`, `2024-05-01T10:00:00Z`, `64u32`.
fn is_version(bytes: &[u8]) -> bool {
    let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
    let shape = bytes.iter().all(|b| b.is_ascii_digit() || b".-:+TZv ".contains(b));
    let unit = bytes
        .iter()
        .rev()
        .take(5)
        .skip_while(|b| b.is_ascii_digit())
        .take_while(|b| b.is_ascii_alphabetic())
        .count();
    let whole = bytes.len() - bytes.iter().rev().take_while(|b| b.is_ascii_digit()).count().min(3);
    let typed = (1..=3).contains(&unit) && bytes[..whole.saturating_sub(unit)].iter().all(u8::is_ascii_digit);
    shape && digits * 2 >= bytes.len() || typed && whole > unit && bytes.len() <= 14
}

/// Whether `value` is a UUID, or looks like one made up: `8-4-4-4-12` letters and digits.
pub(super) fn is_uuid(value: &str) -> bool {
    let bytes = value.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_alphanumeric(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_typed_at_random_are_told_from_random_ones() {
        assert_eq!(make("32r923jr023rk320rk2a3rkB34tj340r32Ckt433"), Make::Repetitive);
        assert_eq!(make("4f1a9c0b4f1a9c0b44ff11aa99cc00bb4f1a9c0b"), Make::Hex);
        assert_eq!(make("s7Kq2Vx9Lm4Tz8Rw1Bn6Yc3Hd5Fg0JpQ"), Make::Random);
    }

    #[test]
    fn random_values_are_told_from_words() {
        for random in [
            "ftz7uxphnqzzrizzf",
            "AIhq5Xyb1Gga9Q29",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzz9",
            "abcdefghijklmnopqrstuvwxyz123456",
            "xye3xstu3iyq9jutp5fj1q9q",
            "ABCDEFGHIJKLMNOPQRSTUVWX",
            "b_pg-wms-pln0ng=hiz5jdqo4_j5n898=znewpjhuuk33b",
            "cRxqPehpNKq5Rtp+QvXBPb6p6n7d+2n4a6dLZqhGQVz2w4ln",
        ] {
            assert_eq!(make(random), Make::Random, "{random}");
        }
        for words in [
            "pdl_live_apikey_short",
            "example-secret-value",
            "docker-compose.override",
            "XSalsa20.key_length",
            "DOC_Vector_5_32",
            "user-registration-service-v2",
            "internationalization",
            "application/json",
            "v2/short",
        ] {
            assert!(
                !matches!(make(words), Make::Random | Make::Hex | Make::Uuid),
                "{words}: {:?}",
                make(words)
            );
        }
    }

    #[test]
    fn other_makes() {
        assert_eq!(make("c55dbac4-e0e8-4a06-b892-75cac2387ce5"), Make::Uuid);
        assert_eq!(make("0123456789abcdef0123456789abcdef"), Make::Hex);
        assert_eq!(make("00000000-0000-0000-0000-000000000000"), Make::Repetitive);
        assert_eq!(make("xxxxxxxxxxxxxxxxxxxxxxxx"), Make::Repetitive);
        assert_eq!(make("testestestestestestestestest"), Make::Repetitive);
        assert_eq!(make("2024-05-01T10:00:00Z"), Make::Number);
        assert_eq!(make("12345678"), Make::Number);
        assert_eq!(make("536870912u32"), Make::Number);
        assert_eq!(make("hunter2"), Make::Mixed);
        assert_eq!(make("password1"), Make::Mixed);
        assert_eq!(make(""), Make::Repetitive);
    }
}
