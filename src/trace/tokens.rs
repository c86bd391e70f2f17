//! How many tokens a text takes from a model's context.

use std::sync::OnceLock;

use tiktoken::CoreBpe;

/// The vocabulary: that of the GPT-4o family and its successors. Others come within some percent of it.
const VOCABULARY: &str = "o200k_base";

/// Of a text over this many bytes, samples are counted and the rest is taken to be like them: the tokenizer takes 30 ms for a
/// megabyte of prose and half a second for a hostile one, many times what the call takes.
const COUNTED: usize = 16 * 1024;

/// The samples of a longer text, spread evenly over it; together they are [`COUNTED`] bytes long.
const SAMPLES: usize = 8;

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
    let tokens = if text.len() <= COUNTED {
        tokenizer.count(text) as u128
    } else {
        let (tokens, bytes) = samples(text).fold((0, 0), |(tokens, bytes), sample| {
            (tokens + tokenizer.count(sample) as u128, bytes + sample.len() as u128)
        });
        tokens * text.len() as u128 / bytes.max(1)
    };
    i64::try_from(tokens).unwrap_or(i64::MAX)
}

/// Stretches of a text that is longer than all of them.
fn samples(text: &str) -> impl Iterator<Item = &str> {
    const LENGTH: usize = COUNTED / SAMPLES;
    let step = (text.len() - LENGTH) / (SAMPLES - 1);
    (0..SAMPLES).map(move |number| {
        let start = number * step;
        &text[text.floor_char_boundary(start)..text.floor_char_boundary(start + LENGTH)]
    })
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
    fn a_long_text_is_counted_by_samples_of_all_of_it() {
        load();
        let line = "A line of a log, as they come. ";
        let (one, many) = (count(&line.repeat(100)), count(&line.repeat(100_000)));
        assert!((many - one * 1000).abs() < many / 50, "{one} {many}");
        let half = "8f14e45f-ceea-467f-a0e6-7c1d5b4a3e21 ".repeat(80_000);
        let (half_tokens, both) = (count(&half), count(&format!("{}{half}", line.repeat(100_000))));
        let wanted = many + half_tokens;
        assert!((both - wanted).abs() < wanted / 10, "{both}, wanted about {wanted}");
    }

    #[test]
    fn samples_of_long_characters_are_whole() {
        load();
        let text = "é€😀".repeat(10_000);
        assert_eq!(samples(&text).count(), SAMPLES);
        assert!(count(&text) > 0);
    }
}
