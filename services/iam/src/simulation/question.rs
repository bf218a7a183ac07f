//! What is asked: actions, resources, the resource's policy and the request's context.

use super::Source;
use super::subject::Subject;
use crate::refusal;
use api_iam::{ContextEntry, ContextKeyTypeEnum, Error, PolicySourceType, SimulateCustomPolicy};
use contract::Call;
use names::{AccountId, Arn};
use policy::{Flavour, Kind, Policies, ResourcePolicy, ValueType};

/// The most pairs of an action and a resource that one answer decides.
const MOST_PAIRS: usize = 10_000;
/// The most bytes of policies that one answer reads, each policy once for each pair: the caller may bring megabytes of them.
const MOST_WORK: usize = 256 << 20;

/// The question, checked.
pub(crate) struct Question {
    pub(crate) actions: Vec<String>,
    /// `["*"]` where none were named.
    pub(crate) resources: Vec<String>,
    /// The owner of resources whose ARNs name none.
    pub(crate) owner: AccountId,
    pub(crate) resource_policy: Option<Source>,
}

impl Question {
    /// Reads the parameters that both simulations have; the policies and context go to the subject.
    pub(crate) fn read(
        input: SimulateCustomPolicy,
        subject: &mut Subject,
        call: &Call,
    ) -> Result<Self, Error> {
        for (place, text) in input.policy_input_list.iter().enumerate() {
            let of = PolicySourceType::IamPolicy;
            subject.identity.push(Source::input("PolicyInputList", place + 1, text, of)?);
        }
        match input.permissions_boundary_policy_input_list.as_deref() {
            None | Some([]) => {}
            Some([text]) => {
                let of = PolicySourceType::PermissionsBoundaryPolicy;
                subject.boundary = Some(Source::input("PermissionsBoundaryPolicyInputList", 1, text, of)?);
            }
            Some(_) => {
                return Err(refusal::invalid_input(
                    "The list of Permissions Boundary policies cannot exceed 1 items.",
                ));
            }
        }
        for entry in input.context_entries.unwrap_or_default() {
            let (key, values) = context_entry(entry)?;
            subject.context.insert_all(&key, values);
        }
        input.action_names.iter().try_for_each(|action| check_action(action))?;
        let resources =
            input.resource_arns.filter(|arns| !arns.is_empty()).unwrap_or_else(|| vec!["*".into()]);
        resources.iter().try_for_each(|resource| check_resource(resource))?;
        if let Some(option) = &input.resource_handling_option {
            check_handling(option, &resources)?;
        }
        let owner = match &input.resource_owner {
            Some(owner) => account(owner)?,
            None => subject.account(call),
        };
        let resource_policy = match &input.resource_policy {
            Some(_) if !subject.is_user => {
                return Err(refusal::invalid_input(
                    "CallerArn must be specified when a ResourcePolicy is included and the policies are not those of a user.",
                ));
            }
            Some(text) => Some(resource_policy(text, &resources)?),
            None => None,
        };
        Ok(Self { actions: input.action_names, resources, owner, resource_policy })
    }

    /// Refuses to decide more in one answer than a moment is enough for.
    pub(crate) fn check_size(&self, actions: usize, subject: &Subject) -> Result<(), Error> {
        let pairs = actions.saturating_mul(self.resources.len());
        let sources = subject.identity.iter().chain(&subject.boundary).chain(&self.resource_policy);
        let size = sources.fold(0_usize, |size, source| size.saturating_add(source.size()));
        if pairs.saturating_mul(size) > MOST_WORK {
            return Err(refusal::invalid_input(format!(
                "A simulation reads at most {} MB of policies, each once for each pair of an action and a resource; ask with fewer of them, or with MaxItems.",
                MOST_WORK >> 20
            )));
        }
        if pairs > MOST_PAIRS {
            return Err(refusal::invalid_input(format!(
                "A simulation decides at most {MOST_PAIRS} pairs of an action and a resource; ask with fewer of them, or with MaxItems."
            )));
        }
        Ok(())
    }

    /// The account that owns a resource.
    pub(crate) fn owner_of(&self, resource: &str) -> AccountId {
        let account = resource.split(':').nth(4).and_then(|account| account.parse().ok());
        account.unwrap_or(self.owner)
    }

    /// The policies as the evaluator takes them: the name of each is its place in [`super::answer`]'s table.
    pub(crate) fn policies(&self, subject: &Subject) -> Policies {
        let identity = subject.identity.iter().enumerate().map(|(place, source)| source.attached(place));
        Policies {
            identity: identity.collect(),
            boundary: subject.boundary.as_ref().map(|source| source.attached(0)),
            resource: self.resource_policy.as_ref().map(|source| {
                let policy = source.attached(0);
                let authority = ResourcePolicy::new("", policy.document.clone()).authority;
                ResourcePolicy { policy, authority }
            }),
            ..Policies::default()
        }
    }
}

fn check_action(action: &str) -> Result<(), Error> {
    let fits = action.split_once(':').is_some_and(|(service, name)| {
        let plain = |text: &str, more: &[u8]| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
        };
        plain(service, b"-.") && plain(name, b"-_")
    });
    if fits {
        return Ok(());
    }
    Err(refusal::invalid_input(format!(
        "Invalid action name: {action}. An action is written as service:Action, and a simulation takes no wildcards in it."
    )))
}

