//! Recognizers of one country each: what its authorities number. None is on unless it is asked for, but those that
//! Presidio has on for English.

use super::recognizer::Recognizer;

mod australia;
mod calendar;
mod canada;
mod checksum;
mod finland;
mod germany;
mod india;
mod italy;
mod korea;
mod nigeria;
mod philippines;
mod phone_number;
mod poland;
mod singapore;
mod south_africa;
mod spain;
mod sweden;
mod thailand;
mod turkey;
mod united_kingdom;
mod united_states;

/// The recognizers of one country.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Country {
    /// ISO 3166-1 alpha-2, lower case.
    pub(crate) code: &'static str,
    /// Its English name, lower case.
    pub(crate) name: &'static str,
    /// What it numbers; of two equally good finds the earlier one counts.
    pub(crate) recognizers: &'static [&'static Recognizer],
}

/// Every country, by name.
pub(crate) const COUNTRIES: &[&Country] = &[
    &australia::COUNTRY,
    &canada::COUNTRY,
    &finland::COUNTRY,
    &germany::COUNTRY,
    &india::COUNTRY,
    &italy::COUNTRY,
    &korea::COUNTRY,
    &nigeria::COUNTRY,
    &philippines::COUNTRY,
    &poland::COUNTRY,
    &singapore::COUNTRY,
    &south_africa::COUNTRY,
    &spain::COUNTRY,
    &sweden::COUNTRY,
    &thailand::COUNTRY,
    &turkey::COUNTRY,
    &united_kingdom::COUNTRY,
    &united_states::COUNTRY,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_sorted_and_have_distinct_codes() {
        assert!(COUNTRIES.is_sorted_by(|a, b| a.name < b.name));
        let mut codes: Vec<_> = COUNTRIES.iter().map(|country| country.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), COUNTRIES.len());
    }
}
