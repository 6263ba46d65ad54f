//! Who changed what: every write that somebody who is signed in asked for, granted or refused, is a
//! line of the account's log before it is answered. Lines of requests at the same time share a
//! commit.

use actix_web::http::StatusCode;
use chassis::Context;
use domain::store::gateway::{Credential, write};
use domain::store::{Pool, StoreError, Tx, no_connection};
use domain::{AccountId, SharedClock, UserId};
use outbox::{BatchQueue, Batcher};
use telemetry::metrics::Counter;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::access::Caller;
use crate::permit::{Access, Route};

pub use domain::store::gateway::write::NewAudit;

/// Lines that may wait; beyond it the database has been away for long, and so have the services.
const CAPACITY: usize = 10_000;
const BATCH: usize = 256;

/// Takes lines.
#[derive(Clone)]
pub struct Ledger {
    batcher: Batcher<NewAudit, ()>,
    clock: SharedClock,
    tasks: TaskTracker,
    lost: Counter,
}

/// Writes them.
pub struct Scribe {
    queue: BatchQueue<NewAudit, ()>,
    pool: Pool,
    lost: Counter,
}

/// A ledger and its scribe.
pub fn open(ctx: &Context) -> (Ledger, Scribe) {
    let (batcher, queue) = Batcher::new(CAPACITY, BATCH);
    let help = "Lines of the audit log that could not be written";
    let lost = ctx.telemetry.meters().counter("gateway_audit_lost_total", help);
    let ledger =
        Ledger { batcher, clock: ctx.clock.clone(), tasks: ctx.tasks.clone(), lost: lost.clone() };
    (ledger, Scribe { queue, pool: ctx.pool.clone(), lost })
}

impl Ledger {
    /// Puts a request on record, if it was to change something. Failures of our own changed nothing
    /// that they admit to, and requests that came too fast would fill the log with nothing.
    pub async fn on_record(
        &self,
        route: &'static Route,
        caller: &Caller,
        resource_id: Option<String>,
        status: StatusCode,
    ) {
        let Access::Needs(permission) = route.access else { return };
        let is_write = route.method != "GET";
        if !is_write || status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return;
        }
        let token = match caller.credential {
            Credential::Token(id) => Some(id),
            Credential::Session(_) => None,
        };
        let line = NewAudit {
            token,
            resource_id,
            ..self.line(
                caller.row.account_id,
                Some(caller.row.user_id),
                permission.as_str(),
                route,
                status,
            )
        };
        self.write(line).await;
    }

    /// A line about a public route.
    pub fn line(
        &self,
        account: AccountId,
        user: Option<UserId>,
        action: &'static str,
        route: &Route,
        status: StatusCode,
    ) -> NewAudit {
        NewAudit {
            account,
            at: self.clock.now(),
            user,
            token: None,
            action,
            method: route.method,
            path: route.path,
            resource_id: None,
            status: i16::try_from(status.as_u16()).unwrap_or_default(),
            request_id: web::request_id::current().map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    /// Returns when it is written, or cannot be.
    pub async fn write(&self, line: NewAudit) {
        if let Err(error) = self.batcher.submit(line).await {
            self.lost.add(1, &[]);
            tracing::error!(%error, "a line of the audit log is lost");
        }
    }

    /// Returns at once: where the time of an answer must not tell whether there was anybody to write
    /// about.
    pub fn write_later(&self, line: NewAudit) {
        let ledger = self.clone();
        self.tasks.spawn(async move { ledger.write(line).await });
    }
}

impl Scribe {
    /// Writes until `stop`, and then what still waits.
    pub async fn run(self, stop: CancellationToken) {
        let (pool, lost) = (self.pool, self.lost);
        let write = move |lines: Vec<NewAudit>| {
            let (pool, lost) = (pool.clone(), lost.clone());
            async move {
                let written = write_all(&pool, &lines).await;
                if let Err(error) = written {
                    lost.add(u64::try_from(lines.len()).unwrap_or_default(), &[]);
                    let error = telemetry::chain(&error);
                    tracing::error!(error, lines = lines.len(), "lines of the audit log are lost");
                }
                vec![(); lines.len()]
            }
        };
        self.queue.run(stop, write).await;
    }
}

async fn write_all(pool: &Pool, lines: &[NewAudit]) -> Result<(), StoreError> {
    let mut conn = pool.get().await.map_err(no_connection)?;
    let conn: &mut Tx = &mut conn;
    Ok(write::audit(conn, lines).await?)
}
