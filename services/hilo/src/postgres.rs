//! A PostgreSQL of our own: the server's binaries are the machine's, the data folder is ours, and it
//! listens on a socket in that folder only.

use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, ensure};
use nix::unistd::{Gid, Uid, User};
use secrecy::SecretString;
use tokio::process::Command;

/// Accounts that may run the server when we are root, which initdb and postgres refuse to be.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];
/// The server's superuser and its one database.
const NAME: &str = "hilo";

/// A server that runs.
pub struct Private {
    folder: PathBuf,
    binaries: PathBuf,
    account: Option<(Uid, Gid)>,
    /// Whether it ran before we came.
    ran: bool,
}

/// `/var/lib/hilo` for root (an unprivileged account must be able to reach it), else
/// `~/.local/share/hilo`.
pub fn default_folder() -> PathBuf {
    let home = chassis::settings::environment().get("HOME").cloned();
    match home {
        Some(home) if !Uid::effective().is_root() => Path::new(&home).join(".local/share/hilo"),
        _ => PathBuf::from("/var/lib/hilo"),
    }
}

impl Private {
    /// Starts the server in its folder, making the folder and the database the first time. One that
    /// a killed `hilo` left running is taken over.
    pub async fn start(folder: PathBuf) -> anyhow::Result<Self> {
        let folder = std::path::absolute(folder)?;
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        let mut server = Self { binaries: binaries()?, account: account()?, folder, ran: false };
        if let Some((uid, gid)) = server.account {
            chown(&server.folder, Some(uid.as_raw()), Some(gid.as_raw()))?;
        }
        // The socket inside trusts whoever can reach it.
        std::fs::set_permissions(&server.folder, std::fs::Permissions::from_mode(0o700))?;
        if !server.data().join("PG_VERSION").exists() {
            server.init().await.context("the database could not be made")?;
        }
        server.ran = server.runs().await?;
        if !server.ran {
            server.boot().await?;
        }
        server.create_database().await?;
        Ok(server)
    }

    /// Where it is reached.
    pub fn url(&self) -> SecretString {
        self.url_of(NAME)
    }

    /// Stops it; clients are disconnected, and nothing that was committed is lost.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.run(
            self.tool("pg_ctl")
                .args(["stop", "-m", "fast", "-w", "-t", "30", "-D"])
                .arg(self.data()),
        )
        .await
    }

    /// Ends the visit of a short command: a server that ran before, under a `hilo up`, goes on.
    pub async fn leave(self) -> anyhow::Result<()> {
        if self.ran { Ok(()) } else { self.stop().await }
    }

    fn url_of(&self, database: &str) -> SecretString {
        let host: String =
            url::form_urlencoded::byte_serialize(self.folder.as_os_str().as_encoded_bytes())
                .collect();
        SecretString::from(format!("postgres://{NAME}@/{database}?host={host}"))
    }

    fn data(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    async fn init(&self) -> anyhow::Result<()> {
        let mut initdb = self.tool("initdb");
        initdb.args(["-U", NAME, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-D"]);
        self.run(initdb.arg(self.data())).await
    }

    async fn runs(&self) -> anyhow::Result<bool> {
        let mut status = self.tool("pg_ctl");
        let status = status.args(["status", "-D"]).arg(self.data());
        Ok(status.stdout(Stdio::null()).stderr(Stdio::null()).status().await?.success())
    }

    async fn boot(&self) -> anyhow::Result<()> {
        let log = self.folder.join("postgres.log");
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c max_connections=200 -c shared_buffers=128MB",
            self.folder.display()
        );
        let mut start = self.tool("pg_ctl");
        let start = start
            .args(["start", "-w", "-t", "60", "-o", &options, "-l"])
            .arg(&log)
            .arg("-D")
            .arg(self.data());
        self.run(start)
            .await
            .with_context(|| format!("PostgreSQL did not start; {} says why", log.display()))
    }

    async fn create_database(&self) -> anyhow::Result<()> {
        let mut ask = self.tool("psql");
        ask.args(["-X", "-q", "-t", "-A", "-U", NAME, "-d", "postgres", "-h"]).arg(&self.folder);
        let found =
            ask.args(["-c", "SELECT 1 FROM pg_database WHERE datname = 'hilo'"]).output().await?;
        if found.stdout.starts_with(b"1") {
            return Ok(());
        }
        let mut create = self.tool("createdb");
        self.run(create.args(["-U", NAME, NAME, "-h"]).arg(&self.folder)).await
    }

    fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.binaries.join(name));
        // The account may not be allowed into the folder that we were started in.
        command.current_dir("/").stdin(Stdio::null());
        if let Some((uid, gid)) = self.account {
            command.uid(uid.as_raw()).gid(gid.as_raw());
        }
        command
    }

    async fn run(&self, command: &mut Command) -> anyhow::Result<()> {
        // Not piped: a server that is started would hold the pipe open for as long as it lives.
        let log = std::fs::File::create(self.folder.join("tools.log"))?;
        let status = command.stdout(log.try_clone()?).stderr(log).status().await?;
        let said = std::fs::read_to_string(self.folder.join("tools.log")).unwrap_or_default();
        ensure!(status.success(), "{:?} failed: {}", command.as_std().get_program(), said.trim());
        Ok(())
    }
}

/// Where the server's binaries are: beside each other, the newest version first.
fn binaries() -> anyhow::Result<PathBuf> {
    let mut folders: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    folders.sort();
    let path = chassis::settings::environment().get("PATH").cloned().unwrap_or_default();
    let on_path = std::env::split_paths(&path).collect::<Vec<_>>();
    let candidates = folders.into_iter().rev().map(|(_, folder)| folder).chain(on_path);
    let whole = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "postgres", "psql", "createdb"]
            .iter()
            .all(|tool| folder.join(tool).is_file())
    };
    candidates.into_iter().find(whole).context(
        "no PostgreSQL server on this machine: `apt-get install postgresql`, or set DATABASE_URL",
    )
}

fn account() -> anyhow::Result<Option<(Uid, Gid)>> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    for name in UNPRIVILEGED {
        if let Some(user) = User::from_name(name)? {
            return Ok(Some((user.uid, user.gid)));
        }
    }
    anyhow::bail!("PostgreSQL does not run as root, and there is no account `postgres` or `nobody`")
}
