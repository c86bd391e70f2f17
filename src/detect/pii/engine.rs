//! The engine: candidates, recognizers on them, context, threshold, allow list, conflicts; in that order.

use std::borrow::Cow;
use std::collections::HashSet;

use regex::RegexSet;
use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

use super::candidates::{self, Candidate, Wanted};
use super::columns::Columns;
use super::conflicts::{self, Hit};
use super::context::{ContextWords, Surroundings};
use super::custom::{self, CustomRecognizer, DenyList};
use super::fields;
use super::options::{AllowListMatch, Custom, Options, OptionsError, nearest};
use super::patterns::Patterns;
use super::recognizer::{Feed, Match, Recognizer, Site, Validity};
use super::registry;
use super::scanners::Scanners;
use crate::detect::{Context, Detector, Finding, Name};

/// What context adds to a score, and the least that it makes of one: Presidio's arithmetic.
const CONTEXT_BONUS: f32 = 0.35;
const CONTEXT_FLOOR: f32 = 0.4;
/// The score of a match whose check failed, under a key that says what it is.
const NAMED: f32 = 0.5;
/// The most that counts of an uncertain match which something else names.
const NAMED_OTHERWISE: f32 = 0.3;

/// Finds personal data by the chosen recognizers.
#[derive(Debug)]
pub struct Engine {
    rows: Vec<Row>,
    digits: Patterns,
    letters: Patterns,
    scanners: Scanners,
    context: ContextWords,
    /// By row: what judges the values of fields.
    judges: Vec<(usize, Judge)>,
    custom: Vec<CustomRecognizer>,
    deny_list: Option<DenyList>,
    allow_list: AllowList,
    regions: Vec<Region>,
}

/// See [`Recognizer::field`].
type Judge = fn(&str, &str) -> Option<f32>;

/// One entity that is on.
#[derive(Debug)]
struct Row {
    entity: Name,
    threshold: f32,
    /// Empty for entities of the configuration.
    recognizer: Recognizer,
}

#[derive(Debug)]
enum AllowList {
    Exact(HashSet<String>),
    Regex(RegexSet),
}

impl Engine {
    /// Compiles the settings.
    ///
    /// # Errors
    /// The first setting that is wrong.
    pub fn new(options: Options) -> Result<Self, OptionsError> {
        let mut rows = chosen_rows(&options)?;
        let custom = custom_recognizers(&options, &mut rows)?;
        let denied: Vec<(usize, &str)> = options
            .deny_list
            .iter()
            .flat_map(|(entity, words)| words.iter().map(move |word| (entity, word)))
            .map(|(entity, word)| (row_of(entity, &mut rows, options.threshold), word.as_str()))
            .collect();
        set_thresholds(&options, &mut rows)?;
        let patterns = |feed| {
            let all = rows.iter().enumerate();
            let all = all.flat_map(|(i, row)| row.recognizer.patterns.iter().map(move |pattern| (i, pattern)));
            Patterns::new(feed, all).expect("a test compiles the patterns of all rows together")
        };
        let all = rows.iter().enumerate();
        let scanners = all.flat_map(|(i, row)| row.recognizer.scanners.iter().map(move |&scanner| (i, scanner)));
        let own_words = options.custom.iter().zip(&custom);
        let own_words =
            own_words.flat_map(|(custom, compiled)| custom.context.iter().map(|word| (compiled.row(), word.as_str())));
        let words = rows
            .iter()
            .enumerate()
            .flat_map(|(i, row)| row.recognizer.context.iter().map(move |&word| (i, word)));
        Ok(Self {
            digits: patterns(Feed::Digits),
            letters: patterns(Feed::Letters),
            scanners: Scanners::new(scanners),
            context: ContextWords::new(words.chain(own_words)).map_err(|error| OptionsError::Regex {
                setting: "custom.context".to_owned(),
                regex: String::new(),
                reason: error.to_string(),
            })?,
            judges: rows
                .iter()
                .enumerate()
                .filter_map(|(i, row)| Some((i, row.recognizer.field?)))
                .collect(),
            custom,
            deny_list: DenyList::new(denied.into_iter()),
            allow_list: AllowList::new(&options)?,
            regions: regions(&options)?,
            rows,
        })
    }

