//! Starts environments.

use crate::cgroups::Cgroups;
use crate::configuration::{Configuration, Network};
use crate::environment::{Environment, Parts};
use crate::faults::StartError;
use crate::filters::filters;
use crate::layout::{MOST_PROCESSES, Site};
use crate::memory::Meter;
use crate::node::Node;
use crate::plan::Separation;
use crate::process::{self, End};
use crate::python::Python;
use crate::zygote::Zygote;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;

/// Starts environments for functions. One per server.
pub struct Sandbox {
    configuration: Configuration,
    separation: Separation,
    filters: Vec<Vec<u8>>,
    cgroups: Arc<Cgroups>,
    launcher: Mutex<Option<Arc<Zygote>>>,
    python: Mutex<Option<Interpreter>>,
    node: Mutex<Option<Arc<Node>>>,
}

/// Numbers environments within this process, whichever sandbox they belong to.
static NUMBER: AtomicU32 = AtomicU32::new(0);

#[derive(Clone)]
struct Interpreter {
    python: Arc<Python>,
    packages: Arc<[PathBuf]>,
    zygote: Arc<Zygote>,
}

/// What an environment is for. It serves this and nothing else until it ends.
#[derive(Clone)]
pub struct EnvironmentSpec {
    /// A name for this environment in the server's own log.
    pub id: String,
    /// Whose code it runs: account, function, version and revision. [`Environment::function`] gives it back, so that the
    /// service can compare before it hands an event over.
    pub function: String,
    /// How the code is run.
    pub runtime: Runtime,
    /// The function's handler.
    pub handler: String,
    /// The unpacked code, which nobody changes while the environment lives.
    pub code_dir: PathBuf,
    /// Unpacked layers in the order of the configuration: a later one covers an earlier one.
    pub layers: Vec<PathBuf>,
    /// All variables of the function: its own, its credentials, and the `AWS_LAMBDA_…` that the service knows.
    pub env: BTreeMap<String, String>,
    /// `MemorySize`.
    pub memory_mb: u32,
    /// `EphemeralStorage`.
    pub tmp_mb: u32,
    /// How long initialization may take before it counts as part of the first invocation; on Lambda, 10 seconds.
    pub timeout_init: Duration,
}

impl std::fmt::Debug for EnvironmentSpec {
    /// Without the variables, which hold credentials.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("EnvironmentSpec")
            .field("id", &self.id)
            .field("function", &self.function)
            .field("runtime", &self.runtime)
            .field("handler", &self.handler)
            .finish_non_exhaustive()
    }
}

/// How a function's code is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runtime {
    /// `python3.x`: all of them run on this machine's Python.
    Python {
        /// `3.12`, for the layers' directories.
        version: String,
    },
    /// `nodejs*`: all of them run on this machine's Node.js.
    Node {
        /// `20`, for the layers' directories.
        version: String,
    },
    /// `provided.*`: the program `bootstrap` in the code or a layer.
    Provided,
}

impl Sandbox {
    /// Finds out what this machine can do, by setting a sandbox up and taking it down again.
    ///
    /// # Errors
    /// [`StartError::Unsupported`] where functions cannot be separated, or not well enough for [`Configuration::strict`].
    pub async fn new(configuration: Configuration) -> Result<Sandbox, StartError> {
        let filters = filters().map_err(|error| StartError::SetUp(format!("seccomp filters: {error}")))?;
        let mut sandbox = Sandbox {
            configuration,
            separation: Separation::Weak,
            filters,
            cgroups: Arc::new(Cgroups::discover()),
            launcher: Mutex::new(None),
            python: Mutex::new(None),
            node: Mutex::new(None),
        };
        let mut missing = Vec::new();
        let root = can_become(outside_identity(0));
        let modes = [
            (Separation::Root, root),
            (Separation::User, true),
            (Separation::Weak, !sandbox.configuration.strict),
        ];
        for (mode, possible) in modes {
            if !possible {
                continue;
            }
            sandbox.separation = mode;
            match sandbox.probe().await {
                Ok(()) => {
                    if mode == Separation::Weak {
                        let why = missing.join("; ");
                        tracing::warn!(%why, "functions run with weaker separation: no namespaces");
                    }
                    tracing::debug!(?mode, memory_groups = sandbox.cgroups.limits_memory(), "sandbox");
                    return Ok(sandbox);
                }
                Err(StartError::SetUp(why)) => missing.push(format!("{}: {why}", described(mode))),
                Err(other) => return Err(other),
            }
        }
        Err(StartError::Unsupported { missing })
    }

    /// Loads Python and the SDK ahead of the first function, which takes a second. Without it the first start does that.
    ///
    /// # Errors
    /// [`StartError::Python`] or [`StartError::Zygote`] if there is no Python that can do it.
    pub async fn warm_up(&self) -> Result<(), StartError> {
        self.interpreter().await.map(drop)
    }

