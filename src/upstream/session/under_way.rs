//! A request whose answer is waited for.

use super::Session;
use crate::{guard::Cleared, wire::Frame};

/// A request that the server knows of. Dropped before its answer came, it is cancelled.
pub(super) struct UnderWay<'s> {
    pub(super) session: &'s Session,
    pub(super) number: u64,
    /// Whether the server may be told: `initialize` is not cancelled (MCP 2025-11-25, cancellation).
    pub(super) cancel: bool,
}

impl UnderWay<'_> {
    /// Its answer came.
    pub(super) fn done(mut self) {
        self.cancel = false;
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let waited = self.session.take(self.number).is_some();
        if waited && self.cancel {
            let params = Cleared::with_number(
                r#"{"requestId":"#,
                self.number,
                r#","reason":"cancelled or out of time"}"#,
            );
            self.session
                .outbox
                .try_send(Frame::notification("notifications/cancelled", &params));
        }
    }
}
