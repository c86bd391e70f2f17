//! Inputs grow by what their format is made of.

/// Puts one of `pieces`, or the end of one, into the first `size` bytes of `data` in one of three mutations; returns the
/// new size. `None` where it does not fit, or where another mutation is due. No piece is empty.
pub fn grown(pieces: &[&str], data: &mut [u8], size: usize, max_size: usize, seed: u32) -> Option<usize> {
    // The parts of a linear congruential step, each used for one choice.
    let choice = |step: u64| {
        let mixed = u64::from(seed).wrapping_mul(0x5851_F42D_4C95_7F2D);
        (mixed.wrapping_add(step.wrapping_mul(0x1405_7B7E_F767_814F)) >> 33) as usize
    };
    if choice(1) % 3 != 0 {
        return None;
    }
    let piece = pieces[choice(2) % pieces.len()].as_bytes();
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
