use simulator::Status;

use crate::app::{App, GREETING, On, WELCOME};

/// Stops what stands behind each hop, lets the text go as far as it can, and starts it again.
async fn a_service_that_was_stopped_after_a_hop_goes_on_where_it_was(on: On) {
    let app = App::on(on).await;
    let alice = app.customer();
    let requested = "SELECT count(*) > 0 FROM inbox WHERE consumer = 'conversations.sms_received'";
    let drafted = "SELECT count(*) > 0 FROM ai_runs";
    let queued = "SELECT count(*) > 0 FROM inbox WHERE consumer = 'conversations.reply_drafted'";

    // Hop 1 and 2: recorded by ingress, which is gone before anybody has heard of it.
    for service in ["conversations", "responder"] {
        app.stop_service(service).await;
    }
    alice.texts(GREETING).await;
    app.stop_service("ingress").await;
    // Hop 3: a reply is asked for.
    app.start_service("conversations").await;
    app.until_db_says(requested, "true").await;
    app.stop_service("conversations").await;
    // Hop 4: a reply is found.
    app.start_service("responder").await;
    app.until_db_says(drafted, "true").await;
    app.stop_service("responder").await;
    // Hop 5: it is queued, and the number may not send yet.
    app.execute("UPDATE number_pace SET paused_until = now() + interval '1 hour'").await;
    app.start_service("conversations").await;
    app.until_db_says(queued, "true").await;
    app.stop_service("conversations").await;
    // Hop 6: it leaves, and its receipts find nobody at home.
    app.execute("UPDATE number_pace SET paused_until = NULL").await;
    app.start_service("conversations").await;
    alice.hears(1).await;
    alice.until_statuses_are("sent").await;
    app.stop_service("conversations").await;
    // Hop 7: the receipts are recorded, and heard.
    app.start_service("ingress").await;
    app.until_db_says("SELECT count(*) FROM webhook_receipts WHERE kind = 'sms_status'", "2").await;
    app.start_service("conversations").await;
    alice.until_all_are(1, Status::Delivered).await;

    assert_eq!(alice.heard(), [WELCOME]);
    assert_eq!(alice.ledger().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_was_stopped_after_a_hop_goes_on_where_it_was_on_the_embedded_bus() {
    a_service_that_was_stopped_after_a_hop_goes_on_where_it_was(On::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_was_stopped_after_a_hop_goes_on_where_it_was_on_rabbitmq() {
    a_service_that_was_stopped_after_a_hop_goes_on_where_it_was(On::Rabbit).await;
}

async fn two_of_each_service_do_the_work_of_one(on: On) {
    let app = App::on(on).await;
    // A second one beside each of the first; the first stay, and end with the test.
    for service in ["conversations", "responder"] {
        app.start_service(service).await;
    }
    let customers: Vec<_> = app.numbers.iter().map(|number| app.customer_of(number)).collect();

    for customer in &customers {
        customer.texts(GREETING).await;
    }

    for customer in &customers {
        customer.until_all_are(1, Status::Delivered).await;
        assert_eq!(customer.heard(), [WELCOME]);
        assert_eq!(customer.ledger().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_each_service_do_the_work_of_one_on_the_embedded_bus() {
    two_of_each_service_do_the_work_of_one(On::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_each_service_do_the_work_of_one_on_rabbitmq() {
    two_of_each_service_do_the_work_of_one(On::Rabbit).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_stopped_while_it_comes_up_takes_nothing_with_it() {
    let app = App::on(On::Rabbit).await;
    app.stop_service("conversations").await;
    // Each time a little later: the broker may know a consumer before the service does.
    for questions in 0..8 {
        app.start_service("conversations").await;
        for _ in 0..questions {
            app.db.ask("SELECT 1").await;
        }
        app.stop_service("conversations").await;
    }
    app.start_service("conversations").await;
    let customers: Vec<_> = app.numbers.iter().map(|number| app.customer_of(number)).collect();

    for customer in &customers {
        customer.texts(GREETING).await;
    }

    for customer in &customers {
        customer.until_all_are(1, Status::Delivered).await;
    }
}
