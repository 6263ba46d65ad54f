//! A browser or a program that asks.

use std::net::SocketAddr;

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// What it signs in with.
#[derive(Clone, Default)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    pub cookie: Option<String>,
    pub csrf: Option<String>,
    pub token: Option<String>,
    /// Sent with every request.
    pub headers: Vec<(&'static str, String)>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { http, base: format!("http://{address}"), ..Self::default() }
    }

    /// The same person at another process.
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { base: format!("http://{address}"), ..self.clone() }
    }

    /// A program with this token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { cookie: None, csrf: None, token: Some(token.to_owned()), ..self.clone() }
    }

    pub fn with(mut self, header: &'static str, value: &str) -> Self {
        self.headers.push((header, value.to_owned()));
        self
    }

    pub fn request(&self, method: &str, target: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.http.request(method, format!("{}{target}", self.base));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", format!("theme=dark; {cookie}"));
        }
        if let Some(csrf) = &self.csrf {
            request = request.header("x-csrf-token", csrf);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        request
    }

    pub async fn get(&self, target: &str) -> Answer {
        answer(self.request("GET", target)).await
    }

    pub async fn send(&self, method: &str, target: &str, body: &Value) -> Answer {
        answer(self.request(method, target).json(body)).await
    }

    pub async fn post(&self, target: &str, body: &Value) -> Answer {
        self.send("POST", target, body).await
    }

    pub async fn delete(&self, target: &str) -> Answer {
        answer(self.request("DELETE", target)).await
    }

    /// Signs in, and keeps what it is given.
    pub async fn signs_in(&mut self, email: &str, password: &str) -> Answer {
        self.signs_in_with(&json!({ "email": email, "password": password })).await
    }

    pub async fn signs_in_with(&mut self, body: &Value) -> Answer {
        let answer = self.post("/api/session", body).await;
        self.keep(&answer);
        answer
    }

    /// What a browser keeps of an answer.
    pub fn keep(&mut self, answer: &Answer) {
        if let Some(set) = answer.header("set-cookie") {
            self.cookie = set.split(';').next().map(str::to_owned);
        }
        if let Some(csrf) = answer.header("x-csrf-token") {
            self.csrf = Some(csrf.to_owned());
        } else if answer.text.starts_with('{')
            && let Some(csrf) = answer.json()["csrf"].as_str()
        {
            self.csrf = Some(csrf.to_owned());
        }
    }
}

pub async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answer { status, headers, text: response.text().await.unwrap() }
}

impl Answer {
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// Status and code of a problem, and the field that is wrong if there is one.
    #[track_caller]
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text);
        let problem = self.json();
        let field = problem["fields"][0].as_object().map_or(String::new(), |field| {
            format!(" {} {}", field["path"].as_str().unwrap(), field["code"].as_str().unwrap())
        });
        format!("{} {}{field}", self.status, problem["code"].as_str().unwrap())
    }
}
