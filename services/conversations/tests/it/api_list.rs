//! I look at the list of conversations, and it moves while I look.

use std::collections::HashSet;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::app::App;

/// So many conversations, the i-th last touched i seconds ago.
async fn many(app: &App, count: u32) {
    app.changes(&format!(
        "INSERT INTO contacts (id, account_id, phone_number, phone_raw, name, created_at)
         SELECT gen_random_uuid(), '{account}', '+5255' || lpad(i::text, 8, '0'), '', 'Cliente ' || i, now() - i * interval '1 second'
         FROM generate_series(1, {count}) i;
         INSERT INTO user_conversations (id, account_id, contact_id, to_number, number_id, from_twilio_number, last_message_at, created_at, assigned_reason, assigned_at)
         SELECT gen_random_uuid(), p.account_id, p.id, p.phone_number, n.id, n.phone_number, p.created_at, p.created_at, 'rotation', now()
         FROM contacts p, (SELECT * FROM phone_numbers WHERE account_id = '{account}' ORDER BY phone_number LIMIT 1) n
         WHERE p.account_id = '{account}';
         ANALYZE",
        account = app.account
    ))
    .await;
}

fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// Customers write: their conversations move to the top.
async fn touch(app: &App, ids: &[&str]) {
    app.changes(&format!(
        "UPDATE user_conversations SET last_message_at = clock_timestamp() WHERE id IN ('{}')",
        ids.join("', '")
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_into_a_long_list_are_those_of_the_naive_list() {
    let app = App::start().await;
    many(&app, 12_500).await;
    let mut dice = StdRng::seed_from_u64(7);

    let first = app.get("/api/conversations/?limit=1").await.ok();
    assert_eq!(first["total"], 12_500);
    let as_of = first["as_of"].as_str().unwrap().to_owned();
    for n in 0..24 {
        let (offset, limit) = (dice.random_range(0..12_600), dice.random_range(1..=200));
        // Some readers come afresh, some go on in the list that they began.
        let frozen = if n % 2 == 0 { String::new() } else { format!("&as_of={as_of}") };
        let path = format!("/api/conversations?offset={offset}&limit={limit}{frozen}");
        let page = app.get(&path).await.ok();
        let naive = app
            .db
            .ask(&format!(
                "SELECT coalesce(string_agg(id::text, ' ' ORDER BY last_message_at DESC, id DESC), '') FROM (
                   SELECT id, last_message_at FROM user_conversations ORDER BY last_message_at DESC, id DESC
                   OFFSET {offset} LIMIT {limit}) AS it"
            ))
            .await
            .unwrap();
        assert_eq!(ids(&page).join(" "), naive, "offset {offset}, limit {limit}");
        assert_eq!(page["total"], 12_500);
    }
}

/// Reads a list to its end, 200 rows a page, while conversations move to its top.
async fn read_while_it_moves(app: &App, from: u32, filter: &str) -> (Vec<String>, HashSet<String>) {
    let mut dice = StdRng::seed_from_u64(11);
    let first = app.get(&format!("/api/conversations/?limit=200{filter}")).await.ok();
    let (as_of, total) = (first["as_of"].as_str().unwrap(), first["total"].as_u64().unwrap());
    let (mut seen, mut touched) = (ids(&first), HashSet::new());
    let all = app.db.ask("SELECT string_agg(id::text, ' ') FROM user_conversations").await.unwrap();
    let all: Vec<&str> = all.split(' ').collect();
    // Jumps deep first, and reads what is between later.
    let pages: Vec<u64> = (1..=total / 200).collect();
    let (before, after) = pages.split_at(usize::try_from(from).unwrap().min(pages.len()));
    for page in after.iter().chain(before) {
        let writing: Vec<&str> = all.choose_multiple(&mut dice, 3).copied().collect();
        touch(app, &writing).await;
        touched.extend(writing.into_iter().map(str::to_owned));
        let path =
            format!("/api/conversations/?offset={}&limit=200&as_of={as_of}{filter}", page * 200);
        let page = app.get(&path).await.ok();
        assert_eq!(page["total"].as_u64().unwrap(), total, "a frozen list keeps its length");
        seen.extend(ids(&page));
    }
    (seen, touched)
}

async fn tiles(app: &App, from: u32, filter: &str) {
    let (seen, touched) = read_while_it_moves(app, from, filter).await;
    let distinct: HashSet<&String> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len(), "a conversation was given twice");
    let all = app.db.ask("SELECT string_agg(id::text, ' ') FROM user_conversations").await.unwrap();
    let lost: Vec<&str> = all
        .split(' ')
        .filter(|id| !distinct.contains(&(*id).to_owned()) && !touched.contains(*id))
        .collect();
    assert!(lost.is_empty(), "{} conversations were passed over", lost.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_a_short_list_tile_it_while_customers_write() {
    let app = App::start().await;
    many(&app, 2_000).await;

    tiles(&app, 0, "").await;
    tiles(&app, 5, "&status=active").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_a_long_list_tile_it_while_customers_write() {
    let app = App::start().await;
    many(&app, 10_600).await;

    tiles(&app, 0, "").await;
    // In the middle of the list, between two anchors.
    tiles(&app, 37, "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_newer_is_left_out_of_a_frozen_list() {
    let app = App::start().await;
    many(&app, 5).await;
    let first = app.get("/api/conversations/?limit=2").await.ok();
    let newest = ids(&first)[0].clone();

    touch(&app, &[&newest]).await;

    let as_of = first["as_of"].as_str().unwrap();
    let frozen = app.get(&format!("/api/conversations/?as_of={as_of}&limit=200")).await.ok();
    assert!(!ids(&frozen).contains(&newest));
    assert_eq!(ids(&app.get("/api/conversations/").await.ok())[0], newest);
}

/// What is asked, and who is shown.
fn cases(app: &App, label: &str, boundary: &str) -> Vec<(String, Vec<u32>)> {
    vec![
        ("unread=true".to_owned(), vec![1, 2]),
        ("handed_over=true".to_owned(), vec![2]),
        ("owner=me".to_owned(), vec![2]),
        (format!("owner={}", app.me.user), vec![2]),
        ("owner=none".to_owned(), vec![1, 3, 4, 5, 6]),
        ("owner=me&unread=true".to_owned(), vec![2]),
        ("status=blocked".to_owned(), vec![3]),
        ("status=active".to_owned(), vec![1, 2, 4, 5, 6]),
        (format!("number_id={}", app.numbers[2].0), vec![4]),
        (format!("label_id={label}"), vec![6]),
        (format!("from={boundary}"), vec![1, 2, 3]),
        (format!("to={boundary}"), vec![4, 5, 6]),
        (format!("from={boundary}&to={boundary}"), vec![]),
        ("q=nunez".to_owned(), vec![5]),
        ("q=JOS%C3%89".to_owned(), vec![5]),
        ("q=100%25".to_owned(), vec![5]),
        ("q=%25".to_owned(), vec![]),
        ("q=0004".to_owned(), vec![4]),
        ("q=55%200000%200004".to_owned(), vec![4]),
        ("q=04".to_owned(), vec![4]),
        ("q=Cl".to_owned(), vec![1, 2, 3, 4, 6]),
        ("q=cliente&unread=true".to_owned(), vec![1, 2]),
        ("q=+".to_owned(), vec![1, 2, 3, 4, 5, 6]),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_shows_what_it_says() {
    let app = App::start().await;
    many(&app, 6).await;
    let id = |i: u32| {
        format!(
            "(SELECT id FROM user_conversations WHERE to_number = '+5255' || lpad('{i}', 8, '0'))"
        )
    };
    app.changes(&format!(
        "UPDATE user_conversations SET unread = 2 WHERE id = {};
         UPDATE user_conversations SET assistant = 'handed_over', user_id = '{}', unread = 1 WHERE id = {};
         UPDATE user_conversations SET conversation_status = 'blocked' WHERE id = {};
         UPDATE user_conversations c SET number_id = n.id, from_twilio_number = n.phone_number
           FROM phone_numbers n WHERE n.id = '{}' AND c.id = {};
         UPDATE contacts SET name = 'José Núñez 100%' WHERE phone_number = '+525500000005'",
        id(1), app.me.user, id(2), id(3), app.numbers[2].0, id(4)
    ))
    .await;
    let label = app.post("/api/labels", json!({"name": "Mayoreo", "color": "agave"})).await.ok();
    let label = label["id"].as_str().unwrap();
    app.changes(&format!("INSERT INTO conversation_labels SELECT {}, '{label}'", id(6))).await;
    let boundary = app
        .db
        .ask("SELECT to_char(last_message_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM user_conversations WHERE to_number = '+525500000003'")
        .await
        .unwrap();

    for (filter, expected) in cases(&app, label, &boundary) {
        let page = app.get(&format!("/api/conversations/?{filter}")).await.ok();
        let items = page["items"].as_array().unwrap();
        let found: Vec<u32> = items
            .iter()
            .map(|item| item["to_number"].as_str().unwrap()[5..].parse().unwrap())
            .collect();
        assert_eq!(found, expected, "{filter}");
        let total = u64::try_from(expected.len()).unwrap();
        assert_eq!(page["total"].as_u64().unwrap(), total, "{filter}");
    }
    let counts = app.get("/api/conversations/counts").await.ok();
    assert_eq!(counts, json!({"total": 6, "unread": 2, "handed_over": 1, "mine_unread": 1}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_is_paged_like_any_list() {
    let app = App::start().await;
    many(&app, 60).await;

    let first = app.get("/api/conversations/?q=cliente&limit=25").await.ok();
    let as_of = first["as_of"].as_str().unwrap();
    let mut seen = ids(&first);
    for offset in [25, 50] {
        touch(&app, &[&seen[3]]).await;
        let path = format!("/api/conversations/?q=cliente&limit=25&offset={offset}&as_of={as_of}");
        seen.extend(ids(&app.get(&path).await.ok()));
    }

    assert_eq!(first["total"], 60);
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_that_does_not_fit_is_named() {
    let app = App::start().await;

    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("offset=-1", "offset"),
        ("offset=99999999999999999999", "offset"),
        ("status=asleep", "status"),
        ("owner=somebody", "owner"),
        ("unread=false", "unread"),
        ("as_of=yesterday", "as_of"),
        ("q=", "q"),
        ("colour=red", "colour"),
    ] {
        let refused = app.get(&format!("/api/conversations/?{query}")).await;
        assert_eq!(refused.refusal(), "400 malformed-query", "{query}");
        assert_eq!(refused.body["fields"][0]["path"], field, "{query}");
    }
    assert_eq!(app.get("/api/conversations/?q=a%00b").await.status, 400);
    assert_eq!(app.get("/api/labels?colour=red").await.status, 400);
}
