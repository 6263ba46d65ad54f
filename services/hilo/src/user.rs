//! `hilo user`: people who sign in, for the first of an account and for one who is locked out of it.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use chassis::settings;
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnection, RunQueryDsl};
use domain::store::gateway::write;
use domain::store::stmt::stmt;
use domain::store::{PoolSettings, Tx, migrate, no_connection, pool};
use domain::{AccountId, Role, Zone};
use secrecy::{ExposeSecret, SecretString};

use crate::cli::say;
use crate::{postgres, terminal};

/// Accounts that are looked at to find the one that is meant.
const ACCOUNTS: i64 = 1_000;

/// What is done about people.
#[derive(Debug, clap::Subcommand)]
pub enum User {
    /// Make somebody who can sign in, and their account if there is none.
    ///
    /// The password is asked for at the terminal, or taken from HILO_PASSWORD.
    Create(Create),
}

impl User {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Create(create) => create.run().await,
        }
    }
}

/// Somebody new.
#[derive(Debug, clap::Args)]
pub struct Create {
    /// What they sign in with.
    #[arg(long)]
    email: String,
    /// What colleagues call them.
    #[arg(long)]
    name: String,
    /// viewer, agent, admin or owner.
    #[arg(long)]
    role: Role,
    /// The account's name; not needed where there is only one.
    #[arg(long)]
    account: Option<String>,
    /// The time zone of an account that is made.
    #[arg(long, default_value = "America/Mexico_City")]
    time_zone: String,
    /// The language of an account that is made: es or en.
    #[arg(long, default_value = "es", value_parser = ["es", "en"])]
    language: String,
    /// Where hilo's own database is.
    #[arg(long, env = "HILO_DATA", default_value_os_t = postgres::default_folder())]
    data: PathBuf,
}

impl Create {
    async fn run(self) -> anyhow::Result<ExitCode> {
        self.check()?;
        let password = password()?;
        gateway::password::check(&password).context("the password")?;
        let hash =
            tokio::task::spawn_blocking(move || gateway::password::hash(&password)).await??;
        let environment = settings::environment();
        let own = match environment.get("DATABASE_URL") {
            Some(_) => None,
            None => Some(postgres::Private::start(self.data.clone()).await?),
        };
        let url = match (&own, environment.get("DATABASE_URL")) {
            (Some(own), _) => own.url(),
            (None, given) => SecretString::from(given.cloned().unwrap_or_default()),
        };
        let made = self.make(&url, &hash).await;
        if let Some(own) = own {
            own.leave().await?;
        }
        let account = made?;
        say(&format!("{} can sign in to «{account}» as {}.", self.email, self.role));
        Ok(ExitCode::SUCCESS)
    }

    fn check(&self) -> anyhow::Result<()> {
        let is_email = self.email.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !self.email.contains(char::is_whitespace)
        });
        ensure!(is_email && self.email.len() <= 254, "--email: not an e-mail address");
        let name = self.name.trim().chars().count();
        ensure!((1..=200).contains(&name), "--name: 1 to 200 characters");
        Zone::parse(&self.time_zone).context("--time-zone")?;
        Ok(())
    }

    /// The name of the account that they are in.
    async fn make(&self, url: &SecretString, hash: &str) -> anyhow::Result<String> {
        let pending = migrate::pending(url).await?;
        ensure!(pending.is_empty(), "{} migrations are missing: `hilo migrate`", pending.len());
        let settings = PoolSettings { url: url.clone(), role: Some("hilo_gateway"), size: 1 };
        let pool = pool::pool(&settings)?;
        let mut conn = pool.get().await.map_err(no_connection)?;
        let conn: &mut Tx = &mut conn;
        conn.transaction(async |tx: &mut Tx| {
            let (account, name) = self.account(tx).await?;
            let hash = Some(hash);
            let made =
                write::create_user(tx, account, &self.email, self.name.trim(), self.role, hash);
            ensure!(made.await?.is_some(), "--email: somebody has this address already");
            anyhow::Ok(name)
        })
        .await
    }

    /// The one that is named, the only one there is, or a new one.
    async fn account(&self, tx: &mut Tx) -> anyhow::Result<(AccountId, String)> {
        let accounts = accounts(tx).await?;
        match (&self.account, accounts.as_slice()) {
            (None, [only]) => Ok((only.id, only.name.clone())),
            (None, []) => bail!("there is no account yet: name it with --account"),
            (None, several) => {
                let names: Vec<&str> = several.iter().map(|found| found.name.as_str()).collect();
                bail!("--account: which of {}?", names.join(", "))
            }
            (Some(name), known) => match known.iter().find(|found| found.name == *name) {
                Some(found) => Ok((found.id, found.name.clone())),
                None => self.open(tx, name).await,
            },
        }
    }

    async fn open(&self, tx: &mut Tx, name: &str) -> anyhow::Result<(AccountId, String)> {
        ensure!(
            self.role == Role::Owner,
            "there is no account «{name}», and the first person of a new one is its owner"
        );
        ensure!((1..=200).contains(&name.trim().chars().count()), "--account: 1 to 200 characters");
        let id = AccountId::generate();
        write::create_account(tx, id, name, &self.time_zone, &self.language).await?;
        Ok((id, name.to_owned()))
    }
}

#[derive(diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct Account {
    #[diesel(sql_type = SqlUuid)]
    id: AccountId,
    #[diesel(sql_type = Text)]
    name: String,
}

async fn accounts(tx: &mut Tx) -> anyhow::Result<Vec<Account>> {
    let accounts = stmt("SELECT id, name FROM accounts ORDER BY created_at LIMIT $1")
        .bind::<BigInt, _>(ACCOUNTS)
        .load(tx)
        .await?;
    Ok(accounts)
}

/// From HILO_PASSWORD, or twice at the terminal.
fn password() -> anyhow::Result<SecretString> {
    if let Some(given) = settings::environment().get("HILO_PASSWORD") {
        return Ok(SecretString::from(given.as_str()));
    }
    let password = terminal::secret("Password")?;
    let again = terminal::secret("The same once more")?;
    ensure!(password.expose_secret() == again.expose_secret(), "the two are not the same");
    Ok(password)
}
