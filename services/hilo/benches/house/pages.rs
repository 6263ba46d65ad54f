//! The list of conversations, long against short: any page of it, the first question to a process
//! that has just begun, a filter, a search; the service asked directly.

use std::time::Instant;

use anyhow::{Context, ensure};
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::store::stmt::stmt;
use domain::{Clock, SystemClock};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::Value;
use testkit::TestDb;
use uuid::Uuid;

use crate::Scale;
use crate::crowd::Crowd;
use crate::generator::load_over;
use crate::person::{HEADER, granted};
use crate::report::{Figure, Report, Target, median, short};

const LIMIT: u32 = 100;
/// Requests of a kind, and those of a kind that may be slow.
const MANY: u32 = 300;
const FEW: u32 = 60;
const LIST: &str = "/api/conversations/";

/// The ids of the first page, by the index that the list is read by.
const BARE: &str =
    "SELECT id FROM user_conversations WHERE account_id = $1 AND last_message_at <= $2
     ORDER BY last_message_at DESC, id DESC LIMIT 100";

/// A way to read the list.
struct Reading {
    what: &'static str,
    count: u32,
    target: bool,
    path: fn(&Crowd, &str, &mut StdRng) -> String,
}

const READINGS: [Reading; 6] = [
    Reading {
        what: "the first page",
        count: MANY,
        target: true,
        path: |_, _, _| format!("{LIST}?offset=0&limit={LIMIT}"),
    },
    Reading {
        what: "the page at 90 %",
        count: MANY,
        target: true,
        path: |crowd, as_of, _| {
            format!("{LIST}?offset={}&limit={LIMIT}&as_of={as_of}", crowd.count / 10 * 9)
        },
    },
    Reading {
        what: "pages anywhere",
        count: MANY,
        target: true,
        path: |crowd, as_of, dice| {
            let offset = dice.random_range(0..crowd.count - LIMIT);
            format!("{LIST}?offset={offset}&limit={LIMIT}&as_of={as_of}")
        },
    },
    Reading {
        what: "the unread",
        count: FEW,
        target: false,
        path: |_, _, _| format!("{LIST}?unread=true&limit={LIMIT}"),
    },
    Reading {
        what: "a part of a number",
        count: FEW,
        target: false,
        path: |crowd, _, dice| {
            format!("{LIST}?q={}&limit=20", 20_000_001 + dice.random_range(0..crowd.count))
        },
    },
    Reading {
        what: "a part of a name",
        count: FEW,
        target: false,
        path: |_, _, _| format!("{LIST}?q=hernandez&limit=20"),
    },
];

pub async fn measure(
    db: &TestDb,
    port: u16,
    small: &Crowd,
    large: &Crowd,
    scale: Scale,
    report: &mut Report,
) -> anyhow::Result<()> {
    first_questions(port, small, large, report).await?;
    for reading in &READINGS {
        for at_once in [1, 8] {
            compare(reading, port, small, large, at_once, scale, report).await?;
        }
    }
    let page = format!("{LIST}?offset=0&limit={LIMIT}");
    let first = load_over(port, asks(large, &vec![page; 100]), 1, None).await?.ms(0.5);
    report.add(
        Figure::new("d", format!("list of {}: the first page", large.count), first, "ms")
            .against("ms, its ids alone by SQL", bare(db, large).await?),
    );
    Ok(())
}

/// One kind of page, long list and short taking turns.
async fn compare(
    reading: &Reading,
    port: u16,
    small: &Crowd,
    large: &Crowd,
    at_once: usize,
    scale: Scale,
    report: &mut Report,
) -> anyhow::Result<()> {
    let (mut of_small, mut of_large, mut p99) = (vec![], vec![], (0.0_f64, 0.0_f64));
    for round in 0..scale.rounds() {
        let dice = StdRng::seed_from_u64(round as u64);
        let short = read(reading, port, small, at_once, dice.clone()).await?;
        let long = read(reading, port, large, at_once, dice).await?;
        p99 = (p99.0.max(short.1), p99.1.max(long.1));
        of_small.push(short.0);
        of_large.push(long.0);
    }
    let (of_small, (of_large, spread)) = (median(of_small).0, median(of_large));
    let what = format!("list of {}: {}, {at_once} at a time", large.count, reading.what);
    let figure = Figure::new("d", what, of_large, "ms")
        .against(format!("ms, list of {}", small.count), of_small)
        .note(format!(
            "medians of {} requests; {spread}; p99 {} against {} ms",
            reading.count,
            short(p99.1),
            short(p99.0)
        ));
    report.add(if reading.target { figure.target(Target::RatioAtMost(2.0)) } else { figure });
    Ok(())
}

