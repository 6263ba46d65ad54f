//! Events as they go over the wire, made once for all who listen.

use std::collections::HashMap;

use actix_web::web::Bytes;
use domain::store::conversations::views::{
    ConversationView, ImportView, MessageView, conversation_views, import_view, message_views,
};
use domain::store::gateway::LiveRow;
use domain::store::{StoreError, Tx};
use domain::{AccountId, ConversationId, ImportId, MessageId};
use serde::Serialize;
use utoipa::ToSchema;

/// An event, ready to be sent.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Its place in the account's order.
    pub id: i64,
    /// What is sent; shared by all who listen.
    pub bytes: Bytes,
}

/// `event: conversation_changed`: a conversation, or a text in it, as it looks now.
#[derive(Serialize, ToSchema)]
pub struct ConversationChange<'a> {
    /// `text_received`, `text_queued`, `text_sent`, `text_delivered`, `text_failed`, `started`,
    /// `reassigned`, `opted_out`, `opted_in`, `status`, `owner`, `read`, `labels`, `note`, `assistant`,
    /// `contact` or `deleted`.
    #[schema(example = "text_received")]
    pub what: &'a str,
    /// Which.
    #[schema(value_type = Uuid)]
    pub conversation_id: ConversationId,
    /// As it looks now; nothing when it is gone.
    #[schema(value_type = Option<ConversationView>, required)]
    pub conversation: Option<&'a ConversationView>,
    /// The text that it is about.
    #[schema(value_type = Option<MessageView>, required)]
    pub message: Option<&'a MessageView>,
}

/// `event: import_progressed`.
#[derive(Serialize, ToSchema)]
pub struct ImportProgress<'a> {
    /// As it stands now; nothing when it is gone.
    #[schema(value_type = Option<ImportView>, required)]
    pub import: Option<&'a ImportView>,
}

/// How the things that a batch of rows is about look now.
#[derive(Default)]
struct Looks {
    conversations: HashMap<ConversationId, ConversationView>,
    messages: HashMap<MessageId, MessageView>,
    imports: HashMap<ImportId, ImportView>,
}

/// The frames of an account's rows, read after the rows: what is told is never older than its place.
pub async fn frames(
    conn: &mut Tx,
    account: AccountId,
    rows: &[LiveRow],
) -> Result<Vec<Frame>, StoreError> {
    let looks = Looks::of(conn, account, rows).await?;
    Ok(rows.iter().map(|row| looks.frame(row)).collect())
}

impl Looks {
    async fn of(conn: &mut Tx, account: AccountId, rows: &[LiveRow]) -> Result<Self, StoreError> {
        let mut looks = Self::default();
        let conversations = distinct(rows.iter().filter_map(|row| row.conversation_id));
        for view in conversation_views(conn, account, &conversations).await? {
            looks.conversations.insert(view.id, view);
        }
        let messages = distinct(rows.iter().filter_map(|row| row.message_id));
        for view in message_views(conn, account, &messages).await? {
            looks.messages.insert(view.id, view);
        }
        // Few at a time: an import says where it is about once a second.
        for id in distinct(rows.iter().filter_map(|row| row.import_id)) {
            if let Some(view) = import_view(conn, account, id).await? {
                looks.imports.insert(id, view);
            }
        }
        Ok(looks)
    }

    fn frame(&self, row: &LiveRow) -> Frame {
        let data = match (row.conversation_id, row.import_id) {
            (Some(id), _) => serde_json::to_string(&ConversationChange {
                what: &row.what,
                conversation_id: id,
                conversation: self.conversations.get(&id),
                message: row.message_id.and_then(|id| self.messages.get(&id)),
            }),
            (None, Some(id)) => {
                serde_json::to_string(&ImportProgress { import: self.imports.get(&id) })
            }
            (None, None) => Ok("{}".to_owned()),
        };
        let data = data.unwrap_or_else(|_| "{}".to_owned());
        Frame { id: row.id, bytes: event(&row.kind, Some(row.id), &data) }
    }
}

/// One event in the form of `text/event-stream`. JSON has no raw line ends, so one `data` line is
/// enough.
pub fn event(name: &str, id: Option<i64>, data: &str) -> Bytes {
    match id {
        Some(id) => format!("id: {id}\nevent: {name}\ndata: {data}\n\n").into(),
        None => format!("event: {name}\ndata: {data}\n\n").into(),
    }
}

fn distinct<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.collect();
    ids.sort();
    ids.dedup();
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_lines_and_an_empty_one() {
        assert_eq!(
            event("numbers_changed", Some(7), "{}"),
            "id: 7\nevent: numbers_changed\ndata: {}\n\n"
        );
        assert_eq!(event("hb", None, "{}"), "event: hb\ndata: {}\n\n");
    }
}
