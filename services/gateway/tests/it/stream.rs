//! A browser that listens.

use std::time::Duration;

use reqwest::Response;
use serde_json::Value;

use crate::client::Client;

const PATIENCE: Duration = Duration::from_secs(20);

/// A stream that is open.
pub struct Stream {
    response: Response,
    buffer: String,
}

/// An event as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub id: Option<i64>,
    pub name: String,
    pub data: Value,
}

impl Stream {
    /// Opens one that must begin.
    pub async fn open(client: &Client, target: &str) -> Self {
        let response = client.request("GET", target).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        let header =
            |name: &str| response.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/event-stream");
        assert_eq!(header("x-accel-buffering"), "no");
        assert!(response.headers().get("content-encoding").is_none());
        let mut stream = Self { response, buffer: String::new() };
        assert_eq!(stream.block().await.as_deref(), Some("retry: 1000"));
        stream
    }

    /// From now on: gives the head as well.
    pub async fn from_now(client: &Client) -> (Self, i64) {
        let mut stream = Self::open(client, "/api/live").await;
        let first = stream.next().await.unwrap();
        assert_eq!(first.name, "hb");
        (stream, first.id.unwrap())
    }

    /// The next event; `None` at the end.
    pub async fn next(&mut self) -> Option<Event> {
        let block = self.block().await?;
        let field = |name: &str| {
            let line = block.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|rest| rest.strip_prefix(": ")).map(str::to_owned)
        };
        Some(Event {
            id: field("id").map(|id| id.parse().unwrap()),
            name: field("event").unwrap(),
            data: serde_json::from_str(&field("data").unwrap()).unwrap(),
        })
    }

    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.buffer.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.buffer = rest;
                return Some(block);
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await;
            let chunk = chunk.expect("nothing came for long").ok()??;
            self.buffer.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}
