//! Australia.

use super::Country;

mod business_number;
mod company_number;
mod medicare;
mod tax_file_number;

pub(crate) const COUNTRY: Country = Country {
    code: "au",
    name: "australia",
    recognizers: &[
        &business_number::ROW,
        &company_number::ROW,
        &medicare::ROW,
        &tax_file_number::ROW,
    ],
};
