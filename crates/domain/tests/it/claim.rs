//! What may leave, decided in the transaction that claims it.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use domain::store::Tx;
use domain::store::conversations::{Claimed, write};
use domain::{ConversationId, MessageId};
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use testkit::world::{self, Traits};

use crate::town::{Town, begin, commit, now, opt_out, outbound, recipient, until_blocked};

const LEASE: TimeDelta = TimeDelta::seconds(60);

/// Claims as the sender does: the conversations' locks first, then a fresh look.
async fn claim(
    conn: &mut Tx,
    texts: Vec<MessageId>,
    conversations: Vec<ConversationId>,
) -> Vec<Claimed> {
    begin(conn).await;
    write::lock_conversations(conn, conversations).await.unwrap();
    let answers_since = now() - TimeDelta::minutes(10);
    let claimed = write::claim(conn, texts, now(), now() + LEASE, answers_since).await.unwrap();
    commit(conn).await;
    claimed
}

/// Why each of these was canceled; `None` is one that leaves.
async fn verdicts(
    town: &Town,
    texts: &[MessageId],
    conversation: ConversationId,
) -> Vec<Option<String>> {
    let claimed = claim(&mut town.conn().await, texts.to_vec(), vec![conversation]).await;
    let why: HashMap<MessageId, Option<String>> =
        claimed.into_iter().map(|text| (text.id, text.ended_why)).collect();
    texts.iter().map(|id| why[id].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claimed_text_is_leased_and_claimed_by_nobody_else() {
    let town = Town::with_numbers(1).await;
    let conversation = town.conversation(1).await;
    let text = town.queue(conversation).await;

    let claimed = claim(&mut town.conn().await, vec![text], vec![conversation]).await;

    let [claimed] = claimed.as_slice() else { panic!("{} were claimed", claimed.len()) };
    assert_eq!(claimed.ended_why, None);
    assert_eq!(claimed.to_number, world::customer(1).as_e164());
    assert_eq!(claimed.from_number, town.numbers[0].1.as_e164());
    assert_eq!(town.text(text, "status").await.as_deref(), Some("sending"));
    let again = claim(&mut town.conn().await, vec![text], vec![conversation]).await;
    assert_eq!(again.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_the_confirmation_leaves_to_who_opted_out() {
    let town = Town::with_numbers(1).await;
    let conversation = town.conversation(1).await;
    let text = town.queue(conversation).await;
    let confirmation =
        town.queue_as(conversation, |text| text.purpose = "opt_out_confirmation").await;
    opt_out(&mut town.conn().await, conversation).await.unwrap();

    let verdicts = verdicts(&town, &[text, confirmation], conversation).await;

    assert_eq!(verdicts, [Some("opted_out".to_owned()), None]);
    assert_eq!(town.text(text, "status").await.as_deref(), Some("canceled"));
    assert_eq!(town.text(text, "lease_until").await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_opts_in_again_is_texted_again() {
    let town = Town::with_numbers(1).await;
    let conversation = town.conversation(1).await;
    let mut conn = town.conn().await;
    assert!(opt_out(&mut conn, conversation).await.unwrap());
    assert!(!opt_out(&mut conn, conversation).await.unwrap(), "one is in force already");
    let row = write::lock(&mut conn, conversation).await.unwrap().unwrap();
    assert!(write::opt_in(&mut conn, &row, "INICIAR", now()).await.unwrap());
    assert!(!write::opt_in(&mut conn, &row, "INICIAR", now()).await.unwrap());

    let text = town.queue(conversation).await;

    assert_eq!(verdicts(&town, &[text], conversation).await, [None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_made_for_an_older_epoch_is_superseded() {
    let town = Town::with_numbers(1).await;
    let conversation = town.conversation(1).await;
    let stale = town.queue_as(conversation, |text| text.reply_epoch = Some(0)).await;
    let epoch = write::invalidate_replies(&mut town.conn().await, conversation).await;
    let fresh = town.queue_as(conversation, |text| text.reply_epoch = Some(epoch.unwrap())).await;
    let of_a_person = town.queue(conversation).await;

    let verdicts = verdicts(&town, &[stale, fresh, of_a_person], conversation).await;

    assert_eq!(verdicts, [Some("superseded".to_owned()), None, None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handed_over_conversation_gets_no_reply_in_the_making() {
    let town = Town::with_numbers(1).await;
    let conversation = town.conversation(1).await;
    let reply = town.queue_as(conversation, |text| text.reply_epoch = Some(0)).await;
    write::hand_over(&mut town.conn().await, conversation, "asked for a person", now())
        .await
        .unwrap();

    let verdicts = verdicts(&town, &[reply], conversation).await;

    assert_eq!(verdicts, [Some("superseded".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_from_long_ago_is_not_sent_any_more() {
    let town = Town::with_numbers(1).await;
    let conversation = town.conversation(1).await;
    let old = |text: &mut write::NewOutbound<'_>| text.at = now() - TimeDelta::minutes(11);
    let answer = town
        .queue_as(conversation, |text| {
            old(text);
            text.reply_epoch = Some(0);
        })
        .await;
    let of_a_person = town.queue_as(conversation, old).await;

    let verdicts = verdicts(&town, &[answer, of_a_person], conversation).await;

    assert_eq!(verdicts, [Some("expired".to_owned()), None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_be_reached_and_who_is_blocked_is_not_texted() {
    let town = Town::with_numbers(1).await;
    let (landline, blocked) = (town.conversation(1).await, town.conversation(2).await);
    let mut conn = town.conn().await;
    let row = write::lock(&mut conn, landline).await.unwrap().unwrap();
    write::mark_unreachable(&mut conn, row.contact_id, 21_614).await.unwrap();
    let block = format!(
        "UPDATE user_conversations SET conversation_status = 'blocked' WHERE id = '{blocked}'"
    );
    conn.batch_execute(&block).await.unwrap();
    let (first, second) = (town.queue(landline).await, town.queue(blocked).await);

    assert_eq!(verdicts(&town, &[first], landline).await, [Some("unreachable".to_owned())]);
    assert_eq!(verdicts(&town, &[second], blocked).await, [Some("blocked".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_waited_for_an_opt_out_sees_it() {
    let town = Town::with_numbers(1).await;
    let conversation = town.conversation(1).await;
    let text = town.queue(conversation).await;
    let (mut leaving, mut claiming) = (town.conn().await, town.conn().await);

    begin(&mut leaving).await;
    opt_out(&mut leaving, conversation).await.unwrap();
    let mut waiting = Box::pin(claim(&mut claiming, vec![text], vec![conversation]));
    until_blocked(&town, &mut waiting).await;
    commit(&mut leaving).await;

    let claimed = waiting.await;
    assert_eq!(claimed[0].ended_why.as_deref(), Some("opted_out"));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_any_interleaving_nothing_is_claimed_after_an_opt_out() {
    let town = Town::with_numbers(2).await;
    let mut conversations = Vec::new();
    for customer in 0..12 {
        conversations.push(town.conversation(customer).await);
    }
    let (queued, opted_out) =
        (Mutex::new(Vec::<(MessageId, ConversationId)>::new()), Mutex::new(HashSet::new()));
    let (town, conversations, queued, opted_out) = (&town, &conversations, &queued, &opted_out);

    let queueing = (0..3_u64).map(|seed| async move {
        let (mut conn, mut random) = (town.conn().await, StdRng::seed_from_u64(seed));
        for _ in 0..60 {
            let conversation = conversations[random.random_range(0..conversations.len())];
            let text = outbound(town.account, conversation);
            write::queue(&mut conn, &text).await.unwrap();
            queued.lock().unwrap().push((text.id, conversation));
        }
    });
    let leaving = (0..2_usize).map(|half| async move {
        let mut conn = town.conn().await;
        for conversation in conversations.iter().skip(half).step_by(2) {
            begin(&mut conn).await;
            assert!(opt_out(&mut conn, *conversation).await.unwrap());
            commit(&mut conn).await;
            opted_out.lock().unwrap().insert(*conversation);
            // So that claims come in between.
            for _ in 0..5 {
                town.db.ask("SELECT 1").await;
            }
        }
    });
    let claiming = (0..4_u64).map(|seed| async move {
        let (mut conn, mut random) = (town.conn().await, StdRng::seed_from_u64(100 + seed));
        let mut left = 0;
        for _ in 0..80 {
            let some: Vec<_> = queued
                .lock()
                .unwrap()
                .iter()
                .filter(|_| random.random_ratio(1, 4))
                .copied()
                .collect();
            let (texts, of): (Vec<_>, Vec<_>) = some.into_iter().unzip();
            let gone = opted_out.lock().unwrap().clone();
            for text in claim(&mut conn, texts, of).await {
                let leaves = text.ended_why.is_none();
                assert!(!(leaves && gone.contains(&text.conversation_id)), "texted after ALTO");
                left += usize::from(leaves);
            }
        }
        left
    });

    let (_, _, left) = tokio::join!(join_all(queueing), join_all(leaving), join_all(claiming));

    assert!(left.iter().sum::<usize>() > 0, "nothing was claimed at all");
    let after: Vec<_> = queued.lock().unwrap().clone();
    let (texts, of) = after.into_iter().unzip();
    let rest = claim(&mut town.conn().await, texts, of).await;
    assert!(rest.iter().all(|text| text.ended_why.as_deref() == Some("opted_out")));
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_come_before_bulk_and_each_lane_is_bounded() {
    let town = Town::with_numbers(1).await;
    let conversation = town.conversation(1).await;
    for _ in 0..5 {
        town.queue_as(conversation, |text| text.lane = 1).await;
    }
    let mut replies = Vec::new();
    for seconds in [2, 1, 0] {
        let send_after = now() - TimeDelta::seconds(seconds);
        replies.push(town.queue_as(conversation, |text| text.send_after = send_after).await);
    }
    town.queue_as(conversation, |text| text.send_after = now() + TimeDelta::seconds(1)).await;

    let found = write::candidates(&mut town.conn().await, now(), 3).await.unwrap();

    let lanes: Vec<i16> = found.iter().map(|candidate| candidate.lane).collect();
    assert_eq!(lanes, [0, 0, 0, 1, 1, 1]);
    let first: Vec<MessageId> = found.iter().take(3).map(|candidate| candidate.id).collect();
    assert_eq!(first, replies);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_claimed_for_by_one_at_a_time() {
    let town = Town::with_numbers(2).await;
    let texts = [town.conversation(1).await, town.conversation(2).await];
    for conversation in texts {
        town.queue(conversation).await;
    }
    let (mut first, mut second) = (town.conn().await, town.conn().await);

    begin(&mut first).await;
    assert_eq!(write::candidates(&mut first, now(), 10).await.unwrap().len(), 2);
    assert_eq!(write::candidates(&mut second, now(), 10).await.unwrap().len(), 0);
    commit(&mut first).await;

    assert_eq!(write::candidates(&mut second, now(), 10).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_fills_at_its_rate_up_to_its_burst() {
    let town = Town::with_numbers(0).await;
    let traits = Traits { segments_per_second: 2.0, ..Traits::default() };
    let (number, _) = world::number(&mut town.db.conn().await, town.account, traits).await;
    town.assign(&[recipient(1)]).await;
    town.queue(town.conversation(1).await).await;
    let mut conn = town.conn().await;
    write::draw(&mut conn, vec![(number, 3.0)], now()).await.unwrap();

    for (seconds, tokens) in [(0, 3.0), (4, 11.0), (-9, 3.0), (3_600, 20.0)] {
        let at = now() + TimeDelta::seconds(seconds.max(0));
        let drawn = now() + TimeDelta::seconds((-seconds).max(0));
        write::draw(&mut conn, vec![(number, 3.0)], drawn).await.unwrap();
        let found = write::candidates(&mut conn, at, 1).await.unwrap();
        assert!((found[0].tokens - tokens).abs() < 1e-6, "{seconds}: {}", found[0].tokens);
        assert!(found[0].reserve < 20.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaves_from_a_paused_number() {
    let town = Town::with_numbers(1).await;
    town.queue(town.conversation(1).await).await;
    let (mut conn, number) = (town.conn().await, town.numbers[0].0);
    let until = now() + TimeDelta::minutes(5);
    write::pause_number(&mut conn, number, until, Some(30_022)).await.unwrap();
    // A shorter pause does not end a longer one.
    write::pause_number(&mut conn, number, now(), None).await.unwrap();

    assert_eq!(write::candidates(&mut conn, now(), 1).await.unwrap().len(), 0);
    assert_eq!(write::candidates(&mut conn, until, 1).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_wait_move_along_when_a_person_gives_another_number() {
    let town = Town::with_numbers(2).await;
    let conversation = town.conversation(1).await;
    let text = town.queue(conversation).await;
    let mut conn = town.conn().await;
    let row = write::lock(&mut conn, conversation).await.unwrap().unwrap();
    let (other, other_phone) =
        town.numbers.iter().find(|(id, _)| *id != row.number_id).unwrap().clone();

    let moved = write::reassign(&mut conn, &row, other, None, "asked for it", now()).await.unwrap();

    assert_eq!(moved, write::Reassigned::Done);
    let claimed = claim(&mut conn, vec![text], vec![conversation]).await;
    assert_eq!(claimed[0].from_number, other_phone.as_e164());
    assert_eq!(town.count("conversation_aliases").await, 1);
}
