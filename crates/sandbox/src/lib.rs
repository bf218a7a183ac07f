//! Runs the code of Lambda functions in sandboxes of its own making: no Docker, no daemon, no image.
//!
//! What it is: a [`Sandbox`] (one per server) starts an [`Environment`] for one function, which takes one [`Invocation`]
//! after the other and gives an [`Outcome`] for each. Inside, code finds what it finds on Lambda: `/var/task`, `/opt`, a
//! private `/tmp`, its variables, and the Runtime API. What it is not: the Lambda service. It knows no account, no policy,
//! no concurrency, and keeps nothing on disk.
//!
//! # What stands between a function and the machine
//!
//! - Mount, pid, ipc, uts, cgroup, network and user namespaces. The root is a small read-only tmpfs; of the host it shows
//!   `/usr` and its like, certificates, the Python installation, and the function's own code and layers, all read-only.
//! - No capabilities, `no_new_privs`, one unprivileged identity (a different one for each environment if the server is
//!   root), landlock over the file system, and a list of permitted system calls.
//! - A network whose loopback reaches the endpoint and nothing else ([`Network::Endpoint`]).
//! - Limits on memory, processes, open files and core files: cgroups where there are any, resource limits anyway.
//! - A first process that ends with the server, and everything in the sandbox with it.
//!
//! Python starts from a *zygote*, a process that has the runtime and the SDK loaded and no user code. Each environment is a
//! fork of it, made before any user code or variable is loaded, and serves one function until it ends. Nothing flows back.
//! What environments share is the zygote's memory layout: code that already breaks the Python interpreter in one function
//! could know addresses in another. Two functions share no file, no socket, no process and no writable page.
//!
//! Node.js is started anew for each environment, with a runtime of our own that speaks the Runtime API (70 ms).
//!
//! The start fails where the kernel lacks what this needs, and says what; see [`Configuration::strict`].

mod cgroups;
mod configuration;
mod endpoint;
mod environment;
mod faults;
mod filters;
mod invocation;
mod layout;
mod logs;
mod memory;
mod node;
#[allow(
    dead_code,
    reason = "this side writes plans; the first process, compiled from the same file, reads them"
)]
mod plan;
mod process;
mod python;
mod readiness;
mod runtime_api;
mod start;
mod unpack;
mod zygote;

pub use configuration::{Configuration, Network};
pub use environment::Environment;
pub use faults::{MAXIMUM_PAYLOAD, StartError};
pub use invocation::{Invocation, InvocationResult, Outcome};
pub use logs::{LogLine, Logs};
pub use start::{EnvironmentSpec, Runtime, Sandbox};
pub use unpack::{UnpackError, unpack_zip};
