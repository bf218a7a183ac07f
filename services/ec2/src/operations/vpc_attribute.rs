//! ModifyVpcAttribute and DescribeVpcAttribute.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::error::{combination, invalid_value};
use crate::state::Vpc;
use crate::state::noun;
use api_ec2::{
    AttributeBooleanValue, DescribeVpcAttribute, DescribeVpcAttributeOutput, Error, ModifyVpcAttribute,
    ModifyVpcAttributeOutput, VpcAttributeName,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<ModifyVpcAttribute> for Ec2 {
    fn access(input: &ModifyVpcAttribute, call: &Call, view: &View) -> Access {
        let mut needs = Needs::of(call, view).on::<Vpc>(&input.vpc_id);
        for (name, value) in [
            ("EnableDnsHostnames", &input.enable_dns_hostnames),
            ("EnableDnsSupport", &input.enable_dns_support),
            ("EnableNetworkAddressUsageMetrics", &input.enable_network_address_usage_metrics),
        ] {
            if let Some(value) = value {
                needs = needs.with("ec2:Attribute", name);
                needs =
                    needs.with(&format!("ec2:Attribute/{name}"), value.value.unwrap_or_default().to_string());
            }
        }
        needs.access()
    }

    fn run(input: ModifyVpcAttribute, call: &Call, tx: &mut Tx) -> Result<ModifyVpcAttributeOutput, Error> {
        let mut vpc: Vpc = noun::find(tx, call.scope(), &input.vpc_id)?;
        let given = |attribute: Option<AttributeBooleanValue>| {
            attribute.map(|attribute| attribute.value.unwrap_or_default())
        };
        let hostnames = given(input.enable_dns_hostnames);
        let support = given(input.enable_dns_support);
        let metrics = given(input.enable_network_address_usage_metrics);
        match (hostnames, support, metrics) {
            (Some(on), None, None) => {
                if on && !vpc.dns_support {
                    return Err(invalid_value(
                        "DNS hostnames can be enabled only if DNS support is enabled.",
                    ));
                }
                vpc.dns_hostnames = on;
            }
            (None, Some(on), None) => vpc.dns_support = on,
            (None, None, Some(on)) => vpc.address_metrics = on,
            (None, None, None) => return Err(combination("No attributes specified.")),
            _ => return Err(combination("Fields for multiple attribute types specified")),
        }
        tx.update(vpc)?;
        Ok(ModifyVpcAttributeOutput {})
    }
}

impl Transact<DescribeVpcAttribute> for Ec2 {
    fn access(input: &DescribeVpcAttribute, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<Vpc>(&input.vpc_id).access()
    }

    fn run(
        input: DescribeVpcAttribute,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeVpcAttributeOutput, Error> {
        let vpc: Vpc = noun::find(tx, call.scope(), &input.vpc_id)?;
        let value = |value: bool| Some(AttributeBooleanValue { value: Some(value) });
        let mut output = DescribeVpcAttributeOutput { vpc_id: Some(vpc.id), ..Default::default() };
        match input.attribute {
            VpcAttributeName::EnableDnsSupport => output.enable_dns_support = value(vpc.dns_support),
            VpcAttributeName::EnableDnsHostnames => output.enable_dns_hostnames = value(vpc.dns_hostnames),
            VpcAttributeName::EnableNetworkAddressUsageMetrics => {
                output.enable_network_address_usage_metrics = value(vpc.address_metrics);
            }
        }
        answer(input.dry_run, output)
    }
}
