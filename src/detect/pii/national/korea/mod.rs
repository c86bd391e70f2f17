//! South Korea. Particles follow a number without a space, so most of these stop at digits and not at words.

use super::Country;
use crate::detect::pii::checksum::{digits, weighted_sum};
use crate::detect::pii::recognizer::Validity;

mod business_registration;
mod driver_license;
mod foreigner_registration;
mod passport;
mod resident_registration;

pub(crate) const COUNTRY: Country = Country {
    code: "kr",
    name: "korea",
    recognizers: &[
        &resident_registration::ROW,
        &foreigner_registration::ROW,
        &business_registration::ROW,
        &driver_license::ROW,
        &passport::ROW,
    ],
};

/// The check digit of a registration number, the weighted sum taken from `base`. It confirms and never rules out: numbers
/// given since October 2020 are random from the eighth digit on.
fn check_registration(text: &str, base: u32) -> Validity {
    /// Regions run to 95 in the eighth and ninth digit.
    const REGIONS: u32 = 95;
    let region = digits(text)
        .skip(7)
        .take(2)
        .fold(0, |region, digit| region * 10 + digit);
    let check = (base - weighted_sum(text, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11) % 10;
    if region <= REGIONS && digits(text).nth(12) == Some(check) {
        Validity::Valid
    } else {
        Validity::Unknown
    }
}
