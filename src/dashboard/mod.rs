//! A page on this machine over the trace store: it reads, and changes nothing.
//!
//! Every page is HTML made here, from texts that are escaped by the template; nothing of a call is ever markup. Who may
//! ask is in [`access`].

mod access;
mod chart;
mod format;
mod pages;
mod period;
mod shell;
mod stream;

use std::{io, net::Ipv4Addr, path::PathBuf, sync::Arc};

use axum::{
    Router,
    extract::{Query, State},
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::net::TcpListener;

use crate::trace::query::Reader;
use access::Access;
use pages::{Asked, PAGES, Page};

/// Files that pages refer to: path, type, content.
const ASSETS: &[(&str, &str, &str)] = &[
    (
        "/style.css",
        "text/css; charset=utf-8",
        include_str!("assets/style.css"),
    ),
    (
        "/live.js",
        "text/javascript; charset=utf-8",
        include_str!("assets/live.js"),
    ),
    ("/icon.svg", "image/svg+xml", include_str!("assets/icon.svg")),
];

/// What every request is answered from.
struct Dashboard {
    store: PathBuf,
    access: Access,
}

/// The dashboard, listening.
pub struct Listening {
    listener: TcpListener,
    dashboard: Dashboard,
    /// Where a person opens it, once: the address holds a token.
    pub address: String,
}

impl Listening {
    /// Listens on the loopback address, at `port` or, for 0, at any that is free, to show the store at `store`.
    ///
    /// # Errors
    /// Where the port is taken, or the system gives no random numbers.
    pub async fn open(store: PathBuf, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let access = Access::new(listener.local_addr()?.port())?;
        Ok(Self {
            listener,
            address: access.address(),
            dashboard: Dashboard { store, access },
        })
    }

    /// Answers for as long as it is polled.
    ///
    /// # Errors
    /// Where no connection can be taken any more.
    pub async fn serve(self) -> io::Result<()> {
        axum::serve(self.listener, router(Arc::new(self.dashboard))).await
    }
}

fn router(dashboard: Arc<Dashboard>) -> Router {
    let mut router = Router::new()
        .route(access::ENTRANCE, get(access::enter).head(no_head))
        .route(stream::PATH, get(stream::calls));
    for (path, kind, content) in ASSETS {
        router = router.route(path, get(|| async { ([(header::CONTENT_TYPE, *kind)], *content) }));
    }
    for page in PAGES {
        let shown = |State(dashboard): State<Arc<Dashboard>>, Query(asked): Query<Asked>| shown(dashboard, page, asked);
        router = router.route(page.path, get(shown));
    }
    router
        .fallback(|| async { shell::message(StatusCode::NOT_FOUND, "There is no such page.") })
        .layer(middleware::from_fn_with_state(dashboard.clone(), access::judged))
        .with_state(dashboard)
}

/// A question for the head alone must not use the token up.
async fn no_head() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}

/// Reads the store and shows one page of it.
async fn shown(dashboard: Arc<Dashboard>, page: &'static Page, asked: Asked) -> Response {
    let made = tokio::task::spawn_blocking(move || -> Result<_, String> {
        let reader = Reader::open(&dashboard.store).map_err(|error| error.to_string())?;
        (page.show)(&reader, &asked)
            .map(|body| shell::page(page, &asked, &body))
            .map_err(|error| format!("The trace store can't be read: {error}"))
    });
    match made.await {
        Ok(Ok(html)) => html.into_response(),
        Ok(Err(why)) => shell::message(StatusCode::SERVICE_UNAVAILABLE, &why),
        Err(_) => shell::message(StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made."),
    }
}
