//! Whether people can come in: the key of the house, the dashboard's address, the services behind it,
//! and somebody who has a password.

use std::time::Duration;

use chassis::settings::{self, Environment};
use chassis::{House, ServiceConfig};
use diesel::sql_types::{BigInt, Text};
use diesel_async::RunQueryDsl;
use domain::store::stmt::stmt;
use domain::store::{PoolSettings, no_connection, pool};
use reqwest::Method;
use telemetry::http::HttpSettings;
use url::Url;
use web::IdentityKey;

use super::{Found, bad};
use crate::demo;
use crate::world::World;

/// Who answers within the house answers at once.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) fn identity(house: &House) -> Found {
    let mend = "set the same for every service, from `openssl rand -base64 32`";
    match house.identity_key.as_ref().map(IdentityKey::new) {
        None => bad("HILO_IDENTITY_KEY is not set: no service serves people", mend),
        Some(Err(error)) => bad(error.to_string(), mend),
        Some(Ok(_)) => Found::Good("the services know the gateway's word".to_owned()),
    }
}

pub(super) async fn dashboard(environment: &Environment) -> Found {
    type Config = gateway::Config;
    let config = match settings::service::<Config>("gateway", Config::SHARED, environment) {
        Ok(config) => config,
        Err(error) => {
            let mend =
                "set GATEWAY__PUBLIC_BASE, GATEWAY__CONVERSATIONS_URL and GATEWAY__RESPONDER_URL";
            return bad(error.to_string(), mend);
        }
    };
    if let Err(error) = config.check() {
        return bad(error.to_string(), "see the settings in services/gateway/src/config.rs");
    }
    for (name, url) in
        [("conversations", &config.conversations_url), ("responder", &config.responder_url)]
    {
        if let Err(why) = reach(url).await {
            let mend = format!("is `{name}` up, and GATEWAY__{}_URL right?", name.to_uppercase());
            return bad(format!("{name} does not answer at {url}: {why}"), mend);
        }
    }
    let base = &config.public_base;
    let is_local = matches!(base.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    match base.scheme() == "https" || is_local {
        true => Found::Good(format!("{base}, and the services behind it answer")),
        false => bad(
            format!("{base} is not https"),
            "put a proxy with TLS before it: browsers keep no session on plain http",
        ),
    }
}

async fn reach(url: &Url) -> Result<(), String> {
    let settings = HttpSettings {
        user_agent: "hilo doctor".to_owned(),
        connect_timeout: PATIENCE,
        timeout: PATIENCE,
    };
    let client = telemetry::http::client(&settings).map_err(|error| telemetry::chain(&error))?;
    let url = url.join("healthz").map_err(|error| error.to_string())?;
    let answer = client.send("/healthz", client.request(Method::GET, url)).await;
    let answer = answer.map_err(|error| telemetry::chain(&error))?;
    match answer.status().is_success() {
        true => Ok(()),
        false => Err(format!("status {}", answer.status().as_u16())),
    }
}

#[derive(diesel::QueryableByName)]
struct People {
    #[diesel(sql_type = BigInt)]
    owners: i64,
    #[diesel(sql_type = Text)]
    ownerless: String,
}

pub(super) async fn people(house: &House, environment: &Environment) -> Found {
    let counted = async {
        let settings = PoolSettings { url: house.database_url.clone(), role: None, size: 1 };
        let pool = pool::pool(&settings)?;
        let strangers = demo::with_known_password(&pool).await?;
        let mut conn = pool.get().await.map_err(no_connection)?;
        let people: People = stmt(
            "SELECT count(u.id) AS owners,
               COALESCE(string_agg(DISTINCT a.name, ', ') FILTER (WHERE u.id IS NULL), '') AS ownerless
             FROM accounts a LEFT JOIN users u ON u.account_id = a.id AND u.role = 'owner'
               AND u.password_hash IS NOT NULL AND u.disabled_at IS NULL",
        )
        .get_result(&mut conn)
        .await?;
        anyhow::Ok((people, strangers))
    };
    match counted.await {
        Ok((_, strangers @ 1..)) if World::of(environment) == World::Real => bad(
            format!("{strangers} of the demo's people have the password that everybody knows"),
            "`hilo up` takes it away when it starts with Twilio's credentials",
        ),
        Ok((People { owners: 0, .. }, _)) => bad(
            "no owner can sign in",
            "`hilo user create --email … --name … --role owner --account …`",
        ),
        Ok((People { ownerless, owners }, _)) if ownerless.is_empty() => {
            Found::Good(format!("owners who can sign in: {owners}"))
        }
        Ok((People { ownerless, .. }, _)) => Found::Doubt(format!("no owner in: {ownerless}")),
        Err(error) => bad(format!("{error:#}"), "run `hilo migrate`"),
    }
}
