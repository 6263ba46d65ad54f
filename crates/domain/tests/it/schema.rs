//! The migrations in both directions, and who may do what.

use std::collections::BTreeMap;

use diesel_async::SimpleAsyncConnection;
use domain::store::migrate;
use testkit::{TestDb, db};

fn steps(file: &str) -> Vec<String> {
    let mut folders: Vec<_> = std::fs::read_dir(db::migrations())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders.iter().map(|folder| std::fs::read_to_string(folder.join(file)).unwrap()).collect()
}

/// Everything of ours in the public schema, but for diesel's own list of versions.
async fn what_is_there(db: &TestDb) -> String {
    let things = "SELECT coalesce(string_agg(it, ' ' ORDER BY it), '') FROM (
        SELECT relname AS it FROM pg_class WHERE relnamespace = 'public'::regnamespace
          AND relname NOT LIKE '\\_\\_diesel%'
        UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
          AND typname NOT LIKE '%\\_\\_diesel%') AS things";
    db.ask(things).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_migrations_run_up_once_and_down_to_nothing_and_up_again() {
    let db = db::bare_database().await;

    assert_eq!(migrate::pending(&db.url).await.unwrap().len(), steps("up.sql").len());
    assert_eq!(migrate::migrate(&db.url).await.unwrap().len(), steps("up.sql").len());
    assert!(migrate::migrate(&db.url).await.unwrap().is_empty());
    let full = what_is_there(&db).await;
    assert!(full.contains("sms_messages"), "{full}");

    let mut conn = db.conn().await;
    for down in steps("down.sql").iter().rev() {
        conn.batch_execute(down).await.unwrap();
    }
    assert_eq!(what_is_there(&db).await, "");

    for up in steps("up.sql") {
        conn.batch_execute(&up).await.unwrap();
    }
    assert_eq!(what_is_there(&db).await, full);
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_migrate_at_once_wait_for_one_another() {
    let db = db::bare_database().await;
    let migrating = (0..4).map(|_| {
        let url = db.url.clone();
        tokio::task::spawn_blocking(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
            runtime.block_on(migrate::migrate(&url)).unwrap().len()
        })
    });

    let mut ran = Vec::new();
    for one in migrating.collect::<Vec<_>>() {
        ran.push(one.await.unwrap());
    }

    assert_eq!(ran.iter().sum::<usize>(), steps("up.sql").len());
}

/// Select, Insert, Update, Delete; a small letter is a right to some columns only.
const RIGHTS: &[(&str, &str)] = &[
    ("accounts", "conversations:S gateway:SIUD ingress:S responder:S"),
    ("ai_runs", "gateway:S responder:SIUD"),
    ("api_tokens", "gateway:SIUD"),
    ("assistant_days", "gateway:S responder:SIUD"),
    ("assistant_profiles", "conversations:S gateway:S responder:SIUD"),
    ("audit_log", "gateway:SID"),
    ("bus_bindings", "conversations:SIUD gateway:SIUD ingress:SIUD responder:SIUD"),
    ("bus_messages", "conversations:SIUD gateway:SIUD ingress:SIUD responder:SIUD"),
    ("contact_import_files", "conversations:SIUD"),
    ("contact_import_rejects", "conversations:SIUD"),
    ("contact_imports", "conversations:SIUD gateway:S"),
    ("contacts", "conversations:SIUD gateway:S responder:S"),
    ("conversation_aliases", "conversations:SIUD gateway:S responder:S"),
    ("conversation_labels", "conversations:SIUD gateway:S"),
    ("conversation_notes", "conversations:SIUD"),
    ("idempotency_keys", "conversations:SIUD gateway:SIUD responder:SIUD"),
    ("inbox", "conversations:SIUD gateway:SIUD ingress:SIUD responder:SIUD"),
    ("invitations", "gateway:SIUD"),
    ("known_addresses", "gateway:SIUD"),
    ("labels", "conversations:SIUD gateway:S"),
    ("live_events", "gateway:SIUD"),
    ("live_heads", "gateway:SIUD"),
    ("number_pace", "conversations:SIUD"),
    ("number_tallies", "conversations:SIUD"),
    ("opt_outs", "conversations:SIUD gateway:S responder:S"),
    ("outbox", "conversations:SIUD gateway:SIUD ingress:SIUD responder:SIUD"),
    ("phone_numbers", "conversations:SIuD gateway:S ingress:S responder:S"),
    ("recovery_codes", "gateway:SIUD"),
    ("rotations", "conversations:SIUD"),
    ("second_factors", "gateway:SIUD"),
    ("sessions", "gateway:SIUD"),
    ("sign_in_failures", "gateway:SIUD"),
    ("sms_messages", "conversations:SIUD gateway:S responder:S"),
    ("static_responses", "gateway:S responder:SIUD"),
    ("tally_marks", "conversations:SU"),
    ("user_conversations", "conversations:SIUD gateway:S responder:S"),
    ("users", "conversations:s gateway:SIUD"),
    ("webhook_receipts", "gateway:S ingress:SID"),
];

