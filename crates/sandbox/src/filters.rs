//! The system calls that sandboxed code may make.
//!
//! Two filters. The first permits by name and answers `ENOSYS` to the rest, so that calls which are newer than this list
//! look as if the kernel did not have them (and the x32 numbers do not exist). The second answers `EPERM` to what asks for
//! power over the machine or over other processes, which is what programs expect to hear; where both refuse, it is heard.

mod calls;

use calls::{PERMITTED, PERMITTED_BY_ARCH, REFUSED};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen as Length, SeccompCmpOp as Compare, SeccompCondition,
    SeccompFilter, SeccompRule,
};
use std::collections::BTreeMap;

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Both filters as instructions of eight bytes each, in the order in which they are to be added.
pub(crate) fn filters() -> Result<Vec<Vec<u8>>, seccompiler::BackendError> {
    let arch = std::env::consts::ARCH.try_into()?;
    let errno = |number: i32| SeccompAction::Errno(number.unsigned_abs());
    let permit = SeccompFilter::new(permitted()?, errno(libc::ENOSYS), SeccompAction::Allow, arch)?;
    let refuse = SeccompFilter::new(refused()?, SeccompAction::Allow, errno(libc::EPERM), arch)?;
    [permit, refuse]
        .into_iter()
        .map(|filter| BpfProgram::try_from(filter).map(|program| encode(&program)))
        .collect()
}

fn encode(program: &BpfProgram) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(program.len() * 8);
    for instruction in program {
        bytes.extend_from_slice(&instruction.code.to_ne_bytes());
        bytes.extend_from_slice(&[instruction.jt, instruction.jf]);
        bytes.extend_from_slice(&instruction.k.to_ne_bytes());
    }
    bytes
}

fn when(conditions: Vec<SeccompCondition>) -> Result<SeccompRule, seccompiler::BackendError> {
    SeccompRule::new(conditions)
}

fn argument(index: u8, compare: Compare, value: i64) -> Result<SeccompCondition, seccompiler::BackendError> {
    SeccompCondition::new(index, Length::Dword, compare, value.cast_unsigned())
}

/// Namespace flags of `clone`; `clone3` hides its flags behind a pointer and is not permitted at all, for which glibc has
/// the way back to `clone`.
const NEW_NAMESPACE: i32 = libc::CLONE_NEWNS
    | libc::CLONE_NEWCGROUP
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET;

fn permitted() -> Result<Rules, seccompiler::BackendError> {
    let mut rules: Rules =
        PERMITTED.iter().chain(PERMITTED_BY_ARCH).map(|number| (*number, Vec::new())).collect();
    // Signals through a descriptor, never other people's descriptors through a process.
    rules.insert(libc::SYS_pidfd_send_signal, Vec::new());
    // Calls of the refusing filter have to be let through here in their harmless forms.
    for number in
        [libc::SYS_clone, libc::SYS_socket, libc::SYS_socketpair, libc::SYS_ioctl, libc::SYS_personality]
    {
        rules.insert(number, Vec::new());
    }
    Ok(rules)
}

fn refused() -> Result<Rules, seccompiler::BackendError> {
    let mut rules: Rules = REFUSED.iter().map(|number| (*number, Vec::new())).collect();
    let mut namespaces = Vec::new();
    for bit in (0..31).map(|shift| 1_i64 << shift).filter(|bit| i64::from(NEW_NAMESPACE) & bit != 0) {
        namespaces.push(when(vec![argument(0, Compare::MaskedEq(bit.cast_unsigned()), bit)?])?);
    }
    rules.insert(libc::SYS_clone, namespaces);

    let families = [libc::AF_UNIX, libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK];
    let other = families.iter().map(|family| argument(0, Compare::Ne, i64::from(*family)));
    let route_only = vec![
        argument(0, Compare::Eq, i64::from(libc::AF_NETLINK))?,
        argument(2, Compare::Ne, i64::from(libc::NETLINK_ROUTE))?,
    ];
    rules.insert(libc::SYS_socket, vec![when(other.collect::<Result<_, _>>()?)?, when(route_only)?]);
    rules
        .insert(libc::SYS_socketpair, vec![when(vec![argument(0, Compare::Ne, i64::from(libc::AF_UNIX))?])?]);

    // Typing into somebody's terminal.
    let typing = [0x5412, 0x541C].map(|request| argument(1, Compare::Eq, request));
    let mut terminal = Vec::new();
    for request in typing {
        terminal.push(when(vec![request?])?);
    }
    rules.insert(libc::SYS_ioctl, terminal);

    // Only the normal personality, and the question which it is.
    let unusual = vec![argument(0, Compare::Ne, 0)?, argument(0, Compare::Ne, 0xFFFF_FFFF)?];
    rules.insert(libc::SYS_personality, vec![when(unusual)?]);
    Ok(rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_filters_compile_and_fit_the_kernel() {
        let filters = filters().unwrap();
        assert_eq!(filters.len(), 2);
        for filter in filters {
            assert!(!filter.is_empty() && filter.len() / 8 < 4096, "{} bytes", filter.len());
        }
    }

    #[test]
    fn nothing_is_permitted_that_is_refused_outright() {
        for number in REFUSED {
            assert!(!PERMITTED.contains(number) && !PERMITTED_BY_ARCH.contains(number), "{number}");
        }
    }
}
