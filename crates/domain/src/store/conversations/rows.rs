//! Rows as the queries of this slice return them.

use diesel::sql_types::{
    BigInt, Double, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};

use crate::{AccountId, ContactId, ConversationId, MessageId, NumberId, Timestamp};

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $rust:ty = $sql:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, diesel::QueryableByName)]
        #[diesel(check_for_backend(diesel::pg::Pg))]
        pub struct $name {
            $($(#[$field_doc])* #[diesel(sql_type = $sql)] pub $field: $rust,)*
        }
    )*};
}

rows! {
    /// A number of the pool, as an event names it.
    NumberRow {
        /// Its id.
        id: NumberId = SqlUuid,
        /// Whose it is.
        account_id: AccountId = SqlUuid,
        /// E.164.
        phone_number: String = Text,
    }
    /// A conversation with what a decision needs to know of it.
    ConversationRow {
        /// Its id.
        id: ConversationId = SqlUuid,
        /// Whose it is.
        account_id: AccountId = SqlUuid,
        /// With whom.
        contact_id: ContactId = SqlUuid,
        /// The recipient.
        to_number: String = Text,
        /// Our number's id.
        number_id: NumberId = SqlUuid,
        /// Our number.
        from_twilio_number: String = Text,
        /// `active`, `inactive` or `blocked`.
        conversation_status: String = Text,
        /// `on` or `handed_over`.
        assistant: String = Text,
        /// See the migration.
        reply_epoch: i64 = BigInt,
        /// The contact's name; empty when unknown.
        contact_name: String = Text,
        /// The contact's language, when it is known.
        contact_language: Option<String> = Nullable<Text>,
        /// The provider's code, when it says that the number takes no texts.
        unreachable_code: Option<i32> = Nullable<Integer>,
    }
    /// A recipient and the number that they see.
    Assigned {
        /// The recipient, canonical.
        to_number: String = Text,
        /// The conversation.
        conversation_id: ConversationId = SqlUuid,
        /// With whom.
        contact_id: ContactId = SqlUuid,
        /// Our number's id.
        number_id: NumberId = SqlUuid,
        /// Our number.
        from_twilio_number: String = Text,
    }
    /// A number in the deal.
    SeatRow {
        /// Its id.
        id: NumberId = SqlUuid,
        /// E.164.
        phone_number: String = Text,
        /// Weight.
        rotation_priority: i32 = Integer,
        /// Where it stands.
        turn: i64 = BigInt,
        /// When it was last dealt.
        last_used_at: Option<Timestamp> = Nullable<Timestamptz>,
        /// New recipients that it may still take today.
        room: i32 = Integer,
    }
    /// What a number has done.
    NumberStatistics {
        /// Its id.
        number_id: NumberId = SqlUuid,
        /// E.164.
        phone_number: String = Text,
        /// Conversations that are active on it.
        active_conversations: i64 = BigInt,
        /// Texts in either direction.
        total_messages: i64 = BigInt,
        /// Recipients that were dealt to it.
        uses: i64 = BigInt,
    }
    /// One turn of a conversation.
    TurnRow {
        /// `inbound` or `outbound`.
        direction: String = Text,
        /// The text.
        body: String = Text,
    }
    /// A text that could leave now, as far as the queue knows.
    Candidate {
        /// Its id.
        id: MessageId = SqlUuid,
        /// The number it leaves from.
        number_id: NumberId = SqlUuid,
        /// Its conversation.
        conversation_id: ConversationId = SqlUuid,
        /// 0 reply, 1 bulk.
        lane: i16 = SmallInt,
        /// What it costs.
        segments: i16 = SmallInt,
        /// What the number's bucket holds now, in segments.
        tokens: f64 = Double,
        /// What bulk must leave in it.
        reserve: f64 = Double,
    }
    /// A text that was claimed: it leaves now, unless `ended_why` says otherwise.
    Claimed {
        /// Its id.
        id: MessageId = SqlUuid,
        /// Whose it is.
        account_id: AccountId = SqlUuid,
        /// Its conversation.
        conversation_id: ConversationId = SqlUuid,
        /// The number's id.
        number_id: NumberId = SqlUuid,
        /// Our number.
        from_number: String = Text,
        /// The recipient.
        to_number: String = Text,
        /// The text.
        body: String = Text,
        /// What it costs.
        segments: i16 = SmallInt,
        /// How often it was tried before.
        attempts: i16 = SmallInt,
        /// Why it does not leave after all.
        ended_why: Option<String> = Nullable<Text>,
        /// 0 reply, 1 bulk.
        lane: i16 = SmallInt,
        /// Who wrote it.
        author: String = Text,
        /// W3C trace context of whoever queued it.
        traceparent: Option<String> = Nullable<Text>,
    }
    /// A text of which nobody knows whether it left.
    Uncertain {
        /// Its id.
        id: MessageId = SqlUuid,
        /// Whose it is.
        account_id: AccountId = SqlUuid,
        /// Its conversation.
        conversation_id: ConversationId = SqlUuid,
        /// The number's id.
        number_id: NumberId = SqlUuid,
        /// Our number.
        from_number: String = Text,
        /// The recipient.
        to_number: String = Text,
        /// The text.
        body: String = Text,
        /// When it was claimed.
        claimed_at: Timestamp = Timestamptz,
        /// How often the provider's list was read in vain.
        absences: i16 = SmallInt,
    }
    /// Where a text stands.
    StatusRow {
        /// Its id.
        id: MessageId = SqlUuid,
        /// Whose it is.
        account_id: AccountId = SqlUuid,
        /// Its conversation.
        conversation_id: ConversationId = SqlUuid,
        /// The number's id.
        number_id: NumberId = SqlUuid,
        /// The recipient.
        to_number: String = Text,
        /// Status word.
        status: String = Text,
        /// Provider's code.
        error_code: Option<i32> = Nullable<Integer>,
        /// Provider's id.
        twilio_sid: Option<String> = Nullable<Text>,
    }
}
