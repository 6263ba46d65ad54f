//! Which number a recipient sees: the one they always saw or, for a new one, the next in the deal.
//!
//! The deal itself is pure ([`crate::rotation::deal`]); here stand the lock that makes it the only
//! one of its account, and the set-based statements around it, the same for one recipient and for a
//! hundred thousand.

use chrono::NaiveDate;
use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{
    Array, BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::super::rows::{Assigned, SeatRow};
use crate::rotation::{Deal, Seat, deal};
use crate::store::StoreError;
use crate::store::stmt::stmt;
use crate::{AccountId, ContactId, ConversationId, PhoneNumber, Timestamp, UserId};

/// Someone to be texted.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// Canonical.
    pub phone: PhoneNumber,
    /// As it was given.
    pub raw: String,
    /// Who becomes the owner of a new conversation.
    pub user: Option<UserId>,
}

/// What came of it. A recipient is in one of the three.
#[derive(Debug, Default)]
pub struct Assignments {
    /// Had a number, and keeps it; the conversation was touched.
    pub kept: Vec<Assigned>,
    /// Were dealt one now.
    pub dealt: Vec<Assigned>,
    /// Found no number with room: all are disabled, quarantined or over their day's budget.
    pub refused: Vec<NoNumber>,
}

/// A recipient for whom the pool has no number today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoNumber {
    /// The recipient.
    pub to_number: String,
}

/// Finds or deals a number for each recipient (doubles in the list are one). `today` is the day of
/// the account's zone, which the budgets count by.
pub async fn assign(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    recipients: &[Recipient],
    today: NaiveDate,
    now: Timestamp,
) -> Result<Assignments, StoreError> {
    let mut wanted: Vec<&Recipient> = recipients.iter().collect();
    wanted.sort_by(|a, b| a.phone.cmp(&b.phone));
    wanted.dedup_by(|a, b| a.phone == b.phone);
    // The hot path: everyone has a number, and one statement is all.
    let kept = touch(conn, account, &wanted, IfThere::All, now).await?;
    if kept.len() == wanted.len() {
        return Ok(Assignments { kept, ..Assignments::default() });
    }
    // Locks are taken in one order, the rotation and then conversations by their ids: whoever held a
    // conversation while it waits for the rotation could be waited for by who has the rotation.
    // A statement of its own: its snapshot is taken after the wait, so what follows sees the last
    // deal. In one statement with the read it would read stale rows.
    let pass = lock_rotation(conn, account).await?;
    let kept = touch(conn, account, &wanted, IfThere::Any, now).await?;
    let mut new = without(wanted, &kept);
    let mut assignments = Assignments { kept, ..Assignments::default() };
    let rows = match pass {
        Some(_) => seats(conn, account, today, now).await?,
        // An account that never had a number.
        None => Vec::new(),
    };
    let mut seats: Vec<Seat> = rows.iter().map(seat).collect();

    let deal = deal(&mut seats, pass.unwrap_or(0), new.len());
    let refused = new.split_off(deal.order.len().min(new.len()));
    assignments.refused = refused
        .into_iter()
        .map(|recipient| NoNumber { to_number: recipient.phone.as_e164().to_owned() })
        .collect();
    if new.is_empty() {
        return Ok(assignments);
    }
    let dealt = bind(conn, account, &new, &rows, &deal, now).await?;
    advance(conn, account, &seats, &deal, today, now).await?;
    if dealt.len() < new.len() {
        // An inbound text opened the conversation at this very moment, on the number it came to.
        let opened = without(new, &dealt);
        assignments.kept.extend(touch(conn, account, &opened, IfThere::Any, now).await?);
    }
    assignments.dealt = dealt;
    Ok(assignments)
}

fn without<'r>(recipients: Vec<&'r Recipient>, known: &[Assigned]) -> Vec<&'r Recipient> {
    let known: std::collections::HashSet<&str> =
        known.iter().map(|row| row.to_number.as_str()).collect();
    recipients.into_iter().filter(|recipient| !known.contains(recipient.phone.as_e164())).collect()
}

fn seat(row: &SeatRow) -> Seat {
    Seat {
        number: row.id,
        weight: u16::try_from(row.rotation_priority).unwrap_or(1),
        turn: row.turn,
        last_used_at: row.last_used_at,
        room: u32::try_from(row.room).unwrap_or(0),
    }
}

/// Which recipients must have a conversation for any of them to be touched.
#[derive(Clone, Copy)]
enum IfThere {
    /// All, or none is touched and nothing is locked.
    All,
    /// Those that have one are touched.
    Any,
}

/// Locks and touches conversations in the order of their ids, as [`super::lock_conversations`]
/// does: two that touch the same ones can't wait for each other.
async fn touch(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    recipients: &[&Recipient],
    if_there: IfThere,
    now: Timestamp,
) -> QueryResult<Vec<Assigned>> {
    let phones: Vec<&str> = recipients.iter().map(|recipient| recipient.phone.as_e164()).collect();
    let at_least = match if_there {
        IfThere::All => i64::try_from(phones.len()).unwrap_or(i64::MAX),
        IfThere::Any => 0,
    };
    stmt(
        "WITH locked AS (
           SELECT id FROM user_conversations WHERE to_number = ANY($2) AND account_id = $1
             AND ($4 = 0 OR
               (SELECT count(*) FROM user_conversations WHERE to_number = ANY($2) AND account_id = $1) >= $4)
           ORDER BY id FOR NO KEY UPDATE)
         UPDATE user_conversations c SET last_message_at = GREATEST(c.last_message_at, $3)
         FROM locked WHERE c.id = locked.id
         RETURNING c.to_number, c.id AS conversation_id, c.contact_id, c.number_id, c.from_twilio_number",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Array<Text>, _>(phones)
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(at_least)
    .load(conn)
    .await
}

