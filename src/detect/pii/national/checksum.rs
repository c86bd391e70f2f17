//! Check-digit schemes that recognizers of several countries share, beside those of [`crate::detect::pii::checksum`].

use crate::detect::pii::checksum::digits;

/// The sum of the digits of each digit-times-weight (German *Quersumme*: 16 counts as 1 + 6), as far as both go.
pub(crate) fn weighted_cross_sum(text: &str, weights: &[u32]) -> u32 {
    digits(text)
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .map(|product| product / 10 + product % 10)
        .sum()
}

/// ISO/IEC 7064 MOD 11,10; the last digit is the check digit.
pub(crate) fn mod11_10(text: &str) -> bool {
    let mut digits = digits(text);
    let Some(check) = digits.next_back() else { return false };
    let product = digits.fold(10, |product, digit| match (product + digit) % 10 {
        0 => 10 * 2 % 11,
        sum => sum * 2 % 11,
    });
    (11 - product) % 10 == check
}

/// The check digit of machine-readable travel documents (ICAO Doc 9303-3, 4.9): letters count from A = 10, the weights
/// are 7, 3, 1, and the last character is the check digit.
pub(crate) fn icao9303(text: &str) -> bool {
    let mut values = text.chars().filter_map(|c| c.to_digit(36));
    let check = values.next_back();
    let sum: u32 = values
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(value, weight)| value * weight)
        .sum();
    check == Some(sum % 10)
}

/// The number that the digits of a text write, at most nine of them.
pub(crate) fn number(text: &str) -> u32 {
    digits(text).take(9).fold(0, |number, digit| number * 10 + digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scheme_accepts_its_reference_and_no_other_last_digit() {
        type Scheme = fn(&str) -> bool;
        let schemes: [(Scheme, &str); 4] = [
            (mod11_10, "12345678903"),
            (mod11_10, "136 695 976"),
            (icao9303, "C01X00T41"),
            (icao9303, "L898902C36"),
        ];
        for (holds, reference) in schemes {
            let body = &reference[..reference.len() - 1];
            let accepted: Vec<_> = (0..10)
                .map(|digit| format!("{body}{digit}"))
                .filter(|text| holds(text))
                .collect();
            assert_eq!(accepted, [reference]);
            assert!(!holds(""));
        }
    }

    #[test]
    fn a_cross_sum_adds_the_digits_of_each_product() {
        assert_eq!(weighted_cross_sum("83", &[2, 1]), 10);
    }

    #[test]
    fn a_number_is_read_from_its_digits_alone() {
        assert_eq!(number("12.345-678"), 12_345_678);
    }
}
