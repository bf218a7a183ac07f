//! PutParameter.

use super::Ssm;
use crate::errors::{not_built, validation};
use crate::parameter::encryption::{self, DEFAULT_KEY};
use crate::parameter::{events, expiration, find, name, policy};
use crate::state::{ParameterVersion, Policy, StoredParameter, Value};
use crate::tags;
use api_ssm::{
    Error, HierarchyTypeMismatchException, InvalidAllowedPatternException, ParameterAlreadyExists,
    ParameterLimitExceeded, ParameterMaxVersionLimitExceeded, ParameterPatternMismatchException,
    ParameterTier, ParameterType, PutParameter, PutParameterOutput, TooManyUpdates,
};
use contract::{Access, Call, Context, Orchestrate, Secret};
use fancy_regex::Regex;
use names::{Tags, Timestamp};
use std::collections::BTreeSet;
use store::{Tx, View};

/// AWS's limits: of values, of versions of a parameter, and of parameters of an account and region.
const LONGEST_STANDARD: usize = 4096;
const LONGEST_ADVANCED: usize = 8192;
const MOST_VERSIONS: usize = 100;
const MOST_STANDARD: usize = 10_000;
const MOST: usize = 100_000;
const DOC: &str =
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html";

/// What a request makes of a parameter, but for its value's encryption.
struct Wanted {
    kind: ParameterType,
    tier: ParameterTier,
    description: Option<String>,
    allowed_pattern: Option<String>,
    key_id: Option<String>,
    policies: Vec<Policy>,
    expires: Option<Timestamp>,
    tags: Tags,
}

#[async_trait::async_trait]
impl Orchestrate<PutParameter> for Ssm {
    fn access(&self, input: &PutParameter, call: &Call, view: &View) -> Access {
        let mut access = find::access("PutParameter", call, view, [input.name.as_str()])
            .with("ssm:Overwrite", [input.overwrite.unwrap_or(false).to_string()]);
        if let Some(policies) = &input.policies {
            access = access.with("ssm:Policies", [policies.clone()]);
        }
        if input.tags.as_ref().is_some_and(|tags| !tags.is_empty()) {
            access.checks.push(find::check("AddTagsToResource", call, view, &input.name));
        }
        access.with_request_tags(tags::pairs(input.tags.as_deref()))
    }

    async fn run(
        &self,
        input: PutParameter,
        call: &Call,
        context: &Context,
    ) -> Result<PutParameterOutput, Error> {
        let wanted = wanted(&input, call, &context.store.view())?;
        let value = match (&wanted.kind, &wanted.key_id) {
            (ParameterType::SecureString, Some(key)) => {
                let advanced = wanted.tier == ParameterTier::Advanced;
                let place = (call.scope(), input.name.as_str());
                encryption::encrypt(&input.value, place, key, advanced, call, context).await?
            }
            _ => Value::Plain(Secret(input.value.clone())),
        };
        context.transact(call, |call, tx| put(&input, value.clone(), call, tx)).await
    }
}

