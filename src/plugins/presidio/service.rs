//! Which Presidio service is asked, for what, and what becomes of a message where it does not answer.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Url;
use serde_json::{Map, Value};

use super::super::{BuildError, http_service, masking::take, terms::Terms};
use crate::detect::pii::{AllowListMatch, Entities, Options, entities_of};

/// The address of the service, where the settings have none.
const ADDRESS: &str = "PRESIDIO_ANALYZER_URL";

/// What only a model finds: a service is asked for it unless other entities are chosen.
const OF_MODELS: &[&str] = &["PERSON", "LOCATION", "NRP"];

/// A service, as the settings describe it.
#[derive(Debug)]
pub(super) struct Service {
    /// Where its routes are.
    pub(super) address: Url,
    /// Whether our own recognizers are on beside it.
    native: bool,
    /// The language of the texts, as ISO 639-1.
    pub(super) language: String,
    /// How it is asked; the time-out is for one message.
    pub(super) terms: Terms,
}

/// A service and the part that it has in the work.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) service: Service,
    /// The entities to ask for; `None` for all that it has.
    pub(super) entities: Option<BTreeSet<String>>,
    /// Those that nobody finds if it does not.
    pub(super) required: BTreeSet<String>,
    /// Those that our own recognizers look for.
    pub(super) native: BTreeSet<&'static str>,
    pub(super) threshold: f32,
    pub(super) thresholds: BTreeMap<String, f32>,
    pub(super) allow_list: Vec<String>,
    pub(super) allow_list_match: AllowListMatch,
}

impl Service {
    /// Takes its settings out of the plugin's; `None` where no service is named.
    pub(super) fn take(settings: &mut Map<String, Value>) -> Result<Option<Self>, BuildError> {
        let written: Option<String> = take(settings, "analyzer_url", "an address, such as `http://localhost:5002`")?;
        let address = written
            .or_else(|| std::env::var(ADDRESS).ok())
            .filter(|address| !address.is_empty());
        let Some(address) = address else {
            let mut about_a_service = ["native", "language"].into_iter().chain(Terms::SETTINGS);
            return match about_a_service.find(|name| settings.contains_key(*name)) {
                Some(name) => Err(BuildError(format!(
                    "`{name}` is about a Presidio service: set `analyzer_url` too"
                ))),
                None => Ok(None),
            };
        };
        Ok(Some(Self {
            address: parse(&address)?,
            native: take(settings, "native", "`true` or `false`")?.unwrap_or(true),
            language: take(settings, "language", "a language, such as `en`")?.unwrap_or_else(|| "en".to_owned()),
            terms: Terms::take(settings)?,
        }))
    }

    /// Divides the work between the service and our own recognizers, to which `options` leaves what they do.
    pub(super) fn divide(self, options: &mut Options) -> Part {
        let words = options.entities.words().to_vec();
        let (known, other): (Vec<&String>, Vec<&String>) = words.iter().partition(|word| !entities_of(word).is_empty());
        // Another word could be a slip of the pen; one in capitals may be an entity that the service has.
        let foreign = other.into_iter().filter(|word| is_entity(word)).cloned();
        let native: BTreeSet<&'static str> = known.iter().flat_map(|word| entities_of(word)).collect();
        let mut required: BTreeSet<String> = foreign.collect();
        let mut entities: BTreeSet<String> = required.clone();
        entities.extend(native.iter().map(|entity| (*entity).to_owned()));
        let is = |word: &&String, set: &str| word.eq_ignore_ascii_case(set);
        if known.iter().any(|word| is(word, "default")) {
            entities.extend(OF_MODELS.iter().map(|entity| (*entity).to_owned()));
        }
        let whole = known.iter().any(|word| is(word, "all") || is(word, "presidio"));
        options.elsewhere = entities.clone();
        if !self.native {
            let named = known
                .iter()
                .flat_map(|word| entities_of(word).into_iter().filter(|entity| is(word, entity)));
            required.extend(named.map(str::to_owned));
            options.entities = Entities::Several(Vec::new());
        }
        Part {
            entities: (!whole).then_some(entities),
            required,
            native: if self.native { native } else { BTreeSet::new() },
            threshold: options.threshold,
            thresholds: options.thresholds.clone(),
            allow_list: options.allow_list.clone(),
            allow_list_match: options.allow_list_match,
            service: self,
        }
    }
}

