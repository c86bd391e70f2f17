//! Recognizers that no country owns.

mod credit_card;
mod crypto;
mod date_time;
mod email_address;
mod iban_code;
mod ip_address;
mod location;
mod mac_address;
mod person;
mod phone_number;
mod url;
mod uuid;

use super::recognizer::Recognizer;

/// All of them; the first wins where two are equally sure of the same text.
pub(crate) const RECOGNIZERS: &[&Recognizer] = &[
    &email_address::ROW,
    &iban_code::ROW,
    &credit_card::ROW,
    &crypto::ROW,
    &ip_address::ROW,
    &mac_address::ROW,
    &uuid::ROW,
    &url::ROW,
    &date_time::ROW,
    &phone_number::ROW,
    &person::ROW,
    &location::ROW,
];
