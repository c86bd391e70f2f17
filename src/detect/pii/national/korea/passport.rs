use crate::detect::pii::recognizer::{Edges, Pattern, Recognizer};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "South Korean passport number, current and previous",
    patterns: &[
        Pattern::letters(r"[MSROD]\d{3}[A-Z]\d{4}", 0.1).edges(Edges::Digit),
        Pattern::letters(r"[MSROD]\d{8}", 0.05).edges(Edges::Digit),
    ],
    context: &["passport", "여권"],
    matches: &[
        "M901g7890",
        "d11223344",
        "My old passport ‹M12345678›",
        "여권번호 ‹M123A4567›입니다",
    ],
    misses: &["A123B4567", "M12A4567", "M123A456", "M123A45678", "MM123A4567"],
    ..Recognizer::named("KR_PASSPORT")
};
