//! One browser's stream: what it missed, then what happens, and a heartbeat so that a page can tell a
//! quiet shop from a dead line.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use actix_web::web::Bytes;
use chassis::api::Failure;
use domain::AccountId;
use domain::store::gateway::read;
use domain::store::{Pool, StoreError, Tx, no_connection};
use futures_util::{Stream, stream};
use tokio::time::{Interval, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use web::Problem;

use super::Live;
use super::frame::{event, frames};
use super::hub::{Behind, Seat};
use super::warden::Guest;
use crate::access::Caller;

/// A page takes the line for dead after some 40 s of nothing. A comment would do for proxies, but
/// pages are not shown comments.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// What is told to one that comes back. Who missed more reads everything anew, which is cheaper.
const REPLAYED: i64 = 1_000;
/// Milliseconds after which a browser comes back.
const RETRY: &str = "retry: 1000\n\n";
/// When to try again where too many listen.
const AGAIN: Duration = Duration::from_secs(30);

/// A listener.
struct Listener {
    seat: Seat,
    guest: Guest,
    pool: Pool,
    stop: CancellationToken,
    account: AccountId,
    beat: Interval,
    /// The last id that was sent.
    sent: i64,
    waiting: VecDeque<Bytes>,
    is_over: bool,
}

/// Opens a stream that continues after `last`, as the browser gave it; without it, from now.
///
/// # Errors
/// 429 when too many listen; those of the database.
pub async fn open(
    live: &Live,
    caller: &Caller,
    last: Option<&str>,
) -> Result<impl Stream<Item = Result<Bytes, Infallible>> + use<>, Failure> {
    let account = caller.row.account_id;
    // The seat first: what is told while we read is heard as well, and known by its id.
    let seat = live
        .hub
        .join(account, caller.row.user_id)
        .map_err(|_| Problem::too_many_requests("too-many-streams").retry_after(AGAIN))?;
    let guest = live.listeners.welcome(caller.row.credential_id);
    let mut beat = tokio::time::interval(HEARTBEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat.reset();
    let mut listener = Listener {
        seat,
        guest,
        pool: live.pool.clone(),
        stop: live.stop.clone(),
        account,
        beat,
        sent: 0,
        waiting: VecDeque::from([Bytes::from_static(RETRY.as_bytes())]),
        is_over: false,
    };
    let head = listener.begin(last).await?;
    live.hub.begin(account, head);
    Ok(stream::unfold(listener, |mut listener| async move {
        let bytes = listener.next().await?;
        Some((Ok(bytes), listener))
    }))
}

impl Listener {
    /// Finds the place to go on from; gives the account's head.
    async fn begin(&mut self, last: Option<&str>) -> Result<i64, StoreError> {
        let pool = self.pool.clone();
        let mut conn = pool.get().await.map_err(no_connection)?;
        let conn: &mut Tx = &mut conn;
        let head = read::head(conn, self.account).await?;
        self.sent = head;
        let Some(last) = last else {
            // So that a line that breaks before anything happens is taken up from here.
            self.waiting.push_back(event("hb", Some(head), "{}"));
            return Ok(head);
        };
        let kept = read::kept_from(conn, self.account).await?;
        match last.parse::<i64>().ok().filter(|last| is_known(*last, head, kept)) {
            Some(last) => {
                self.sent = last;
                self.catch_up(conn).await?;
            }
            None => self.waiting.push_back(event("resync", Some(head), "{}")),
        }
        Ok(head)
    }

    /// What to send next; `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(bytes) = self.waiting.pop_front() {
                return Some(bytes);
            }
            if self.is_over {
                return None;
            }
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return None,
                () = self.guest.ended.cancelled() => {
                    self.is_over = true;
                    return Some(event("session_revoked", None, "{}"));
                }
                heard = self.seat.hear() => match heard {
                    Ok(frame) if frame.id == self.sent + 1 => {
                        self.sent = frame.id;
                        return Some(frame.bytes);
                    }
                    // Sent already, from the table.
                    Ok(frame) if frame.id <= self.sent => {}
                    Ok(_) | Err(Behind) => self.mend().await?,
                },
                _ = self.beat.tick() => return Some(event("hb", None, "{}")),
            }
        }
    }

    /// Reads what was missed. Without a database the stream ends: the browser comes back and says
    /// where it was.
    async fn mend(&mut self) -> Option<()> {
        let pool = self.pool.clone();
        let mut conn = pool.get().await.ok()?;
        let conn: &mut Tx = &mut conn;
        self.catch_up(conn).await.ok()
    }

    async fn catch_up(&mut self, conn: &mut Tx) -> Result<(), StoreError> {
        let rows = read::after(conn, self.account, self.sent, REPLAYED).await?;
        for frame in frames(conn, self.account, &rows).await? {
            self.sent = frame.id;
            self.waiting.push_back(frame.bytes);
        }
        Ok(())
    }
}

/// Whether all that came after `last` is still there, and not too much of it.
fn is_known(last: i64, head: i64, kept_from: Option<i64>) -> bool {
    let nothing_is_missing = last == head || kept_from.is_some_and(|kept| kept <= last + 1);
    (0..=head).contains(&last) && nothing_is_missing && head - last <= REPLAYED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_known_while_nothing_after_it_is_gone() {
        assert!(is_known(7, 7, Some(3)));
        assert!(is_known(2, 7, Some(3)));
        assert!(is_known(0, 0, None));
        assert!(is_known(7, 7, None));
        assert!(!is_known(1, 7, Some(3)));
        assert!(!is_known(8, 7, Some(3)));
        assert!(!is_known(-1, 7, Some(1)));
        assert!(!is_known(1, 1_002, Some(1)));
    }
}
