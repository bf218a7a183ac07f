//! When services and actions were last used.

use super::simulation::on_entity;
use super::{Iam, Result, entities};
use crate::last_access;
use crate::managed::{self, Managed};
use crate::page::page;
use crate::state::{
    AccessReport, ActionUse, Entity, Group, LastAccess, ReportedEntity, ReportedService, Role, Use, User,
};
use crate::{authority, facts, identities, refusal};
use api_iam::{
    AccessAdvisorUsageGranularityType as Granularity, EntityDetails, EntityInfo,
    GenerateServiceLastAccessedDetails, GenerateServiceLastAccessedDetailsOutput,
    GetServiceLastAccessedDetails, GetServiceLastAccessedDetailsOutput,
    GetServiceLastAccessedDetailsWithEntities, GetServiceLastAccessedDetailsWithEntitiesOutput,
    JobStatusType, PolicyOwnerEntityType, ServiceLastAccessed, TrackedActionLastAccessed,
};
use contract::{Access, Call, Context, Orchestrate, Registration, Transact};
use names::Arn;
use policy::{Document, Kind};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use store::{Tx, View};

/// How long a report can be read.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// The most reports of an account: one about many services takes 100 KB, and AWS names no limit of its own. The oldest goes for a new one.
const MOST: usize = 200;

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .orchestrate::<Iam, GenerateServiceLastAccessedDetails>(&Arc::new(Iam))
        .transact::<Iam, GetServiceLastAccessedDetails>()
        .transact::<Iam, GetServiceLastAccessedDetailsWithEntities>()
}

/// What a report is about: the entities, by unique id, and the policies that allow services.
#[derive(Default)]
struct About {
    entities: BTreeMap<String, ReportedEntity>,
    documents: Vec<Arc<Document>>,
}

impl About {
    fn add<E: Entity>(&mut self, entity: &E, is_role: bool) {
        let reported = ReportedEntity {
            arn: entity.arn(),
            name: entity.name().to_owned(),
            id: entity.id().to_owned(),
            path: entity.path().to_owned(),
            is_role,
        };
        self.entities.insert(entity.id().to_owned(), reported);
    }

    fn of(view: &View, call: &Call, arn: &str) -> Result<Self> {
        let mut about = Self::default();
        let parsed: Arn = arn.parse().map_err(|_| refusal::invalid_input(format!("Invalid ARN: {arn}")))?;
        let Some((noun, rest)) = parsed.resource.split_once('/').filter(|_| parsed.service == "iam") else {
            return Err(refusal::invalid_input(format!("Invalid ARN: {arn}")));
        };
        let name = rest.rsplit('/').next().unwrap_or(rest);
        match noun {
            "user" => {
                let user = existing::<User>(view, call, arn, name)?;
                about.documents = documents(identities::of_user(view, &user.principal())?);
                about.add(&user, false);
            }
            "role" => {
                let role = existing::<Role>(view, call, arn, name)?;
                about.documents = documents(identities::of_entity(view, &role)?);
                about.add(&role, true);
            }
            "group" => {
                let group = existing::<Group>(view, call, arn, name)?;
                about.documents = documents(identities::of_entity(view, &group)?);
                group.users(view)?.iter().for_each(|user| about.add(user, false));
            }
            "policy" => about.policy(view, call, arn)?,
            _ => return Err(refusal::invalid_input(format!("Invalid ARN: {arn}"))),
        }
        Ok(about)
    }

    /// Everybody who has the policy, by a group too.
    fn policy(&mut self, view: &View, call: &Call, arn: &str) -> Result<()> {
        let document = match managed::find(view, call.account, arn)? {
            Some(Managed::Aws(policy)) => policy.parsed()?,
            Some(Managed::Own(policy)) => policy::parse(policy.document(), Kind::Managed)
                .map_err(|error| refusal::malformed(error.message()))?,
            None => return Err(refusal::no_policy(arn)),
        };
        self.documents = vec![document];
        let scope = call.global_scope();
        view.by_index::<User>(scope, "attached", arn)?.iter().for_each(|user| self.add(user, false));
        view.by_index::<Role>(scope, "attached", arn)?.iter().for_each(|role| self.add(role, true));
        for group in view.by_index::<Group>(scope, "attached", arn)? {
            group.users(view)?.iter().for_each(|user| self.add(user, false));
        }
        Ok(())
    }
}

