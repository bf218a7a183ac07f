//! The processes of one environment, seen from outside.

use crate::faults::StartError;
use crate::readiness;
use rustix::io::Errno;
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags};
use rustix::process::Signal;
use std::io::IoSliceMut;
use std::mem::MaybeUninit;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::time::Duration;
use tokio::io::unix::AsyncFd;

/// How long a machine that is busy may take to set a sandbox up.
const SET_UP: Duration = Duration::from_secs(30);

/// What a first process hands out when its sandbox stands.
pub(crate) struct Started {
    pub(crate) process: Process,
    pub(crate) status: Status,
    pub(crate) output: OwnedFd,
    pub(crate) listeners: Vec<TcpListener>,
}

/// The first process: with it goes all that is in the sandbox.
#[derive(Debug)]
pub(crate) struct Process {
    /// Its number outside.
    pub(crate) pid: i32,
    handle: AsyncFd<OwnedFd>,
}

impl Process {
    /// Ends everything in the sandbox now.
    pub(crate) fn kill(&self) {
        // It may have ended already.
        let _ = rustix::process::pidfd_send_signal(&self.handle, Signal::KILL);
    }

    /// Waits until nothing of the sandbox is left.
    pub(crate) async fn ended(&self) {
        // A pidfd is readable from the end of its process on. A first process ends after all others of its namespace.
        let _ = self.handle.readable().await;
    }
}

/// The socket on which the first process reports. When it is closed, the first process ends.
pub(crate) struct Status {
    socket: AsyncFd<OwnedFd>,
    /// The end, if it was heard together with the beginning.
    early: Option<End>,
}

/// How an environment came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// The runtime ended, with this wait status.
    Exited(i32),
    /// The program of a custom runtime could not be executed; an error number.
    NotExecuted(i32),
    /// A step of the set-up failed in the runtime's own process.
    NotSetUp(String),
    /// The first process was killed.
    Killed,
}

/// Waits for a sandbox to stand.
pub(crate) async fn started(socket: OwnedFd) -> Result<Started, StartError> {
    let failed = |error: std::io::Error| StartError::SetUp(error.to_string());
    rustix::io::ioctl_fionbio(&socket, true).map_err(|error| failed(error.into()))?;
    let status = Status { socket: readiness::watch(socket).map_err(failed)?, early: None };
    // The processes of the set-up report independently: even the runtime's end may be heard before its beginning.
    let both = async {
        let (mut process, mut stands, mut end) = (None, None, None);
        loop {
            match status.message().await {
                Message::Born { pid, handle } => {
                    process = Some(Process { pid, handle: readiness::watch(handle).map_err(failed)? });
                }
                Message::Stands { output, listeners } => stands = Some((output, listeners)),
                Message::Closed if process.is_none() => {
                    return Err(StartError::Zygote("it ended before it could fork".to_owned()));
                }
                // The first of several is the reason, the others are its consequence.
                other if stands.is_some() => end = end.or(Some(other.end())),
                other => return Err(StartError::SetUp(other.unexpected())),
            }
            match (process, stands) {
                (Some(process), Some((output, listeners))) => return Ok((process, output, listeners, end)),
                parts => (process, stands) = parts,
            }
        }
    };
    let waited = tokio::time::timeout(SET_UP, both).await;
    let late = |_| StartError::SetUp(format!("it did not stand after {} seconds", SET_UP.as_secs()));
    let (process, output, listeners, end) = waited.map_err(late)??;
    Ok(Started { process, status: Status { early: end, ..status }, output, listeners })
}

impl Status {
    /// Waits for the end of the runtime.
    pub(crate) async fn end(&self) -> End {
        match &self.early {
            Some(end) => end.clone(),
            None => self.message().await.end(),
        }
    }

    async fn message(&self) -> Message {
        loop {
            let Ok(mut ready) = self.socket.readable().await else { return Message::Closed };
            match self.receive() {
                Err(Errno::AGAIN) => ready.clear_ready(),
                Err(Errno::INTR) => {}
                Err(_) => return Message::Closed,
                Ok(message) => return message,
            }
        }
    }

    fn receive(&self) -> Result<Message, Errno> {
        let mut buffer = [0; 4096];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(8))];
        let mut ancillary = RecvAncillaryBuffer::new(&mut space);
        let mut slices = [IoSliceMut::new(&mut buffer)];
        let received =
            rustix::net::recvmsg(&self.socket, &mut slices, &mut ancillary, RecvFlags::CMSG_CLOEXEC)?;
        let mut descriptors = Vec::new();
        for message in ancillary.drain() {
            if let RecvAncillaryMessage::ScmRights(rights) = message {
                descriptors.extend(rights);
            }
        }
        Ok(Message::read(buffer.get(..received.bytes).unwrap_or_default(), descriptors))
    }
}

enum Message {
    Born { pid: i32, handle: OwnedFd },
    Stands { output: OwnedFd, listeners: Vec<TcpListener> },
    Failed(String),
    NotExecuted(i32),
    Exited(i32),
    Closed,
}

impl Message {
    fn read(bytes: &[u8], descriptors: Vec<OwnedFd>) -> Message {
        let mut descriptors = descriptors.into_iter();
        let Some((kind, body)) = bytes.split_first() else { return Message::Closed };
        let number = body.first_chunk().map(|bytes| i32::from_le_bytes(*bytes));
        match (kind, number, descriptors.next()) {
            (b'P', Some(pid), Some(handle)) => Message::Born { pid, handle },
            (b'L', _, Some(output)) => {
                Message::Stands { output, listeners: descriptors.map(TcpListener::from).collect() }
            }
            (b'B', Some(number), _) => Message::NotExecuted(number),
            (b'X', Some(status), _) => Message::Exited(status),
            (b'E', _, _) => Message::Failed(String::from_utf8_lossy(body).into_owned()),
            _ => Message::Closed,
        }
    }

    fn end(self) -> End {
        match self {
            Message::Exited(status) => End::Exited(status),
            Message::NotExecuted(number) => End::NotExecuted(number),
            Message::Failed(why) => End::NotSetUp(why),
            Message::Born { .. } | Message::Stands { .. } | Message::Closed => End::Killed,
        }
    }

    fn unexpected(self) -> String {
        match self {
            Message::Failed(why) => why,
            Message::Closed => "its first process ended without a word".to_owned(),
            Message::NotExecuted(_) | Message::Exited(_) | Message::Born { .. } | Message::Stands { .. } => {
                "its first process reported out of turn".to_owned()
            }
        }
    }
}
