//! Providers in memory: they remember what they were asked and fail when told to.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::{MessageSid, PhoneNumber};

use crate::model::{Answer, ModelError, Prompt, ReplyModel, Usage};
use crate::numbers::{NumberList, RentedNumber};
use crate::sms::{OutboundText, ReadError, SendError, SmsLog, SmsQuery, SmsRecord, SmsSender};

/// A provider of texts in memory.
#[derive(Default)]
pub struct FakeSms {
    sent: Mutex<Vec<OutboundText>>,
    failures: Mutex<VecDeque<SendError>>,
    records: Mutex<Vec<SmsRecord>>,
    /// `None` while the list cannot be read.
    rented: Mutex<Option<Vec<RentedNumber>>>,
}

impl FakeSms {
    /// The next send that is not yet spoken for fails so.
    pub fn fails_once_with(&self, error: SendError) {
        lock(&self.failures).push_back(error);
    }

    /// What was taken, in order.
    pub fn sent(&self) -> Vec<OutboundText> {
        lock(&self.sent).clone()
    }

    /// Rents us a number that can text.
    pub fn rents(&self, number: PhoneNumber, label: &str) {
        let rented = RentedNumber { number, label: label.to_owned(), sms: true };
        lock(&self.rented).get_or_insert_default().push(rented);
    }

    /// Puts a message on the provider's own record.
    pub fn has_on_record(&self, record: SmsRecord) {
        lock(&self.records).push(record);
    }
}

#[async_trait]
impl SmsSender for FakeSms {
    async fn send(&self, text: &OutboundText) -> Result<MessageSid, SendError> {
        if let Some(error) = lock(&self.failures).pop_front() {
            return Err(error);
        }
        let mut sent = lock(&self.sent);
        sent.push(text.clone());
        let digits = text.message.as_uuid().simple();
        MessageSid::parse(&format!("SM{digits}")).map_err(|_| SendError::Unknown)
    }
}

#[async_trait]
impl SmsLog for FakeSms {
    async fn list(&self, query: &SmsQuery) -> Result<Vec<SmsRecord>, ReadError> {
        let records = lock(&self.records);
        let matches = |record: &&SmsRecord| {
            query.from.as_ref().is_none_or(|from| from.as_e164() == record.from)
                && query.to.as_ref().is_none_or(|to| to.as_e164() == record.to)
        };
        Ok(records.iter().rev().filter(matches).take(query.limit).cloned().collect())
    }
}

/// Unavailable until a number was rented.
#[async_trait]
impl NumberList for FakeSms {
    async fn rented(&self) -> Result<Vec<RentedNumber>, ReadError> {
        lock(&self.rented).clone().ok_or(ReadError::Unavailable { retry_after: None })
    }
}

/// A model in memory: it gives the answers it was handed, then stays silent.
#[derive(Default)]
pub struct FakeModel {
    asked: Mutex<Vec<Prompt>>,
    answers: Mutex<VecDeque<Result<Answer, ModelError>>>,
}

impl FakeModel {
    /// The next question that is not yet spoken for is answered so.
    pub fn will_answer(&self, answer: Result<Answer, ModelError>) {
        lock(&self.answers).push_back(answer);
    }

    /// Forgets the answers that nobody has asked for yet.
    pub fn forget_answers(&self) {
        lock(&self.answers).clear();
    }

    /// What it was asked, in order.
    pub fn asked(&self) -> Vec<Prompt> {
        lock(&self.asked).clone()
    }
}

#[async_trait]
impl ReplyModel for FakeModel {
    async fn answer(&self, prompt: &Prompt) -> Result<(Answer, Usage), ModelError> {
        lock(&self.asked).push(prompt.clone());
        let silence = Answer::StaySilent { reason: "nothing to say".to_owned() };
        let answer = lock(&self.answers).pop_front().unwrap_or(Ok(silence))?;
        Ok((answer, Usage { input_tokens: 100, cached_tokens: 0, output_tokens: 20 }))
    }

    fn name(&self) -> &str {
        "fake"
    }
}

/// A test that panicked while holding the lock has failed already; the others may go on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
