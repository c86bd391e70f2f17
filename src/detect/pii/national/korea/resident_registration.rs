use super::check_registration;
use crate::detect::pii::recognizer::{Edges, Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "South Korean resident registration number",
    patterns: &[Pattern::digits(r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-?[1-4]\d{6}", 0.5).edges(Edges::Digit)],
    check: Some(|text| check_registration(text, 11)),
    context: &["주민등록번호", "주민번호", "resident registration number", "rrn"],
    matches: &["000505-3637892", "0509122000019", "His Korean RRN is ‹960121-1234567›"],
    misses: &[
        "960121+1021413",
        "760413-5212134",
        "000402-6214431",
        "991301-1234567",
        "1960121-1234567",
    ],
    ..Recognizer::named("KR_RRN")
};
