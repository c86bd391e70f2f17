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

    fn base(&self) -> Option<&dyn Detector> {
        Some(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::apply;

    #[test]
    fn what_is_kept_is_searched_for_all_that_a_message_is() {
        let engine = Engine::new(Options::default()).expect("the defaults are valid");
        let plain = Masker::new(engine, Placeholder);
        let line = "MIIEpQIBAAKCAQEAn6/O8li+SX4m98LLYt/PKSzEmQ++ZBD7Loh9P13f4yQ92EF3";
        for document in [
            serde_json::json!({"value": "Kq7vLp2Zx9dM", "name": "DB_PASSWORD"}),
            serde_json::json!({"lines": ["-----BEGIN RSA PRIVATE KEY-----", line, line, "-----END RSA PRIVATE KEY-----"]}),
            serde_json::json!(["wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ9kLmT2vB", "AKIAQ6U7Y2P5ZN3WXRTD"]),
        ] {
            let text = document.to_string();
            let masked = |masker: &Masker| apply(&text, &masker.json(&text).expect("it is JSON"));
            assert_ne!(masked(&plain), text);
            assert_eq!(masked(&redactor()), masked(&plain));
        }
    }
}
