//! The role that conformance packs are made as, and what is its own.

use crate::engine::task::PRINCIPAL;
use contract::{Caller, Chain, Context, Principal};
use names::{Arn, Scope};
use wire::ErrorResponse;

/// The service that the role trusts, and that owns what packs make.
pub(crate) const SERVICE: &str = "config-conforms.amazonaws.com";
const SESSION: &str = "AwsConfigConforms";

fn arn(scope: Scope) -> Arn {
    let name = format!("role/aws-service-role/{SERVICE}/AWSServiceRoleForConfigConforms");
    Arn::new("iam", Scope::global(scope.account), name)
}

/// A session of `AWSServiceRoleForConfigConforms`.
pub(crate) async fn session(context: &Context, scope: Scope, chain: &Chain) -> Result<Caller, ErrorResponse> {
    let service = Principal::service(SERVICE, scope.account, None);
    context.caller(service, scope, chain.through(PRINCIPAL)).assume_role(&arn(scope), SESSION).await
}

/// Whether a principal is that role: only AWS Config can assume it.
pub(crate) fn is_it(principal: &Principal) -> bool {
    matches!(principal, Principal::Role(session) if session.role_path == format!("/aws-service-role/{SERVICE}/"))
}
