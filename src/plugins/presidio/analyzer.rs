//! The HTTP service of Presidio's analyzer.

use std::{collections::BTreeSet, error::Error, net::IpAddr};

use bytes::BytesMut;
use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::{Client, RequestBuilder, StatusCode, Url, header::CONTENT_TYPE, redirect::Policy};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::{
    sync::{OnceCell, Semaphore},
    time::timeout,
};

use super::{
    super::BuildError,
    pieces::{Piece, code_points, requests},
    service::Part,
};
use crate::detect::{Finding, pii::AllowListMatch};

/// The longest answer that is read, in bytes.
const LONGEST: usize = 8 << 20;

/// The longest name of an entity, in bytes.
const NAME: usize = 64;

/// Why there is no answer. None of them repeats a text that was asked about.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("can't be reached ({0})")]
    Unreachable(String),
    #[error("did not answer within {0} s; the setting `presidio.timeout` is how long it may take")]
    TimedOut(f64),
    #[error("answered HTTP {}; its log may say why", .0.as_u16())]
    Status(StatusCode),
    #[error("broke off its answer ({0})")]
    Broken(String),
    #[error("answered with {0}")]
    Nonsense(&'static str),
    #[error("finds no {0}: `entities` asks for it")]
    Missing(String),
}

/// A client of the service.
pub(super) struct Analyzer {
    client: Client,
    pub(super) part: Part,
    permits: Semaphore,
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
        // Another part of the process may have chosen one already; it is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder().redirect(Policy::none()).referer(false);
        // A proxy can't reach this machine by the same name.
        if is_loopback(&part.service.address) {
            builder = builder.no_proxy();
        }
        // Where nothing is encrypted, a system without certificates will do.
        if part.service.address.scheme() == "http" {
            builder = builder.tls_certs_only([]);
        }
        let client = builder
            .build()
            .map_err(|error| BuildError(format!("`analyzer_url` can't be used here: {}", root_cause(&error))))?;
        let permits = Semaphore::new(part.service.concurrency);
        Ok(Self {
            client,
            part,
            permits,
            able: OnceCell::new(),
        })
    }

    /// Where the service is, without what may be secret in its address.
    pub(super) fn host(&self) -> String {
        let address = &self.part.service.address;
        let host = address.host_str().unwrap_or_default();
        address
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// What it finds in each of `texts`, with positions in bytes.
    pub(super) async fn analyze(&self, texts: &[String]) -> Result<Vec<Vec<Finding>>, Failure> {
        let limit = self.part.service.timeout;
        let late = |_| Failure::TimedOut(limit.as_secs_f64());
        timeout(limit, self.ask(texts)).await.map_err(late)?
    }

    async fn ask(&self, texts: &[String]) -> Result<Vec<Vec<Finding>>, Failure> {
        if !self.part.required.is_empty() {
            self.able.get_or_try_init(|| self.check()).await?;
        }
        let requests = requests(texts.iter().map(String::as_str));
        // A message waits in the line with no more requests than are served at a time, so that others get their turn.
        let asked: Vec<_> = requests.iter().map(|request| self.request(request)).collect();
        let mut answers = stream::iter(asked).buffer_unordered(self.part.service.concurrency);
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
        let entities: BTreeSet<String> = self.answer(self.client.get(route)).await?;
        match self.part.required.difference(&entities).next() {
            Some(missing) => Err(Failure::Missing(missing.clone())),
            None => Ok(()),
        }
    }

    /// The findings in the pieces of one request, each with the index of its text.
    async fn request(&self, pieces: &[Piece<'_>]) -> Result<Vec<(usize, Finding)>, Failure> {
        let _permit = self.permits.acquire().await.expect("it is never closed");
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
        let body = serde_json::to_vec(&question).expect("texts and numbers are JSON");
        let post = self
            .client
            .post(self.route("analyze"))
            .header(CONTENT_TYPE, "application/json");
        let answer: Vec<Vec<Found>> = self.answer(post.body(body)).await?;
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

    /// Sends a request and reads its answer.
    async fn answer<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Failure> {
        let sent = request.send().await;
        let mut response = sent.map_err(|error| match error.is_connect() {
            true => Failure::Unreachable(root_cause(&error)),
            false => Failure::Broken(root_cause(&error)),
        })?;
        if response.status() != StatusCode::OK {
            return Err(Failure::Status(response.status()));
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| Failure::Broken(root_cause(&error)))?
        {
            body.extend_from_slice(&chunk);
            if body.len() > LONGEST {
                return Err(Failure::Nonsense("more than it can have found"));
            }
        }
        serde_json::from_slice(&body).map_err(|_| Failure::Nonsense("something else than findings"))
    }
}

fn is_loopback(address: &Url) -> bool {
    let host = address.host_str().unwrap_or_default();
    let literal = host.trim_matches(['[', ']']).parse::<IpAddr>();
    literal.map_or_else(|_| host == "localhost", |literal| literal.is_loopback())
}

/// The innermost cause, which names no address: the outer ones of an HTTP client do.
fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    match cause.is::<reqwest::Error>() {
        true => "the request failed".to_owned(),
        false => cause.to_string(),
    }
}
