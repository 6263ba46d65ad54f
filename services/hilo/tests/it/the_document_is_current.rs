use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// As anybody may print it: without a database, a broker or a single setting.
fn printed() -> Value {
    let mut hilo = Command::new(env!("CARGO_BIN_EXE_hilo"));
    let output = hilo.arg("openapi").env_clear().output().expect("a program");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn the_dashboard_is_typed_after_the_api_as_it_is() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dashboard/openapi.json");
    let kept = std::fs::read_to_string(&path).expect("services/dashboard/openapi.json");
    let kept: Value = serde_json::from_str(&kept).expect("JSON");
    assert!(
        kept == printed(),
        "`make openapi`: services/dashboard/openapi.json is not the document any more"
    );
}

#[test]
fn the_document_holds_every_route_and_nothing_else() {
    let document = printed();
    let operations = crate::operations::operations(&document);
    for operation in operations {
        // Panics where the table of routes has no such one.
        operation.route();
    }
}

/// Goes through all of it; `look` gets every object, and where it is.
fn each(value: &Value, at: &str, look: &mut impl FnMut(&serde_json::Map<String, Value>, &str)) {
    match value {
        Value::Object(fields) => {
            look(fields, at);
            for (name, field) in fields {
                each(field, &format!("{at}/{name}"), look);
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                each(item, &format!("{at}/{i}"), look);
            }
        }
        _ => {}
    }
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    let document = printed();
    let mut lost = Vec::new();
    each(&document, "", &mut |fields, at| {
        let target = fields.get("$ref").and_then(Value::as_str);
        let pointer = target.and_then(|target| target.strip_prefix('#'));
        if pointer.is_some_and(|pointer| document.pointer(pointer).is_none()) {
            lost.push(format!("{} at {at}", target.unwrap_or_default()));
        }
    });
    assert!(lost.is_empty(), "list them in components(schemas(…)), or inline them: {lost:#?}");
}

#[test]
fn nothing_in_the_document_is_two_types_at_once() {
    let mut impossible = Vec::new();
    each(&printed(), "", &mut |fields, at| {
        let parts = fields.get("allOf").and_then(Value::as_array).into_iter().flatten();
        let mut types: Vec<&Value> = parts.filter_map(|part| part.get("type")).collect();
        types.dedup();
        if types.len() > 1 {
            impossible.push(at.to_owned());
        }
    });
    // utoipa makes this of a doc comment on a field with #[schema(inline)].
    assert!(impossible.is_empty(), "no value fits: {impossible:#?}");
}