/// Checks a request against what is there.
fn wanted(input: &PutParameter, call: &Call, view: &View) -> Result<Wanted, Error> {
    let name = input.name.as_str();
    name::check(name, call.scope())?;
    let mut given = Tags::new();
    tags::add(&mut given, input.tags.clone().unwrap_or_default(), call)?;
    let overwrite = input.overwrite.unwrap_or(false);
    if overwrite && !given.is_empty() {
        return Err(validation(
            "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
        ));
    }
    let before = match find::stored(view, call.scope(), name, call.now)? {
        Some(stored) => find::newest(view, &stored)?,
        None => None,
    };
    if before.is_some() && !overwrite {
        return Err(ParameterAlreadyExists::new(
            "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
        )
        .into());
    }
    let kind = kind(input, before.as_ref())?;
    match (input.data_type.as_deref(), kind) {
        (None | Some("text"), _) => {}
        (Some("aws:ec2:image"), ParameterType::String) => {
            return Err(not_built(
                "The data type aws:ec2:image of parameters is not built in Cloudchamber, only text.",
            ));
        }
        (Some(other), _) => {
            return Err(validation(format!(
                "The following data type is not supported: {other} (Data type names are all lowercase.)"
            )));
        }
    }
    let (policies, expires) = match &input.policies {
        Some(text) => policy::parse(text, call.now)?,
        None => match &before {
            Some(before) => (before.policies.clone(), expiry(before, call.now)),
            None => (Vec::new(), None),
        },
    };
    let tier = tier(input, before.as_ref(), !policies.is_empty())?;
    let allowed_pattern =
        input.allowed_pattern.clone().or_else(|| before.as_ref().and_then(|it| it.allowed_pattern.clone()));
    check_pattern(&input.value, allowed_pattern.as_deref())?;
    if kind == ParameterType::StringList && input.value.split(',').any(str::is_empty) {
        return Err(validation("Parameter value: can't contain empty items in a StringList."));
    }
    let key_id = match (kind, &input.key_id) {
        (ParameterType::SecureString, key) => Some(key.clone().unwrap_or_else(|| DEFAULT_KEY.to_owned())),
        (_, Some(_)) => {
            return Err(validation("KeyId is required for SecureString type parameter only."));
        }
        (_, None) => None,
    };
    Ok(Wanted {
        kind,
        tier,
        description: input.description.clone().or_else(|| before.and_then(|before| before.description)),
        allowed_pattern: allowed_pattern.filter(|pattern| !pattern.is_empty()),
        key_id,
        policies,
        expires,
        tags: given,
    })
}

fn kind(input: &PutParameter, before: Option<&ParameterVersion>) -> Result<ParameterType, Error> {
    match (input.r#type, before.and_then(ParameterVersion::kind)) {
        (None, None) => Err(validation("A parameter type is required when you create a parameter.")),
        (None, Some(kind)) => Ok(kind),
        (Some(kind), Some(before)) if kind != before => Err(HierarchyTypeMismatchException::new(
            "Parameter Store does not support changing a parameter type in a hierarchy. For example, you can't change a parameter from a String type to a SecureString type. You must create a new, unique parameter.",
        )
        .into()),
        (Some(kind), _) => Ok(kind),
    }
}

fn tier(
    input: &PutParameter,
    before: Option<&ParameterVersion>,
    has_policies: bool,
) -> Result<ParameterTier, Error> {
    let was_advanced = before.and_then(ParameterVersion::tier) == Some(ParameterTier::Advanced);
    let needs_advanced = has_policies || input.value.len() > LONGEST_STANDARD;
    let tier = match input.tier {
        Some(ParameterTier::Standard) if was_advanced => {
            return Err(validation(
                "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
            ));
        }
        Some(ParameterTier::IntelligentTiering) if needs_advanced => ParameterTier::Advanced,
        _ if was_advanced => ParameterTier::Advanced,
        Some(ParameterTier::Advanced) => ParameterTier::Advanced,
        _ => ParameterTier::Standard,
    };
    let standard = tier == ParameterTier::Standard;
    if standard && has_policies {
        return Err(validation(format!(
            "Parameter policies can only be used with the advanced-parameter tier. For more information, see {DOC}"
        )));
    }
    if standard && input.value.len() > LONGEST_STANDARD {
        return Err(validation(format!(
            "Standard tier parameters support a maximum parameter value of {LONGEST_STANDARD} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see {DOC}"
        )));
    }
    if input.value.len() > LONGEST_ADVANCED {
        return Err(validation(format!(
            "Advanced tier parameters support a maximum parameter value of {LONGEST_ADVANCED} characters."
        )));
    }
    Ok(tier)
}

