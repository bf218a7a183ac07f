//! Datagrams with descriptors (`SCM_RIGHTS`).

#![allow(unsafe_code, reason = "system calls")]

use crate::sys::{call, number};
use std::ffi::{c_int, c_void};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

/// How many descriptors one message may carry.
const MOST_DESCRIPTORS: usize = 8;

#[repr(C)]
struct Slice {
    start: *mut c_void,
    length: usize,
}

#[repr(C)]
struct Message {
    name: *mut c_void,
    name_length: c_int,
    slices: *mut Slice,
    slice_count: usize,
    control: *mut c_void,
    control_length: usize,
    flags: c_int,
}

#[repr(C)]
struct Control {
    length: usize,
    level: c_int,
    kind: c_int,
    descriptors: [c_int; MOST_DESCRIPTORS],
}

const CONTROL_HEADER: usize = size_of::<usize>() + 2 * size_of::<c_int>();
const SOL_SOCKET: c_int = 1;
const SCM_RIGHTS: c_int = 1;

/// Sends one message with descriptors.
pub(crate) fn send(socket: BorrowedFd<'_>, bytes: &[u8], descriptors: &[BorrowedFd<'_>]) -> io::Result<()> {
    const MSG_NOSIGNAL: c_int = 0x4000;
    let mut control = Control { length: 0, level: SOL_SOCKET, kind: SCM_RIGHTS, descriptors: [0; 8] };
    let sent = descriptors.len().min(MOST_DESCRIPTORS);
    for (place, descriptor) in control.descriptors.iter_mut().zip(descriptors) {
        *place = descriptor.as_raw_fd();
    }
    control.length = CONTROL_HEADER + sent * size_of::<c_int>();
    let mut slice = Slice { start: bytes.as_ptr().cast_mut().cast(), length: bytes.len() };
    let message = Message {
        name: std::ptr::null_mut(),
        name_length: 0,
        slices: &raw mut slice,
        slice_count: 1,
        control: if sent == 0 { std::ptr::null_mut() } else { (&raw mut control).cast() },
        control_length: if sent == 0 {
            0
        } else {
            CONTROL_HEADER + (sent * size_of::<c_int>()).next_multiple_of(8)
        },
        flags: 0,
    };
    call!(number::SENDMSG, socket.as_raw_fd(), &raw const message, MSG_NOSIGNAL).map(drop)
}

/// Receives one message with descriptors; no bytes at all means that the other side has gone.
pub(crate) fn receive(socket: BorrowedFd<'_>, buffer: &mut [u8]) -> io::Result<(usize, Vec<OwnedFd>)> {
    const MSG_CMSG_CLOEXEC: c_int = 0x4000_0000;
    let mut control = Control { length: 0, level: 0, kind: 0, descriptors: [0; 8] };
    let mut slice = Slice { start: buffer.as_mut_ptr().cast(), length: buffer.len() };
    let mut message = Message {
        name: std::ptr::null_mut(),
        name_length: 0,
        slices: &raw mut slice,
        slice_count: 1,
        control: (&raw mut control).cast(),
        control_length: size_of::<Control>(),
        flags: 0,
    };
    let count = call!(number::RECVMSG, socket.as_raw_fd(), &raw mut message, MSG_CMSG_CLOEXEC)?;
    let mut descriptors = Vec::new();
    if message.control_length >= CONTROL_HEADER && control.level == SOL_SOCKET && control.kind == SCM_RIGHTS {
        let received = control.length.saturating_sub(CONTROL_HEADER) / size_of::<c_int>();
        for descriptor in control.descriptors.iter().take(received) {
            // SAFETY: the kernel has just made these descriptors for us, and nobody else knows them.
            descriptors.push(unsafe { OwnedFd::from_raw_fd(*descriptor) });
        }
    }
    Ok((usize::try_from(count).unwrap_or(0), descriptors))
}

/// Takes over descriptors that a caller in another language has received for us.
pub(crate) fn adopt(descriptors: &[RawFd]) -> Vec<OwnedFd> {
    // SAFETY: the caller promises that each is open and that it will not use or close it again.
    descriptors.iter().map(|descriptor| unsafe { OwnedFd::from_raw_fd(*descriptor) }).collect()
}
