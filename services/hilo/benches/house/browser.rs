//! From a person's text, through the API, to a colleague's browser: the dashboard that is built into
//! the gateway, in Chromium. Where one of these is missing, the report says so.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, ensure};
use domain::Role;
use domain::store::gateway::write::create_user;
use hdrhistogram::Histogram;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;
use uuid::Uuid;

use crate::person::{Person, granted};
use crate::report::{Figure, Report, Target, ms, percentiles};
use crate::town::Town;

const COUNT: u32 = 100;
const PAUSE: Duration = Duration::from_millis(200);
const PATIENCE: Duration = Duration::from_secs(60);
const CHROMIUM: &str = "/usr/bin/chromium";
const EMAIL: &str = "lupita@example.test";
const PASSWORD: &str = "correct horse battery staple";

pub async fn measure(
    town: &Town,
    person: &Person,
    conversations: &[Uuid],
    report: &mut Report,
) -> anyhow::Result<()> {
    let gateway = town.process("gateway")?.port;
    if let Some(missing) = missing(gateway).await {
        report.tell(format!("no browser was opened: {missing}"));
        return Ok(());
    }
    let hash = gateway::password::hash(&SecretString::from(PASSWORD))?;
    let mut conn = town.house.db.conn().await;
    create_user(&mut conn, town.account, EMAIL, "Lupita", Role::Agent, Some(&hash)).await?;
    let id = conversations.first().context("no conversation")?;
    let mut screen = Screen::open(gateway, *id).await?;
    text(&mut screen, person, gateway, *id, 0..5).await?;
    let seen = text(&mut screen, person, gateway, *id, 5..COUNT).await?;
    report.add(
        Figure::new(
            "d",
            "a person's text, from the request to a colleague's browser, median",
            ms(&seen, 0.5),
            "ms",
        )
        .target(Target::AtMost(100.0))
        .note(format!("{} of {} texts, in the DOM", percentiles(&seen), seen.len())),
    );
    Ok(())
}

fn dashboard() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../dashboard")
}

/// What there is not.
async fn missing(gateway: u16) -> Option<String> {
    let driver = dashboard().join("node_modules/playwright-core");
    for file in [Path::new(CHROMIUM), &driver] {
        if !file.exists() {
            return Some(format!("there is no {}", file.display()));
        }
    }
    let page = reqwest::get(format!("http://127.0.0.1:{gateway}/login")).await;
    let page = match page {
        Ok(page) => page.text().await.unwrap_or_default(),
        Err(_) => String::new(),
    };
    let is_there = page.contains("/assets/");
    (!is_there).then(|| "the dashboard is not built into the gateway".to_owned())
}

/// A browser that has the conversation open; it goes with its owner.
struct Screen {
    _node: Child,
    said: Lines<BufReader<ChildStdout>>,
    seen: HashMap<String, f64>,
}

impl Screen {
    async fn open(gateway: u16, id: Uuid) -> anyhow::Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/house/inbox.mjs");
        let mut node = Command::new("node")
            .args([&script, &dashboard()])
            .args([CHROMIUM, &format!("http://localhost:{gateway}"), &format!("/inbox/{id}")])
            .args([EMAIL, PASSWORD])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let said = BufReader::new(node.stdout.take().context("no stdout")?).lines();
        let mut screen = Self { _node: node, said, seen: HashMap::new() };
        timeout(PATIENCE, async {
            while screen.line().await? != "ready" {}
            anyhow::Ok(())
        })
        .await
        .context("the browser was never ready")??;
        Ok(screen)
    }

    async fn line(&mut self) -> anyhow::Result<String> {
        let line = self.said.next_line().await?.context("the browser ended")?;
        if let Ok(told) = serde_json::from_str::<Value>(&line)
            && let Some(folio) = told.get("folio").and_then(Value::as_str)
            && let Some(at) = told.get("at").and_then(Value::as_f64)
        {
            self.seen.insert(folio.to_owned(), at);
        }
        Ok(line)
    }

    /// When it was on the screen, in milliseconds since 1970.
    async fn saw(&mut self, folio: &str) -> anyhow::Result<f64> {
        let seen = timeout(PATIENCE, async {
            while !self.seen.contains_key(folio) {
                self.line().await?;
            }
            anyhow::Ok(())
        });
        seen.await.context("a text never reached the browser")??;
        self.seen.get(folio).copied().context("a text was not seen")
    }
}

async fn text(
    screen: &mut Screen,
    person: &Person,
    gateway: u16,
    id: Uuid,
    folios: std::ops::Range<u32>,
) -> anyhow::Result<Histogram<u64>> {
    let client = person.client()?;
    let url = format!("http://127.0.0.1:{gateway}/api/conversations/{id}/messages");
    let mut took = Histogram::new_with_bounds(1, 120_000_000, 3)?;
    for n in folios {
        let folio = format!("{:06}", 100_000 + n);
        let body = json!({ "body": format!("Su comedor sale mañana, folio {folio}.") });
        let began = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64() * 1_000.0;
        granted(client.post(&url).json(&body).send().await?).await?;
        let micros = (screen.saw(&folio).await? - began) * 1_000.0;
        ensure!(micros > 0.0, "the browser's clock is another");
        took.record(micros as u64)?;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(took)
}
