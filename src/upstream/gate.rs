//! Who says whether a server may be started, and which of its tools may be used: the scanner, where it is on.

use async_trait::async_trait;

use crate::{config, message::Payload};

/// What a server declares, as it wrote it.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// What it tells a model of itself, as a JSON string.
    pub instructions: Option<Payload>,
    /// The definitions of its tools that the configuration lets be offered.
    pub tools: Vec<Payload>,
    /// The definitions of its prompts.
    pub prompts: Vec<Payload>,
    /// The definitions of its resources.
    pub resources: Vec<Payload>,
    /// The definitions of its resource templates.
    pub templates: Vec<Payload>,
}

/// What is not to be used of a server.
#[derive(Clone, Debug, Default)]
pub struct Ruling {
    /// Why nothing of it is to be used, if so.
    pub server: Option<String>,
    /// Tools that are not to be used, by their place in [`Declared::tools`], each with the reason. A model may read it.
    pub tools: Vec<(usize, String)>,
}

/// A tool that is not offered, because of a [`Ruling`].
#[derive(Clone, Debug)]
pub struct Withheld {
    /// Its name at the server.
    pub name: String,
    /// The reason, for whoever calls it.
    pub why: String,
}

/// Rules over servers.
#[async_trait]
pub trait Gate: Send + Sync {
    /// Whether a server may be started; asked before each start.
    ///
    /// # Errors
    /// Says why not.
    async fn admit(&self, server: &config::Server) -> Result<(), String>;

    /// What of a server may be used; asked whenever it is known anew what it declares, and before anybody else knows.
    async fn judge(&self, server: &config::Server, declared: Declared) -> Ruling;
}
