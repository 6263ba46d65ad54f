//! The conversation that an inbound text joins or begins.

use std::collections::BTreeSet;

use domain::store::Tx;
use domain::store::conversations::write::{self, Opened};
use futures_util::future::join_all;
use testkit::world::customer;

use crate::town::{Town, assign, begin, commit, now, recipient, until_blocked};

async fn open(conn: &mut Tx, town: &Town, number: usize, sender: u32) -> Opened {
    let (number, phone) = (town.number(number), customer(sender));
    let sender = phone.as_e164();
    begin(conn).await;
    let opened = write::open(conn, &number, sender, sender, now()).await.unwrap();
    commit(conn).await;
    opened
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_writes_to_several_numbers_at_once_has_one_conversation() {
    let town = Town::with_numbers(4).await;
    let mut writers = Vec::new();
    for _ in 0..32 {
        writers.push(town.conn().await);
    }

    let town = &town;
    let opened = join_all(
        writers
            .iter_mut()
            .enumerate()
            .map(|(i, conn)| async move { (i % 4, open(conn, town, i % 4, 1).await) }),
    )
    .await;

    let began: Vec<usize> = opened
        .iter()
        .filter(|(_, opened)| matches!(opened, Opened::New(_)))
        .map(|(number, _)| *number)
        .collect();
    let [number] = began.as_slice() else { panic!("begun {} times", began.len()) };
    let bound: BTreeSet<_> = opened.iter().map(|(_, opened)| opened.row().number_id).collect();
    assert_eq!(bound, BTreeSet::from([town.numbers[*number].0]));
    assert_eq!(town.count("user_conversations").await, 1);
    let reason = town.db.ask("SELECT assigned_reason FROM user_conversations").await;
    assert_eq!(reason.as_deref(), Some("written_to"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_dealt_a_number_while_they_write_to_another_has_one_conversation() {
    let town = Town::with_numbers(4).await;
    for sender in 0..24 {
        let (mut writing, mut dealing) = (town.conn().await, town.conn().await);
        let asked = [recipient(sender)];

        let (opened, assigned) = tokio::join!(
            open(&mut writing, &town, 0, sender),
            assign(&mut dealing, town.account, &asked)
        );

        let assigned = assigned.unwrap();
        let assigned = assigned.kept.iter().chain(&assigned.dealt).next().unwrap();
        assert_eq!(assigned.conversation_id, opened.row().id);
        assert_eq!(assigned.number_id, opened.row().number_id);
    }
    assert_eq!(town.count("user_conversations").await, 24);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_to_another_of_our_numbers_joins_the_conversation() {
    let town = Town::with_numbers(2).await;
    let mut conn = town.conn().await;
    let first = open(&mut conn, &town, 0, 1).await;

    let second = open(&mut conn, &town, 1, 1).await;

    assert!(matches!(second, Opened::Known(_)));
    assert_eq!(second.row().id, first.row().id);
    assert_eq!(second.row().number_id, town.numbers[0].0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_handlers_of_one_conversation_wait_for_each_other() {
    let town = Town::with_numbers(1).await;
    let (mut first, mut second) = (town.conn().await, town.conn().await);
    open(&mut first, &town, 0, 1).await;

    begin(&mut first).await;
    let number = town.number(0);
    write::open(&mut first, &number, customer(1).as_e164(), "", now()).await.unwrap();
    let mut waiting = Box::pin(open(&mut second, &town, 0, 1));
    until_blocked(&town, &mut waiting).await;
    commit(&mut first).await;

    assert!(matches!(waiting.await, Opened::Known(_)));
}
