//! Somebody outside with a phone.

use std::sync::atomic::{AtomicU32, Ordering};

use simulator::{Bubble, Sent, Status};
use testkit::until;

use crate::app::{App, PATIENCE};

/// Their phone is the simulator's; what they know is what it shows.
pub struct Customer<'a> {
    app: &'a App,
    /// Theirs.
    pub phone: String,
    ours: String,
}

impl<'a> Customer<'a> {
    pub fn new(app: &'a App, ours: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let phone = testkit::world::customer(NEXT.fetch_add(1, Ordering::Relaxed));
        Self { app, phone: phone.as_e164().to_owned(), ours: ours.to_owned() }
    }

    /// The same person, to another number of ours.
    pub fn to(&self, ours: &str) -> Self {
        Self { app: self.app, phone: self.phone.clone(), ours: ours.to_owned() }
    }

    /// Texts; returns when the webhook was accepted.
    pub async fn texts(&self, body: &str) {
        let texted = self.app.world.texts(&self.phone, &self.ours, body).await;
        assert!(texted.accepted, "the webhook was not accepted");
    }

    /// Waits for the n-th text from us on their phone.
    pub async fn hears(&self, n: usize) -> Bubble {
        until(PATIENCE, &format!("text {n} of ours on the phone"), async || {
            self.bubbles().into_iter().nth(n - 1)
        })
        .await
    }

    /// What we said, as it stands on their phone.
    pub fn heard(&self) -> Vec<String> {
        self.bubbles().into_iter().map(|bubble| bubble.body).collect()
    }

    /// What the provider took for them, delivered or not.
    pub fn ledger(&self) -> Vec<Sent> {
        let sent = self.app.world.ledger().messages.into_iter();
        sent.filter(|text| text.to == self.phone).collect()
    }

    /// Waits until each text to them has this status in our books, and there are `n`.
    pub async fn until_all_are(&self, n: usize, status: Status) {
        self.until_statuses_are(&vec![status.as_str(); n].join(",")).await;
    }

    /// Waits until our books say so of our texts to them, oldest first.
    pub async fn until_statuses_are(&self, statuses: &str) {
        let query = format!(
            "SELECT string_agg(m.status, ',' ORDER BY m.id) FROM sms_messages m
             JOIN user_conversations c ON c.id = m.conversation_id
             WHERE m.direction = 'outbound' AND c.to_number = '{}'",
            self.phone
        );
        self.app.until_db_says(&query, statuses).await;
    }

    fn bubbles(&self) -> Vec<Bubble> {
        let bubbles = self.app.world.phone(&self.phone).into_iter();
        bubbles.filter(|bubble| !bubble.mine && !bubble.notice && bubble.seen).collect()
    }
}
