//! What a masking plugin searches a text with: recognizers of its own, or a service's beside them.

use std::sync::Arc;

use super::presidio::Delegation;
use crate::{guard::GuardError, mask::Masker};

/// Texts over this many bytes are searched beside the reading of other messages.
const LARGE: usize = 1 << 15;

/// The filter that a masking plugin is.
#[derive(Clone)]
pub struct Filter(Kind);

#[derive(Clone)]
enum Kind {
    Native(Arc<Masker>),
    Delegated(Arc<Delegation>),
}

impl Filter {
    /// A filter that asks nobody.
    pub(super) fn native(masker: Masker) -> Self {
        Self(Kind::Native(Arc::new(masker)))
    }

    /// A filter that asks a service.
    pub(super) fn delegated(delegation: Delegation) -> Self {
        Self(Kind::Delegated(Arc::new(delegation)))
    }

    /// What `search` gives of a text of `size` bytes. It may run more than once, each time with a masker that knows
    /// more, and has to look at the same text each time.
    ///
    /// # Errors
    /// A [`GuardError`] where a service that has to be asked can't be, and where the search ended early.
    pub async fn run<T: Send + 'static>(
        &self,
        size: usize,
        search: impl Fn(&Masker) -> T + Clone + Send + 'static,
    ) -> Result<T, GuardError> {
        match &self.0 {
            Kind::Native(_) => self.run_alone(size, search).await,
            Kind::Delegated(delegation) => delegation.run(size, search).await,
        }
    }

    /// The same without asking anybody.
    ///
    /// # Errors
    /// A [`GuardError`] where the search ended early.
    pub(super) async fn run_alone<T: Send + 'static>(
        &self,
        size: usize,
        search: impl Fn(&Masker) -> T + Send + 'static,
    ) -> Result<T, GuardError> {
        let masker = match &self.0 {
            Kind::Native(masker) => masker.clone(),
            Kind::Delegated(delegation) => delegation.alone(),
        };
        beside(size, move || search(&masker)).await
    }
}

/// Does what a text of `size` bytes takes, beside the reading of other messages if that is much.
pub(super) async fn beside<T: Send + 'static>(
    size: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, GuardError> {
    if size <= LARGE {
        return Ok(work());
    }
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| GuardError(format!("the search ended early: {error}")))
}
