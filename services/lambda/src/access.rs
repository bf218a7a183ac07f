//! What calls on functions need.

use crate::reference::FunctionReference;
use crate::state::{Function, LayerVersion, layer::read_version_arn};
use contract::{Access, Call, Check};
use store::View;

/// An action on the function that a caller named, by its ARN with the qualifier where there is one; with the function's tags and policy.
pub(crate) fn on_function(
    action: &str,
    name: &str,
    qualifier: Option<&str>,
    call: &Call,
    view: &View,
) -> Access {
    match FunctionReference::read(name, qualifier, call) {
        Ok(reference) => on_reference(action, &reference, view),
        // What is no function's name is told to those who may do the action at all.
        Err(_) => Access::to(action),
    }
}

/// As [`on_function`].
pub(crate) fn on_reference(action: &str, reference: &FunctionReference, view: &View) -> Access {
    let arn = reference.arn();
    let access = Access::on(action, &arn);
    // A store that cannot be read grants nothing: `run` then fails on the same read.
    let found = Function::named(view, reference.scope, &reference.name).ok().flatten();
    let Some(function) = found else { return access.with_policy(reference.scope.account, None) };
    let key = reference.qualifier.as_deref().unwrap_or_default();
    let policy = function.permissions.get(key).and_then(|permissions| permissions.policy(&arn));
    access.with_policy(reference.scope.account, policy).with_resource_tags(&function.tags)
}

/// The checks of using layers: each must be allowed by its owner.
pub(crate) fn layer_checks(arns: &[String], view: &View) -> Vec<Check> {
    let check = |arn: &String| {
        let mut check = Check::new("lambda:GetLayerVersion", arn);
        check.resource_account = read_version_arn(arn).map(|(scope, _, _)| scope.account);
        let layer = LayerVersion::by_arn(view, arn).ok().flatten();
        check.resource_policy = layer.and_then(|layer| layer.permissions.policy(arn));
        check
    };
    arns.iter().map(check).collect()
}
