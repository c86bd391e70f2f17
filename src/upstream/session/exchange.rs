//! What is exchanged with a server: answers or failures, and what it sends of its own accord.

use std::time::Duration;

use async_trait::async_trait;

use crate::{guard::Cleared, message::Payload};

/// Why a request got no answer from its server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The server took too long.
    #[error("it did not answer within {} s", .0.as_secs_f32())]
    TimedOut(Duration),
    /// The connection ended before the answer came.
    #[error("{0}")]
    Gone(String),
    /// The answer was larger than a message may be.
    #[error("its answer of {length} bytes is over the limit of {limit} bytes for a message")]
    TooLong {
        /// How large it was, in bytes.
        length: usize,
        /// How large it may be, in bytes.
        limit: usize,
    },
    /// What was sent or what came back went astray, while others may fare better.
    #[error("{0}")]
    Astray(String),
    /// It asked for more each time that it was asked.
    #[error("it wanted to know more, {0} times in a row")]
    EndlessQuestions(usize),
}

/// What a server answered: the `result`, or else the `error` object.
pub type Answer = Result<Payload, Payload>;

/// Takes what a server sends of its own accord.
#[async_trait]
pub trait Inbound: Send + Sync {
    /// A request of the server's, by its name for it if it has one; the answer is its `result`, or else its `error` object.
    async fn request(&self, name: Option<&str>, method: &str, params: Payload) -> Result<Cleared, Cleared>;
    /// A notification of the server's, but for progress on a request, which goes to whoever made it.
    async fn notification(&self, method: &str, params: Payload);
}

/// Takes the progress notifications of one request, in their order. The next message of the server's is read when it
/// is done.
#[async_trait]
pub trait Progress: Send + Sync {
    /// The parameters of one notification; its token is the gateway's.
    async fn progress(&self, params: Payload);
}
