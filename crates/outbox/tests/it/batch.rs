//! Group commit.

use std::sync::Arc;
use std::time::Duration;

use outbox::{Batcher, NotTaken};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_secs(5);

/// A batcher whose writer shows each batch and waits for the word to finish it.
struct Desk {
    batcher: Batcher<u32, String>,
    batches: mpsc::UnboundedReceiver<Vec<u32>>,
    finish: Arc<Semaphore>,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

fn desk(capacity: usize, at_most: usize) -> Desk {
    let (batcher, queue) = Batcher::new(capacity, at_most);
    let (shown, batches) = mpsc::unbounded_channel();
    let finish = Arc::new(Semaphore::new(0));
    let (stop, mut tasks) = (CancellationToken::new(), JoinSet::new());
    let (stopping, finished) = (stop.clone(), Arc::clone(&finish));
    tasks.spawn(async move {
        queue.run(stopping, async |items| write(&shown, &finished, items).await).await;
    });
    Desk { batcher, batches, finish, stop, tasks }
}

async fn write(
    shown: &mpsc::UnboundedSender<Vec<u32>>,
    finished: &Semaphore,
    items: Vec<u32>,
) -> Vec<String> {
    shown.send(items.clone()).unwrap();
    finished.acquire().await.unwrap().forget();
    items.iter().map(|item| format!("wrote {item}")).collect()
}

impl Desk {
    /// Hands an item in, and keeps the answer for later.
    fn submit(&self, item: u32) -> impl Future<Output = Result<String, NotTaken>> + use<> {
        let batcher = self.batcher.clone();
        async move { batcher.submit(item).await }
    }

    async fn next_batch(&mut self) -> Vec<u32> {
        tokio::time::timeout(PATIENCE, self.batches.recv()).await.unwrap().unwrap()
    }
}

/// Polled once, an answer is handed in and pending.
macro_rules! hand_in {
    ($answer:ident) => {
        let mut $answer = Box::pin($answer);
        assert!(futures_util::poll!(&mut $answer).is_pending());
    };
}

#[tokio::test]
async fn what_queues_during_a_write_is_written_together_and_each_gets_its_own_answer() {
    let mut desk = desk(10, 10);
    let (first, second, third) = (desk.submit(1), desk.submit(2), desk.submit(3));
    hand_in!(first);
    assert_eq!(desk.next_batch().await, [1]);
    hand_in!(second);
    hand_in!(third);

    desk.finish.add_permits(1);
    assert_eq!(first.await.unwrap(), "wrote 1");
    assert_eq!(desk.next_batch().await, [2, 3]);
    desk.finish.add_permits(1);

    assert_eq!(third.await.unwrap(), "wrote 3");
    assert_eq!(second.await.unwrap(), "wrote 2");
}

#[tokio::test]
async fn a_batch_holds_no_more_than_it_may() {
    let mut desk = desk(10, 2);
    let (first, second, third, fourth) =
        (desk.submit(1), desk.submit(2), desk.submit(3), desk.submit(4));
    hand_in!(first);
    assert_eq!(desk.next_batch().await, [1]);
    hand_in!(second);
    hand_in!(third);
    hand_in!(fourth);

    desk.finish.add_permits(1);
    assert_eq!(desk.next_batch().await, [2, 3]);
    desk.finish.add_permits(1);
    assert_eq!(desk.next_batch().await, [4]);
    desk.finish.add_permits(1);

    for answer in [first, second, third, fourth] {
        answer.await.unwrap();
    }
}

#[tokio::test]
async fn who_comes_when_as_many_wait_as_may_wait_is_told_so() {
    let mut desk = desk(2, 10);
    let (writing, second, third) = (desk.submit(1), desk.submit(2), desk.submit(3));
    hand_in!(writing);
    desk.next_batch().await;
    hand_in!(second);
    hand_in!(third);

    assert_eq!(desk.submit(4).await, Err(NotTaken::Full));

    // There is room again as soon as a batch is taken.
    desk.finish.add_permits(1);
    desk.next_batch().await;
    let fifth = desk.submit(5);
    hand_in!(fifth);
}

#[tokio::test]
async fn who_waits_when_it_stops_is_served_and_nobody_new_gets_in() {
    let mut desk = desk(10, 2);
    let (first, second, third, fourth) =
        (desk.submit(1), desk.submit(2), desk.submit(3), desk.submit(4));
    hand_in!(first);
    desk.next_batch().await;
    hand_in!(second);
    hand_in!(third);
    hand_in!(fourth);

    desk.stop.cancel();
    for _ in 0..3 {
        desk.finish.add_permits(1);
    }

    for (answer, wrote) in [(first, 1), (second, 2), (third, 3), (fourth, 4)] {
        assert_eq!(answer.await.unwrap(), format!("wrote {wrote}"));
    }
    while desk.tasks.join_next().await.is_some() {}
    assert_eq!(desk.submit(5).await, Err(NotTaken::Stopped));
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_disturb_the_others() {
    let mut desk = desk(10, 10);
    let (first, second, third) = (desk.submit(1), desk.submit(2), desk.submit(3));
    hand_in!(first);
    desk.next_batch().await;
    hand_in!(second);
    hand_in!(third);

    drop(second);
    desk.finish.add_permits(1);
    desk.finish.add_permits(1);

    assert_eq!(third.await.unwrap(), "wrote 3");
}