fn existing<E: Entity>(view: &View, call: &Call, arn: &str, name: &str) -> Result<E> {
    let entity = entities::existing::<E>(view, call, name)?;
    if entity.arn() == arn { Ok(entity) } else { Err(refusal::no_entity::<E>(name)) }
}

fn documents(policies: contract::PrincipalPolicies) -> Vec<Arc<Document>> {
    policies.identity.into_iter().map(|policy| policy.document).collect()
}

/// The services that the policies allow, with what the entities used of them.
fn services(view: &View, call: &Call, about: &About, by_action: bool) -> Result<Vec<ReportedService>> {
    let granted = last_access::services(about.documents.iter().map(|document| &**document));
    let mut services: BTreeMap<&str, ReportedService> = granted
        .into_iter()
        .map(|prefix| {
            (prefix, ReportedService { prefix: prefix.to_owned(), uses: Vec::new(), actions: Vec::new() })
        })
        .collect();
    for (entity, id) in about.entities.keys().enumerate() {
        for row in view.scan::<LastAccess>(call.global_scope(), (id.clone(),)).rows()? {
            let Some(service) = services.get_mut(row.service.as_str()) else { continue };
            let last = Use { entity, at: row.at, region: row.region };
            if row.action.is_empty() {
                service.uses.push(last);
                continue;
            }
            match service.actions.iter_mut().find(|action| action.name == row.action) {
                Some(action) if action.last.at < last.at => action.last = last,
                Some(_) => {}
                None if by_action => service.actions.push(ActionUse { name: row.action, last }),
                None => {}
            }
        }
    }
    Ok(services.into_values().collect())
}

#[async_trait::async_trait]
impl Orchestrate<GenerateServiceLastAccessedDetails> for Iam {
    fn access(&self, input: &GenerateServiceLastAccessedDetails, call: &Call, view: &View) -> Access {
        let action = "iam:GenerateServiceLastAccessedDetails";
        match input.arn.contains(":policy/") {
            true => authority::on_policy(action, &input.arn, call, view),
            false => on_entity(action, &input.arn, call, view),
        }
    }

    async fn run(
        &self,
        input: GenerateServiceLastAccessedDetails,
        call: &Call,
        context: &Context,
    ) -> Result<GenerateServiceLastAccessedDetailsOutput> {
        last_access::catch_up(context, call.account).await?;
        let by_action = input.granularity == Some(Granularity::ActionLevel);
        context
            .transact(call, |call, tx| {
                let about = About::of(tx, call, &input.arn)?;
                let services = services(tx, call, &about, by_action)?;
                make_room(call, tx)?;
                let id = call.entropy.uuid();
                tx.insert(AccessReport {
                    account: call.account,
                    id: id.clone(),
                    by_action,
                    created: crate::state::moment(call),
                    entities: about.entities.into_values().collect(),
                    services,
                })?;
                Ok(GenerateServiceLastAccessedDetailsOutput { job_id: Some(id) })
            })
            .await
    }
}

/// Removes reports that can be read no longer, and of too many the oldest.
fn make_room(call: &Call, tx: &mut Tx) -> Result<()> {
    let mut reports = tx.list::<AccessReport>(call.global_scope())?;
    reports.sort_by_key(|report| std::cmp::Reverse(report.created));
    let readable = reports.iter().take_while(|report| call.now.since(report.created) <= KEPT).count();
    for old in reports.into_iter().skip(readable.min(MOST - 1)) {
        tx.remove::<AccessReport>(call.global_scope(), old.id.as_str())?;
    }
    Ok(())
}

