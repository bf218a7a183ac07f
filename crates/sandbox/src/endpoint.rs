//! Connects a sandbox's loopback with the server's endpoint, and with nothing else.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Connections that one environment may have open at a time; further ones wait. Each costs the server two descriptors.
const MOST_CONNECTIONS: usize = 128;

/// How long to wait after a failure.
const RETRY: Duration = Duration::from_millis(20);

/// Where the endpoint can be reached from this process.
pub(crate) fn reachable(endpoint: SocketAddr) -> SocketAddr {
    if endpoint.ip().is_unspecified() {
        return SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), endpoint.port());
    }
    endpoint
}

/// Accepts on a listener inside a sandbox's network and carries bytes to and from the endpoint. Dropping the future closes
/// all connections.
pub(crate) async fn forward(inside: TcpListener, endpoint: SocketAddr) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let mut near = accept(&inside).await;
        connections.spawn(async move {
            let _place = place;
            // If the endpoint does not answer, the connection is closed: inside, that is a reset, as it should be.
            if let Ok(mut far) = TcpStream::connect(endpoint).await {
                let _ = far.set_nodelay(true);
                let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
            }
        });
    }
}

/// The next connection, however long it takes.
pub(crate) async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            return stream;
        }
        // The server is out of descriptors, or the connection was gone again. Neither is a reason to stop listening.
        let _ = tokio::time::timeout(RETRY, std::future::pending::<()>()).await;
    }
}
