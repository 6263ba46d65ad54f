//! Inbound texts as Twilio posts them: signed, ready as bytes, so that sending one costs nothing.

use simulator::twilio::signature::sign;

/// What the account signs with; the same for the house and for the peer.
pub const AUTH_TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// The account.
pub const ACCOUNT_SID: &str = "AC00000000000000000000000000000000";
/// The address that is signed. Nobody resolves it.
pub const PUBLIC_BASE: &str = "https://hooks.hilo.test";

/// Conversations that the peer is seeded with (`peer/app.py`): every text belongs to one.
const CONVERSATIONS: u32 = 10_000;

/// `count` requests to `path`, with sids from `first` on.
pub fn requests(path: &str, first: u32, count: u32) -> Vec<Vec<u8>> {
    (first..first + count).map(|n| request(path, n)).collect()
}

fn request(path: &str, n: u32) -> Vec<u8> {
    let params = params(n);
    let signature = sign(AUTH_TOKEN, &format!("{PUBLIC_BASE}{path}"), &params);
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&params).finish();
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: TwilioProxy/1.1\r\n\
         Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n\
         X-Twilio-Signature: {signature}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// All that a captured webhook has.
fn params(n: u32) -> Vec<(String, String)> {
    let (sid, customer) = (format!("SM{n:032x}"), n % CONVERSATIONS);
    let (from, to) = (format!("+5255{customer:08}"), format!("+5255{}", customer % 16));
    [
        ("ToCountry", "MX"),
        ("ToState", ""),
        ("SmsMessageSid", &sid),
        ("NumMedia", "0"),
        ("ToCity", ""),
        ("FromZip", ""),
        ("SmsSid", &sid),
        ("FromState", ""),
        ("SmsStatus", "received"),
        ("FromCity", ""),
        ("Body", "Hola, ¿todavía tienen el comedor de seis sillas?"),
        ("FromCountry", "MX"),
        ("To", &to),
        ("ToZip", ""),
        ("NumSegments", "1"),
        ("MessageSid", &sid),
        ("AccountSid", ACCOUNT_SID),
        ("From", &from),
        ("ApiVersion", "2010-04-01"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}
