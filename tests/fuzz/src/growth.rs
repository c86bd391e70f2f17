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

/// What inputs grow by.
pub(crate) static PIECES: LazyLock<Vec<&str>> = LazyLock::new(|| {
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
