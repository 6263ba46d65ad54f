//! I read a file of contacts in.

use serde_json::{Value, json};
use testkit::until;

use crate::app::{App, SOON};

const HOW: &str =
    "file_name=clientes.csv&phone_column=Tel%C3%A9fono&name_column=Nombre&language_column=Idioma";

async fn ended(app: &App, import: &Value) -> Value {
    let path = format!("/api/contacts/imports/{}", import["id"].as_str().unwrap());
    until(4 * SOON, "the import ends", async || {
        let import = app.get(&path).await.ok();
        import["finished_at"].is_string().then_some(import)
    })
    .await
}

fn numbers(import: &Value) -> [i64; 6] {
    ["rows_total", "rows_done", "created", "updated", "skipped", "rejected"]
        .map(|field| import[field].as_i64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_rows_are_read_in_and_the_bad_ones_are_given_back() {
    let app = App::start().await;
    app.changes(&format!(
        "INSERT INTO contacts (id, account_id, phone_number, phone_raw, name, created_at)
         SELECT gen_random_uuid(), '{}', '+5255' || lpad(i::text, 8, '0'), '', 'Viejo', now() FROM generate_series(20000001, 20001000) i",
        app.account
    ))
    .await;
    let mut file = "Teléfono;Nombre;Idioma\r\n".to_owned();
    for i in 1..=100_000_u32 {
        // The first thousand are there already; of those half without a name, which changes nothing.
        let row = match i {
            _ if i % 1_000 == 7 => "no tengo;Ana;es".to_owned(),
            _ if i % 1_000 == 8 => "+52 1 55 2000 0002;Doble;es".to_owned(),
            _ if i % 1_000 == 9 => format!("55{};Ana;fr", 20_000_000 + i),
            1..=500 => format!("55{};Nuevo;", 20_000_000 + i),
            501..=1_000 => format!("55{};;", 20_000_000 + i),
            _ => format!("55{};\"Núñez; Ana {i}\";es", 20_000_000 + i),
        };
        file.push_str(&row);
        file.push_str("\r\n");
    }
    let file: Vec<u8> = file.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();

    let import = app.upload(HOW, file).await;
    assert_eq!((import.status, import.body["state"].as_str()), (202, Some("waiting")));
    let import = ended(&app, &import.body).await;

    assert_eq!(import["state"], "finished", "{import}");
    assert_eq!(numbers(&import), [100_000, 100_000, 98_703, 497, 500, 300]);
    app.shows("SELECT count(*) FROM contacts WHERE name LIKE 'Núñez; Ana %'", "98703").await;
    app.shows("SELECT count(*) FROM contact_import_files", "0").await;
    let path = format!("/api/contacts/imports/{}/rejected", import["id"].as_str().unwrap());
    let rejected = app.get(&path).await.text;
    let lines: Vec<&str> = rejected.lines().collect();
    assert_eq!(lines.len(), 301);
    assert!(lines[0].ends_with("Teléfono,Nombre,Idioma,line,reason"));
    assert_eq!(lines[1], "no tengo,Ana,es,8,not-a-phone-number");
    assert_eq!(lines[2], "'+52 1 55 2000 0002,Doble,es,9,duplicate-in-file");
    assert_eq!(lines[3], "5520000009,Ana,fr,10,unknown-language");
    assert_eq!(app.get("/api/contacts/imports").await.ok()["items"][0], import);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_a_second_time_changes_nothing() {
    let app = App::start().await;
    app.listens().await;
    let file = "Teléfono,Nombre,Idioma\n5510000001,Ana,es\n5510000002,Eva,\n";

    let first = app.upload(HOW, file.into()).await.ok();
    assert_eq!(numbers(&ended(&app, &first).await), [2, 2, 2, 0, 0, 0]);
    let again = app.upload(HOW, file.into()).await.ok();
    assert_eq!(numbers(&ended(&app, &again).await), [2, 2, 0, 0, 2, 0]);
    let renamed = file.replace("Ana", "Ana Núñez");
    let skip = app.upload(&format!("{HOW}&on_duplicate=skip"), renamed.clone().into()).await.ok();
    assert_eq!(numbers(&ended(&app, &skip).await), [2, 2, 0, 0, 2, 0]);
    let update = app.upload(HOW, renamed.into()).await.ok();
    assert_eq!(numbers(&ended(&app, &update).await), [2, 2, 0, 1, 1, 0]);
    app.shows("SELECT string_agg(name, ' ' ORDER BY phone_number) FROM contacts", "Ana Núñez Eva")
        .await;
    app.said("contacts.import_progressed", 8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_says_why() {
    let app = App::start().await;

    for (file, why) in [
        (Vec::new(), "empty-file"),
        (b"PK\x03\x04\0\0\0".to_vec(), "not-text"),
        (b"tel,nombre\n1,2\n".to_vec(), "no-such-column"),
        (
            [b"Tel\xc3\xa9fono,Nombre,Idioma\n".to_vec(), b"1\n".repeat(200_001)].concat(),
            "too-many-rows",
        ),
    ] {
        let import = app.upload(HOW, file).await;
        assert_eq!(import.status, 202);
        assert_eq!(import.body["state"], "failed");
        assert_eq!(import.body["failure"], why);
        assert!(import.body["finished_at"].is_string());
    }
    let large = app.upload(HOW, vec![b'x'; 16 * 1024 * 1024 + 1]).await;
    assert_eq!(large.refusal(), "413 file-too-large");
    let json = app.post(&format!("/api/contacts/imports?{HOW}"), json!({})).await;
    assert_eq!(json.refusal(), "415 unsupported-media-type");
    let unnamed = app.upload("file_name=a.csv", b"tel\n1\n".to_vec()).await;
    assert_eq!(unnamed.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_is_enough_and_one_can_be_cancelled() {
    let mut app = App::start().await;
    // Nobody reads: each import seems to be somebody else's from its beginning.
    let rows: String = (0..5_000).map(|i| format!("55{},x,\n", 20_000_000 + i)).collect();
    let file = format!("Teléfono,Nombre,Idioma\n{rows}");
    app.changes("CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.lease_until = now() + interval '1 hour'; RETURN NEW; END $$;
        CREATE TRIGGER hold BEFORE INSERT ON contact_imports FOR EACH ROW EXECUTE FUNCTION hold()").await;

    let first = app.upload(HOW, file.clone().into()).await.ok();
    app.upload(HOW, file.clone().into()).await.ok();
    assert_eq!(app.upload(HOW, file.clone().into()).await.refusal(), "409 too-many-imports");
    let path = format!("/api/contacts/imports/{}/cancel", first["id"].as_str().unwrap());
    let cancelled = app.post(&path, json!({})).await.ok();
    assert_eq!(cancelled["state"], "cancelled");
    assert_eq!(app.post(&path, json!({})).await.ok()["state"], "cancelled", "twice is once");
    app.shows("SELECT count(*) FROM contact_import_files", "1").await;
    // The other one's reader has died after two chunks (whose contacts are left out here, to see that
    // they are not written again): somebody else goes on where it was.
    app.changes(
        "UPDATE contact_imports SET state = 'running', rows_done = 2000, created = 2000,
           lease_until = now() - interval '1 second' WHERE state = 'waiting'",
    )
    .await;
    app.shows(
        "SELECT state || ' ' || created FROM contact_imports WHERE state <> 'cancelled'",
        "finished 5000",
    )
    .await;
    app.shows("SELECT count(*) || ' ' || min(phone_number) FROM contacts", "3000 +525520002000")
        .await;
    app.stop().await;
}
