//! Errors: those of starting a sandbox, and the documents that AWS answers with when a function fails outside its own code.

use bytes::Bytes;
use std::path::PathBuf;
use std::time::Duration;

/// The largest event and the largest result, in bytes: 6 MB and a little, as AWS has it.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub const MAXIMUM_PAYLOAD: usize = 6_291_556;

/// Why a sandbox or an environment could not be started. None of these is the function's fault.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The kernel, or whoever restricts this process, denies what full separation needs.
    #[error(
        "this machine cannot separate functions from itself: {}. Allow it (in a container: run it with \
         --security-opt seccomp=unconfined --security-opt apparmor=unconfined, or --privileged; on Ubuntu: sysctl \
         kernel.apparmor_restrict_unprivileged_userns=0), or accept the weaker mode by switching strictness off",
        .missing.join("; ")
    )]
    Unsupported {
        /// What failed, with the kernel's reason.
        missing: Vec<String>,
    },
    /// Python could not be used.
    #[error("the Python interpreter {} cannot run functions: {why}", .path.display())]
    Python {
        /// The interpreter that was named.
        path: PathBuf,
        /// What went wrong.
        why: String,
    },
    /// Node.js could not be used.
    #[error("Node.js at {} cannot run functions: {why}", .path.display())]
    Node {
        /// The interpreter that was named.
        path: PathBuf,
        /// What went wrong.
        why: String,
    },
    /// The zygote or the launcher has ended or did not answer.
    #[error("the process that environments are forked from failed: {0}")]
    Zygote(String),
    /// A step of the set-up failed inside the new environment.
    #[error("an environment could not be set up: {0}")]
    SetUp(String),
    /// Something of the specification cannot be had.
    #[error("{}: {why}", .path.display())]
    Code {
        /// A directory of code or a layer.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The operating system refused something.
    #[error("{step}: {source}")]
    System {
        /// What was tried.
        step: &'static str,
        /// Its answer.
        source: std::io::Error,
    },
}

impl StartError {
    /// Names the step in which the operating system refused.
    pub(crate) fn system(step: &'static str) -> impl FnOnce(std::io::Error) -> StartError {
        move |source| StartError::System { step, source }
    }
}

/// `{"errorType":…,"errorMessage":…}`, the shape of errors that the platform makes.
pub(crate) fn document(error_type: &str, message: &str) -> Bytes {
    serde_json::json!({ "errorType": error_type, "errorMessage": message }).to_string().into()
}

/// `Sandbox.Timedout`.
pub(crate) fn timed_out(request_id: &str, limit: Duration) -> Bytes {
    let message =
        format!("RequestId: {request_id} Error: Task timed out after {:.2} seconds", limit.as_secs_f64());
    document("Sandbox.Timedout", &message)
}

/// `Runtime.ExitError` for a wait status. The words are Go's, in which Lambda's own first process is written.
pub(crate) fn exited(request_id: &str, status: Option<i32>) -> Bytes {
    let message = match status.map(How::from) {
        Some(How::Exited(0)) | None => {
            format!("RequestId: {request_id} Error: Runtime exited without providing a reason")
        }
        Some(how) => format!("RequestId: {request_id} Error: Runtime exited with error: {how}"),
    };
    document("Runtime.ExitError", &message)
}

/// What AWS answers when the kernel ended the runtime for want of memory. The function's report then carries the type
/// `Runtime.OutOfMemory`, the answer does not.
pub(crate) fn out_of_memory(request_id: &str) -> Bytes {
    document(
        "Runtime.ExitError",
        &format!("RequestId: {request_id} Error: Runtime exited with error: signal: killed"),
    )
}

/// `Runtime.InvalidEntrypoint`, for a custom runtime whose program is not there or cannot be executed.
pub(crate) fn invalid_entrypoint(request_id: &str, why: &str) -> Bytes {
    document("Runtime.InvalidEntrypoint", &format!("RequestId: {request_id} Error: {why}"))
}

/// A result that is larger than [`MAXIMUM_PAYLOAD`].
pub(crate) fn too_large() -> Bytes {
    let limit =
        format!("Response payload size exceeded maximum allowed payload size ({MAXIMUM_PAYLOAD} bytes).");
    document("Function.ResponseSizeTooLarge", &limit)
}

enum How {
    Exited(i32),
    Signalled(i32),
}

impl From<i32> for How {
    fn from(status: i32) -> How {
        match status & 0x7f {
            0 => How::Exited((status >> 8) & 0xff),
            signal => How::Signalled(signal),
        }
    }
}

impl std::fmt::Display for How {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let signal = match self {
            How::Exited(code) => return write!(out, "exit status {code}"),
            How::Signalled(signal) => *signal,
        };
        match signal {
            1 => out.write_str("signal: hangup"),
            2 => out.write_str("signal: interrupt"),
            3 => out.write_str("signal: quit"),
            4 => out.write_str("signal: illegal instruction"),
            6 => out.write_str("signal: aborted"),
            7 => out.write_str("signal: bus error"),
            8 => out.write_str("signal: floating point exception"),
            9 => out.write_str("signal: killed"),
            11 => out.write_str("signal: segmentation fault"),
            13 => out.write_str("signal: broken pipe"),
            15 => out.write_str("signal: terminated"),
            other => write!(out, "signal: signal {other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_worded_as_on_aws() {
        assert_eq!(
            timed_out("r-1", Duration::from_secs(3)),
            r#"{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: r-1 Error: Task timed out after 3.00 seconds"}"#
        );
        assert_eq!(
            exited("r-1", Some(1 << 8)),
            r#"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: r-1 Error: Runtime exited with error: exit status 1"}"#
        );
        assert_eq!(
            exited("r-1", Some(0)),
            r#"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: r-1 Error: Runtime exited without providing a reason"}"#
        );
        assert_eq!(
            exited("r-1", Some(11 | 0x80)),
            r#"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: r-1 Error: Runtime exited with error: signal: segmentation fault"}"#
        );
    }
}
