//! The telephone numbers that the provider has rented to us.

use async_trait::async_trait;
use domain::PhoneNumber;

use crate::sms::ReadError;

/// A number that is ours at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RentedNumber {
    /// The number.
    pub number: PhoneNumber,
    /// What people call it there.
    pub label: String,
    /// Whether it can text.
    pub sms: bool,
}

/// Lists the numbers that are ours at the provider.
#[async_trait]
pub trait NumberList: Send + Sync {
    /// All of them.
    async fn rented(&self) -> Result<Vec<RentedNumber>, ReadError>;
}
