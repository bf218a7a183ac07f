//! From an ordinary process to one inside a sandbox: three processes, of which the last comes back to the caller.
//!
//! ```text
//! caller ── joins the cgroups, makes the namespaces ── forks, hands out a pidfd of its child, ends
//!   └─ first process (pid 1) ── root, network, identity, limits, landlock, seccomp ── forks, then waits: reaps orphans,
//!        │                      reports how the runtime ended, and ends when the supervisor does, taking all with it
//!        └─ runtime (pid 2) ── comes back from `enter`
//! ```
//!
//! The supervisor reads datagrams from the status socket: `P` (pid, with a pidfd), `L` (with the log pipe and the
//! listeners; all restrictions are in force), `E` (set-up failed: why), `B` (the program could not be executed: an error number) and
//! `X` (the runtime ended: its wait status).

use crate::plan::{Plan, Separation};
use crate::{Failure, at, confine, messages, root, sys};
use std::fs;
use std::io::PipeReader;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

const CLONE_NEWNS: i32 = 0x0002_0000;
const CLONE_NEWCGROUP: i32 = 0x0200_0000;
const CLONE_NEWUTS: i32 = 0x0400_0000;
const CLONE_NEWIPC: i32 = 0x0800_0000;
const CLONE_NEWUSER: i32 = 0x1000_0000;
const CLONE_NEWPID: i32 = 0x2000_0000;
const CLONE_NEWNET: i32 = 0x4000_0000;

const PR_SET_DUMPABLE: i32 = 4;
const PR_SET_CHILD_SUBREAPER: i32 = 36;

/// What the runtime's process may still use: the status socket, until it executes a program.
pub(crate) struct Entered {
    pub(crate) status: OwnedFd,
}

/// Comes back only in the runtime's process, inside the sandbox. The first descriptor is the status socket, the others
/// are `cgroup.procs` files to join.
pub(crate) fn enter(plan: &Plan, mut descriptors: Vec<OwnedFd>) -> Entered {
    if descriptors.is_empty() {
        sys::leave(125);
    }
    let status = descriptors.remove(0);
    match prepare(plan, &status, descriptors) {
        Ok(()) => Entered { status },
        Err(failure) => {
            let text = format!("E{}: {}", failure.step, failure.error);
            let _ = messages::send(status.as_fd(), text.as_bytes(), &[]);
            sys::leave(125)
        }
    }
}

fn prepare(plan: &Plan, status: &OwnedFd, cgroups: Vec<OwnedFd>) -> Result<(), Failure> {
    sys::default_signals();
    sys::usual_umask();
    for cgroup in cgroups {
        use std::io::Write;
        at("join a cgroup", fs::File::from(cgroup).write_all(b"0"))?;
    }
    let network = if plan.private_network { CLONE_NEWNET } else { 0 };
    let spaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | network;
    match plan.separation {
        Separation::Root => at("make namespaces", sys::unshare(spaces))?,
        Separation::User => {
            let (user, group) = sys::effective_ids();
            at("make a user namespace", sys::unshare(CLONE_NEWUSER))?;
            map_identity(plan.inside, user, group)?;
            at("make namespaces", sys::unshare(spaces))?;
        }
        Separation::Weak => {}
    }
    if let Some(child) = at("fork", sys::split())? {
        let process = at("open a pidfd", sys::open_process(child))?;
        let mut message = vec![b'P'];
        message.extend_from_slice(&child.to_le_bytes());
        at("report", messages::send(status.as_fd(), &message, &[process.as_fd()]))?;
        sys::leave(0);
    }
    sys::new_session();
    match plan.separation {
        Separation::Weak => weakly(plan, status),
        Separation::Root | Separation::User => first_process(plan, status),
    }
}

/// Pid 1 of the new pid namespace.
fn first_process(plan: &Plan, status: &OwnedFd) -> Result<(), Failure> {
    root::build(plan)?;
    at("set the host name", sys::set_hostname(&plan.hostname))?;
    let listeners = listen(plan)?;
    if plan.separation == Separation::Root {
        at("give up root", sys::become_user(plan.outside))?;
        // A change of identity makes a process undumpable, and its own /proc files root's.
        at("own /proc/self", sys::prctl(PR_SET_DUMPABLE, 1, 0))?;
        // Where user namespaces are off, the unprivileged identity that root gave us has to do.
        if sys::unshare(CLONE_NEWUSER).is_ok() {
            map_identity(plan.inside, plan.outside, plan.outside)?;
        }
    }
    let log = redirect_output()?;
    confine::limits(plan)?;
    confine::privileges(plan)?;
    confine::files_and_calls(plan)?;
    announce(status, &log, &listeners)?;
    drop((log, listeners));
    if let Some(runtime) = at("fork", sys::split())? {
        reap_until_the_end(status, runtime, true);
    }
    start_runtime(plan)
}

