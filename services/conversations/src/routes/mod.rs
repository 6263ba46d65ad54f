//! The resources of the service, as the gateway forwards them. Every query is by the account of who
//! asks: what is another's is answered as what is not there.

mod contacts;
mod export;
mod fields;
mod figures;
mod imports;
mod labels;
mod list;
mod notes;
mod numbers;
mod opt_outs;
mod rejected;
mod send;
mod start;
mod status;
mod tenure;
mod thread;

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{FromRequest, HttpRequest, HttpResponse, get};
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
        config
            .service(list::list_conversations)
            .service(list::count_conversations)
            .service(start::start_conversation)
            .service(thread::list_messages)
            .service(send::send_message)
            .service(thread::undo_message)
            .service(send::preview_text)
            .service(status::set_conversation_status)
            .service(status::set_conversation_owner)
            .service(status::set_conversation_labels)
            .service(status::mark_conversation_read)
            .service(status::mark_conversation_unread)
            .service(status::take_conversation_over)
            .service(status::hand_conversation_back)
            .service(tenure::list_assigned_numbers)
            .service(tenure::reassign_conversation)
            .service(opt_outs::list_opt_outs)
            .service(opt_outs::opt_customer_out)
            .service(opt_outs::opt_customer_in)
            .service(notes::list_notes)
            .service(notes::add_note)
            .service(notes::delete_note)
            .service(thread::get_conversation)
            .service(labels::list_labels)
            .service(labels::create_label)
            .service(labels::edit_label)
            .service(labels::delete_label)
            .service(export::export_contacts)
            .service(imports::list_imports)
            .service(imports::start_import)
            .service(imports::get_import)
            .service(imports::cancel_import)
            .service(imports::download_rejected_rows)
            .service(contacts::list_contacts)
            .service(contacts::create_contact)
            .service(contacts::get_contact)
            .service(contacts::edit_contact)
            .service(contacts::erase_contact)
            .service(numbers::list_numbers)
            .service(numbers::add::list_available_numbers)
            .service(numbers::add::add_number)
            .service(numbers::get_number)
            .service(numbers::edit_number);
    }
}

#[derive(OpenApi)]
#[openapi(
    paths(
        list::list_conversations,
        list::count_conversations,
        start::start_conversation,
        thread::list_messages,
        send::send_message,
        thread::undo_message,
        send::preview_text,
        status::set_conversation_status,
        status::set_conversation_owner,
        status::set_conversation_labels,
        status::mark_conversation_read,
        status::mark_conversation_unread,
        status::take_conversation_over,
        status::hand_conversation_back,
        tenure::list_assigned_numbers,
        tenure::reassign_conversation,
        opt_outs::list_opt_outs,
        opt_outs::opt_customer_out,
        opt_outs::opt_customer_in,
        notes::list_notes,
        notes::add_note,
        notes::delete_note,
        thread::get_conversation,
        labels::list_labels,
        labels::create_label,
        labels::edit_label,
        labels::delete_label,
        export::export_contacts,
        imports::list_imports,
        imports::start_import,
        imports::get_import,
        imports::cancel_import,
        imports::download_rejected_rows,
        contacts::list_contacts,
        contacts::create_contact,
        contacts::get_contact,
        contacts::edit_contact,
        contacts::erase_contact,
        numbers::list_numbers,
        numbers::add::list_available_numbers,
        numbers::add::add_number,
        numbers::get_number,
        numbers::edit_number,
    ),
    // Of the parameters, whose schemas utoipa refers to and does not collect.
    components(schemas(
        fields::ColumnName,
        fields::FileName,
        fields::Set,
        fields::Wanted,
        fields::WantedOwner,
        domain::store::conversations::words::OnDuplicate,
    )),
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

/// For routes that take no parameters: a query string is refused like any other unknown one.
pub(crate) struct NoQuery;

impl FromRequest for NoQuery {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match request.query_string() {
            "" => Ok(Self),
            _ => Err(Problem::bad_request("malformed-query").detail("there are no parameters")),
        })
    }
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
