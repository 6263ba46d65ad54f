//! The closed sets of words that the tables of this slice hold and that the API speaks.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

// `tt` and not `literal`: utoipa does not look into the invisible group that a literal comes in.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:tt,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, FromSqlRow)]
        pub enum $name {
            $($(#[$word_doc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// The word in the database and on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            /// Reads what [`Self::as_str`] wrote.
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        impl FromSql<Text, Pg> for $name {
            fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
                let word = <String as FromSql<Text, Pg>>::from_sql(bytes)?;
                Self::parse(&word)
                    .ok_or_else(|| concat!("no word of ", stringify!($name)).into())
            }
        }
    )*};
}

words! {
    /// Whether a conversation goes on.
    ConversationStatus {
        /// It goes on.
        Active = "active",
        /// It rests until somebody writes.
        Inactive = "inactive",
        /// Nothing is sent.
        Blocked = "blocked",
    }
    /// Who has the word.
    AssistantState {
        /// The assistant answers.
        On = "on",
        /// A person does.
        HandedOver = "handed_over",
    }
    /// Which way a text went.
    Direction {
        /// From the customer.
        Inbound = "inbound",
        /// To the customer.
        Outbound = "outbound",
    }
    /// Who wrote a text.
    Author {
        /// The customer.
        Contact = "contact",
        /// The assistant.
        Assistant = "assistant",
        /// A rule.
        StaticResponse = "static_response",
        /// A colleague.
        Person = "person",
        /// A campaign.
        Campaign = "campaign",
        /// The house itself.
        System = "system",
    }
    /// What a text is for.
    Purpose {
        /// To talk.
        Conversation = "conversation",
        /// The one text that a person who left still gets.
        OptOutConfirmation = "opt_out_confirmation",
        /// The answer to INICIAR.
        OptInConfirmation = "opt_in_confirmation",
        /// The answer to AYUDA.
        Help = "help",
    }
    /// Where a text stands; see [`crate::DeliveryStatus`].
    MessageStatus {
        /// It came in.
        Received = "received",
        /// It waits.
        Queued = "queued",
        /// It is on its way to the provider.
        Sending = "sending",
        /// Nobody knows whether it left.
        Uncertain = "uncertain",
        /// The provider has it.
        Sent = "sent",
        /// It never left.
        Canceled = "canceled",
        /// The carrier gave up.
        Undelivered = "undelivered",
        /// The provider refused it.
        Failed = "failed",
        /// It arrived.
        Delivered = "delivered",
        /// It was read.
        Read = "read",
    }
    /// How a text travels.
    TextEncoding {
        /// Seven bits a character.
        Gsm7 = "gsm7",
        /// Sixteen bits a unit.
        Ucs2 = "ucs2",
    }
    /// A customer's language.
    Language {
        /// Spanish.
        Es = "es",
        /// English.
        En = "en",
    }
    /// A colour of the house's palette.
    Color {
        /// Green.
        Agave = "agave",
        /// Blue.
        Cielo = "cielo",
        /// Orange.
        Cempa = "cempa",
        /// Red.
        Grana = "grana",
        /// Violet.
        Jacaranda = "jacaranda",
        /// Grey.
        Ink = "ink",
    }
    /// Why a conversation has its number.
    AssignedReason {
        /// It was dealt.
        Rotation = "rotation",
        /// The customer wrote to it.
        WrittenTo = "written_to",
        /// A colleague chose it.
        Person = "person",
    }
    /// Who said that a customer is to be left alone.
    OptOutSource {
        /// The customer, by ALTO and the like.
        Keyword = "keyword",
        /// The provider.
        Provider = "provider",
        /// A colleague.
        Person = "person",
    }
    /// How far the reading of a file is.
    ImportState {
        /// Nobody has begun.
        Waiting = "waiting",
        /// It goes on.
        Running = "running",
        /// All rows are done.
        Finished = "finished",
        /// A colleague stopped it; what was read in stays.
        Cancelled = "cancelled",
        /// It cannot be read; see its `failure`.
        Failed = "failed",
    }
    /// What becomes of a contact of a file that is there already.
    OnDuplicate {
        /// Name and language are taken from the file, where it has them.
        Update = "update",
        /// It stays as it is.
        Skip = "skip",
    }
    /// Whether a number can do its work.
    NumberHealth {
        /// It can.
        Ok = "ok",
        /// A colleague took it out of the deal.
        Off = "off",
        /// It gets no new customers for a while.
        Quarantined = "quarantined",
        /// The provider lets nothing leave from it.
        Paused = "paused",
        /// It has had its new customers of the day.
        OverBudget = "over_budget",
    }
}

impl From<crate::Encoding> for TextEncoding {
    fn from(encoding: crate::Encoding) -> Self {
        match encoding {
            crate::Encoding::Gsm7 => Self::Gsm7,
            crate::Encoding::Ucs2 => Self::Ucs2,
        }
    }
}
