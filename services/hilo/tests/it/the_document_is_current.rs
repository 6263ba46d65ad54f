use std::path::Path;

use serde_json::Value;

#[test]
fn the_dashboard_is_typed_after_the_api_as_it_is() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dashboard/openapi.json");
    let kept = std::fs::read_to_string(&path).expect("services/dashboard/openapi.json");
    let kept: Value = serde_json::from_str(&kept).expect("JSON");
    let merged = serde_json::to_value(hilo_document()).expect("JSON");
    assert!(
        kept == merged,
        "cargo run -p hilo -- openapi >services/dashboard/openapi.json, then npm run gen:api"
    );
}
