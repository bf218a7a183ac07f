//! What the server tells the sandbox once.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Settings of a [`Sandbox`](crate::Sandbox).
#[derive(Debug, Clone)]
pub struct Configuration {
    /// The Python interpreter: a path or a name to look for. One of a virtual environment brings its packages along.
    pub python: PathBuf,
    /// Directories with packages (boto3 and what it needs) that functions may import. Empty: those of the interpreter.
    pub packages: Vec<PathBuf>,
    /// Node.js: a path or a name to look for. It is looked for when there is a function for it.
    pub node: PathBuf,
    /// A directory `node_modules` with the AWS SDK for JavaScript, for Node.js functions; None: they bring their own.
    pub node_modules: Option<PathBuf>,
    /// Where the server answers AWS calls. Functions reach it at `127.0.0.1` and the same port.
    pub endpoint: SocketAddr,
    /// Where the endpoint's connections out of a sandbox are carried to, where that is not `endpoint`: a listener that knows them for
    /// functions'. Only [`Network::Endpoint`] has such a way.
    pub functions_endpoint: Option<SocketAddr>,
    /// Host names that mean the endpoint inside a sandbox, besides `localhost` (such as `s3.localhost`).
    pub endpoint_names: Vec<String>,
    /// What a function can reach.
    pub network: Network,
    /// Refuse to run with less than full separation. With `false` a kernel that forbids namespaces gives the weaker mode:
    /// landlock, seccomp and resource limits only, in which code sees the host's processes and shares its loopback.
    pub strict: bool,
}

impl Configuration {
    /// The usual settings: `python3` and `node` from the path, only the endpoint reachable, strict.
    #[must_use]
    pub fn new(endpoint: SocketAddr) -> Configuration {
        Configuration {
            python: PathBuf::from("python3"),
            packages: Vec::new(),
            node: PathBuf::from("node"),
            node_modules: None,
            endpoint,
            functions_endpoint: None,
            endpoint_names: Vec::new(),
            network: Network::Endpoint,
            strict: true,
        }
    }
}

/// What a function can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// The endpoint, and its own loopback.
    Endpoint,
    /// Whatever the host can reach, the host's own loopback included: for functions that need the internet.
    Host,
}
