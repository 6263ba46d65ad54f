//! How many texts each number has carried, counted in passing.

use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use crate::Timestamp;
use crate::store::stmt::stmt;

#[derive(diesel::QueryableByName)]
struct Mark {
    #[diesel(sql_type = SqlUuid)]
    counted_to: Uuid,
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Counts the next `at_most` texts that were made before `before`; returns how many there were. It must
/// be long enough ago that every transaction which made one has ended. One process at a time: others
/// count nothing.
pub async fn tally(
    conn: &mut AsyncPgConnection,
    before: Timestamp,
    at_most: i64,
) -> QueryResult<i64> {
    let mark: Option<Mark> = stmt("SELECT counted_to FROM tally_marks FOR UPDATE SKIP LOCKED")
        .get_result(conn)
        .await
        .optional()?;
    let Some(mark) = mark else { return Ok(0) };
    let row: Count = stmt(
        "WITH step AS MATERIALIZED (
           SELECT id, number_id FROM sms_messages WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3),
         tallied AS (
           INSERT INTO number_tallies AS t (number_id, texts) SELECT number_id, count(*) FROM step GROUP BY number_id
           ON CONFLICT (number_id) DO UPDATE SET texts = t.texts + EXCLUDED.texts),
         moved AS (
           UPDATE tally_marks SET counted_to = (SELECT id FROM step ORDER BY id DESC LIMIT 1)
           WHERE EXISTS (SELECT 1 FROM step))
         SELECT count(*) AS count FROM step",
    )
    .bind::<SqlUuid, _>(mark.counted_to)
    .bind::<SqlUuid, _>(first_of(before))
    .bind::<BigInt, _>(at_most)
    .get_result(conn)
    .await?;
    Ok(row.count)
}

/// The lowest id of version 7 that could be made at this time.
fn first_of(at: Timestamp) -> Uuid {
    let millis = u128::try_from(at.timestamp_millis()).unwrap_or(0);
    Uuid::from_u128(millis << 80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_not_below_the_first_of_its_time() {
        let now = Timestamp::from_timestamp(1_795_456_800, 0).unwrap();
        let stamp = uuid::Timestamp::from_unix(uuid::NoContext, 1_795_456_800, 0);
        let id = Uuid::new_v7(stamp);
        assert!(first_of(now) <= id);
        assert!(first_of(now + chrono::TimeDelta::milliseconds(1)) > id);
    }
}
