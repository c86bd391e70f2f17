//! SHA-256 (FIPS 180-4), by which things are recognised and files are named.

use sha2::{Digest, Sha256};

/// The digest of these bytes.
pub fn sha256(bytes: impl AsRef<[u8]>) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The digest of several parts. Each is read behind its length, so that no two lists of parts have the same one.
pub fn sha256_of_parts<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>) -> [u8; 32] {
    let mut all = Parts::default();
    parts.into_iter().for_each(|part| all.add(part));
    all.digest()
}

/// The digest of several parts that come one by one.
#[derive(Clone, Default)]
pub struct Parts(Sha256);

impl Parts {
    /// Adds a part.
    pub fn add(&mut self, part: impl AsRef<[u8]>) {
        let part = part.as_ref();
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
    }

    /// The digest of all parts so far.
    pub fn digest(&self) -> [u8; 32] {
        self.0.clone().finalize().into()
    }
}

/// Bytes as hexadecimal digits, two a byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_the_digest_of_the_standard() {
        let of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(&sha256("abc")), of_abc);
    }

    #[test]
    fn no_part_runs_into_the_next() {
        assert_eq!(sha256_of_parts(["ab", "c"]), sha256_of_parts(["ab", "c"]));
        assert_ne!(sha256_of_parts(["ab", "c"]), sha256_of_parts(["a", "bc"]));
        assert_ne!(sha256_of_parts(["ab"]), sha256_of_parts(["ab", ""]));
    }
}
