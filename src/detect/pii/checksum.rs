//! Check-digit schemes that several recognizers share. Each looks at the letters and digits of a text and skips the rest.

/// The values of the ASCII digits of a text, in order.
pub(crate) fn digits(text: &str) -> impl DoubleEndedIterator<Item = u32> + '_ {
    text.bytes()
        .filter(u8::is_ascii_digit)
        .map(|digit| u32::from(digit - b'0'))
}

/// The sum of the digits times their weights, as far as both go.
pub(crate) fn weighted_sum(text: &str, weights: &[u32]) -> u32 {
    digits(text).zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// The Luhn formula of ISO/IEC 7812-1.
pub(crate) fn luhn(text: &str) -> bool {
    let doubled = |digit: u32| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let sum: u32 = digits(text)
        .rev()
        .enumerate()
        .map(|(i, digit)| if i % 2 == 1 { doubled(digit) } else { digit })
        .sum();
    sum.is_multiple_of(10)
}

/// ISO 7064 MOD 97-10 as IBANs use it: the first four characters moved to the end, letters counting from 10, leaves 1.
pub(crate) fn mod97(text: &str) -> bool {
    let values = || text.bytes().filter_map(|byte| char::from(byte).to_digit(36));
    let moved = values().skip(4).chain(values().take(4));
    let remainder = moved.fold(0, |sum, value| (sum * if value > 9 { 100 } else { 10 } + value) % 97);
    remainder == 1
}

/// The Verhoeff scheme, in the dihedral group of order ten.
pub(crate) fn verhoeff(text: &str) -> bool {
    const PRODUCT: [[u8; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    const PERMUTATION: [[u8; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    let end = digits(text).rev().enumerate().fold(0, |state: u8, (i, digit)| {
        PRODUCT[usize::from(state)][usize::from(PERMUTATION[i % 8][digit as usize])]
    });
    end == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scheme_accepts_its_reference_and_rejects_one_digit_off() {
        assert!(luhn("4111 1111 1111 1111") && !luhn("4111 1111 1111 1112"));
        assert!(mod97("GB82 WEST 1234 5698 7654 32") && !mod97("GB82 WEST 1234 5698 7654 33"));
        assert!(verhoeff("2363") && !verhoeff("2364"));
        assert_eq!(weighted_sum("1-2-3", &[3, 2, 1]), 10);
    }
}
