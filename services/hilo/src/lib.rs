//! hilo.
