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

/// The search deals literals to as many buckets as this, in turn, but for those whose first bytes have the same low halves, which
/// share one; it looks closer wherever four bytes could begin any literal of a bucket, by the low halves of its bytes and the high ones.
const BUCKETS: usize = 8;

/// The bytes of ordinary texts, the most frequent ones first: each is about as frequent as its place in this says.
const FREQUENT: &[u8; 71] = b" etaoinsrhldcumpfgywbv.,-_/0123456789kx\":'=(){}TASIC;EPRNLODMFB[]<>j*qz";

/// How frequent all other bytes are.
const SELDOM: f32 = 0.0005;

/// The literals in such an order that few places of ordinary texts look like one to the search: no two change places for the
/// better.
fn dealt<'t>(literals: Vec<(&'t str, Begins)>) -> Vec<(&'t str, Begins)> {
    let mut frequencies = [[SELDOM; 16]; 16];
    for (place, byte) in FREQUENT.iter().enumerate() {
        frequencies[usize::from(byte >> 4)][usize::from(byte & 15)] = 1.0 / (place as f32 + 2.0);
    }
    let mut alike: Vec<Vec<(&'t str, Begins)>> = Vec::new();
    for literal in literals {
        let low = |literal: &str| literal.bytes().take(4).map(|byte| byte & 15).collect::<Vec<_>>();
        match alike.iter_mut().find(|those| low(those[0].0) == low(literal.0)) {
            Some(those) => those.push(literal),
            None => alike.push(vec![literal]),
        }
    }
    let cost = |alike: &[Vec<(&str, Begins)>], bucket: usize| {
        let those = alike.iter().skip(bucket).step_by(BUCKETS).flatten();
        let those: Vec<&[u8]> = those.map(|(literal, _)| literal.as_bytes()).collect();
        those.len() as f32 * (0..4).map(|at| frequency(&frequencies, &those, at)).product::<f32>()
    };
    let mut costs: [f32; BUCKETS] = std::array::from_fn(|bucket| cost(&alike, bucket));
    let mut better = true;
    while better {
        better = false;
        for one in 0..alike.len() {
            for other in (one + 1..alike.len()).filter(|other| other % BUCKETS != one % BUCKETS) {
                alike.swap(one, other);
                let buckets = [one % BUCKETS, other % BUCKETS];
                let after = buckets.map(|bucket| cost(&alike, bucket));
                // A gain of nothing but rounding would go on for ever.
                if after[0] + after[1] < 0.999 * (costs[buckets[0]] + costs[buckets[1]]) {
                    better = true;
                    (costs[buckets[0]], costs[buckets[1]]) = (after[0], after[1]);
                } else {
                    alike.swap(one, other);
                }
            }
        }
    }
    // Those that share a bucket come last: the first of them says which.
    let firsts = alike.iter().map(|those| those[0]);
    let others = alike.iter().flat_map(|those| &those[1..]).copied();
    firsts.chain(others).collect()
}

/// How frequent the bytes are that could be those at `at` of some literals of one bucket.
fn frequency(frequencies: &[[f32; 16]; 16], literals: &[&[u8]], at: usize) -> f32 {
    let halves = |shift: u8| {
        literals
            .iter()
            .fold(0_u16, |halves, literal| halves | 1 << (literal[at] >> shift & 15))
    };
    let (mut high, low) = (halves(4), halves(0));
    let mut sum = 0.0;
    while high != 0 {
        let row = &frequencies[high.trailing_zeros() as usize];
        let mut low = low;
        while low != 0 {
            sum += row[low.trailing_zeros() as usize];
            low &= low - 1;
        }
        high &= high - 1;
    }
    sum
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

    #[test]
    fn each_literal_is_found() {
        for (literal, _) in OURS {
            let text = format!("x {literal} x");
            assert_eq!(all(&text).map(|(at, _)| at).collect::<Vec<_>>(), [2], "{literal}");
        }
        assert_eq!(LITERALS.len(), OURS.len() + context::literals().count());
    }
}
