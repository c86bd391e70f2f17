//! `basic`: secrets.

use std::sync::{Arc, LazyLock};

use serde_json::{Map, Value};

use super::{
    BuildError, Built, Filter, Spec,
    masking::{Actions, Masking},
};
use crate::{
    config::typed,
    detect::secrets::{Engine, Options},
    mask::{Masker, Placeholder},
};

pub(super) const SPEC: Spec = Spec {
    name: "basic",
    aliases: &["BasicGuardrailPlugin"],
    about: "masks secrets, such as tokens, keys and passwords, in both directions",
    settings: &[
        "requests",
        "responses",
        "placeholders",
        "masking",
        "flows",
        "disable",
        "allow",
        "rules",
        "sensitivity",
    ],
    build,
};

fn build(mut settings: Map<String, Value>) -> Result<Built, BuildError> {
    let actions = Actions::take(&mut settings)?;
    let options: Options = typed(Value::Object(settings)).map_err(BuildError)?;
    let engine = Engine::new(options).map_err(|error| BuildError(error.to_string()))?;
    let filter = Filter::native(Masker::new(engine, Placeholder));
    Ok(Built::masker(Masking::new(SPEC.name, filter.clone(), actions), filter))
}

/// Takes secrets out of what is kept: logs and messages, whichever plugins are on.
pub fn redactor() -> Arc<Masker> {
    static REDACTOR: LazyLock<Arc<Masker>> = LazyLock::new(|| {
        let engine = Engine::new(Options::default()).expect("the defaults are valid");
        Arc::new(Masker::new(engine, Placeholder))
    });
    REDACTOR.clone()
}
