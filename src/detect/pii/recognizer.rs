//! What a recognizer is: one row of the table.

/// One kind of personal data: what it looks like, and how sure a look-alike is.
///
/// ```text
/// pub(crate) const ROW: Recognizer = Recognizer {
///     about: "Italian passport number",
///     patterns: &[Pattern::letters(r"[A-Z]{2}\d{7}", 0.01)],
///     context: &["passaporto", "passport"],
///     matches: &["AA1234567"],
///     misses: &["AA123456"],
///     ..Recognizer::named("IT_PASSPORT")
/// };
/// ```
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recognizer {
    /// The entity, Presidio's name where it has one: the rule's id and the placeholder's text.
    pub(crate) entity: &'static str,
    /// One line for `mcp-gateway rules` and the documentation.
    pub(crate) about: &'static str,
    /// When it is on without being asked for.
    pub(crate) on: OnByDefault,
    /// What it looks like.
    pub(crate) patterns: &'static [Pattern],
    /// Look for it where a pattern does not say enough.
    pub(crate) scanners: &'static [Scanner],
    /// Judges the value of a named field, given the words of its name: how sure it is that the value is this.
    pub(crate) field: Option<fn(&str, &str) -> Option<f32>>,
    /// Judges what a pattern matched, by its checksum for example.
    pub(crate) check: Option<fn(&str) -> Validity>,
    /// Lower-case words near a match, or parts of words, that make it surer (+.35, at least .4).
    pub(crate) context: &'static [&'static str],
    /// Lower-case words that, as the last of what names a match, say that it is something else, unless they are context
    /// words too: the match then counts no more than .3.
    pub(crate) against: &'static [&'static str],
    /// Names of keys, headers and elements (lower case, words parted by one space) that say what the value is: under one
    /// of them a value whose check failed is kept, at .5.
    pub(crate) keys: &'static [&'static str],
    /// Texts in which it must be found, whole, at threshold 0.
    pub(crate) matches: &'static [&'static str],
    /// Texts in which it must not be found at threshold 0.
    pub(crate) misses: &'static [&'static str],
}

/// What names numbers that are no ids of people.
const OTHER_NUMBERS: &[&str] = &[
    "order",
    "orders",
    "invoice",
    "tracking",
    "ticket",
    "account",
    "acct",
    "phone",
    "fax",
    "mobile",
    "timestamp",
    "ts",
    "epoch",
    "time",
    "date",
    "version",
    "build",
    "size",
    "bytes",
    "count",
    "amount",
    "price",
    "balance",
    "total",
    "port",
    "pid",
    "offset",
    "length",
    "line",
    "seed",
    "isbn",
    "sku",
    "created",
    "updated",
    "expires",
    "iat",
    "exp",
    "nbf",
];

impl Recognizer {
    /// An empty row of that name, to be filled by `..Recognizer::named("X")`.
    pub(crate) const fn named(entity: &'static str) -> Self {
        Self {
            entity,
            about: "",
            on: OnByDefault::Never,
            patterns: &[],
            scanners: &[],
            field: None,
            check: None,
            context: &[],
            against: OTHER_NUMBERS,
            keys: &[],
            matches: &[],
            misses: &[],
        }
    }
}

/// When a recognizer is on without being named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnByDefault {
    /// Only by its own name, by its country, or by `all`.
    Never,
    /// In Presidio's English default (`presidio`), not in ours.
    Presidio,
    /// In Presidio's default and in ours.
    Always,
}

/// What a check says of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validity {
    /// It holds: the score becomes 1 (Presidio's `validate_result` is true).
    Valid,
    /// It does not: the match is dropped (`validate_result` is false, or `invalidate_result` is true).
    Invalid,
    /// Nothing known: the pattern's score stands.
    Unknown,
}

impl Validity {
    /// For a checksum: valid or not.
    pub(crate) const fn of(holds: bool) -> Self {
        if holds { Self::Valid } else { Self::Invalid }
    }

    /// For a rule that can only rule out: not invalid is still unknown.
    pub(crate) const fn unless(broken: bool) -> Self {
        if broken { Self::Invalid } else { Self::Unknown }
    }
}

/// A shape of text. It is tried at candidates only, never on a whole text, so it has to be bounded: `{1,9}`, no `+`, no
/// `*`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pattern {
    /// A regular expression (crate `regex`: no look-around), tried at the start of a candidate; in any case, its classes ASCII.
    pub(crate) regex: &'static str,
    /// How sure a match is before its check and its context, from 0 to 1.
    pub(crate) score: f32,
    /// Where it is tried.
    pub(crate) feed: Feed,
    /// What may not stand right before and right after a match.
    pub(crate) edges: Edges,
    /// A regular expression for the text right before a match (at most 64 bytes of it), in any case: a look-behind. Empty: none.
    pub(crate) after: &'static str,
}

impl Pattern {
    const fn new(feed: Feed, regex: &'static str, score: f32) -> Self {
        Self {
            regex,
            score,
            feed,
            edges: Edges::Word,
            after: "",
        }
    }

    /// Tried where a run of digits starts.
    pub(crate) const fn digits(regex: &'static str, score: f32) -> Self {
        Self::new(Feed::Digits, regex, score)
    }

    /// Tried where a word starts with a letter and holds a digit, or where up to two short words (four letters) stand
    /// before digits, each after one space or one of `-./`.
    pub(crate) const fn letters(regex: &'static str, score: f32) -> Self {
        Self::new(Feed::Letters, regex, score)
    }

    /// Tried at both.
    pub(crate) const fn either(regex: &'static str, score: f32) -> Self {
        Self::new(Feed::Either, regex, score)
    }

    /// With other edges than those of a word.
    pub(crate) const fn edges(mut self, edges: Edges) -> Self {
        self.edges = edges;
        self
    }

    /// Only right after text that ends in this.
    pub(crate) const fn after(mut self, regex: &'static str) -> Self {
        self.after = regex;
        self
    }
}

/// The class of candidates that feeds a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Feed {
    /// Starts of digit runs.
    Digits,
    /// Starts of words with letters and digits.
    Letters,
    /// Both.
    Either,
}

/// What may not stand next to a match. A word is of letters, digits (of any script) and `_`, as `\b` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edges {
    /// `\b…\b`.
    Word,
    /// `(?<![\w-])…(?!\w)`.
    WordOrDash,
    /// `(?<!\d)…(?!\d)`.
    Digit,
}

/// A hand-written matcher, where patterns do not say enough.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scanner {
    /// What wakes it.
    pub(crate) trigger: Trigger,
    /// Looks around the trigger. A find whose check failed has score 0.
    pub(crate) find: fn(&Site<'_>) -> Option<Match>,
}

/// What wakes a scanner, and where that puts [`Site::at`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trigger {
    /// The first digit of a run.
    Digits,
    /// An `@`.
    At,
    /// A `:`.
    Colon,
    /// A `.` between two letters, digits or dashes.
    Dot,
    /// One of these words (lower case; found in any case), at its first letter.
    Cue(&'static [&'static str]),
}

/// Where a scanner was woken.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    /// The whole text.
    pub(crate) text: &'a str,
    /// The position of the trigger.
    pub(crate) at: usize,
    /// The regions whose national phone formats count.
    pub(crate) regions: &'a [rlibphonenumber::Region],
}

/// Where a scanner found its entity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Match {
    /// Its first byte.
    pub(crate) start: usize,
    /// The byte after its last.
    pub(crate) end: usize,
    /// How sure, from 0 to 1, before context.
    pub(crate) score: f32,
}
