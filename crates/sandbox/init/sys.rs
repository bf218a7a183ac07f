//! The system calls that the standard library does not offer, each behind a safe function.
//!
//! The processes that run this have exactly one thread: the launcher (which starts none) or a fork of the zygote (which
//! starts none either, and `fork` keeps only the calling thread anyway).

#![allow(unsafe_code, reason = "system calls; this is the one module of init/ that makes them")]

use std::ffi::{CString, c_char, c_int, c_long, c_ulong};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

unsafe extern "C" {
    pub(crate) fn syscall(number: c_long, ...) -> c_long;
    fn fork() -> c_int;
    fn waitpid(pid: c_int, status: *mut c_int, options: c_int) -> c_int;
    fn _exit(code: c_int) -> !;
    fn signal(number: c_int, handler: usize) -> usize;
    fn execve(
        path: *const c_char,
        arguments: *const *const c_char,
        environment: *const *const c_char,
    ) -> c_int;
    fn dup2(old: c_int, new: c_int) -> c_int;
    fn poll(fds: *mut PollFd, count: c_ulong, timeout: c_int) -> c_int;
    fn sigemptyset(set: *mut SignalSet) -> c_int;
    fn sigaddset(set: *mut SignalSet, number: c_int) -> c_int;
    fn sigprocmask(how: c_int, set: *const SignalSet, old: *mut SignalSet) -> c_int;
    fn signalfd(fd: c_int, set: *const SignalSet, flags: c_int) -> c_int;
    fn setsid() -> c_int;
    fn ioctl(fd: c_int, request: c_ulong, ...) -> c_int;
    fn kill(pid: c_int, number: c_int) -> c_int;
    fn getpid() -> c_int;
    fn umask(mask: u32) -> u32;
    fn geteuid() -> u32;
    fn getegid() -> u32;
}

/// Numbers of system calls that glibc has no function for, or had none for long.
#[cfg(target_arch = "x86_64")]
pub(crate) mod number {
    use std::ffi::c_long;
    pub(crate) const MOUNT: c_long = 165;
    pub(crate) const UMOUNT2: c_long = 166;
    pub(crate) const PIVOT_ROOT: c_long = 155;
    pub(crate) const UNSHARE: c_long = 272;
    pub(crate) const PRCTL: c_long = 157;
    pub(crate) const CAPSET: c_long = 126;
    pub(crate) const SETHOSTNAME: c_long = 170;
    pub(crate) const PRLIMIT64: c_long = 302;
    pub(crate) const SETRESUID: c_long = 117;
    pub(crate) const SETRESGID: c_long = 119;
    pub(crate) const SETGROUPS: c_long = 116;
    pub(crate) const SENDMSG: c_long = 46;
    pub(crate) const RECVMSG: c_long = 47;
    pub(crate) const SECCOMP: c_long = 317;
}

#[cfg(target_arch = "aarch64")]
pub(crate) mod number {
    use std::ffi::c_long;
    pub(crate) const MOUNT: c_long = 40;
    pub(crate) const UMOUNT2: c_long = 39;
    pub(crate) const PIVOT_ROOT: c_long = 41;
    pub(crate) const UNSHARE: c_long = 97;
    pub(crate) const PRCTL: c_long = 167;
    pub(crate) const CAPSET: c_long = 91;
    pub(crate) const SETHOSTNAME: c_long = 161;
    pub(crate) const PRLIMIT64: c_long = 261;
    pub(crate) const SETRESUID: c_long = 147;
    pub(crate) const SETRESGID: c_long = 149;
    pub(crate) const SETGROUPS: c_long = 159;
    pub(crate) const SENDMSG: c_long = 211;
    pub(crate) const RECVMSG: c_long = 212;
    pub(crate) const SECCOMP: c_long = 277;
}

// From here on all architectures agree.
const PIDFD_OPEN: c_long = 434;
const CLOSE_RANGE: c_long = 436;
const MOUNT_SETATTR: c_long = 442;

pub(crate) const SIGKILL: c_int = 9;
const SIGPIPE: c_int = 13;
const SIGCHLD: c_int = 17;
const SIG_DFL: usize = 0;
const SIG_IGN: usize = 1;

