//! South Africa.

use rlibphonenumber::Region;

use super::Country;
use super::phone_number::Numbering;

mod company_registration;
mod driver_license;
mod id_number;
mod income_tax_number;
mod license_plate;
mod mobile_number;
mod passport;
mod telephone_number;
mod traffic_register_number;
mod vat_number;

pub(crate) const COUNTRY: Country = Country {
    code: "za",
    name: "south africa",
    recognizers: &[
        &id_number::ROW,
        &traffic_register_number::ROW,
        &vat_number::ROW,
        &income_tax_number::ROW,
        &company_registration::ROW,
        &driver_license::ROW,
        &passport::ROW,
        &license_plate::ROW,
        &mobile_number::ROW,
        &telephone_number::ROW,
    ],
};

/// What surrounds a telephone number.
const PHONE_WORDS: &[&str] = &[
    "phone",
    "number",
    "telephone",
    "tel",
    "cell",
    "cellular",
    "mobile",
    "call",
    "handset",
    "contact",
    "landline",
    "sms",
    "whatsapp",
];

const PHONE_NUMBERING: Numbering = Numbering {
    region: Region::ZA,
    starts: &["0", "27"],
};
