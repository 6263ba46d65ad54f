//! What screens are told.

use diesel_async::SimpleAsyncConnection;
use domain::store::conversations::{read, write};
use domain::store::gateway::write as screens;
use domain::{AccountId, Clock, ConversationId, ImportId, MessageId, MessageSid, NumberId, Role};
use events::{ContactsImportProgressed, ConversationChanged, NumbersChanged, TextOf, TextReceived};
use serde_json::json;
use testkit::{until, world};

use crate::app::{App, SOON};
use crate::stream::Stream;

/// A conversation with a customer, by a number of the account.
async fn conversation(app: &App, account: AccountId) -> (ConversationId, NumberId) {
    let mut conn = app.db.conn().await;
    let (number, phone) = world::numbers(&mut conn, account, 1).await.remove(0);
    let row = read::number(&mut conn, phone.as_e164()).await.unwrap().unwrap();
    let customer = world::customer(7);
    let (sender, now) = (customer.as_e164(), app.clock.now());
    write::open(&mut conn, &row, sender, sender, now).await.unwrap();
    let row = read::conversation_with(&mut conn, account, sender).await.unwrap().unwrap();
    (row.id, number)
}

impl App {
    async fn numbers_change(&self) {
        self.says(&NumbersChanged { account: self.account }).await;
    }

    /// Waits until so many events are on record.
    async fn told(&self, n: i64) {
        until(SOON, "what was said is on record", async || self.count("live_events").await >= n)
            .await;
    }
}

#[tokio::test]
async fn a_screen_is_told_of_a_text_with_the_conversation_as_it_looks_now() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Viewer).await;
    let (conversation, number) = conversation(&app, app.account).await;
    let (mut stream, head) = Stream::from_now(&ana).await;

    let message = MessageId::generate();
    let sid = MessageSid::parse(&format!("SM{:032x}", 7)).unwrap();
    let inbound = write::NewInbound {
        id: message,
        account: app.account,
        conversation,
        number,
        peer_raw: "+525512345678",
        body: "¿Tienen salas?",
        num_media: 0,
        segments: 1,
        sid: &sid,
        traceparent: None,
        at: app.clock.now(),
    };
    write::insert_inbound(&mut app.db.conn().await, &inbound).await.unwrap();
    let text = TextOf { account: app.account, conversation, message, number };
    app.says(&TextReceived { text }).await;
    let event = stream.next().await.unwrap();

    assert_eq!((event.name.as_str(), event.id), ("conversation_changed", Some(head + 1)));
    assert_eq!(event.data["what"], "text_received");
    assert_eq!(event.data["conversation"]["id"], json!(conversation));
    assert_eq!(event.data["conversation_id"], json!(conversation));
    assert_eq!(event.data["message"]["body"], "¿Tienen salas?");

    // What is told is read when it is told: nobody is shown a text that is gone.
    let gone = format!("DELETE FROM sms_messages WHERE id = '{message}'");
    app.db.conn().await.batch_execute(&gone).await.unwrap();
    let again = ana.with("last-event-id", &head.to_string());
    let event = Stream::open(&again, "/api/live").await.next().await.unwrap();
    assert_eq!((event.id, &event.data["message"]), (Some(head + 1), &json!(null)));
}

#[tokio::test]
async fn a_screen_follows_an_import() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Admin).await;
    let (mut stream, _) = Stream::from_now(&ana).await;
    let import = ImportId::generate();
    let begin = format!(
        "INSERT INTO contact_imports (id, account_id, file_name, phone_column, on_duplicate, state, header, created_at)
         VALUES ('{import}', '{}', 'clientes.csv', 'tel', 'skip', 'waiting', jsonb_build_array('tel'), now())",
        app.account
    );
    app.db.conn().await.batch_execute(&begin).await.unwrap();
    app.says(&ContactsImportProgressed { account: app.account, import }).await;
    let event = stream.next().await.unwrap();
    assert_eq!(event.name, "import_progressed");
    assert_eq!(event.data["import"]["file_name"], "clientes.csv");
}

#[tokio::test]
async fn what_is_old_is_forgotten_but_for_the_last_thousand() {
    let app = App::start().await;
    let fill = format!(
        "INSERT INTO live_events (account_id, id, kind, at)
           SELECT '{0}', n, 'numbers_changed', '2026-11-20Z' FROM generate_series(1, 1500) AS n;
         INSERT INTO live_heads VALUES ('{0}', 1500)",
        app.account
    );
    app.db.conn().await.batch_execute(&fill).await.unwrap();
    let mut conn = app.db.conn_as("hilo_gateway").await;
    let day = chrono::TimeDelta::days(1);
    let gone = screens::prune_live(&mut conn, app.clock.now() - day, 1000).await.unwrap();
    assert_eq!((gone, app.count("live_events WHERE id > 500").await), (500, 1000));
}

#[tokio::test]
async fn a_conversation_that_is_gone_is_told_as_gone() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Viewer).await;
    let (mut stream, _) = Stream::from_now(&ana).await;
    let conversation = ConversationId::generate();
    let what = "deleted".to_owned();
    app.says(&ConversationChanged { account: app.account, conversation, what }).await;
    let event = stream.next().await.unwrap();
    assert_eq!(
        event.data,
        json!({"what": "deleted", "conversation_id": conversation, "conversation": null, "message": null})
    );
}

#[tokio::test]
async fn no_account_hears_of_another() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    let (other, neighbour) = app.neighbour().await;
    let (mut theirs, head) = Stream::from_now(&neighbour).await;
    let (mut ours, _) = Stream::from_now(&ana).await;
    app.numbers_change().await;
    ours.next().await.unwrap();

    app.says(&NumbersChanged { account: other }).await;

    let event = theirs.next().await.unwrap();
    assert_eq!((event.id, event.name.as_str()), (Some(head + 1), "numbers_changed"));
}

