//! Calls as they come, as server-sent events.

use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::stream;

use super::{
    Dashboard,
    pages::{Asked, calls::Line},
    shell,
};
use crate::trace::query::{Chosen, Following, Reader};

/// Where they are.
pub(super) const PATH: &str = "/calls/events";

/// How often the store is looked at.
const PERIOD: Duration = Duration::from_millis(300);

/// Calls that are sent after one look, at most: a browser may have slept for long.
const MOST: u32 = 200;

/// One browser that looks on.
struct Watch {
    reader: Reader,
    following: Following,
    /// The outcome that is wanted.
    outcome: Option<String>,
    waiting: VecDeque<Event>,
}

/// Sends each call that begins or ends after the one that was asked for, or that the browser saw last.
pub(super) async fn calls(
    State(dashboard): State<Arc<Dashboard>>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    // A browser that lost the connection says where it was.
    let seen = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.parse().ok());
    let after = seen.or(asked.after);
    let opened = tokio::task::spawn_blocking(move || -> Option<Watch> {
        let reader = Reader::open(&dashboard.store).ok()?;
        let last = |chosen: &Chosen| {
            reader.calls(&Chosen {
                limit: 1,
                ..chosen.clone()
            })
        };
        let mut chosen = Chosen {
            limit: MOST,
            ..asked.chosen()
        };
        chosen.after = match after {
            Some(after) => after,
            None => last(&chosen).ok()?.first().map_or(0, |row| row.number),
        };
        Some(Watch {
            following: Following::new(&reader, &chosen).ok()?,
            reader,
            outcome: chosen.outcome,
            waiting: VecDeque::new(),
        })
    });
    match opened.await {
        Ok(Some(watch)) => Sse::new(stream::unfold(watch, next))
            .keep_alive(KeepAlive::default())
            .into_response(),
        _ => shell::message(StatusCode::SERVICE_UNAVAILABLE, "The trace store can't be read."),
    }
}

/// The next event; the end where the store can't be read, and the browser then comes again.
async fn next(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    loop {
        if let Some(event) = watch.waiting.pop_front() {
            return Some((Ok(event), watch));
        }
        tokio::time::sleep(PERIOD).await;
        watch = tokio::task::spawn_blocking(move || watch.look()).await.ok()??;
    }
}

impl Watch {
    fn look(mut self) -> Option<Self> {
        let rows = self.following.news(&self.reader).ok()?;
        let wanted = rows.iter().filter(|row| {
            let outcome = self.outcome.as_ref();
            outcome.is_none_or(|outcome| *outcome == row.outcome)
        });
        for row in wanted {
            let event = Event::default().event("call").id(row.number.to_string());
            self.waiting.push_back(event.json_data(Line::of(row)).ok()?);
        }
        Some(self)
    }
}
