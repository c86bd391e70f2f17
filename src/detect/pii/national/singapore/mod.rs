//! Singapore.

use super::Country;

mod entity_number;
mod nric;

pub(crate) const COUNTRY: Country = Country {
    code: "sg",
    name: "singapore",
    recognizers: &[&nric::ROW, &entity_number::ROW],
};
