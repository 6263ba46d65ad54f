//! How the database can fail us.

/// A query or the way to the database failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection could be had in time.
    #[error("no connection to the database")]
    Connect(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database answered with an error.
    #[error("the database refused a statement")]
    Query(#[from] diesel::result::Error),
    /// A row holds what our own code never writes.
    #[error("column `{column}` holds what we never write there")]
    Corrupt {
        /// Table and column.
        column: &'static str,
    },
}

impl StoreError {
    /// Whether a unique key has the value already.
    pub fn is_unique_violation(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        matches!(self, Self::Query(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)))
    }

    /// Whether something that is still there points to what was to go.
    pub fn is_foreign_key_violation(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        matches!(self, Self::Query(Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _)))
    }

    /// Whether the database cannot be reached, rather than objecting to what we asked.
    pub fn is_outage(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        match self {
            Self::Connect(_) => true,
            Self::Query(Error::DatabaseError(kind, info)) => {
                matches!(kind, DatabaseErrorKind::ClosedConnection)
                    // A server that shuts down, starts up or recovers answers in words only.
                    || ["connection closed", "shutting down", "starting up", "recovery mode", "terminating connection"]
                        .iter()
                        .any(|words| info.message().contains(words))
            }
            Self::Query(Error::BrokenTransactionManager) => true,
            Self::Query(_) | Self::Corrupt { .. } => false,
        }
    }
}
