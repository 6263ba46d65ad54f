//! A network that can be cut: a TCP proxy before a server.

use std::net::SocketAddr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use url::Url;

/// How the network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Up,
    /// Connections stay open and nothing passes.
    Frozen,
    /// Connections are reset as soon as they are made.
    Cut,
}

/// Stands before the server of a URL. Whoever uses [`TcpProxy::url`] loses the server when the
/// proxy is cut, while the rest of the tests keeps it.
#[derive(Debug)]
pub struct TcpProxy {
    url: SecretString,
    line: watch::Sender<Line>,
    connections: TaskTracker,
    _stop: DropGuard,
}

impl TcpProxy {
    /// A proxy before the server of a `postgres://` or `amqp://` URL.
    pub async fn before(url: &SecretString) -> Self {
        let mut url: Url = url.expose_secret().parse().expect("a URL");
        let host = url.host_str().expect("a URL with a host").to_owned();
        let target = (host, url.port().expect("a URL with a port"));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address: SocketAddr = listener.local_addr().expect("a bound address");
        url.set_host(Some("127.0.0.1")).expect("a URL with a host");
        url.set_port(Some(address.port())).expect("a URL with a port");
        let (line, connections) = (watch::Sender::new(Line::Up), TaskTracker::new());
        let stop = CancellationToken::new();
        let accepting = accept(listener, target, line.clone(), connections.clone());
        // Not on the tracker of connections: it lasts as long as the proxy.
        let stopped = stop.clone();
        TaskTracker::new().spawn(async move { stopped.run_until_cancelled(accepting).await });
        Self { url: url.to_string().into(), line, connections, _stop: stop.drop_guard() }
    }

    /// The server's URL, through this proxy.
    pub fn url(&self) -> SecretString {
        self.url.clone()
    }

    /// Resets every connection, and each new one at once. Returns when the server has seen it too.
    pub async fn cut(&self) {
        self.line.send_replace(Line::Cut);
        self.connections.close();
        let gone = tokio::time::timeout(Duration::from_secs(5), self.connections.wait());
        gone.await.expect("the connections end when they are cut");
        self.connections.reopen();
    }

    /// Nothing passes any more, and nobody is told: a switch without power.
    pub fn freeze(&self) {
        self.line.send_replace(Line::Frozen);
    }

    /// Everything passes again. What was cut stays cut.
    pub fn restore(&self) {
        self.line.send_replace(Line::Up);
    }
}

async fn accept(
    listener: TcpListener,
    (host, port): (String, u16),
    line: watch::Sender<Line>,
    connections: TaskTracker,
) {
    while let Ok((client, _)) = listener.accept().await {
        let (line, host) = (line.subscribe(), host.clone());
        connections.spawn(async move {
            // Closing with unread bytes or a zero linger is a reset, not a polite end.
            let _ = client.set_zero_linger();
            if *line.borrow() == Line::Cut {
                return;
            }
            let Ok(server) = TcpStream::connect((host.as_str(), port)).await else { return };
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            carry(client, server, line).await;
        });
    }
}

/// Ends when either side does, or when the line is cut.
async fn carry(client: TcpStream, server: TcpStream, line: watch::Receiver<Line>) {
    let ((from_client, to_client), (from_server, to_server)) =
        (client.into_split(), server.into_split());
    let mut cut = line.clone();
    tokio::select! {
        () = pump(from_client, to_server, line.clone()) => {}
        () = pump(from_server, to_client, line) => {}
        _ = cut.wait_for(|line| *line == Line::Cut) => {}
    }
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut line: watch::Receiver<Line>) {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let Ok(n @ 1..) = from.read(&mut bytes).await else { return };
        if line.wait_for(|line| *line == Line::Up).await.is_err() {
            return;
        }
        let Some(read) = bytes.get(..n) else { return };
        if to.write_all(read).await.is_err() {
            return;
        }
    }
}
