//! What a sandbox looks like from inside: its files, variables and limits.

use crate::configuration::{Configuration, Network};
use crate::faults::StartError;
use crate::node::Node;
use crate::plan::{Bind, File, Limit, Link, Overlay, Plan, Program, Separation};
use crate::python::Python;
use crate::runtime_api;
use crate::start::{EnvironmentSpec, Runtime};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The identity inside, as on Lambda.
const INSIDE: u32 = 993;
/// Processes and threads, and open files, that an environment may have.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub(crate) const MOST_PROCESSES: u64 = 1024;
const MOST_FILES: u64 = 1024;

/// What of the host every sandbox sees, where it exists.
const SYSTEM: &[&str] = &["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store"];
const SETTINGS: &[&str] =
    &["/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/etc/alternatives", "/etc/ld.so.cache"];
const DEVICES: &[&str] = &["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/// Where a Node.js function finds the SDK.
const MODULES: &str = "/var/runtime/node_modules";

const NODE_RUNTIME: &str = include_str!("../node/runtime.js");
const CFNRESPONSE: &str = include_str!("../python/cfnresponse.py");

/// Everything about one environment that its layout depends on.
pub(crate) struct Site<'a> {
    pub(crate) configuration: &'a Configuration,
    pub(crate) separation: Separation,
    pub(crate) python: Option<&'a Python>,
    pub(crate) node: Option<&'a Node>,
    pub(crate) packages: &'a [PathBuf],
    pub(crate) spec: &'a EnvironmentSpec,
    /// The identity outside, if the server can give one; zero if not.
    pub(crate) outside: u32,
    /// What follows `127.0.0.1:` in the address of the Runtime API.
    pub(crate) runtime_api: String,
    /// The port of the Runtime API, if it is not inside the sandbox's own network.
    pub(crate) host_port: Option<u16>,
    /// In the weaker mode, the directory that is this environment's alone; it has `tmp` and `runtime`.
    pub(crate) scratch: Option<PathBuf>,
    pub(crate) filters: Vec<Vec<u8>>,
    pub(crate) memory_is_grouped: bool,
}

