//! Insight selectors: no trail has any.

use crate::CloudTrail;
use crate::reference::{find, on_trail};
use api_cloudtrail::{
    Error, GetInsightSelectors, GetInsightSelectorsOutput, InsightNotEnabledException,
    InvalidParameterCombinationException,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<GetInsightSelectors> for CloudTrail {
    fn access(input: &GetInsightSelectors, call: &Call, view: &View) -> Access {
        match &input.trail_name {
            Some(name) => on_trail("GetInsightSelectors", name, call, view),
            None => Access::to("cloudtrail:GetInsightSelectors"),
        }
    }

    fn run(input: GetInsightSelectors, call: &Call, tx: &mut Tx) -> Result<GetInsightSelectorsOutput, Error> {
        let (Some(name), None) = (input.trail_name, input.event_data_store) else {
            let message = "Specify TrailName: event data stores are not built in Cloudchamber.";
            return Err(InvalidParameterCombinationException::new(message).into());
        };
        let trail = find(&name, tx, call)?;
        let message = format!(
            "Trail {} does not have Insights enabled. Edit the trail settings to enable Insights, and then try the operation again.",
            trail.arn()
        );
        Err(InsightNotEnabledException::new(message).into())
    }
}
