//! Rules that answer without the model, as a person writes them.

use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::store::stmt::stmt;
use crate::{AccountId, StaticResponseId};

/// A rule as a person writes it.
#[derive(Debug, Clone)]
pub struct NewStatic<'a> {
    /// Its name, unique in the account.
    pub name: &'a str,
    /// `keyword`, `phrase` or `regex`.
    pub kind: &'a str,
    /// What it looks for.
    pub pattern: &'a str,
    /// What it answers.
    pub body: &'a str,
    /// Only for customers of this language.
    pub language: Option<&'a str>,
    /// The highest that matches wins.
    pub priority: i32,
    /// `always`, `open` or `closed`.
    pub hours: &'a str,
    /// Whether it is tried at all.
    pub enabled: bool,
}

/// Makes a rule; `false` when the account has one of this name.
pub async fn create_static(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    id: StaticResponseId,
    rule: &NewStatic<'_>,
) -> QueryResult<bool> {
    let made = stmt(
        "INSERT INTO static_responses (id, account_id, name, kind, pattern, body, language, priority, hours, enabled)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (account_id, name) DO NOTHING",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(account)
    .bind::<Text, _>(rule.name)
    .bind::<Text, _>(rule.kind)
    .bind::<Text, _>(rule.pattern)
    .bind::<Text, _>(rule.body)
    .bind::<Nullable<Text>, _>(rule.language)
    .bind::<Integer, _>(rule.priority)
    .bind::<Text, _>(rule.hours)
    .bind::<Bool, _>(rule.enabled)
    .execute(conn)
    .await?;
    Ok(made == 1)
}

/// Writes a rule anew; `false` when the account has no such rule.
///
/// # Errors
/// A unique violation when another rule of the account has the name.
pub async fn change_static(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    id: StaticResponseId,
    rule: &NewStatic<'_>,
) -> QueryResult<bool> {
    let changed = stmt(
        "UPDATE static_responses SET name = $3, kind = $4, pattern = $5, body = $6, language = $7,
           priority = $8, hours = $9, enabled = $10
         WHERE id = $1 AND account_id = $2",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(account)
    .bind::<Text, _>(rule.name)
    .bind::<Text, _>(rule.kind)
    .bind::<Text, _>(rule.pattern)
    .bind::<Text, _>(rule.body)
    .bind::<Nullable<Text>, _>(rule.language)
    .bind::<Integer, _>(rule.priority)
    .bind::<Text, _>(rule.hours)
    .bind::<Bool, _>(rule.enabled)
    .execute(conn)
    .await?;
    Ok(changed == 1)
}

/// Takes a rule away; `false` when the account has no such rule.
pub async fn delete_static(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    id: StaticResponseId,
) -> QueryResult<bool> {
    let deleted = stmt("DELETE FROM static_responses WHERE id = $1 AND account_id = $2")
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(account)
        .execute(conn)
        .await?;
    Ok(deleted == 1)
}
