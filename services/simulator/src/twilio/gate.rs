//! Who may ask, and how many at a time.

use std::sync::atomic::Ordering;

use actix_web::HttpRequest;
use actix_web::http::header;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::simulator::Simulator;
use crate::twilio::error::Refusal;

/// Basic auth first (20003), then the account in the path (20404).
pub(crate) fn admit(sim: &Simulator, request: &HttpRequest, account: &str) -> Result<(), Refusal> {
    let config = sim.config();
    let given = credentials(request).ok_or_else(|| Refusal::with_status(20003, 401))?;
    if given != format!("{}:{}", config.account_sid, config.auth_token) {
        return Err(Refusal::with_status(20003, 401));
    }
    if account != config.account_sid {
        return Err(Refusal::not_found(request.path()));
    }
    Ok(())
}

fn credentials(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let encoded = value.strip_prefix("Basic ")?;
    String::from_utf8(STANDARD.decode(encoded).ok()?).ok()
}

/// One of the requests that may run at a time; leaves by being dropped.
pub(crate) struct Pass<'a> {
    sim: &'a Simulator,
    pub running: usize,
}

impl<'a> Pass<'a> {
    /// Twilio limits an account by concurrency: 429/20429 says that nothing was processed.
    pub fn take(sim: &'a Simulator) -> Result<Self, Refusal> {
        let limit = sim.world().pace.max_concurrent;
        let running = sim.in_flight().fetch_add(1, Ordering::SeqCst) + 1;
        let pass = Self { sim, running };
        if limit > 0 && running > limit {
            return Err(Refusal::with_status(20429, 429));
        }
        Ok(pass)
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.sim.in_flight().fetch_sub(1, Ordering::SeqCst);
    }
}
