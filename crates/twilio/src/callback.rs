//! The URL at which Twilio reports how a text fares. It carries our own id, so that a report finds
//! its row even when it overtakes the answer to the request.

use domain::MessageId;

/// Where status reports arrive, below the public base.
pub const STATUS_PATH: &str = "/webhooks/sms/status";

/// Twilio's connection overrides: retry three times, after a 5xx, a failed connect or a read
/// timeout. By default it retries a failed connect only, and a report lost at a restart stays lost.
/// They stand in the fragment, which is not signed.
const RETRIES: &str = "#rc=3&rp=5xx,ct,rt";

/// The `StatusCallback` of a message.
pub(crate) fn status_callback(public_base: &str, message: MessageId) -> String {
    format!("{public_base}{STATUS_PATH}?message={message}{RETRIES}")
}

/// The message that a status report's request target names.
pub fn message_of(request_target: &str) -> Option<MessageId> {
    let (_, query) = request_target.split_once('?')?;
    let id = query.split('&').find_map(|pair| pair.strip_prefix("message="))?;
    id.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_found_again_in_the_target_of_its_report() {
        let message = MessageId::generate();
        let url = status_callback("https://crm.example.test", message);
        let target = url.strip_prefix("https://crm.example.test").unwrap();
        let (signed, overrides) = target.split_once('#').unwrap();

        assert_eq!(message_of(signed), Some(message));
        assert_eq!(overrides, "rc=3&rp=5xx,ct,rt");
    }

    #[test]
    fn a_target_without_our_id_names_no_message() {
        for target in ["/webhooks/sms/status", "/x?message=", "/x?message=7", "/x?mess=1&", "?"] {
            assert_eq!(message_of(target), None, "{target}");
        }
    }
}
