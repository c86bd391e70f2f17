//! Poland.

use super::Country;

mod pesel;

pub(crate) const COUNTRY: Country = Country {
    code: "pl",
    name: "poland",
    recognizers: &[&pesel::ROW],
};
