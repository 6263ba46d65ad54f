//! Accounts, the people in them and those who are invited.

use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Bytea, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::and_tell_all;
use crate::store::stmt::stmt;
use crate::{AccountId, InvitationId, Role, Timestamp, UserId};

/// Makes an account; one that is there already stays as it is.
pub async fn create_account(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    name: &str,
    time_zone: &str,
    language: &str,
) -> QueryResult<()> {
    stmt(
        "INSERT INTO accounts (id, name, time_zone, language) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO NOTHING",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Text, _>(name)
    .bind::<Text, _>(time_zone)
    .bind::<Text, _>(language)
    .execute(conn)
    .await
    .map(drop)
}

/// Changes what is given of an account.
pub async fn change_account(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    name: Option<&str>,
    time_zone: Option<&str>,
    language: Option<&str>,
) -> QueryResult<usize> {
    stmt(and_tell_all!(
        "UPDATE accounts SET name = COALESCE($2, name), time_zone = COALESCE($3, time_zone),
           language = COALESCE($4, language) WHERE id = $1"
    ))
    .bind::<SqlUuid, _>(account)
    .bind::<Nullable<Text>, _>(name)
    .bind::<Nullable<Text>, _>(time_zone)
    .bind::<Nullable<Text>, _>(language)
    .execute(conn)
    .await
}

/// Makes a person; `None` when the e-mail address is somebody's already, of whichever account.
pub async fn create_user(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    email: &str,
    name: &str,
    role: Role,
    password_hash: Option<&str>,
) -> QueryResult<Option<UserId>> {
    let id = UserId::generate();
    let made = stmt(
        "INSERT INTO users (id, account_id, email, name, role, password_hash)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (lower(email)) DO NOTHING",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(account)
    .bind::<Text, _>(email)
    .bind::<Text, _>(name)
    .bind::<Text, _>(role.as_str())
    .bind::<Nullable<Text>, _>(password_hash)
    .execute(conn)
    .await?;
    Ok((made == 1).then_some(id))
}

/// What changes of a person.
#[derive(Debug, Clone, Copy, Default)]
pub struct UserChange<'a> {
    /// A new name.
    pub name: Option<&'a str>,
    /// A new role.
    pub role: Option<Role>,
    /// Kept out, or let in again.
    pub disabled: Option<bool>,
}

/// Changes a person of an account. Who is kept out loses their sessions at once; their tokens are
/// refused for as long. Like all that touches both, it takes the person before their sessions.
pub async fn change_user(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    user: UserId,
    change: UserChange<'_>,
    now: Timestamp,
) -> QueryResult<usize> {
    let changed = stmt(and_tell_all!(
        "UPDATE users SET name = COALESCE($3, name), role = COALESCE($4, role),
           disabled_at = CASE $5 WHEN true THEN COALESCE(disabled_at, $6) WHEN false THEN NULL ELSE disabled_at END
         WHERE account_id = $1 AND id = $2"
    ))
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(user)
    .bind::<Nullable<Text>, _>(change.name)
    .bind::<Nullable<Text>, _>(change.role.map(Role::as_str))
    .bind::<Nullable<Bool>, _>(change.disabled)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    if change.disabled == Some(true) {
        super::end_sessions(conn, user, None).await?;
    }
    Ok(changed)
}

/// The owners of an account who may come in, locked: while one transaction looks whether another
/// owner remains, no other takes that one away.
pub async fn lock_owners(
    conn: &mut AsyncPgConnection,
    account: AccountId,
) -> QueryResult<Vec<UserId>> {
    #[derive(diesel::QueryableByName)]
    struct Owner {
        #[diesel(sql_type = SqlUuid)]
        id: UserId,
    }
    let rows: Vec<Owner> = stmt(
        "SELECT id FROM users WHERE account_id = $1 AND role = 'owner' AND disabled_at IS NULL
         ORDER BY id FOR UPDATE",
    )
    .bind::<SqlUuid, _>(account)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Sets a person's password, hashed.
pub async fn set_password(
    conn: &mut AsyncPgConnection,
    user: UserId,
    password_hash: &str,
) -> QueryResult<usize> {
    stmt("UPDATE users SET password_hash = $2 WHERE id = $1")
        .bind::<SqlUuid, _>(user)
        .bind::<Text, _>(password_hash)
        .execute(conn)
        .await
}

/// Takes a person's password away: until they have another they cannot sign in.
pub async fn forget_password(conn: &mut AsyncPgConnection, user: UserId) -> QueryResult<usize> {
    stmt("UPDATE users SET password_hash = NULL WHERE id = $1")
        .bind::<SqlUuid, _>(user)
        .execute(conn)
        .await
}

/// A way in for somebody.
#[derive(Clone, Copy)]
pub struct NewInvitation<'a> {
    /// Its id.
    pub id: InvitationId,
    /// Into which account.
    pub account: AccountId,
    /// Who.
    pub email: &'a str,
    /// Their name, if it is known.
    pub name: &'a str,
    /// What they will be.
    pub role: Role,
    /// SHA-256 of the secret in the link.
    pub secret_hash: &'a [u8],
    /// Who invites.
    pub invited_by: UserId,
    /// When.
    pub at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Invites; an earlier invitation of the same person that is still open is no longer good.
pub async fn invite(conn: &mut AsyncPgConnection, new: &NewInvitation<'_>) -> QueryResult<()> {
    stmt(
        "DELETE FROM invitations
         WHERE account_id = $1 AND lower(email) = lower($2) AND accepted_at IS NULL",
    )
    .bind::<SqlUuid, _>(new.account)
    .bind::<Text, _>(new.email)
    .execute(conn)
    .await?;
    stmt(
        "INSERT INTO invitations
           (id, account_id, email, name, role, secret_hash, invited_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind::<SqlUuid, _>(new.id)
    .bind::<SqlUuid, _>(new.account)
    .bind::<Text, _>(new.email)
    .bind::<Text, _>(new.name)
    .bind::<Text, _>(new.role.as_str())
    .bind::<Bytea, _>(new.secret_hash)
    .bind::<SqlUuid, _>(new.invited_by)
    .bind::<Timestamptz, _>(new.at)
    .bind::<Timestamptz, _>(new.expires_at)
    .execute(conn)
    .await
    .map(drop)
}

/// Uses an invitation up; `None` when it is no longer good.
pub async fn accept_invitation(
    conn: &mut AsyncPgConnection,
    secret_hash: &[u8],
    now: Timestamp,
) -> QueryResult<Option<InvitationId>> {
    #[derive(diesel::QueryableByName)]
    struct Used {
        #[diesel(sql_type = SqlUuid)]
        id: InvitationId,
    }
    let row: Option<Used> = stmt(
        "UPDATE invitations SET accepted_at = $2
         WHERE secret_hash = $1 AND accepted_at IS NULL AND expires_at > $2 RETURNING id",
    )
    .bind::<Bytea, _>(secret_hash)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await
    .optional()?;
    Ok(row.map(|row| row.id))
}

/// Takes back an invitation that nobody has accepted.
pub async fn delete_invitation(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    id: InvitationId,
) -> QueryResult<bool> {
    let gone =
        stmt("DELETE FROM invitations WHERE account_id = $1 AND id = $2 AND accepted_at IS NULL")
            .bind::<SqlUuid, _>(account)
            .bind::<SqlUuid, _>(id)
            .execute(conn)
            .await?;
    Ok(gone == 1)
}

/// Takes back what a person had invited and nobody has accepted: who is kept out keeps no door open.
pub async fn withdraw_invitations_of(
    conn: &mut AsyncPgConnection,
    user: UserId,
) -> QueryResult<usize> {
    stmt("DELETE FROM invitations WHERE invited_by = $1 AND accepted_at IS NULL")
        .bind::<SqlUuid, _>(user)
        .execute(conn)
        .await
}

/// Forgets invitations that ended before `before`, used or not.
pub async fn prune_invitations(
    conn: &mut AsyncPgConnection,
    before: Timestamp,
) -> QueryResult<usize> {
    stmt("DELETE FROM invitations WHERE expires_at < $1")
        .bind::<Timestamptz, _>(before)
        .execute(conn)
        .await
}
