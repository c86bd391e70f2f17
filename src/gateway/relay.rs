//! What goes to the client without being asked for: progress on its calls.

use async_trait::async_trait;

use crate::{
    guard::Chain,
    json,
    message::{Direction, Envelope, Kind, Payload},
    upstream::Progress,
    wire::{Frame, Outbox},
};

/// The way to the client.
#[derive(Clone, Debug)]
pub struct ClientSide {
    /// Where frames to it go.
    pub outbox: Outbox,
}

/// Passes the progress of one call on to the client, under the client's own token.
pub(super) struct ProgressRelay {
    client: ClientSide,
    chain: Chain,
    envelope: Envelope,
    /// The client's token as it wrote it.
    token: String,
}

impl ProgressRelay {
    pub(super) fn new(client: &ClientSide, chain: &Chain, call: &Envelope, token: String) -> Self {
        let envelope = call.with(Kind::Notification, Direction::ToClient);
        Self {
            client: client.clone(),
            chain: chain.clone(),
            envelope,
            token,
        }
    }
}

#[async_trait]
impl Progress for ProgressRelay {
    async fn progress(&self, params: Payload) {
        let Some(span) = json::members(params.text())
            .ok()
            .and_then(|members| members.span("progressToken"))
        else {
            return;
        };
        let edit = json::Edit {
            span,
            with: self.token.clone(),
        };
        let params = Payload::from(json::splice(params.text(), &[edit]));
        match self.chain.clear(&self.envelope, params).await {
            // A client that is gone has no use for it.
            Ok(params) => drop(
                self.client
                    .outbox
                    .send(Frame::notification("notifications/progress", &params))
                    .await,
            ),
            Err(refusal) => {
                tracing::warn!(server = %self.envelope.server, "dropped a progress notification: {refusal}")
            }
        }
    }
}
