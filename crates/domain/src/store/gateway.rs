//! Accounts and the people in them.

/// Reading: any service.
pub mod read {
    use diesel::OptionalExtension;
    use diesel::result::QueryResult;
    use diesel::sql_types::{Text, Uuid as SqlUuid};
    use diesel_async::{AsyncPgConnection, RunQueryDsl};

    use crate::AccountId;
    use crate::store::stmt::stmt;

    /// What a service needs to know of an account.
    #[derive(Debug, Clone, diesel::QueryableByName)]
    #[diesel(check_for_backend(diesel::pg::Pg))]
    pub struct AccountRow {
        /// Its name.
        #[diesel(sql_type = Text)]
        pub name: String,
        /// IANA name of its business zone.
        #[diesel(sql_type = Text)]
        pub time_zone: String,
        /// `es` or `en`.
        #[diesel(sql_type = Text)]
        pub language: String,
    }

    /// One account.
    pub async fn account(
        conn: &mut AsyncPgConnection,
        account: AccountId,
    ) -> QueryResult<Option<AccountRow>> {
        stmt("SELECT name, time_zone, language FROM accounts WHERE id = $1")
            .bind::<SqlUuid, _>(account)
            .get_result(conn)
            .await
            .optional()
    }
}

/// Writing: `services/gateway` and `services/hilo`, which makes the first account.
pub mod write {
    use diesel::result::QueryResult;
    use diesel::sql_types::{Text, Uuid as SqlUuid};
    use diesel_async::{AsyncPgConnection, RunQueryDsl};

    use crate::AccountId;
    use crate::store::stmt::stmt;

    /// Makes an account; one that is there already stays as it is.
    pub async fn create_account(
        conn: &mut AsyncPgConnection,
        account: AccountId,
        name: &str,
        time_zone: &str,
        language: &str,
    ) -> QueryResult<()> {
        stmt(
            "INSERT INTO accounts (id, name, time_zone, language) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind::<SqlUuid, _>(account)
        .bind::<Text, _>(name)
        .bind::<Text, _>(time_zone)
        .bind::<Text, _>(language)
        .execute(conn)
        .await
        .map(drop)
    }
}
