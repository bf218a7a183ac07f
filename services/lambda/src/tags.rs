//! Tags of functions.

use crate::error::invalid;
use api_lambda::Error;
use contract::Call;
use names::Tags;

/// Under this key CloudFormation's handlers send the step's token; it is kept beside the function and is no tag of it.
pub(crate) const STEP: &str = "aws:cloudchamber:step";
/// The service that may give tags of the reserved prefix.
pub(crate) const CLOUDFORMATION: &str = "cloudformation.amazonaws.com";
const MOST: usize = 50;

fn is_reserved(key: &str) -> bool {
    key.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"))
}

/// The tags of a request that permissions are judged by.
pub(crate) fn asked(tags: Option<&Tags>) -> Vec<(&str, &str)> {
    let pairs = tags.into_iter().flatten().map(|(key, value)| (key.as_str(), value.as_str()));
    pairs.filter(|(key, _)| !is_reserved(key)).collect()
}

/// Checks new tags by Lambda's rules.
pub(crate) fn check(call: &Call, tags: &Tags) -> Result<(), Error> {
    let cloudformation = call.chain.via.last().is_some_and(|service| service == CLOUDFORMATION);
    for (key, value) in tags {
        if is_reserved(key) && !cloudformation {
            return Err(invalid(
                "The tag keys starting with 'aws:' are reserved for AWS use. Please use another tag key.",
            ));
        }
        if key.is_empty() || key.chars().count() > 128 {
            return Err(invalid("Tag keys must have between 1 and 128 characters."));
        }
        if value.chars().count() > 256 {
            return Err(invalid("Tag values must have at most 256 characters."));
        }
    }
    Ok(())
}

/// Refuses more tags than a function may have; AWS's own do not count.
pub(crate) fn within_limit(tags: &Tags) -> Result<(), Error> {
    if tags.keys().filter(|key| !is_reserved(key)).count() > MOST {
        return Err(invalid(format!("Number of tags exceeds resource tag limit of {MOST}.")));
    }
    Ok(())
}
