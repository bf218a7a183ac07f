//! The account's limits.

use super::{CloudFormation, invalid};
use api_cloudformation::{AccountLimit, DescribeAccountLimits, DescribeAccountLimitsOutput, Error};
use contract::{Access, Call, Transact};
use store::{Tx, View};

const LIMITS: [(&str, i32); 3] =
    [("StackLimit", 2000), ("StackOutputsLimit", 200), ("ConcurrentResourcesLimit", 2500)];

impl Transact<DescribeAccountLimits> for CloudFormation {
    fn access(_: &DescribeAccountLimits, _: &Call, _: &View) -> Access {
        Access::to("cloudformation:DescribeAccountLimits")
    }

    fn run(input: DescribeAccountLimits, _: &Call, _: &mut Tx) -> Result<DescribeAccountLimitsOutput, Error> {
        let shown = |(name, value): (&str, i32)| AccountLimit { name: Some(name.into()), value: Some(value) };
        // One page holds them all, so that no token was ever given.
        if input.next_token.is_some() {
            return Err(invalid("The specified NextToken is invalid."));
        }
        Ok(DescribeAccountLimitsOutput {
            account_limits: Some(LIMITS.into_iter().map(shown).collect()),
            next_token: None,
        })
    }
}
