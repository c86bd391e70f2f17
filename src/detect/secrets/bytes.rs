//! Sets of bytes: the alphabets of tokens.

/// A set of byte values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ByteSet([u64; 4]);

impl ByteSet {
    /// The set of the bytes that `member` accepts.
    pub(super) fn of(member: impl Fn(u8) -> bool) -> Self {
        let mut set = Self::default();
        (0..=u8::MAX)
            .filter(|&byte| member(byte))
            .for_each(|byte| set.insert(byte));
        set
    }

    /// ASCII letters and digits.
    pub(super) fn alphanumeric() -> Self {
        Self::of(|byte| byte.is_ascii_alphanumeric())
    }

    pub(super) fn insert(&mut self, byte: u8) {
        self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }

    pub(super) fn contains(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }

    pub(super) fn union(mut self, other: Self) -> Self {
        self.0
            .iter_mut()
            .zip(other.0)
            .for_each(|(mine, theirs)| *mine |= theirs);
        self
    }

    pub(super) fn intersects(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).any(|(mine, theirs)| mine & theirs != 0)
    }
}

/// Is `byte` one that tokens are made of: a letter, a digit, `_` or `-`?
pub(super) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_was_put_in() {
        let mut set = ByteSet::alphanumeric();
        assert!(set.contains(b'z') && !set.contains(b'_') && !set.contains(0xC3));
        set.insert(b'_');
        assert!(set.contains(b'_'));
        assert!(set.intersects(&ByteSet::of(|byte| byte == b'_')));
        assert!(!set.intersects(&ByteSet::of(|byte| byte == b'.')));
    }
}
