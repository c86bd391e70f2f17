//! Stretches of string text that mean what they are.

use wide::u8x16;

/// How many bytes pass before one that ends a stretch of plain string text: `"`, `\\` or a control character.
pub(super) fn plain(bytes: &[u8]) -> usize {
    const LANES: usize = 16;
    /// Blocks that are looked at together: one branch for all of them.
    const TOGETHER: usize = 4;
    let special = |block: &[u8; LANES]| {
        let block = u8x16::new(*block);
        let control = block.min(u8x16::splat(0x1f)).simd_eq(block);
        control | block.simd_eq(u8x16::splat(b'"')) | block.simd_eq(u8x16::splat(b'\\'))
    };
    let (blocks, rest) = bytes.as_chunks::<LANES>();
    // Most strings are short, so the first blocks are looked at one by one.
    let (first, others) = blocks.split_at(blocks.len().min(TOGETHER));
    let (groups, last) = others.as_chunks::<TOGETHER>();
    let is_clean =
        |[a, b, c, d]: &[[u8; LANES]; TOGETHER]| (special(a) | special(b) | special(c) | special(d)).to_bitmask() == 0;
    let in_blocks = |blocks: &[[u8; LANES]]| {
        blocks.iter().enumerate().find_map(|(at, block)| {
            let special = special(block).to_bitmask();
            (special != 0).then(|| at * LANES + special.trailing_zeros() as usize)
        })
    };
    if let Some(at) = in_blocks(first) {
        return at;
    }
    let clean = groups.iter().take_while(|group| is_clean(group)).count();
    let passed = (first.len() + clean * TOGETHER) * LANES;
    let left = match groups.get(clean) {
        Some(group) => group.as_slice(),
        None => last,
    };
    if let Some(at) = in_blocks(left) {
        return passed + at;
    }
    let special = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < 0x20;
    bytes.len() - rest.len() + rest.iter().position(special).unwrap_or(rest.len())
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
