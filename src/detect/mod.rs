//! Pure and synchronous detectors: text in, findings out.
//!
//! A detector never sees the wire: it is given the decoded text of one leaf (a string, a key or a number of a
//! message, or a file) and where that leaf stands.

use std::{borrow::Cow, sync::Arc};

use self::secrets::Strand;

pub mod injection;
pub mod pii;
pub mod placeholder;
pub mod secrets;
mod terminal;
pub mod unseen;
mod written;

/// An identifier: of a rule, or of what is put in a finding's place. Borrowed where it comes from a table.
pub type Name = Cow<'static, str>;

/// What kind of leaf a text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// A JSON string, or plain text.
    #[default]
    Text,
    /// The name of an object's member.
    Key,
    /// A JSON number as it was written.
    Number,
}

/// Where a text stands.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The member names that lead to the text, outermost first; array positions are left out. Empty for plain text.
    pub names: &'a [Cow<'a, str>],
    /// What kind of leaf it is.
    pub role: Role,
    /// The text of the leaf before it in the same object or array; empty where there is none.
    pub before: &'a str,
    /// Whether [`Detector::is_silent`] was asked of the names and said so.
    pub silent: bool,
}

/// A stretch of text that a rule recognised.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The id of the rule, as `mcp-gateway rules` lists it.
    pub rule: Name,
    /// What stands between `<` and `>` in its place, such as `GITHUB_PERSONAL_ACCESS_TOKEN`.
    pub label: Name,
    /// Where it starts, in bytes of the text.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// How sure the rule is, from 0 to 1.
    pub score: f32,
}

/// Finds what has to be masked in one text.
pub trait Detector: Send + Sync {
    /// Appends the findings in `text`, in order and without overlap. Both ends are character boundaries. Of a member's name they
    /// depend on it and the names that lead to it alone, but for what is as long as a token.
    fn find(&self, text: &str, context: &Context<'_>, found: &mut Vec<Finding>);

    /// The detector that this one adds to, if it adds to one: what it does not answer itself that one does.
    fn base(&self) -> Option<&dyn Detector> {
        None
    }

    /// Everything that is recognised in `text`, also what [`Detector::find`] leaves to a stronger finding.
    fn recognize(&self, text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
        self.find(text, context, found);
    }

    /// Whether these names say nothing of the values that they lead to, so that what is found in one of them is what is found in it
    /// by itself, beside the leaf before it.
    fn is_silent(&self, names: &[Cow<'_, str>]) -> bool {
        self.base().is_some_and(|base| base.is_silent(names))
    }

    /// Whether a member with this name may hold what is found by its name: then it is worth while to ask again for a value
    /// that another member names, as in `{"name": "…", "value": "…"}`.
    fn tells(&self, name: &str) -> bool {
        self.base().is_some_and(|base| base.tells(name))
    }

    /// Findings that start in the first of `parts` and end in a later one, where the parts are adjacent items of one
    /// message. Positions count in the parts joined without a separator.
    fn find_across(&self, parts: &[&str], found: &mut Vec<Finding>) {
        if let Some(base) = self.base() {
            base.find_across(parts, found);
        }
    }

    /// What `next`, the text behind it in the same object or array, tells of `text`, which is at least as long as a token.
    fn told_by_next(&self, text: &str, next: &str) -> Option<Finding> {
        self.base()?.told_by_next(text, next)
    }

    /// Appends what of `text` goes on with what an earlier text of its place began, where texts are the items of an array or
    /// stand in them; the strand of the place remembers what is open.
    fn follow(&self, text: &str, strand: &mut Strand, found: &mut Vec<Finding>) {
        if let Some(base) = self.base() {
            base.follow(text, strand, found);
        }
    }
}

impl<T: Detector> Detector for Arc<T> {
    fn find(&self, text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
        self.as_ref().find(text, context, found);
    }

    fn base(&self) -> Option<&dyn Detector> {
        Some(self.as_ref())
    }

    fn recognize(&self, text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
        self.as_ref().recognize(text, context, found);
    }
}
