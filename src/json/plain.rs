//! Stretches of string text that mean what they are.

use wide::u8x16;

const LANES: usize = 16;
/// Blocks that are looked at together: one branch for all of them.
const TOGETHER: usize = 4;

/// How many bytes pass before one that ends a stretch of plain string text: `"`, `\\` or a control character.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> usize {
    // Most strings are short, and JSON in a string is full of escapes: the first block is looked at by itself.
    match bytes.split_first_chunk() {
        Some((first, rest)) => first_special(first).unwrap_or_else(|| LANES + long(rest)),
        None => one_by_one(bytes),
    }
}

fn long(bytes: &[u8]) -> usize {
    let (blocks, rest) = bytes.as_chunks::<LANES>();
    let (groups, last) = blocks.as_chunks::<TOGETHER>();
    let is_clean =
        |[a, b, c, d]: &[[u8; LANES]; TOGETHER]| (special(a) | special(b) | special(c) | special(d)).to_bitmask() == 0;
    let clean = groups.iter().take_while(|group| is_clean(group)).count();
    let left = groups.get(clean).map_or(last, |group| group.as_slice());
    let in_block = |(at, block)| first_special(block).map(|inner| at * LANES + inner);
    match left.iter().enumerate().find_map(in_block) {
        Some(at) => clean * TOGETHER * LANES + at,
        None => bytes.len() - rest.len() + one_by_one(rest),
    }
}

fn special(block: &[u8; LANES]) -> u8x16 {
    let block = u8x16::new(*block);
    let control = block.min(u8x16::splat(0x1f)).simd_eq(block);
    control | block.simd_eq(u8x16::splat(b'"')) | block.simd_eq(u8x16::splat(b'\\'))
}

#[inline]
fn first_special(block: &[u8; LANES]) -> Option<usize> {
    let special = special(block).to_bitmask();
    (special != 0).then(|| special.trailing_zeros() as usize)
}

fn one_by_one(bytes: &[u8]) -> usize {
    let special = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < 0x20;
    bytes.iter().position(special).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_block_scan_equals_a_byte_scan(clean in 0_usize..300, more in proptest::collection::vec(any::<u8>(), 0..100)) {
            let bytes = [vec![b'a'; clean], more].concat();
            let one_by_one = bytes.iter().take_while(|b| **b != b'"' && **b != b'\\' && **b >= 0x20).count();
            prop_assert_eq!(plain(&bytes), one_by_one);
        }
    }
}
