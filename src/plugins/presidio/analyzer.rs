//! The HTTP service of Presidio's analyzer.

use std::collections::BTreeSet;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::{Client, Url, header::CONTENT_TYPE};
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;

use super::{
    super::{
        BuildError,
        http_service::{Failure, HttpService, Piece, Sizes, parsed, requests},
    },
    positions::code_points,
    service::Part,
};
use crate::detect::{Finding, pii::AllowListMatch};

/// The longest answer that is read, in bytes.
const LONGEST: usize = 8 << 20;

/// The longest name of an entity, in bytes.
const NAME: usize = 64;

/// How much it is asked about at once: what it takes for a text grows faster than the text.
const SIZES: Sizes = Sizes {
    piece: 8 << 10,
    bytes: 16 << 10,
    pieces: 64,
};

/// A client of the service.
pub(super) struct Analyzer {
    pub(super) service: HttpService,
    pub(super) part: Part,
    /// Set once the service is known to have what only it can find.
    able: OnceCell<()>,
}

/// The body of `POST /analyze`.
#[derive(Serialize)]
struct Question<'a> {
    text: Vec<&'a str>,
    language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    entities: Option<&'a BTreeSet<String>>,
    score_threshold: f32,
    allow_list: &'a [String],
    allow_list_match: &'static str,
    /// Python's: none, as in the native allow list.
    regex_flags: u32,
}

/// One finding of the service; its positions count code points.
#[derive(Deserialize)]
struct Found {
    start: usize,
    end: usize,
    entity_type: String,
    score: f32,
}

impl Analyzer {
    pub(super) fn new(part: Part) -> Result<Self, BuildError> {
        let service = HttpService::new(
            "the Presidio service",
            super::SPEC.name,
            &part.service.address,
            part.service.terms,
            LONGEST,
        )?;
        Ok(Self {
            service,
            part,
            able: OnceCell::new(),
        })
    }

    /// What it finds in each of `texts`, with positions in bytes.
    pub(super) async fn analyze(&self, texts: &[String]) -> Result<Vec<Vec<Finding>>, Failure> {
        self.service.judge(self.service.in_time(self.ask(texts))).await
    }

    async fn ask(&self, texts: &[String]) -> Result<Vec<Vec<Finding>>, Failure> {
        if !self.part.required.is_empty() {
            self.able.get_or_try_init(|| self.check()).await?;
        }
        let requests = requests(texts.iter().map(String::as_str), SIZES);
        // A message waits in the line with no more requests than are served at a time, so that others get their turn.
        let asked: Vec<_> = requests.iter().map(|request| self.request(request)).collect();
        let mut answers = stream::iter(asked).buffer_unordered(self.service.terms().concurrency);
        let mut findings = vec![Vec::new(); texts.len()];
        while let Some(answer) = answers.try_next().await? {
            for (of, finding) in answer {
                findings[of].push(finding);
            }
        }
        Ok(findings)
    }

    /// The service has what only it can find.
    async fn check(&self) -> Result<(), Failure> {
        let mut route = self.route("supportedentities");
        route
            .query_pairs_mut()
            .append_pair("language", &self.part.service.language);
        let answer = self.service.ask(|client| client.get(route.clone())).await?;
        let entities: BTreeSet<String> = parsed(&answer, "something else than its entities")?;
        match self.part.required.difference(&entities).next() {
            Some(missing) => Err(Failure::Unfit(format!("finds no {missing}: `entities` asks for it"))),
            None => Ok(()),
        }
    }

    /// The findings in the pieces of one request, each with the index of its text.
    async fn request(&self, pieces: &[Piece<'_>]) -> Result<Vec<(usize, Finding)>, Failure> {
        let part = &self.part;
        let least = part.thresholds.values().copied().fold(part.threshold, f32::min);
        let question = Question {
            text: pieces.iter().map(|piece| piece.text).collect(),
            language: &part.service.language,
            entities: part.entities.as_ref(),
            score_threshold: least,
            allow_list: &part.allow_list,
            allow_list_match: match part.allow_list_match {
                AllowListMatch::Exact => "exact",
                AllowListMatch::Regex => "regex",
            },
            regex_flags: 0,
        };
        let body = Bytes::from(serde_json::to_vec(&question).expect("texts and numbers are JSON"));
        let route = self.route("analyze");
        let post = |client: &Client| {
            let post = client.post(route.clone()).header(CONTENT_TYPE, "application/json");
            post.body(body.clone())
        };
        let answer: Vec<Vec<Found>> = parsed(&self.service.ask(post).await?, "something else than findings")?;
        if answer.len() != pieces.len() {
            return Err(Failure::Nonsense("fewer or more answers than it was asked for"));
        }
        let mut findings = Vec::new();
        for (piece, found) in pieces.iter().zip(answer) {
            let places = if found.is_empty() {
                Vec::new()
            } else {
                code_points(piece.text)
            };
            for found in found {
                findings.extend(self.finding(piece, &places, found)?.map(|finding| (piece.of, finding)));
            }
        }
        Ok(findings)
    }

    /// A finding with its positions in the text that `piece` is of; `None` where it is not sure enough.
    fn finding(&self, piece: &Piece<'_>, places: &[usize], found: Found) -> Result<Option<Finding>, Failure> {
        let Found {
            start,
            end,
            entity_type,
            score,
        } = found;
        let (Some(first), Some(last), true) = (places.get(start), places.get(end), start < end) else {
            return Err(Failure::Nonsense("a finding outside the text"));
        };
        // It is written in the place of what was found.
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if entity_type.is_empty() || entity_type.len() > NAME || !entity_type.chars().all(plain) {
            return Err(Failure::Nonsense("an entity that has no proper name"));
        }
        if score < self.part.threshold_of(&entity_type) {
            return Ok(None);
        }
        let (start, end) = (piece.start + first, piece.start + last);
        Ok(Some(Finding {
            rule: entity_type.clone().into(),
            label: entity_type.into(),
            start,
            end,
            score,
        }))
    }

    fn route(&self, name: &str) -> Url {
        let mut route = self.part.service.address.clone();
        let path = format!("{}{name}", route.path());
        route.set_path(&path);
        route
    }
}
