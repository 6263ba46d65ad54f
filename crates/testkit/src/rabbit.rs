//! The test's broker, and a name of the test's own on it.

use secrecy::SecretString;
use uuid::Uuid;

use crate::environment;

/// A broker that is shared with other tests; what a test declares is kept apart by the prefix.
#[derive(Debug, Clone)]
pub struct Rabbit {
    /// `amqp://…`
    pub url: SecretString,
    /// For `bus::rabbit::Settings::prefix` or `HILO_BUS_PREFIX`.
    pub prefix: String,
}

/// The broker of `HILO_TEST_AMQP_URL`. What is declared on it goes when the broker goes, at the end
/// of the run.
pub fn rabbit() -> Rabbit {
    let url = environment::required("HILO_TEST_AMQP_URL").into();
    Rabbit { url, prefix: format!("t{}.", Uuid::now_v7().simple()) }
}
