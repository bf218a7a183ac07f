use super::{Iam, Result, entities};
use crate::ids::Unique;
use crate::page::page;
use crate::state::{Entity, InstanceProfile, Role, name_key};
use crate::{answers, authority, refusal, tags};
use api_iam::{
    AddRoleToInstanceProfile, AddRoleToInstanceProfileOutput, CreateInstanceProfile,
    CreateInstanceProfileOutput, DeleteInstanceProfile, DeleteInstanceProfileOutput, GetInstanceProfile,
    GetInstanceProfileOutput, ListInstanceProfiles, ListInstanceProfilesForRole,
    ListInstanceProfilesForRoleOutput, ListInstanceProfilesOutput, RemoveRoleFromInstanceProfile,
    RemoveRoleFromInstanceProfileOutput,
};
use contract::{Access, Call, Check, Registration, Transact};
use names::Tags;
use store::{Row, StoreError, Tx, View};

const MOST_PROFILES: usize = 1000;

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, CreateInstanceProfile>()
        .transact::<Iam, GetInstanceProfile>()
        .transact::<Iam, ListInstanceProfiles>()
        .transact::<Iam, ListInstanceProfilesForRole>()
        .transact::<Iam, AddRoleToInstanceProfile>()
        .transact::<Iam, RemoveRoleFromInstanceProfile>()
        .transact::<Iam, DeleteInstanceProfile>()
}

fn existing(view: &View, call: &Call, name: &str) -> Result<InstanceProfile> {
    let found = view.get::<InstanceProfile>(call.global_scope(), name_key(name).as_str())?;
    found.ok_or_else(|| refusal::no_such(format!("Instance Profile {name} cannot be found.")))
}

fn answers(
    view: &View,
    rows: &[InstanceProfile],
) -> std::result::Result<Vec<api_iam::InstanceProfile>, StoreError> {
    rows.iter().map(|row| answers::instance_profile(view, row)).collect()
}

impl Transact<CreateInstanceProfile> for Iam {
    fn access(input: &CreateInstanceProfile, call: &Call, _: &View) -> Access {
        let (path, name) = (input.path.as_deref(), &input.instance_profile_name);
        let access = authority::on_new("iam:CreateInstanceProfile", "instance-profile", path, name, call);
        entities::tagged_on_create(access, "iam:TagInstanceProfile", input.tags.as_deref())
    }

    fn run(input: CreateInstanceProfile, call: &Call, tx: &mut Tx) -> Result<CreateInstanceProfileOutput> {
        let name = input.instance_profile_name;
        if tx.exists::<InstanceProfile>(call.global_scope(), name_key(&name).as_str())? {
            return Err(refusal::already(format!("Instance Profile {name} already exists.")));
        }
        entities::quota::<InstanceProfile>(tx, call, "InstanceProfilesPerAccount", MOST_PROFILES)?;
        let mut all = Tags::new();
        tags::add(&mut all, input.tags, call)?;
        let profile = InstanceProfile {
            account: call.account,
            name,
            path: input.path.unwrap_or_else(|| "/".into()),
            id: Unique::InstanceProfile.id(&call.entropy),
            created: crate::state::moment(call),
            role: None,
            tags: all,
        };
        let answer = answers::instance_profile(tx, &profile)?;
        tx.insert(profile)?;
        Ok(CreateInstanceProfileOutput { instance_profile: answer })
    }
}

impl Transact<GetInstanceProfile> for Iam {
    fn access(input: &GetInstanceProfile, call: &Call, view: &View) -> Access {
        authority::on_profile("iam:GetInstanceProfile", &input.instance_profile_name, call, view)
    }

    fn run(input: GetInstanceProfile, call: &Call, tx: &mut Tx) -> Result<GetInstanceProfileOutput> {
        let profile = existing(tx, call, &input.instance_profile_name)?;
        Ok(GetInstanceProfileOutput { instance_profile: answers::instance_profile(tx, &profile)? })
    }
}

impl Transact<ListInstanceProfiles> for Iam {
    fn access(input: &ListInstanceProfiles, call: &Call, _: &View) -> Access {
        let prefix = input.path_prefix.as_deref().unwrap_or("/");
        Access::on("iam:ListInstanceProfiles", authority::arn(call, format!("instance-profile{prefix}")))
    }

    fn run(input: ListInstanceProfiles, call: &Call, tx: &mut Tx) -> Result<ListInstanceProfilesOutput> {
        let prefix = input.path_prefix.unwrap_or_else(|| "/".into());
        let profiles = tx.list::<InstanceProfile>(call.global_scope())?;
        let profiles = profiles.into_iter().filter(|profile| profile.path.starts_with(&prefix));
        let page = page(profiles, Row::key, input.marker.as_deref(), input.max_items)?;
        let is_truncated = page.truncated();
        let instance_profiles = answers(tx, &page.items)?;
        Ok(ListInstanceProfilesOutput { instance_profiles, is_truncated, marker: page.marker })
    }
}

