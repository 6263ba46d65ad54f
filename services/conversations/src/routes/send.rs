//! Writing to a customer, and what a text would cost before it is sent.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use chassis::api::{Failure, once};
use chrono::{DateTime, Utc};
use domain::segment::fold_to_gsm7;
use domain::store::Tx;
use domain::store::conversations::views::{MessageView, message_views};
use domain::store::conversations::words::TextEncoding;
use domain::{AccountId, ConversationId, Encoding, MessageId, TextBody, segments_of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::Problem;
use web::body::Post;
use web::problem::ProblemDocument;

use super::fields::Body;
use super::{Api, NoQuery, mine};
use crate::person::{self, Wish};

/// A text to a customer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMessage {
    body: Body,
    /// When it should leave, at most 90 days ahead; at once if null or past.
    send_at: Option<DateTime<Utc>>,
}

/// Sends a text, now or later. It takes the conversation over from the assistant.
#[utoipa::path(
    post, path = "/api/conversations/{id}/messages", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    request_body = NewMessage,
    responses(
        (status = 201, description = "It waits to leave", body = MessageView),
        (status = 409, description = "`opted-out`, `blocked`, `unreachable` or `too-far-ahead`", body = ProblemDocument<'_>, content_type = "application/problem+json"),
    )
)]
#[post("/api/conversations/{id}/messages")]
pub(crate) async fn send_message(
    api: Data<Api>,
    id: Path<ConversationId>,
    _: NoQuery,
    post: Post<NewMessage>,
) -> Result<HttpResponse, Failure> {
    let Post { identity, body: new, once: key } = post;
    let (now, id) = (api.now(), id.into_inner());
    let body = text(&new.body)?;
    once(&api.pool, &identity, &key, now, StatusCode::CREATED, async |tx: &mut Tx| {
        let conversation = mine(tx, &identity, id).await?;
        let wish = Wish { body: &body, send_at: new.send_at };
        let message = person::say(tx, &conversation, identity.user, wish, now).await?;
        message_view(tx, identity.account, message).await
    })
    .await
}

/// The words, as the queue takes them.
pub(super) fn text(body: &Body) -> Result<TextBody, Problem> {
    let refused = || Problem::unprocessable("unexpected-json").field("body", "unexpected-value");
    body.parse().ok_or_else(refused)
}

/// A text that was just written.
pub(super) async fn message_view(
    tx: &mut Tx,
    account: AccountId,
    id: MessageId,
) -> Result<MessageView, Failure> {
    let found = message_views(tx, account, &[id]).await?.pop();
    found.ok_or_else(|| Problem::not_found("no-such-message").into())
}

/// A text that may be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextDraft {
    body: Body,
}

/// What a text takes on the air.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TextPreview {
    /// How it travels: one character outside of GSM-7 makes all of it dear.
    encoding: TextEncoding,
    /// SMS segments.
    #[schema(minimum = 1)]
    segments: u16,
    /// As people count.
    #[schema(minimum = 1)]
    characters: usize,
    /// Septets or UTF-16 units.
    #[schema(minimum = 1)]
    units_used: u32,
    /// That still fit before it takes one more segment.
    #[schema(minimum = 0)]
    units_left_in_segment: u32,
    /// The same without accents, where that is cheaper.
    #[schema(required)]
    plain: Option<PlainText>,
}

/// A text without the accents that make it dear.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlainText {
    #[schema(example = "Hola Maria, su cotizacion esta lista.")]
    body: String,
    /// SMS segments.
    #[schema(minimum = 1)]
    segments: u16,
}

/// Counts the segments of a text that is being written.
#[utoipa::path(
    post, path = "/api/texts/preview", tag = "conversations",
    request_body = TextDraft,
    responses((status = 200, description = "What it takes", body = TextPreview))
)]
#[post("/api/texts/preview")]
pub(crate) async fn preview_text(
    api: Data<Api>,
    _: NoQuery,
    post: Post<TextDraft>,
) -> Result<HttpResponse, Failure> {
    let preview = preview(post.body.body.as_str());
    if post.once.key.is_none() {
        // Nothing is done, and people type: no need to ask the database.
        return Ok(HttpResponse::Ok().json(preview));
    }
    let work = async |_: &mut Tx| Ok(preview);
    once(&api.pool, &post.identity, &post.once, api.now(), StatusCode::OK, work).await
}

fn preview(body: &str) -> TextPreview {
    let segments = segments_of(body);
    let plain = fold_to_gsm7(body);
    let plain_segments = segments_of(&plain).count();
    TextPreview {
        encoding: segments.encoding.into(),
        segments: segments.count(),
        characters: body.chars().count(),
        units_used: segments.units,
        units_left_in_segment: units_left(body, segments.count(), segments.encoding),
        plain: (plain_segments < segments.count())
            .then_some(PlainText { body: plain, segments: plain_segments }),
    }
}

/// How many plain letters more keep the number of segments: found by adding them, because parts may end
/// a unit early.
fn units_left(body: &str, segments: u16, encoding: Encoding) -> u32 {
    let most: u32 = match encoding {
        Encoding::Gsm7 => 160,
        Encoding::Ucs2 => 70,
    };
    let fits = |more: &u32| {
        let more = usize::try_from(*more).unwrap_or(0);
        segments_of(&format!("{body}{}", "a".repeat(more))).count() <= segments
    };
    // Whether one more fits only ever changes from yes to no.
    let (mut low, mut high) = (0_u32, most);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if fits(&middle) { low = middle } else { high = middle - 1 }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accent_costs_a_segment_and_taking_it_away_saves_it() {
        let text = "Hola María, tu cotización está lista. ¿Te marco mañana a las 10? Responde SI, o ALTO para no recibir más mensajes.";
        let preview = preview(text);
        assert_eq!((preview.encoding, preview.segments), (TextEncoding::Ucs2, 2));
        let plain = preview.plain.unwrap();
        assert_eq!(plain.segments, 1);
        assert!(plain.body.contains("cotizacion") && plain.body.contains("¿Te marco mañana"));
    }

    #[test]
    fn what_is_left_is_what_still_fits() {
        assert_eq!(preview("hola").units_left_in_segment, 156);
        assert_eq!(preview(&"a".repeat(160)).units_left_in_segment, 0);
        assert_eq!(preview(&"a".repeat(161)).units_left_in_segment, 145);
        assert_eq!(preview("á").units_left_in_segment, 69);
        assert!(preview("hola").plain.is_none());
    }
}
