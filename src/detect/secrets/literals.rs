//! Literals that are looked for wherever they stand.

use std::sync::LazyLock;

use aho_corasick::packed::Searcher;

use super::context;

/// What a literal may begin.
#[derive(Clone, Copy)]
pub(super) enum Begins {
    /// A private key in armour.
    Armour,
    /// The last line of one.
    ArmourEnd,
    /// A PuTTY key file.
    Putty,
    /// Words that introduce a password in running text.
    Prose,
    /// The name of a recovery phrase, or the end of a `passphrase`.
    Phrase,
    /// The end of an address in a hexadecimal dump, or two of its bytes.
    Dump,
    /// The passphrase of a wireless network.
    Wireless,
    /// The kind of a JSON Web Key.
    WebKey,
    /// A token whose prefix white space follows.
    Token,
}

/// The literals, beside those of running text; the first letters of their words may be
/// capitals. Those of three bytes would be found too often.
const OURS: [(&str, Begins); 12] = [
    ("BEGIN", Begins::Armour),
    ("PRIVATE", Begins::ArmourEnd),
    ("PuTTY-User-Key-File-", Begins::Putty),
    ("FlyV1 ", Begins::Token),
    ("nemonic", Begins::Phrase),
    ("NEMONIC", Begins::Phrase),
    ("hrase", Begins::Phrase),
    ("HRASE", Begins::Phrase),
    ("00  ", Begins::Dump),
    ("psk=", Begins::Wireless),
    ("\"kty", Begins::WebKey),
    ("kty:", Begins::WebKey),
];

static LITERALS: LazyLock<Vec<(&str, Begins)>> = LazyLock::new(|| {
    let prose = context::literals().map(|literal| (literal, Begins::Prose));
    dealt(OURS.into_iter().chain(prose).collect())
});

/// The search puts literals into as many buckets as this, one after the other in turn, and looks closer wherever four bytes could begin
/// any literal of a bucket.
const BUCKETS: usize = 8;

/// The literals in such an order that those whose letters are alike share a bucket: capitals beside small letters would let
/// through any mixture of the two.
fn dealt(mut literals: Vec<(&str, Begins)>) -> Vec<(&str, Begins)> {
    literals.sort_by_key(|(literal, _)| literal.bytes().take(4).map(|byte| byte >> 4).collect::<Vec<_>>());
    let each = literals.len().div_ceil(BUCKETS);
    let dealt = (0..each).flat_map(|turn| literals.iter().skip(turn).step_by(each));
    dealt.copied().collect()
}

static SEARCH: LazyLock<Searcher> = LazyLock::new(|| {
    let literals = LITERALS.iter().map(|(literal, _)| literal);
    Searcher::new(literals).expect("a few short literals fit")
});

/// Where each literal stands in `text`, in order, and what it may begin.
pub(super) fn all(text: &str) -> impl Iterator<Item = (usize, Begins)> {
    let found = SEARCH.find_iter(text);
    found.map(|literal| (literal.start(), LITERALS[literal.pattern().as_usize()].1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The search takes half as long with the slim form of Teddy, which has room for 32 literals, and is best with the four first
    /// bytes of each.
    #[test]
    fn the_literals_fit_the_fast_search() {
        assert!(LITERALS.len() <= 32, "{}", LITERALS.len());
        assert!(LITERALS.iter().all(|(literal, _)| literal.len() >= 4));
    }
}
