//! How a bus can fail us.

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a bus did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// It cannot be reached, or not in time. Nothing is known of what was under way.
    #[error("the bus cannot be reached while it should {doing}")]
    Unavailable {
        /// What was under way.
        doing: &'static str,
        /// Why.
        #[source]
        source: Source,
    },
    /// It did not answer in time.
    #[error("the bus did not answer in time while it should {doing}")]
    TimedOut {
        /// What was under way.
        doing: &'static str,
    },
    /// It refused: no such queue, or the queue is full.
    #[error("the bus refused to {doing}")]
    Refused {
        /// What was under way.
        doing: &'static str,
    },
    /// A message carries no valid envelope: somebody else wrote to our queue.
    #[error("property `{property}` of the message is missing or invalid")]
    NotOurs {
        /// Which.
        property: &'static str,
    },
}

impl BusError {
    pub(crate) fn unavailable(doing: &'static str) -> impl Fn(Source) -> Self {
        move |source| Self::Unavailable { doing, source }
    }
}
