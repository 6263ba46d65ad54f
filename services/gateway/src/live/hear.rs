//! From what the house says to what screens are told. A handler writes which conversation or import
//! changed and not how it looks: that is read when it is told, so that nothing old comes last.

use std::marker::PhantomData;

use chassis::{HandleError, Handler, Meta, Subscription};
use domain::SharedClock;
use domain::store::Tx;
use domain::store::gateway::write::NewChange;
use domain::store::gateway::{LiveKind, write};
use events::{
    ContactOptedIn, ContactOptedOut, ContactsImportProgressed, ConversationChanged,
    ConversationReassigned, ConversationStarted, Event, NumbersChanged, TextDelivered, TextFailed,
    TextOf, TextQueued, TextReceived, TextSent,
};

/// An event that screens are told of. Each kind is handled one at a time: all of an account wait for
/// the same row anyway, each with a connection in hand.
pub trait Heard: Event {
    /// The broker's side.
    const SUBSCRIPTION: Subscription;

    /// What they are told.
    fn change(&self) -> NewChange<'_>;
}

/// Hears one kind of event.
pub struct Hears<E> {
    clock: SharedClock,
    of: PhantomData<fn() -> E>,
}

impl<E> Hears<E> {
    /// By this clock.
    pub fn new(clock: &SharedClock) -> Self {
        Self { clock: clock.clone(), of: PhantomData }
    }
}

impl<E: Heard> Handler for Hears<E> {
    const SUBSCRIPTION: Subscription = E::SUBSCRIPTION;
    type Event = E;

    async fn handle(&self, event: E, _: Meta, tx: &mut Tx) -> Result<(), HandleError> {
        Ok(write::tell(tx, event.change(), self.clock.now()).await?)
    }
}

/// Of a text.
fn text<'a>(of: &TextOf, what: &'a str) -> NewChange<'a> {
    NewChange {
        account: of.account,
        kind: LiveKind::ConversationChanged,
        what,
        conversation: Some(of.conversation),
        message: Some(of.message),
        import: None,
    }
}

/// Of a conversation.
fn conversation(
    account: domain::AccountId,
    conversation: domain::ConversationId,
    what: &str,
) -> NewChange<'_> {
    NewChange {
        account,
        kind: LiveKind::ConversationChanged,
        what,
        conversation: Some(conversation),
        message: None,
        import: None,
    }
}

impl Heard for TextReceived {
    const SUBSCRIPTION: Subscription = Subscription::new("gateway.text_received").concurrency(1);

    fn change(&self) -> NewChange<'_> {
        text(&self.text, "text_received")
    }
}

impl Heard for TextQueued {
    const SUBSCRIPTION: Subscription = Subscription::new("gateway.text_queued").concurrency(1);

    fn change(&self) -> NewChange<'_> {
        text(&self.text, "text_queued")
    }
}

impl Heard for TextSent {
    const SUBSCRIPTION: Subscription = Subscription::new("gateway.text_sent").concurrency(1);

    fn change(&self) -> NewChange<'_> {
        text(&self.text, "text_sent")
    }
}

impl Heard for TextDelivered {
    const SUBSCRIPTION: Subscription = Subscription::new("gateway.text_delivered").concurrency(1);

    fn change(&self) -> NewChange<'_> {
        text(&self.text, "text_delivered")
    }
}

impl Heard for TextFailed {
    const SUBSCRIPTION: Subscription = Subscription::new("gateway.text_failed").concurrency(1);

    fn change(&self) -> NewChange<'_> {
        text(&self.text, "text_failed")
    }
}

impl Heard for ConversationStarted {
    const SUBSCRIPTION: Subscription =
        Subscription::new("gateway.conversation_started").concurrency(1);

    fn change(&self) -> NewChange<'_> {
        conversation(self.account, self.conversation, "started")
    }
}

impl Heard for ConversationReassigned {
    const SUBSCRIPTION: Subscription =
        Subscription::new("gateway.conversation_reassigned").concurrency(1);

    fn change(&self) -> NewChange<'_> {
        conversation(self.account, self.conversation, "reassigned")
    }
}

impl Heard for ContactOptedOut {
    const SUBSCRIPTION: Subscription =
        Subscription::new("gateway.contact_opted_out").concurrency(1);

    fn change(&self) -> NewChange<'_> {
        conversation(self.account, self.conversation, "opted_out")
    }
}

impl Heard for ContactOptedIn {
    const SUBSCRIPTION: Subscription = Subscription::new("gateway.contact_opted_in").concurrency(1);

    fn change(&self) -> NewChange<'_> {
        conversation(self.account, self.conversation, "opted_in")
    }
}

impl Heard for ConversationChanged {
    const SUBSCRIPTION: Subscription =
        Subscription::new("gateway.conversation_changed").concurrency(1);

    fn change(&self) -> NewChange<'_> {
        conversation(self.account, self.conversation, &self.what)
    }
}

impl Heard for ContactsImportProgressed {
    const SUBSCRIPTION: Subscription =
        Subscription::new("gateway.contacts_import_progressed").concurrency(1);

    fn change(&self) -> NewChange<'_> {
        NewChange {
            account: self.account,
            kind: LiveKind::ImportProgressed,
            what: "",
            conversation: None,
            message: None,
            import: Some(self.import),
        }
    }
}

impl Heard for NumbersChanged {
    const SUBSCRIPTION: Subscription = Subscription::new("gateway.numbers_changed").concurrency(1);

    fn change(&self) -> NewChange<'_> {
        NewChange {
            account: self.account,
            kind: LiveKind::NumbersChanged,
            what: "",
            conversation: None,
            message: None,
            import: None,
        }
    }
}
