//! One question to a source over HTTP, answered from what was kept where that is fresh or nothing else is to be had.

use std::{path::Path, time::Duration};

use reqwest::{
    Method, Request, Response, StatusCode, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH},
    redirect::Policy,
};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::cache::{Cache, Kept};
use crate::{
    clock,
    http::{self, BodyFault},
};

/// The largest answer, in bytes: the whole record of a package with thousands of versions.
const LARGEST: usize = 32 << 20;
/// How long a connection may take to come about.
const CONNECTING: Duration = Duration::from_secs(3);
/// What is left of the time of a source that does not answer, to take what was kept.
const SPARE: Duration = Duration::from_millis(200);

/// Why a source said nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Trouble {
    /// No connection, or it broke.
    #[error("it can't be reached ({0})")]
    Unreachable(String),
    /// It takes too long.
    #[error("it did not answer in time")]
    Late,
    /// It wants to be asked less often.
    #[error("it answers no more questions for now (rate limit)")]
    RateLimited,
    /// It answered with an error.
    #[error("it answered with status {0}")]
    Status(u16),
    /// It answered something else than its interface says.
    #[error("it answered nonsense: {0}")]
    Nonsense(String),
    /// It is not set up here, or was not to be asked: nothing is amiss.
    #[error("it was not asked: {0}")]
    NotAsked(&'static str),
}

/// Asks sources.
pub(super) struct Fetcher {
    cache: Cache,
    offline: bool,
    /// When a source has to have answered.
    deadline: Option<Instant>,
}

/// A question.
pub(super) struct Question {
    url: Url,
    accept: &'static str,
    bearer: Option<String>,
    body: Option<String>,
}

impl Question {
    /// A GET of `path` below `base`; the parts of the path are percent-encoded one by one.
    pub(super) fn get(base: &str, path: &[&str]) -> Result<Self, Trouble> {
        let nonsense = |why: String| Trouble::Nonsense(format!("its address `{base}` can't be used: {why}"));
        let mut url = Url::parse(base).map_err(|error| nonsense(error.to_string()))?;
        url.path_segments_mut()
            .map_err(|()| nonsense("it has no path".into()))?
            .pop_if_empty()
            .extend(path);
        Ok(Self {
            url,
            accept: "application/json",
            bearer: None,
            body: None,
        })
    }

    pub(super) fn query(mut self, pairs: &[(&str, &str)]) -> Self {
        self.url.query_pairs_mut().extend_pairs(pairs);
        self
    }

    pub(super) fn accept(mut self, media_type: &'static str) -> Self {
        self.accept = media_type;
        self
    }

    pub(super) fn bearer(mut self, token: Option<String>) -> Self {
        self.bearer = token;
        self
    }

    /// Makes it a POST with this JSON.
    pub(super) fn post(mut self, body: &Value) -> Self {
        self.body = Some(body.to_string());
        self
    }

    /// What the answer is kept under: everything but the token.
    fn asked(&self) -> String {
        let url = crate::plugins::redactor().masked(self.url.as_str()).into_owned();
        match &self.body {
            Some(body) => format!("POST {url} {} {body}", self.accept),
            None => format!("GET {url} {}", self.accept),
        }
    }

    fn request(&self, etag: Option<&str>) -> Request {
        let method = if self.body.is_some() { Method::POST } else { Method::GET };
        let mut request = Request::new(method, self.url.clone());
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static(self.accept));
        let mut set = |name, text: Option<String>| {
            if let Some(mut value) = text.and_then(|text| HeaderValue::try_from(text).ok()) {
                value.set_sensitive(name == AUTHORIZATION);
                headers.insert(name, value);
            }
        };
        set(
            AUTHORIZATION,
            self.bearer.as_ref().map(|token| format!("Bearer {token}")),
        );
        set(IF_NONE_MATCH, etag.map(str::to_owned));
        if let Some(body) = &self.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(body.clone().into());
        }
        request
    }
}

impl Fetcher {
    pub(super) fn new(state: &Path, offline: bool) -> Self {
        Self {
            cache: Cache(state.join("reputation")),
            offline,
            deadline: None,
        }
    }

    /// The same for questions that are to be answered by `deadline`, with some time to spare: what was kept counts
    /// where no answer comes.
    pub(super) fn until(&self, deadline: Instant) -> Self {
        Self {
            cache: self.cache.clone(),
            offline: self.offline,
            deadline: deadline.checked_sub(SPARE),
        }
    }

