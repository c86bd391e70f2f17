//! The native recognizers and a Presidio service together.
//!
//! A text is searched twice. The first search notes what there is to ask about, the service is asked, and the second
//! search finds what both found. So whatever a search looks at has been asked about, and is masked in one go.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
};

use super::{
    super::{BuildError, basic::redactor, filter::beside},
    analyzer::Analyzer,
    positions::blot,
    service::Part,
};
use crate::{
    detect::{
        Context, Detector, Finding, Role,
        pii::{Engine, Operators, strongest},
        placeholder,
    },
    guard::GuardError,
    mask::Masker,
    sync::lock,
};

/// Texts of the alphabets of base64 over this many bytes are data.
const DATA: usize = 512;

/// Native recognizers, and a service that is asked beside them.
pub(in super::super) struct Delegation {
    native: Arc<Engine>,
    operators: Arc<Operators>,
    /// The two together, without the service.
    alone: Arc<Masker>,
    /// Secrets are kept from the service: it is not there for them.
    secrets: Arc<Masker>,
    analyzer: Analyzer,
}

impl Delegation {
    pub(super) fn new(native: Engine, operators: Operators, part: Part) -> Result<Self, BuildError> {
        let (native, operators) = (Arc::new(native), Arc::new(operators));
        Ok(Self {
            alone: Arc::new(Masker::new(native.clone(), operators.clone())),
            native,
            operators,
            secrets: redactor(),
            analyzer: Analyzer::new(part)?,
        })
    }

    /// The native recognizers alone.
    pub(in super::super) fn alone(&self) -> Arc<Masker> {
        self.alone.clone()
    }

    /// See [`super::super::Filter::run`].
    pub(in super::super) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        size: usize,
        search: impl Fn(&Masker) -> T + Clone + Send + 'static,
    ) -> Result<T, GuardError> {
        let (found, questions) = self.search(size, Answers::new(), search.clone()).await?;
        if questions.is_empty() {
            return Ok(found);
        }
        let (texts, asked): (Vec<String>, Vec<String>) = questions.into_iter().unzip();
        match self.analyzer.analyze(&asked).await {
            Ok(findings) => {
                let answers = texts.into_iter().zip(findings).collect();
                let (found, left) = self.search(size, answers, search).await?;
                match left.is_empty() {
                    true => Ok(found),
                    false => Err(GuardError("a part of it was not asked about".to_owned())),
                }
            }
            Err(failure) => {
                let service = &self.analyzer.service;
                let on_error = service.terms().on_error;
                on_error.settle(super::SPEC.name, service.explain(&failure))?;
                Ok(found)
            }
        }
    }

    /// Searches with what the service has answered; gives what was found and what is left to ask.
    async fn search<T: Send + 'static>(
        self: &Arc<Self>,
        size: usize,
        answers: Answers,
        search: impl Fn(&Masker) -> T + Send + 'static,
    ) -> Result<(T, Questions), GuardError> {
        let questions = Arc::new(Mutex::new(Questions::new()));
        let both = Both {
            delegation: self.clone(),
            answers,
            questions: questions.clone(),
        };
        let masker = Masker::new(both, self.operators.clone());
        let found = beside(size, move || search(&masker)).await?;
        let questions = std::mem::take(&mut *lock(&questions));
        Ok((found, questions))
    }
}

/// By text: what the service found in it.
type Answers = HashMap<String, Vec<Finding>>;

/// By text: what the service is to be asked, which is that text without its secrets.
type Questions = BTreeMap<String, String>;

/// Finds what the native recognizers find and what the service has found, and notes what it was not asked.
struct Both {
    delegation: Arc<Delegation>,
    answers: Answers,
    questions: Arc<Mutex<Questions>>,
}

impl Both {
    fn note(&self, text: &str, context: &Context<'_>) {
        let mut secrets = Vec::new();
        self.delegation.secrets.detector().find(text, context, &mut secrets);
        let mut questions = lock(&self.questions);
        // The same text may stand elsewhere, where it is known to be a secret.
        let asked = questions.entry(text.to_owned()).or_insert_with(|| text.to_owned());
        *asked = blot(asked, secrets.iter().map(|secret| secret.start..secret.end));
        // A model takes the placeholders of the vaults for names.
        *asked = blot(asked, placeholder::numbered(text));
    }
}

impl Detector for Both {
    fn find(&self, text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
        let mut here = Vec::new();
        self.delegation.native.find(text, context, &mut here);
        if is_worth_asking(text, context.role) {
            match self.answers.get(text) {
                None => self.note(text, context),
                Some(theirs) => {
                    // Without the name of its member, a number is any number: the native recognizers know better.
                    let known = &self.delegation.analyzer.part.native;
                    let is_number = text.parse::<f64>().is_ok();
                    let counts = |finding: &&Finding| !(is_number && known.contains(finding.label.as_ref()));
                    here.extend(theirs.iter().filter(counts).cloned());
                    here = strongest(&here);
                }
            }
        }
        found.append(&mut here);
    }
}

/// Whether a service may find something in a text. It has nothing to say of an empty one, and a model takes the names of
/// members for names of people.
fn is_worth_asking(text: &str, role: Role) -> bool {
    let is_identifier = || {
        text.bytes()
            .all(|byte| byte.is_ascii_alphabetic() || b"_-$./".contains(&byte))
    };
    let is_data = || {
        let in_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=-_\r\n".contains(&byte);
        text.len() > DATA && text.bytes().all(in_base64)
    };
    text.contains(char::is_alphanumeric) && !(role == Role::Key && is_identifier()) && !is_data()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_members_and_data_are_not_asked_about() {
        for (text, role, worth) in [
            ("Ada", Role::Text, true),
            ("Ada", Role::Key, false),
            ("vendor/mime-type", Role::Key, false),
            ("Ada Lovelace", Role::Key, true),
            ("078-05-1120", Role::Key, true),
            ("12", Role::Number, true),
            ("", Role::Text, false),
            (" … \n", Role::Text, false),
            (&"aGk=".repeat(200), Role::Text, false),
            (&"aGk, ".repeat(200), Role::Text, true),
        ] {
            assert_eq!(is_worth_asking(text, role), worth, "{text} {role:?}");
        }
    }
}
