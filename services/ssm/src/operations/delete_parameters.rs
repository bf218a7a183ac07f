//! Deleting parameters.

use super::Ssm;
use crate::parameter::name::Reference;
use crate::parameter::{events, expiration, find};
use api_ssm::{DeleteParameter, DeleteParameterOutput, DeleteParameters, DeleteParametersOutput, Error};
use contract::{Access, Call, Transact};
use store::{StoreError, Tx, View};

impl Transact<DeleteParameter> for Ssm {
    fn access(input: &DeleteParameter, call: &Call, view: &View) -> Access {
        find::access("DeleteParameter", call, view, [input.name.as_str()])
    }

    fn run(input: DeleteParameter, call: &Call, tx: &mut Tx) -> Result<DeleteParameterOutput, Error> {
        match delete(&input.name, call, tx)? {
            true => Ok(DeleteParameterOutput {}),
            false => Err(find::not_found()),
        }
    }
}

impl Transact<DeleteParameters> for Ssm {
    fn access(input: &DeleteParameters, call: &Call, view: &View) -> Access {
        find::access("DeleteParameters", call, view, input.names.iter().map(String::as_str))
    }

    fn run(input: DeleteParameters, call: &Call, tx: &mut Tx) -> Result<DeleteParametersOutput, Error> {
        let (mut deleted, mut invalid) = (Vec::new(), Vec::new());
        for name in input.names {
            let list = if delete(&name, call, tx)? { &mut deleted } else { &mut invalid };
            list.push(name);
        }
        Ok(DeleteParametersOutput { deleted_parameters: Some(deleted), invalid_parameters: Some(invalid) })
    }
}

/// Whether there was one. A version or label names none: only whole parameters are deleted.
fn delete(name: &str, call: &Call, tx: &mut Tx) -> Result<bool, StoreError> {
    let reference = Reference::parse(name, call.scope());
    if reference.selector.is_some() {
        return Ok(false);
    }
    let Some(stored) = find::referred(tx, call, &reference)? else { return Ok(false) };
    if let Some(version) = find::newest(tx, &stored)? {
        events::note(tx, "Delete", &version, call.now)?;
    }
    expiration::remove(tx, stored.scope, &stored.name)?;
    Ok(true)
}
