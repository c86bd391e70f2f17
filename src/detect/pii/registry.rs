//! The table of all recognizers, and how settings choose from it.

use super::generic;
use super::national::COUNTRIES;
use super::recognizer::{OnByDefault, Recognizer};

/// A recognizer as `mcp-gateway rules` and the documentation list it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct About {
    /// The name of the entity, which is the rule's id.
    pub entity: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// The country that owns it, as ISO 3166-1 alpha-2 in lower case; `None` for generic ones.
    pub country: Option<&'static str>,
    /// Is it on unless other entities are chosen?
    pub is_default: bool,
    /// Texts in which it is found: between `‹` and `›`, or whole.
    pub matches: &'static [&'static str],
    /// Texts that look like it and are not.
    pub misses: &'static [&'static str],
}

/// Lists every recognizer, the generic ones first.
pub fn recognizers() -> impl Iterator<Item = About> {
    rows().map(|(row, country)| About {
        entity: row.entity,
        about: row.about,
        country,
        is_default: row.on == OnByDefault::Always,
        matches: row.matches,
        misses: row.misses,
    })
}

/// Every row, with the code of its country.
pub(crate) fn rows() -> impl Iterator<Item = (&'static Recognizer, Option<&'static str>)> {
    let generic = generic::RECOGNIZERS.iter().map(|row| (*row, None));
    let national = COUNTRIES
        .iter()
        .flat_map(|country| country.recognizers.iter().map(|row| (*row, Some(country.code))));
    generic.chain(national)
}

/// The rows that a word of `entities` stands for: an entity, a set (`all`, `default`, `presidio`), a country's name or code.
/// Empty where the word means nothing.
pub(crate) fn chosen_by(word: &str) -> Vec<&'static Recognizer> {
    let of = |wanted: &dyn Fn(&Recognizer, Option<&str>) -> bool| {
        rows()
            .filter(|(row, country)| wanted(row, *country))
            .map(|(row, _)| row)
            .collect()
    };
    match word.to_ascii_lowercase().as_str() {
        "all" => of(&|_, _| true),
        "default" => of(&|row, _| row.on == OnByDefault::Always),
        "presidio" => of(&|row, _| row.on != OnByDefault::Never),
        lower => match COUNTRIES
            .iter()
            .find(|country| [country.code, country.name].contains(&country_name(lower).as_str()))
        {
            Some(country) => country.recognizers.to_vec(),
            None => of(&|row, _| row.entity.eq_ignore_ascii_case(word)),
        },
    }
}

/// The entities that a word of `entities` stands for; none where the word means nothing.
pub fn entities_of(word: &str) -> Vec<&'static str> {
    chosen_by(word).iter().map(|row| row.entity).collect()
}

/// Every word that [`chosen_by`] knows.
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    let countries = COUNTRIES.iter().flat_map(|country| [country.name, country.code]);
    ["all", "default", "presidio"]
        .into_iter()
        .chain(rows().map(|(row, _)| row.entity))
        .chain(countries)
}

/// A country's name as the table has it: `south_africa` is "south africa", "uk" is "gb".
fn country_name(word: &str) -> String {
    match word {
        "uk" => "gb".to_owned(),
        "usa" => "us".to_owned(),
        _ => word.replace(['_', '-'], " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn entities_are_unique_and_described() {
        let mut seen = HashSet::new();
        for (row, _) in rows() {
            assert!(seen.insert(row.entity), "{} twice", row.entity);
            assert!(
                !row.about.is_empty() && !row.matches.is_empty() && !row.misses.is_empty(),
                "{}",
                row.entity
            );
            assert!(
                !row.patterns.is_empty() || !row.scanners.is_empty() || !row.keys.is_empty(),
                "{}",
                row.entity
            );
        }
    }

    #[test]
    fn the_defaults_are_the_nine_of_the_python_package_and_iban() {
        let mut names: Vec<_> = chosen_by("default").iter().map(|row| row.entity).collect();
        names.sort_unstable();
        let expected = [
            "CREDIT_CARD",
            "CRYPTO",
            "EMAIL_ADDRESS",
            "IBAN_CODE",
            "IP_ADDRESS",
            "MEDICAL_LICENSE",
            "PHONE_NUMBER",
            "US_ITIN",
            "US_PASSPORT",
            "US_SSN",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn chooses_by_entity_set_and_country() {
        assert_eq!(chosen_by("us_ssn").len(), 1);
        assert_eq!(chosen_by("all").len(), rows().count());
        assert!(chosen_by("presidio").len() > chosen_by("default").len());
        assert_eq!(chosen_by("UK").len(), chosen_by("united_kingdom").len());
        assert!(chosen_by("atlantis").is_empty());
    }
}
