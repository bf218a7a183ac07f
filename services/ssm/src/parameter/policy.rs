//! Parameter policies (<https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-policies.html>).

use crate::errors::not_built;
use crate::state::Policy;
use api_ssm::{
    Error, IncompatiblePolicyException, InvalidPolicyAttributeException, InvalidPolicyTypeException,
    PoliciesLimitExceededException,
};
use names::Timestamp;
use wire::Document;

const MOST: usize = 10;

/// Reads what PutParameter is given: a list of policies, of which `{}` stands for none.
pub(crate) fn parse(text: &str, now: Timestamp) -> Result<(Vec<Policy>, Option<Timestamp>), Error> {
    let wrong = |why: &str| Error::from(InvalidPolicyAttributeException::new(why.to_owned()));
    let document = Document::parse(text).map_err(|_| wrong("The policies are not valid JSON."))?;
    let Some(list) = document.as_array() else { return Err(wrong("The policies must be a list.")) };
    let (mut policies, mut expires) = (Vec::new(), None);
    for policy in list {
        let Some(members) = policy.as_object() else { return Err(wrong("Each policy must be an object.")) };
        if members.is_empty() {
            continue;
        }
        let kind = policy.get("Type").and_then(Document::as_str).unwrap_or_default();
        match kind {
            "Expiration" => {}
            "ExpirationNotification" | "NoChangeNotification" => {
                return Err(not_built(format!(
                    "Parameter policies of type {kind} are not built in Cloudchamber, only Expiration."
                )));
            }
            other => {
                return Err(InvalidPolicyTypeException::new(format!(
                    "The policy type {other} isn't supported. Parameter Store supports the following policy types: Expiration, ExpirationNotification, and NoChangeNotification."
                ))
                .into());
            }
        }
        if expires.is_some() {
            return Err(IncompatiblePolicyException::new(
                "There is a conflict in the policies specified for this parameter. You can't, for example, specify two Expiration policies for a parameter.",
            )
            .into());
        }
        if policy.get("Version").and_then(Document::as_str) != Some("1.0") {
            return Err(wrong("The policy's Version must be 1.0."));
        }
        let moment =
            policy.get("Attributes").and_then(|given| given.get("Timestamp")).and_then(Document::as_str);
        let Some(moment) = moment.and_then(|text| Timestamp::parse_iso(text).ok()) else {
            return Err(wrong(
                "The attribute Timestamp of the policy Expiration must be a moment in ISO 8601.",
            ));
        };
        if moment <= now {
            return Err(wrong("The attribute Timestamp of the policy Expiration must be in the future."));
        }
        expires = Some(moment);
        policies.push(Policy { kind: kind.to_owned(), text: policy.to_string() });
    }
    if policies.len() > MOST {
        return Err(PoliciesLimitExceededException::new("You specified more than the maximum number of allowed policies for the parameter. The maximum is 10.").into());
    }
    Ok((policies, expires))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::ServiceError;

    #[test]
    fn expirations_are_read_and_others_refused_by_name() {
        let now = Timestamp::from_seconds(1_000);
        let policy = |kind: &str, moment: &str| {
            format!(r#"{{"Type":"{kind}","Version":"1.0","Attributes":{{"Timestamp":"{moment}"}}}}"#)
        };
        let one = policy("Expiration", "2030-01-01T00:00:00.000Z");
        let (policies, expires) = parse(&format!("[{one}]"), now).unwrap();
        assert_eq!(
            (policies[0].kind.as_str(), expires.unwrap().iso_seconds()),
            ("Expiration", "2030-01-01T00:00:00Z".into())
        );
        assert_eq!(parse("[{}]", now).unwrap(), (Vec::new(), None));
        for (wrong, code) in [
            ("{".to_owned(), "InvalidPolicyAttributeException"),
            ("{}".to_owned(), "InvalidPolicyAttributeException"),
            (format!("[{one},{one}]"), "IncompatiblePolicyException"),
            (
                format!("[{}]", policy("Expiration", "1970-01-01T00:00:01Z")),
                "InvalidPolicyAttributeException",
            ),
            (format!("[{}]", policy("Expiration", "soon")), "InvalidPolicyAttributeException"),
            (format!("[{}]", policy("Nothing", "2030-01-01T00:00:00Z")), "InvalidPolicyTypeException"),
            (format!("[{}]", policy("NoChangeNotification", "2030-01-01T00:00:00Z")), "NotImplemented"),
        ] {
            assert_eq!(parse(&wrong, now).unwrap_err().into_response().code, code, "{wrong}");
        }
    }
}
