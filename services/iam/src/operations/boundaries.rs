//! Permissions boundaries of users and roles.

use super::{Iam, Result, entities};
use crate::authority;
use crate::state::{Entity, Role, User};
use api_iam::{
    DeleteRolePermissionsBoundary, DeleteRolePermissionsBoundaryOutput, DeleteUserPermissionsBoundary,
    DeleteUserPermissionsBoundaryOutput, PutRolePermissionsBoundary, PutRolePermissionsBoundaryOutput,
    PutUserPermissionsBoundary, PutUserPermissionsBoundaryOutput,
};
use contract::{Access, Call, Registration, Transact};
use store::{Tx, View};

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, PutRolePermissionsBoundary>()
        .transact::<Iam, DeleteRolePermissionsBoundary>()
        .transact::<Iam, PutUserPermissionsBoundary>()
        .transact::<Iam, DeleteUserPermissionsBoundary>()
}

macro_rules! boundaries {
    ($entity:ty, $field:ident, $put:ident $put_output:ident, $delete:ident $delete_output:ident) => {
        impl Transact<$put> for Iam {
            /// `iam:PermissionsBoundary` is the one that is about to be set.
            fn access(input: &$put, call: &Call, view: &View) -> Access {
                authority::on::<$entity>(concat!("iam:", stringify!($put)), &input.$field, call, view)
                    .with("iam:PermissionsBoundary", [input.permissions_boundary.as_str()])
            }
            fn run(input: $put, call: &Call, tx: &mut Tx) -> Result<$put_output> {
                let mut entity = entities::modifiable::<$entity>(tx, call, &input.$field)?;
                let new = input.permissions_boundary;
                entities::bind(tx, call.account, entity.id(), entity.boundary(), Some(&new))?;
                entity.boundary = Some(new);
                tx.update(entity)?;
                Ok($put_output {})
            }
        }

        impl Transact<$delete> for Iam {
            fn access(input: &$delete, call: &Call, view: &View) -> Access {
                authority::on_bounded::<$entity>(
                    concat!("iam:", stringify!($delete)),
                    &input.$field,
                    call,
                    view,
                )
            }
            fn run(input: $delete, call: &Call, tx: &mut Tx) -> Result<$delete_output> {
                let mut entity = entities::modifiable::<$entity>(tx, call, &input.$field)?;
                if entity.boundary.is_none() {
                    let (noun, name) = (<$entity>::TITLE, entity.name());
                    let sentence = format!("{noun} {name} does not have a permissions boundary.");
                    return Err(crate::refusal::no_such(sentence));
                }
                entities::bind(tx, call.account, entity.id(), entity.boundary(), None)?;
                entity.boundary = None;
                tx.update(entity)?;
                Ok($delete_output {})
            }
        }
    };
}

boundaries!(
    Role, role_name,
    PutRolePermissionsBoundary PutRolePermissionsBoundaryOutput,
    DeleteRolePermissionsBoundary DeleteRolePermissionsBoundaryOutput
);
boundaries!(
    User, user_name,
    PutUserPermissionsBoundary PutUserPermissionsBoundaryOutput,
    DeleteUserPermissionsBoundary DeleteUserPermissionsBoundaryOutput
);
