//! What a run of token characters is made of, looked at once for all that ask.

use fearless_simd::{Level, dispatch};

use crate::lanes::{Lanes, Narrow};

/// The kinds of characters in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Makeup {
    /// Holds it a digit?
    pub(super) digit: bool,
    /// Holds it a capital letter?
    upper: bool,
    /// Holds it a small letter?
    lower: bool,
    /// Are all hexadecimal digits, the letters among them small ones?
    pub(super) digest: bool,
}

/// Bytes after which it is asked whether anything can still be learnt.
const BLOCK: usize = 64;
const WIDTH: usize = 16;

impl Makeup {
    /// What `run` is made of.
    pub(super) fn of(run: &[u8]) -> Self {
        dispatch!(Level::baseline(), simd => Self::seen(Narrow(simd), run))
    }

    #[inline(always)]
    fn seen<L: Lanes>(lanes: L, run: &[u8]) -> Self {
        let none = lanes.is(lanes.splat(0), 1);
        let mut seen = [none; 4];
        let (blocks, rest) = run.as_chunks::<BLOCK>();
        for block in blocks {
            let (parts, _) = block.as_chunks();
            for part in parts {
                seen = look(lanes, seen, part);
            }
            if seen.iter().all(|seen| lanes.bits(*seen) != 0) {
                break;
            }
        }
        let (parts, rest) = rest.as_chunks();
        for part in parts {
            seen = look(lanes, seen, part);
        }
        if let Some(last) = run.last_chunk().filter(|_| !rest.is_empty()) {
            seen = look(lanes, seen, last);
        } else if let Some(first) = rest.first() {
            // What is repeated is nothing new.
            let mut part = [*first; WIDTH];
            part[..rest.len()].copy_from_slice(rest);
            seen = look(lanes, seen, &part);
        }
        let [digit, upper, lower, other] = seen.map(|seen| lanes.bits(seen) != 0);
        Self {
            digit,
            upper,
            lower,
            digest: !other,
        }
    }

    /// Are there letters of both cases, as in nearly all base64?
    pub(super) fn both_cases(self) -> bool {
        self.upper && self.lower
    }
}

/// What was seen, with what some more bytes are: digits, capitals, small letters, and no digits of a digest.
#[inline(always)]
fn look<L: Lanes>(lanes: L, seen: [L::Answer; 4], bytes: &[u8; WIDTH]) -> [L::Answer; 4] {
    let bytes = lanes.load(bytes);
    let [digit, upper, lower, other] = seen;
    let is_digit = lanes.is_within(bytes, b'0', 9);
    [
        digit | is_digit,
        upper | lanes.is_within(bytes, b'A', 25),
        lower | lanes.is_within(bytes, b'a', 25),
        other | lanes.is_not(is_digit | lanes.is_within(bytes, b'a', 5)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn tells_what_is_there(run in "[0-9a-f]{1,70}[A-Za-z0-9_./~+-]{0,3}|[a-z/]{1,90}|[A-Z0-9_]{1,40}|[A-Za-z0-9+/]{1,200}") {
            let bytes = run.as_bytes();
            let holds = |is: fn(&u8) -> bool| bytes.iter().any(is);
            let expected = Makeup {
                digit: holds(u8::is_ascii_digit),
                upper: holds(u8::is_ascii_uppercase),
                lower: holds(u8::is_ascii_lowercase),
                digest: bytes.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')),
            };
            prop_assert_eq!(Makeup::of(bytes), expected);
        }
    }
}
