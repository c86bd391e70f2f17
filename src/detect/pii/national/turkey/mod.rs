//! Turkey.

use rlibphonenumber::Region;

use super::Country;
use super::phone_number::Numbering;

mod license_plate;
mod national_id;
mod phone_number;

pub(crate) const COUNTRY: Country = Country {
    code: "tr",
    name: "turkey",
    recognizers: &[&national_id::ROW, &license_plate::ROW, &phone_number::ROW],
};

const PHONE_NUMBERING: Numbering = Numbering {
    region: Region::TR,
    starts: &["0", "90", "2", "3", "4", "5", "8"],
};
