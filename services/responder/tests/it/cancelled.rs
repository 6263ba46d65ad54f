use std::sync::Arc;

use events::WithheldReason;
use testkit::world;

use crate::kit::{App, Interrupted, Said, Thread, reply};

const SUPERSEDED: Said = Said::Withheld(WithheldReason::Superseded);

#[tokio::test]
async fn an_earlier_text_of_a_burst_is_not_answered() {
    let app = App::start().await;
    let ana = app.thread("Luna", 1).await;
    world::static_response(&mut app.db.conn().await, ana.account, "hola", "Hola.").await;
    app.model.will_answer(reply("Con gusto."));

    let first = app.texts(ana, "hola").await;
    let second = app.texts(ana, "¿hay colchones?").await;

    assert_eq!(app.hears(&first).await, SUPERSEDED);
    assert!(app.model.asked().is_empty());
    assert!(matches!(app.hears(&second).await, Said::Drafted(..)));
}

#[tokio::test]
async fn who_has_left_or_has_a_person_is_not_answered() {
    for change in [
        "UPDATE user_conversations SET assistant = 'handed_over'",
        "UPDATE user_conversations SET conversation_status = 'blocked'",
        "INSERT INTO opt_outs (id, account_id, phone_number, evidence, source, opted_out_at)
           SELECT gen_random_uuid(), account_id, to_number, 'ALTO', 'keyword', now() FROM user_conversations",
    ] {
        let app = App::start().await;
        let ana = app.thread("Luna", 1).await;
        let request = app.texts(ana, "hola").await;
        app.run(change).await;

        assert_eq!(app.hears(&request).await, SUPERSEDED, "{change}");
        assert!(app.model.asked().is_empty());
    }
}

#[tokio::test]
async fn what_happens_while_the_model_thinks_cancels_its_answer() {
    for change in [
        "UPDATE user_conversations SET reply_epoch = reply_epoch + 1",
        "UPDATE user_conversations SET assistant = 'handed_over'",
        "INSERT INTO opt_outs (id, account_id, phone_number, evidence, source, opted_out_at)
           SELECT gen_random_uuid(), account_id, to_number, 'ALTO', 'keyword', now() FROM user_conversations",
    ] {
        let app = App::start().await;
        let model = Interrupted { db_url: app.db.url.clone(), sql: change.to_owned() };
        let app = app.with_model(Some(Arc::new(model)));
        let ana: Thread = app.thread("Luna", 1).await;
        let request = app.texts(ana, "hola").await;

        assert_eq!(app.hears(&request).await, SUPERSEDED, "{change}");
        assert_eq!(app.ask("SELECT replies || ' ' || tokens FROM assistant_days").await, "1 15");
    }
}
