//! Accounts with so many conversations, written in sets.

use diesel::sql_types::{Integer, Uuid as SqlUuid};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use domain::AccountId;
use testkit::{TestDb, world};
use uuid::Uuid;

use crate::person::Person;

const NUMBERS: usize = 16;

/// An account, its owner, and how many conversations it has.
pub struct Crowd {
    pub account: AccountId,
    pub owner: Person,
    pub count: u32,
}

impl Crowd {
    /// A new account with sixteen numbers.
    pub async fn settle(db: &TestDb, count: u32) -> anyhow::Result<Self> {
        let mut conn = db.conn().await;
        let account = world::account(&mut conn, "Muebles La Esperanza").await;
        world::numbers(&mut conn, account, NUMBERS).await;
        fill(db, account, count).await?;
        Ok(Self { account, owner: Person::of(db, account).await?, count })
    }
}

const NAMES: &str = "
  INSERT INTO contacts (id, account_id, phone_number, phone_raw, name, created_at)
    SELECT gen_random_uuid(), $1, '+5233' || (20000000 + n), '+5233' || (20000000 + n),
      (ARRAY['María','José','Guadalupe','Juan','Ana','Luis','Sofía','Carlos','Lucía','Jorge'])[1 + n % 10]
        || ' ' ||
      (ARRAY['Hernández','García','Martínez','López','González','Pérez','Sánchez'])[1 + n / 10 % 7]
        || ' ' || n,
      now() - n * interval '1 minute'
    FROM generate_series(1, $2) n";

/// Spread over years; one of ten has not been read.
const CONVERSATIONS: &str = "
  INSERT INTO user_conversations (id, account_id, contact_id, to_number, number_id, from_twilio_number,
      last_message_at, last_message_id, created_at, assigned_reason, assigned_at, unread)
    SELECT gen_random_uuid(), c.account_id, c.id, c.phone_number, p.id, p.phone_number,
      c.created_at, gen_random_uuid(), c.created_at, 'rotation', c.created_at,
      CASE WHEN substr(c.phone_number, 6)::bigint % 10 = 0 THEN 1 ELSE 0 END
    FROM contacts c
    JOIN (SELECT id, phone_number, row_number() OVER (ORDER BY id) - 1 AS seat FROM phone_numbers
          WHERE account_id = $1) p ON p.seat = substr(c.phone_number, 6)::bigint % 16
    WHERE c.account_id = $1";

const TEXTS: &str = "
  INSERT INTO sms_messages (id, account_id, conversation_id, number_id, direction, author, body,
      segments, status, status_rank, created_at)
    SELECT last_message_id, account_id, id, number_id, 'inbound', 'contact',
      'Hola, ¿todavía tienen el comedor de seis sillas?', 1, 'received', 0, last_message_at
    FROM user_conversations WHERE account_id = $1";

/// Gives an account so many conversations; returns up to a thousand of them.
pub async fn fill(db: &TestDb, account: AccountId, count: u32) -> anyhow::Result<Vec<Uuid>> {
    #[derive(diesel::QueryableByName)]
    struct Of {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    let mut conn = db.conn().await;
    // What is written here refers to what is written here: looking every row up takes a minute.
    conn.batch_execute("SET session_replication_role = replica").await?;
    diesel::sql_query(NAMES)
        .bind::<SqlUuid, _>(account)
        .bind::<Integer, _>(i32::try_from(count)?)
        .execute(&mut conn)
        .await?;
    for sql in [CONVERSATIONS, TEXTS] {
        diesel::sql_query(sql).bind::<SqlUuid, _>(account).execute(&mut conn).await?;
    }
    for table in ["contacts", "user_conversations", "sms_messages"] {
        conn.batch_execute(&format!("VACUUM ANALYZE {table}")).await?;
    }
    conn.batch_execute("CHECKPOINT").await?;
    let some = "SELECT id FROM user_conversations WHERE account_id = $1 ORDER BY id LIMIT 1000";
    let rows: Vec<Of> = diesel::sql_query(some).bind::<SqlUuid, _>(account).load(&mut conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
