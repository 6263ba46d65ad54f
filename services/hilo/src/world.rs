//! Which world the house stands in.

use chassis::settings::Environment;

/// Who is at the other end of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum World {
    /// The simulator.
    Simulated,
    /// Twilio, and people.
    Real,
}

impl World {
    /// Real where somebody has given Twilio's credentials.
    pub fn of(environment: &Environment) -> Self {
        let sid = environment.get("TWILIO_ACCOUNT_SID").filter(|sid| !sid.is_empty());
        if sid.is_some() { Self::Real } else { Self::Simulated }
    }
}