/// glibc's `sigset_t`: 1024 bits.
#[repr(C)]
struct SignalSet([u64; 16]);

#[repr(C)]
struct PollFd {
    fd: c_int,
    events: i16,
    revents: i16,
}

pub(crate) fn checked(result: c_long) -> io::Result<c_long> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

fn text(value: &str) -> io::Result<CString> {
    CString::new(value)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "a path has a NUL byte in it"))
}

/// Calls by number; each argument is an integer or a pointer.
macro_rules! call {
    ($number:expr $(, $argument:expr)*) => {{
        // SAFETY: all arguments are integers or pointers to what outlives the statement and has the layout that the
        // call wants; whoever adds a call checks that against its manual page.
        $crate::sys::checked(unsafe { $crate::sys::syscall($number $(, $argument)*) })
    }};
}
pub(crate) use call;

pub(crate) fn mount(source: &str, target: &str, kind: &str, flags: c_ulong, data: &str) -> io::Result<()> {
    let (source, target, kind, data) = (text(source)?, text(target)?, text(kind)?, text(data)?);
    call!(number::MOUNT, source.as_ptr(), target.as_ptr(), kind.as_ptr(), flags, data.as_ptr()).map(drop)
}

pub(crate) fn unmount_lazily(target: &str) -> io::Result<()> {
    const MNT_DETACH: c_int = 2;
    let target = text(target)?;
    call!(number::UMOUNT2, target.as_ptr(), MNT_DETACH).map(drop)
}

/// Adds attributes to the mount at the path and, if `deep`, to all below it.
pub(crate) fn set_mount_attributes(target: &str, attributes: u64, deep: bool) -> io::Result<()> {
    const AT_FDCWD: c_int = -100;
    const AT_RECURSIVE: c_int = 0x8000;
    let target = text(target)?;
    let change: [u64; 4] = [attributes, 0, 0, 0];
    let flags = if deep { AT_RECURSIVE } else { 0 };
    call!(MOUNT_SETATTR, AT_FDCWD, target.as_ptr(), flags, change.as_ptr(), size_of_val(&change)).map(drop)
}

pub(crate) fn pivot_root(new: &str, old: &str) -> io::Result<()> {
    let (new, old) = (text(new)?, text(old)?);
    call!(number::PIVOT_ROOT, new.as_ptr(), old.as_ptr()).map(drop)
}

pub(crate) fn unshare(flags: c_int) -> io::Result<()> {
    call!(number::UNSHARE, flags).map(drop)
}

pub(crate) fn prctl(option: c_int, first: c_ulong, second: c_ulong) -> io::Result<()> {
    let none: c_ulong = 0;
    call!(number::PRCTL, option, first, second, none, none).map(drop)
}

pub(crate) fn set_hostname(name: &str) -> io::Result<()> {
    call!(number::SETHOSTNAME, name.as_ptr(), name.len()).map(drop)
}

pub(crate) fn set_limit(resource: u32, value: u64) -> io::Result<()> {
    let this: c_int = 0;
    let limit: [u64; 2] = [value, value];
    call!(number::PRLIMIT64, this, resource, limit.as_ptr(), std::ptr::null::<u64>()).map(drop)
}

/// The highest value that this process may still set.
pub(crate) fn hard_limit(resource: u32) -> io::Result<u64> {
    let this: c_int = 0;
    let mut limit: [u64; 2] = [0, 0];
    call!(number::PRLIMIT64, this, resource, std::ptr::null::<u64>(), limit.as_mut_ptr())?;
    Ok(limit[1])
}

/// Becomes the user and group with no supplementary groups.
pub(crate) fn become_user(id: u32) -> io::Result<()> {
    let none: usize = 0;
    call!(number::SETGROUPS, none, std::ptr::null::<u32>())?;
    call!(number::SETRESGID, id, id, id)?;
    call!(number::SETRESUID, id, id, id).map(drop)
}

pub(crate) fn effective_ids() -> (u32, u32) {
    // SAFETY: both take nothing and cannot fail.
    unsafe { (geteuid(), getegid()) }
}

