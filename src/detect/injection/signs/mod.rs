//! Signs: classes of words, as wide as the language has them. One alone says nothing; some of them in one sentence are
//! the make of an order that honest definitions do not give.

mod common;
mod particular;

use std::sync::LazyLock;

/// A class of words.
pub(super) struct Sign {
    /// Its name in the makes of rules.
    pub(super) name: &'static str,
    /// What it looks like in a normalised sentence, any of which is enough.
    pub(super) patterns: &'static [&'static str],
}

const fn sign(name: &'static str, patterns: &'static [&'static str]) -> Sign {
    Sign { name, patterns }
}

/// Every sign.
pub(super) fn signs() -> &'static [&'static Sign] {
    static SIGNS: LazyLock<Vec<&Sign>> = LazyLock::new(|| common::SIGNS.iter().chain(particular::SIGNS).collect());
    &SIGNS
}

/// The position of a sign in the table. A test holds all makes to names that exist.
pub(super) fn number_of(name: &str) -> usize {
    signs()
        .iter()
        .position(|sign| sign.name == name)
        .expect("the table is tested")
}
