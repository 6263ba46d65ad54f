//! The batched assigner of the prototype that the targets come from, on its own narrow tables: no
//! contacts, no events, no budgets, text keys, one index.

use std::collections::HashMap;

use anyhow::Context;
use diesel::prelude::QueryableByName;
use diesel::sql_types::{Array, BigInt, Integer, Text};
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};
use domain::store::stmt::stmt;
use domain::store::{Pool, Tx};
use testkit::TestDb;
use tokio::sync::{mpsc, oneshot};
use tokio_util::task::TaskTracker;

const TABLES: &str = "
  CREATE TABLE number (id int PRIMARY KEY, owner int NOT NULL, ord int NOT NULL, phone text NOT NULL,
    enabled bool NOT NULL DEFAULT true, priority int NOT NULL DEFAULT 0, last_used_at timestamptz,
    uses bigint NOT NULL DEFAULT 0, turn bigint NOT NULL DEFAULT 0) WITH (fillfactor=40);
  CREATE TABLE conversation (owner int NOT NULL, to_number text NOT NULL, number_id int NOT NULL,
    status text NOT NULL DEFAULT 'active', last_message_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, to_number));
  INSERT INTO number(id, owner, ord, phone) SELECT i, 0, i, '+5255'||i FROM generate_series(0,15) i;
  CREATE INDEX ON number(owner); ANALYZE number;";

const DEAL: &str = "WITH want AS (SELECT DISTINCT w AS to_number FROM unnest($2) w),
  old AS (SELECT c.to_number, c.number_id FROM want w JOIN conversation c ON c.owner=$1 AND c.to_number=w.to_number),
  new AS (SELECT w.to_number, row_number() OVER ()-1 AS i FROM want w WHERE NOT EXISTS (SELECT 1 FROM old o WHERE o.to_number=w.to_number)),
  num AS (SELECT id, row_number() OVER (ORDER BY priority DESC, turn, id)-1 AS rn, count(*) OVER () AS k, max(turn) OVER () AS base FROM number WHERE owner=$1 AND enabled),
  dealt AS (SELECT new.to_number, num.base + 1 + new.i AS turn, num.id FROM new JOIN num ON num.rn = new.i % num.k),
  ins AS (INSERT INTO conversation(owner,to_number,number_id) SELECT $1, to_number, id FROM dealt RETURNING to_number, number_id),
  upd AS (UPDATE number n SET uses=n.uses+x.k, last_used_at=now(), turn=x.turn FROM (SELECT id, count(*) k, max(turn) turn FROM dealt GROUP BY 1) x WHERE n.id=x.id)
  SELECT to_number, number_id FROM ins UNION ALL SELECT to_number, number_id FROM old";

const BULK: &str = "WITH lock AS MATERIALIZED (SELECT pg_advisory_xact_lock(7, $1)),
  want AS (SELECT DISTINCT w.to_number FROM lock, unnest($2) AS w(to_number)),
  old AS (SELECT c.to_number, c.number_id FROM want w JOIN conversation c ON c.owner=$1 AND c.to_number=w.to_number),
  new AS (SELECT w.to_number, row_number() OVER ()-1 AS i FROM want w WHERE NOT EXISTS (SELECT 1 FROM old o WHERE o.to_number=w.to_number)),
  num AS (SELECT id, row_number() OVER (ORDER BY priority DESC, last_used_at ASC NULLS FIRST, id)-1 AS rn, count(*) OVER () AS k FROM number WHERE owner=$1 AND enabled),
  ins AS (INSERT INTO conversation(owner,to_number,number_id) SELECT $1, new.to_number, num.id FROM new JOIN num ON num.rn = new.i % num.k ON CONFLICT DO NOTHING RETURNING number_id),
  upd AS (UPDATE number n SET uses=n.uses+x.k, last_used_at=clock_timestamp() FROM (SELECT number_id, count(*) k FROM ins GROUP BY 1) x WHERE n.id=x.number_id RETURNING 1)
  SELECT (SELECT count(*) FROM ins) + (SELECT count(*) FROM old) AS assigned";

#[derive(QueryableByName)]
struct Dealt {
    #[diesel(sql_type = Text)]
    to_number: String,
    #[diesel(sql_type = Integer)]
    number_id: i32,
}

#[derive(QueryableByName)]
struct Assigned {
    #[diesel(sql_type = BigInt)]
    assigned: i64,
}

type Asked = (String, oneshot::Sender<i32>);

/// The assigner, running until its last clone is gone.
#[derive(Clone)]
pub struct Prototype {
    asked: mpsc::Sender<Asked>,
    pool: Pool,
}

impl Prototype {
    /// Makes its tables and starts it.
    pub async fn start(db: &TestDb) -> anyhow::Result<Self> {
        db.conn().await.batch_execute(TABLES).await?;
        let (asked, queue) = mpsc::channel(10_000);
        let pool = db.pool(None);
        TaskTracker::new().spawn(assign(pool.clone(), queue));
        Ok(Self { asked, pool })
    }

    /// The number for a recipient.
    pub async fn number_for(&self, to: String) -> anyhow::Result<i32> {
        let (answer, answered) = oneshot::channel();
        self.asked.send((to, answer)).await?;
        Ok(answered.await?)
    }

    /// Numbers for all of them in one statement.
    pub async fn all(&self, to: &[String]) -> anyhow::Result<()> {
        let mut conn = self.pool.get().await?;
        let done: Assigned = stmt(BULK)
            .bind::<Integer, _>(0)
            .bind::<Array<Text>, _>(to)
            .get_result(&mut conn)
            .await?;
        anyhow::ensure!(done.assigned == i64::try_from(to.len())?, "some have no number");
        Ok(())
    }
}

async fn assign(pool: Pool, mut queue: mpsc::Receiver<Asked>) -> anyhow::Result<()> {
    let mut taken: Vec<Asked> = Vec::new();
    while queue.recv_many(&mut taken, 1_024).await > 0 {
        let mut conn = pool.get().await?;
        let conn: &mut Tx = &mut conn;
        let to: Vec<&str> = taken.iter().map(|(to, _)| to.as_str()).collect();
        let dealt: Vec<Dealt> = conn
            .transaction(async |tx: &mut Tx| -> diesel::QueryResult<Vec<Dealt>> {
                stmt("SELECT pg_advisory_xact_lock(7, $1)")
                    .bind::<Integer, _>(0)
                    .execute(tx)
                    .await?;
                stmt(DEAL).bind::<Integer, _>(0).bind::<Array<Text>, _>(to).load(tx).await
            })
            .await?;
        let dealt: HashMap<String, i32> =
            dealt.into_iter().map(|row| (row.to_number, row.number_id)).collect();
        for (to, answer) in taken.drain(..) {
            let _ = answer.send(*dealt.get(&to).context("a recipient without a number")?);
        }
    }
    Ok(())
}
