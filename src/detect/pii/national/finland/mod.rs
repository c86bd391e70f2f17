//! Finland.

use super::Country;

mod personal_identity_code;

pub(crate) const COUNTRY: Country = Country {
    code: "fi",
    name: "finland",
    recognizers: &[&personal_identity_code::ROW],
};