impl Part {
    /// The least score that counts for an entity.
    pub(super) fn threshold_of(&self, entity: &str) -> f32 {
        self.thresholds.get(entity).copied().unwrap_or(self.threshold)
    }
}

fn is_entity(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
        && word
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// The address below which the routes are. That of the route itself is understood as well.
fn parse(written: &str) -> Result<Url, BuildError> {
    let amiss = || BuildError("`analyzer_url` is no http or https address, such as `http://localhost:5002`".to_owned());
    let base = written.trim_end_matches('/');
    let base = base.strip_suffix("/analyze").unwrap_or(base);
    http_service::address(&format!("{base}/"))
        .filter(|address| address.query().is_none())
        .ok_or_else(amiss)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn service(settings: Value) -> Result<Option<Service>, String> {
        let Value::Object(mut settings) = settings else {
            panic!("no object")
        };
        Service::take(&mut settings).map_err(|error| error.0)
    }

    fn part(native: bool, entities: Value) -> Part {
        let service = service(json!({"analyzer_url": "http://h", "native": native}))
            .unwrap()
            .unwrap();
        service.divide(&mut serde_json::from_value(json!({ "entities": entities })).unwrap())
    }

    #[test]
    fn the_address_is_that_of_the_service_or_of_its_route() {
        for (written, address) in [
            ("http://h:5002", "http://h:5002/"),
            ("http://h/", "http://h/"),
            ("https://h/pii", "https://h/pii/"),
            ("http://h/analyze", "http://h/"),
        ] {
            let service = service(json!({"analyzer_url": written})).unwrap().unwrap();
            assert_eq!(service.address.as_str(), address);
        }
        for amiss in ["localhost:5002", "ftp://h", "http://", "http://h/?a=b"] {
            assert!(
                service(json!({"analyzer_url": amiss}))
                    .unwrap_err()
                    .contains("`analyzer_url`"),
                "{amiss}"
            );
        }
    }

    #[test]
    fn settings_that_can_not_be_meant_are_refused() {
        for (settings, named) in [
            (json!({"native": false}), "set `analyzer_url`"),
            (json!({"on_error": "allow"}), "set `analyzer_url`"),
            (json!({"analyzer_url": "http://h", "timeout": 0}), "`timeout`"),
        ] {
            assert!(service(settings).unwrap_err().contains(named), "{named}");
        }
        assert!(service(json!({"entities": "all"})).unwrap().is_none());
    }

    #[test]
    fn a_service_is_asked_for_what_was_chosen() {
        let chosen = |entities| {
            part(true, entities)
                .entities
                .map(|entities| entities.into_iter().collect::<Vec<_>>())
        };
        assert_eq!(chosen(json!(["us_ssn", "EMPLOYEE"])).unwrap(), ["EMPLOYEE", "US_SSN"]);
        assert_eq!(chosen(json!("all")), None);
        let default = chosen(json!("default")).unwrap();
        assert!(
            default.contains(&"PERSON".to_owned()) && default.contains(&"IBAN_CODE".to_owned()),
            "{default:?}"
        );
        assert!(!default.contains(&"URL".to_owned()));
    }

    #[test]
    fn what_nobody_else_finds_is_required_of_it() {
        let required = |native, entities| part(native, entities).required.into_iter().collect::<Vec<_>>();
        assert_eq!(required(true, json!(["US_SSN", "EMPLOYEE"])), ["EMPLOYEE"]);
        assert_eq!(
            required(false, json!(["us_ssn", "EMPLOYEE", "germany"])),
            ["EMPLOYEE", "US_SSN"]
        );
        assert!(required(false, json!("default")).is_empty());
    }
}
