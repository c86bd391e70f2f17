//! Thailand.

use super::Country;

mod national_id;

pub(crate) const COUNTRY: Country = Country {
    code: "th",
    name: "thailand",
    recognizers: &[&national_id::ROW],
};
