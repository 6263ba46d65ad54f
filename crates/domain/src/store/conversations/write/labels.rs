//! Labels and notes.

use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::store::conversations::words::Color;
use crate::store::stmt::stmt;
use crate::{AccountId, ConversationId, LabelId, NoteId, Timestamp, UserId};

/// Makes a label; `false` when the account has one of that name.
pub async fn create_label(
    conn: &mut AsyncPgConnection,
    id: LabelId,
    account: AccountId,
    (name, color): (&str, Color),
    now: Timestamp,
) -> QueryResult<bool> {
    let created = stmt(
        "INSERT INTO labels (id, account_id, name, color, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id, lower(name)) DO NOTHING",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(account)
    .bind::<Text, _>(name)
    .bind::<Text, _>(color.as_str())
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(created == 1)
}

/// Renames or recolours a label; `false` when the account has no such label. A name that another has
/// is a unique key violation.
pub async fn edit_label(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    id: LabelId,
    (name, color): (Option<&str>, Option<Color>),
) -> QueryResult<bool> {
    let edited = stmt(
        "UPDATE labels SET name = COALESCE($3, name), color = COALESCE($4, color)
         WHERE id = $2 AND account_id = $1",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(id)
    .bind::<Nullable<Text>, _>(name)
    .bind::<Nullable<Text>, _>(color.map(Color::as_str))
    .execute(conn)
    .await?;
    Ok(edited == 1)
}

/// Takes a label away, also from every conversation; `false` when there was none.
pub async fn delete_label(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    id: LabelId,
) -> QueryResult<bool> {
    let deleted = stmt("DELETE FROM labels WHERE id = $2 AND account_id = $1")
        .bind::<SqlUuid, _>(account)
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(deleted == 1)
}

/// What came of giving labels to a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labelled {
    /// It has these now.
    Changed,
    /// It had them already.
    Unchanged,
    /// One of them is not the account's.
    NoSuchLabel,
}

/// Gives a conversation these labels and no others; the caller holds its lock.
pub async fn set_labels(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    conversation: ConversationId,
    labels: &[LabelId],
) -> QueryResult<Labelled> {
    #[derive(diesel::QueryableByName)]
    struct Known {
        #[diesel(sql_type = BigInt)]
        known: i64,
        #[diesel(sql_type = BigInt)]
        asked: i64,
    }
    let row: Known = stmt(
        "SELECT (SELECT count(*) FROM labels WHERE account_id = $1 AND id = ANY($2)) AS known,
           (SELECT count(DISTINCT id) FROM unnest($2) AS asked (id)) AS asked",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Array<SqlUuid>, _>(labels)
    .get_result(conn)
    .await?;
    if row.known != row.asked {
        return Ok(Labelled::NoSuchLabel);
    }
    let taken =
        stmt("DELETE FROM conversation_labels WHERE conversation_id = $1 AND label_id <> ALL($2)")
            .bind::<SqlUuid, _>(conversation)
            .bind::<Array<SqlUuid>, _>(labels)
            .execute(conn)
            .await?;
    let given = stmt(
        "INSERT INTO conversation_labels (conversation_id, label_id) SELECT $1, id FROM unnest($2) AS given (id)
         ON CONFLICT DO NOTHING",
    )
    .bind::<SqlUuid, _>(conversation)
    .bind::<Array<SqlUuid>, _>(labels)
    .execute(conn)
    .await?;
    Ok(if taken + given > 0 { Labelled::Changed } else { Labelled::Unchanged })
}

/// Adds a note; the caller has seen that the conversation is the account's.
pub async fn add_note(
    conn: &mut AsyncPgConnection,
    id: NoteId,
    (account, conversation): (AccountId, ConversationId),
    author: UserId,
    body: &str,
    now: Timestamp,
) -> QueryResult<()> {
    stmt(
        "INSERT INTO conversation_notes (id, account_id, conversation_id, body, author_user_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(conversation)
    .bind::<Text, _>(body)
    .bind::<SqlUuid, _>(author)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await
    .map(drop)
}

/// Takes a note away; `false` when there was none.
pub async fn delete_note(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    conversation: ConversationId,
    id: NoteId,
) -> QueryResult<bool> {
    let deleted = stmt(
        "DELETE FROM conversation_notes WHERE id = $3 AND conversation_id = $2 AND account_id = $1",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(conversation)
    .bind::<SqlUuid, _>(id)
    .execute(conn)
    .await?;
    Ok(deleted == 1)
}