    /// The answer; `None` where the source says that there is nothing.
    pub(super) async fn ask(&self, question: Question) -> Result<Option<Value>, Trouble> {
        let asked = question.asked();
        let kept = self.cache.get(&asked);
        if let Some(kept) = kept
            .as_ref()
            .filter(|kept| self.offline || kept.is_fresh(clock::seconds()))
        {
            return parsed(kept.body.as_deref());
        }
        if self.offline {
            return Err(Trouble::NotAsked("offline"));
        }
        let answer = self.over_network(&question, &asked, kept.as_ref());
        let answer = match self.deadline {
            Some(deadline) => timeout_at(deadline, answer).await.unwrap_or(Err(Trouble::Late)),
            None => answer.await,
        };
        match answer {
            Ok(answer) => {
                let value = parsed(answer.body.as_deref())?;
                self.cache.put(&answer);
                Ok(value)
            }
            // Old news is better than none.
            Err(Trouble::Unreachable(_) | Trouble::RateLimited | Trouble::Late | Trouble::Status(500..))
                if kept.is_some() =>
            {
                parsed(kept.and_then(|kept| kept.body).as_deref())
            }
            Err(trouble) => Err(trouble),
        }
    }

    async fn over_network(&self, question: &Question, asked: &str, kept: Option<&Kept>) -> Result<Kept, Trouble> {
        let etag = kept.and_then(|kept| kept.etag.as_deref());
        // Registries redirect; a token of ours stays behind when they lead elsewhere.
        let builder = http::builder(&question.url).redirect(Policy::limited(3));
        let client = builder.connect_timeout(CONNECTING).build();
        let unreachable = |error: reqwest::Error| Trouble::Unreachable(http::root_cause(&error));
        let sent = client.map_err(unreachable)?.execute(question.request(etag)).await;
        let response = sent.map_err(unreachable)?;
        let answer = |etag, body| Kept {
            asked: asked.to_owned(),
            at: clock::seconds(),
            etag,
            body,
        };
        match response.status() {
            StatusCode::NOT_FOUND | StatusCode::GONE => Ok(answer(None, None)),
            StatusCode::NOT_MODIFIED => Ok(answer(etag.map(str::to_owned), kept.and_then(|kept| kept.body.clone()))),
            status if is_rate_limit(status, response.headers()) => Err(Trouble::RateLimited),
            status if !status.is_success() => Err(Trouble::Status(status.as_u16())),
            _ => {
                let etag = response
                    .headers()
                    .get(ETAG)
                    .and_then(|etag| etag.to_str().ok())
                    .map(str::to_owned);
                Ok(answer(etag, Some(text(response).await?)))
            }
        }
    }
}

/// 429, or GitHub's 403 with nothing left.
fn is_rate_limit(status: StatusCode, headers: &HeaderMap) -> bool {
    let nothing_left = headers.get("x-ratelimit-remaining").is_some_and(|left| left == "0");
    status == StatusCode::TOO_MANY_REQUESTS
        || status == StatusCode::FORBIDDEN && (nothing_left || headers.contains_key("retry-after"))
}

async fn text(response: Response) -> Result<String, Trouble> {
    let body = http::body(response, LARGEST).await.map_err(|fault| match fault {
        BodyFault::TooLong(length) => Trouble::Nonsense(format!("it has {length} bytes, over {LARGEST}")),
        BodyFault::Broken(why) => Trouble::Unreachable(why),
    })?;
    String::from_utf8(body.into()).map_err(|_| Trouble::Nonsense("it is not text".into()))
}

fn parsed(body: Option<&str>) -> Result<Option<Value>, Trouble> {
    let Some(body) = body else { return Ok(None) };
    let value: Value = serde_json::from_str(body).map_err(|_| Trouble::Nonsense("it is not JSON".into()))?;
    if value.is_object() {
        Ok(Some(value))
    } else {
        Err(Trouble::Nonsense("it is no object".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_part_of_the_path() {
        let question = Question::get("https://r.example/npm/", &["@scope/name"]).expect("an address");
        assert_eq!(question.url.as_str(), "https://r.example/npm/@scope%2Fname");
        let question = Question::get("https://r.example", &["repos", "..", "a?b"]).expect("an address");
        assert_eq!(question.url.as_str(), "https://r.example/repos/a%3Fb");
        assert!(Question::get("nonsense", &[]).is_err());
    }

    #[test]
    fn a_token_is_no_part_of_what_is_kept() {
        let question = Question::get("https://r.example", &["x"])
            .expect("an address")
            .bearer(Some("s3cret".into()));
        assert_eq!(question.asked(), "GET https://r.example/x application/json");
        assert_eq!(question.request(None).headers()[AUTHORIZATION], "Bearer s3cret");
    }

    #[test]
    fn an_answer_is_an_object() {
        assert_eq!(parsed(None), Ok(None));
        for nonsense in ["", "<html>", "[]", "1"] {
            assert!(
                matches!(parsed(Some(nonsense)), Err(Trouble::Nonsense(_))),
                "{nonsense}"
            );
        }
    }
}