#[tokio::test]
async fn a_screen_that_was_away_is_told_what_it_missed_and_then_what_happens() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    for _ in 0..5 {
        app.numbers_change().await;
    }
    app.told(5).await;

    for (stream, what) in [
        (
            Stream::open(&ana.clone().with("last-event-id", "2"), "/api/live?last_event_id=5")
                .await,
            "header",
        ),
        (Stream::open(&ana, "/api/live?last_event_id=2").await, "parameter"),
    ] {
        let mut stream = stream;
        for id in 3..=5 {
            assert_eq!(stream.next().await.unwrap().id, Some(id), "{what}");
        }
        let last = app.count("live_events").await;
        app.numbers_change().await;
        if last == 5 {
            assert_eq!(stream.next().await.unwrap().id, Some(6));
        }
    }
}

#[tokio::test]
async fn a_screen_whose_place_is_not_known_reads_everything_anew() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    for _ in 0..5 {
        app.numbers_change().await;
    }
    app.told(5).await;
    let forget = "DELETE FROM live_events WHERE id <= 3";
    app.db.conn().await.batch_execute(forget).await.unwrap();

    for last in ["1", "6", "-1", "x", "99999999999999999999"] {
        let mut stream = Stream::open(&ana.clone().with("last-event-id", last), "/api/live").await;
        let event = stream.next().await.unwrap();
        assert_eq!((event.name.as_str(), event.id), ("resync", Some(5)), "{last}");
    }
    let mut known = Stream::open(&ana.with("last-event-id", "3"), "/api/live").await;
    assert_eq!(known.next().await.unwrap().id, Some(4));
}

#[tokio::test]
async fn whoever_listens_at_whichever_process_is_told_the_same_in_the_same_order() {
    let app = App::start().await;
    let another = app.another();
    let ana = app.signed_in(Role::Agent).await;
    let (mut here, head) = Stream::from_now(&ana).await;
    let (mut there, _) = Stream::from_now(&ana.at(another.address)).await;

    let said = (0..50).map(|_| app.numbers_change());
    futures_util::future::join_all(said).await;

    for id in head + 1..=head + 50 {
        assert_eq!(here.next().await.unwrap().id, Some(id));
        assert_eq!(there.next().await.unwrap().id, Some(id));
    }
}

#[tokio::test]
async fn a_listener_who_falls_behind_misses_nothing() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    let (mut slow, head) = Stream::from_now(&ana).await;
    let write = format!(
        "INSERT INTO live_events (account_id, id, kind, at)
           SELECT '{0}', {head} + n, 'numbers_changed', now() FROM generate_series(1, 3000) AS n;
         INSERT INTO live_heads VALUES ('{0}', {head} + 3000)
           ON CONFLICT (account_id) DO UPDATE SET head = excluded.head",
        app.account
    );
    app.db.conn().await.batch_execute(&write).await.unwrap();

    for id in head + 1..=head + 3000 {
        assert_eq!(slow.next().await.unwrap().id, Some(id));
    }
}

#[tokio::test]
async fn a_stream_ends_with_its_session_wherever_that_is_ended() {
    let app = App::start().await;
    let another = app.another();
    let ana = app.signed_in(Role::Agent).await;
    let phone = app.sign_in("agent@example.mx").await;
    let (mut stream, _) = Stream::from_now(&phone.at(another.address)).await;
    let (mut stays, head) = Stream::from_now(&ana).await;

    ana.delete("/api/sessions").await.expect(204);

    let event = stream.next().await.unwrap();
    assert_eq!((event.name.as_str(), event.id), ("session_revoked", None));
    assert_eq!(stream.next().await, None);
    app.numbers_change().await;
    assert_eq!(stays.next().await.unwrap().id, Some(head + 1));
}

#[tokio::test]
async fn a_stream_outlives_a_change_of_the_password_in_its_own_browser() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    let (mut stream, head) = Stream::from_now(&ana).await;
    let body = json!({"current": crate::app::PASSWORD, "new": "staple battery horse"});
    ana.send("PUT", "/api/session/password", &body).await.expect(204);
    app.numbers_change().await;
    assert_eq!(stream.next().await.unwrap().id, Some(head + 1));
}

#[tokio::test]
async fn a_person_has_so_many_streams_and_gets_their_place_back() {
    let app = App::start_changed(&|config| config.streams_per_user = 2).await;
    let ana = app.signed_in(Role::Agent).await;
    let (one, _) = Stream::from_now(&ana).await;
    let (_two, _) = Stream::from_now(&ana).await;
    assert_eq!(ana.get("/api/live").await.problem(), "429 too-many-streams");

    drop(one);
    // That the browser has gone is noticed at the next write.
    until(SOON, "there is a place again", async || {
        app.numbers_change().await;
        ana.request("GET", "/api/live").send().await.unwrap().status().as_u16() == 200
    })
    .await;
}

#[tokio::test]
async fn streams_end_when_the_process_stops() {
    let app = App::start().await;
    let another = app.another();
    let ana = app.signed_in(Role::Agent).await;
    let (mut stream, _) = Stream::from_now(&ana.at(another.address)).await;
    let begun = std::time::Instant::now();
    another.running.stop().await;
    assert_eq!(stream.next().await, None);
    assert!(begun.elapsed() < std::time::Duration::from_secs(5));
}

#[tokio::test]
async fn a_parameter_that_does_not_exist_is_refused() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    assert_eq!(ana.get("/api/live?since=5").await.status, 400);
}
