//! `hilo replay`: dead letters get another life.

use std::process::ExitCode;

use chassis::settings;

use crate::bus;
use crate::cli::say;

/// Which queue, and how many.
#[derive(Debug, clap::Args)]
pub struct Replay {
    /// The queue, without `.dead`; without one, all are listed with what is in them.
    queue: Option<String>,
    /// At most this many.
    #[arg(long, default_value_t = 1_000)]
    at_most: usize,
}

impl Replay {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let house = settings::house(&settings::environment())?;
        let bus = bus::of(&house)?;
        let queues = bus::queues();
        bus.declare(&queues).await?;
        match self.queue {
            None => {
                for queue in &queues {
                    let depth = bus.depth(queue).await?;
                    say(&format!("{}: {} wait, {} dead", queue.name, depth.waiting, depth.dead));
                }
            }
            Some(name) => {
                let queue = queues.iter().find(|queue| queue.name == name);
                let queue = queue.ok_or_else(|| {
                    anyhow::anyhow!("there is no queue `{name}`; `hilo replay` lists them")
                })?;
                let replayed = bus.replay(queue, self.at_most).await?;
                say(&format!("{replayed} dead letters of {name} are back in their queue."));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
