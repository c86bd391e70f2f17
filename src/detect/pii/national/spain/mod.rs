//! Spain.

use super::Country;

mod nie;
mod nif;
mod passport;

pub(crate) const COUNTRY: Country = Country {
    code: "es",
    name: "spain",
    recognizers: &[&nie::ROW, &nif::ROW, &passport::ROW],
};

/// The check letter of identity numbers: the number's remainder picks it.
const CHECK_LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

/// Whether the last letter of `text` is the check letter of `number`.
fn has_check_letter(text: &str, number: u32) -> bool {
    let letter = text.bytes().next_back().map(|byte| byte.to_ascii_uppercase());
    letter == Some(CHECK_LETTERS[number as usize % CHECK_LETTERS.len()])
}
