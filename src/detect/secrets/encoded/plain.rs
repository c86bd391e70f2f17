//! Whether decoded bytes are text, or hold some.

/// The shortest text that is worth a look, in bytes.
const LEAST: usize = 12;
/// The shortest text within something else.
const LEAST_WITHIN: usize = 6;
/// How much text is taken out of something else.
const MOST_WITHIN: usize = 4 << 20;

/// How pictures, fonts and compressed data begin: there is no text in them.
const DENSE: [&[u8]; 12] = [
    b"\x89PNG",
    b"GIF8",
    b"\xFF\xD8\xFF",
    b"RIFF",
    b"wOF",
    b"\0\0\x01\0",
    b"\x1F\x8B",
    b"BM",
    b"\0asm",
    b"OggS",
    b"ID3",
    b"\xFD7zXZ",
];

/// Decoded bytes as text, where nearly all of them are: UTF-8, or UTF-16 in either order.
pub(super) fn as_text(decoded: &[u8]) -> Option<String> {
    if decoded.len() < LEAST {
        return None;
    }
    let zeros =
        |from: usize| decoded.iter().skip(from).step_by(2).filter(|b| **b == 0).count() * 2 >= decoded.len() * 9 / 10;
    if zeros(0) != zeros(1) {
        let order: fn([u8; 2]) -> u16 = if zeros(1) {
            u16::from_le_bytes
        } else {
            u16::from_be_bytes
        };
        let units: Vec<u16> = decoded.chunks_exact(2).map(|pair| order([pair[0], pair[1]])).collect();
        return String::from_utf16(&units).ok();
    }
    let control = decoded.iter().filter(|b| is_control(**b)).count();
    if control * 50 > decoded.len() {
        return None;
    }
    if let Some(text) = whole(decoded) {
        return Some(text.to_owned());
    }
    let text = String::from_utf8_lossy(decoded);
    let odd = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    let foreign = text.chars().filter(|c| !c.is_ascii()).count();
    (odd * 40 <= decoded.len() && foreign * 4 <= decoded.len()).then(|| text.into_owned())
}

/// The text that `decoded` ends in, where its beginning is not of it: the first bytes may be anything.
pub(super) fn ending(decoded: &[u8]) -> Option<String> {
    let strange = |b: &u8| is_control(*b) || *b == 0;
    let start = decoded.iter().rposition(strange).map_or(0, |last| last + 1);
    let text = (start..decoded.len().min(start + 16)).find_map(|from| whole(&decoded[from..]))?;
    (text.len() >= LEAST).then(|| text.to_owned())
}

/// The texts within something else, each on a line: the files of an archive, the cells of a database.
pub(super) fn within(decoded: &[u8]) -> Option<String> {
    if DENSE.iter().any(|start| decoded.starts_with(start)) {
        return None;
    }
    let mut text = String::new();
    for stretch in decoded.split(|b| !(b.is_ascii_graphic() || matches!(b, b' ' | b'\t' | b'\n' | b'\r'))) {
        let stretch = std::str::from_utf8(stretch)
            .ok()
            .filter(|stretch| stretch.len() >= LEAST_WITHIN);
        if let Some(stretch) = stretch {
            text.extend([stretch, "\n"]);
        }
        if text.len() > MOST_WITHIN {
            break;
        }
    }
    (text.len() > LEAST).then_some(text)
}

/// `decoded` as a text of any script, up to a character that was cut.
fn whole(decoded: &[u8]) -> Option<&str> {
    match std::str::from_utf8(decoded) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&decoded[..error.valid_up_to()]).ok(),
        Err(_) => None,
    }
}

fn is_control(b: u8) -> bool {
    b < 32 && !b"\t\n\r\x0c\x1b".contains(&b) || b == 127
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_any_script() {
        for text in [
            "password=vG2h1L8nQkW9",
            "配置文件说明：本项目的令牌如下",
            "Токен для доступа",
            "🚀🚀🚀 deploy",
        ] {
            assert_eq!(as_text(text.as_bytes()).as_deref(), Some(text));
            let cut = &text.as_bytes()[..text.len() - 1];
            assert!(as_text(cut).is_some(), "{text}");
        }
        assert_eq!(as_text(b"\x93\x12\xf4\x88\x01\x02\x99\xaa\xb0\xc3\x41\xd2\x99"), None);
    }

    #[test]
    fn texts_behind_and_within_other_bytes() {
        assert_eq!(
            ending(b"\x93\x01\xf4GITHUB_TOKEN=ghp_").as_deref(),
            Some("GITHUB_TOKEN=ghp_")
        );
        assert_eq!(ending(b"GITHUB_TOKEN=\xf4\x01"), None);
        assert_eq!(
            within(b".env\0\0\0name=value\n\0\0\x01password").as_deref(),
            Some("name=value\n\npassword\n")
        );
        assert_eq!(within(b"\x89PNG\0\0\0name=value\n\0\0\x01password"), None);
    }
}
