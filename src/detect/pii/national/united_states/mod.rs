//! The United States.

use super::Country;

/// What stands right before a number that a label announces: `claim number: `, `Rx#`, `referral `.
macro_rules! after_label {
    ($label:literal) => {
        concat!(r"\b(?:", $label, r")(?:\s*(?:#|no\.?|number|id)\s*:?\s*|\s*:\s*|\s+)")
    };
}

mod bank_number;
mod bank_routing_number;
mod claim_number;
mod driver_license;
mod itin;
mod medical_license;
mod medicare_beneficiary;
mod member_id;
mod npi;
mod passport;
mod prescription_number;
mod prior_authorization;
mod provider_tax_id;
mod referral_number;
mod ssn;

pub(crate) const COUNTRY: Country = Country {
    code: "us",
    name: "united states",
    recognizers: &[
        &ssn::ROW,
        &itin::ROW,
        &passport::ROW,
        &driver_license::ROW,
        &medical_license::ROW,
        &bank_number::ROW,
        &bank_routing_number::ROW,
        &npi::ROW,
        &medicare_beneficiary::ROW,
        &claim_number::ROW,
        &prescription_number::ROW,
        &prior_authorization::ROW,
        &provider_tax_id::ROW,
        &referral_number::ROW,
        &member_id::ROW,
    ],
};