impl Transact<ListInstanceProfilesForRole> for Iam {
    fn access(input: &ListInstanceProfilesForRole, call: &Call, view: &View) -> Access {
        authority::on::<Role>("iam:ListInstanceProfilesForRole", &input.role_name, call, view)
    }

    fn run(
        input: ListInstanceProfilesForRole,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ListInstanceProfilesForRoleOutput> {
        let role = entities::existing::<Role>(tx, call, &input.role_name)?;
        let mut profiles = Vec::new();
        for key in &role.instance_profiles {
            profiles.extend(tx.get::<InstanceProfile>(call.global_scope(), key.as_str())?);
        }
        let page = page(profiles, Row::key, input.marker.as_deref(), input.max_items)?;
        let is_truncated = page.truncated();
        let instance_profiles = answers(tx, &page.items)?;
        Ok(ListInstanceProfilesForRoleOutput { instance_profiles, is_truncated, marker: page.marker })
    }
}

impl Transact<AddRoleToInstanceProfile> for Iam {
    /// Who adds a role to a profile passes it to EC2.
    fn access(input: &AddRoleToInstanceProfile, call: &Call, view: &View) -> Access {
        let access =
            authority::on_profile("iam:AddRoleToInstanceProfile", &input.instance_profile_name, call, view);
        let role = match Role::named(view, call.account, &input.role_name) {
            Ok(role) => role,
            Err(_) => return Access::default(),
        };
        let mut pass = match &role {
            Some(role) => Check::pass_role(&role.arn(), "ec2.amazonaws.com"),
            None => Check::pass_role(
                &authority::arn(call, format!("role/{}", input.role_name)),
                "ec2.amazonaws.com",
            ),
        };
        for (key, value) in role.iter().flat_map(|role| &role.tags) {
            pass.context.push((format!("aws:ResourceTag/{key}"), vec![value.clone()]));
            pass.context.push((format!("iam:ResourceTag/{key}"), vec![value.clone()]));
        }
        access.and(pass)
    }

    fn run(
        input: AddRoleToInstanceProfile,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<AddRoleToInstanceProfileOutput> {
        let mut profile = existing(tx, call, &input.instance_profile_name)?;
        let mut role = entities::modifiable::<Role>(tx, call, &input.role_name)?;
        if profile.role.is_some() {
            return Err(refusal::quota("InstanceSessionsPerInstanceProfile", 1));
        }
        profile.role = Some(role.id.clone());
        role.instance_profiles.insert(profile.key());
        tx.update(profile)?;
        tx.update(role)?;
        Ok(AddRoleToInstanceProfileOutput {})
    }
}

impl Transact<RemoveRoleFromInstanceProfile> for Iam {
    fn access(input: &RemoveRoleFromInstanceProfile, call: &Call, view: &View) -> Access {
        authority::on_profile("iam:RemoveRoleFromInstanceProfile", &input.instance_profile_name, call, view)
    }

    fn run(
        input: RemoveRoleFromInstanceProfile,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<RemoveRoleFromInstanceProfileOutput> {
        let mut profile = existing(tx, call, &input.instance_profile_name)?;
        let mut role = entities::existing::<Role>(tx, call, &input.role_name)?;
        if profile.role.as_ref() != Some(&role.id) {
            return Err(refusal::no_entity::<Role>(&input.role_name));
        }
        profile.role = None;
        role.instance_profiles.remove(&profile.key());
        tx.update(profile)?;
        tx.update(role)?;
        Ok(RemoveRoleFromInstanceProfileOutput {})
    }
}

impl Transact<DeleteInstanceProfile> for Iam {
    fn access(input: &DeleteInstanceProfile, call: &Call, view: &View) -> Access {
        authority::on_profile("iam:DeleteInstanceProfile", &input.instance_profile_name, call, view)
    }

    fn run(input: DeleteInstanceProfile, call: &Call, tx: &mut Tx) -> Result<DeleteInstanceProfileOutput> {
        let profile = existing(tx, call, &input.instance_profile_name)?;
        if profile.role.is_some() {
            return Err(refusal::conflict(
                "Cannot delete entity, must remove roles from instance profile first.",
            ));
        }
        tx.remove::<InstanceProfile>(call.global_scope(), profile.key().as_str())?;
        Ok(DeleteInstanceProfileOutput {})
    }
}
