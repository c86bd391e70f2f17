use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "German driving licence number (Führerscheinnummer, 2013 on); its check character is not public",
    patterns: &[Pattern::letters(r"[A-Z]{2}\d{8}[A-Z\d]", 0.35)],
    context: &[
        "führerschein",
        "fahrerlaubnis",
        "fev",
        "kba",
        "kraftfahrt-bundesamt",
        "driving licence",
        "driving license",
        "driver's license",
        "licence number",
        "license number",
        "dokument nr",
        "dokument-nr",
        "feld 5",
    ],
    matches: &[
        "DO98765432Z",
        "GE123456780",
        "mu12345678b",
        "Fahrerlaubnis ‹MU12345678B› wurde ausgestellt.",
    ],
    misses: &["12345678901", "B12345678A", "MU1234567BA", "MU12345678BC"],
    ..Recognizer::named("DE_FUEHRERSCHEIN")
};
