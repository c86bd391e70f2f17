//! What a run of token characters is made of, looked at once for all that ask.

use wide::u8x16;

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
        let none = u8x16::splat(0);
        let (mut digits, mut upper, mut lower, mut others) = (none, none, none, none);
        let mut look = |bytes: &[u8; WIDTH]| {
            let bytes = u8x16::new(*bytes);
            let digit = within(bytes, b'0', 9);
            digits |= digit;
            upper |= within(bytes, b'A', 25);
            lower |= within(bytes, b'a', 25);
            others |= !(digit | within(bytes, b'a', 5));
            [digits, upper, lower, others]
        };
        let mut seen = [none; 4];
        let (blocks, rest) = run.as_chunks::<BLOCK>();
        for block in blocks {
            let (lanes, _) = block.as_chunks();
            for lane in lanes {
                seen = look(lane);
            }
            if seen.iter().all(|seen| seen.to_bitmask() != 0) {
                break;
            }
        }
        let (lanes, rest) = rest.as_chunks();
        for lane in lanes {
            seen = look(lane);
        }
        if let Some(last) = run.last_chunk().filter(|_| !rest.is_empty()) {
            seen = look(last);
        } else if let Some(first) = rest.first() {
            // What is repeated is nothing new.
            let mut lane = [*first; WIDTH];
            lane[..rest.len()].copy_from_slice(rest);
            seen = look(&lane);
        }
        let [digit, upper, lower, other] = seen.map(|seen| seen.to_bitmask() != 0);
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

/// Is each byte one of `first` and the `more` after it?
fn within(bytes: u8x16, first: u8, more: u8) -> u8x16 {
    let offset = bytes - u8x16::splat(first);
    offset.min(u8x16::splat(more)).simd_eq(offset)
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
