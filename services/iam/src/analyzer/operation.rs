use super::place::Positions;
use super::{AccessAnalyzer, Kind, findings};
use api_accessanalyzer::{
    Error, Locale, PolicyType, ValidatePolicy, ValidatePolicyOutput, ValidatePolicyResourceType,
    ValidationException,
};
use contract::{Access, Call, Transact, page};
use store::{Tx, View};

/// Findings on a page where the caller does not say, and the most that it may ask for.
const PAGE: i32 = 100;
const LONGEST_PAGE: i32 = 1000;
/// The longest document: as IAM's own operations take it.
const LONGEST: usize = 131_072;

fn invalid(sentence: impl Into<String>) -> Error {
    ValidationException { reason: Some("fieldValidationFailed".into()), ..ValidationException::new(sentence) }
        .into()
}

impl Transact<ValidatePolicy> for AccessAnalyzer {
    fn access(_: &ValidatePolicy, _: &Call, _: &View) -> Access {
        Access::to("access-analyzer:ValidatePolicy")
    }

    fn run(input: ValidatePolicy, _: &Call, _: &mut Tx) -> Result<ValidatePolicyOutput, Error> {
        if let Some(locale) = input.locale.filter(|locale| *locale != Locale::En) {
            return Err(invalid(format!(
                "Findings are worded in English here: the locale {locale} is not supported."
            )));
        }
        let text = &input.policy_document;
        if text.len() > LONGEST {
            return Err(invalid(format!("The policy document must have at most {LONGEST} bytes.")));
        }
        let kind = match (input.policy_type, input.validate_policy_resource_type) {
            (
                PolicyType::ResourcePolicy,
                Some(ValidatePolicyResourceType::AwsIamAssumeRolePolicyDocument),
            ) => Kind::Trust,
            (PolicyType::ResourcePolicy, kind) => {
                Kind::Resource(kind.map(ValidatePolicyResourceType::as_str))
            }
            (_, Some(_)) => {
                return Err(invalid(
                    "The validatePolicyResourceType is allowed with the policyType RESOURCE_POLICY only.",
                ));
            }
            (PolicyType::IdentityPolicy, None) => Kind::Identity,
            (PolicyType::ServiceControlPolicy, None) => Kind::ServiceControl,
            (PolicyType::ResourceControlPolicy, None) => Kind::ResourceControl,
        };
        let length = input.max_results.unwrap_or(PAGE);
        let length = usize::try_from(length).ok().filter(|_| (1..=LONGEST_PAGE).contains(&length));
        let length =
            length.ok_or_else(|| invalid(format!("maxResults must be from 1 to {LONGEST_PAGE}.")))?;
        let numbered = findings(text, kind)
            .into_iter()
            .enumerate()
            .map(|(place, finding)| (format!("{place:08}"), finding));
        let (shown, next_token) =
            page("findings", input.next_token.as_deref(), length, numbered.collect())
                .map_err(|_| invalid("The nextToken is not of an answer to this operation."))?;
        let positions = Positions::of(text);
        let findings = shown.iter().map(|finding| finding.answer(&positions)).collect();
        Ok(ValidatePolicyOutput { findings, next_token })
    }
}
