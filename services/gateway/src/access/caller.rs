//! Who asks: sessions and tokens, looked up once and remembered for a moment, and forgotten by every
//! process as soon as one of them ends.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::store::gateway::{CallerRow, Credential, read, write};
use domain::store::{Pool, StoreError, Tx, no_connection};
use domain::{Role, SessionId, SharedClock, Timestamp, TokenId};
use web::Identity;

use super::{IDLE, Secret, idle_since};
use crate::permit::Rights;

/// How long a look-up is good. A change of a role is told to every process at once; this is the net
/// for a message that got lost.
const REMEMBERED_FOR: Duration = Duration::from_secs(5);
/// Look-ups that are remembered.
const REMEMBERED: usize = 10_000;
/// How exact "last seen" is: a write for each request would be dearer than the request.
const SEEN_EVERY: TimeDelta = TimeDelta::seconds(60);

/// Who asks.
pub struct Caller {
    /// As the database has them.
    pub row: CallerRow,
    /// With what they came in.
    pub credential: Credential,
    /// Whose request it is.
    pub identity: Identity,
    /// What they may do.
    pub rights: Rights,
    /// What a page must say beside the cookie; `None` for a token.
    pub csrf: Option<String>,
}

impl Caller {
    fn of_session(row: CallerRow, secret: &Secret) -> Result<Self, StoreError> {
        let credential = Credential::Session(SessionId::from_uuid(row.credential_id));
        Self::of(row, credential, Some(secret.csrf()))
    }

    fn of_token(row: CallerRow) -> Result<Self, StoreError> {
        let credential = Credential::Token(TokenId::from_uuid(row.credential_id));
        Self::of(row, credential, None)
    }

    fn of(
        row: CallerRow,
        credential: Credential,
        csrf: Option<String>,
    ) -> Result<Self, StoreError> {
        let role: Role = row.role()?;
        let rights = Rights::of(role, row.scopes.as_deref());
        let identity = Identity { account: row.account_id, user: row.user_id, role };
        Ok(Self { row, credential, identity, rights, csrf })
    }

    /// Whether nothing but time can have ended it since it was looked up, and has not.
    fn is_alive(&self, now: Timestamp) -> bool {
        let in_time = self.row.expires_at.is_none_or(|end| end > now);
        let in_use = match self.credential {
            Credential::Session(_) => self.row.seen_at.is_none_or(|seen| now - seen < IDLE),
            Credential::Token(_) => true,
        };
        in_time && in_use
    }

    fn should_be_seen(&self, now: Timestamp) -> bool {
        self.row.seen_at.is_none_or(|seen| now - seen >= SEEN_EVERY)
    }
}

/// By the hash of their secret, with the moment at which they were looked up.
type Remembered = HashMap<[u8; 32], (Instant, Arc<Caller>)>;

/// Looks callers up.
pub struct Callers {
    pool: Pool,
    clock: SharedClock,
    remembered: Mutex<Remembered>,
    /// How often all was forgotten: a look-up that was under way meanwhile may be old.
    forgotten: AtomicU64,
}

impl Callers {
    /// Over these connections.
    pub fn new(pool: Pool, clock: SharedClock) -> Self {
        Self { pool, clock, remembered: Mutex::default(), forgotten: AtomicU64::new(0) }
    }

    /// Who is remembered to have come in with this, without asking the database.
    pub fn remembered(&self, secret: &Secret) -> Option<Arc<Caller>> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, caller) = remembered.get(&secret.hash())?;
        let now = self.clock.now();
        // Who is to be seen is looked up, and noted on the way.
        let is_good =
            since.elapsed() < REMEMBERED_FOR && caller.is_alive(now) && !caller.should_be_seen(now);
        is_good.then(|| Arc::clone(caller))
    }

    /// Who came in with this cookie.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn by_session(&self, secret: &Secret) -> Result<Option<Arc<Caller>>, StoreError> {
        let (now, before) = (self.clock.now(), self.forgotten.load(Ordering::Acquire));
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let conn: &mut Tx = &mut conn;
        let row = read::caller_by_session(conn, &secret.hash(), now, idle_since(now)).await?;
        let Some(row) = row else { return Ok(None) };
        let mut caller = Caller::of_session(row, secret)?;
        if caller.should_be_seen(now)
            && let Credential::Session(id) = caller.credential
        {
            write::touch_session(conn, caller.row.user_id, id, now).await?;
            caller.row.seen_at = Some(now);
        }
        Ok(Some(self.remember(secret, caller, before)))
    }

    /// Who came in with this token.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn by_token(&self, secret: &Secret) -> Result<Option<Arc<Caller>>, StoreError> {
        let (now, before) = (self.clock.now(), self.forgotten.load(Ordering::Acquire));
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let conn: &mut Tx = &mut conn;
        let row = read::caller_by_token(conn, &secret.hash(), now).await?;
        let Some(row) = row else { return Ok(None) };
        let mut caller = Caller::of_token(row)?;
        if caller.should_be_seen(now)
            && let Credential::Token(id) = caller.credential
        {
            write::touch_token(conn, id, now).await?;
            caller.row.seen_at = Some(now);
        }
        Ok(Some(self.remember(secret, caller, before)))
    }

    /// Looks everybody up anew from now on.
    pub fn forget_all(&self) {
        self.forgotten.fetch_add(1, Ordering::AcqRel);
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn remember(&self, secret: &Secret, caller: Caller, before: u64) -> Arc<Caller> {
        let caller = Arc::new(caller);
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= REMEMBERED {
            remembered.retain(|_, (since, _)| since.elapsed() < REMEMBERED_FOR);
            if remembered.len() >= REMEMBERED {
                remembered.clear();
            }
        }
        // Under the lock: whoever forgets after this finds it here.
        if self.forgotten.load(Ordering::Acquire) == before {
            remembered.insert(secret.hash(), (Instant::now(), Arc::clone(&caller)));
        }
        caller
    }
}
