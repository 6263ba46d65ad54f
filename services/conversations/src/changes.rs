//! What is said so that people's screens follow.

use diesel::result::QueryResult;
use domain::store::Tx;
use domain::{AccountId, ConversationId, Timestamp};
use events::{ConversationChanged, NumbersChanged};

/// People see something new in a conversation.
pub(crate) async fn conversation_changed(
    tx: &mut Tx,
    (account, conversation): (AccountId, ConversationId),
    what: &str,
    now: Timestamp,
) -> QueryResult<()> {
    let changed = ConversationChanged { account, conversation, what: what.to_owned() };
    outbox::enqueue(tx, &changed, now).await
}

/// An account's numbers, or what they may do, changed.
pub(crate) async fn numbers_changed(
    tx: &mut Tx,
    account: AccountId,
    now: Timestamp,
) -> QueryResult<()> {
    outbox::enqueue(tx, &NumbersChanged { account }, now).await
}
