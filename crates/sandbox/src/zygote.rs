//! The processes that environments are forked from: the launcher, for custom runtimes, and the Python zygote.

use crate::faults::StartError;
use crate::plan::Plan;
use crate::python::Python;
use parking_lot::Mutex;
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::MemfdFlags;
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketFlags, SocketType,
};
use std::io::{IoSlice, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// `init/main.rs` as a program and as a library.
const PROGRAM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/init"));
const LIBRARY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/init.so"));

const ZYGOTE: &str = include_str!("../python/zygote.py");
const RUNTIME: &str = include_str!("../python/runtime.py");

/// Gets the zygote's own source over its standard input, a socket, so that nothing has to lie on the disk.
const LOADER: &str = "\
import json, socket, types
control = socket.socket(fileno=0)
message, descriptors, _, _ = socket.recv_fds(control, 1 << 18, 1, socket.MSG_CMSG_CLOEXEC)
message = json.loads(message)
zygote = types.ModuleType('zygote')
exec(compile(message['zygote'], '/var/runtime/zygote.py', 'exec'), vars(zygote))
zygote.main(control, descriptors[0], message['runtime'], message['packages'])
";

/// How long a machine that is busy may take to load Python and the SDK.
const LOAD_SECONDS: i64 = 60;

/// A process that forks environments on request. Ends when dropped; its environments do not.
#[derive(Debug)]
pub(crate) struct Zygote {
    control: OwnedFd,
    child: Mutex<Child>,
    /// The version of boto3 that it has loaded, if any.
    pub(crate) boto3: Option<String>,
}

impl Zygote {
    /// Starts the launcher.
    pub(crate) fn launcher() -> Result<Zygote, StartError> {
        let program = in_memory("cloudchamber-sandbox-init", PROGRAM)?;
        let mut command = Command::new(format!("/proc/self/fd/{}", program.as_raw_fd()));
        command.arg0("cloudchamber-sandbox-init").stderr(Stdio::null());
        let (control, child) = spawn(command).map_err(|error| StartError::Zygote(error.to_string()))?;
        Ok(Zygote { control, child: Mutex::new(child), boto3: None })
    }

    /// Starts the Python zygote and waits until it has loaded everything. Blocks.
    pub(crate) fn python(python: &Python, packages: &[PathBuf]) -> Result<Zygote, StartError> {
        let mut command = Command::new(&python.executable);
        command.args(["-I", "-S", "-B", "-X", "utf8", "-c", LOADER]).stderr(Stdio::piped());
        let (control, mut child) = spawn(command).map_err(|error| StartError::Zygote(error.to_string()))?;
        let library = in_memory("cloudchamber-sandbox-init.so", LIBRARY)?;
        let sources = serde_json::json!({ "zygote": ZYGOTE, "runtime": RUNTIME, "packages": packages });
        let loaded =
            send(&control, sources.to_string().as_bytes(), &[library.as_fd()]).and_then(|()| hear(&control));
        let answer = match loaded {
            Ok(answer) if !answer.is_empty() => answer,
            other => {
                let _ = child.kill();
                let mut said = String::new();
                if let Some(mut stderr) = child.stderr.take() {
                    let _ = stderr.read_to_string(&mut said);
                }
                let _ = child.wait();
                let why =
                    other.err().map_or_else(|| said.trim().to_owned(), |error| format!("{error} {said}"));
                return Err(StartError::Zygote(format!("{}: {why}", python.executable.display())));
            }
        };
        let boto3 = serde_json::from_slice::<serde_json::Value>(&answer)
            .ok()
            .and_then(|answer| Some(answer.get("boto3")?.as_str()?.to_owned()));
        Ok(Zygote { control, child: Mutex::new(child), boto3 })
    }

    /// Asks for a new environment. Its first process reports on the socket that comes back.
    ///
    /// `settings` is for the zygote itself; `cgroups` are the entrances of the groups to join.
    pub(crate) async fn fork(
        &self,
        plan: &Plan,
        settings: &[u8],
        cgroups: &[BorrowedFd<'_>],
    ) -> Result<OwnedFd, StartError> {
        let (ours, theirs) = pair().map_err(|error| StartError::Zygote(error.to_string()))?;
        let plan = plan.encode();
        let length =
            u32::try_from(plan.len()).map_err(|_| StartError::SetUp("the plan is too long".to_owned()))?;
        let request = [&length.to_le_bytes(), plan.as_slice(), settings].concat();
        let descriptors: Vec<_> = std::iter::once(theirs.as_fd()).chain(cgroups.iter().copied()).collect();
        loop {
            match send(&self.control, &request, &descriptors) {
                Ok(()) => return Ok(ours),
                // Many are being started at once. It takes a millisecond to fork one.
                Err(Errno::AGAIN) => tokio::task::yield_now().await,
                Err(error) => return Err(StartError::Zygote(error.to_string())),
            }
        }
    }

    /// Whether it can still be asked.
    pub(crate) fn is_alive(&self) -> bool {
        matches!(self.child.lock().try_wait(), Ok(None))
    }
}

impl Drop for Zygote {
    fn drop(&mut self) {
        let child = self.child.get_mut();
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn pair() -> Result<(OwnedFd, OwnedFd), Errno> {
    rustix::net::socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
}

fn spawn(mut command: Command) -> Result<(OwnedFd, Child), std::io::Error> {
    let (ours, theirs) = pair()?;
    // Nothing of the server's environment, and no share in what is typed at its terminal.
    command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").current_dir("/").process_group(0);
    let child = command.stdin(Stdio::from(theirs)).stdout(Stdio::null()).spawn()?;
    Ok((ours, child))
}

/// A file that has no name anywhere.
fn in_memory(name: &str, contents: &[u8]) -> Result<OwnedFd, StartError> {
    let create = || {
        // Kernels before 6.3 do not know EXEC, and need no permission to execute.
        let fd = match rustix::fs::memfd_create(name, MemfdFlags::CLOEXEC | MemfdFlags::EXEC) {
            Err(Errno::INVAL) => rustix::fs::memfd_create(name, MemfdFlags::CLOEXEC)?,
            other => other?,
        };
        let mut file = std::fs::File::from(fd);
        file.write_all(contents)?;
        // A program cannot be executed while it is open for writing.
        let again = std::fs::File::open(format!("/proc/self/fd/{}", file.as_raw_fd()))?;
        Ok(OwnedFd::from(again))
    };
    create().map_err(StartError::system("put the first process of sandboxes into memory (memfd_create)"))
}

fn send(socket: &OwnedFd, bytes: &[u8], descriptors: &[BorrowedFd<'_>]) -> Result<(), Errno> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(8))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    if !ancillary.push(SendAncillaryMessage::ScmRights(descriptors)) {
        return Err(Errno::TOOBIG);
    }
    let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
    rustix::io::retry_on_intr(|| rustix::net::sendmsg(socket, &[IoSlice::new(bytes)], &mut ancillary, flags))
        .map(drop)
}

/// Waits for the first thing that a zygote says; nothing if it ends instead.
fn hear(socket: &OwnedFd) -> Result<Vec<u8>, Errno> {
    let limit = Timespec { tv_sec: LOAD_SECONDS, tv_nsec: 0 };
    let ready = rustix::io::retry_on_intr(|| {
        rustix::event::poll(&mut [PollFd::new(socket, PollFlags::IN)], Some(&limit))
    })?;
    if ready == 0 {
        return Err(Errno::TIMEDOUT);
    }
    let mut buffer = vec![0; 4096];
    let (count, _) = rustix::net::recv(socket, &mut *buffer, RecvFlags::empty())?;
    buffer.truncate(count);
    Ok(buffer)
}
