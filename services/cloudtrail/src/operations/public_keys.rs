//! The public keys that validate digest files.

use crate::state::SigningKey;
use crate::{CloudTrail, page};
use api_cloudtrail::{Error, InvalidTimeRangeException, ListPublicKeys, ListPublicKeysOutput, PublicKey};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<ListPublicKeys> for CloudTrail {
    fn access(_: &ListPublicKeys, _: &Call, _: &View) -> Access {
        Access::to("cloudtrail:ListPublicKeys")
    }

    /// Those of the region whose time has anything of the range asked for; without one, today's. A region in which nothing was signed has none.
    fn run(input: ListPublicKeys, call: &Call, tx: &mut Tx) -> Result<ListPublicKeysOutput, Error> {
        let from = input.start_time.or(input.end_time).unwrap_or(call.now);
        let until = input.end_time.unwrap_or(call.now);
        if input.start_time.is_some() && from > until {
            let message = "The start time must be before the end time.";
            return Err(InvalidTimeRangeException::new(message).into());
        }
        let keys: Vec<SigningKey> = tx.list(call.scope())?;
        let keyed = keys
            .into_iter()
            .filter(|key| key.from <= until && from <= key.until)
            .map(|key| (key.fingerprint.clone(), key))
            .collect();
        let (keys, next_token) = page::page("public-keys", input.next_token.as_deref(), keyed)?;
        let told = keys.into_iter().map(|key| PublicKey {
            value: Some(key.public),
            validity_start_time: Some(key.from),
            validity_end_time: Some(key.until),
            fingerprint: Some(key.fingerprint),
        });
        Ok(ListPublicKeysOutput { public_key_list: Some(told.collect()), next_token })
    }
}