impl Site<'_> {
    /// The plan for the first process.
    pub(crate) fn plan(&self) -> Result<Plan, StartError> {
        let code = directory(&self.spec.code_dir)?;
        let layers = self.spec.layers.iter().map(|layer| directory(layer)).collect::<Result<Vec<_>, _>>()?;
        let private_network =
            self.separation != Separation::Weak && self.configuration.network == Network::Endpoint;
        let mut plan = Plan {
            separation: self.separation,
            strict: self.configuration.strict,
            outside: self.outside,
            inside: INSIDE,
            private_network,
            listen: Vec::new(),
            hostname: "lambda".to_owned(),
            staging: "/tmp".to_owned(),
            directories: Vec::new(),
            binds: Vec::new(),
            overlay: None,
            files: Vec::new(),
            links: Vec::new(),
            tmp_megabytes: u64::from(self.spec.tmp_mb),
            limits: self.limits(),
            readable: vec!["/".to_owned()],
            writable: ["/tmp"].iter().chain(DEVICES).map(|path| (*path).to_owned()).collect(),
            connect: None,
            filters: self.filters.clone(),
            directory: "/var/task".to_owned(),
            program: None,
        };
        if private_network {
            plan.listen = vec![self.inner_port(), self.configuration.endpoint.port()];
        }
        if self.separation == Separation::Weak {
            self.show_weakly(&mut plan, &code, &layers)?;
        } else {
            self.show(&mut plan, &code, &layers)?;
        }
        match (&self.spec.runtime, self.node) {
            (Runtime::Provided, _) => plan.program = Some(self.bootstrap(&code, &layers)),
            (Runtime::Node { .. }, Some(node)) => plan.program = Some(self.node_program(node)),
            _ => {}
        }
        Ok(plan)
    }

    /// The port of the Runtime API in a network of its own: Lambda's, unless the endpoint has it.
    pub(crate) fn inner_port(&self) -> u16 {
        let taken = self.configuration.endpoint.port() == runtime_api::PORT;
        if taken { runtime_api::PORT + 1 } else { runtime_api::PORT }
    }

    /// The function's variables with those that the execution environment sets.
    ///
    /// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>
    pub(crate) fn environment(&self) -> BTreeMap<String, String> {
        let mut variables = self.spec.env.clone();
        let mut usual = |name: &str, value: String| {
            variables.entry(name.to_owned()).or_insert(value);
        };
        let executable =
            self.python.map(|python| &python.executable).or(self.node.map(|node| &node.executable));
        let interpreter = executable.and_then(|path| path.parent()).map(|folder| folder.display());
        let first = interpreter.map(|folder| format!("{folder}:")).unwrap_or_default();
        usual("PATH", format!("{first}/usr/local/bin:/usr/bin:/bin:/opt/bin"));
        usual("LD_LIBRARY_PATH", "/var/task:/var/task/lib:/opt/lib".to_owned());
        usual("LANG", "en_US.UTF-8".to_owned());
        usual("TZ", ":UTC".to_owned());
        usual("SHLVL", "0".to_owned());
        if matches!(self.spec.runtime, Runtime::Python { .. }) {
            let own =
                std::iter::once(PathBuf::from(self.runtime_folder())).chain(self.packages.iter().cloned());
            usual("PYTHONPATH", own.map(|path| path.display().to_string()).collect::<Vec<_>>().join(":"));
        }
        if let Runtime::Node { version } = &self.spec.runtime {
            // Which Node.js there is, is this machine's affair and not the function's.
            usual("AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED", "true".to_owned());
            let own = self.configuration.node_modules.as_ref();
            let own = own.map_or(MODULES.to_owned(), |real| match self.scratch {
                Some(_) => real.display().to_string(),
                None => MODULES.to_owned(),
            });
            let (opt, task) = self.shown();
            usual(
                "NODE_PATH",
                format!(
                    "{opt}/nodejs/node{version}/node_modules:{opt}/nodejs/node_modules:{own}:{}:{task}",
                    self.runtime_folder()
                ),
            );
        }
        if let Some(scratch) = &self.scratch {
            usual("TMPDIR", scratch.join("tmp").display().to_string());
        }
        let task = if self.scratch.is_some() {
            self.spec.code_dir.display().to_string()
        } else {
            "/var/task".to_owned()
        };
        variables.insert("LAMBDA_TASK_ROOT".to_owned(), task);
        variables.insert("LAMBDA_RUNTIME_DIR".to_owned(), self.runtime_folder());
        variables.insert("AWS_LAMBDA_RUNTIME_API".to_owned(), format!("127.0.0.1:{}", self.runtime_api));
        variables.insert("_HANDLER".to_owned(), self.spec.handler.clone());
        variables
    }

    /// Where Python looks for the function's modules before its own: the code, the layers, the runtime's.
    pub(crate) fn module_path(&self) -> Vec<String> {
        let layers: Vec<String> = if self.scratch.is_some() {
            self.spec.layers.iter().rev().map(|layer| layer.display().to_string()).collect()
        } else {
            vec!["/opt".to_owned()]
        };
        let mut path = vec![self.environment().remove("LAMBDA_TASK_ROOT").unwrap_or_default()];
        let mut versions: Vec<&str> = self.python.iter().map(|python| python.version.as_str()).collect();
        if let Runtime::Python { version } = &self.spec.runtime {
            versions.insert(0, version);
        }
        versions.dedup();
        for layer in &layers {
            for version in &versions {
                path.push(format!("{layer}/python/lib/python{version}/site-packages"));
            }
            path.push(format!("{layer}/python"));
        }
        path.push(self.runtime_folder());
        path
    }

    fn runtime_folder(&self) -> String {
        self.scratch.as_ref().map_or_else(
            || "/var/runtime".to_owned(),
            |scratch| scratch.join("runtime").display().to_string(),
        )
    }

    fn limits(&self) -> Vec<Limit> {
        const FSIZE: u32 = 1;
        const DATA: u32 = 2;
        const CORE: u32 = 4;
        const NPROC: u32 = 6;
        const NOFILE: u32 = 7;
        /// What an interpreter with an SDK needs before the function uses anything.
        const RUNTIME: u64 = 256 << 20;
        let mut limits = vec![
            Limit { resource: CORE, value: 0 },
            Limit { resource: NOFILE, value: MOST_FILES },
            Limit { resource: FSIZE, value: u64::from(self.spec.tmp_mb) << 20 },
        ];
        // In a user namespace this counts the namespace's processes, otherwise all of the user's on this machine.
        let others = if self.separation == Separation::Weak { 4096 } else { 0 };
        limits.push(Limit { resource: NPROC, value: MOST_PROCESSES + others });
        if !self.memory_is_grouped {
            limits.push(Limit { resource: DATA, value: (u64::from(self.spec.memory_mb) << 20) + RUNTIME });
        }
        limits
    }

    fn show(&self, plan: &mut Plan, code: &str, layers: &[String]) -> Result<(), StartError> {
        let bind =
            |source: &str, target: &str| Bind { source: source.into(), target: target.into(), device: false };
        plan.directories = ["/var/task", "/opt", "/var/runtime", "/dev", "/etc"].map(str::to_owned).to_vec();
        for path in SYSTEM {
            match std::fs::read_link(path) {
                Ok(to) => plan.links.push(Link { path: (*path).to_owned(), to: to.display().to_string() }),
                Err(_) if Path::new(path).is_dir() => plan.binds.push(bind(path, path)),
                Err(_) => {}
            }
        }
        for path in SETTINGS {
            if let Ok(real) = std::fs::canonicalize(path) {
                plan.binds.push(bind(&real.display().to_string(), path));
            }
        }
        for path in DEVICES.iter().filter(|path| Path::new(path).exists()) {
            plan.binds.push(Bind { device: true, ..bind(path, path) });
        }
        let prefixes = self.python.iter().flat_map(|python| &python.prefixes);
        for path in prefixes.chain(self.packages) {
            let target = path.display().to_string();
            if !plan.binds.iter().any(|shown| path.starts_with(&shown.target)) {
                plan.binds.push(bind(&directory(path)?, &target));
            }
        }
        if let Some(prefix) = self.node.and_then(Node::prefix) {
            let target = prefix.display().to_string();
            if !plan.binds.iter().any(|shown| prefix.starts_with(&shown.target)) {
                plan.binds.push(bind(&directory(prefix)?, &target));
            }
        }
        if let Some(modules) = self.configuration.node_modules.as_ref().filter(|_| self.node.is_some()) {
            plan.binds.push(bind(&directory(modules)?, MODULES));
            // Where `import` looks, which knows nothing of NODE_PATH.
            plan.links.push(Link { path: "/var/node_modules".into(), to: MODULES.into() });
        }
        plan.binds.push(bind(code, "/var/task"));
        match layers {
            [] => {}
            [layer] => plan.binds.push(bind(layer, "/opt")),
            several => plan.overlay = Some(Overlay { sources: several.to_vec(), target: "/opt".to_owned() }),
        }
        for (path, to) in [("fd", "fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")] {
            plan.links.push(Link { path: format!("/dev/{path}"), to: format!("/proc/self/{to}") });
        }
        self.write_files(plan);
        Ok(())
    }

    fn write_files(&self, plan: &mut Plan) {
        let mut file =
            |path: &str, contents: String| plan.files.push(File { path: path.to_owned(), contents });
        let nobody = "/sbin/nologin";
        file(
            "/etc/passwd",
            format!(
                "root:x:0:0:root:/root:{nobody}\nsbx_user1051:x:{INSIDE}:{INSIDE}::/home/sbx_user1051:{nobody}\n"
            ),
        );
        file("/etc/group", format!("root:x:0:\nsbx_user1051:x:{INSIDE}:\n"));
        file("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n".to_owned());
        let names = self.configuration.endpoint_names.join(" ");
        let own = format!("127.0.0.1 localhost lambda {names}\n");
        match self.configuration.network {
            Network::Endpoint => {
                file("/etc/hosts", own);
                // Nobody answers there, so that unknown names fail at once.
                file("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n".to_owned());
            }
            Network::Host => {
                let host = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
                file("/etc/hosts", format!("{own}{}", host("/etc/hosts")));
                file("/etc/resolv.conf", host("/etc/resolv.conf"));
            }
        }
        match self.node {
            Some(_) => file("/var/runtime/runtime.js", NODE_RUNTIME.to_owned()),
            None => file("/var/runtime/cfnresponse.py", CFNRESPONSE.to_owned()),
        }
    }

    fn show_weakly(&self, plan: &mut Plan, code: &str, layers: &[String]) -> Result<(), StartError> {
        const ALSO: &[&str] = &[
            "/etc/hosts",
            "/etc/resolv.conf",
            "/etc/passwd",
            "/etc/group",
            "/etc/nsswitch.conf",
            "/etc/localtime",
            "/proc/self",
            "/proc/cpuinfo",
            "/proc/meminfo",
            "/proc/stat",
        ];
        let Some(scratch) = &self.scratch else {
            return Err(StartError::SetUp(
                "the weaker mode has no directory for this environment".to_owned(),
            ));
        };
        let text = |path: &Path| path.display().to_string();
        let fixed = SYSTEM.iter().chain(SETTINGS).chain(DEVICES).chain(ALSO).map(|path| (*path).to_owned());
        plan.readable = fixed.collect();
        plan.readable.extend(
            self.python.iter().flat_map(|python| &python.prefixes).chain(self.packages).map(|p| text(p)),
        );
        plan.readable.extend(self.node.and_then(Node::prefix).map(&text));
        plan.readable.extend(self.configuration.node_modules.as_deref().map(&text));
        plan.readable.push(code.to_owned());
        plan.readable.extend_from_slice(layers);
        plan.readable.push(text(&scratch.join("runtime")));
        plan.writable = DEVICES.iter().map(|path| (*path).to_owned()).collect();
        plan.writable.push(text(&scratch.join("tmp")));
        if self.configuration.network == Network::Endpoint {
            let ports = std::iter::once(self.configuration.endpoint.port()).chain(self.host_port);
            plan.connect = Some(ports.collect());
        }
        code.clone_into(&mut plan.directory);
        let (name, source) = match self.node {
            Some(_) => ("runtime/runtime.js", NODE_RUNTIME),
            None => ("runtime/cfnresponse.py", CFNRESPONSE),
        };
        std::fs::write(scratch.join(name), source).map_err(StartError::system("write the runtime's modules"))
    }

    /// `/opt` and `/var/task`, as code sees them.
    fn shown(&self) -> (String, String) {
        if self.scratch.is_none() {
            return ("/opt".to_owned(), "/var/task".to_owned());
        }
        let layer = self.spec.layers.last().unwrap_or(&self.spec.code_dir);
        (layer.display().to_string(), self.spec.code_dir.display().to_string())
    }

    /// Node.js with the runtime. Its heap leaves a tenth of the memory for the rest, as on Lambda.
    fn node_program(&self, node: &Node) -> Program {
        let heap = self.spec.memory_mb - self.spec.memory_mb / 10;
        let arguments = vec![
            node.executable.display().to_string(),
            format!("--max-old-space-size={heap}"),
            format!("{}/runtime.js", self.runtime_folder()),
        ];
        let variables = self.environment().into_iter().map(|(name, value)| format!("{name}={value}"));
        Program { arguments, environment: variables.collect() }
    }

    /// Looks where Lambda looks; if there is none, executing the first will say so.
    fn bootstrap(&self, code: &str, layers: &[String]) -> Program {
        let weak = self.separation == Separation::Weak;
        let shown = |place: &str, real: &str| format!("{}/bootstrap", if weak { real } else { place });
        let exists = |folder: &&String| Path::new(folder).join("bootstrap").symlink_metadata().is_ok();
        let in_layer = layers.iter().rev().find(exists).filter(|_| !exists(&&code.to_owned()));
        let path = in_layer.map_or_else(|| shown("/var/task", code), |layer| shown("/opt", layer));
        let variables = self.environment().into_iter().map(|(name, value)| format!("{name}={value}"));
        Program { arguments: vec![path], environment: variables.collect() }
    }
}

/// The real path of a directory that is there.
fn directory(path: &Path) -> Result<String, StartError> {
    let failed = |why: String| StartError::Code { path: path.to_owned(), why };
    let real = std::fs::canonicalize(path).map_err(|error| failed(error.to_string()))?;
    if !real.is_dir() {
        return Err(failed("it is no directory".to_owned()));
    }
    // overlayfs separates its directories with colons and its options with commas.
    match real.to_str() {
        Some(text) if !text.contains([':', ',', '\\']) => Ok(text.to_owned()),
        _ => Err(failed("its path has characters in it that cannot be mounted".to_owned())),
    }
}
