//! EnableKey and DisableKey.

use crate::Kms;
use crate::access::Ask;
use crate::reference::{Takes, key};
use crate::refusal::not_pending;
use crate::tasks::schedule_rotation;
use api_kms::{DisableKey, DisableKeyOutput, EnableKey, EnableKeyOutput, Error};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<EnableKey> for Kms {
    fn access(input: &EnableKey, call: &Call, view: &View) -> Access {
        Ask::own("EnableKey", &input.key_id).access(call, view)
    }

    fn run(input: EnableKey, call: &Call, tx: &mut Tx) -> Result<EnableKeyOutput, Error> {
        let mut key = key(&input.key_id, Takes::Keys, call, tx)?;
        not_pending(&key)?;
        key.enabled = true;
        // A rotation that came due while the key was disabled was left out, and is made up for now.
        schedule_rotation(&key, tx)?;
        tx.update(key)?;
        Ok(EnableKeyOutput {})
    }
}

impl Transact<DisableKey> for Kms {
    fn access(input: &DisableKey, call: &Call, view: &View) -> Access {
        Ask::own("DisableKey", &input.key_id).access(call, view)
    }

    fn run(input: DisableKey, call: &Call, tx: &mut Tx) -> Result<DisableKeyOutput, Error> {
        let mut key = key(&input.key_id, Takes::Keys, call, tx)?;
        not_pending(&key)?;
        key.enabled = false;
        tx.update(key)?;
        Ok(DisableKeyOutput {})
    }
}
