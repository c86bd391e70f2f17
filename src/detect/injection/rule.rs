//! What a rule is.

use std::ops::BitOr;

use super::score::REVIEW;

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// The name or title of a tool, a prompt or a resource.
    Name,
    /// What it says of itself: a description, a server's instructions.
    Description,
    /// A string of a schema: a description of a parameter, an example.
    Schema,
    /// The name of a parameter.
    Parameter,
    /// What a tool, a prompt or a resource gave at run time.
    Result,
    /// A value that a schema presets or allows: a default, a constant, one of several.
    Value,
}

/// A set of [`Surface`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Surfaces(u8);

impl Surfaces {
    /// Everywhere but in names of parameters, which are no prose.
    pub(super) const PROSE: Self = Self::of(&[
        Surface::Name,
        Surface::Description,
        Surface::Schema,
        Surface::Result,
        Surface::Value,
    ]);
    /// Everywhere.
    pub(super) const ALL: Self = Self(u8::MAX);
    /// What a server declares in prose.
    pub(super) const DECLARED: Self = Self::of(&[Surface::Name, Surface::Description, Surface::Schema, Surface::Value]);
    /// What a server declares, names of parameters included.
    pub(super) const DEFINITION: Self = Self::of(&[
        Surface::Name,
        Surface::Description,
        Surface::Schema,
        Surface::Parameter,
        Surface::Value,
    ]);
    /// What something is said to be.
    pub(super) const PURPOSE: Self = Self::of(&[Surface::Name, Surface::Description]);

    /// These surfaces.
    pub(super) const fn of(surfaces: &[Surface]) -> Self {
        let (mut set, mut at) = (0, 0);
        while at < surfaces.len() {
            set |= 1 << surfaces[at] as u8;
            at += 1;
        }
        Self(set)
    }

    /// Whether one of the others is among them.
    pub(super) fn meets(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// Whether one is among them.
    pub(super) fn has(self, surface: Surface) -> bool {
        self.0 & (1 << surface as u8) != 0
    }
}

/// What a rule is evidence of. Several rules of one family tell of the same thing; what two families mean together is
/// told by the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Text that nobody sees, or that looks like another.
    Hidden,
    /// Instructions are to be ignored, replaced, or taken from elsewhere.
    Override,
    /// The user is not to be told.
    Concealment,
    /// Marks that only a model would heed.
    Tag,
    /// A heading that claims an authority.
    Authority,
    /// A reason that nobody can check.
    Pretext,
    /// What happens to who does not obey.
    Threat,
    /// The use of other tools is directed.
    CrossTool,
    /// Another tool has to be called first.
    Prerequisite,
    /// The user is led to another tool.
    Redirection,
    /// Arguments become others than the user's.
    Tampering,
    /// The user is not to be asked.
    Consent,
    /// Secrets are read.
    Sensitive,
    /// Data are sent to others.
    Exfiltration,
    /// Commands are run.
    Command,
    /// What is to last beyond this call.
    Persistence,
    /// The tool praises itself, or runs others down.
    Preference,
    /// The tool wants to be first.
    Priority,
    /// The answer to the user is scripted.
    Answer,
    /// Checks and permissions are passed by.
    Privilege,
    /// It acts at a later time or on a secret sign.
    Trigger,
    /// A value is dictated.
    Value,
    /// The tool is openly made for an attack.
    Offensive,
}

/// A set of [`Family`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Families(u32);

impl Families {
    pub(super) const fn of(families: &[Family]) -> Self {
        let (mut set, mut at) = (0, 0);
        while at < families.len() {
            set |= 1 << families[at] as u8;
            at += 1;
        }
        Self(set)
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl From<Family> for Families {
    fn from(family: Family) -> Self {
        Self::of(&[family])
    }
}

impl BitOr for Families {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// One row of the table: patterns and makes of normalised sentences.
#[derive(Debug)]
pub struct Rule {
    /// Its name in findings and suppressions.
    pub id: &'static str,
    /// What it is evidence of.
    pub family: Family,
    /// What it adds to the score.
    pub weight: u32,
    /// Whether it may be the ground of a block: honest texts do not say this.
    pub hard: bool,
    /// Where it counts.
    pub(super) surfaces: Surfaces,
    /// The patterns, any of which is enough, with `{fragment}`s. None where code finds it. They are asked of one
    /// sentence at a time, in lower case; `\A` is the start of the sentence.
    pub(super) patterns: &'static [&'static str],
    /// Other sentences that it finds: by the [signs](super::signs) that stand in them together, in whatever order, as
    /// names with blanks between them.
    pub(super) makes: &'static [&'static str],
    /// What speaks for a sentence: where one of these matches it too, it is not counted.
    pub(super) unless: &'static [&'static str],
    /// Why it counts, as a sentence.
    pub why: &'static str,
    /// Texts that it finds something in.
    pub hits: &'static [&'static str],
    /// Texts that look alike, and are honest.
    pub misses: &'static [&'static str],
}

impl Rule {
    /// Whether it means something alone in what a tool gives, where people write of everything: it was made for that, or
    /// nothing else is written so.
    pub fn tells_alone(&self) -> bool {
        self.surfaces == Surfaces::of(&[Surface::Result])
            || matches!(self.family, Family::Override | Family::Tag)
            || (self.family == Family::Hidden && self.weight >= REVIEW)
    }

    /// A row that counts everywhere in prose, to be changed by the fields of an update.
    pub(super) const ROW: Self = Self {
        id: "",
        family: Family::Hidden,
        weight: 0,
        hard: false,
        surfaces: Surfaces::PROSE,
        patterns: &[],
        makes: &[],
        unless: &[],
        why: "",
        hits: &[],
        misses: &[],
    };
}
