//! The demo's people. Everybody knows their password, so it works while the world is simulated and at
//! no other time.

use diesel::OptionalExtension as _;
use diesel::sql_types::{Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::store::gateway::write;
use domain::store::stmt::stmt;
use domain::store::{Pool, Tx, no_connection};
use domain::{Role, UserId};
use secrecy::SecretString;

use super::ACCOUNT;
use crate::world::World;

/// The shop's owner.
pub const OWNER: &str = "demo@hilo.test";
/// Of all of them.
pub const PASSWORD: &str = "esperanza-1987";

const CAST: [(&str, &str, Role); 5] = [
    (OWNER, "Lucía Hernández", Role::Owner),
    ("mariana@hilo.test", "Mariana Ríos", Role::Admin),
    ("diego@hilo.test", "Diego Salas", Role::Agent),
    ("paola@hilo.test", "Paola Núñez", Role::Agent),
    ("ernesto@hilo.test", "Ernesto Vega", Role::Viewer),
];

/// E-mail and role of those who are not the owner.
pub fn others() -> Vec<String> {
    let others = CAST.iter().filter(|(email, _, _)| *email != OWNER);
    others.map(|(email, _, role)| format!("{email} ({role})")).collect()
}

#[derive(diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct Member {
    #[diesel(sql_type = SqlUuid)]
    id: UserId,
    #[diesel(sql_type = Nullable<Text>)]
    password_hash: Option<String>,
}

/// Makes those who are missing, and gives the password to those who have none: who has chosen one of
/// their own keeps it.
pub(super) async fn let_in(tx: &mut Tx) -> anyhow::Result<()> {
    let hash = tokio::task::spawn_blocking(|| gateway::password::hash(&password())).await??;
    for (email, name, role) in CAST {
        if write::create_user(tx, ACCOUNT, email, name, role, Some(&hash)).await?.is_some() {
            continue;
        }
        if let Some(Member { id, password_hash: None }) = member(tx, email).await? {
            write::set_password(tx, id, &hash).await?;
        }
    }
    Ok(())
}

/// Takes the password away from those who still have it; with their sessions, where the next world is
/// the real one.
pub async fn keep_out(pool: &Pool, world: World) -> anyhow::Result<()> {
    let mut conn = pool.get().await.map_err(no_connection)?;
    for id in with_password(&mut conn).await? {
        write::forget_password(&mut conn, id).await?;
        if world == World::Real {
            write::end_sessions(&mut conn, id, None).await?;
        }
    }
    Ok(())
}

/// How many of them still have the password that everybody knows.
pub async fn with_known_password(pool: &Pool) -> anyhow::Result<usize> {
    let mut conn = pool.get().await.map_err(no_connection)?;
    Ok(with_password(&mut conn).await?.len())
}

async fn with_password(conn: &mut Tx) -> anyhow::Result<Vec<UserId>> {
    let mut found = Vec::new();
    for (email, _, _) in CAST {
        let Some(Member { id, password_hash: Some(hash) }) = member(conn, email).await? else {
            continue;
        };
        let check = move || gateway::password::verify(&password(), Some(&hash));
        if tokio::task::spawn_blocking(check).await? {
            found.push(id);
        }
    }
    Ok(found)
}

async fn member(conn: &mut Tx, email: &str) -> anyhow::Result<Option<Member>> {
    let found = stmt("SELECT id, password_hash FROM users WHERE account_id = $1 AND email = $2")
        .bind::<SqlUuid, _>(ACCOUNT)
        .bind::<Text, _>(email)
        .get_result(conn)
        .await
        .optional()?;
    Ok(found)
}

fn password() -> SecretString {
    SecretString::from(PASSWORD)
}
