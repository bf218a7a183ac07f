//! Texts of a policy that match texts of a request: wildcards, variables, ARNs.

pub(crate) mod arn;
pub(crate) mod pattern;
pub(crate) mod template;

/// Whether something matches, where a variable of the policy may have no value in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Match {
    Yes,
    No,
    /// It names a variable without a value (or with several), or cannot be read: never grants.
    Unresolved,
}

impl From<bool> for Match {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}
