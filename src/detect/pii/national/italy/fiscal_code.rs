use crate::detect::pii::recognizer::{Pattern, Recognizer, Validity};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Italian fiscal code (codice fiscale)",
    patterns: &[Pattern::letters(
        concat!(
            // Surname and first name: three letters of each, X where there are not enough.
            r"(?:[A-Z][AEIOU][AEIOUX]|[AEIOU]X{2}|[B-DF-HJ-NP-TV-Z]{2}[A-Z]){2}",
            // Year, letter of the month and day of birth. L to V may stand for a digit (omocodia).
            r"(?:[\dLMNP-V]{2}(?:[A-EHLMPR-T](?:[04LQ][1-9MNP-V]|[15MR][\dLMNP-V]|[26NS][0-8LMNP-U])",
            r"|[DHPS][37PT][0L]|[ACELMRT][37PT][01LM]|[AC-EHLMPR-T][26NS][9V])",
            r"|(?:[02468LNQSU][048LQU]|[13579MPRTV][26NS])B[26NS][9V])",
            // The town's code and the check letter.
            r"(?:[A-MZ][1-9MNP-V][\dLMNP-V]{2}|[A-M][0L](?:[1-9MNP-V][\dLMNP-V]|[0L][1-9MNP-V]))[A-Z]",
        ),
        0.3,
    )],
    check: Some(check_letter),
    context: &["codice fiscale", "cf"],
    matches: &[
        "AAAAAA00B11C333N",
        "aaaaaa00b11c333z",
        "codice fiscale ‹RSSMRA85T10A562S›",
    ],
    misses: &["AAAAAA00B11C333", "123AAA00B11C333N", "AAAAAA00F11C333N"],
    ..Recognizer::named("IT_FISCAL_CODE")
};

/// What a letter or digit counts at the odd places (the first, the third …); at the even ones it counts its own place.
const AT_ODD_PLACES: [u32; 26] = [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

/// A wrong check letter does not rule a code out, as Presidio has it: people mistype the last one.
fn check_letter(text: &str) -> Validity {
    let rank = |c: char| c.to_digit(36).map(|value| if value < 10 { value } else { value - 10 });
    let mut ranks: Vec<u32> = text.chars().filter_map(rank).collect();
    let check = ranks.pop();
    let value = |(at, &rank): (usize, &u32)| {
        if at % 2 == 0 {
            AT_ODD_PLACES[rank as usize]
        } else {
            rank
        }
    };
    let sum: u32 = ranks.iter().enumerate().map(value).sum();
    if check == Some(sum % 26) {
        Validity::Valid
    } else {
        Validity::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_letter_confirms_and_never_rules_out() {
        assert_eq!(check_letter("RSSMRA85T10A562S"), Validity::Valid);
        assert_eq!(check_letter("rssmra85t10a562s"), Validity::Valid);
        assert_eq!(check_letter("RSSMRA85T10A562T"), Validity::Unknown);
    }
}
