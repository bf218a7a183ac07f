//! The session of the function's role in which a poller calls its source.

use crate::execution::as_function;
use crate::operations::find;
use crate::state::EventSourceMapping;
use contract::{Caller, Context};
use names::Timestamp;
use std::time::Duration;
use wire::ErrorResponse;

/// How long a session is used. What its policies allow is looked up at each call.
const USED: Duration = Duration::from_secs(15 * 60);

/// A session, taken when it is needed.
#[derive(Default)]
pub(super) struct Session {
    taken: Option<(String, Timestamp, Caller)>,
}

impl Session {
    /// A caller that is a session of the role that the mapping's function has now.
    pub(super) async fn caller(
        &mut self,
        mapping: &EventSourceMapping,
        context: &Context,
    ) -> Result<Caller, ErrorResponse> {
        let found = find(&context.store.view(), &mapping.reference(), None)
            .map_err(wire::ServiceError::into_response)?;
        let role = found.configuration.role;
        let now = context.clock.now();
        if let Some((of, until, caller)) = &self.taken
            && *of == role
            && now < *until
        {
            return Ok(caller.clone());
        }
        let caller = as_function(context, mapping.scope, &mapping.function, &role).await?;
        self.taken = Some((role, now.plus(USED), caller.clone()));
        Ok(caller)
    }

    /// After a denial: the role may be another one of the same name by now.
    pub(super) fn forget(&mut self) {
        self.taken = None;
    }
}
