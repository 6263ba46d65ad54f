//! One file an event heard: load, decide, store, say.

mod reply_drafted;
mod reply_withheld;
mod sms_received;
mod sms_status_changed;

pub use reply_drafted::OnReplyDrafted;
pub use reply_withheld::OnReplyWithheld;
pub use sms_received::OnSmsReceived;
pub use sms_status_changed::OnSmsStatusChanged;

use chassis::HandleError;
use domain::Timestamp;
use domain::store::Tx;
use domain::store::conversations::{ConversationRow, write};

/// Gives a person the word, and says so.
async fn hand_over(
    tx: &mut Tx,
    conversation: &ConversationRow,
    why: &str,
    now: Timestamp,
) -> Result<(), HandleError> {
    if write::hand_over(tx, conversation.id, why, now).await? {
        let of = (conversation.account_id, conversation.id);
        crate::changes::conversation_changed(tx, of, "assistant", now).await?;
    }
    Ok(())
}