    /// Whether functions are separated by namespaces, not only by landlock and limits.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        self.separation != Separation::Weak
    }

    /// Where functions' calls go.
    #[must_use]
    pub fn endpoint(&self) -> std::net::SocketAddr {
        self.configuration.endpoint
    }

    /// The version of boto3 that functions find, once Python has been loaded.
    pub async fn boto3_version(&self) -> Option<String> {
        self.python.lock().await.as_ref()?.zygote.boto3.clone()
    }

    /// Makes an environment and starts to initialize the function in it.
    ///
    /// It comes back as soon as the sandbox stands; initialization goes on, and the first
    /// [`invoke`](Environment::invoke) waits for it. What goes wrong in the function's own code is an outcome of that.
    ///
    /// # Errors
    /// [`StartError`]: the machine's fault, or missing directories.
    pub async fn start(&self, spec: EnvironmentSpec) -> Result<Environment, StartError> {
        match self.start_once(spec.clone()).await {
            // It was there when it was asked, and is not any more. A new one is worth one attempt.
            Err(StartError::Zygote(why)) => {
                tracing::warn!(why, "a zygote has ended; starting another");
                *self.launcher.lock().await = None;
                *self.python.lock().await = None;
                self.start_once(spec).await
            }
            other => other,
        }
    }

    async fn start_once(&self, spec: EnvironmentSpec) -> Result<Environment, StartError> {
        let (mut interpreter, mut node) = (None, None);
        match spec.runtime {
            Runtime::Python { .. } => interpreter = Some(self.interpreter().await?),
            Runtime::Node { .. } => node = Some(self.node().await?),
            Runtime::Provided => {}
        }
        let zygote = match &interpreter {
            Some(interpreter) => Arc::clone(&interpreter.zygote),
            None => self.launcher().await?,
        };
        self.start_with(spec, interpreter, node.as_deref(), &zygote).await
    }

    async fn start_with(
        &self,
        spec: EnvironmentSpec,
        interpreter: Option<Interpreter>,
        node: Option<&Node>,
        zygote: &Zygote,
    ) -> Result<Environment, StartError> {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let weak = self.separation == Separation::Weak;
        let outside = Some(outside_identity(number)).filter(|id| can_become(*id));
        let scratch = if weak { Some(Scratch::make(number, outside)?) } else { None };
        // In a network of its own the listener is made inside. Otherwise it is on the host's loopback, where everybody can
        // reach it, and only who knows the secret gets an answer.
        let (mut listener, mut secret) = (None, String::new());
        if weak || self.configuration.network == Network::Host {
            let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(StartError::system("listen"))?;
            let seed = clock::random_seed().map_err(StartError::system("make a secret"))?;
            secret = format!("/{}", clock::Entropy::from_seed(seed).alphanumeric(32));
            listener = Some(bound);
        }
        let host_port = listener.as_ref().and_then(|listener| listener.local_addr().ok()).map(|at| at.port());
        let mut site = Site {
            configuration: &self.configuration,
            separation: self.separation,
            python: interpreter.as_ref().map(|interpreter| &*interpreter.python),
            node,
            packages: interpreter.as_ref().map_or(&[], |interpreter| &interpreter.packages),
            spec: &spec,
            outside: outside.unwrap_or(0),
            runtime_api: String::new(),
            host_port,
            scratch: scratch.as_ref().map(|scratch| scratch.0.clone()),
            filters: self.filters.clone(),
            memory_is_grouped: self.cgroups.limits_memory(),
        };
        site.runtime_api = format!("{}{secret}", host_port.unwrap_or(site.inner_port()));
        let plan = site.plan()?;
        let version = if let Runtime::Python { version } = &spec.runtime { version } else { "" };
        let settings = serde_json::json!({
            "environment": site.environment(), "path": site.module_path(), "version": version,
        });

        let memory = u64::from(spec.memory_mb) << 20;
        // A tmpfs is memory too, which on Lambda `/tmp` is not; what is over the memory size apart from it, the meter sees.
        let hard = memory + (u64::from(spec.tmp_mb) << 20) + (16 << 20);
        let group = self
            .cgroups
            .create(&format!("environment-{number}"), hard, MOST_PROCESSES)
            .map_err(StartError::system("make a cgroup"))?;
        let entrances = group.entrances().map_err(StartError::system("open a cgroup"))?;
        let entrances: Vec<_> = entrances.iter().map(AsFd::as_fd).collect();
        let socket = zygote.fork(&plan, settings.to_string().as_bytes(), &entrances).await?;
        let started = process::started(socket).await?;
        let meter = Meter::new(Some(group), started.process.pid, memory);
        tracing::debug!(
            environment = spec.id,
            function = spec.function,
            pid = started.process.pid,
            "environment started"
        );
        Environment::new(Parts {
            spec,
            started,
            listener,
            secret,
            meter,
            scratch,
            endpoint: self.configuration.functions_endpoint.unwrap_or(self.configuration.endpoint),
        })
    }

    /// Sets a sandbox up in which nothing runs, and waits for its end.
    async fn probe(&self) -> Result<(), StartError> {
        let spec = EnvironmentSpec {
            id: "probe".to_owned(),
            function: String::new(),
            runtime: Runtime::Provided,
            handler: String::new(),
            code_dir: PathBuf::from("/usr"),
            layers: Vec::new(),
            env: BTreeMap::new(),
            memory_mb: 128,
            tmp_mb: 1,
            timeout_init: Duration::ZERO,
        };
        let launcher = self.launcher().await?;
        let mut environment = self.start_with(spec, None, None, &launcher).await?;
        // There is no /usr/bootstrap. Whoever gets to find that out has passed through everything.
        match environment.ended().await {
            End::NotExecuted(_) => Ok(()),
            End::NotSetUp(why) => Err(StartError::SetUp(why)),
            End::Exited(_) | End::Killed => {
                Err(StartError::SetUp("a sandbox ended before it could start".to_owned()))
            }
        }
    }

    async fn launcher(&self) -> Result<Arc<Zygote>, StartError> {
        let mut launcher = self.launcher.lock().await;
        if let Some(alive) = launcher.as_ref().filter(|zygote| zygote.is_alive()) {
            return Ok(Arc::clone(alive));
        }
        let new = Arc::new(Zygote::launcher()?);
        *launcher = Some(Arc::clone(&new));
        Ok(new)
    }

    async fn node(&self) -> Result<Arc<Node>, StartError> {
        let mut current = self.node.lock().await;
        if let Some(node) = current.as_ref() {
            return Ok(Arc::clone(node));
        }
        let path = self.configuration.node.clone();
        let found = tokio::task::spawn_blocking(move || Node::discover(&path)).await;
        let node = Arc::new(found.map_err(|error| StartError::Zygote(error.to_string()))??);
        *current = Some(Arc::clone(&node));
        Ok(node)
    }

    async fn interpreter(&self) -> Result<Interpreter, StartError> {
        let mut current = self.python.lock().await;
        if let Some(alive) = current.as_ref().filter(|interpreter| interpreter.zygote.is_alive()) {
            return Ok(alive.clone());
        }
        let (path, configured) = (self.configuration.python.clone(), self.configuration.packages.clone());
        let load = move || {
            let python = Python::discover(&path)?;
            let packages = if configured.is_empty() { python.packages.clone() } else { configured };
            let zygote = Zygote::python(&python, &packages)?;
            Ok(Interpreter { python: Arc::new(python), packages: packages.into(), zygote: Arc::new(zygote) })
        };
        let loaded = tokio::task::spawn_blocking(load).await;
        let interpreter = loaded.map_err(|error| StartError::Zygote(error.to_string()))??;
        *current = Some(interpreter.clone());
        Ok(interpreter)
    }
}

