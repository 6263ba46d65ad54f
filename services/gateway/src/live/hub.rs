//! Who listens to which account, and up to where the account was told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{AccountId, UserId};
use tokio::sync::broadcast;

use super::frame::Frame;

/// Frames that a slow listener may be behind; one that is further behind reads the table.
const BEHIND: usize = 256;

/// The accounts of this process that somebody listens to.
pub struct Hub {
    accounts: Mutex<HashMap<AccountId, Listened>>,
    per_account: usize,
    per_user: usize,
}

struct Listened {
    sender: broadcast::Sender<Frame>,
    /// The last id that was told; nothing is told before the first listener knows where it begins.
    told: Option<i64>,
    by_user: HashMap<UserId, usize>,
    listeners: usize,
}

/// A place among the listeners; leaving it is dropping it.
pub struct Seat {
    frames: broadcast::Receiver<Frame>,
    hub: Arc<Hub>,
    account: AccountId,
    user: UserId,
}

/// As many listen as may listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

impl Hub {
    /// With nobody listening.
    pub fn new(per_account: usize, per_user: usize) -> Self {
        Self { accounts: Mutex::default(), per_account, per_user }
    }

    /// Takes a seat. What is told from now on is heard there.
    ///
    /// # Errors
    /// When the account or the person has as many as they may.
    pub fn join(self: &Arc<Self>, account: AccountId, user: UserId) -> Result<Seat, Full> {
        let mut accounts = self.lock();
        let listened = accounts.entry(account).or_insert_with(|| Listened {
            sender: broadcast::Sender::new(BEHIND),
            told: None,
            by_user: HashMap::new(),
            listeners: 0,
        });
        let of_user = listened.by_user.get(&user).copied().unwrap_or_default();
        if listened.listeners >= self.per_account || of_user >= self.per_user {
            // Somebody else listens then, unless nobody may at all.
            if listened.listeners == 0 {
                accounts.remove(&account);
            }
            return Err(Full);
        }
        listened.listeners += 1;
        listened.by_user.insert(user, of_user + 1);
        let frames = listened.sender.subscribe();
        Ok(Seat { frames, hub: Arc::clone(self), account, user })
    }

    /// A listener begins here; the first one of an account decides where the account is told from.
    pub fn begin(&self, account: AccountId, id: i64) {
        if let Some(listened) = self.lock().get_mut(&account) {
            listened.told.get_or_insert(id);
        }
    }

    /// Every account that is listened to, and up to where it was told.
    pub fn told(&self) -> Vec<(AccountId, i64)> {
        let accounts = self.lock();
        accounts.iter().filter_map(|(account, it)| Some((*account, it.told?))).collect()
    }

    /// Tells an account.
    pub fn tell(&self, account: AccountId, frames: Vec<Frame>) {
        let mut accounts = self.lock();
        let Some(listened) = accounts.get_mut(&account) else { return };
        for frame in frames {
            listened.told = Some(frame.id);
            // Nobody may be left to hear it.
            let _ = listened.sender.send(frame);
        }
    }

    /// How many listen.
    pub fn listeners(&self) -> usize {
        self.lock().values().map(|listened| listened.listeners).sum()
    }

    fn leave(&self, account: AccountId, user: UserId) {
        let mut accounts = self.lock();
        let Some(listened) = accounts.get_mut(&account) else { return };
        listened.listeners = listened.listeners.saturating_sub(1);
        if let Some(of_user) = listened.by_user.get_mut(&user) {
            *of_user = of_user.saturating_sub(1);
            if *of_user == 0 {
                listened.by_user.remove(&user);
            }
        }
        if listened.listeners == 0 {
            accounts.remove(&account);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, Listened>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// The next frame; [`Behind`] when some were missed.
    ///
    /// # Errors
    /// When this listener was too slow.
    pub async fn hear(&mut self) -> Result<Frame, Behind> {
        self.frames.recv().await.map_err(|_| Behind)
    }
}

/// Frames were missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind;

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.leave(self.account, self.user);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_and_an_account_have_so_many_seats_and_get_them_back() {
        let hub = Arc::new(Hub::new(3, 2));
        let account = AccountId::generate();
        let (ana, luis) = (UserId::generate(), UserId::generate());

        let first = hub.join(account, ana).unwrap();
        let _second = hub.join(account, ana).unwrap();
        assert!(hub.join(account, ana).is_err());
        let _third = hub.join(account, luis).unwrap();
        assert!(hub.join(account, luis).is_err());
        drop(first);
        assert!(hub.join(account, luis).is_ok());
        assert!(hub.join(AccountId::generate(), luis).is_ok());
    }

    #[test]
    fn an_account_is_told_from_where_its_first_listener_begins() {
        let hub = Arc::new(Hub::new(3, 2));
        let account = AccountId::generate();
        assert!(hub.told().is_empty());

        let seat = hub.join(account, UserId::generate()).unwrap();
        assert!(hub.told().is_empty());
        hub.begin(account, 7);
        hub.begin(account, 9);
        assert_eq!(hub.told(), [(account, 7)]);

        drop(seat);
        assert!(hub.told().is_empty());
        assert_eq!(hub.listeners(), 0);
    }
}
