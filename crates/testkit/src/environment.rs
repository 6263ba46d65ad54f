//! Where the test's servers are.

/// A variable that `deploy/with-services.sh` sets. A test without its server is red, never skipped.
#[expect(clippy::disallowed_methods, reason = "the kit's own settings are read here only")]
pub(crate) fn required(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!(
            "{name} is not set: this test needs real servers. Run `make test`, or one crate's \
             tests with `deploy/with-services.sh --rabbitmq cargo nextest run -p CRATE`."
        )
    })
}
