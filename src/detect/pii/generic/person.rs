//! Names of people: by the name of their field, and in prose after a title or "my name is". Prose names without such a cue need
//! a model, which this is not.

use crate::detect::pii::recognizer::{Match, Recognizer, Scanner, Site, Trigger};

pub(crate) const ROW: Recognizer = Recognizer {
    about: "Name of a person, where a field's name (`first_name`), a title (`Dr.`) or `my name is` says so",
    scanners: &[Scanner {
        trigger: Trigger::Cue(CUES),
        find,
    }],
    field: Some(judge),
    against: &[],
    matches: &[
        "first_name: ‹Ann›",
        "<surname>‹O'Neil›</surname>",
        "Name: ‹Ann Lee›",
        "Dr. ‹Ann Lee› said",
        "my name is ‹Jörg Müller›.",
    ],
    misses: &[
        "name: app-secrets",
        "file name: x.txt",
        "Dr. who",
        "first_name: null",
        "my name is unknown",
    ],
    ..Recognizer::named("PERSON")
};

const SCORE: f32 = 0.6;
/// What stands before a name in prose.
const CUES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "dr",
    "prof",
    "my name is",
    "signed by",
    "sincerely",
    "regards",
];
/// Fields that hold names and nothing else.
const STRONG: &[&str] = &[
    "first name",
    "firstname",
    "last name",
    "lastname",
    "middle name",
    "given name",
    "family name",
    "surname",
    "full name",
    "fullname",
    "maiden name",
    "customer name",
    "patient name",
    "employee name",
    "contact name",
    "cardholder",
    "cardholder name",
    "card holder",
    "account holder",
    "beneficiary",
    "legal name",
    "vorname",
    "nachname",
    "apellido",
    "apellidos",
    "nombre",
    "prenom",
];
/// Fields that may hold names: those of two words or more.
const WEAK: &[&str] = &[
    "name",
    "employee",
    "patient",
    "customer",
    "client",
    "claimant",
    "owner",
    "author",
    "contact",
    "recipient",
    "sender",
    "manager",
    "person",
    "user",
    "display name",
    "guest",
    "tenant",
    "student",
    "teacher",
    "doctor",
    "maintainer",
    "to",
    "from",
];
/// The most words of a name.
const MOST_WORDS: usize = 5;

fn judge(field: &str, value: &str) -> Option<f32> {
    let words: Vec<&str> = value.split_whitespace().collect();
    let is_name = (1..=MOST_WORDS).contains(&words.len()) && words.iter().all(|word| is_name_word(word));
    let is_sure = STRONG.contains(&field)
        && !["null", "none", "true", "false", "unknown"].contains(&value.to_lowercase().as_str());
    let is_likely =
        WEAK.contains(&field) && words.len() > 1 && words.iter().all(|word| word.starts_with(char::is_uppercase));
    (is_name && (is_sure || is_likely)).then_some(SCORE)
}

/// Woken by a cue: the capitalised words behind it.
fn find(site: &Site<'_>) -> Option<Match> {
    let rest = &site.text[site.at..];
    let cue = CUES
        .iter()
        .filter(|cue| {
            rest.get(..cue.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(cue))
        })
        .map(|cue| cue.len())
        .max()?;
    let name = rest[cue..].trim_start_matches(['.', ',', ':', ' ', '\n']);
    let start = site.text.len() - name.len();
    let (mut end, mut at) = (start, start);
    for word in name.split(' ').take(MOST_WORDS) {
        let bare = word
            .split(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’' | '-'))
            .next()
            .unwrap_or_default();
        if !bare.starts_with(char::is_uppercase) || !is_name_word(bare) {
            break;
        }
        let is_initial = bare.chars().count() == 1 && word.len() == bare.len() + 1 && word.ends_with('.');
        end = at + if is_initial { word.len() } else { bare.len() };
        if bare.len() < word.len() && !is_initial {
            break;
        }
        at += word.len() + 1;
    }
    (start < end).then_some(Match {
        start,
        end,
        score: SCORE,
    })
}

/// Letters of any script, with what stands inside of names.
fn is_name_word(word: &str) -> bool {
    word.starts_with(char::is_alphabetic)
        && word
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.'))
}