fn check_resource(resource: &str) -> Result<(), Error> {
    let segments: Vec<&str> = resource.splitn(6, ':').collect();
    let fits = resource == "*"
        || matches!(segments.as_slice(), ["arn", partition, service, _, _, rest] if !partition.is_empty() && !service.is_empty() && !rest.is_empty());
    if fits { Ok(()) } else { Err(refusal::invalid_input(format!("Invalid resource ARN: {resource}"))) }
}

fn account(owner: &str) -> Result<AccountId, Error> {
    let of_arn = || owner.parse::<Arn>().ok().and_then(|arn| arn.account);
    let account = owner.parse().ok().or_else(of_arn);
    account.ok_or_else(|| {
        refusal::invalid_input(format!("Invalid resource owner: {owner} names no AWS account."))
    })
}

/// What each scenario of RunInstances needs, as the API's reference lists them.
fn check_handling(option: &str, resources: &[String]) -> Result<(), Error> {
    const SCENARIOS: [(&str, &[&str]); 4] = [
        ("EC2-VPC-InstanceStore", &["instance", "image", "security-group", "network-interface"]),
        (
            "EC2-VPC-InstanceStore-Subnet",
            &["instance", "image", "security-group", "network-interface", "subnet"],
        ),
        ("EC2-VPC-EBS", &["instance", "image", "security-group", "network-interface", "volume"]),
        (
            "EC2-VPC-EBS-Subnet",
            &["instance", "image", "security-group", "network-interface", "subnet", "volume"],
        ),
    ];
    let Some((_, needed)) = SCENARIOS.iter().find(|(name, _)| *name == option) else {
        return Err(refusal::invalid_input(format!("Invalid resource handling option: {option}")));
    };
    let has = |kind: &str| {
        resources.iter().any(|arn| {
            let segments: Vec<&str> = arn.splitn(6, ':').collect();
            matches!(segments.as_slice(), ["arn", _, "ec2", _, _, rest] if rest.split('/').next() == Some(kind))
        })
    };
    match needed.iter().find(|kind| !has(kind)) {
        None => Ok(()),
        Some(kind) => Err(refusal::invalid_input(format!(
            "The resource handling option {option} needs the ARN of a resource of type {kind} among the resources."
        ))),
    }
}

/// The resource's policy, as the service of the resources would read it.
fn resource_policy(text: &str, resources: &[String]) -> Result<Source, Error> {
    let service = |resource: &str| resource.split(':').nth(2).unwrap_or_default().to_owned();
    let first = resources.first().map(|resource| service(resource)).unwrap_or_default();
    if resources.iter().any(|resource| service(resource) != first) {
        return Err(refusal::invalid_input("The ResourcePolicy must be applicable to all of the resources."));
    }
    let flavour = match first.as_str() {
        "iam" => {
            return Err(refusal::invalid_input(
                "Simulation of resource-based policies isn't supported for IAM roles.",
            ));
        }
        "s3" => Flavour::S3,
        "sns" => Flavour::Sns,
        "sqs" => Flavour::Sqs,
        "lambda" => Flavour::Lambda,
        "kms" => Flavour::Kms,
        "logs" => Flavour::Logs,
        _ => Flavour::Other,
    };
    let document = policy::parse(text, Kind::Resource(flavour))
        .map_err(|error| refusal::invalid_input(format!("Invalid Resource Policy: {error}")))?;
    let of = PolicySourceType::ResourcePolicy;
    Ok(Source::new("ResourcePolicy".into(), of, text.to_owned(), document))
}

fn context_entry(entry: ContextEntry) -> Result<(String, Vec<String>), Error> {
    let key = entry
        .context_key_name
        .ok_or_else(|| refusal::invalid_input("A context entry must have a ContextKeyName."))?;
    let values = entry.context_key_values.unwrap_or_default();
    let Some(kind) = entry.context_key_type else {
        return Err(refusal::invalid_input(format!("The context entry {key} must have a ContextKeyType.")));
    };
    let of = match kind {
        ContextKeyTypeEnum::String | ContextKeyTypeEnum::StringList => ValueType::Text,
        ContextKeyTypeEnum::Numeric | ContextKeyTypeEnum::NumericList => ValueType::Number,
        ContextKeyTypeEnum::Boolean | ContextKeyTypeEnum::BooleanList => ValueType::Bool,
        ContextKeyTypeEnum::Ip | ContextKeyTypeEnum::IpList => ValueType::Ip,
        ContextKeyTypeEnum::Binary | ContextKeyTypeEnum::BinaryList => ValueType::Binary,
        ContextKeyTypeEnum::Date | ContextKeyTypeEnum::DateList => ValueType::Date,
    };
    match values.iter().find(|value| !of.admits(value)) {
        None => Ok((key, values)),
        Some(value) => {
            let sentence = format!("Invalid value {value:?} for the context key {key} of type {kind}.");
            Err(refusal::invalid_input(sentence))
        }
    }
}
