//! `hilo openapi`: the document of the whole API, from the handlers that this program is made of.

use std::process::ExitCode;

use crate::cli::say;

/// Prints it, a line an item, as `services/dashboard/openapi.json` keeps it.
pub fn print() -> anyhow::Result<ExitCode> {
    let own = serde_json::to_value(gateway::openapi())?;
    let others = [
        serde_json::to_value(conversations::openapi())?,
        serde_json::to_value(responder::openapi())?,
    ];
    say(&serde_json::to_string_pretty(&gateway::openapi::merge(own, others))?);
    Ok(ExitCode::SUCCESS)
}
