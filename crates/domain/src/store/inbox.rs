//! The inbox: which events a consumer has handled.

use diesel::result::QueryResult;
use diesel::sql_types::{Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::stmt::stmt;
use crate::{EventId, Timestamp};

/// Writing: `crates/outbox` only.
pub mod write {
    use super::*;

    /// Marks the event as handled by this consumer; `false` when it was already.
    pub async fn first_time(
        conn: &mut AsyncPgConnection,
        consumer: &str,
        event: EventId,
    ) -> QueryResult<bool> {
        let inserted =
            stmt("INSERT INTO inbox (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind::<Text, _>(consumer)
                .bind::<SqlUuid, _>(event)
                .execute(conn)
                .await?;
        Ok(inserted == 1)
    }

    /// Forgets what was handled before `before`.
    pub async fn prune(conn: &mut AsyncPgConnection, before: Timestamp) -> QueryResult<usize> {
        stmt("DELETE FROM inbox WHERE handled_at < $1")
            .bind::<Timestamptz, _>(before)
            .execute(conn)
            .await
    }
}
