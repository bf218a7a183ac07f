//! A function's place in a VPC: asked of EC2 as the caller, and kept.

use crate::error::{access_denied, invalid};
use crate::state::Vpc;
use api_ec2::{DescribeSecurityGroups, DescribeSubnets};
use api_lambda::{Error, VpcConfig};
use contract::{Call, Context};
use std::collections::BTreeSet;
use wire::ErrorResponse;

/// The VPC of a configuration; None where it names nothing.
pub(crate) async fn vpc(config: &VpcConfig, call: &Call, context: &Context) -> Result<Option<Vpc>, Error> {
    let subnets = config.subnet_ids.clone().unwrap_or_default();
    let groups = config.security_group_ids.clone().unwrap_or_default();
    if subnets.is_empty() && groups.is_empty() {
        return Ok(None);
    }
    if subnets.is_empty() || groups.is_empty() {
        return Err(invalid("SubnetIds and SecurityIds must coexist or be both empty list."));
    }
    let chain = call.chain.through(crate::SERVICE_PRINCIPAL);
    let caller = context.caller(call.principal.clone(), call.scope(), chain);
    let described = caller
        .call(DescribeSubnets { subnet_ids: Some(subnets.clone()), ..DescribeSubnets::default() })
        .await
        .map_err(|error| refused(&error, "DescribeSubnets"))?;
    let vpcs: BTreeSet<String> =
        described.subnets.unwrap_or_default().into_iter().filter_map(|subnet| subnet.vpc_id).collect();
    let described = caller
        .call(DescribeSecurityGroups { group_ids: Some(groups.clone()), ..DescribeSecurityGroups::default() })
        .await
        .map_err(|error| refused(&error, "DescribeSecurityGroups"))?;
    let of_groups =
        described.security_groups.unwrap_or_default().into_iter().filter_map(|group| group.vpc_id);
    let all: BTreeSet<String> = vpcs.iter().cloned().chain(of_groups).collect();
    match all.into_iter().collect::<Vec<_>>().as_slice() {
        [vpc] => Ok(Some(Vpc {
            vpc: vpc.clone(),
            subnets,
            security_groups: groups,
            ipv6: config.ipv6_allowed_for_dual_stack.unwrap_or(false),
        })),
        _ => Err(invalid("Security Groups are required to be in the same VPC.")),
    }
}

fn refused(error: &ErrorResponse, operation: &str) -> Error {
    let ErrorResponse { code, message, .. } = error;
    if code.contains("UnauthorizedOperation") || error.status == 403 {
        return access_denied(format!(
            "Your access has been denied by EC2, please make sure your function creator has permission to {operation}. \
             EC2 Error Code: {code}. EC2 Error Message: {message}"
        ));
    }
    invalid(format!("Error occurred while {operation}. EC2 Error Code: {code}. EC2 Error Message: {message}"))
}
