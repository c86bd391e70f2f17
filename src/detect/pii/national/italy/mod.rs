//! Italy.

use super::Country;

mod driver_license;
mod fiscal_code;
mod identity_card;
mod passport;
mod vat_code;

pub(crate) const COUNTRY: Country = Country {
    code: "it",
    name: "italy",
    recognizers: &[
        &fiscal_code::ROW,
        &vat_code::ROW,
        &driver_license::ROW,
        &identity_card::ROW,
        &passport::ROW,
    ],
};
