//! Group commit: one task takes all that queued while the last commit ran, writes it in one
//! transaction and answers each caller. There is no timer, so an idle system waits for nothing.

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// The callers' side.
pub struct Batcher<T, R> {
    sender: mpsc::Sender<(T, oneshot::Sender<R>)>,
}

impl<T, R> Clone for Batcher<T, R> {
    fn clone(&self) -> Self {
        Self { sender: self.sender.clone() }
    }
}

/// The writer's side.
pub struct BatchQueue<T, R> {
    receiver: mpsc::Receiver<(T, oneshot::Sender<R>)>,
    at_most: usize,
}

/// Why an item was not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// As many wait as may wait: the caller should say so to whoever asked.
    #[error("too many are waiting")]
    Full,
    /// The writer is gone.
    #[error("the writer has stopped")]
    Stopped,
}

impl<T: Send, R: Send> Batcher<T, R> {
    /// A batcher where at most `capacity` wait and a batch holds at most `at_most`.
    pub fn new(capacity: usize, at_most: usize) -> (Self, BatchQueue<T, R>) {
        let (sender, receiver) = mpsc::channel(capacity);
        (Self { sender }, BatchQueue { receiver, at_most })
    }

    /// Hands an item in and waits for what became of it.
    pub async fn submit(&self, item: T) -> Result<R, NotTaken> {
        let (answer, answered) = oneshot::channel();
        self.sender.try_send((item, answer)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => NotTaken::Full,
            mpsc::error::TrySendError::Closed(_) => NotTaken::Stopped,
        })?;
        answered.await.map_err(|_| NotTaken::Stopped)
    }
}

impl<T: Send, R: Send> BatchQueue<T, R> {
    /// Writes batches until `stop`, and then what still waits. `write` gives one answer an item, in
    /// order.
    pub async fn run<W, F>(mut self, stop: CancellationToken, mut write: W)
    where
        // Not `AsyncFnMut`: what that returns cannot be shown to be `Send`, so nobody could spawn it.
        W: FnMut(Vec<T>) -> F,
        F: Future<Output = Vec<R>>,
    {
        let mut taken = Vec::new();
        loop {
            let got = tokio::select! {
                got = self.receiver.recv_many(&mut taken, self.at_most) => got,
                () = stop.cancelled(), if !self.receiver.is_closed() => {
                    // Nobody new gets in; whoever waits is served.
                    self.receiver.close();
                    continue;
                }
            };
            if got == 0 {
                return;
            }
            let (items, answers): (Vec<T>, Vec<_>) = taken.drain(..).unzip();
            for (answer, result) in answers.into_iter().zip(write(items).await) {
                // A caller that gave up does not need to know.
                let _ = answer.send(result);
            }
        }
    }
}
