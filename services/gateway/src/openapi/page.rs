//! The document as a page: no script, one style, nothing from elsewhere.

use std::fmt::Write as _;

use actix_web::http::header::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

const STYLE: &str = include_str!("page.css");

/// The policy of the page: its own style by its hash, and nothing else at all.
pub fn policy() -> HeaderValue {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// An operation and where it stands.
struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    it: &'a Value,
}

/// The page.
pub fn render(document: &Value) -> String {
    let operations = operations(document);
    let mut html = String::with_capacity(256 * 1024);
    html.push_str("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
    html.push_str("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    html.push_str("<title>Hilo API</title><style>");
    html.push_str(STYLE);
    html.push_str("</style></head><body><header><h1>Hilo API</h1>");
    tag(&mut html, "p", text(document, "/info/summary"));
    prose(&mut html, text(document, "/info/description"));
    html.push_str("<p><a href=\"/api/openapi.json\">openapi.json</a></p></header><nav><ul>");
    let tags: Vec<&str> = list(document, "/tags").iter().map(|it| text(it, "/name")).collect();
    for name in &tags {
        let _ = write!(html, "<li><a href=\"#{0}\">{0}</a></li>", escaped(name));
    }
    html.push_str("<li><a href=\"#schemas\">schemas</a></li></ul></nav><main>");
    for group in list(document, "/tags") {
        let name = text(group, "/name");
        let _ = write!(html, "<section id=\"{0}\"><h2>{0}</h2>", escaped(name));
        tag(&mut html, "p", text(group, "/description"));
        let is_in = |it: &&Operation<'_>| {
            list(it.it, "/tags").first().and_then(Value::as_str) == Some(name)
        };
        for operation in operations.iter().filter(is_in) {
            article(&mut html, operation);
        }
        html.push_str("</section>");
    }
    html.push_str("<section id=\"schemas\"><h2>Schemas</h2>");
    for (name, schema) in entries(document, "/components/schemas") {
        let _ = write!(html, "<article id=\"schema-{0}\"><h3>{0}</h3>", escaped(name));
        prose(&mut html, text(schema, "/description"));
        properties(&mut html, schema);
        html.push_str("</article>");
    }
    html.push_str("</section></main></body></html>");
    html
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut found = Vec::new();
    for (path, item) in entries(document, "/paths") {
        for (method, it) in item.as_object().into_iter().flatten() {
            found.push(Operation { method, path, it });
        }
    }
    found
}

fn article(html: &mut String, operation: &Operation<'_>) {
    let (method, it) = (operation.method.to_ascii_uppercase(), operation.it);
    let id = escaped(text(it, "/operationId"));
    let _ = write!(
        html,
        "<article id=\"{id}\"><h3><b class=\"{}\">{method}</b> <code>{}</code></h3>",
        escaped(operation.method),
        escaped(operation.path)
    );
    tag(html, "p", text(it, "/summary"));
    prose(html, text(it, "/description"));
    let _ = write!(html, "<p class=\"needs\">{}</p>", escaped(text(it, "/x-hilo-permission")));
    let parameters = list(it, "/parameters");
    if parameters.iter().any(|one| one.get("name").is_some()) {
        html.push_str("<table><caption>Parameters</caption>");
        for one in parameters.iter().filter(|one| one.get("name").is_some()) {
            let kind = one.get("schema").map(kind_of).unwrap_or_default();
            let _ = write!(
                html,
                "<tr><th><code>{}</code></th><td>{}</td><td>{kind}</td><td>{}</td></tr>",
                escaped(text(one, "/name")),
                escaped(text(one, "/in")),
                escaped(text(one, "/description"))
            );
        }
        html.push_str("</table>");
    }
    for (media, body) in entries(it, "/requestBody/content") {
        let kind = body.get("schema").map(kind_of).unwrap_or_default();
        let _ = write!(html, "<p>Body: <code>{}</code> {kind}</p>", escaped(media));
    }
    html.push_str("<table><caption>Answers</caption>");
    for (status, response) in entries(it, "/responses") {
        let schema =
            entries(response, "/content").next().and_then(|(_, media)| media.get("schema"));
        let kind = schema.map(kind_of).unwrap_or_default();
        let name =
            response.get("$ref").and_then(Value::as_str).and_then(|it| it.rsplit('/').next());
        let said = name.unwrap_or_else(|| text(response, "/description"));
        let _ = write!(
            html,
            "<tr><th>{}</th><td>{}</td><td>{kind}</td></tr>",
            escaped(status),
            escaped(said)
        );
    }
    html.push_str("</table></article>");
}

fn properties(html: &mut String, schema: &Value) {
    let words: Vec<&str> = list(schema, "/enum").iter().filter_map(Value::as_str).collect();
    if !words.is_empty() {
        let _ = write!(html, "<p><code>{}</code></p>", escaped(&words.join(" | ")));
    }
    let required = list(schema, "/required");
    html.push_str("<table>");
    for (name, property) in entries(schema, "/properties") {
        let may_lack = !required.iter().any(|it| it.as_str() == Some(name));
        let mark = if may_lack { "?" } else { "" };
        let _ = write!(
            html,
            "<tr><th><code>{}{mark}</code></th><td>{}</td><td>{}</td></tr>",
            escaped(name),
            kind_of(property),
            escaped(text(property, "/description"))
        );
    }
    html.push_str("</table>");
    if let Some(example) = schema.get("example") {
        let example = serde_json::to_string_pretty(example).unwrap_or_default();
        let _ = write!(html, "<pre>{}</pre>", escaped(&example));
    }
}

/// What a schema is, in a few words of HTML.
fn kind_of(schema: &Value) -> String {
    if let Some(name) =
        schema.get("$ref").and_then(Value::as_str).and_then(|it| it.rsplit('/').next())
    {
        let name = escaped(name);
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(choices) = schema.get(choice).and_then(Value::as_array) {
            let kinds: Vec<String> = choices.iter().map(kind_of).collect();
            return kinds.join(" or ");
        }
    }
    let kind = match schema.get("type") {
        Some(Value::String(kind)) => kind.clone(),
        Some(Value::Array(kinds)) => {
            let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
            kinds.join(" or ")
        }
        _ => "any".to_owned(),
    };
    match schema.get("items") {
        Some(items) => format!("list of {}", kind_of(items)),
        None => match schema.get("format").and_then(Value::as_str) {
            Some(format) => format!("{} ({})", escaped(&kind), escaped(format)),
            None => escaped(&kind),
        },
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn entries<'a>(value: &'a Value, pointer: &str) -> serde_json::map::Iter<'a> {
    static NOTHING: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    value.pointer(pointer).and_then(Value::as_object).unwrap_or(&NOTHING).iter()
}

fn tag(html: &mut String, name: &str, content: &str) {
    if !content.is_empty() {
        let _ = write!(html, "<{name}>{}</{name}>", escaped(content));
    }
}

/// Paragraphs, with what stands between backticks as code.
fn prose(html: &mut String, text: &str) {
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        html.push_str("<p>");
        for (index, part) in paragraph.split('`').enumerate() {
            if index % 2 == 1 {
                tag(html, "code", part);
            } else {
                html.push_str(&escaped(part));
            }
        }
        html.push_str("</p>");
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
