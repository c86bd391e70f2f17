//! Inputs grow by what the rules look for: no byte-wise mutation comes upon a token's prefix and shape by itself.

use std::sync::LazyLock;

use mcp_gateway::detect::{pii, secrets};

/// What texts and messages are made of beside secrets and personal data.
const GLUE: &[&str] = &[
    "password: ", "{\"api_key\": \"", "\"}", "Authorization: Bearer ", "https://user:", "@example.com/", "\\u0041", "%41",
    "\\n", "\n", ",", "name,ssn,card\n", "<token>", "</token>", " is ", "\u{200b}", "\u{1F511}", "e\u{301}", "<PASSWORD>",
    "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----", "data:image/png;base64,", "LS0tLS1CRUdJTi", "+1 ",
    "1e5", "[[", "]]", "--password ", "kind: Secret\ndata:\n  a: ",
];

static PIECES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let secrets = secrets::rules().map(|rule| rule.example);
    let personal = pii::recognizers().flat_map(|recognizer| recognizer.matches).map(|text| marked(text));
    let pieces: Vec<&str> = secrets.chain(personal).filter(|piece| !piece.is_empty()).collect();
    // As many times the glue as the examples outnumber it.
    let glue = GLUE.iter().copied().cycle().take(pieces.len());
    glue.chain(pieces.iter().copied()).collect()
});

/// What stands between the marks of an example, or all of it.
fn marked(example: &str) -> &str {
    let from = example.find('‹').map_or(0, |mark| mark + '‹'.len_utf8());
    let to = example.find('›').unwrap_or(example.len());
    &example[from..to]
}

/// Puts a piece, or the end of one, into the first `size` bytes of `data` in one of three mutations; returns the new size.
/// `None` where the piece does not fit, or where another mutation is due.
pub(crate) fn grown(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> Option<usize> {
    // The parts of a linear congruential step, each used for one choice.
    let choice = |step: u64| (u64::from(seed).wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(step.wrapping_mul(0x1405_7B7E_F767_814F)) >> 33) as usize;
    if choice(1) % 3 != 0 {
        return None;
    }
    let piece = PIECES[choice(2) % PIECES.len()].as_bytes();
    let cut = if choice(3) % 4 == 0 { choice(4) % piece.len() } else { 0 };
    let piece = &piece[cut..];
    let place = choice(5) % (size + 1);
    let grown = size + piece.len();
    if grown > max_size.min(data.len()) {
        return None;
    }
    data.copy_within(place..size, place + piece.len());
    data[place..place + piece.len()].copy_from_slice(piece);
    Some(grown)
}
