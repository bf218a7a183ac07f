//! What a process gives up before it runs code that is not ours.

use crate::plan::{Plan, Separation};
use crate::{Failure, at, landlock, sys};

const PR_SET_NO_NEW_PRIVS: i32 = 38;

pub(crate) fn limits(plan: &Plan) -> Result<(), Failure> {
    for limit in &plan.limits {
        let number = limit.resource;
        // Whoever started the server may have given it less than we want: that is no error.
        let most = at(&format!("read limit {number}"), sys::hard_limit(number))?;
        at(&format!("set limit {number}"), sys::set_limit(number, limit.value.min(most)))?;
    }
    Ok(())
}

pub(crate) fn privileges(plan: &Plan) -> Result<(), Failure> {
    match plan.separation {
        Separation::Root | Separation::User => {
            // Without a nested user namespace there is nothing in the bounding set that may be dropped, nor a need to:
            // the identity is unprivileged and can gain nothing any more.
            let dropped = sys::drop_capabilities();
            if dropped.is_err() {
                at("drop capabilities", sys::clear_capability_sets())?;
            }
        }
        Separation::Weak => at("drop capabilities", sys::clear_capability_sets())?,
    }
    at("forbid new privileges", sys::prctl(PR_SET_NO_NEW_PRIVS, 1, 0))
}

pub(crate) fn files_and_calls(plan: &Plan) -> Result<(), Failure> {
    match landlock::version() {
        Ok(version) => landlock::confine(version, &plan.readable, &plan.writable, plan.connect.as_deref())?,
        Err(error) if plan.strict || plan.separation == Separation::Weak => at("find landlock", Err(error))?,
        Err(_) => {}
    }
    for filter in &plan.filters {
        at("add a seccomp filter", sys::add_filter(filter))?;
    }
    Ok(())
}
