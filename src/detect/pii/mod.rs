//! Personal data: Presidio's entities, scores and settings, found in one pass.
//!
//! [`registry`] is the table of recognizers, one file and one row each, [`generic`] ones and those of a country
//! ([`national`]). [`engine`] runs them: [`candidates`] are the places worth looking at, [`patterns`] and scanners look there,
//! [`context`] and [`columns`] weigh what was found, [`conflicts`] decides what stands.

mod candidates;
mod checksum;
mod columns;
mod conflicts;
mod context;
mod custom;
mod engine;
mod fields;
mod generic;
mod national;
mod operators;
mod options;
mod patterns;
mod recognizer;
mod registry;
mod scanners;
mod text;

pub use conflicts::strongest;
pub use engine::Engine;
pub use operators::{DecryptError, Operators, decrypt};
pub use options::{AllowListMatch, Custom, Entities, HashType, Operator, Options, OptionsError, Validator};
pub use registry::{About, entities_of, recognizers};

#[cfg(test)]
mod tests;
