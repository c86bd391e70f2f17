//! Escapes, entities, soft line ends, colour codes and characters that take no room.

use super::readers::{Reader, backslash, colour, entity, percent, quoted_printable, zero};
use super::{Escape, Map, Source, View, unseen};
use crate::detect::terminal;

/// How much text before and behind an escape is looked at together with it, in bytes …
const SURROUNDINGS: usize = 160;
/// … and how much more of what goes on without white space or quotes.
const WORD_REACH: usize = 8 << 10;

/// Which escapes a text may have.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::detect::secrets) struct Escapes {
    /// `%` and two hexadecimal digits.
    pub(in crate::detect::secrets) percent: bool,
    /// `\u` or `\x`, a written colour code, or many backslashes.
    pub(in crate::detect::secrets) backslash_u: bool,
    /// A byte above 127.
    pub(in crate::detect::secrets) non_ascii: bool,
    /// The soft line end of quoted-printable text.
    pub(in crate::detect::secrets) soft_line: bool,
    /// `&`, a zero byte, or the control that starts a terminal's colour codes.
    pub(in crate::detect::secrets) marked: bool,
}

/// The forms of `text` without its escapes: one for each stretch that has some. Escapes of several kinds are undone
/// together, so that only what is encoded within what is encoded takes another view.
pub(in crate::detect::secrets) fn of_escapes(text: &str, escapes: Escapes) -> Vec<View> {
    let bytes = text.as_bytes();
    let Escapes {
        percent: percents,
        backslash_u,
        non_ascii,
        soft_line,
        marked,
    } = escapes;
    if !(percents || backslash_u || non_ascii || soft_line || marked) {
        return Vec::new();
    }
    let (mut entities, mut zeros, mut codes) = (false, false, false);
    let marks = marked.then(|| memchr::memchr3_iter(b'&', 0, terminal::ESCAPE, bytes));
    for at in marks.into_iter().flatten() {
        match bytes[at] {
            b'&' => entities = entities || entity(bytes, at).is_some(),
            0 => zeros = true,
            _ => codes = true,
        }
        if entities && zeros && codes {
            break;
        }
    }
    if !(percents || backslash_u || non_ascii || soft_line || entities || zeros || codes) {
        return Vec::new();
    }
    let kinds: [(bool, Find, Reader); 7] = [
        (percents, Find::Byte(b'%'), percent),
        (backslash_u, Find::Byte(b'\\'), backslash),
        (non_ascii, Find::Unseen, unseen::unseen),
        (soft_line, Find::Byte(b'='), quoted_printable),
        (entities, Find::Byte(b'&'), entity),
        (zeros, Find::Byte(0), zero),
        (codes, Find::Byte(terminal::ESCAPE), colour),
    ];
    let kinds = kinds.into_iter().filter(|(seen, ..)| *seen);
    let mut kinds: Vec<Kind<'_>> = kinds.map(|(_, find, read)| Kind::new(bytes, find, read)).collect();
    let mut views = Vec::new();
    unescape(text, &mut kinds, &mut views);
    views
}

/// How escapes of a kind are looked for.
#[derive(Clone, Copy)]
enum Find {
    /// They start with this.
    Byte(u8),
    /// They are characters that take no room.
    Unseen,
}

/// A kind of escape, and where the next one of it is.
struct Kind<'t> {
    bytes: &'t [u8],
    find: Find,
    read: Reader,
    next: Option<usize>,
}

impl<'t> Kind<'t> {
    fn new(bytes: &'t [u8], find: Find, read: Reader) -> Self {
        let mut kind = Self {
            bytes,
            find,
            read,
            next: None,
        };
        kind.next = kind.after(0);
        kind
    }

    /// The first escape at `from` or behind it.
    fn after(&self, mut from: usize) -> Option<usize> {
        loop {
            let at = match self.find {
                Find::Byte(first) => from + memchr::memchr(first, &self.bytes[from..])?,
                Find::Unseen => unseen::next(self.bytes, from)?,
            };
            if (self.read)(self.bytes, at).is_some() {
                return Some(at);
            }
            from = at + 1;
        }
    }
}

