//! A database a test, cloned from a template that is migrated once a cluster.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};
use domain::store::{Pool, PoolSettings, Tx, migrate, pool};
use secrecy::{ExposeSecret, SecretString};
use tokio::runtime::Builder;
use url::Url;
use uuid::Uuid;

use crate::{TcpProxy, environment};

/// Connections of a test's pool.
const POOL_SIZE: usize = 16;

/// A database of a test's own, with all tables and nothing in them. It goes with its owner.
#[derive(Debug)]
pub struct TestDb {
    /// Signs in as superuser; `SET ROLE` makes it a service.
    pub url: SecretString,
    name: String,
}

/// An empty, migrated database.
pub async fn database() -> TestDb {
    let template = template().await;
    clone_of(&template).await
}

/// An empty database without tables, for tests of the migrations themselves.
pub async fn bare_database() -> TestDb {
    clone_of("template0").await
}

async fn clone_of(template: &str) -> TestDb {
    let name = format!("hilo_test_{}", Uuid::now_v7().simple());
    let mut admin = connect(&server("postgres")).await;
    run(&mut admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    TestDb { url: server(&name), name }
}

impl TestDb {
    /// A pool in the role of a service (`Some("hilo_conversations")`), or as superuser.
    pub fn pool(&self, role: Option<&'static str>) -> Pool {
        pool_of(self.url.clone(), role)
    }

    /// The same through a proxy that stands before this database.
    pub fn pool_through(&self, proxy: &TcpProxy, role: Option<&'static str>) -> Pool {
        pool_of(proxy.url(), role)
    }

    /// A connection as superuser.
    pub async fn conn(&self) -> Tx {
        connect(&self.url).await
    }

    /// A connection in the role of a service.
    pub async fn conn_as(&self, role: &str) -> Tx {
        let mut conn = self.conn().await;
        run(&mut conn, &format!("SET ROLE {role}")).await;
        conn
    }

    /// The first column of the first row as text, whatever a test wants to know; NULL is `None`.
    pub async fn ask(&self, query: &str) -> Option<String> {
        ask(&mut self.conn().await, query).await
    }
}

impl Drop for TestDb {
    /// Best effort: what stays goes with the cluster.
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // A thread, because a runtime cannot be entered from within another.
        let dropping = std::thread::spawn(move || {
            let Ok(runtime) = Builder::new_current_thread().enable_all().build() else { return };
            runtime.block_on(async {
                let url = server("postgres");
                if let Ok(mut admin) = Tx::establish(url.expose_secret()).await {
                    let _ = admin.batch_execute(&sql).await;
                }
            });
        });
        let _ = dropping.join();
    }
}

/// The first column of the first row as text.
pub async fn ask(conn: &mut Tx, query: &str) -> Option<String> {
    #[derive(diesel::QueryableByName)]
    struct Answer {
        #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
        answer: Option<String>,
    }
    let asked = format!("SELECT answer::text FROM ({query}) AS it (answer) LIMIT 1");
    let rows: Vec<Answer> = diesel::sql_query(&asked)
        .load(conn)
        .await
        .unwrap_or_else(|error| panic!("`{query}` failed: {error}"));
    rows.into_iter().next().and_then(|row| row.answer)
}

/// The migrated template of this cluster, made by whoever comes first; the others wait.
async fn template() -> String {
    let name = format!("hilo_template_{:016x}", hash_of(&migrations()));
    let mut admin = connect(&server("postgres")).await;
    // Held by the session: it ends with us however we end.
    run(&mut admin, "SELECT pg_advisory_lock(5279641830)").await;
    let finished = format!("SELECT 1 FROM pg_database WHERE datname = '{name}' AND datistemplate");
    if ask(&mut admin, &finished).await.is_some() {
        return name;
    }
    // One that is there and no template was left half done by a process that was killed.
    run(&mut admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    run(&mut admin, &format!("CREATE DATABASE {name}")).await;
    let url = server(&name);
    // diesel's harness blocks in place, which a test's own runtime may not allow.
    let migrated = tokio::task::spawn_blocking(move || {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        runtime.expect("a runtime").block_on(migrate::migrate(&url))
    });
    migrated.await.expect("the migrations do not panic").expect("the migrations run");
    run(&mut admin, &format!("ALTER DATABASE {name} IS_TEMPLATE true")).await;
    name
}

/// The workspace's folder of migrations.
pub fn migrations() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations")
}

fn hash_of(folder: &Path) -> u64 {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder of migrations")
        .map(|entry| entry.expect("an entry").path().join("up.sql"))
        .filter(|file| file.exists())
        .collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        std::fs::read(&file).expect("a migration").hash(&mut hasher);
    }
    hasher.finish()
}

fn server(database: &str) -> SecretString {
    let mut url: Url = environment::required("HILO_TEST_DATABASE_URL")
        .parse()
        .expect("HILO_TEST_DATABASE_URL is a URL");
    url.set_path(database);
    url.to_string().into()
}

fn pool_of(url: SecretString, role: Option<&'static str>) -> Pool {
    pool::pool(&PoolSettings { url, role, size: POOL_SIZE }).expect("a pool")
}

async fn connect(url: &SecretString) -> Tx {
    Tx::establish(url.expose_secret()).await.expect("a connection to the test's database")
}

async fn run(conn: &mut Tx, sql: &str) {
    conn.batch_execute(sql).await.unwrap_or_else(|error| panic!("`{sql}` failed: {error}"));
}
