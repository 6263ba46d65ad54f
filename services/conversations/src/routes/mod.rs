//! The resources of the service, as the gateway forwards them. Every query is by the account of who
//! asks: what is another's is answered as what is not there.

mod contacts;
mod export;
mod fields;
mod imports;
mod labels;
mod list;
mod notes;
mod numbers;
mod opt_outs;
mod send;
mod start;
mod status;
mod tenure;
mod thread;

use std::sync::Arc;

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get};
use chassis::Context;
use chassis::api::Failure;
use domain::store::conversations::views::{ConversationView, conversation_views};
use domain::store::conversations::{ConversationRow, write};
use domain::store::{Pool, Tx};
use domain::{ConversationId, SharedClock, Timestamp};
use providers::NumberList;
use utoipa::OpenApi;
use web::{Identity, Problem};

use crate::lists::Lists;
use crate::wire::Providers;

/// What the routes work with.
pub(crate) struct Api {
    pool: Pool,
    clock: SharedClock,
    lists: Arc<Lists>,
    rented: Arc<dyn NumberList>,
    active: Arc<numbers::ActiveCache>,
}

impl Api {
    pub(crate) fn new(ctx: &Context, providers: &Providers) -> Self {
        let (pool, clock) = (ctx.pool.clone(), Arc::clone(&ctx.clock));
        let lists = Lists::new(pool.clone(), Arc::clone(&clock), ctx.tasks.clone());
        let active = numbers::ActiveCache::new(pool.clone(), Arc::clone(&clock), ctx.tasks.clone());
        let rented = Arc::clone(&providers.numbers);
        Self { pool, clock, lists: Arc::new(lists), rented, active: Arc::new(active) }
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Serves all of them.
pub(crate) fn configure(api: Arc<Api>) -> impl Fn(&mut ServiceConfig) + Send + Sync + 'static {
    let api = Data::from(api);
    move |config| {
        config.app_data(api.clone()).service(document);
        // What has a name comes before what has an id.
        config.service(list::list).service(list::counts).service(start::start);
        config.service(thread::messages).service(thread::undo).service(send::send);
        config.service(send::preview);
        config.service(status::status).service(status::owner).service(status::labels);
        config.service(status::read).service(status::unread);
        config.service(status::take_over).service(status::hand_back);
        config.service(tenure::numbers).service(tenure::reassign);
        config.service(opt_outs::list).service(opt_outs::opt_out).service(opt_outs::opt_in);
        config.service(notes::list).service(notes::add).service(notes::delete);
        config.service(thread::conversation);
        config.service(labels::list).service(labels::create);
        config.service(labels::edit).service(labels::delete);
        config.service(export::export);
        config.service(imports::list).service(imports::start).service(imports::one);
        config.service(imports::cancel).service(imports::rejected);
        config.service(contacts::list).service(contacts::create).service(contacts::one);
        config.service(contacts::edit).service(contacts::erase);
        config.service(numbers::list).service(numbers::available).service(numbers::add);
        config.service(numbers::one).service(numbers::edit);
    }
}

#[derive(OpenApi)]
#[openapi(
    paths(
        list::list,
        list::counts,
        start::start,
        thread::conversation,
        thread::messages,
        send::send,
        thread::undo,
        send::preview,
        status::status,
        status::owner,
        status::labels,
        status::read,
        status::unread,
        status::take_over,
        status::hand_back,
        tenure::numbers,
        tenure::reassign,
        opt_outs::list,
        opt_outs::opt_out,
        opt_outs::opt_in,
        notes::list,
        notes::add,
        notes::delete,
        labels::list,
        labels::create,
        labels::edit,
        labels::delete,
        contacts::list,
        contacts::create,
        contacts::one,
        contacts::edit,
        contacts::erase,
        export::export,
        imports::start,
        imports::list,
        imports::one,
        imports::cancel,
        imports::rejected,
        numbers::list,
        numbers::available,
        numbers::add,
        numbers::one,
        numbers::edit,
    ),
    tags(
        (name = "conversations", description = "Threads with customers, and the texts in them."),
        (name = "labels", description = "Coloured words on conversations."),
        (name = "contacts", description = "The people outside, one by one and as files."),
        (name = "numbers", description = "Our own telephone numbers."),
    )
)]
struct Document;

/// The part of the house's document that is this service's.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

#[get("/openapi.json")]
async fn document() -> HttpResponse {
    HttpResponse::Ok().json(openapi())
}

/// Locks a conversation of the caller's account.
async fn mine(
    tx: &mut Tx,
    identity: &Identity,
    id: ConversationId,
) -> Result<ConversationRow, Failure> {
    write::lock(tx, id)
        .await?
        .filter(|conversation| conversation.account_id == identity.account)
        .ok_or_else(no_such_conversation)
}

/// A conversation of the caller's account, as they see it.
async fn view(
    tx: &mut Tx,
    identity: &Identity,
    id: ConversationId,
) -> Result<ConversationView, Failure> {
    let found = conversation_views(tx, identity.account, &[id]).await?.pop();
    found.ok_or_else(no_such_conversation)
}

/// The same for one that is not there and for one that is another's.
fn no_such_conversation() -> Failure {
    Problem::not_found("no-such-conversation").into()
}
