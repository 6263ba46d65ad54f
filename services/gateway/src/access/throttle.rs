//! How often somebody may try a password: five times a quarter of an hour for a person from an
//! address, thirty for an address, a hundred times an hour for a person from wherever. The last one
//! does not bind an address that the person signed in from within 30 days, or anybody could lock
//! anybody out.

use std::net::IpAddr;
use std::time::Duration;

use chassis::api::Failure;
use chrono::TimeDelta;
use domain::store::Tx;
use domain::store::gateway::{AttemptsRow, read, write};
use domain::{EmailAddress, Timestamp, UserId};
use sha2::{Digest as _, Sha256};
use web::Problem;

use super::address::subscriber;

const QUARTER: TimeDelta = TimeDelta::minutes(15);
const HOUR: TimeDelta = TimeDelta::hours(1);

/// An attempt that is recorded as a failure until it proves to be none.
pub struct Attempt {
    id: i64,
    email_hash: [u8; 32],
    address: String,
}

impl Attempt {
    /// Records it, and refuses it if there were too many before. Recorded first and counted then:
    /// attempts at the same instant cannot all find that there is room for one.
    ///
    /// # Errors
    /// 429 with the time to wait; those of the database.
    pub async fn begin(
        conn: &mut Tx,
        email: &EmailAddress,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let (email_hash, address) = (hash(email), subscriber(address));
        let id = write::attempt(conn, &email_hash, &address, now).await?;
        let before = read::attempts(conn, id, now).await?;
        match wait(&before, now) {
            None => Ok(Self { id, email_hash, address }),
            Some(wait) => {
                // It was not looked at, so it says nothing: who waits as told is heard again.
                write::forgive(conn, id).await?;
                Err(Problem::too_many_requests("too-many-attempts").retry_after(wait).into())
            }
        }
    }

    /// The password was right but more is needed: neither a failure nor a success.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forgive(self, conn: &mut Tx) -> Result<(), Failure> {
        write::forgive(conn, self.id).await?;
        Ok(())
    }

    /// It was them.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn welcome(self, conn: &mut Tx, user: UserId, now: Timestamp) -> Result<(), Failure> {
        write::welcome(conn, user, &self.email_hash, &self.address, now).await?;
        Ok(())
    }
}

fn hash(email: &EmailAddress) -> [u8; 32] {
    Sha256::digest(email.as_str().as_bytes()).into()
}

/// How long until the last of the limits lets another attempt through.
fn wait(before: &AttemptsRow, now: Timestamp) -> Option<Duration> {
    let until = [
        before.pair.map(|at| at + QUARTER),
        before.address.map(|at| at + QUARTER),
        before.email.map(|at| at + HOUR),
    ];
    let until = until.into_iter().flatten().max()?;
    Some((until - now).to_std().unwrap_or_default().max(Duration::from_secs(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_wait_counts() {
        let now = Timestamp::from_timestamp(10_000, 0).unwrap();
        let ago = |minutes| Some(now - TimeDelta::minutes(minutes));
        let row = |pair, address, email| AttemptsRow { pair, address, email };

        assert_eq!(wait(&row(None, None, None), now), None);
        assert_eq!(wait(&row(ago(10), None, None), now), Some(Duration::from_secs(300)));
        assert_eq!(wait(&row(ago(10), ago(5), None), now), Some(Duration::from_secs(600)));
        assert_eq!(wait(&row(None, ago(5), ago(20)), now), Some(Duration::from_secs(2_400)));
    }
}
