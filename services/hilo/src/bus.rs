//! The bus that this environment names, for operators' commands.

use std::sync::Arc;

use ::bus::embedded::EmbeddedBus;
use ::bus::rabbit::{RabbitBus, Settings};
use ::bus::{Bus, Queue};
use chassis::House;
use domain::SystemClock;
use domain::store::listen::Wakeups;
use domain::store::{PoolSettings, pool};

/// RabbitMQ where `AMQP_URL` is set, else the queues in the database.
pub fn of(house: &House) -> anyhow::Result<Arc<dyn Bus>> {
    if let Some(url) = &house.amqp_url {
        let settings =
            Settings { prefix: house.bus_prefix.clone(), ..Settings::new(url.clone(), "hilo") };
        return Ok(Arc::new(RabbitBus::new(settings)));
    }
    let settings = PoolSettings { url: house.database_url.clone(), role: None, size: 2 };
    let pool = pool::pool(&settings)?;
    Ok(Arc::new(EmbeddedBus::new(pool, Wakeups::default(), Arc::new(SystemClock))))
}

/// Every queue of the catalogue.
pub fn queues() -> Vec<Queue> {
    let of = |entry: &'static events::Entry| {
        entry.heard_by.iter().map(|hearer| Queue {
            // Made once a process, and wanted until it ends.
            name: format!("{hearer}.{}", entry.event.replace('.', "_")).leak(),
            event_type: Some(entry.event),
            prefetch: 1,
        })
    };
    events::CATALOGUE.iter().flat_map(of).collect()
}
