//! What nobody sees, or what looks like something else. Code finds these.

use crate::detect::injection::rule::{Family, Rule, Surface, Surfaces};

/// All of them.
pub(in crate::detect::injection) const RULES: &[&Rule] = &[
    &TAGS,
    &SELECTORS,
    &BIDI,
    &BIDI_IN_RESULT,
    &ANSI,
    &ANSI_IN_RESULT,
    &ZERO_WIDTH_RUN,
    &ZERO_WIDTH_IN_RESULT,
    &ZERO_WIDTH,
    &MIXED_SCRIPT,
    &ENCODED,
    &SIDE_PARAMETER,
    &CARRYING,
];

/// What a server declares, names of parameters included.
const DECLARED: Surfaces = Surfaces::of(&[Surface::Name, Surface::Description, Surface::Schema, Surface::Parameter]);

/// Those that find characters which nobody sees.
pub(super) const UNSEEN: &[&Rule] = &[
    &TAGS,
    &SELECTORS,
    &BIDI,
    &BIDI_IN_RESULT,
    &ANSI,
    &ANSI_IN_RESULT,
    &ZERO_WIDTH_RUN,
    &ZERO_WIDTH_IN_RESULT,
    &ZERO_WIDTH,
];

/// Unicode's tag characters, U+E0000 to U+E007F.
pub(in crate::detect::injection) static TAGS: Rule = Rule {
    id: "hidden-tag-characters",
    weight: 80,
    hard: true,
    surfaces: Surfaces::ALL,
    why: "Text is written in characters that nobody sees and a model reads.",
    ..Rule::ROW
};

/// Bytes in variation selectors.
pub(in crate::detect::injection) static SELECTORS: Rule = Rule {
    id: "hidden-variation-selectors",
    weight: 80,
    hard: true,
    surfaces: Surfaces::ALL,
    why: "Text is written in variation selectors, which nobody sees.",
    ..Rule::ROW
};

/// Controls that change the order in which letters are shown, in what a server declares.
pub(in crate::detect::injection) static BIDI: Rule = Rule {
    id: "bidi-control",
    weight: 50,
    hard: true,
    surfaces: DECLARED,
    why: "Letters are shown in another order than a model reads them.",
    ..Rule::ROW
};

/// The same in results: phone numbers, names and paths are copied with them.
pub(in crate::detect::injection) static BIDI_IN_RESULT: Rule = Rule {
    id: "bidi-control-in-result",
    weight: 2,
    surfaces: Surfaces::of(&[Surface::Result]),
    why: "Letters may be shown in another order than a model reads them.",
    ..Rule::ROW
};

/// Escape sequences of terminals in what a server declares.
pub(in crate::detect::injection) static ANSI: Rule = Rule {
    id: "terminal-escape",
    weight: 50,
    hard: true,
    surfaces: DECLARED,
    why: "Escape sequences can hide text in a terminal.",
    ..Rule::ROW
};

/// The same in results, where the output of programs has them for its colours.
pub(in crate::detect::injection) static ANSI_IN_RESULT: Rule = Rule {
    id: "terminal-escape-in-result",
    weight: 2,
    surfaces: Surfaces::of(&[Surface::Result]),
    why: "Escape sequences can hide text in a terminal.",
    ..Rule::ROW
};

/// Several zero-width characters in a row.
pub(in crate::detect::injection) static ZERO_WIDTH_RUN: Rule = Rule {
    id: "zero-width-run",
    weight: 44,
    hard: true,
    surfaces: Surfaces::ALL,
    why: "A run of characters without width can hold a message.",
    ..Rule::ROW
};

/// The same in results, where it is too short to hold one.
pub(in crate::detect::injection) static ZERO_WIDTH_IN_RESULT: Rule = Rule {
    id: "zero-width-run-in-result",
    weight: 2,
    surfaces: Surfaces::of(&[Surface::Result]),
    why: "A run of characters without width parts words.",
    ..Rule::ROW
};

/// One or two of them.
pub(in crate::detect::injection) static ZERO_WIDTH: Rule = Rule {
    id: "zero-width",
    weight: 28,
    hard: true,
    surfaces: DECLARED,
    why: "A character without width splits words, so that filters do not know them.",
    ..Rule::ROW
};

/// Letters of two scripts in one word.
pub(in crate::detect::injection) static MIXED_SCRIPT: Rule = Rule {
    id: "mixed-script",
    weight: 25,
    hard: true,
    surfaces: Surfaces::ALL,
    why: "A word mixes Latin letters with such as only look like them.",
    ..Rule::ROW
};

/// Instructions in an encoding.
pub(in crate::detect::injection) static ENCODED: Rule = Rule {
    id: "encoded-instruction",
    weight: 24,
    hard: true,
    why: "Instructions are written so that a person does not read them.",
    ..Rule::ROW
};

/// A parameter for what the tool does not need.
pub(in crate::detect::injection) static SIDE_PARAMETER: Rule = Rule {
    id: "side-parameter",
    family: Family::Exfiltration,
    weight: 22,
    hard: true,
    surfaces: Surfaces::of(&[Surface::Parameter]),
    why: "A parameter asks for what was said, or for secrets, rather than for what the tool needs.",
    ..Rule::ROW
};

/// An address that is loaded when it is shown, or a link, with data of the user's in it or a place for them.
pub(in crate::detect::injection) static CARRYING: Rule = Rule {
    id: "address-that-carries-data",
    family: Family::Exfiltration,
    weight: 32,
    hard: true,
    surfaces: Surfaces::of(&[Surface::Result]),
    why: "An address carries data away when it is shown or opened.",
    ..Rule::ROW
};
