//! The role that AWS Config starts runbooks as.

use crate::engine::task::PRINCIPAL;
use contract::{Caller, Chain, Context, Principal};
use names::{Arn, Scope};
use wire::ErrorResponse;

/// The service that the role trusts.
pub(crate) const SERVICE: &str = "remediation.config.amazonaws.com";
/// The session's name.
const SESSION: &str = "AwsConfigRemediation";

/// `AWSServiceRoleForConfigRemediation`.
fn arn(scope: Scope) -> Arn {
    let name = format!("role/aws-service-role/{SERVICE}/AWSServiceRoleForConfigRemediation");
    Arn::new("iam", Scope::global(scope.account), name)
}

/// A session of the role.
pub(crate) async fn session(context: &Context, scope: Scope, chain: &Chain) -> Result<Caller, ErrorResponse> {
    let service = Principal::service(SERVICE, scope.account, None);
    context.caller(service, scope, chain.through(PRINCIPAL)).assume_role(&arn(scope), SESSION).await
}
