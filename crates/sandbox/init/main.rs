//! The first process of every sandbox. Small, single-threaded, and without any of the server's memory.
//!
//! It is compiled twice by `build.rs` and carried inside this crate: as a program, the launcher, which forks a sandbox for
//! each request and executes a custom runtime in it; and as a shared library, with which the Python zygote puts its forks
//! into sandboxes. It is also a target of this package, so that the compiler and clippy see it.

#![allow(dead_code, reason = "the program and the library use different parts")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed set-up ends this process, and only this one"
)]

mod confine;
mod enter;
mod landlock;
mod messages;
#[path = "../src/plan.rs"]
mod plan;
mod root;
mod sys;

use plan::Plan;
use std::os::fd::{AsFd, RawFd};

/// A step of the set-up that failed, and why.
pub(crate) struct Failure {
    pub(crate) step: String,
    pub(crate) error: std::io::Error,
}

/// Names the step in which an error came up.
pub(crate) fn at<T>(step: &str, result: std::io::Result<T>) -> Result<T, Failure> {
    result.map_err(|error| Failure { step: step.to_owned(), error })
}

const LARGEST_REQUEST: usize = 1 << 18;

/// The launcher: one request a datagram on standard input. A request is the length of the plan (four bytes,
/// little-endian), the plan, and what a zygote wants besides; with it come the descriptors that `enter` wants.
fn main() {
    sys::forget_children();
    let input = std::io::stdin();
    let mut buffer = vec![0; LARGEST_REQUEST];
    while let Ok((count, descriptors)) = messages::receive(input.as_fd(), &mut buffer) {
        if count == 0 {
            return;
        }
        let Some(plan) = requested(&buffer[..count]) else { continue };
        let Ok(None) = sys::split() else { continue };
        let entered = enter::enter(&plan, descriptors);
        let Some(program) = plan.program else { sys::leave(0) };
        let error = sys::execute(&program.arguments, &program.environment);
        let mut report = vec![b'B'];
        report.extend_from_slice(&error.raw_os_error().unwrap_or(0).to_le_bytes());
        let _ = messages::send(entered.status.as_fd(), &report, &[]);
        sys::leave(126);
    }
}

fn requested(request: &[u8]) -> Option<Plan> {
    let (length, rest) = request.split_first_chunk::<4>()?;
    Plan::decode(rest.get(..usize::try_from(u32::from_le_bytes(*length)).ok()?)?)
}

/// The library's only function: called in a fresh fork of the zygote, comes back in the runtime's process, inside the
/// sandbox. If the set-up fails the process ends.
///
/// # Safety
/// `plan` points to `length` bytes, `descriptors` to `count` open descriptors that the caller gives away.
#[allow(unsafe_code, reason = "called from Python")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cloudchamber_enter(
    plan: *const u8,
    length: usize,
    descriptors: *const RawFd,
    count: usize,
) {
    // SAFETY: the caller promises both.
    let (plan, descriptors) =
        unsafe { (std::slice::from_raw_parts(plan, length), std::slice::from_raw_parts(descriptors, count)) };
    let descriptors = messages::adopt(descriptors);
    let Some(plan) = Plan::decode(plan) else { sys::leave(125) };
    // `enter` has closed every descriptor from 3 on, the status socket too: the runtime's process is on its own now.
    std::mem::forget(enter::enter(&plan, descriptors));
}
