//! How many tokens a text takes from a model's context.

use std::sync::OnceLock;

use tiktoken::CoreBpe;

/// The vocabulary: that of the GPT-4o family and its successors. Others come within some percent of it.
const VOCABULARY: &str = "o200k_base";

/// Of a longer text, the first bytes are counted and the rest is taken to be like them: a hostile text takes the
/// tokenizer half a second for each megabyte.
const COUNTED: usize = 128 * 1024;

/// Bytes of a token, about, where nobody has read the vocabulary yet.
const BYTES: usize = 4;

/// Reading it takes a tenth of a second and 24 MB, which a gateway without `xetrack` saves.
static TOKENIZER: OnceLock<Option<&'static CoreBpe>> = OnceLock::new();

/// Reads the vocabulary.
pub fn load() {
    TOKENIZER.get_or_init(|| tiktoken::get_encoding(VOCABULARY));
}

/// Whether the vocabulary has been read.
pub fn is_loaded() -> bool {
    TOKENIZER.get().is_some()
}

/// The tokens of a text; an estimate where the vocabulary has not been read.
pub fn count(text: &str) -> i64 {
    let Some(Some(tokenizer)) = TOKENIZER.get() else {
        return i64::try_from(text.len().div_ceil(BYTES)).unwrap_or(i64::MAX);
    };
    let beginning = &text[..text.floor_char_boundary(COUNTED)];
    let counted = tokenizer.count(beginning) as u128;
    let all = match beginning.len() {
        0 => 0,
        length => counted * text.len() as u128 / length as u128,
    };
    i64::try_from(all).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_those_of_the_vocabulary() {
        load();
        assert_eq!(count(""), 0);
        assert_eq!(count("Hello, world!"), 4);
    }

    #[test]
    fn a_long_text_is_counted_by_its_beginning() {
        load();
        let line = "A line of a log, as they come. ";
        let (one, many) = (count(&line.repeat(100)), count(&line.repeat(100_000)));
        assert!((many - one * 1000).abs() < many / 100, "{one} {many}");
    }
}