fn check_pattern(value: &str, pattern: Option<&str>) -> Result<(), Error> {
    let Some(pattern) = pattern.filter(|pattern| !pattern.is_empty()) else { return Ok(()) };
    let built = |text: &str| -> Result<Regex, Error> {
        fancy_regex::RegexBuilder::new(text).backtrack_limit(100_000).build().map_err(|_| {
            InvalidAllowedPatternException::new(
                "The request does not meet the regular expression requirement.",
            )
            .into()
        })
    };
    built(pattern)?;
    if built(&format!(r"\A(?:{pattern})\z"))?.is_match(value).unwrap_or(false) {
        return Ok(());
    }
    let message = format!("Parameter value, cannot be validated against allowedPattern: {pattern}");
    Err(ParameterPatternMismatchException::new(message).into())
}

/// The expiration that a version's policies tell and that is yet to come.
fn expiry(version: &ParameterVersion, now: Timestamp) -> Option<Timestamp> {
    let texts: Vec<&str> = version.policies.iter().map(|policy| policy.text.as_str()).collect();
    policy::parse(&format!("[{}]", texts.join(",")), now).ok()?.1
}

/// Writes the new version; what is there is judged again.
fn put(input: &PutParameter, value: Value, call: &Call, tx: &mut Tx) -> Result<PutParameterOutput, Error> {
    let wanted = wanted(input, call, tx)?;
    let (scope, name) = (call.scope(), input.name.as_str());
    if (wanted.kind == ParameterType::SecureString) == matches!(value, Value::Plain(_)) {
        // Somebody put another parameter in its place while the value was encrypted: no secret is kept in plain text.
        let message = "There are concurrent updates for a resource that supports one update at a time.";
        return Err(TooManyUpdates::new(message).into());
    }
    let before = find::stored(tx, scope, name, call.now)?;
    let (latest, operation, tags) = match before {
        Some(before) => {
            make_room(tx, &before)?;
            (before.latest.saturating_add(1), "Update", before.tags)
        }
        None => {
            // One that has expired, and whose task has not run yet, is in nobody's way.
            expiration::remove(tx, scope, name)?;
            limit(tx, call, wanted.tier)?;
            (1, "Create", wanted.tags)
        }
    };
    let stored = StoredParameter { scope, name: name.to_owned(), latest, tags, expires: wanted.expires };
    let version = ParameterVersion {
        scope,
        name: name.to_owned(),
        version: latest,
        kind: wanted.kind.as_str().to_owned(),
        value,
        description: wanted.description,
        allowed_pattern: wanted.allowed_pattern,
        key_id: wanted.key_id,
        tier: wanted.tier.as_str().to_owned(),
        policies: wanted.policies,
        labels: BTreeSet::new(),
        modified: call.now,
        modified_by: call.principal.arn(),
    };
    expiration::schedule(&stored, tx)?;
    events::note(tx, operation, &version, call.now)?;
    tx.put(stored)?;
    tx.insert(version)?;
    Ok(PutParameterOutput { version: i64::try_from(latest).ok(), tier: Some(wanted.tier) })
}

/// Removes the oldest of a hundred versions, unless somebody labelled it.
fn make_room(tx: &mut Tx, stored: &StoredParameter) -> Result<(), Error> {
    let versions = ParameterVersion::all(tx, stored.scope, &stored.name)?;
    let Some(oldest) = versions.first().filter(|_| versions.len() >= MOST_VERSIONS) else { return Ok(()) };
    if !oldest.labels.is_empty() {
        return Err(ParameterMaxVersionLimitExceeded::new(format!(
            "You attempted to create a new version of {} by calling the PutParameter API with the overwrite flag. Version {}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.",
            stored.name, oldest.version
        ))
        .into());
    }
    tx.remove::<ParameterVersion>(stored.scope, (stored.name.as_str(), oldest.version))?;
    Ok(())
}

fn limit(tx: &Tx, call: &Call, tier: ParameterTier) -> Result<(), Error> {
    let most = if tier == ParameterTier::Advanced { MOST } else { MOST_STANDARD };
    if tx.scan::<StoredParameter>(call.scope(), ()).limit(most).count()? < most {
        return Ok(());
    }
    Err(ParameterLimitExceeded::new(
        "You have exceeded the number of parameters for this Amazon Web Services account. Delete one or more parameters and try again.",
    )
    .into())
}
