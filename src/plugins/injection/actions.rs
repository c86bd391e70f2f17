//! What is done with what was found.

use serde::Deserialize;

use super::reading::Text;

/// What is done with a text that speaks to the model.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Action {
    /// Nothing.
    Pass,
    /// The result is fenced: a note before it says that it is data.
    Warn,
    /// The sentences that speak to the model are taken out.
    Strip,
    /// The message does not pass.
    Block,
}

/// What is done with characters that nobody sees.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Hidden {
    /// They are taken out.
    #[default]
    Strip,
    /// They stay.
    Pass,
}

/// The settings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Actions {
    pub(super) hidden: Hidden,
    /// From [`REVIEW`](crate::detect::injection::REVIEW) points.
    pub(super) review: Action,
    /// From [`BLOCK`](crate::detect::injection::BLOCK) points with hard evidence.
    pub(super) block: Action,
}

impl Actions {
    /// What is done with a text.
    pub(super) fn on(&self, text: &Text) -> Action {
        if text.score.blocks() {
            self.block
        } else if text.score.is_suspicious() {
            self.review
        } else {
            Action::Pass
        }
    }
}