fn described(mode: Separation) -> &'static str {
    match mode {
        Separation::Root => "namespaces as root",
        Separation::User => "user namespaces",
        Separation::Weak => "landlock and seccomp alone",
    }
}

/// An unprivileged identity for an environment of a server that is root: none that anybody else has, nor, of the last
/// thousands, another environment.
fn outside_identity(number: u32) -> u32 {
    const FIRST: u32 = 0x7000_0000;
    FIRST + (std::process::id() % 4096) * 4096 + number % 4096
}

/// Whether this process can take on an identity: it is root, and not of a user namespace that does not have it.
fn can_become(id: u32) -> bool {
    let map = std::fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    let known = map.lines().any(|line| {
        let mut fields = line.split_whitespace().map(|field| field.parse::<u32>().unwrap_or(0));
        let (first, _, count) = (fields.next().unwrap_or(0), fields.next(), fields.next().unwrap_or(0));
        id.checked_sub(first).is_some_and(|offset| offset < count)
    });
    known && rustix::process::geteuid().is_root()
}

/// In the weaker mode, an environment's own directory. Removed with it.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    fn make(number: u32, owner: Option<u32>) -> Result<Scratch, StartError> {
        let base = std::env::temp_dir().join(format!("cloudchamber-{}-{number}", std::process::id()));
        let make = |path: &Path| {
            std::os::unix::fs::DirBuilderExt::mode(&mut std::fs::DirBuilder::new(), 0o755).create(path)
        };
        let all = || {
            make(&base)?;
            make(&base.join("runtime"))?;
            make(&base.join("tmp"))?;
            std::os::unix::fs::chown(base.join("tmp"), owner, owner)
        };
        all().map_err(StartError::system("make a directory for an environment"))?;
        Ok(Scratch(base))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
