//! What a region of an account starts with.

use crate::network;
use contract::Call;
use names::{Region, Scope};
use store::{StoreError, Tx};

/// The default VPC with all that belongs to it; EC2 has nothing that is global.
pub(crate) fn seed(scope: Scope, call: &Call, tx: &mut Tx) -> Result<(), StoreError> {
    if scope.region == Region::GLOBAL {
        return Ok(());
    }
    network::make_default_vpc(tx, scope, &call.entropy).map(|_| ())
}
