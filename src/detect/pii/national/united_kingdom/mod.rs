//! The United Kingdom.

use super::Country;

mod driving_licence;
mod nhs_number;
mod nino;
mod passport;
mod postcode;
mod vehicle_registration;

pub(crate) const COUNTRY: Country = Country {
    code: "gb",
    name: "united kingdom",
    recognizers: &[
        &driving_licence::ROW,
        &nhs_number::ROW,
        &nino::ROW,
        &passport::ROW,
        &postcode::ROW,
        &vehicle_registration::ROW,
    ],
};
