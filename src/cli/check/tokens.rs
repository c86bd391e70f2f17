//! How many tokens a definition takes from a model's context.

/// Bytes of a definition that make up a token, on the average: definitions are English and JSON, for which the
/// tokenizers of today's models come to between 3.5 and 4.5.
const BYTES: usize = 4;

/// The tokens of a text, estimated.
pub(super) fn count(text: &str) -> usize {
    text.len().div_ceil(BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_takes_some() {
        assert_eq!((count(""), count("a"), count("abcdefgh")), (0, 1, 2));
    }
}
