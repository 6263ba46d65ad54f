//! The document as it is served: read from the services once a minute; one that is down leaves what it
//! served last.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use actix_web::web::Bytes;
use serde_json::Value;
use tokio::sync::Mutex;

use super::{merge, own, page};
use crate::Gateway;
use crate::forward::{Upstream, fetch};
use crate::permit::{Owner, ROUTES};

/// How long an edition is given out.
const FRESH: Duration = Duration::from_secs(60);
/// The same for one in which a service is missing that has never answered.
const INCOMPLETE: Duration = Duration::from_secs(5);
/// How long a service may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// Most bytes of a service's document.
const LIMIT: usize = 4 * 1024 * 1024;
/// The services that have one.
const SERVICES: [&str; 2] = ["conversations", "responder"];

/// Makes editions.
pub struct Documents {
    shelf: Mutex<Shelf>,
    policy: HeaderValue,
}

#[derive(Default)]
struct Shelf {
    served: HashMap<&'static str, Value>,
    latest: Option<(Instant, Duration, Edition)>,
}

/// An edition.
#[derive(Clone)]
pub struct Edition {
    /// For programs.
    pub json: Bytes,
    /// For people.
    pub page: Bytes,
}

impl Default for Documents {
    fn default() -> Self {
        Self { shelf: Mutex::default(), policy: page::policy() }
    }
}

impl Documents {
    /// What the page for people may do: show its one style.
    pub fn policy(&self) -> HeaderValue {
        self.policy.clone()
    }

    /// The present edition. Who asks while it is made waits for it.
    pub async fn edition(&self, gateway: &Gateway, upstream: &Upstream) -> Edition {
        let mut shelf = self.shelf.lock().await;
        if let Some((made, fresh, edition)) = &shelf.latest
            && made.elapsed() < *fresh
        {
            return edition.clone();
        }
        for service in SERVICES {
            match ask(gateway, upstream, service).await {
                Some(document) => {
                    shelf.served.insert(service, document);
                }
                None => tracing::warn!(peer = service, "a service does not serve its document"),
            }
        }
        let document =
            merge(ours(gateway.config.sandbox_url.is_some()), shelf.served.values().cloned());
        let edition = Edition {
            json: serde_json::to_vec(&document).unwrap_or_default().into(),
            page: page::render(&document).into(),
        };
        let fresh = if shelf.served.len() == SERVICES.len() { FRESH } else { INCOMPLETE };
        shelf.latest = Some((Instant::now(), fresh, edition.clone()));
        edition
    }
}

async fn ask(gateway: &Gateway, upstream: &Upstream, service: &str) -> Option<Value> {
    let uri = gateway.services.uri(service, "/openapi.json");
    let request = upstream.request(Method::GET, uri);
    let document = fetch(request, None, LIMIT, PATIENCE).await.ok()?;
    serde_json::from_slice(&document).ok()
}

/// Our own part; the sandbox is in it where it is there.
fn ours(has_sandbox: bool) -> Value {
    let mut document = serde_json::to_value(own()).unwrap_or_default();
    if !has_sandbox
        && let Some(paths) = document.pointer_mut("/paths").and_then(Value::as_object_mut)
    {
        paths.retain(|path, _| {
            !ROUTES.iter().any(|route| route.path == path && route.owner == Owner::Sandbox)
        });
    }
    document
}
