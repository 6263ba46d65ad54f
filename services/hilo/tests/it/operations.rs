//! Everything that can be asked of the API: each path and method of the merged document, with what a
//! well-formed request for it holds.

use std::collections::BTreeMap;

use domain::Role;
use gateway::permit::{Access, ROUTES, Route};
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Content;

/// One path and method.
#[derive(Debug, Clone)]
pub struct Operation {
    pub method: Method,
    /// As the document writes it.
    pub path: String,
}

/// What stands for the names in paths, by the resource that they are of.
#[derive(Debug, Clone, Default)]
pub struct Ids(BTreeMap<&'static str, String>);

/// All of the document, which has to be the table of routes.
pub fn operations(document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("methods").keys() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            if is_method(&method) {
                found.push(Operation { method, path: path.clone() });
            }
        }
    }
    assert_eq!(found.len(), ROUTES.len(), "the document (left) and the table of routes (right)");
    found
}

fn is_method(method: &Method) -> bool {
    [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(method)
}

impl Operation {
    /// Whether the gateway's table admits a role; `None` where anybody is.
    pub fn admits(&self, role: Role) -> Option<bool> {
        match self.route().access {
            Access::Public => None,
            Access::Needs(permission) => Some(permission.is_of(role)),
        }
    }

    pub fn route(&self) -> &'static Route {
        ROUTES
            .iter()
            .find(|route| route.method == self.method.as_str() && route.path == self.path)
            .unwrap_or_else(|| {
                panic!("{} {} is not in the table of routes", self.method, self.path)
            })
    }

    /// Whether its path names something of an account.
    pub fn names_something(&self) -> bool {
        self.path.contains("id}")
    }

    /// Whether it is about the session that asks.
    pub fn is_of_the_session(&self) -> bool {
        self.path.starts_with("/api/session")
    }

    /// Whether its answer has no end.
    pub fn streams(&self) -> bool {
        self.path == "/api/live"
    }

    /// The path with its names filled in.
    pub fn path_with(&self, ids: &Ids) -> String {
        let mut path = self.path.clone();
        for (name, id) in [
            ("{message_id}", ids.get("message")),
            ("{note_id}", ids.get("note")),
            ("{phone_number}", ids.get("phone")),
            ("{secret}", "nobodys-secret"),
            ("{id}", ids.get(self.resource())),
        ] {
            path = path.replace(name, id);
        }
        assert!(!path.contains('{'), "what stands for the name in {path}?");
        path
    }

    fn resource(&self) -> &'static str {
        const RESOURCES: [(&str, &str); 11] = [
            ("/api/contacts/imports", "import"),
            ("/api/contacts", "contact"),
            ("/api/conversations", "conversation"),
            ("/api/labels", "label"),
            ("/api/numbers", "number"),
            ("/api/static-responses", "rule"),
            ("/api/sessions", "session"),
            ("/api/tokens", "token"),
            ("/api/users", "user"),
            ("/api/invitations", "invitation"),
            ("/api/", ""),
        ];
        let found = RESOURCES.iter().find(|(path, _)| self.path.starts_with(path));
        found.map_or("", |(_, resource)| resource)
    }

    /// A query that names what the ids are of, wherever one may be named.
    pub fn query_with(&self, ids: &Ids) -> String {
        let (user, label, number) = (ids.get("user"), ids.get("label"), ids.get("number"));
        match (self.method.as_str(), self.path.as_str()) {
            ("GET", "/api/conversations/") => {
                format!("?owner={user}&label_id={label}&number_id={number}")
            }
            ("GET", "/api/conversations/{id}/messages") => {
                format!("?before={}", ids.get("message"))
            }
            ("GET", "/api/assistant/runs") => {
                format!("?conversation_id={}", ids.get("conversation"))
            }
            ("GET", "/api/audit") => format!("?user_id={user}"),
            ("POST", "/api/contacts/imports") => {
                "?file_name=a.csv&phone_column=telefono".to_owned()
            }
            _ => String::new(),
        }
    }

    /// What it takes. A new operation is red here until it says so.
    pub fn content_with(&self, ids: &Ids) -> Content {
        let said = json!({ "body": "Con gusto le ayudo." });
        let why = json!({ "evidence": "Lo pidió por teléfono." });
        let body = match (self.method.as_str(), self.path.as_str()) {
            ("GET" | "DELETE", path) if path != "/api/session/second-factor" => {
                return Content::Nothing;
            }
            ("PUT", "/api/conversations/{id}/read")
            | ("POST", "/api/contacts/imports/{id}/cancel") => return Content::Nothing,
            ("POST", "/api/contacts/imports") => return Content::Csv("telefono\n5512345678\n"),
            ("POST", "/api/conversations/start") => json!({ "phone_number": "+525512340001" }),
            ("POST", "/api/conversations/{id}/messages" | "/api/conversations/{id}/notes") => said,
            ("POST", "/api/texts/preview") => said,
            ("PATCH", "/api/conversations/{id}/status") => {
                json!({ "conversation_status": "inactive" })
            }
            ("PATCH", "/api/conversations/{id}/owner") => json!({ "user_id": ids.get("user") }),
            ("POST", "/api/conversations/{id}/number") => {
                json!({ "number_id": ids.get("number"), "reason": "Lo pidió." })
            }
            ("PUT", "/api/conversations/{id}/labels") => json!({ "label_ids": [ids.get("label")] }),
            ("POST", "/api/conversations/{id}/take-over" | "/api/conversations/{id}/hand-back") => {
                json!({})
            }
            ("POST", "/api/conversations/{id}/opt-out" | "/api/conversations/{id}/opt-in") => why,
            ("POST", "/api/labels") => json!({ "name": "Visita", "color": "ink" }),
            ("PATCH", "/api/labels/{id}") => json!({ "name": "Visitas" }),
            ("POST", "/api/contacts") => json!({ "phone_number": "+525512340002" }),
            ("PATCH", "/api/contacts/{id}") => json!({ "name": "Alguien" }),
            ("POST", "/api/numbers") => json!({ "phone_number": ids.get("ours") }),
            ("PATCH", "/api/numbers/{id}") => json!({ "rotation_enabled": false }),
            ("PUT", "/api/assistant") => profile(),
            ("POST", "/api/assistant/try") => {
                json!({ "text": "hola", "conversation_id": ids.get("conversation") })
            }
            ("POST" | "PUT", "/api/static-responses" | "/api/static-responses/{id}") => rule(),
            _ => own(self, ids),
        };
        Content::Json(body)
    }
}

