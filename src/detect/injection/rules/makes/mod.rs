//! Sentences by what stands in them together, in whatever words and order: each make names its [signs]. Honest definitions
//! have one or two of them; three of these in one sentence are an order that has nothing to do with the tool.
//!
//! [signs]: crate::detect::injection::signs

mod leading;
mod leaving;
mod machine;
mod others;

use crate::detect::injection::rule::Rule;

/// The rules, by what they are about.
pub(super) const PARTS: &[&[Rule]] = &[leaving::RULES, others::RULES, leading::RULES, machine::RULES];

/// What says little alone: bossy, but honest definitions come near it.
const WEAK: u32 = 24;

// What speaks for a sentence, whatever signs meet in it.

/// What says that something is not, or cannot be, done.
const NOT_DONE: &str = r"\b(?:is|are|will be|can be|be) (?:never|not) \w+(?:ed|en)\b|\bnothing (?:is|leaves)\b|\bcan(?:'t|not) be\b|\bneeds? (?:a |the |an )?(?:confirmation|approval|role|permission|review)\b";
/// What says that a secret is not given, or not taken.
const KEPT_SAFE: &str = r"\b(?:do not|don't|never|must not|should not|cannot|can't|without|no|not|instead of) (?:\S+ ){0,6}?(?:passwords?|tokens?|secrets?|credentials?|cookies?|keys?|pin|needed|required|taken|read|print|show|return|log|store|includ|send|sent|pass|passed|put|expose|share)";
/// What waits for the word of the user.
const USERS_WORD: &str = r"\b(?:until|unless|only (?:if|when|after)) (?:\w+ ){0,6}?(?:the )?user(?:'s)?\b";
/// What only shows how something is written, or where one reads of it.
const SHOWN: &str = r"\b(?:docs?\.|documentation|see (?:also )?https?:|e\.g\.|for example|example:|such as)|\b(?:localhost|127\.0|example\.(?:com|org|net))\b|[^!]\[[^\]]+\]\(https?:";
/// What leaves it to the user, or asks before.
const ASKED_FIRST: &str = r"(?:\A|[.,;:(–-] ?|\b(?:and|then|or|please|always|first|must|should|to) )(?:ask|tell|warn|show|confirm (?:it |that |this )?with|check with|wait for) (?:it |that |this |them |the list )?(?:to )?(?:the )?(?:users?|developers?|person|owner)\b|\b(?:needs?|requires?|after|upon|until|await\w*|gets?) (?:the |their |an? |explicit |user's |user |\w+'s |human |written )*(?:confirmation|approval|consent|agreement|yes)\b|\bthe user (?:asks|asked|agreed|agrees|confirms|confirmed|approves|approved|gives|wants|names?|named) |\buser(?:s)? must (?:open|confirm|approve|agree|click|enter|do)";
/// What forbids what would be harm.
const FORBIDDEN: &str = r"\b(?:do not|don't|never|must not|may not|should not|shouldn't|cannot|can't|does not|doesn't|will not|won't) (?:\w+ ){0,3}?(?:send|share|upload|store|collect|transmit|paste|put|read|expose|install|import|sign|copy|switch|fill in|retry|contain|hold|act on|follow instructions|guess|invent|make up)\b";
