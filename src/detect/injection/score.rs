//! From evidence to points: what the rules weigh, and what they mean together.

use super::rule::{Families, Family, Rule};

/// A score from which a person should look.
pub const REVIEW: u32 = 30;
/// A score from which nothing honest is meant, if at least one of the rules is hard.
pub const BLOCK: u32 = 42;

/// What a rule has to weigh so that two of different families are as good as a hard one.
const GRAVE: u32 = 24;

/// What there has to be, to block, beside what only adds to other evidence.
const TOLD: u32 = 24;

/// What only adds to other evidence. Long descriptions have reasons and values enough.
pub(super) const ADDING: Families = Families::of(&[Family::Pretext, Family::Threat, Family::Value, Family::Priority]);

/// The sum of the evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// The points.
    pub points: u32,
    /// Whether a hard rule is among the evidence.
    pub hard: bool,
}

impl Score {
    /// Whether it is enough to block.
    pub fn blocks(self) -> bool {
        self.hard && self.points >= BLOCK
    }

    /// Whether it is enough for a person to look.
    pub fn is_suspicious(self) -> bool {
        self.points >= REVIEW
    }
}

use Family::{
    Answer, Authority, Command, Concealment, Consent, CrossTool, Exfiltration, Override, Persistence, Prerequisite,
    Pretext, Priority, Privilege, Redirection, Sensitive, Tag, Tampering, Threat, Trigger, Value,
};

/// Whatever is to be done.
const ACTIONS: Families = Families::of(&[
    CrossTool,
    Sensitive,
    Exfiltration,
    Command,
    Tampering,
    Override,
    Consent,
    Privilege,
    Answer,
    Prerequisite,
    Redirection,
    Persistence,
    Trigger,
]);

/// Two sets of families, and what it adds if each has evidence.
const INTERACTIONS: &[(Families, Families, u32)] = &[
    (Families::of(&[Concealment]), ACTIONS, 14),
    (Families::of(&[Tag]), ACTIONS, 14),
    (Families::of(&[Tag]), Families::of(&[Concealment]), 14),
    (Families::of(&[Authority]), ACTIONS, 8),
    (
        Families::of(&[CrossTool]),
        Families::of(&[
            Priority,
            Threat,
            Sensitive,
            Exfiltration,
            Authority,
            Command,
            Pretext,
            Value,
            Tampering,
            Answer,
            Concealment,
        ]),
        10,
    ),
    (
        Families::of(&[Tampering]),
        Families::of(&[Pretext, Threat, Authority, Value, Trigger, Answer, Concealment]),
        8,
    ),
    (
        Families::of(&[Sensitive, Exfiltration, Command, Answer, Persistence]),
        Families::of(&[Pretext, Authority, Threat, Trigger, CrossTool]),
        6,
    ),
];

/// The score of evidence, each rule counted once. Of one family the heaviest rule counts whole and each other half:
/// they tell of the same thing.
pub fn score<'a>(evidence: impl IntoIterator<Item = &'a Rule>) -> Score {
    let mut rules: Vec<&Rule> = evidence.into_iter().collect();
    rules.sort_by_key(|rule| (rule.family, std::cmp::Reverse(rule.weight), rule.id));
    rules.dedup_by_key(|rule| rule.id);
    let mut score = Score::default();
    let mut families = Families::default();
    let mut last = None;
    let mut grave = 0;
    let mut told = 0;
    for rule in rules {
        let again = last.replace(rule.family) == Some(rule.family);
        let points = if again { rule.weight / 2 } else { rule.weight };
        score.points += points;
        told += if ADDING.meets(rule.family.into()) { 0 } else { points };
        grave += usize::from(!again && rule.weight >= GRAVE);
        score.hard |= rule.hard || grave > 1;
        families = families | rule.family.into();
    }
    score.hard &= told >= TOLD;
    let together = INTERACTIONS
        .iter()
        .filter(|(one, other, _)| families.meets(*one) && families.meets(*other));
    score.points += together.map(|(_, _, points)| points).sum::<u32>();
    score
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn rule(id: &'static str, family: Family, weight: u32, hard: bool) -> Rule {
        Rule {
            id,
            family,
            weight,
            hard,
            ..Rule::ROW
        }
    }

    const CONCEAL: Rule = rule("conceal", Concealment, 30, true);
    const SEND: Rule = rule("send", Exfiltration, 20, true);
    const UPLOAD: Rule = rule("upload", Exfiltration, 10, true);
    const PRAISE: Rule = rule("praise", Family::Preference, 90, false);

    #[test]
    fn a_rule_counts_once_and_the_second_of_a_family_half() {
        assert_eq!(score([&CONCEAL, &CONCEAL]).points, 30);
        assert_eq!(score([&UPLOAD, &SEND]).points, 25);
    }

    #[test]
    fn families_mean_more_together() {
        assert_eq!(score([&CONCEAL, &SEND]).points, 64);
    }

    #[test]
    fn what_only_adds_does_not_make_a_block_of_little() {
        const NOTE: Rule = rule("note", Family::Tag, 18, true);
        const EXCUSE: Rule = rule("excuse", Family::Pretext, 20, false);
        const HARM: Rule = rule("harm", Family::Threat, 12, false);
        let little = score([&NOTE, &EXCUSE, &HARM]);
        assert!(little.points >= BLOCK && !little.blocks());
        assert!(score([&CONCEAL, &EXCUSE]).blocks());
    }

    #[test]
    fn without_a_hard_rule_or_two_that_agree_nothing_is_blocked() {
        const SHOUT: Rule = rule("shout", Family::Priority, 10, false);
        const LEAD: Rule = rule("lead", Family::Redirection, 24, false);
        assert!(score([&PRAISE]).is_suspicious() && !score([&PRAISE]).blocks());
        assert!(!score([&PRAISE, &SHOUT]).blocks());
        assert!(score([&PRAISE, &SEND]).blocks() && score([&PRAISE, &LEAD]).blocks());
    }
}