/// Median and p99 of one load, in milliseconds.
async fn read(
    reading: &Reading,
    port: u16,
    crowd: &Crowd,
    at_once: usize,
    mut dice: StdRng,
) -> anyhow::Result<(f64, f64)> {
    let as_of = as_of(port, crowd).await?;
    let paths: Vec<String> =
        (0..reading.count).map(|_| (reading.path)(crowd, &as_of, &mut dice)).collect();
    // Warm: the plans, the pages, and whatever the service remembers of this list.
    load_over(port, asks(crowd, paths.get(..20).unwrap_or_default()), at_once, None).await?;
    let load = load_over(port, asks(crowd, &paths), at_once, None).await?;
    ensure!(load.refused == 0, "{} of {}: {} refused", reading.what, crowd.count, load.refused);
    Ok((load.ms(0.5), load.ms(0.99)))
}

fn asks(crowd: &Crowd, paths: &[String]) -> Vec<Vec<u8>> {
    crowd.owner.directly("conversations", paths)
}

/// The order of the list as it is now.
async fn as_of(port: u16, crowd: &Crowd) -> anyhow::Result<String> {
    let page: Value =
        serde_json::from_slice(&ask(port, crowd, &format!("{LIST}?limit=1")).await?.1)?;
    let as_of = page.get("as_of").and_then(Value::as_str).context("a page without as_of")?;
    Ok(as_of.replace('+', "%2B"))
}

/// One question, and how long it took in milliseconds.
async fn ask(port: u16, crowd: &Crowd, path: &str) -> anyhow::Result<(f64, Vec<u8>)> {
    let word = crowd.owner.word("conversations", "GET", path);
    let url = format!("http://127.0.0.1:{port}{path}");
    let client = reqwest::Client::builder().build()?;
    let began = Instant::now();
    let answer = client.get(url).header(HEADER, word).send().await?;
    let answer = granted(answer).await?.bytes().await?;
    Ok((began.elapsed().as_secs_f64() * 1_000.0, answer.to_vec()))
}

/// A process that has answered nobody yet, and remembers nothing.
async fn first_questions(
    port: u16,
    small: &Crowd,
    large: &Crowd,
    report: &mut Report,
) -> anyhow::Result<()> {
    let shallow = format!("{LIST}?offset=0&limit={LIMIT}");
    let first = ask(port, small, &shallow).await?.0;
    report.tell(format!("the very first request to conversations took {} ms", short(first)));
    let deep = |crowd: &Crowd| format!("{LIST}?offset={}&limit={LIMIT}", crowd.count / 10 * 9);
    let of_small = ask(port, small, &deep(small)).await?.0;
    let of_large = ask(port, large, &deep(large)).await?.0;
    let again = ask(port, large, &deep(large)).await?.0;
    report.add(
        Figure::new(
            "d",
            format!("list of {}: the very first page at 90 %", large.count),
            of_large,
            "ms",
        )
        .against(format!("ms, list of {}", small.count), of_small)
        .note(format!("the second time {} ms", short(again))),
    );
    Ok(())
}

/// The same rows by one connection that asks for nothing but their ids.
async fn bare(db: &TestDb, crowd: &Crowd) -> anyhow::Result<f64> {
    #[derive(diesel::QueryableByName)]
    struct Found {
        #[diesel(sql_type = SqlUuid)]
        #[expect(dead_code, reason = "read from the wire, as whoever shows it must")]
        id: Uuid,
    }
    let (mut conn, mut took) = (db.conn().await, Vec::new());
    for _ in 0..200 {
        let began = Instant::now();
        let rows: Vec<Found> = stmt(BARE)
            .bind::<SqlUuid, _>(crowd.account)
            .bind::<Timestamptz, _>(SystemClock.now())
            .load(&mut conn)
            .await?;
        took.push(began.elapsed().as_secs_f64() * 1_000.0);
        ensure!(rows.len() == 100, "a short page");
    }
    Ok(median(took).0)
}
