//! What must hold of masking, whatever the text.

use mcp_gateway::json::{self, Container, Events, Token};
use mcp_gateway::mask::{Hit, Masker, apply};

/// Nothing but what was found is changed. A text is masked once and for all.
pub(crate) fn text(masker: &Masker, text: &str, lasting: bool) {
    let masked = replaced(text, &masker.text(text));
    if lasting {
        stays(&masked, &masker.text(&masked));
    }
}

/// The same of a JSON document, which moreover stays one of the same shape.
pub(crate) fn document(masker: &Masker, document: &str, lasting: bool) {
    let masked = replaced(document, &masker.json(document).expect("it is JSON"));
    assert_eq!(shape(document), shape(&masked), "{document} became {masked}");
    if lasting {
        stays(&masked, &masker.json(&masked).expect("its shape was read"));
    }
}

fn stays(masked: &str, again: &[Hit]) {
    assert_eq!(apply(masked, again), masked, "masking twice changes something: {again:?}");
}

/// `text` with its hits replaced, all other bytes being where they were.
fn replaced(text: &str, hits: &[Hit]) -> String {
    let masked = apply(text, hits);
    let mut rest = masked.as_str();
    let mut from = 0;
    for hit in hits {
        assert!(from <= hit.span.start && hit.span.start < hit.span.end, "out of order: {hits:?}");
        rest = after(rest, &text[from..hit.span.start]);
        rest = after(rest, &hit.with);
        from = hit.span.end;
    }
    assert_eq!(after(rest, &text[from..]), "", "{masked}");
    masked
}

/// What follows `kept` in `masked`. Between them a name that became another's twin may have been numbered.
fn after<'t>(masked: &'t str, kept: &str) -> &'t str {
    let unnumbered = || masked.trim_start_matches('_').trim_start_matches(|digit: char| digit.is_ascii_digit());
    masked
        .strip_prefix(kept)
        .or_else(|| unnumbered().strip_prefix(kept))
        .unwrap_or_else(|| panic!("{kept:?} is not at the start of {masked:?}"))
}

/// The containers, names and values of a document in order. A number may become a string, so both are one.
fn shape(document: &str) -> Vec<&'static str> {
    struct Shape(Vec<&'static str>);
    impl<'a> Events<'a> for Shape {
        fn open(&mut self, container: Container) {
            self.0.push(if container == Container::Object { "{" } else { "[" });
        }
        fn close(&mut self, _: Container) {
            self.0.push("end");
        }
        fn key(&mut self, _: Token<'a>) {
            self.0.push("name");
        }
        fn string(&mut self, _: Token<'a>) {
            self.0.push("leaf");
        }
        fn number(&mut self, _: Token<'a>) {
            self.0.push("leaf");
        }
        fn literal(&mut self, _: Token<'a>) {
            self.0.push("literal");
        }
    }
    let mut shape = Shape(Vec::new());
    json::scan(document, &mut shape).expect("it is JSON");
    shape.0
}
