//! The table of rules. One more rule is one more row, with texts that it finds and texts that it leaves alone.

#![allow(
    clippy::needless_update,
    reason = "every row ends alike, so that a field can be left out or written"
)]

mod authority;
mod commands;
mod concealment;
mod data;
mod handover;
pub(super) mod hidden;
mod influence;
mod languages;
mod makes;
mod offensive;
mod orders;
mod posing;
mod results;
mod scripted;
mod setup;
mod steering;
mod taking;
mod tongues;
mod tools;

use std::sync::LazyLock;

use super::rule::Rule;

/// Every rule, those of code included.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    table().iter().copied().chain(hidden::RULES.iter().copied())
}

/// Whether what a rule finds are characters that nobody sees.
pub fn is_unseen(rule: &Rule) -> bool {
    hidden::UNSEEN.iter().any(|unseen| unseen.id == rule.id)
}

/// The rules with patterns.
pub(super) fn table() -> &'static [&'static Rule] {
    static TABLE: LazyLock<Vec<&Rule>> = LazyLock::new(|| {
        let parts = [
            authority::RULES,
            concealment::RULES,
            tools::RULES,
            data::RULES,
            commands::RULES,
            influence::RULES,
            offensive::RULES,
            results::RULES,
            languages::RULES,
            handover::RULES,
            scripted::RULES,
            setup::RULES,
            orders::RULES,
            posing::RULES,
            taking::RULES,
            tongues::RULES,
            steering::RULES,
        ];
        parts.iter().chain(makes::PARTS).flat_map(|part| part.iter()).collect()
    });
    &TABLE
}
