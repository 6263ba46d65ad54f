//! Builders in the verbs of the domain, through the slices' own writers.

use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::store::conversations::write as threads;
use domain::store::gateway::write as accounts;
use domain::store::responder::write as replies;
use domain::store::{Tx, conversations::write::NewNumber};
use domain::{AccountId, NumberId, PhoneNumber, Role, TokenId, UserId};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// What a number of the pool may do.
#[derive(Debug, Clone, Copy)]
pub struct Traits {
    /// Weight in the deal.
    pub priority: u8,
    /// New recipients a day.
    pub new_recipients_per_day: u32,
    /// Rate.
    pub segments_per_second: f64,
}

/// Ample: no budget and no rate stands in a test's way.
impl Default for Traits {
    fn default() -> Self {
        Self { priority: 1, new_recipients_per_day: 1_000_000, segments_per_second: 1_000.0 }
    }
}

/// An account in Mexico City that speaks Spanish.
pub async fn account(conn: &mut Tx, name: &str) -> AccountId {
    let id = AccountId::generate();
    accounts::create_account(conn, id, name, "America/Mexico_City", "es")
        .await
        .expect("an account");
    id
}

/// Somebody who works there, without a password.
pub async fn user(conn: &mut Tx, account: AccountId, role: Role) -> UserId {
    let email = format!("{}@example.test", Uuid::now_v7().simple());
    let made = accounts::create_user(conn, account, &email, "Ana García", role, None).await;
    made.expect("a person").expect("a new address")
}

/// What a program signs in with in somebody's name, as `Authorization: Bearer …` has it.
pub async fn token(conn: &mut Tx, account: AccountId, user: UserId, scopes: &[&str]) -> String {
    let secret = [Uuid::now_v7(), Uuid::now_v7()].map(Uuid::into_bytes).concat();
    let token = format!("hilo_{}", URL_SAFE_NO_PAD.encode(&secret));
    let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let new = accounts::NewToken {
        id: TokenId::generate(),
        account,
        user,
        name: "a test",
        secret_hash: &Sha256::digest(&secret),
        prefix: "hilo_",
        scopes: &scopes,
        at: crate::clock::noon(),
        expires_at: None,
    };
    assert!(accounts::create_token(conn, &new).await.expect("a token"), "too many tokens");
    token
}

/// Numbers of the pool, with ample budgets and rates.
pub async fn numbers(conn: &mut Tx, account: AccountId, n: usize) -> Vec<(NumberId, PhoneNumber)> {
    let mut numbers = Vec::with_capacity(n);
    for _ in 0..n {
        numbers.push(number(conn, account, Traits::default()).await);
    }
    numbers
}

/// One number of the pool.
pub async fn number(conn: &mut Tx, account: AccountId, traits: Traits) -> (NumberId, PhoneNumber) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let index = NEXT.fetch_add(1, Ordering::Relaxed);
    let (id, phone) = (NumberId::generate(), phone(81, index));
    let number = NewNumber {
        id,
        account,
        phone_number: phone.clone(),
        label: format!("number {index}"),
        priority: traits.priority,
        new_recipients_per_day: traits.new_recipients_per_day,
        segments_per_second: traits.segments_per_second,
    };
    threads::add_number(conn, &number).await.expect("a number");
    (id, phone)
}

/// The i-th person outside: `+5255` and eight digits.
pub fn customer(i: u32) -> PhoneNumber {
    phone(55, i)
}

fn phone(area: u32, i: u32) -> PhoneNumber {
    PhoneNumber::parse(&format!("+52{area}{:08}", 10_000_000 + i)).expect("a Mexican number")
}

/// An assistant's profile; `debounce_ms` is how long a burst must be over.
pub async fn profile(conn: &mut Tx, account: AccountId, facts: &str, debounce_ms: i32) {
    let profile = replies::NewProfile {
        display_name: "Lupita",
        instructions: "Contesta en una frase, con cortesía.",
        facts,
        debounce_ms,
        ..replies::NewProfile::default()
    };
    let now = crate::clock::noon();
    replies::save_profile(conn, account, &profile, now).await.expect("a profile");
}

/// A rule that answers a keyword at any hour, in any language.
pub async fn static_response(conn: &mut Tx, account: AccountId, keyword: &str, body: &str) {
    let rule = replies::NewStatic {
        name: keyword,
        kind: "keyword",
        pattern: keyword,
        body,
        language: None,
        priority: 0,
        hours: "always",
        enabled: true,
    };
    let id = domain::StaticResponseId::generate();
    assert!(
        replies::create_static(conn, account, id, &rule).await.expect("a rule"),
        "one a keyword"
    );
}
