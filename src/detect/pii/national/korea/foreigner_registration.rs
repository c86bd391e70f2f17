use super::check_registration;
use crate::detect::pii::recognizer::{Edges, Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "South Korean foreigner registration number",
    patterns: &[Pattern::digits(r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-?[5-8]\d{6}", 0.5).edges(Edges::Digit)],
    check: Some(|text| check_registration(text, 13)),
    context: &["외국인등록번호", "외국인번호", "frn", "foreigner registration number"],
    matches: &[
        "911124-5678901",
        "9111245678906",
        "외국인등록번호 ‹911124-5678901›입니다",
    ],
    misses: &["960121+1021413", "000402-2214431", "911324-5678901", "9111245-678906"],
    ..Recognizer::named("KR_FRN")
};
