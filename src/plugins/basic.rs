//! `basic`: secrets.

use std::sync::{Arc, LazyLock};

use serde_json::{Map, Value};

use super::{Action, BuildError, Built, Spec, masking::Masking};
use crate::{
    detect::secrets::{Engine, Options},
    mask::{Masker, Placeholder},
};

pub(super) const SPEC: Spec = Spec {
    name: "basic",
    aliases: &["BasicGuardrailPlugin"],
    about: "masks secrets, such as tokens, keys and passwords, in both directions",
    settings: &["requests", "responses", "disable", "allow", "rules", "sensitivity"],
    build,
};

fn build(mut settings: Map<String, Value>) -> Result<Built, BuildError> {
    let mut action = |name| match settings.remove(name) {
        None => Ok(Action::default()),
        Some(value) => {
            serde_json::from_value(value).map_err(|_| BuildError(format!("`{name}` is `mask`, `block` or `off`")))
        }
    };
    let (requests, responses) = (action("requests")?, action("responses")?);
    let options: Options =
        serde_json::from_value(Value::Object(settings)).map_err(|error| BuildError(error.to_string()))?;
    let engine = Engine::new(options).map_err(|error| BuildError(error.to_string()))?;
    let masker = Arc::new(Masker::new(engine, Placeholder));
    let guardrail = Masking {
        name: SPEC.name,
        masker: masker.clone(),
        requests,
        responses,
    };
    Ok(Built {
        guardrail: Arc::new(guardrail),
        masker: Some(masker),
    })
}

/// Takes secrets out of what is kept: logs and messages, whichever plugins are on.
pub fn redactor() -> Arc<Masker> {
    static REDACTOR: LazyLock<Arc<Masker>> = LazyLock::new(|| {
        let engine = Engine::new(Options::default()).expect("the defaults are valid");
        Arc::new(Masker::new(engine, Placeholder))
    });
    REDACTOR.clone()
}
