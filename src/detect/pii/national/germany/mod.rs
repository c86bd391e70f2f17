//! Germany.

use super::Country;

mod commercial_register;
mod driving_licence;
mod health_insurance;
mod identity_card;
mod passport;
mod physician_number;
mod postal_code;
mod practice_number;
mod social_security;
mod tax_id;
mod tax_number;
mod vat_id;
mod vehicle_registration;

pub(crate) const COUNTRY: Country = Country {
    code: "de",
    name: "germany",
    recognizers: &[
        &tax_id::ROW,
        &tax_number::ROW,
        &vat_id::ROW,
        &social_security::ROW,
        &health_insurance::ROW,
        &identity_card::ROW,
        &passport::ROW,
        &driving_licence::ROW,
        &commercial_register::ROW,
        &physician_number::ROW,
        &practice_number::ROW,
        &vehicle_registration::ROW,
        &postal_code::ROW,
    ],
};

/// What a letter between digits counts in a German check sum: its place in the alphabet, in two digits.
fn with_letters_as_digits(text: &str) -> String {
    let mut digits = String::with_capacity(text.len() + 1);
    for byte in text.bytes() {
        if byte.is_ascii_alphabetic() {
            digits.push_str(&format!("{:02}", byte.to_ascii_uppercase() - b'A' + 1));
        } else {
            digits.push(char::from(byte));
        }
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_becomes_its_two_digit_place_in_the_alphabet() {
        assert_eq!(with_letters_as_digits("A5z0"), "015260");
    }
}