/// Without namespaces the first process stays unconfined, so that the code cannot kill it, and takes all orphans in.
fn weakly(plan: &Plan, status: &OwnedFd) -> Result<(), Failure> {
    at("adopt orphans", sys::prctl(PR_SET_CHILD_SUBREAPER, 1, 0))?;
    let listeners = listen(plan)?;
    let log = redirect_output()?;
    if let Some(runtime) = at("fork", sys::split())? {
        drop((log, listeners));
        reap_until_the_end(status, runtime, false);
    }
    if plan.outside != 0 {
        // A container's root that may make no namespaces can still be somebody else.
        at("give up root", sys::become_user(plan.outside))?;
    }
    confine::limits(plan)?;
    confine::privileges(plan)?;
    confine::files_and_calls(plan)?;
    announce(status, &log, &listeners)?;
    drop((log, listeners));
    start_runtime(plan)
}

/// The very last steps of the process that comes back.
fn start_runtime(plan: &Plan) -> Result<(), Failure> {
    at("own /proc/self", sys::prctl(PR_SET_DUMPABLE, 1, 0))?;
    at(&format!("enter {}", plan.directory), std::env::set_current_dir(&plan.directory))?;
    at("close descriptors", sys::close_from_3(plan.program.is_some()))
}

fn map_identity(inside: u32, user: u32, group: u32) -> Result<(), Failure> {
    at("write setgroups", fs::write("/proc/self/setgroups", "deny"))?;
    at("write uid_map", fs::write("/proc/self/uid_map", format!("{inside} {user} 1")))?;
    at("write gid_map", fs::write("/proc/self/gid_map", format!("{inside} {group} 1")))
}

/// A socket belongs to the network namespace in which it was made, whoever accepts on it.
fn listen(plan: &Plan) -> Result<Vec<TcpListener>, Failure> {
    if plan.private_network {
        let socket = at("make a socket", UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)))?;
        at("switch the loopback interface on", sys::loopback_up(socket.as_fd()))?;
    }
    let bind =
        |port: &u16| at(&format!("listen on port {port}"), TcpListener::bind((Ipv4Addr::LOCALHOST, *port)));
    plan.listen.iter().map(bind).collect()
}

/// The pipe is made here, under the final identity, so that the code may open `/dev/stdout` again.
fn redirect_output() -> Result<PipeReader, Failure> {
    let (reader, writer) = at("make a pipe", std::io::pipe())?;
    let null = at("open /dev/null", fs::File::open("/dev/null"))?;
    at("redirect input", sys::duplicate_onto(null.as_fd(), 0))?;
    at("redirect output", sys::duplicate_onto(writer.as_fd(), 1))?;
    at("redirect output", sys::duplicate_onto(writer.as_fd(), 2))?;
    Ok(reader)
}

fn announce(status: &OwnedFd, log: &PipeReader, listeners: &[TcpListener]) -> Result<(), Failure> {
    let mut handed: Vec<BorrowedFd<'_>> = vec![log.as_fd()];
    handed.extend(listeners.iter().map(|listener| listener.as_fd()));
    at("report", messages::send(status.as_fd(), b"L", &handed))
}

/// Ends with the runtime or with the supervisor, whichever goes first; the kernel then ends all that is left of a pid
/// namespace.
fn reap_until_the_end(status: &OwnedFd, runtime: i32, namespace: bool) -> ! {
    // The code must not read the memory of the process that watches it. It shares its user id, hence this.
    let _ = sys::prctl(PR_SET_DUMPABLE, 0, 0);
    let Ok(children) = sys::watch_children() else { sys::leave(125) };
    loop {
        while let Some((pid, how)) = sys::reap(false) {
            if pid == runtime {
                let mut message = vec![b'X'];
                message.extend_from_slice(&how.to_le_bytes());
                let _ = messages::send(status.as_fd(), &message, &[]);
                end(namespace);
            }
        }
        let (supervisor, child) = sys::wait_for(status.as_fd(), children.as_fd());
        if supervisor {
            end(namespace);
        }
        if child {
            use std::io::Read;
            let mut signals = [0; 128];
            if let Ok(copy) = children.try_clone() {
                let _ = fs::File::from(copy).read(&mut signals);
            }
        }
    }
}

fn end(namespace: bool) -> ! {
    if !namespace {
        // As a subreaper this process has all descendants as children once their own parents have gone.
        loop {
            let list = fs::read_to_string(format!("/proc/self/task/{}/children", sys::own_pid()))
                .unwrap_or_default();
            for pid in list.split_whitespace().filter_map(|pid| pid.parse::<i32>().ok()) {
                sys::send_kill(pid);
            }
            if list.trim().is_empty() || sys::reap(true).is_none() {
                break;
            }
        }
    }
    sys::leave(0)
}
