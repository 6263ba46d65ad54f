use crate::app::{App, GREETING, WELCOME};

#[tokio::test(flavor = "multi_thread")]
async fn neither_sees_the_customers_of_the_other() {
    let app = App::start().await;
    let hello = "Colchones Luna a sus ordenes.";
    let (other, numbers) = app.add_account("Colchones Luna", hello, 0).await;
    let alice = app.customer();
    let at_the_other = alice.to(&numbers[0]);

    alice.texts(GREETING).await;
    assert_eq!(alice.hears(1).await.body, WELCOME);
    alice.texts("ALTO").await;
    alice.hears(2).await;
    at_the_other.texts(GREETING).await;

    let answer = alice.hears(3).await;
    assert_eq!((answer.body.as_str(), &answer.ours), (hello, &numbers[0]));
    app.until_quiet().await;
    let seen = format!(
        "SELECT count(*) || ' ' || bool_and(account_id = '{other}') FROM sms_messages
         WHERE number_id IN (SELECT id FROM phone_numbers WHERE account_id = '{other}')"
    );
    assert_eq!(app.db.ask(&seen).await.as_deref(), Some("2 true"));
    let left = format!("SELECT count(*) FROM opt_outs WHERE account_id = '{}'", app.account);
    assert_eq!(app.db.ask(&left).await.as_deref(), Some("1"));
}
