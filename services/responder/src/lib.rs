//! responder.
