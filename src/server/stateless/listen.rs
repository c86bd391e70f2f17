//! `subscriptions/listen`: a request that lasts, and by which the client gets the news that it asks for.

use std::sync::Arc;

use serde_json::json;

use super::envelope::Request;
use crate::{
    gateway::{Filter, Gateway},
    guard::Cleared,
    json,
    message::{Kind, Payload},
    server::Connection,
    wire::{Frame, Id},
};

const METHOD: &str = "subscriptions/listen";

impl Connection {
    /// Sends the news that a request asks for until it is cancelled or the connection ends; its answer then.
    pub(super) async fn listen(&self, id: &Id, request: &Request) -> Frame {
        let members = json::members(request.params.text()).unwrap_or_default();
        let mut filter = Filter::read(members.raw("notifications").unwrap_or("{}"));
        let wanted = std::mem::take(&mut filter.uris);
        let mut listening = Listening {
            gateway: self.gateway.clone(),
            id: id.clone(),
            unheard: Vec::new(),
        };
        for uri in wanted {
            let params = Payload::from(json!({"uri": uri}));
            // A resource that nobody offers is left out of what is granted.
            if self.gateway.answer("resources/subscribe", &params).await.is_ok() {
                listening.unheard.push(uri.clone());
                filter.uris.push(uri);
            }
        }
        let granted = json!({"notifications": filter.object()});
        let granted = self.gateway.own_words(METHOD, Kind::Notification, granted).await;
        let frame = Frame::subscribed(id, "notifications/subscriptions/acknowledged", &granted);
        self.send(frame).await;
        // From the acknowledgement on, nothing that happens is missed: both are in the same line.
        listening.unheard.clear();
        self.gateway.client().listen(id.clone(), filter, self.gateway.changes());
        self.ending.cancelled().await;
        Frame::unsubscribed(id, &Cleared::constant(r#"{"resultType":"complete"}"#))
    }
}

/// A subscription, which its end takes back.
struct Listening {
    gateway: Arc<Gateway>,
    id: Id,
    /// Resources that were subscribed to before anybody listens.
    unheard: Vec<String>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut uris = self.gateway.client().unlisten(&self.id);
        uris.append(&mut self.unheard);
        let gateway = self.gateway.clone();
        // Beside whatever ends here: servers may take their time.
        tokio::spawn(async move {
            for uri in uris {
                let params = Payload::from(json!({"uri": uri}));
                let _ = gateway.answer("resources/unsubscribe", &params).await;
            }
        });
    }
}
