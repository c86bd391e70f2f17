use crate::detect::pii::recognizer::{Edges, Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "German vehicle registration (Kfz-Kennzeichen)",
    patterns: &[Pattern::letters(
        r"(?:[A-Z]|Ä|Ö|Ü|ä|ö|ü){1,3}(?:\s[A-Z]{1,2}\s|-[A-Z]{1,2}[-\s])\d{1,4}[EH]?",
        0.3,
    )
    .edges(Edges::WordOrDash)],
    context: &[
        "kennzeichen",
        "nummernschild",
        "zulassung",
        "kfz",
        "fahrzeug",
        "auto",
        "pkw",
        "lkw",
    ],
    matches: &[
        "M XY 999",
        "HH AB 1234",
        "KA EF 12H",
        "MIL E 1234",
        "TÜ-AB 123",
        "B-MW-1e",
        "Kfz ‹m-xy 999›",
    ],
    misses: &[
        "B 1234",
        "M XY 12345",
        "ABCD E 123",
        "M XYZ 123",
        "x-M-XY 99",
        "M XY-999",
    ],
    ..Recognizer::named("DE_KFZ")
};
