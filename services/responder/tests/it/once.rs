use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use chassis::Service;
use diesel_async::RunQueryDsl;
use domain::EventId;
use events::{Event, ReplyRequested};
use providers::fake::FakeModel;
use responder::Replies;
use testkit::until;
use tokio_util::sync::CancellationToken;

use crate::api::context;
use crate::kit::{App, parts, reply};

const DEADLINE: Duration = Duration::from_secs(20);
const HANDLED: &str = "SELECT count(*) FROM bus_messages WHERE queue = 'responder.reply_requested'";

/// Puts a request into the queue as the relay does it.
async fn deliver(app: &App, id: EventId, request: &ReplyRequested) {
    diesel::sql_query(
        "INSERT INTO bus_messages (queue, id, event_type, account_id, occurred_at, payload)
         VALUES ('responder.reply_requested', $1, $2, $3, now(), $4)",
    )
    .bind::<diesel::sql_types::Uuid, _>(id.as_uuid())
    .bind::<diesel::sql_types::Text, _>(ReplyRequested::TYPE)
    .bind::<diesel::sql_types::Uuid, _>(request.account.as_uuid())
    .bind::<diesel::sql_types::Binary, _>(request.encode())
    .execute(&mut app.db.conn().await)
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_delivered_twice_is_answered_once() {
    let app = App::start().await;
    let ana = app.thread("Luna", 1).await;
    let request = app.texts(ana, "hola").await;
    let model = Arc::new(FakeModel::default());
    for _ in 0..2 {
        model.will_answer(reply("Con gusto."));
    }
    let ctx = context(&app, &CancellationToken::new());
    let replies = Replies::new(parts(&app.db, &app.clock, Some(model)));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let running = Service::new().calls(replies).start(&ctx, listener);
    let id = EventId::generate();

    for _ in 0..2 {
        deliver(&app, id, &request).await;
        until(DEADLINE, "it is handled", async || app.ask(HANDLED).await == "0").await;
    }

    assert_eq!(app.ask("SELECT count(*) FROM ai_runs WHERE outcome = 'reply'").await, "1");
    assert_eq!(app.ask("SELECT replies FROM assistant_days").await, "1");
    running.stop().await;
}
