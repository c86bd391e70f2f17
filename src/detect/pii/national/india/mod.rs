//! India.

use super::Country;

mod aadhaar;
mod gstin;
mod pan;
mod passport;
mod vehicle_registration;
mod voter_id;

pub(crate) const COUNTRY: Country = Country {
    code: "in",
    name: "india",
    recognizers: &[
        &aadhaar::ROW,
        &gstin::ROW,
        &pan::ROW,
        &voter_id::ROW,
        &passport::ROW,
        &vehicle_registration::ROW,
    ],
};