#[tokio::test(flavor = "multi_thread")]
async fn each_service_may_do_what_it_needs_and_nothing_else() {
    let db = testkit::database().await;
    let rights = "SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
        SELECT relname || ' ' || string_agg(substr(rolname, 6) || ':' || letters, ' ' ORDER BY rolname) AS line
        FROM (SELECT c.relname, r.rolname, (
            SELECT coalesce(string_agg(CASE
                WHEN has_table_privilege(r.oid, c.oid, verb) THEN left(verb, 1)
                WHEN verb <> 'DELETE' AND has_any_column_privilege(r.oid, c.oid, verb) THEN lower(left(verb, 1))
                ELSE '' END, '' ORDER BY n), '')
            FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) WITH ORDINALITY AS v (verb, n)) AS letters
          FROM pg_class c CROSS JOIN pg_roles r
          WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
            AND c.relname NOT LIKE '\\_\\_diesel%' AND r.rolname LIKE 'hilo\\_%') AS each
        WHERE letters <> '' GROUP BY relname) AS lines";

    let granted = db.ask(rights).await.unwrap();

    let granted: BTreeMap<_, _> =
        granted.lines().map(|line| line.split_once(' ').unwrap()).collect();
    assert_eq!(granted, BTreeMap::from_iter(RIGHTS.iter().copied()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_itself_refuses_what_is_not_a_services_business() {
    let db = testkit::database().await;
    let forbidden = [
        ("hilo_responder", "INSERT INTO sms_messages SELECT * FROM sms_messages"),
        ("hilo_ingress", "UPDATE user_conversations SET reply_epoch = 0"),
        ("hilo_ingress", "SELECT body FROM sms_messages"),
        ("hilo_ingress", "UPDATE webhook_receipts SET body = ''"),
        ("hilo_conversations", "SELECT password_hash FROM users"),
        ("hilo_conversations", "UPDATE phone_numbers SET account_id = account_id"),
        ("hilo_conversations", "UPDATE phone_numbers SET phone_number = phone_number"),
        ("hilo_conversations", "INSERT INTO accounts SELECT * FROM accounts"),
        ("hilo_gateway", "DELETE FROM sms_messages"),
        ("hilo_gateway", "UPDATE phone_numbers SET rotation_enabled = false"),
    ];
    for (role, sql) in forbidden {
        let refused = db.conn_as(role).await.batch_execute(sql).await.unwrap_err();
        assert!(refused.to_string().starts_with("permission denied"), "{role}: {sql}: {refused}");
    }
    let allowed = [
        ("hilo_conversations", "SELECT id, email FROM users"),
        ("hilo_conversations", "UPDATE phone_numbers SET quarantined_until = now()"),
        ("hilo_gateway", "SELECT password_hash FROM users"),
        ("hilo_responder", "SELECT body FROM sms_messages"),
    ];
    for (role, sql) in allowed {
        db.conn_as(role).await.batch_execute(sql).await.unwrap();
    }
}
