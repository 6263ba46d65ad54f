//! anthropic.
