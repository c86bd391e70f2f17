//! How some providers' tokens prove themselves.

/// Where a token keeps its checksum, and over what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checksum {
    /// The last six characters are the CRC-32 of what lies between the prefix (up to its last `_`) and them, in base 62
    /// (GitHub, npm, Vercel).
    BodyBase62,
    /// The last eight characters are the CRC-32 of all before them, in hexadecimal (Atlassian, Zuplo, Cloudflare).
    AllHex,
    /// The last seven characters are the CRC-32 of all before them, in base 36 (GitLab's routable tokens).
    AllBase36,
}

/// What a checksum says of a token. There is no "forged": public samples of genuine formats often fail it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// It fits.
    Holds,
    /// It doesn't, or there is none.
    Silent,
}

/// Checks `token`.
pub(super) fn prove(checksum: Checksum, token: &[u8]) -> Proof {
    let holds = match checksum {
        Checksum::BodyBase62 => token.split_last_chunk::<6>().is_some_and(|(rest, tail)| {
            let body = rest
                .iter()
                .position(|&byte| byte == b'_')
                .map_or(rest, |underscore| &rest[underscore + 1..]);
            digits::<6>(crc32(body), BASE62) == *tail
        }),
        Checksum::AllHex => token
            .split_last_chunk::<8>()
            .is_some_and(|(rest, tail)| digits::<8>(crc32(rest), b"0123456789abcdef").eq_ignore_ascii_case(tail)),
        Checksum::AllBase36 => token
            .split_last_chunk::<7>()
            .is_some_and(|(rest, tail)| digits::<7>(crc32(rest), b"0123456789abcdefghijklmnopqrstuvwxyz") == *tail),
    };
    if holds { Proof::Holds } else { Proof::Silent }
}

const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// `number` in so many digits of the base that `alphabet` has.
fn digits<const N: usize>(mut number: u32, alphabet: &[u8]) -> [u8; N] {
    let base = u32::try_from(alphabet.len()).expect("an alphabet is short");
    let mut digits = [alphabet[0]; N];
    for digit in digits.iter_mut().rev() {
        *digit = alphabet[(number % base) as usize];
        number /= base;
    }
    digits
}

/// CRC-32 as in IEEE 802.3, bit by bit: it runs on the few bytes of a recognised token only.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc_is_the_common_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn proofs_hold_for_what_they_were_made_of() {
        let body = "abcdefghijklmnopqrstuvwxyz0123";
        let tail = String::from_utf8(digits::<6>(crc32(body.as_bytes()), BASE62).to_vec()).expect("ASCII");
        let token = format!("ghp_{body}{tail}");
        assert_eq!(prove(Checksum::BodyBase62, token.as_bytes()), Proof::Holds);
        assert_eq!(
            prove(Checksum::BodyBase62, token.replace("abc", "abd").as_bytes()),
            Proof::Silent
        );
        assert_eq!(prove(Checksum::AllHex, b"x"), Proof::Silent);
        let token = format!("zpka_{:08x}", crc32(b"zpka_"));
        assert_eq!(prove(Checksum::AllHex, token.as_bytes()), Proof::Holds);
    }
}