/// The next escape at `from` or behind it, and its reader.
fn coming(kinds: &mut [Kind<'_>], from: usize) -> Option<(usize, Reader)> {
    for kind in kinds.iter_mut().filter(|kind| kind.next.is_some_and(|at| at < from)) {
        kind.next = kind.after(from);
    }
    let next = kinds.iter().filter_map(|kind| Some((kind.next?, kind.read)));
    next.min_by_key(|(at, _)| *at)
}

/// Adds a view for each stretch of `text` in which there are escapes.
fn unescape(text: &str, kinds: &mut [Kind<'_>], views: &mut Vec<View>) {
    let bytes = text.as_bytes();
    let mut done = 0;
    while let Some((first, _)) = coming(kinds, done) {
        let near = first.saturating_sub(SURROUNDINGS).max(done);
        let word = bytes[done..near]
            .iter()
            .rev()
            .take(WORD_REACH)
            .take_while(|b| !ends_word(**b))
            .count();
        let start = text.floor_char_boundary(near - word).max(done);
        let mut map = Map {
            start,
            escapes: Vec::new(),
        };
        let (mut decoded, mut at) = (Vec::new(), start);
        let mut stop = first;
        loop {
            let next = coming(kinds, at);
            // What is near an escape goes along as a whole, what is farther off only while it is one word. Nothing is
            // looked at twice: what comes next ends the look.
            let far = next.map_or(bytes.len(), |(next, _)| next);
            let near = far.min(stop.saturating_add(SURROUNDINGS)).max(at);
            let far = far.min(stop.saturating_add(WORD_REACH)).max(near);
            let word = bytes[near..far].iter().take_while(|b| !ends_word(**b)).count();
            let end = near + word;
            decoded.extend_from_slice(&bytes[at..end]);
            at = end;
            let escape = next
                .filter(|(next, _)| *next == at)
                .and_then(|(_, read)| read(bytes, at));
            let Some((length, replacement)) = escape else {
                break;
            };
            map.escapes.push(Escape {
                decoded: decoded.len()..decoded.len() + replacement.length,
                source: at..at + length,
            });
            decoded.extend_from_slice(&replacement.bytes[..replacement.length]);
            at += length;
            stop = at;
        }
        let boundary = text.ceil_char_boundary(at);
        decoded.extend_from_slice(&bytes[at..boundary]);
        done = boundary;
        let text = String::from_utf8(decoded).ok().filter(|text| !text.is_empty());
        views.extend(text.map(|text| View {
            text,
            source: Source::Exact(map),
        }));
    }
}

/// Whether a byte ends what is written together.
fn ends_word(b: u8) -> bool {
    b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'`' | b'<' | b'>')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all_escapes(text: &str) -> Vec<View> {
        of_escapes(
            text,
            Escapes {
                percent: true,
                backslash_u: true,
                non_ascii: true,
                soft_line: true,
                marked: true,
            },
        )
    }

    #[test]
    fn escapes_map_exactly() {
        for (text, plain) in [
            ("a%20pass%77ord%3Dx", "a pass\u{77}ord=x"),
            (r"a\u0020pass\x77ord\u{3d}x", "a password=x"),
            (r"a\\u0020password=x", "a password=x"),
            ("a pass\u{200B}wo\u{FEFF}rd=x\u{AD}", "a password=x"),
        ] {
            let views = all_escapes(text);
            assert_eq!(views.len(), 1, "{text}");
            assert_eq!(views[0].text, plain);
            assert_eq!(
                views[0].source(0..plain.len()),
                0..text.trim_end_matches('\u{AD}').len()
            );
            let start = plain.find("ord").expect("there");
            assert!(text[views[0].source(start..start + 3)].contains("rd"));
        }
    }

    #[test]
    fn entities_and_soft_line_ends() {
        let views = all_escapes("token=&quot;a&#39;b&#x3D;&quot;");
        assert_eq!(views[0].text, "token=\"a'b=\"");
        let text = format!("{}token=3Dabc=\ndef", "x".repeat(60));
        let views = all_escapes(&text);
        assert!(views[0].text.ends_with("xtoken=abcdef"));
        assert!(all_escapes("A=\nB=\n").is_empty());
    }

    #[test]
    fn wide_text_colour_codes_and_deep_quotes() {
        for (text, plain) in [
            ("g\0h\0p\0_\0a\0", "ghp_a"),
            ("\0g\0h\0p\0_\0a", "ghp_a"),
            ("x=\u{1b}[01;31m\u{1b}[Kghp_\u{1b}[m\u{1b}[KjYb", "x=ghp_jYb"),
            ("\u{1b}]8;;https://x\u{7}ghp\u{1b}]8;;\u{1b}\\_a", "ghp_a"),
            (r"\033[32mghp_\e[0m\x1b[1mab\u001B[0m", "ghp_ab"),
            (r#"\\\\\\\\\"a\\\\\\\\\": \"b\""#, r#""a": \"b\""#),
        ] {
            let views = all_escapes(text);
            assert_eq!(
                views.iter().map(|view| view.text.as_str()).collect::<Vec<_>>(),
                [plain],
                "{text:?}"
            );
        }
        let text = "a \u{1b}[1mghp_\u{1b}[0m b";
        let view = &all_escapes(text)[0];
        let at = view.text.find("ghp_").expect("there");
        assert_eq!(&text[view.source(at..at + 4)], "ghp_", "codes round it stay");
        assert!(all_escapes("a\0/b and PATH=/bin\0HOME=/root\0\0node\0--port\0--x\0\0curl\0https://x\0").is_empty());
        let token = "token: ghp_a\0b\0cd";
        assert_eq!(all_escapes(token)[0].text, "token: ghp_abcd");
    }

    #[test]
    fn escapes_of_several_kinds_are_undone_together() {
        let views = all_escapes("a%3D&quot;\\u0041\u{200b}\u{fe0f}B\u{1b}[0m&quot;");
        assert_eq!(views.len(), 1);
        assert_eq!(views[0].text, "a=\"AB\"");
    }

    /// How many instructions a text takes is not to be seen from here; that nothing is looked at again and again is.
    #[test]
    fn texts_full_of_escapes_take_linear_time() {
        let start = std::time::Instant::now();
        for escape in [
            "%20",
            "\\u0041",
            "&quot;",
            "a\u{200b}",
            "a\0",
            "\u{1b}[1m",
            "\\\\\\\\\\\\\\\\\\\\",
        ] {
            let text = escape.repeat(200_000);
            assert!(all_escapes(&text).len() <= 1, "{escape}");
        }
        // Quadratic, each of them took minutes.
        assert!(start.elapsed().as_secs() < 30);
    }

    #[test]
    fn what_is_written_together_stays_together() {
        let text = format!("%20{}", "x".repeat(3000));
        assert_eq!(all_escapes(&text)[0].text.len(), 3001);
    }

    #[test]
    fn far_escapes_have_views_of_their_own() {
        let text = format!("a%20b{}c%20d", "x ".repeat(1000));
        let views = all_escapes(&text);
        assert_eq!(views.len(), 2);
        assert!(views[1].text.ends_with("x c d"));
        assert_eq!(
            views[1].source(views[1].text.len() - 1..views[1].text.len()),
            text.len() - 1..text.len()
        );
    }

    #[test]
    fn nothing_to_undo() {
        assert!(all_escapes("100% of it, 5%, \\d+ and “quotes” — é").is_empty());
        assert!(all_escapes("").is_empty());
        assert!(all_escapes("%C3%A9%FF and %DB_PASSWORD%").is_empty());
    }

    proptest! {
        /// Any text has views whose every stretch maps to whole characters of it.
        #[test]
        fn views_map_to_the_text(text in "(%[0-9A-F]{2}|\u{0}|\u{1b}\\[[0-9;]{0,3}m?|\\\\{1,12}\"|\u{fe0f}|ｇ|\\\\u00[0-9a-f]{2}|\\\\x[0-9a-f]{2}|&quot;|&#[0-9]{1,3};|=\n|[a-z ]{1,90}|é|\u{200B}){0,24}") {
            for view in all_escapes(&text) {
                let bounds: Vec<usize> = (0..=view.text.len()).filter(|&at| view.text.is_char_boundary(at)).collect();
                for pair in bounds.windows(2) {
                    prop_assert!(text.get(view.source(pair[0]..pair[1])).is_some());
                }
            }
        }
    }
}
