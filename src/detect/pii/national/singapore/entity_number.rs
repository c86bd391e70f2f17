use crate::detect::pii::checksum::weighted_sum;
use crate::detect::pii::national::calendar::this_year;
use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Singaporean Unique Entity Number",
    patterns: &[
        Pattern::digits(r"\d{8,9}[A-Z]", 0.3),
        Pattern::letters(r"[TSR]\d{2}[A-Z]{2}\d{4}[A-Z]", 0.3),
    ],
    check: Some(|text| Validity::of(is_valid(&text.to_ascii_uppercase()))),
    context: &["uen", "unique entity number", "business registration", "acra"],
    keys: &["uen"],
    matches: &[
        "201434292D",
        "T16RF0037C",
        "S57TU0392K",
        "R16RF0037F",
        "UEN ‹t16rf0037c›",
    ],
    misses: &["201434292E", "299934292D", "T16XX0037C", "A16RF0037C", "T16RF0037D"],
    ..Recognizer::named("SG_UEN")
};

fn is_valid(text: &str) -> bool {
    let bytes = text.as_bytes();
    let expected = match bytes {
        [b'R' | b'S' | b'T', ..] => entity_check_letter(bytes),
        _ if bytes.len() == 9 => Some(b"XMKECAWLJDB"[weighted_sum(text, &[10, 4, 9, 3, 8, 2, 7, 1]) as usize % 11]),
        _ => text[..4]
            .parse()
            .is_ok_and(|year: u32| year <= this_year())
            .then(|| b"ZKCMDNERGWH"[weighted_sum(text, &[10, 8, 6, 4, 9, 7, 5, 3, 1]) as usize % 11]),
    };
    expected == bytes.last().copied()
}

/// The kinds of entity that the form with letters knows.
const ENTITY_TYPES: &[&[u8; 2]] = &[
    b"CC", b"CD", b"CH", b"CL", b"CM", b"CP", b"CS", b"CX", b"DP", b"FB", b"FC", b"FM", b"FN", b"GA", b"GB", b"GS",
    b"HC", b"HS", b"LL", b"LP", b"MB", b"MC", b"MD", b"MH", b"MM", b"MQ", b"NB", b"NR", b"PA", b"PB", b"PF", b"RF",
    b"RP", b"SM", b"SS", b"TC", b"TU", b"VH", b"XL",
];

/// `Tyyttnnnn`: the century, the year, the type of entity and a number. `None` where the type or a letter is unknown.
fn entity_check_letter(bytes: &[u8]) -> Option<u8> {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWX0123456789";
    const WEIGHTS: [usize; 9] = [4, 3, 5, 3, 10, 2, 2, 5, 7];
    ENTITY_TYPES
        .iter()
        .any(|entity| entity[..] == bytes[3..5])
        .then_some(())?;
    let value = |byte: &u8| ALPHABET.iter().position(|letter| letter == byte);
    let sum: usize = bytes
        .iter()
        .zip(WEIGHTS)
        .map(|(byte, weight)| Some(value(byte)? * weight))
        .sum::<Option<_>>()?;
    // 6 is -5, modulo 11.
    Some(ALPHABET[(sum + 6) % 11])
}