/// What the gateway's own routes take.
fn own(operation: &Operation, ids: &Ids) -> Value {
    let wrong = "not my password";
    match (operation.method.as_str(), operation.path.as_str()) {
        ("POST", "/api/session") => json!({ "email": "nobody@hilo.test", "password": wrong }),
        ("PUT", "/api/session/password") => {
            json!({ "current": wrong, "new": "another one, longer" })
        }
        ("POST", "/api/session/second-factor") => json!({}),
        ("POST", "/api/session/second-factor/confirm") => json!({ "code": "000000" }),
        ("DELETE", "/api/session/second-factor") => json!({ "password": wrong }),
        ("PATCH", "/api/users/{id}") => json!({ "name": "Alguien" }),
        ("POST", "/api/invitations") => json!({ "email": "nueva@hilo.test", "role": "viewer" }),
        ("POST", "/api/invitations/accept/{secret}") => {
            json!({ "name": "Alguien", "password": "a long password" })
        }
        ("POST", "/api/tokens") => json!({ "name": "hoja", "scopes": ["contacts:read"] }),
        ("PATCH", "/api/account") => json!({ "language": "es" }),
        ("POST", "/api/sandbox/texts") => {
            json!({ "from": ids.get("phone"), "to": ids.get("ours"), "body": "hola" })
        }
        (method, path) => panic!("say what {method} {path} takes"),
    }
}

fn profile() -> Value {
    json!({
        "enabled": true, "display_name": "Sofía", "instructions": "", "facts": "", "max_segments": 2,
        "debounce_ms": 0, "max_replies_per_day": 10, "max_tokens_per_day": 10, "open_days": 127,
        "open_from_minute": 0, "open_to_minute": 1440, "help_text": "",
    })
}

fn rule() -> Value {
    json!({
        "name": "visita", "kind": "keyword", "pattern": "visita", "body": "Con gusto.", "language": null,
        "priority": 0, "hours": "always", "enabled": true,
    })
}

impl Ids {
    pub fn set(&mut self, name: &'static str, value: &Value) {
        let value = value.as_str().unwrap_or_else(|| panic!("no {name} in {value}"));
        self.0.insert(name, value.to_owned());
    }

    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The same names for things that nobody has.
    pub fn of_nobody(&self) -> Self {
        let nobodys = |(name, value): (&&'static str, &String)| match value.len() {
            36 => (*name, domain::EventId::generate().to_string()),
            _ => (*name, value.clone()),
        };
        Self(self.0.iter().map(nobodys).collect())
    }
}