/// Gives up every capability in every set.
pub(crate) fn drop_capabilities() -> io::Result<()> {
    const PR_CAPBSET_DROP: c_int = 24;
    const PR_CAP_AMBIENT: c_int = 47;
    const PR_CAP_AMBIENT_CLEAR_ALL: c_ulong = 4;
    for capability in 0..64 {
        match prctl(PR_CAPBSET_DROP, capability, 0) {
            Ok(()) => {}
            // EINVAL: the kernel knows no capability with this number, nor a higher one.
            Err(error) if error.raw_os_error() == Some(22) => break,
            Err(error) => return Err(error),
        }
    }
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0)?;
    clear_capability_sets()
}

/// Empties the effective, permitted and inheritable sets, which needs no privilege.
pub(crate) fn clear_capability_sets() -> io::Result<()> {
    const VERSION_3: u32 = 0x2008_0522;
    let header: [u32; 2] = [VERSION_3, 0];
    let sets: [u32; 6] = [0; 6];
    call!(number::CAPSET, header.as_ptr(), sets.as_ptr()).map(drop)
}

/// Adds a seccomp filter; a program is a row of eight-byte instructions.
pub(crate) fn add_filter(program: &[u8]) -> io::Result<()> {
    #[repr(C)]
    struct Program {
        length: u16,
        instructions: *const u64,
    }
    const SECCOMP_SET_MODE_FILTER: c_int = 1;
    let none: c_int = 0;
    let mut instructions = Vec::new();
    for chunk in program.chunks_exact(8) {
        instructions.push(u64::from_ne_bytes(chunk.try_into().unwrap_or_default()));
    }
    let length = u16::try_from(instructions.len())
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "a seccomp filter is too long"))?;
    let program = Program { length, instructions: instructions.as_ptr() };
    call!(number::SECCOMP, SECCOMP_SET_MODE_FILTER, none, &raw const program).map(drop)
}

/// Forks; None in the child.
pub(crate) fn split() -> io::Result<Option<c_int>> {
    // SAFETY: this process has one thread, so the child may do whatever its parent might.
    let pid = checked(unsafe { fork() }.into())?;
    Ok((pid != 0).then_some(pid as c_int))
}

/// Ends the process without running anything more of it.
pub(crate) fn leave(code: c_int) -> ! {
    // SAFETY: never returns, touches no memory.
    unsafe { _exit(code) }
}

/// The next child that has ended, with its status: None if none has (and `wait` is false) or none is left.
pub(crate) fn reap(wait: bool) -> Option<(c_int, c_int)> {
    const WNOHANG: c_int = 1;
    let mut status: c_int = 0;
    // SAFETY: `status` outlives the call.
    let pid = unsafe { waitpid(-1, &raw mut status, if wait { 0 } else { WNOHANG }) };
    (pid > 0).then_some((pid, status))
}

pub(crate) fn send_kill(pid: c_int) {
    // SAFETY: takes integers. A process that is gone is what we want, so the result does not matter.
    unsafe { kill(pid, SIGKILL) };
}

pub(crate) fn own_pid() -> c_int {
    // SAFETY: takes nothing and cannot fail.
    unsafe { getpid() }
}

pub(crate) fn open_process(pid: c_int) -> io::Result<OwnedFd> {
    let none: c_int = 0;
    let fd = call!(PIDFD_OPEN, pid, none)?;
    // SAFETY: the kernel has just made this descriptor for us, and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as RawFd) })
}

/// A new session, so that no signal from a terminal arrives here.
pub(crate) fn new_session() {
    // SAFETY: takes nothing; fails only for the leader of a group, who has what it wants.
    unsafe { setsid() };
}

/// Signals as a fresh program expects them.
pub(crate) fn default_signals() {
    // SAFETY: SIG_DFL is a valid handler for both.
    unsafe {
        signal(SIGPIPE, SIG_DFL);
        signal(SIGCHLD, SIG_DFL);
    }
}

/// New files are readable for everybody, whatever the server's own habit is.
pub(crate) fn usual_umask() {
    // SAFETY: takes an integer and cannot fail.
    unsafe { umask(0o022) };
}

/// Children that end are forgotten by the kernel at once.
pub(crate) fn forget_children() {
    // SAFETY: SIG_IGN is a valid handler.
    unsafe { signal(SIGCHLD, SIG_IGN) };
}

