//! What a browser or a program sees of the service, with the gateway's word for each request.

use domain::{Clock, SystemClock};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use testkit::Visitor;

use crate::app::App;

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub body: Value,
}

impl Answer {
    /// The code of a problem document.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or("none")
    }

    /// `<status> <code>`.
    pub fn refusal(&self) -> String {
        format!("{} {}", self.status, self.code())
    }

    /// The body of a success.
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text);
        self.body
    }
}

impl App {
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(self.me, Method::GET, path, None, None).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(self.me, Method::DELETE, path, None, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(self.me, Method::POST, path, Some(body), None).await
    }

    pub async fn post_once(&self, path: &str, body: Value, key: &str) -> Answer {
        self.ask(self.me, Method::POST, path, Some(body), Some(key)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.ask(self.me, Method::PATCH, path, Some(body), None).await
    }

    pub async fn put(&self, path: &str, body: Option<Value>) -> Answer {
        self.ask(self.me, Method::PUT, path, body, None).await
    }

    /// Anybody's request.
    pub async fn ask(
        &self,
        who: Visitor,
        method: Method,
        path: &str,
        body: Option<Value>,
        key: Option<&str>,
    ) -> Answer {
        let word = who.word("conversations", method.as_str(), path, SystemClock.now());
        let url = format!("http://{}{path}", self.address);
        let mut request = self.http.request(method, url);
        request = request.header("x-hilo-identity", word);
        if let Some(body) = body {
            request = request.json(&body);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        read(request.send().await.unwrap()).await
    }

    /// A file of contacts; `how` is the query string.
    pub async fn upload(&self, how: &str, file: Vec<u8>) -> Answer {
        let path = format!("/api/contacts/imports?{how}");
        let word = self.me.word("conversations", "POST", &path, SystemClock.now());
        let request = self
            .http
            .post(format!("http://{}{path}", self.address))
            .header("x-hilo-identity", word)
            .header("content-type", "text/csv")
            .body(file);
        read(request.send().await.unwrap()).await
    }
}

async fn read(response: reqwest::Response) -> Answer {
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{text}");
    Answer { status: status.as_u16(), headers, text, body }
}
