//! Long lists: which rows, in which order, and how to come to a place deep inside without walking
//! there. A list is ordered by a time, newest first, and then by id; a [`Key`] is a place in it.
//!
//! The statements are put together of a few constant parts, every value is bound.

mod filter;
mod search;

use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use crate::store::stmt::{Stmt, stmt};
use crate::{AccountId, Timestamp};

pub use filter::{ConversationFilter, Owner, contacts, conversations};
pub use search::{MOST_FOUND, Search, contacts_found, conversations_found};

/// A place in a list: this row's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Key {
    /// What the list is ordered by.
    #[diesel(sql_type = Timestamptz)]
    pub at: Timestamp,
    /// The row.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
}

/// A value of a statement.
#[derive(Debug, Clone)]
enum Bind {
    Id(Uuid),
    Words(String),
    At(Timestamp),
    Count(i64),
}

/// A list: rows of an account under a filter, in their order.
#[derive(Debug, Clone)]
pub struct Scope {
    /// `user_conversations c`.
    from: &'static str,
    /// `c.last_message_at`.
    at: &'static str,
    /// `c.id`.
    id: &'static str,
    /// `c.account_id = $1 AND …`.
    condition: String,
    binds: Vec<Bind>,
}

/// Between which places of a list.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// No row that is newer.
    pub as_of: Timestamp,
    /// Only rows that come after this one.
    pub after: Option<Key>,
    /// And none that comes after this one.
    pub through: Option<Key>,
}

impl Span {
    /// All that is not newer.
    pub fn as_of(as_of: Timestamp) -> Self {
        Self { as_of, after: None, through: None }
    }
}

impl Scope {
    /// All rows of an account; `condition` names it as `$1`.
    fn new(
        (from, at, id): (&'static str, &'static str, &'static str),
        condition: &str,
        account: AccountId,
    ) -> Self {
        let binds = vec![Bind::Id(account.as_uuid())];
        Self { from, at, id, condition: condition.to_owned(), binds }
    }

    /// Adds a condition in which `?` stands for the value.
    fn and(&mut self, condition: &str, bind: Bind) {
        self.binds.push(bind);
        let place = format!("${}", self.binds.len());
        self.condition.push_str(" AND ");
        self.condition.push_str(&condition.replace('?', &place));
    }

    fn and_that(&mut self, condition: &str) {
        self.condition.push_str(" AND ");
        self.condition.push_str(condition);
    }

    fn within(&self, span: Span) -> Self {
        let mut narrowed = self.clone();
        let (at, id) = (self.at, self.id);
        narrowed.and(&format!("{at} <= ?"), Bind::At(span.as_of));
        for (key, sign) in [(span.after, "<"), (span.through, ">=")] {
            let Some(key) = key else { continue };
            narrowed.binds.extend([Bind::At(key.at), Bind::Id(key.id)]);
            let n = narrowed.binds.len();
            narrowed.and_that(&format!("({at}, {id}) {sign} (${}, ${n})", n - 1));
        }
        narrowed
    }

    /// Binds the values of the conditions, and then these.
    fn bound(self, sql: String, more: impl IntoIterator<Item = Bind>) -> Stmt<'static> {
        let binds = self.binds.into_iter().chain(more);
        binds.fold(stmt(sql), |statement, bind| match bind {
            Bind::Id(id) => statement.bind::<SqlUuid, _>(id),
            Bind::Words(words) => statement.bind::<Text, _>(words),
            Bind::At(at) => statement.bind::<Timestamptz, _>(at),
            Bind::Count(count) => statement.bind::<BigInt, _>(count),
        })
    }
}

/// Rows of a list, from `offset` rows behind the beginning of the span on.
pub async fn keys(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    span: Span,
    offset: i64,
    limit: i64,
) -> QueryResult<Vec<Key>> {
    let scope = scope.within(span);
    let n = scope.binds.len();
    let Scope { from, at, id, condition, .. } = &scope;
    let sql = format!(
        "SELECT {at} AS at, {id} AS id FROM {from} WHERE {condition}
         ORDER BY {at} DESC, {id} DESC OFFSET ${} LIMIT ${}",
        n + 1,
        n + 2
    );
    scope.bound(sql, [Bind::Count(offset), Bind::Count(limit)]).load(conn).await
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many rows a span has, counted no further than `most`.
pub async fn count(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    span: Span,
    most: i64,
) -> QueryResult<i64> {
    let scope = scope.within(span);
    let Scope { from, condition, .. } = &scope;
    let sql = format!(
        "SELECT count(*) AS count FROM (SELECT 1 FROM {from} WHERE {condition} LIMIT ${}) AS up_to",
        scope.binds.len() + 1
    );
    let row: Count = scope.bound(sql, [Bind::Count(most)]).get_result(conn).await?;
    Ok(row.count)
}

/// How many rows are newer than `since`, but not newer than the span's end; no further than `most`.
pub async fn count_since(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    since: Timestamp,
    as_of: Timestamp,
    most: i64,
) -> QueryResult<i64> {
    let mut scope = scope.clone();
    scope.and(&format!("{} > ?", scope.at), Bind::At(since));
    count(conn, &scope, Span::as_of(as_of), most).await
}

/// The key of every `every`-th row and the number of all rows, in one walk through the index.
pub async fn anchors(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    as_of: Timestamp,
    every: i64,
) -> QueryResult<(Vec<Key>, i64)> {
    let narrowed = scope.within(Span::as_of(as_of));
    let Scope { from, at, id, condition, .. } = &narrowed;
    let sql = format!(
        "SELECT at, id FROM (
           SELECT {at} AS at, {id} AS id, row_number() OVER (ORDER BY {at} DESC, {id} DESC) AS place
           FROM {from} WHERE {condition}) AS placed
         WHERE place % ${} = 0 ORDER BY place",
        narrowed.binds.len() + 1
    );
    let anchors: Vec<Key> = narrowed.clone().bound(sql, [Bind::Count(every)]).load(conn).await?;
    let rest = Span { as_of, after: anchors.last().copied(), through: None };
    // New rows may have come behind the last anchor since; so many that it matters never do.
    let rest = count(conn, scope, rest, every * 2).await?;
    let walked = i64::try_from(anchors.len()).unwrap_or(i64::MAX).saturating_mul(every);
    Ok((anchors, walked.saturating_add(rest)))
}