/// A descriptor that becomes readable when a child ends.
pub(crate) fn watch_children() -> io::Result<OwnedFd> {
    const SIG_BLOCK: c_int = 0;
    const SFD_CLOEXEC_NONBLOCK: c_int = 0o2_000_000 | 0o4_000;
    let mut set = SignalSet([0; 16]);
    // SAFETY: `set` is as large as glibc's sigset_t and outlives the calls; a null pointer for the old mask is allowed.
    let fd = unsafe {
        sigemptyset(&raw mut set);
        sigaddset(&raw mut set, SIGCHLD);
        sigprocmask(SIG_BLOCK, &raw const set, std::ptr::null_mut());
        checked(signalfd(-1, &raw const set, SFD_CLOEXEC_NONBLOCK).into())?
    };
    // SAFETY: the kernel has just made this descriptor for us, and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as RawFd) })
}

/// Waits until one of the two has something to say; tells which have.
pub(crate) fn wait_for(first: BorrowedFd<'_>, second: BorrowedFd<'_>) -> (bool, bool) {
    const POLLIN: i16 = 1;
    let entry = |fd: BorrowedFd<'_>| PollFd { fd: fd.as_raw_fd(), events: POLLIN, revents: 0 };
    let mut entries = [entry(first), entry(second)];
    // SAFETY: the array outlives the call and has two entries.
    unsafe { poll(entries.as_mut_ptr(), 2, -1) };
    (entries[0].revents != 0, entries[1].revents != 0)
}

pub(crate) fn duplicate_onto(fd: BorrowedFd<'_>, onto: RawFd) -> io::Result<()> {
    // SAFETY: takes integers; whoever owned `onto` (0, 1 or 2) is meant to lose it.
    checked(unsafe { dup2(fd.as_raw_fd(), onto) }.into()).map(drop)
}

/// Closes every descriptor from 3 on, or marks them to close when a program is executed.
pub(crate) fn close_from_3(only_on_exec: bool) -> io::Result<()> {
    const CLOSE_RANGE_CLOEXEC: c_int = 4;
    let (first, last): (u32, u32) = (3, u32::MAX);
    call!(CLOSE_RANGE, first, last, if only_on_exec { CLOSE_RANGE_CLOEXEC } else { 0 }).map(drop)
}

/// Executes a program; comes back only with an error.
pub(crate) fn execute(arguments: &[String], environment: &[String]) -> io::Error {
    let strings = |list: &[String]| list.iter().map(|item| text(item)).collect::<io::Result<Vec<_>>>();
    let (arguments, environment) = match (strings(arguments), strings(environment)) {
        (Ok(arguments), Ok(environment)) => (arguments, environment),
        (Err(error), _) | (_, Err(error)) => return error,
    };
    let Some(path) = arguments.first() else { return io::ErrorKind::InvalidInput.into() };
    let pointers = |list: &[CString]| {
        list.iter().map(|item| item.as_ptr()).chain([std::ptr::null()]).collect::<Vec<*const c_char>>()
    };
    let (argument_pointers, environment_pointers) = (pointers(&arguments), pointers(&environment));
    // SAFETY: both arrays end with a null pointer and, like the strings, outlive the call.
    unsafe { execve(path.as_ptr(), argument_pointers.as_ptr(), environment_pointers.as_ptr()) };
    io::Error::last_os_error()
}

/// Switches the loopback interface of this network namespace on.
pub(crate) fn loopback_up(socket: BorrowedFd<'_>) -> io::Result<()> {
    #[repr(C)]
    struct InterfaceRequest {
        name: [u8; 16],
        flags: i16,
        rest: [u8; 22],
    }
    const SIOCSIFFLAGS: c_ulong = 0x8914;
    const IFF_UP_RUNNING: i16 = 0x41;
    let mut request = InterfaceRequest { name: [0; 16], flags: IFF_UP_RUNNING, rest: [0; 22] };
    request.name[..2].copy_from_slice(b"lo");
    // SAFETY: the request is as large as `struct ifreq` (40 bytes) and outlives the call.
    checked(unsafe { ioctl(socket.as_raw_fd(), SIOCSIFFLAGS, &raw const request) }.into()).map(drop)
}
