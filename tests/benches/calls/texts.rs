//! What is called for: prose in which nothing is to be found, and the JSON of an ordinary API.

/// A column of the table, and what makes its text.
type Text = (&'static str, fn() -> String);

/// The columns of the table.
pub(crate) const TEXTS: [Text; 7] = [
    ("100 B", || prose(100)),
    ("10 KB", || prose(10_000)),
    ("100 KB", || prose(100_000)),
    ("1 MB", || prose(1_000_000)),
    ("10 MB", || prose(10_000_000)),
    ("10 KB JSON", || records(10_000)),
    ("1 MB JSON", || records(1_000_000)),
];

const WORDS: [&str; 20] = [
    "the", "river", "runs", "slowly", "past", "an", "old", "mill", "where", "people", "gather", "each", "morning",
    "to", "trade", "bread", "and", "apples", "while", "children",
];

/// Words in an order that does not repeat soon.
fn prose(length: usize) -> String {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut text = String::with_capacity(length + 16);
    while text.len() < length {
        // xorshift64
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text.push_str(WORDS[(state % WORDS.len() as u64) as usize]);
        text.push(' ');
    }
    text.truncate(length);
    text
}

/// Records with ids, times, versions and addresses, as a list in a text.
fn records(length: usize) -> String {
    let mut text = String::with_capacity(length + 512);
    text.push('[');
    for number in 0.. {
        let record = format!(
            r#"{{"id": "8f14e45f-ceea-467f-a0e6-7c1d5b{number:06x}", "order": {number}, "created": "2024-05-12T04:34:22Z", "status": "shipped", "sku": "A-{number}", "title": "Garden chair, foldable, of oiled wood", "price": 49.90, "version": "1.24.{number}", "note": "Please leave it with the neighbours if nobody answers the door.", "tracking": "https://example.com/track/1Z999AA1{number}"}}"#
        );
        text.push_str(&record);
        if text.len() >= length {
            break;
        }
        text.push_str(",\n ");
    }
    text.push(']');
    text
}
