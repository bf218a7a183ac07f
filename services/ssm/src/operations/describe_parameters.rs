//! DescribeParameters.

use super::Ssm;
use crate::errors::{not_built, validation};
use crate::page::page;
use crate::parameter::{filter, find};
use crate::state::{Policy, StoredParameter};
use api_ssm::{
    DescribeParameters, DescribeParametersOutput, Error, ParameterInlinePolicy, ParameterMetadata,
};
use contract::{Access, Call, Transact};
use names::Arn;
use store::{Tx, View};

/// As they are shown. All are pending: a parameter whose expiration has come is gone.
pub(super) fn policies(policies: &[Policy]) -> Vec<ParameterInlinePolicy> {
    let shown = |policy: &Policy| ParameterInlinePolicy {
        policy_text: Some(policy.text.clone()),
        policy_type: Some(policy.kind.clone()),
        policy_status: Some("Pending".into()),
    };
    policies.iter().map(shown).collect()
}

impl Transact<DescribeParameters> for Ssm {
    fn access(_: &DescribeParameters, call: &Call, _: &View) -> Access {
        Access::on("ssm:DescribeParameters", Arn::new("ssm", call.scope(), "*"))
    }

    fn run(input: DescribeParameters, call: &Call, tx: &mut Tx) -> Result<DescribeParametersOutput, Error> {
        if input.shared == Some(true) {
            return Err(not_built("Parameters that other accounts share are not built in Cloudchamber."));
        }
        let (old, new) = (input.filters.unwrap_or_default(), input.parameter_filters.unwrap_or_default());
        if !old.is_empty() && !new.is_empty() {
            return Err(validation("You can use either Filters or ParameterFilters in a single request."));
        }
        let mut filters = filter::parse(new, filter::OF_DESCRIBE)?;
        filters.extend(old.into_iter().map(|given| filter::Filter::of_old(given.key.as_str(), given.values)));
        let mut found: Vec<(String, ParameterMetadata)> = Vec::new();
        for stored in find::beginning(tx, call, "")? {
            let Some(version) = find::newest(tx, &stored)? else { continue };
            if filters.iter().all(|filter| filter.holds(&stored, &version)) {
                found.push((stored.name.clone(), metadata(&stored, version)));
            }
        }
        let (parameters, next_token) =
            page("parameters", input.next_token.as_deref(), input.max_results, 50, found)?;
        Ok(DescribeParametersOutput { parameters: Some(parameters), next_token })
    }
}

fn metadata(stored: &StoredParameter, version: crate::state::ParameterVersion) -> ParameterMetadata {
    ParameterMetadata {
        arn: Some(stored.arn().to_string()),
        r#type: version.kind(),
        tier: version.tier(),
        policies: Some(policies(&version.policies)),
        name: Some(version.name),
        key_id: version.key_id,
        last_modified_date: Some(version.modified),
        last_modified_user: Some(version.modified_by),
        description: version.description,
        allowed_pattern: version.allowed_pattern,
        version: i64::try_from(version.version).ok(),
        data_type: Some("text".into()),
    }
}
