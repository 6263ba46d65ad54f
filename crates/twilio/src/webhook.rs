//! Webhook parameters as typed values. Verified first, interpreted here: what is unknown is ignored,
//! because Twilio adds parameters without notice.

use std::fmt;

use domain::MessageSid;

/// A text that somebody sent to one of our numbers.
#[derive(Clone, PartialEq, Eq)]
pub struct InboundSms {
    /// Twilio's id; a repeated webhook has the same.
    pub sid: MessageSid,
    /// The Twilio account.
    pub account_sid: String,
    /// As it came: E.164, a short code, a name, or a channel address.
    pub from: String,
    /// As it came: our number.
    pub to: String,
    /// The text, untrimmed; empty if there is none.
    pub body: String,
    /// How many media it carries.
    pub num_media: u32,
    /// How many segments it had on the way.
    pub segments: Option<u32>,
    /// Set when Twilio itself has already answered an opt-out word (Advanced Opt-Out).
    pub opt_out_type: Option<OptOutType>,
}

/// Which opt-out word Twilio recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptOutType {
    /// No more texts.
    Stop,
    /// Texts again.
    Start,
    /// A question.
    Help,
}

/// A report on how a text of ours fares. They come late, twice and out of order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsStatus {
    /// Twilio's id.
    pub sid: MessageSid,
    /// The Twilio account.
    pub account_sid: String,
    /// Where it stands.
    pub status: MessageStatus,
    /// Why it failed, where the carrier said so.
    pub error_code: Option<u32>,
    /// `RawDlrDoneDate` as it came: `YYMMDDhhmm` of the carrier.
    pub done_at: Option<String>,
}

macro_rules! statuses {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)*) => {
        /// Twilio's words for where a message stands.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum MessageStatus {
            $($(#[$doc])* $variant,)*
            /// A word that is new to us, kept.
            Unknown(String),
        }

        impl MessageStatus {
            /// Takes any word.
            pub fn from_word(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }

            /// Twilio's word.
            pub fn as_word(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Unknown(word) => word,
                }
            }
        }
    };
}

statuses! {
    /// A Messaging Service is choosing a sender.
    Accepted = "accepted",
    /// Waits for its time.
    Scheduled = "scheduled",
    /// Waits for its turn.
    Queued = "queued",
    /// Is being handed to the carrier.
    Sending = "sending",
    /// The nearest carrier took it.
    Sent = "sent",
    /// The carrier, or the handset, confirmed it.
    Delivered = "delivered",
    /// The carrier reported that it did not arrive.
    Undelivered = "undelivered",
    /// It could not be sent, and costs nothing.
    Failed = "failed",
    /// A scheduled one was cancelled.
    Canceled = "canceled",
    /// It was read (RCS and WhatsApp).
    Read = "read",
    /// Some of its recipients have it.
    PartiallyDelivered = "partially_delivered",
    /// Inbound, under way.
    Receiving = "receiving",
    /// Inbound, complete.
    Received = "received",
}

/// What a webhook lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` {why}")]
pub struct InvalidWebhook {
    /// The parameter.
    pub field: &'static str,
    /// What is wrong with it, without its value.
    pub why: &'static str,
}

impl InboundSms {
    /// Reads the parameters of an inbound webhook.
    ///
    /// # Errors
    /// When a parameter that we can't do without is missing or malformed.
    pub fn parse<N: AsRef<str>, V: AsRef<str>>(pairs: &[(N, V)]) -> Result<Self, InvalidWebhook> {
        let form = Form(pairs);
        Ok(Self {
            sid: form.sid()?,
            account_sid: form.required("AccountSid")?.to_owned(),
            from: form.required("From")?.to_owned(),
            to: form.required("To")?.to_owned(),
            body: form.get("Body").unwrap_or_default().to_owned(),
            num_media: form.number("NumMedia")?.unwrap_or(0),
            segments: form.number("NumSegments")?,
            opt_out_type: form.get("OptOutType").and_then(OptOutType::from_word),
        })
    }
}

impl SmsStatus {
    /// Reads the parameters of a status report.
    ///
    /// # Errors
    /// When a parameter that we can't do without is missing or malformed.
    pub fn parse<N: AsRef<str>, V: AsRef<str>>(pairs: &[(N, V)]) -> Result<Self, InvalidWebhook> {
        let form = Form(pairs);
        Ok(Self {
            sid: form.sid()?,
            account_sid: form.required("AccountSid")?.to_owned(),
            status: MessageStatus::from_word(form.required("MessageStatus")?),
            error_code: form.number("ErrorCode")?,
            done_at: form.present("RawDlrDoneDate").map(str::to_owned),
        })
    }
}

impl OptOutType {
    fn from_word(word: &str) -> Option<Self> {
        match word {
            "STOP" => Some(Self::Stop),
            "START" => Some(Self::Start),
            "HELP" => Some(Self::Help),
            // A new kind is no reason to lose the text that carries it.
            _ => None,
        }
    }
}

/// Without numbers and text: a text is personal data.
impl fmt::Debug for InboundSms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InboundSms")
            .field("sid", &self.sid)
            .field("num_media", &self.num_media)
            .field("opt_out_type", &self.opt_out_type)
            .finish_non_exhaustive()
    }
}

/// Parameters by name; of two with the same name the first counts.
struct Form<'a, N, V>(&'a [(N, V)]);

impl<'a, N: AsRef<str>, V: AsRef<str>> Form<'a, N, V> {
    fn get(&self, field: &str) -> Option<&'a str> {
        self.0.iter().find(|(name, _)| name.as_ref() == field).map(|(_, value)| value.as_ref())
    }

    /// Twilio sends what it doesn't know as an empty value, or not at all.
    fn present(&self, field: &str) -> Option<&'a str> {
        self.get(field).filter(|value| !value.is_empty())
    }

    fn required(&self, field: &'static str) -> Result<&'a str, InvalidWebhook> {
        self.present(field).ok_or(InvalidWebhook { field, why: "is missing" })
    }

    fn number(&self, field: &'static str) -> Result<Option<u32>, InvalidWebhook> {
        let parse = |value: &str| value.parse();
        self.present(field)
            .map(parse)
            .transpose()
            .map_err(|_| InvalidWebhook { field, why: "is not a number" })
    }

    fn sid(&self) -> Result<MessageSid, InvalidWebhook> {
        let field = "MessageSid";
        MessageSid::parse(self.required(field)?)
            .map_err(|_| InvalidWebhook { field, why: "is not a message id" })
    }
}

#[cfg(test)]
mod tests;
