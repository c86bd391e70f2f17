use crate::detect::pii::recognizer::{Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "German tax number (Steuernummer), uniform or with slashes",
    patterns: &[
        Pattern::digits(r"(?:0[1-9]|1[0-6])\d{11}", 0.5),
        Pattern::digits(r"\d{3}/\d{3}/\d{5}", 0.4),
        Pattern::digits(r"\d{2,3}/\d{3,4}/\d{4,5}", 0.2),
    ],
    context: &[
        "steuernummer",
        "steuer-nr",
        "steuer nr",
        "st.-nr",
        "st-nr",
        "finanzamt",
        "umsatzsteuer",
        "einkommensteuer",
        "körperschaftsteuer",
        "gewerbesteuer",
        "steuerveranlagung",
        "steuerbescheid",
    ],
    matches: &[
        "0281508150123",
        "123/456/78901",
        "133/8150/8159",
        "Steuernummer: ‹0981508150999› wurde vergeben.",
    ],
    misses: &["0081508150001", "1781508150001", "12/34/5678", "02815081501234"],
    ..Recognizer::named("DE_TAX_NUMBER")
};
