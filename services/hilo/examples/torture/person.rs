//! A person who texts through the API while everything dies: each text has a key, and is asked for
//! with it again and again until somebody answers.

use std::collections::HashMap;
use std::time::Duration;

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::heard::{Answer, Asked};

/// Texts a second, on average.
const RATE: f64 = 2.0;
/// Texts that wait for an answer at once; a person with more of them stops typing.
const WAITING: usize = 12;
/// Shorter than an outage: an attempt is given up while it may still succeed.
const ATTEMPT: Duration = Duration::from_secs(3);
/// Doubled with each attempt, up to the second: who hammers a house that comes up keeps it down.
const PAUSE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(3));
/// After so long somebody must have answered.
const PATIENCE: Duration = Duration::from_secs(120);

/// The person.
pub struct Person {
    client: reqwest::Client,
    gateways: Vec<u16>,
    token: String,
    /// Whom they text.
    phones: Vec<String>,
    dice: StdRng,
}

/// What an attempt brought.
enum Attempt {
    Answered(Answer, Option<Uuid>),
    /// Nobody said yet; what was said instead.
    Again(String),
}

impl Person {
    pub fn new(
        token: String,
        gateways: Vec<u16>,
        phones: Vec<String>,
        dice: StdRng,
    ) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder().timeout(ATTEMPT).build()?;
        Ok(Self { client, gateways, token, phones, dice })
    }

    /// Texts until `stop`, then waits for what is not answered yet.
    pub async fn run(mut self, stop: CancellationToken) -> Vec<Asked> {
        let (mut asking, mut asked) = (JoinSet::new(), Vec::new());
        let mut threads: HashMap<String, Uuid> = HashMap::new();
        while !stop.is_cancelled() {
            let wait = -(1.0 - self.dice.random::<f64>()).ln() / RATE;
            stop.run_until_cancelled(tokio::time::sleep(Duration::from_secs_f64(wait))).await;
            while let Some(Ok((phone, thread, one))) = asking.try_join_next() {
                threads.extend(Option::zip(Some(phone), thread));
                asked.push(one);
            }
            if asking.len() >= WAITING {
                continue;
            }
            let Some(phone) = self.phones.choose(&mut self.dice).cloned() else { break };
            let thread = threads.get(&phone).copied();
            asking.spawn(self.text(phone, thread));
        }
        asked.extend(asking.join_all().await.into_iter().map(|(_, _, one)| one));
        asked
    }

    /// One text, until it is answered; afterwards the assistant has the word again.
    fn text(
        &self,
        phone: String,
        thread: Option<Uuid>,
    ) -> impl Future<Output = (String, Option<Uuid>, Asked)> + use<> {
        let (key, hand_back) = (Uuid::now_v7(), Uuid::now_v7());
        let body = format!("Le escribe Ana de Muebles La Esperanza, folio {}.", key.simple());
        let asks = Asks {
            client: self.client.clone(),
            gateways: self.gateways.clone(),
            token: self.token.clone(),
        };
        async move {
            let (path, request) = match thread {
                Some(id) => (format!("/api/conversations/{id}/messages"), json!({ "body": body })),
                None => (
                    "/api/conversations/start".to_owned(),
                    json!({ "phone_number": phone, "body": body }),
                ),
            };
            let (answer, found, attempts, replayed) =
                asks.until_answered(&path, key, &request).await;
            let thread = thread.or(found);
            if let Some(id) = thread {
                let path = format!("/api/conversations/{id}/hand-back");
                asks.until_answered(&path, hand_back, &json!({})).await;
            }
            (phone, thread, Asked { key, body, answer, attempts, replayed })
        }
    }
}

struct Asks {
    client: reqwest::Client,
    gateways: Vec<u16>,
    token: String,
}

impl Asks {
    /// The answer, the conversation if it says which, how many attempts it took, and whether it was
    /// one of before.
    async fn until_answered(
        &self,
        path: &str,
        key: Uuid,
        request: &Value,
    ) -> (Answer, Option<Uuid>, u32, bool) {
        let (begun, mut attempts, mut pause) = (Instant::now(), 0, PAUSE.0);
        let mut last = String::new();
        // Another one each time, so that each of them begins as often.
        let first = usize::from(key.as_bytes().last().copied().unwrap_or_default());
        let turns = self.gateways.iter().cycle().skip(first % self.gateways.len().max(1));
        for gateway in turns {
            attempts += 1;
            let url = format!("http://127.0.0.1:{gateway}{path}");
            let asking = self.client.post(url).bearer_auth(&self.token);
            let asking = asking.header("idempotency-key", key.to_string()).json(request);
            let attempt = match asking.send().await {
                Ok(response) => {
                    let replayed = response.headers().contains_key("idempotency-replayed");
                    read(response).await.map(|attempt| (attempt, replayed))
                }
                Err(error) => Err(error.into()),
            };
            match attempt {
                Ok((Attempt::Answered(answer, thread), replayed)) => {
                    return (answer, thread, attempts, replayed);
                }
                Ok((Attempt::Again(said), _)) => last = said,
                Err(error) => last = format!("{error:#}"),
            }
            if begun.elapsed() > PATIENCE {
                break;
            }
            tokio::time::sleep(pause).await;
            pause = PAUSE.1.min(pause * 2);
        }
        (Answer::Missing(last), None, attempts, false)
    }
}

async fn read(response: reqwest::Response) -> anyhow::Result<Attempt> {
    let status = response.status();
    if status.is_server_error() || status.as_u16() == 429 {
        return Ok(Attempt::Again(status.to_string()));
    }
    let told: Value = response.json().await?;
    let text = |pointer: &str| told.pointer(pointer).and_then(Value::as_str);
    let id_at = |pointer: &str| -> Option<Uuid> { text(pointer)?.parse().ok() };
    if !status.is_success() {
        let code = text("/code").unwrap_or_default();
        let (is_under_way, said) =
            (code == "request-in-progress", format!("{} {code}", status.as_u16()));
        return Ok(match is_under_way {
            true => Attempt::Again(said),
            false => Attempt::Answered(Answer::Refused(said), None),
        });
    }
    // A conversation with its first text, or a text.
    let (thread, message) = match told.get("conversation") {
        Some(_) => (id_at("/conversation/id"), id_at("/message/id")),
        None => (id_at("/conversation_id"), id_at("/id")),
    };
    let answer = message.map_or_else(|| Answer::Refused("no text".to_owned()), Answer::Taken);
    Ok(Attempt::Answered(answer, thread))
}
