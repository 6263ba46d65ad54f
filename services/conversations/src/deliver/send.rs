//! The call.

use std::sync::Arc;

use domain::PhoneNumber;
use domain::store::conversations::Claimed;
use providers::{OutboundText, SendError};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, info_span};

use super::Desk;

impl Desk {
    /// Sends one claimed text and records what came of it.
    pub(super) async fn send(self: Arc<Self>, text: Claimed, stop: CancellationToken) {
        let span = info_span!("send_text", message.id = %text.id, pool_number.id = %text.number_id, attempt = text.attempts);
        telemetry::context::set_parent(&span, text.traceparent.as_deref());
        let claimed_at = tokio::time::Instant::now();
        async {
            // Whoever was held up for so long (a stopped process, a machine that slept) may find
            // that another took the text for lost.
            if claimed_at.elapsed() + self.send_timeout >= self.lease {
                tracing::warn!(message.id = %text.id, "claimed too long ago to be sent");
                return;
            }
            let outcome = self.call(&text).await;
            self.record(&text, outcome, stop).await;
        }
        .instrument(span)
        .await;
    }

    async fn call(&self, text: &Claimed) -> Result<domain::MessageSid, SendError> {
        let parse = |raw: &str| {
            // A short code or a name wrote to us: nothing can be sent to it.
            let unusable = SendError::Rejected { code: 21211, recipient_unusable: true };
            PhoneNumber::parse(raw).map_err(|_| unusable)
        };
        let outbound = OutboundText {
            message: text.id,
            from: parse(&text.from_number)?,
            to: parse(&text.to_number)?,
            body: text.body.clone(),
        };
        match tokio::time::timeout(self.send_timeout, self.sender.send(&outbound)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(SendError::Unknown),
        }
    }
}
