//! Where each server of the process listens: on loopback, on a free port where the wanted one is taken.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// A listener a server.
pub(super) struct Ports {
    pub(super) dashboard: TcpListener,
    pub(super) ingress: TcpListener,
    pub(super) conversations: TcpListener,
    pub(super) responder: TcpListener,
    pub(super) simulator: TcpListener,
}

impl Ports {
    /// The dashboard on a port of its own, the others one after another from `first`.
    pub(super) fn bind(first: u16, dashboard: u16) -> anyhow::Result<Self> {
        Ok(Self {
            dashboard: bind(dashboard)?,
            ingress: bind(first)?,
            conversations: bind(first.saturating_add(1))?,
            responder: bind(first.saturating_add(2))?,
            simulator: bind(first.saturating_add(10))?,
        })
    }
}

fn bind(port: u16) -> anyhow::Result<TcpListener> {
    let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = TcpListener::bind(wanted).or_else(|_| TcpListener::bind(any))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Its base URL.
pub(super) fn address(listener: &TcpListener) -> anyhow::Result<String> {
    Ok(format!("http://{}", listener.local_addr()?))
}
