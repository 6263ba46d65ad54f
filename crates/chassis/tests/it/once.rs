//! A POST that is sent again.

use actix_web::body::to_bytes;
use actix_web::http::StatusCode;
use chassis::api::{self, Failure};
use diesel_async::RunQueryDsl;
use domain::store::Tx;
use domain::store::stmt::stmt;
use domain::{Clock, Role, UserId};
use testkit::{ManualClock, TestDb, database, world};
use web::{Identity, Once, Problem};

struct Desk {
    db: TestDb,
    identity: Identity,
}

impl Desk {
    async fn open() -> Self {
        let db = database().await;
        let account = world::account(&mut db.conn().await, "a shop").await;
        let identity = Identity { account, user: UserId::generate(), role: Role::Agent };
        let conn = &mut db.conn().await;
        stmt("CREATE TABLE effects (id int)").execute(conn).await.unwrap();
        Self { db, identity }
    }

    async fn post(&self, key: Option<&str>, request: u8) -> Result<(u16, bool, String), Failure> {
        let once = Once { key: key.map(str::to_owned), fingerprint: [request; 32] };
        let now = ManualClock::default().now();
        let effect = async |tx: &mut Tx| {
            stmt("INSERT INTO effects VALUES (1)").execute(tx).await?;
            Ok(format!("made {request}"))
        };
        let pool = self.db.pool(None);
        let answer =
            api::once(&pool, &self.identity, &once, now, StatusCode::CREATED, effect).await?;
        let again = answer.headers().contains_key("idempotency-replayed");
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body()).await.unwrap();
        Ok((status, again, String::from_utf8(body.to_vec()).unwrap()))
    }

    async fn effects(&self) -> String {
        self.db.ask("SELECT count(*) FROM effects").await.unwrap()
    }
}

#[tokio::test]
async fn the_first_answer_is_given_again() {
    let desk = Desk::open().await;
    let first = desk.post(Some("k"), 1).await.unwrap();
    let again = desk.post(Some("k"), 1).await.unwrap();
    assert_eq!(first, (201, false, "\"made 1\"".to_owned()));
    assert_eq!(again, (201, true, "\"made 1\"".to_owned()));
    assert_eq!(desk.effects().await, "1");
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    let desk = Desk::open().await;
    desk.post(Some("k"), 1).await.unwrap();
    let Err(Failure::Problem(problem)) = desk.post(Some("k"), 2).await else {
        panic!("the second request was done")
    };
    assert_eq!(problem.code(), "idempotency-key-reused");
    assert_eq!(desk.effects().await, "1");
}

#[tokio::test]
async fn without_a_key_each_request_is_done() {
    let desk = Desk::open().await;
    desk.post(None, 1).await.unwrap();
    desk.post(None, 1).await.unwrap();
    assert_eq!(desk.effects().await, "2");
}

#[tokio::test]
async fn of_many_at_once_one_is_done_and_all_are_answered() {
    let desk = Desk::open().await;
    let posts = (0..8).map(|_| desk.post(Some("k"), 1));
    let answers = futures_util::future::try_join_all(posts).await.unwrap();
    assert_eq!(answers.iter().filter(|(_, again, _)| !again).count(), 1);
    assert_eq!(desk.effects().await, "1");
}

#[tokio::test]
async fn what_failed_may_be_tried_again_under_its_key() {
    let desk = Desk::open().await;
    let once = Once { key: Some("k".to_owned()), fingerprint: [1; 32] };
    let now = ManualClock::default().now();
    let refuse = async |tx: &mut Tx| -> Result<(), Failure> {
        stmt("INSERT INTO effects VALUES (1)").execute(tx).await?;
        Err(Problem::conflict("opted-out").into())
    };
    let pool = desk.db.pool(None);
    let refused = api::once(&pool, &desk.identity, &once, now, StatusCode::OK, refuse).await;
    assert!(refused.is_err());
    assert_eq!(desk.effects().await, "0");
    assert!(!desk.post(Some("k"), 1).await.unwrap().1);
    assert_eq!(desk.effects().await, "1");
}
