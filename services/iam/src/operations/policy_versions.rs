use super::{Iam, Result, policies};
use crate::managed::{self, Managed};
use crate::page::page;
use crate::state::{ManagedPolicy, Version};
use crate::{answers, authority, documents, refusal};
use api_iam::{
    CreatePolicyVersion, CreatePolicyVersionOutput, DeletePolicyVersion, DeletePolicyVersionOutput,
    GetPolicyVersion, GetPolicyVersionOutput, ListPolicyVersions, ListPolicyVersionsOutput, PolicyVersion,
    SetDefaultPolicyVersion, SetDefaultPolicyVersionOutput,
};
use contract::{Access, Call, Registration, Transact};
use store::{Tx, View};

const MOST: usize = 5;

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, CreatePolicyVersion>()
        .transact::<Iam, GetPolicyVersion>()
        .transact::<Iam, ListPolicyVersions>()
        .transact::<Iam, DeletePolicyVersion>()
        .transact::<Iam, SetDefaultPolicyVersion>()
}

fn no_version(arn: &str, id: &str) -> api_iam::Error {
    refusal::no_such(format!("Policy {arn} version {id} does not exist or is not attachable."))
}

/// The number in `v3`, of a version that is there.
fn number(policy: &ManagedPolicy, arn: &str, id: &str) -> Result<u32> {
    let found = policy.versions.iter().find(|version| version.id() == id);
    found.map(|version| version.number).ok_or_else(|| no_version(arn, id))
}

impl Transact<CreatePolicyVersion> for Iam {
    fn access(input: &CreatePolicyVersion, call: &Call, view: &View) -> Access {
        authority::on_policy("iam:CreatePolicyVersion", &input.policy_arn, call, view)
    }

    fn run(input: CreatePolicyVersion, call: &Call, tx: &mut Tx) -> Result<CreatePolicyVersionOutput> {
        let mut policy = policies::own(tx, call, &input.policy_arn)?;
        policies::check_document(&input.policy_document)?;
        if policy.versions.len() >= MOST {
            return Err(refusal::limit_exceeded(
                "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
            ));
        }
        let version = Version {
            number: policy.next,
            document: input.policy_document,
            created: crate::state::moment(call),
        };
        policy.next += 1;
        policy.updated = crate::state::moment(call);
        if input.set_as_default == Some(true) {
            policy.default = version.number;
        }
        let answer = answers::version(&policy, &version, false);
        policy.versions.push(version);
        tx.update(policy)?;
        Ok(CreatePolicyVersionOutput { policy_version: Some(answer) })
    }
}

impl Transact<GetPolicyVersion> for Iam {
    fn access(input: &GetPolicyVersion, call: &Call, view: &View) -> Access {
        authority::on_policy("iam:GetPolicyVersion", &input.policy_arn, call, view)
    }

    fn run(input: GetPolicyVersion, call: &Call, tx: &mut Tx) -> Result<GetPolicyVersionOutput> {
        let (arn, id) = (&input.policy_arn, &input.version_id);
        managed::check_arn(arn)?;
        let version = match managed::find(tx, call.account, arn)? {
            Some(Managed::Own(policy)) => {
                let found = policy.versions.iter().find(|version| version.id() == *id);
                answers::version(&policy, found.ok_or_else(|| no_version(arn, id))?, true)
            }
            // Of AWS's policies the default version is known, and no earlier one.
            Some(Managed::Aws(policy)) if policy.version == id => PolicyVersion {
                document: Some(documents::encoded(&policy.document()?)),
                ..aws_version(policy)
            },
            Some(Managed::Aws(_)) => return Err(no_version(arn, id)),
            None => return Err(refusal::no_policy(arn)),
        };
        Ok(GetPolicyVersionOutput { policy_version: Some(version) })
    }
}

fn aws_version(policy: &managed::AwsPolicy) -> PolicyVersion {
    PolicyVersion {
        document: None,
        version_id: Some(policy.version.to_owned()),
        is_default_version: Some(true),
        create_date: Some(policy.updated),
    }
}

impl Transact<ListPolicyVersions> for Iam {
    fn access(input: &ListPolicyVersions, call: &Call, view: &View) -> Access {
        authority::on_policy("iam:ListPolicyVersions", &input.policy_arn, call, view)
    }

    /// The newest first.
    fn run(input: ListPolicyVersions, call: &Call, tx: &mut Tx) -> Result<ListPolicyVersionsOutput> {
        managed::check_arn(&input.policy_arn)?;
        let versions: Vec<(u32, PolicyVersion)> = match managed::find(tx, call.account, &input.policy_arn)? {
            Some(Managed::Own(policy)) => {
                let newest = policy.versions.iter().rev();
                newest.map(|version| (version.number, answers::version(&policy, version, false))).collect()
            }
            Some(Managed::Aws(policy)) => vec![(1, aws_version(policy))],
            None => return Err(refusal::no_policy(&input.policy_arn)),
        };
        // Keys rise as numbers fall.
        let key = |(number, _): &(u32, PolicyVersion)| format!("{:010}", u32::MAX - number);
        let page = page(versions, key, input.marker.as_deref(), input.max_items)?;
        let is_truncated = page.truncated();
        let versions = page.items.into_iter().map(|(_, version)| version).collect();
        Ok(ListPolicyVersionsOutput { versions: Some(versions), is_truncated, marker: page.marker })
    }
}

impl Transact<DeletePolicyVersion> for Iam {
    fn access(input: &DeletePolicyVersion, call: &Call, view: &View) -> Access {
        authority::on_policy("iam:DeletePolicyVersion", &input.policy_arn, call, view)
    }

    fn run(input: DeletePolicyVersion, call: &Call, tx: &mut Tx) -> Result<DeletePolicyVersionOutput> {
        let mut policy = policies::own(tx, call, &input.policy_arn)?;
        let number = number(&policy, &input.policy_arn, &input.version_id)?;
        if number == policy.default {
            return Err(refusal::conflict("Cannot delete the default version of a policy."));
        }
        policy.versions.retain(|version| version.number != number);
        tx.update(policy)?;
        Ok(DeletePolicyVersionOutput {})
    }
}

impl Transact<SetDefaultPolicyVersion> for Iam {
    fn access(input: &SetDefaultPolicyVersion, call: &Call, view: &View) -> Access {
        authority::on_policy("iam:SetDefaultPolicyVersion", &input.policy_arn, call, view)
    }

    fn run(
        input: SetDefaultPolicyVersion,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<SetDefaultPolicyVersionOutput> {
        let mut policy = policies::own(tx, call, &input.policy_arn)?;
        policy.default = number(&policy, &input.policy_arn, &input.version_id)?;
        policy.updated = crate::state::moment(call);
        tx.update(policy)?;
        Ok(SetDefaultPolicyVersionOutput {})
    }
}
