//! The same vectors that Twilio's own libraries agree with.

use serde_json::Value;
use simulator::twilio::signature::sign;

use crate::kit::{ANA, OURS, World};

#[test]
fn every_signature_is_the_one_that_the_official_libraries_compute() {
    let vectors: Vec<Value> =
        serde_json::from_str(include_str!("../vectors/twilio_signatures.json")).unwrap();
    assert!(vectors.iter().any(|vector| vector["id"] == "docs-worked-example"));
    for vector in vectors {
        let params: Vec<(String, String)> =
            serde_json::from_value(vector["params"].clone()).unwrap();
        let token = vector["auth_token"].as_str().unwrap();
        let signature = sign(token, vector["signed_url"].as_str().unwrap(), &params);
        assert_eq!(vector["x_twilio_signature"], signature, "{}", vector["id"]);
    }
}

#[tokio::test]
async fn segments_are_those_of_the_official_calculator() {
    let world = World::start().await;
    let vectors: Vec<Value> =
        serde_json::from_str(include_str!("../vectors/sms_segments.json")).unwrap();
    for vector in vectors {
        let body = vector["text"].as_str().unwrap();
        if body.is_empty() || body.encode_utf16().count() > 1600 {
            continue;
        }
        let (_, message) = world.create(&[("From", OURS), ("To", ANA), ("Body", body)]).await;
        let expected = vector["segments"].to_string();
        assert_eq!(message["num_segments"], expected, "{}", vector["id"]);
    }
}
