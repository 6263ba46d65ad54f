//! What a process tells about itself: log lines, traces, metrics, W3C context, and the HTTP client
//! that carries it. It names no person: no number, address, text or full URL goes through here.

pub mod context;
pub mod http;
mod init;
pub mod metrics;
mod settings;

pub use init::{InitError, Telemetry, init};
pub use settings::{Format, Settings};

use std::error::Error;
use std::fmt::Write as _;
use std::sync::Arc;

/// Lets TLS work: of rustls's cryptography providers the process uses ring. Harmless when repeated.
pub fn install_tls_provider() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // An error means that someone else was faster, which is as good.
        let _already: Result<(), Arc<_>> =
            rustls::crypto::ring::default_provider().install_default();
    }
}

/// An error and its causes in one line, for the log. Our `Display`s never repeat their source, so
/// each link says something new.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        // Writing to a string cannot fail.
        let _infallible = write!(line, ": {cause}");
        next = cause.source();
    }
    line
}
