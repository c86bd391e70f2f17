//! Canada.

use super::Country;

mod postal_code;
mod social_insurance;

pub(crate) const COUNTRY: Country = Country {
    code: "ca",
    name: "canada",
    recognizers: &[&social_insurance::ROW, &postal_code::ROW],
};