fn report(view: &View, call: &Call, id: &str) -> Result<AccessReport> {
    let found = view.get::<AccessReport>(call.global_scope(), id)?;
    let found = found.filter(|report| call.now.since(report.created) <= KEPT);
    found.ok_or_else(|| refusal::no_such(format!("Job {id} cannot be found.")))
}

impl Transact<GetServiceLastAccessedDetails> for Iam {
    fn access(_: &GetServiceLastAccessedDetails, _: &Call, _: &View) -> Access {
        Access::to("iam:GetServiceLastAccessedDetails")
    }

    fn run(
        input: GetServiceLastAccessedDetails,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetServiceLastAccessedDetailsOutput> {
        let report = report(tx, call, &input.job_id)?;
        let arn = |last: &Use| report.entities.get(last.entity).map(|entity| entity.arn.clone());
        let (marker, most) = (input.marker.as_deref(), input.max_items);
        let page = page(&report.services, |service| service.prefix.clone(), marker, most)?.map(|service| {
            let last = service.uses.iter().max_by_key(|last| last.at);
            let actions = service.actions.iter().map(|action| TrackedActionLastAccessed {
                action_name: Some(action.name.clone()),
                last_accessed_entity: arn(&action.last),
                last_accessed_time: Some(action.last.at),
                last_accessed_region: Some(action.last.region.to_string()),
            });
            ServiceLastAccessed {
                service_name: facts::name(&service.prefix).unwrap_or(&service.prefix).to_owned(),
                service_namespace: service.prefix.clone(),
                last_authenticated: last.map(|last| last.at),
                last_authenticated_entity: last.and_then(arn),
                last_authenticated_region: last.map(|last| last.region.to_string()),
                total_authenticated_entities: Some(crate::answers::count(service.uses.len())),
                tracked_actions_last_accessed: report.by_action.then(|| actions.collect()),
            }
        });
        Ok(GetServiceLastAccessedDetailsOutput {
            job_status: JobStatusType::Completed,
            job_type: Some(if report.by_action {
                Granularity::ActionLevel
            } else {
                Granularity::ServiceLevel
            }),
            job_creation_date: report.created,
            is_truncated: page.truncated(),
            services_last_accessed: page.items,
            job_completion_date: report.created,
            marker: page.marker,
            error: None,
        })
    }
}

impl Transact<GetServiceLastAccessedDetailsWithEntities> for Iam {
    fn access(_: &GetServiceLastAccessedDetailsWithEntities, _: &Call, _: &View) -> Access {
        Access::to("iam:GetServiceLastAccessedDetailsWithEntities")
    }

    fn run(
        input: GetServiceLastAccessedDetailsWithEntities,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetServiceLastAccessedDetailsWithEntitiesOutput> {
        let report = report(tx, call, &input.job_id)?;
        let prefix = &input.service_namespace;
        let service = report.services.iter().find(|service| service.prefix == *prefix);
        let service = service.ok_or_else(|| {
            refusal::invalid_input(format!("The service {prefix} is not one that the report is about."))
        })?;
        let entities = report.entities.iter().enumerate();
        let (marker, most) = (input.marker.as_deref(), input.max_items);
        let page = page(entities, |(_, entity)| entity.id.clone(), marker, most)?.map(|(place, entity)| {
            let last = service.uses.iter().find(|last| last.entity == place);
            let kind = if entity.is_role { PolicyOwnerEntityType::Role } else { PolicyOwnerEntityType::User };
            let info = EntityInfo {
                arn: entity.arn.clone(),
                name: entity.name.clone(),
                r#type: kind,
                id: entity.id.clone(),
                path: Some(entity.path.clone()),
            };
            EntityDetails { entity_info: info, last_authenticated: last.map(|last| last.at) }
        });
        Ok(GetServiceLastAccessedDetailsWithEntitiesOutput {
            job_status: JobStatusType::Completed,
            job_creation_date: report.created,
            job_completion_date: report.created,
            is_truncated: page.truncated(),
            entity_details_list: page.items,
            marker: page.marker,
            error: None,
        })
    }
}
