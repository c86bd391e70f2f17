//! Sweden.

use super::Country;

mod organisation_number;
mod personal_number;

pub(crate) const COUNTRY: Country = Country {
    code: "se",
    name: "sweden",
    recognizers: &[&personal_number::ROW, &organisation_number::ROW],
};
