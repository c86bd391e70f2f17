//! Instructions that are hidden in a text: in what a server declares, and in what its tools return.
//!
//! A text is [normalised](normal) first: what nobody sees is decoded, look-alikes become what they look like, tools are
//! marked by name, and each sentence gets a line. The [`rules`] are asked sentence by sentence, and only those of which
//! the [literals](index) occur in it; what is encoded is decoded and goes the same way, and what has markup
//! in it is read once more without it. No rule decides alone what is done: their
//! evidence is [scored](score()), with what families of rules mean together.

mod bare;
mod encoded;
mod engine;
mod fragments;
mod index;
mod links;
mod literals;
mod lookalikes;
mod names;
mod normal;
mod offsets;
mod patterns;
mod rule;
mod rules;
mod score;
mod signs;
#[cfg(test)]
mod tests;
mod together;
mod visible;

pub use engine::{Context, Evidence, find, find_across};
pub use names::Names;
pub use rule::{Family, Rule, Surface};
pub use rules::{is_unseen, rules};
pub use score::{BLOCK, REVIEW, Score, score};
pub use together::{counted, worst};
