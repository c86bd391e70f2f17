//! The text that a hit replaces.

use std::fmt;

use zeroize::Zeroizing;

/// A text that is to be masked. It is never shown, and its memory is overwritten when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Matched(Zeroizing<String>);

impl Matched {
    /// The text itself.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Matched {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

/// Its length alone.
impl fmt::Debug for Matched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Matched({} bytes)", self.0.len())
    }
}
