//! Landlock's three system calls, and the rules that a plan asks for.

#![allow(unsafe_code, reason = "system calls")]

use crate::sys::call;
use std::ffi::{c_int, c_long};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::fs::OpenOptionsExt;

const O_PATH: i32 = 0o10_000_000;

const LANDLOCK_CREATE_RULESET: c_long = 444;
const LANDLOCK_ADD_RULE: c_long = 445;
const LANDLOCK_RESTRICT_SELF: c_long = 446;

/// The version of landlock's interface; an error where the kernel has none.
pub(crate) fn version() -> io::Result<i64> {
    const VERSION: c_int = 1;
    let none: usize = 0;
    call!(LANDLOCK_CREATE_RULESET, std::ptr::null::<u64>(), none, VERSION)
}

/// `attributes`: handled access to files, to the network, and scopes; older kernels know a shorter list.
pub(crate) fn ruleset(attributes: &[u64]) -> io::Result<OwnedFd> {
    let none: c_int = 0;
    let fd = call!(LANDLOCK_CREATE_RULESET, attributes.as_ptr(), size_of_val(attributes), none)?;
    // SAFETY: the kernel has just made this descriptor for us, and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as RawFd) })
}

pub(crate) fn allow_beneath(ruleset: &OwnedFd, access: u64, parent: BorrowedFd<'_>) -> io::Result<()> {
    #[repr(C, packed)]
    struct Beneath {
        access: u64,
        parent: c_int,
    }
    const PATH_BENEATH: c_int = 1;
    let rule = Beneath { access, parent: parent.as_raw_fd() };
    let none: c_int = 0;
    call!(LANDLOCK_ADD_RULE, ruleset.as_raw_fd(), PATH_BENEATH, &raw const rule, none).map(drop)
}

pub(crate) fn allow_port(ruleset: &OwnedFd, access: u64, port: u16) -> io::Result<()> {
    const NET_PORT: c_int = 2;
    let rule: [u64; 2] = [access, u64::from(port)];
    let none: c_int = 0;
    call!(LANDLOCK_ADD_RULE, ruleset.as_raw_fd(), NET_PORT, rule.as_ptr(), none).map(drop)
}

pub(crate) fn restrict(ruleset: &OwnedFd) -> io::Result<()> {
    let none: c_int = 0;
    call!(LANDLOCK_RESTRICT_SELF, ruleset.as_raw_fd(), none).map(drop)
}

/// Rights on files: what reading needs, and all there are by version of the interface.
const EXECUTE: u64 = 1;
const WRITE_FILE: u64 = 1 << 1;
const READ_FILE: u64 = 1 << 2;
const READ_DIRECTORY: u64 = 1 << 3;
const TRUNCATE: u64 = 1 << 14;
const DEVICE_CONTROL: u64 = 1 << 15;
/// Rights that make sense on a file that is no directory.
const ON_FILES: u64 = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | DEVICE_CONTROL;

/// From now on this process and its children see the file system (and ports) only as the rules say. Other sandboxes'
/// abstract sockets and processes are out of reach where the kernel can do that.
pub(crate) fn confine(
    version: i64,
    readable: &[String],
    writable: &[String],
    connect: Option<&[u16]>,
) -> Result<(), crate::Failure> {
    use crate::at;
    const BIND_AND_CONNECT: u64 = 3;
    const CONNECT: u64 = 2;
    const SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS: u64 = 3;
    let every_right = match version {
        ..=1 => (1 << 13) - 1,
        2 => (1 << 14) - 1,
        3 | 4 => (1 << 15) - 1,
        _ => (1 << 16) - 1,
    };
    let network = if version >= 4 && connect.is_some() { BIND_AND_CONNECT } else { 0 };
    let attributes = [every_right, network, SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS];
    let known = match version {
        ..4 => 1,
        4 | 5 => 2,
        _ => 3,
    };
    let ruleset = at("make a landlock ruleset", ruleset(&attributes[..known]))?;
    for (paths, rights) in [(readable, EXECUTE | READ_FILE | READ_DIRECTORY), (writable, every_right)] {
        for path in paths {
            // What is not there needs no rule.
            let Ok(file) = std::fs::OpenOptions::new().read(true).custom_flags(O_PATH).open(path) else {
                continue;
            };
            let is_directory = file.metadata().is_ok_and(|metadata| metadata.is_dir());
            let rights = if is_directory { rights } else { rights & ON_FILES };
            at(
                &format!("allow {path} with landlock"),
                allow_beneath(&ruleset, rights & every_right, file.as_fd()),
            )?;
        }
    }
    if network != 0 {
        for port in connect.unwrap_or_default() {
            at("allow a port with landlock", allow_port(&ruleset, CONNECT, *port))?;
        }
    }
    at("restrict this process with landlock", restrict(&ruleset))
}
