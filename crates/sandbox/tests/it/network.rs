//! What can be reached.

use crate::bench::{Bench, OutcomeExt, configuration, handler, invocation};
use sandbox::Network;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const TRY: &str = "
def attempt(host, port, family=socket.AF_INET, kind=socket.SOCK_STREAM):
    try:
        with socket.socket(family, kind) as connection:
            connection.settimeout(5)
            connection.connect((host, port))
            connection.sendall(b'ping')
            return connection.recv(100).decode()
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error))
";

/// A server that answers whatever comes with its name.
async fn server(name: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 100];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(name.as_bytes()).await;
        }
    });
    port
}

#[tokio::test]
async fn only_the_endpoint_can_be_reached() {
    let (endpoint, other) = (server("endpoint").await, server("other").await);
    let mut settings = configuration();
    settings.endpoint = format!("127.0.0.1:{endpoint}").parse().unwrap();
    settings.endpoint_names = vec!["s3.localhost".to_owned()];
    let bench = Bench::with(settings).await;
    let unix = bench.folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&unix).unwrap();
    let own = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    own.connect("192.0.2.1:9").ok();
    let address = own.local_addr().map(|address| address.ip().to_string()).unwrap_or_default();
    let body = format!(
        "{TRY}
def refused(what):
    try: return what() or 'OK'
    except OSError as error: return errno.errorcode.get(error.errno, type(error).__name__)
unix = socket.socket(socket.AF_UNIX)
return {{
    'endpoint': attempt('127.0.0.1', {endpoint}), 'by name': attempt('s3.localhost', {endpoint}),
    'localhost': attempt('localhost', {endpoint}), 'again': attempt('127.0.0.1', {endpoint}),
    'other': attempt('127.0.0.1', {other}), 'host': attempt('{address}', {other}),
    'internet': attempt('192.0.2.1', 80), 'metadata': attempt('169.254.169.254', 80),
    'unix': refused(lambda: unix.connect(event)),
    'vsock': refused(lambda: socket.socket(socket.AF_VSOCK)), 'packet': refused(lambda: socket.socket(socket.AF_PACKET)),
    'raw': refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)),
    'alg': refused(lambda: socket.socket(socket.AF_ALG)), 'audit': refused(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9)),
    'name': refused(lambda: socket.getaddrinfo('example.com', 80)),
}}"
    );
    let mut call = invocation(&json!(unix).to_string());
    call.deadline = std::time::Duration::from_secs(60);
    let value = bench.start(&handler(&body)).await.invoke(call).await.value();
    for name in ["endpoint", "by name", "localhost", "again"] {
        assert_eq!(value[name], "endpoint", "{name}: {value}");
    }
    assert_eq!(value["other"], "ECONNREFUSED", "{value}");
    for name in ["host", "internet", "metadata"] {
        assert!(["ENETUNREACH", "ECONNREFUSED"].contains(&value[name].as_str().unwrap()), "{name}: {value}");
    }
    assert_eq!(value["unix"], "ENOENT", "{value}");
    for name in ["vsock", "packet", "raw", "alg", "audit"] {
        assert_eq!(value[name], "EPERM", "{name}: {value}");
    }
    assert_eq!(value["name"], "gaierror", "{value}");
}

#[tokio::test]
async fn two_environments_do_not_share_a_loopback() {
    let bench = Bench::new().await;
    let listening = handler(
        "global server\nserver = socket.socket()\nserver.bind(('127.0.0.1', 8080))\nserver.listen()\n\
         global name\nname = socket.socket(socket.AF_UNIX)\nname.bind('\\0abstract')\nname.listen()\nreturn 'listening'",
    );
    let mut first = bench.start(&listening).await;
    assert_eq!(first.invoke(invocation("{}")).await.value(), "listening");
    let connecting = format!(
        "{TRY}\nunix = socket.socket(socket.AF_UNIX)\ntry: unix.connect('\\0abstract'); reached = True\n\
         except OSError: reached = False\nreturn [attempt('127.0.0.1', 8080), reached]"
    );
    assert_eq!(bench.evaluate(&connecting).await, json!(["ECONNREFUSED", false]));
}

#[tokio::test]
async fn the_hosts_network_is_there_if_the_server_says_so_and_the_runtime_api_stays_private() {
    let other = server("other").await;
    let mut settings = configuration();
    settings.network = Network::Host;
    let bench = Bench::with(settings).await;
    let body = format!(
        "{TRY}
import urllib.request, urllib.error
address = os.environ['AWS_LAMBDA_RUNTIME_API'].split('/')[0]
try: guessed = urllib.request.urlopen('http://' + address + '/2018-06-01/runtime/invocation/next', timeout=5).status
except urllib.error.HTTPError as error: guessed = error.code
return [attempt('127.0.0.1', {other}), guessed]"
    );
    assert_eq!(bench.evaluate(&body).await, json!(["other", 404]));
}

#[tokio::test]
async fn a_flood_of_connections_hurts_nobody_but_the_function() {
    let endpoint = server("endpoint").await;
    let mut settings = configuration();
    settings.endpoint = format!("127.0.0.1:{endpoint}").parse().unwrap();
    let bench = Bench::with(settings).await;
    let flood = format!(
        "made = []\ntry:\n    while len(made) < 2000:\n        for port in (9001, {endpoint}):\n            \
         made.append(socket.socket())\n            made[-1].setblocking(False)\n            \
         made[-1].connect_ex(('127.0.0.1', port))\nexcept OSError as error:\n    full = errno.errorcode[error.errno]\n\
         try: made[0].send(b'GET /' + b'x' * 100000)\nexcept OSError: pass\n\
         return [len(made) > 900, full]"
    );
    let mut flooding = bench.start(&handler(&flood)).await;
    assert_eq!(flooding.invoke(invocation("{}")).await.value(), json!([true, "EMFILE"]));
    assert!(std::fs::read_dir("/proc/self/fd").unwrap().count() < 500);
    // Another function gets through while those are open.
    let body = format!("{TRY}\nreturn attempt('127.0.0.1', {endpoint})");
    assert_eq!(bench.evaluate(&body).await, "endpoint");
    flooding.kill().await;
}