/// Where the account's deal stands; `None` when it never had a number.
async fn lock_rotation(
    conn: &mut AsyncPgConnection,
    account: AccountId,
) -> QueryResult<Option<i64>> {
    #[derive(diesel::QueryableByName)]
    struct Pass {
        #[diesel(sql_type = BigInt)]
        pass: i64,
    }
    let row: Option<Pass> = stmt("SELECT pass FROM rotations WHERE account_id = $1 FOR UPDATE")
        .bind::<SqlUuid, _>(account)
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.map(|row| row.pass))
}

async fn seats(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    today: NaiveDate,
    now: Timestamp,
) -> QueryResult<Vec<SeatRow>> {
    stmt(
        "SELECT id, phone_number, rotation_priority, turn, last_used_at,
           CASE WHEN budget_day = $2 THEN GREATEST(new_recipients_per_day - budget_used, 0)
                ELSE new_recipients_per_day END AS room
         FROM phone_numbers
         WHERE account_id = $1 AND rotation_enabled
           AND (quarantined_until IS NULL OR quarantined_until <= $3)",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Date, _>(today)
    .bind::<Timestamptz, _>(now)
    .load(conn)
    .await
}

/// Makes contacts and conversations for the dealt recipients, in the order of the deal.
async fn bind(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    recipients: &[&Recipient],
    seats: &[SeatRow],
    deal: &Deal,
    now: Timestamp,
) -> QueryResult<Vec<Assigned>> {
    let phones: Vec<&str> = recipients.iter().map(|recipient| recipient.phone.as_e164()).collect();
    let raws: Vec<&str> = recipients.iter().map(|recipient| recipient.raw.as_str()).collect();
    let contacts: Vec<ContactId> = phones.iter().map(|_| ContactId::generate()).collect();
    stmt(
        "INSERT INTO contacts (id, account_id, phone_number, phone_raw, created_at)
         SELECT u.id, $1, u.phone, u.raw, $5 FROM unnest($2, $3, $4) AS u (id, phone, raw)
         ON CONFLICT (account_id, phone_number) DO NOTHING",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Array<SqlUuid>, _>(contacts)
    .bind::<Array<Text>, _>(&phones)
    .bind::<Array<Text>, _>(raws)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    // The contact by a subquery, not by a join: planned while the tables are new and without
    // statistics, the join reads all contacts of the account, and a connection keeps that plan.
    let ids: Vec<ConversationId> = phones.iter().map(|_| ConversationId::generate()).collect();
    let users: Vec<Option<UserId>> = recipients.iter().map(|recipient| recipient.user).collect();
    let dealt = deal.order.iter().filter_map(|index| seats.get(*index));
    let (numbers, froms): (Vec<_>, Vec<&str>) =
        dealt.map(|seat| (seat.id, seat.phone_number.as_str())).unzip();
    stmt(
        "INSERT INTO user_conversations (id, account_id, user_id, contact_id, to_number, number_id,
           from_twilio_number, last_message_at, created_at, assigned_reason, assigned_at)
         SELECT u.id, $1, u.user_id,
           (SELECT p.id FROM contacts p WHERE p.account_id = $1 AND p.phone_number = u.phone),
           u.phone, u.number_id, u.from_number, $7, $7, 'rotation', $7
         FROM unnest($2, $3, $4, $5, $6) AS u (id, user_id, phone, number_id, from_number)
         ON CONFLICT (to_number, account_id) DO NOTHING
         RETURNING to_number, id AS conversation_id, contact_id, number_id, from_twilio_number",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Nullable<SqlUuid>>, _>(users)
    .bind::<Array<Text>, _>(&phones)
    .bind::<Array<SqlUuid>, _>(numbers)
    .bind::<Array<Text>, _>(froms)
    .bind::<Timestamptz, _>(now)
    .load(conn)
    .await
}

/// Writes back where each number stands after the deal.
async fn advance(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    seats: &[Seat],
    deal: &Deal,
    today: NaiveDate,
    now: Timestamp,
) -> QueryResult<()> {
    let mut uses = vec![0_i32; seats.len()];
    for index in &deal.order {
        if let Some(count) = uses.get_mut(*index) {
            *count += 1;
        }
    }
    let used = || seats.iter().zip(&uses).filter(|(_, uses)| **uses > 0);
    let numbers: Vec<Uuid> = used().map(|(seat, _)| seat.number.as_uuid()).collect();
    let turns: Vec<i64> = used().map(|(seat, _)| seat.turn).collect();
    let counts: Vec<i32> = used().map(|(_, uses)| *uses).collect();
    stmt(
        "WITH moved AS (
           UPDATE phone_numbers n SET turn = u.turn, uses = n.uses + u.count, last_used_at = $5,
             budget_used = u.count + CASE WHEN n.budget_day = $6 THEN n.budget_used ELSE 0 END,
             budget_day = $6
           FROM unnest($2, $3, $4) AS u (id, turn, count) WHERE n.id = u.id RETURNING 1)
         UPDATE rotations SET pass = $7 WHERE account_id = $1",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Array<SqlUuid>, _>(numbers)
    .bind::<Array<BigInt>, _>(turns)
    .bind::<Array<Integer>, _>(counts)
    .bind::<Timestamptz, _>(now)
    .bind::<Date, _>(today)
    .bind::<BigInt, _>(deal.pass)
    .execute(conn)
    .await
    .map(drop)
}