    /// Everything that recognizers see in `text`, before context.
    fn look(&self, text: &str, names: &[Cow<'_, str>]) -> Vec<Hit> {
        let mut hits = Vec::new();
        let (mut digits, mut letters) = (self.digits.scratch(), self.letters.scratch());
        let wanted = Wanted {
            letters: !self.letters.is_empty(),
            dots: self.scanners.want_dots(),
        };
        candidates::each(text, wanted, |candidate| {
            let site = Site {
                text,
                at: candidate.at(),
                regions: &self.regions,
            };
            self.scanners
                .wake(candidate, &site, |row, found| hits.push(hit(row, found)));
            let patterns = match candidate {
                Candidate::Digits(_) => Some((&self.digits, &mut digits)),
                Candidate::Letters(_) => Some((&self.letters, &mut letters)),
                _ => None,
            };
            if let Some((patterns, scratch)) = patterns {
                patterns.find(text, site.at, scratch, |row, found| {
                    hits.extend(self.checked(text, row, found))
                });
            }
        });
        self.judge_fields(text, names, &mut hits);
        let start = Site {
            text,
            at: 0,
            regions: &self.regions,
        };
        self.scanners
            .follow_cues(&start, |row, found| hits.push(hit(row, found)));
        for custom in &self.custom {
            custom.find(text, &mut hits);
        }
        if let Some(deny_list) = &self.deny_list {
            deny_list.find(text, &mut hits);
        }
        hits
    }

    /// The values of fields whose names say what they are.
    fn judge_fields(&self, text: &str, names: &[Cow<'_, str>], hits: &mut Vec<Hit>) {
        if self.judges.is_empty() {
            return;
        }
        fields::each(text, names, |name, start, end| {
            let judged = self
                .judges
                .iter()
                .filter_map(|(row, judge)| Some((*row, judge(name, &text[start..end])?)));
            hits.extend(judged.map(|(row, score)| hit(row, Match { start, end, score })));
        });
    }

    /// What a pattern matched, with the score that its check leaves.
    fn checked(&self, text: &str, row: usize, mut found: Match) -> Option<Hit> {
        let recognizer = &self.rows[row].recognizer;
        match recognizer
            .check
            .map_or(Validity::Unknown, |check| check(&text[found.start..found.end]))
        {
            Validity::Valid => found.score = 1.0,
            Validity::Invalid if recognizer.keys.is_empty() => return None,
            Validity::Invalid => found.score = 0.0,
            Validity::Unknown => {}
        }
        Some(hit(row, found))
    }

    /// Scores `hits` (ordered by their starts) by what stands around them, and drops those below their threshold.
    fn weigh(&self, text: &str, names: &[Cow<'_, str>], hits: &mut Vec<Hit>) {
        let mut columns = None;
        let mut around = Surroundings::default();
        let mut with_context = Vec::new();
        let mut read = None;
        hits.retain_mut(|hit| {
            let row = &self.rows[hit.row];
            // What a scanner is certain of says itself what it is.
            if hit.score < 1.0 || row.recognizer.check.is_some() {
                if read.replace((hit.start, hit.end)) != Some((hit.start, hit.end)) {
                    let columns = columns.get_or_insert_with(|| Columns::of(text).filter(|_| names.is_empty()));
                    let cell = columns.as_mut().and_then(|columns| columns.cell_at(hit.start));
                    around.read(text, hit.start, hit.end, names, cell);
                    self.context.find(&around.near, &mut with_context);
                }
                hit.has_context = with_context.contains(&hit.row);
                hit.score = self.score(hit, &around);
            }
            hit.score > 0.0 && hit.score >= row.threshold
        });
    }

    fn score(&self, hit: &Hit, around: &Surroundings) -> f32 {
        let recognizer = &self.rows[hit.row].recognizer;
        if hit.score == 0.0 {
            return if recognizer.keys.iter().any(|key| around.is_named(key)) {
                NAMED
            } else {
                0.0
            };
        }
        let boosted = match hit.has_context {
            true => (hit.score + CONTEXT_BONUS).clamp(CONTEXT_FLOOR, 1.0),
            false => hit.score,
        };
        if around.is_named_otherwise(recognizer.against, recognizer.context) {
            boosted.min(NAMED_OTHERWISE)
        } else {
            boosted
        }
    }
}

impl Engine {
    /// Everything above its threshold, as Presidio's analyzer reports it: ordered by where it starts, with overlaps between
    /// entities; of overlapping finds of one entity the best.
    pub fn analyze(&self, text: &str, context: &Context<'_>) -> Vec<Finding> {
        let mut hits = self.weighed(text, context);
        conflicts::resolve_each_row(&mut hits);
        hits.iter().map(|hit| self.finding(hit)).collect()
    }

    fn weighed(&self, text: &str, context: &Context<'_>) -> Vec<Hit> {
        let mut hits = self.look(text, context.names);
        hits.sort_unstable_by_key(|hit| (hit.start, hit.end));
        self.weigh(text, context.names, &mut hits);
        hits.retain(|hit| !self.allow_list.holds(&text[hit.start..hit.end]));
        hits
    }

    fn finding(&self, hit: &Hit) -> Finding {
        let entity = &self.rows[hit.row].entity;
        Finding {
            rule: entity.clone(),
            label: entity.clone(),
            start: hit.start,
            end: hit.end,
            score: hit.score,
        }
    }
}

impl Detector for Engine {
    fn find(&self, text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
        let mut hits = self.weighed(text, context);
        conflicts::resolve(&mut hits);
        found.extend(hits.iter().map(|hit| self.finding(hit)));
    }

    fn recognize(&self, text: &str, context: &Context<'_>, found: &mut Vec<Finding>) {
        found.extend(self.analyze(text, context));
    }
}

fn hit(row: usize, found: Match) -> Hit {
    Hit {
        row,
        start: found.start,
        end: found.end,
        score: found.score,
        has_context: false,
    }
}

/// The rows that `entities` chooses, in the order of the table.
fn chosen_rows(options: &Options) -> Result<Vec<Row>, OptionsError> {
    let mut chosen = HashSet::new();
    for word in options.entities.words() {
        let rows = registry::chosen_by(word);
        let is_own = options.custom.iter().any(|custom| custom.entity == *word) || options.deny_list.contains_key(word);
        if rows.is_empty() && !is_own && !options.elsewhere.contains(word) {
            return Err(OptionsError::UnknownEntity {
                word: word.clone(),
                nearest: nearest(word, registry::words()),
            });
        }
        chosen.extend(rows.iter().map(|row| row.entity));
    }
    let rows = registry::rows().filter(|(row, _)| chosen.contains(row.entity));
    Ok(rows
        .map(|(row, _)| Row {
            entity: row.entity.into(),
            threshold: options.threshold,
            recognizer: *row,
        })
        .collect())
}

/// The index of the row of that entity, which is added if it is not there.
fn row_of(entity: &str, rows: &mut Vec<Row>, threshold: f32) -> usize {
    rows.iter().position(|row| row.entity == entity).unwrap_or_else(|| {
        rows.push(Row {
            entity: entity.to_owned().into(),
            threshold,
            recognizer: Recognizer {
                against: &[],
                ..Recognizer::named("")
            },
        });
        rows.len() - 1
    })
}

fn custom_recognizers(options: &Options, rows: &mut Vec<Row>) -> Result<Vec<CustomRecognizer>, OptionsError> {
    let compile = |custom: &Custom| CustomRecognizer::new(row_of(&custom.entity, rows, options.threshold), custom);
    options.custom.iter().map(compile).collect()
}

fn set_thresholds(options: &Options, rows: &mut [Row]) -> Result<(), OptionsError> {
    let check = |setting: String, value: f32| match (0.0..=1.0).contains(&value) {
        true => Ok(()),
        false => Err(OptionsError::OutOfRange { setting, value }),
    };
    check("threshold".to_owned(), options.threshold)?;
    for (entity, &threshold) in &options.thresholds {
        check(format!("thresholds.{entity}"), threshold)?;
        let known: Vec<String> = rows.iter().map(|row| row.entity.to_string()).collect();
        match rows.iter_mut().find(|row| row.entity == *entity) {
            Some(row) => row.threshold = threshold,
            None if options.elsewhere.contains(entity) => {}
            None => {
                return Err(OptionsError::NotOn {
                    setting: "thresholds",
                    entity: entity.clone(),
                    nearest: nearest(entity, known.iter().map(String::as_str)),
                });
            }
        }
    }
    Ok(())
}

fn regions(options: &Options) -> Result<Vec<Region>, OptionsError> {
    let is_known = |region: &Region| PHONE_NUMBER_UTIL.get_country_code_for_region(*region).is_some();
    let region = |code: &String| {
        Region::from_code(code)
            .ok()
            .filter(is_known)
            .ok_or_else(|| OptionsError::Region { region: code.clone() })
    };
    options.phone_regions.iter().map(region).collect()
}

impl AllowList {
    fn new(options: &Options) -> Result<Self, OptionsError> {
        match options.allow_list_match {
            AllowListMatch::Exact => Ok(Self::Exact(options.allow_list.iter().cloned().collect())),
            AllowListMatch::Regex => {
                for regex in &options.allow_list {
                    custom::compile("allow_list", regex)?;
                }
                let set = RegexSet::new(&options.allow_list).expect("each of them compiles");
                Ok(Self::Regex(set))
            }
        }
    }

    fn holds(&self, found: &str) -> bool {
        match self {
            Self::Exact(words) => words.contains(found),
            Self::Regex(set) => set.is_match(found),
        }
    }
}
