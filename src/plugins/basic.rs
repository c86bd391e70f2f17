//! `basic`: secrets.

use std::sync::{Arc, LazyLock};

use serde_json::{Map, Value};

use super::{
    BuildError, Built, Filter, Spec,
    masking::{Actions, Masking},
    vault::{in_order, restored_anywhere},
};
use crate::{
    config::typed,
    detect::{
        Context, Detector, Finding,
        secrets::{Engine, Options},
    },
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

/// Takes secrets out of what is kept: logs and messages, whichever plugins are on. The values that vaults put back
/// are among them, whatever they look like.
pub fn redactor() -> Arc<Masker> {
    static REDACTOR: LazyLock<Arc<Masker>> = LazyLock::new(|| {
        let engine = Engine::new(Options::default()).expect("the defaults are valid");
        Arc::new(Masker::new(Everything(engine), Placeholder))
    });
    REDACTOR.clone()
}

/// What the engine finds, and the values that servers were given back.
struct Everything(Engine);

impl Everything {
    fn with_restored(text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
        let restored = restored_anywhere(text, context.role);
        if !restored.is_empty() {
            found.extend(restored);
            *found = in_order(std::mem::take(found));
        }
    }
}

impl Detector for Everything {
    fn find(&self, text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
        self.0.find(text, context, found);
        Self::with_restored(text, context, found);
    }

    fn recognize(&self, text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
        self.0.recognize(text, context, found);
        Self::with_restored(text, context, found);
    }

    fn find_across(&self, parts: &[&str], found: &mut Vec<Finding>) {
        self.0.find_across(parts, found);
    }
}
