//! The listener.

use crate::gateway::Gateway;
use http::header::{CONNECTION, EXPECT};
use http::{HeaderValue, Version};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Connections that are open at once; further ones wait in the kernel's queue.
const CONNECTIONS: usize = 4096;
/// How long a client may take to send a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// A listener that is being served; dropping it closes it and its connections.
pub struct Listening {
    #[expect(dead_code, reason = "held: dropping the set aborts its tasks")]
    serving: JoinSet<()>,
}

/// An address that is taken, and not served yet.
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

/// Takes an address.
///
/// # Errors
/// What the operating system says, such as `AddrInUse`.
pub async fn bind(address: SocketAddr) -> std::io::Result<Bound> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    Ok(Bound { listener, address })
}

impl Bound {
    /// The address, with the port that was free where 0 was asked for.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves a gateway: HTTP/1.1 and HTTP/2 on one port.
    #[must_use]
    pub fn serve(self, gateway: Arc<Gateway>) -> Listening {
        self.serve_to(gateway, Clients::All)
    }

    /// As [`Bound::serve`], for what functions' sandboxes send: it sees no page under `/_cloudchamber/` without a signature.
    #[must_use]
    pub fn serve_functions(self, gateway: Arc<Gateway>) -> Listening {
        self.serve_to(gateway, Clients::Functions)
    }

    fn serve_to(self, gateway: Arc<Gateway>, clients: Clients) -> Listening {
        let mut serving = JoinSet::new();
        serving.spawn(accept(self.listener, gateway, clients));
        Listening { serving }
    }
}

/// Whose connections a listener takes.
#[derive(Clone, Copy)]
enum Clients {
    All,
    Functions,
}

async fn accept(listener: TcpListener, gateway: Arc<Gateway>, clients: Clients) {
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let Ok(place) = Arc::clone(&free).acquire_owned().await else { return };
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, mostly: the ones that close make room.
                tracing::warn!(%error, "a connection cannot be accepted");
                tokio::task::yield_now().await;
                continue;
            }
        };
        while connections.try_join_next().is_some() {}
        let _ = stream.set_nodelay(true);
        let gateway = Arc::clone(&gateway);
        connections.spawn(async move {
            let _place = place;
            serve(stream, peer, gateway, clients).await;
        });
    }
}

/// Whether a request asks to be told to go on, and has no body: hyper then answers without `100 Continue`. botocore reads the next upload's answer
/// on such a connection as if its status line had been read already, and waits until the connection ends (seen with boto3 1.43); so it ends at once.
fn asks_in_vain(request: &http::Request<hyper::body::Incoming>) -> bool {
    request.version() == Version::HTTP_11
        && request.headers().contains_key(EXPECT)
        && request.body().is_end_stream()
}

async fn serve(stream: tokio::net::TcpStream, peer: SocketAddr, gateway: Arc<Gateway>, clients: Clients) {
    let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
        let gateway = Arc::clone(&gateway);
        async move {
            let unasked = asks_in_vain(&request);
            let request = request.map(|body| body.map_err(std::io::Error::other).boxed_unsync());
            let mut answer = match clients {
                Clients::All => gateway.answer(request, Some(peer.ip()), false).await,
                Clients::Functions => gateway.answer_function(request, Some(peer.ip())).await,
            };
            if unasked {
                answer.0.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(answer.0)
        }
    });
    let mut server = auto::Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(64 << 10);
    server.http2().timer(TokioTimer::new()).max_concurrent_streams(256).max_header_list_size(64 << 10);
    if let Err(error) = server.serve_connection(TokioIo::new(stream), service).await {
        tracing::debug!(%error, %peer, "a connection ended with an error");
    }
}
