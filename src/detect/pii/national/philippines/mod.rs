//! The Philippines.

use rlibphonenumber::Region;

use super::Country;
use super::phone_number::Numbering;

mod mobile_number;
mod passport;
mod tin;
mod umid;

pub(crate) const COUNTRY: Country = Country {
    code: "ph",
    name: "philippines",
    recognizers: &[&umid::ROW, &tin::ROW, &passport::ROW, &mobile_number::ROW],
};

const PHONE_NUMBERING: Numbering = Numbering {
    region: Region::PH,
    starts: &["0", "63"],
};
