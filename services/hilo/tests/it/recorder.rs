//! Stands before the simulator and keeps what it was asked, byte by byte.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The record.
pub struct Recorder {
    /// Where it listens.
    pub url: String,
    said: Arc<Mutex<Vec<u8>>>,
}

impl Recorder {
    /// Passes everything on to `target` until `stop`.
    pub async fn before(target: SocketAddr, stop: &CancellationToken) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let said: Arc<Mutex<Vec<u8>>> = Arc::default();
        let (record, stop) = (Arc::clone(&said), stop.clone());
        TaskTracker::new().spawn(async move {
            let connections = TaskTracker::new();
            while let Some(Ok((client, _))) = stop.run_until_cancelled(listener.accept()).await {
                let (record, stop) = (Arc::clone(&record), stop.clone());
                connections.spawn(async move {
                    stop.run_until_cancelled(pass(client, target, &record)).await
                });
            }
        });
        Self { url, said }
    }

    /// Header lines of this name that were said, oldest first.
    pub fn headers(&self, name: &str) -> Vec<String> {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&said).into_owned();
        let value = |line: &str| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        };
        text.lines().filter_map(value).collect()
    }
}

async fn pass(client: TcpStream, target: SocketAddr, record: &Mutex<Vec<u8>>) {
    let Ok(server) = TcpStream::connect(target).await else { return };
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
        (client.into_split(), server.into_split());
    let asking = async {
        let mut bytes = vec![0; 16 * 1024];
        while let Ok(n @ 1..) = from_client.read(&mut bytes).await {
            record.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&bytes[..n]);
            if to_server.write_all(&bytes[..n]).await.is_err() {
                break;
            }
        }
    };
    let answering = tokio::io::copy(&mut from_server, &mut to_client);
    // Either side's end is the end of both.
    tokio::select! {
        () = asking => {}
        _ = answering => {}
    }
}
