//! Which number a recipient sees.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::TimeDelta;
use domain::store::conversations::read;
use domain::store::conversations::write::{self, Recipient};
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use testkit::world::{self, Traits};

use crate::town::{Town, assign, now, recipient, today};

/// How many recipients were dealt to each number.
async fn uses(town: &Town) -> Vec<i64> {
    let statistics = read::number_statistics(&mut town.conn().await, town.account).await.unwrap();
    statistics.iter().map(|number| number.uses).collect()
}

fn recipients(range: std::ops::Range<u32>) -> Vec<Recipient> {
    range.map(recipient).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_callers_at_once_never_give_a_recipient_two_numbers() {
    let town = Town::with_numbers(16).await;
    let mut random = StdRng::seed_from_u64(7);
    let mut callers = Vec::new();
    for _ in 0..64 {
        let mut asked = recipients(0..200);
        asked.shuffle(&mut random);
        asked.truncate(random.random_range(1..40));
        callers.push((town.conn().await, asked));
    }
    let asked: BTreeSet<String> = callers
        .iter()
        .flat_map(|(_, asked)| asked.iter().map(|one| one.phone.as_e164().to_owned()))
        .collect();

    let answers = join_all(callers.into_iter().map(|(mut conn, asked)| async move {
        (assign(&mut conn, town.account, &asked).await.unwrap(), asked.len())
    }))
    .await;

    let mut seen: HashMap<String, String> = HashMap::new();
    let mut dealt = 0;
    for (answer, wanted) in answers {
        assert_eq!(answer.refused, []);
        assert_eq!(answer.kept.len() + answer.dealt.len(), wanted);
        dealt += answer.dealt.len();
        for assigned in answer.kept.into_iter().chain(answer.dealt) {
            let number = seen
                .entry(assigned.to_number)
                .or_insert_with(|| assigned.from_twilio_number.clone());
            assert_eq!(*number, assigned.from_twilio_number);
        }
    }
    assert_eq!((seen.len(), dealt), (asked.len(), asked.len()));
    let pairs = "(SELECT DISTINCT from_twilio_number, to_number FROM user_conversations) AS pairs";
    assert_eq!(town.count(pairs).await, asked.len());
    let uses = uses(&town).await;
    assert!(uses.iter().max().unwrap() - uses.iter().min().unwrap() <= 1, "{uses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_who_only_keep_what_they_have_do_not_stand_in_each_others_way() {
    let town = Town::with_numbers(4).await;
    town.assign(&recipients(0..300)).await;
    let mut random = StdRng::seed_from_u64(11);
    let mut callers = Vec::new();
    for caller in 0..32 {
        let mut asked = recipients(0..300);
        asked.shuffle(&mut random);
        // One or two, a few, nearly all: the planner finds them in different ways.
        asked.truncate([2, 20, 290][caller % 3]);
        callers.push((town.conn().await, asked));
    }

    let answers = join_all(callers.into_iter().map(|(mut conn, asked)| async move {
        for _ in 0..5 {
            assign(&mut conn, town.account, &asked).await?;
        }
        Ok::<_, domain::store::StoreError>(())
    }))
    .await;

    for answer in answers {
        answer.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_dealt_in_proportion_to_its_priority() {
    let town = Town::with_numbers(0).await;
    let mut conn = town.db.conn().await;
    for priority in [1, 2, 3] {
        let traits = Traits { priority, ..Traits::default() };
        world::number(&mut conn, town.account, traits).await;
    }

    for batch in 0..60 {
        town.assign(&recipients(batch * 10..(batch + 1) * 10)).await;
    }

    assert_eq!(uses(&town).await, [100, 200, 300]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_over_its_days_budget_steps_aside_until_tomorrow() {
    let town = Town::with_numbers(0).await;
    let mut conn = town.db.conn().await;
    for new_recipients_per_day in [2, 3] {
        let traits = Traits { new_recipients_per_day, ..Traits::default() };
        world::number(&mut conn, town.account, traits).await;
    }

    let first = town.assign(&recipients(0..7)).await;
    assert_eq!((first.dealt.len(), first.refused.len()), (5, 2));
    assert_eq!(uses(&town).await, [2, 3]);
    // Whoever has a number keeps it whatever the budget.
    let again = town.assign(&recipients(0..7)).await;
    assert_eq!((again.kept.len(), again.dealt.len(), again.refused.len()), (5, 0, 2));

    let (tomorrow, later) = (today().succ_opt().unwrap(), now() + TimeDelta::days(1));
    let mut conn = town.conn().await;
    let asked = recipients(0..20);
    let next = write::assign(&mut conn, town.account, &asked, tomorrow, later);
    let next = next.await.unwrap();
    assert_eq!((next.kept.len(), next.dealt.len(), next.refused.len()), (5, 5, 10));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quarantined_number_is_dealt_to_nobody_and_is_not_flooded_when_it_is_back() {
    let town = Town::with_numbers(2).await;
    let mut conn = town.conn().await;
    let (resting, until) = (town.numbers[0].0, now() + TimeDelta::hours(1));
    town.assign(&recipients(0..10)).await;
    write::quarantine(&mut conn, resting, until).await.unwrap();

    town.assign(&recipients(10..50)).await;
    assert_eq!(uses(&town).await, [5, 45]);
    assert_eq!(town.assign(&recipients(0..10)).await.kept.len(), 10);

    write::assign(&mut conn, town.account, &recipients(50..70), today(), until).await.unwrap();
    assert_eq!(uses(&town).await, [15, 55]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_is_neither_flooded_nor_starved() {
    let town = Town::with_numbers(2).await;
    town.assign(&recipients(0..100)).await;

    world::numbers(&mut town.db.conn().await, town.account, 1).await;
    town.assign(&recipients(100..130)).await;

    assert_eq!(uses(&town).await, [60, 60, 10]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_number_keeps_it_and_the_conversation_is_touched() {
    let town = Town::with_numbers(3).await;
    let first = town.assign(&recipients(0..1)).await.dealt.remove(0);
    let last_message = async || {
        let at = "SELECT extract(epoch FROM last_message_at)::bigint FROM user_conversations";
        town.db.ask(at).await.unwrap().parse::<i64>().unwrap()
    };
    let mut conn = town.conn().await;

    // Backwards, as a clock of another machine may be: it stays.
    for (seconds, stands) in [(60, 60), (-60, 60), (90, 90)] {
        let at = now() + TimeDelta::seconds(seconds);
        let again = write::assign(&mut conn, town.account, &recipients(0..1), today(), at).await;
        assert_eq!(again.unwrap().kept[0].from_twilio_number, first.from_twilio_number);
        assert_eq!(last_message().await, now().timestamp() + stands);
    }
    assert_eq!(uses(&town).await.iter().sum::<i64>(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn doubles_in_a_list_are_one_recipient() {
    let town = Town::with_numbers(3).await;

    let assigned = town.assign(&[recipient(1), recipient(2), recipient(1)]).await;

    assert_eq!((assigned.dealt.len(), assigned.kept.len()), (2, 0));
    assert_eq!(town.assign(&[]).await.dealt.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_numbers_refuses() {
    let town = Town::with_numbers(0).await;

    let assigned = town.assign(&recipients(0..3)).await;

    assert_eq!(assigned.refused.len(), 3);
    assert_eq!(town.count("user_conversations").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_accounts_know_a_recipient_by_numbers_of_their_own() {
    let town = Town::with_numbers(2).await;
    let mut conn = town.db.conn().await;
    let other = world::account(&mut conn, "Refacciones Norte").await;
    let theirs = world::numbers(&mut conn, other, 1).await;

    let ours = town.assign(&recipients(0..1)).await.dealt.remove(0);
    let assigned = assign(&mut town.conn().await, other, &recipients(0..1)).await.unwrap();

    assert_eq!(assigned.dealt[0].number_id, theirs[0].0);
    assert_ne!(assigned.dealt[0].number_id, ours.number_id);
    assert_ne!(assigned.dealt[0].conversation_id, ours.conversation_id);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_recipients_are_dealt_in_one_call() {
    let town = Town::with_numbers(16).await;
    let begun = std::time::Instant::now();

    let assigned = town.assign(&recipients(0..20_000)).await;

    let took = begun.elapsed();
    assert_eq!((assigned.dealt.len(), assigned.refused.len()), (20_000, 0));
    let mut per_number: BTreeMap<_, usize> = BTreeMap::new();
    for one in &assigned.dealt {
        *per_number.entry(&one.from_twilio_number).or_default() += 1;
    }
    assert!(per_number.values().all(|n| *n == 1_250), "{:?}", per_number.values());
    // A service's statement may take fifteen seconds; the whole call stays far below.
    assert!(took.as_secs() < 15, "{took:?}");
}
