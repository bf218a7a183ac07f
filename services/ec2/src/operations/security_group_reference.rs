//! DescribeSecurityGroupReferences and DescribeStaleSecurityGroups: both are about VPC peering, and there are no peering connections here, so
//! both answer empty lists for what is there.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::page::Paging;
use crate::state::noun;
use crate::state::{SecurityGroup, Vpc};
use api_ec2::{
    DescribeSecurityGroupReferences, DescribeSecurityGroupReferencesOutput, DescribeStaleSecurityGroups,
    DescribeStaleSecurityGroupsOutput, Error,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<DescribeSecurityGroupReferences> for Ec2 {
    fn access(input: &DescribeSecurityGroupReferences, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on_each::<SecurityGroup>(&input.group_id).access()
    }

    fn run(
        input: DescribeSecurityGroupReferences,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeSecurityGroupReferencesOutput, Error> {
        if input.group_id.is_empty() {
            return Err(crate::error::missing("GroupId"));
        }
        for id in &input.group_id {
            noun::find::<SecurityGroup>(tx, call.scope(), id)?;
        }
        let output = DescribeSecurityGroupReferencesOutput { security_group_reference_set: Some(Vec::new()) };
        answer(input.dry_run, output)
    }
}

impl Transact<DescribeStaleSecurityGroups> for Ec2 {
    fn access(_: &DescribeStaleSecurityGroups, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    fn run(
        input: DescribeStaleSecurityGroups,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeStaleSecurityGroupsOutput, Error> {
        noun::find::<Vpc>(tx, call.scope(), &input.vpc_id)?;
        let paging = Paging { token: input.next_token, most: input.max_results, limit: 255 };
        let (groups, next_token) = paging.page("DescribeStaleSecurityGroups", Vec::new())?;
        answer(
            input.dry_run,
            DescribeStaleSecurityGroupsOutput { next_token, stale_security_group_set: Some(groups) },
        )
    }
}
