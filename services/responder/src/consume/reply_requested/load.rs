//! From a request to a scene, or to the reason why there is nothing to look for.

use chassis::HandleError;
use diesel_async::AsyncPgConnection;
use domain::store::conversations::{ConversationRow, read as conversations};
use domain::store::{StoreError, no_connection};
use events::ReplyRequested;

use super::Replies;
use crate::answer::{Customer, Found, Scene, Silence, silent};

/// What loading came to.
pub(super) enum Loaded {
    /// There is nothing to look for.
    Settled(Found),
    /// There is.
    Scene(Box<Scene>),
}

/// Why a request can never be served.
#[derive(Debug, thiserror::Error)]
enum LoadError {
    #[error("the conversation is another account's")]
    Conversation,
    #[error("there is no such account")]
    Account,
}

/// A contact that was deleted takes the conversation along.
const GONE: &str = "the conversation was deleted";

impl Replies {
    pub(super) async fn load(&self, request: &ReplyRequested) -> Result<Loaded, HandleError> {
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let settled = |why, note| Ok(Loaded::Settled(silent(why, note)));
        let found = conversations::conversation(&mut conn, request.conversation).await?;
        let Some(conversation) = found else { return settled(Silence::Superseded, GONE) };
        if conversation.account_id != request.account {
            return Err(HandleError::dead(LoadError::Conversation));
        }
        if let Some(why) = stale(&mut conn, &conversation, request).await? {
            return settled(Silence::Superseded, why);
        }
        let at_most = self.turns_in_prompt.at_most();
        let turns = conversations::turns(&mut conn, conversation.id, at_most).await?;
        if turns.last().is_none_or(|turn| turn.direction != "inbound") {
            // A picture without words, or something of ours came in between: a person should look.
            return settled(Silence::HandOff, "the customer's last message has no words to answer");
        }
        let customer =
            Customer { name: conversation.contact_name, language: conversation.contact_language };
        let (account, now) = (request.account, self.clock.now());
        let scene = Scene::load(&mut conn, account, customer, turns, now).await?;
        let scene = scene.ok_or_else(|| HandleError::dead(LoadError::Account))?;
        Ok(Loaded::Scene(Box::new(scene)))
    }

    /// Why the request is no longer wanted, now that time has passed.
    pub(super) async fn stale_by_now(
        &self,
        request: &ReplyRequested,
    ) -> Result<Option<&'static str>, StoreError> {
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        match conversations::conversation(&mut conn, request.conversation).await? {
            Some(conversation) => stale(&mut conn, &conversation, request).await,
            None => Ok(Some(GONE)),
        }
    }
}

/// Why an answer is no longer wanted.
async fn stale(
    conn: &mut AsyncPgConnection,
    conversation: &ConversationRow,
    request: &ReplyRequested,
) -> Result<Option<&'static str>, StoreError> {
    if conversation.reply_epoch != request.reply_epoch {
        return Ok(Some("the conversation has moved on"));
    }
    muted(conn, conversation).await
}

/// Why no answer of ours leaves for this conversation, whatever was asked.
pub(crate) async fn muted(
    conn: &mut AsyncPgConnection,
    conversation: &ConversationRow,
) -> Result<Option<&'static str>, StoreError> {
    if conversation.assistant != "on" {
        return Ok(Some("a person has the word"));
    }
    if conversation.conversation_status == "blocked" {
        return Ok(Some("the conversation is blocked"));
    }
    let to = &conversation.to_number;
    let opted_out = conversations::is_opted_out(conn, conversation.account_id, to).await?;
    Ok(opted_out.then_some("the customer has opted out"))
}
