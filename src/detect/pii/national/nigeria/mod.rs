//! Nigeria.

use super::Country;

mod national_identity;
mod vehicle_registration;

pub(crate) const COUNTRY: Country = Country {
    code: "ng",
    name: "nigeria",
    recognizers: &[&national_identity::ROW, &vehicle_registration::ROW],
};
