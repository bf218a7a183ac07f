//! PutDashboard, GetDashboard, ListDashboards and DeleteDashboards.

use crate::CloudWatch;
use crate::dashboard::validate;
use crate::refusal::{invalid, limit_exceeded, missing};
use crate::state::{Dashboard, dashboard_arn};
use crate::tags;
use api_cloudwatch::{
    DashboardEntry, DashboardNotFoundError, DeleteDashboards, DeleteDashboardsOutput, Error, GetDashboard,
    GetDashboardOutput, ListDashboards, ListDashboardsOutput, PutDashboard, PutDashboardOutput,
};
use contract::{Access, Call, Check, Transact};
use names::Tags;
use store::{StartsWith, Tx, View};

/// The most dashboards of an account.
const MAX_DASHBOARDS: usize = 5000;
/// The most dashboards of a page.
const PAGE: usize = 1000;

impl Transact<PutDashboard> for CloudWatch {
    fn access(input: &PutDashboard, call: &Call, view: &View) -> Access {
        let mut access = Access::default().and(on("PutDashboard", &input.dashboard_name, call, view));
        if input.tags.as_ref().is_some_and(|tags| !tags.is_empty()) {
            access = access.and(on("TagResource", &input.dashboard_name, call, view));
        }
        access.with_request_tags(tags::pairs(input.tags.as_deref()))
    }

    fn run(input: PutDashboard, call: &Call, tx: &mut Tx) -> Result<PutDashboardOutput, Error> {
        let PutDashboard { dashboard_name: name, dashboard_body: body, tags: given } = input;
        check_name(&name)?;
        let warnings = validate(&body)?;
        let known = tx.get::<Dashboard>(call.global_scope(), name.as_str())?;
        let tags = match known {
            // Tags are of a new dashboard: those of one that is there are TagResource's to change.
            Some(known) => known.tags,
            None => {
                if tx.scan::<Dashboard>(call.global_scope(), ()).count()? >= MAX_DASHBOARDS {
                    return Err(limit_exceeded(format!(
                        "The account has {MAX_DASHBOARDS} dashboards already."
                    )));
                }
                let mut tags = Tags::new();
                tags::add(&mut tags, given.unwrap_or_default(), call)?;
                tags
            }
        };
        tx.put(Dashboard { account: call.account, name, body, modified: call.now, tags })?;
        Ok(PutDashboardOutput { dashboard_validation_messages: Some(warnings) })
    }
}

impl Transact<GetDashboard> for CloudWatch {
    fn access(input: &GetDashboard, call: &Call, view: &View) -> Access {
        Access::default().and(on("GetDashboard", &input.dashboard_name, call, view))
    }

    fn run(input: GetDashboard, call: &Call, tx: &mut Tx) -> Result<GetDashboardOutput, Error> {
        let found = tx.get::<Dashboard>(call.global_scope(), input.dashboard_name.as_str())?;
        let found = found.ok_or_else(|| not_found(&input.dashboard_name))?;
        Ok(GetDashboardOutput {
            dashboard_arn: Some(found.arn().to_string()),
            dashboard_body: Some(found.body),
            dashboard_name: Some(found.name),
        })
    }
}

impl Transact<ListDashboards> for CloudWatch {
    fn access(_: &ListDashboards, _: &Call, _: &View) -> Access {
        Access::to("cloudwatch:ListDashboards")
    }

    fn run(input: ListDashboards, call: &Call, tx: &mut Tx) -> Result<ListDashboardsOutput, Error> {
        let prefix = input.dashboard_name_prefix.unwrap_or_default();
        let found = tx.scan::<Dashboard>(call.global_scope(), StartsWith(prefix.as_str())).rows()?;
        let found = found.into_iter().map(|dashboard| (dashboard.name.clone(), dashboard)).collect();
        let (page, next_token) = contract::page("ListDashboards", input.next_token.as_deref(), PAGE, found)
            .map_err(|_| invalid("The value for parameter NextToken is invalid."))?;
        let entries = page.into_iter().map(|dashboard| DashboardEntry {
            dashboard_arn: Some(dashboard.arn().to_string()),
            last_modified: Some(dashboard.modified),
            size: i64::try_from(dashboard.body.len()).ok(),
            dashboard_name: Some(dashboard.name),
        });
        Ok(ListDashboardsOutput { dashboard_entries: Some(entries.collect()), next_token })
    }
}

impl Transact<DeleteDashboards> for CloudWatch {
    fn access(input: &DeleteDashboards, call: &Call, view: &View) -> Access {
        let names = input.dashboard_names.iter();
        let access = names
            .fold(Access::default(), |access, name| access.and(on("DeleteDashboards", name, call, view)));
        // A call that names none is told so where it runs, to those who may do the action at all.
        if access.checks.is_empty() { Access::to("cloudwatch:DeleteDashboards") } else { access }
    }

    fn run(input: DeleteDashboards, call: &Call, tx: &mut Tx) -> Result<DeleteDashboardsOutput, Error> {
        if input.dashboard_names.is_empty() {
            return Err(missing("The parameter DashboardNames is required."));
        }
        for name in input.dashboard_names {
            if tx.remove::<Dashboard>(call.global_scope(), name.as_str())?.is_none() {
                return Err(not_found(&name));
            }
        }
        Ok(DeleteDashboardsOutput {})
    }
}

/// An action on a dashboard, with its tags.
pub(super) fn on(action: &str, name: &str, call: &Call, view: &View) -> Check {
    let action = format!("cloudwatch:{action}");
    let arn = dashboard_arn(call.account, name);
    let mut access = Access::on(action.clone(), &arn);
    // A store that cannot be read grants nothing: `run` then fails on the same read.
    if let Ok(Some(known)) = view.get::<Dashboard>(call.global_scope(), name) {
        access = access.with_resource_tags(&known.tags);
    }
    access.checks.pop().unwrap_or_else(|| Check::new(action, arn))
}

fn not_found(name: &str) -> Error {
    DashboardNotFoundError::new(format!("Dashboard {name} does not exist")).into()
}

fn check_name(name: &str) -> Result<(), Error> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    if name.is_empty() || !name.chars().all(is_part) {
        return Err(invalid(format!(
            "The value {} for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and \
             underscore (_).",
            name.escape_debug()
        )));
    }
    if name.len() > 255 {
        return Err(invalid("The value for field DashboardName must not be longer than 255 characters."));
    }
    Ok(())
}
