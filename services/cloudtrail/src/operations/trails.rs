//! Trails.

use super::destinations;
use crate::delivery;
use crate::reference::{Reference, check_name, find, find_at_home, on_trail};
use crate::state::{Cursor, Logging, Selectors, Trail, record_data};
use crate::{CloudTrail, page, tags};
use api_cloudtrail::{
    CreateTrail, CreateTrailOutput, DeleteTrail, DeleteTrailOutput, DescribeTrails, DescribeTrailsOutput,
    Error, GetTrail, GetTrailOutput, InvalidCloudWatchLogsLogGroupArnException,
    InvalidParameterCombinationException, InvalidS3BucketNameException, InvalidS3PrefixException,
    InvalidSnsTopicNameException, ListTrails, ListTrailsOutput, MaximumNumberOfTrailsExceededException,
    OrganizationsNotInUseException, TrailAlreadyExistsException, TrailInfo, UpdateTrail, UpdateTrailOutput,
};
use contract::{Access, Call, Check, Context, Orchestrate, Transact};
use names::Arn;
use store::{Tx, View};

/// The most that a region has, those of all regions included.
const MOST: usize = 5;
const LOGS_PRINCIPAL: &str = "cloudtrail.amazonaws.com";

/// The members that CreateTrail and UpdateTrail share.
struct Asked {
    bucket: Option<String>,
    prefix: Option<String>,
    topic: Option<String>,
    global_events: Option<bool>,
    multi_region: Option<bool>,
    validation: Option<bool>,
    log_group: Option<String>,
    log_role: Option<String>,
    kms_key: Option<String>,
    organization: Option<bool>,
}

macro_rules! asked {
    ($input:ident, $bucket:expr) => {
        Asked {
            bucket: $bucket,
            prefix: $input.s3_key_prefix,
            topic: $input.sns_topic_name,
            global_events: $input.include_global_service_events,
            multi_region: $input.is_multi_region_trail,
            validation: $input.enable_log_file_validation,
            log_group: $input.cloud_watch_logs_log_group_arn,
            log_role: $input.cloud_watch_logs_role_arn,
            kms_key: $input.kms_key_id,
            organization: $input.is_organization_trail,
        }
    };
}

/// The trail as an answer's members, which all have the same names.
macro_rules! told {
    ($kind:ident, $trail:expr $(, $($rest:tt)*)?) => {{
        let trail: &Trail = $trail;
        $kind {
            name: Some(trail.name.clone()),
            s3_bucket_name: Some(trail.bucket.clone()),
            s3_key_prefix: trail.prefix.clone(),
            sns_topic_name: trail.topic_name().map(str::to_owned),
            sns_topic_arn: trail.topic.clone(),
            include_global_service_events: Some(trail.global_events),
            is_multi_region_trail: Some(trail.multi_region),
            trail_arn: Some(trail.arn().to_string()),
            log_file_validation_enabled: Some(trail.validation),
            cloud_watch_logs_log_group_arn: trail.log_group.clone(),
            cloud_watch_logs_role_arn: trail.log_role.clone(),
            kms_key_id: trail.kms_key.clone(),
            is_organization_trail: Some(false),
            $($($rest)*)?
        }
    }};
}

fn described(trail: &Trail) -> api_cloudtrail::Trail {
    api_cloudtrail::Trail {
        home_region: Some(trail.scope.region.to_string()),
        has_custom_event_selectors: Some(trail.selectors.are_custom()),
        has_insight_selectors: Some(false),
        ..told!(Described, trail, ..Default::default())
    }
}

use api_cloudtrail::Trail as Described;

fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

impl Asked {
    /// The trail with what is asked for. An empty text takes a setting away.
    fn apply(self, mut trail: Trail, call: &Call) -> Result<Trail, Error> {
        if self.organization == Some(true) {
            let message = "Your account is not a member of an organization: organization trails are not built in Cloudchamber.";
            return Err(OrganizationsNotInUseException::new(message).into());
        }
        if let Some(bucket) = self.bucket {
            trail.bucket = check_bucket(bucket)?;
        }
        if self.prefix.is_some() {
            trail.prefix = given(self.prefix);
            check_prefix(trail.prefix.as_deref())?;
        }
        if let Some(topic) = self.topic {
            trail.topic = given(Some(topic)).map(|topic| topic_arn(&topic, call)).transpose()?;
        }
        trail.global_events = self.global_events.unwrap_or(trail.global_events);
        trail.multi_region = self.multi_region.unwrap_or(trail.multi_region);
        if trail.multi_region && !trail.global_events {
            let message = "Multi-Region trail must include global service events.";
            return Err(InvalidParameterCombinationException::new(message).into());
        }
        if self.log_group.is_some() {
            trail.log_group = given(self.log_group);
        }
        if self.log_role.is_some() {
            trail.log_role = given(self.log_role);
        }
        if trail.log_group.is_some() != trail.log_role.is_some() {
            let message =
                "You must specify both a log group ARN and a role ARN to enable CloudWatch Logs delivery.";
            return Err(InvalidCloudWatchLogsLogGroupArnException::new(message).into());
        }
        if self.kms_key.is_some() {
            trail.kms_key = given(self.kms_key);
        }
        trail.validation = self.validation.unwrap_or(trail.validation);
        Ok(trail)
    }
}

fn check_bucket(name: String) -> Result<String, Error> {
    let refuse = |why: String| Err(InvalidS3BucketNameException::new(why).into());
    if name.trim().is_empty() {
        return refuse("Bucket name cannot be blank!".into());
    }
    let characters =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.' | b'_');
    if !(3..=63).contains(&name.len())
        || !name.bytes().all(|byte| characters(byte) || byte.is_ascii_uppercase())
    {
        return refuse(format!("Bucket name is not valid: {name}"));
    }
    Ok(name)
}

fn check_prefix(prefix: Option<&str>) -> Result<(), Error> {
    let Some(prefix) = prefix else { return Ok(()) };
    if prefix.chars().count() > 200 {
        let message = "S3 prefix is longer than maximum length of 200 characters.";
        return Err(InvalidS3PrefixException::new(message).into());
    }
    if prefix.starts_with('/') || prefix.ends_with('/') {
        let message = "S3 prefix cannot begin or end with a slash.";
        return Err(InvalidS3PrefixException::new(message).into());
    }
    Ok(())
}

/// A topic by its name, of the trail's account and region, or its ARN.
fn topic_arn(text: &str, call: &Call) -> Result<String, Error> {
    let refuse = || InvalidSnsTopicNameException::new(format!("SNS Topic name or ARN is not valid: {text}"));
    if text.starts_with("arn:") {
        let arn = text.parse::<Arn>().ok().filter(|arn| arn.service == "sns" && arn.scope().is_some());
        return arn.map(|arn| arn.to_string()).ok_or_else(|| refuse().into());
    }
    let characters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if text.len() > 256 || !text.bytes().all(characters) {
        return Err(refuse().into());
    }
    Ok(Arn::new("sns", call.scope(), text).to_string())
}

fn passes(access: Access, role: Option<&String>) -> Access {
    match role.filter(|role| !role.is_empty()) {
        Some(role) => access.and(Check::pass_role(role, LOGS_PRINCIPAL)),
        None => access,
    }
}

#[async_trait::async_trait]
impl Orchestrate<CreateTrail> for CloudTrail {
    fn access(&self, input: &CreateTrail, call: &Call, view: &View) -> Access {
        let asked = input.tags_list.as_deref().unwrap_or_default();
        let pairs = || tags::pairs(asked);
        let mut access = on_trail("CreateTrail", &input.name, call, view);
        // A trail that is there already is another one: what is asked for is a new one.
        access = Access { checks: access.checks.into_iter().map(fresh).collect(), ..access };
        let mut access = access.with_request_tags(pairs());
        if !asked.is_empty() {
            let adding = on_trail("AddTags", &input.name, call, view).with_request_tags(pairs());
            access.checks.extend(adding.checks);
        }
        passes(access, input.cloud_watch_logs_role_arn.as_ref())
    }

    async fn run(
        &self,
        input: CreateTrail,
        call: &Call,
        context: &Context,
    ) -> Result<CreateTrailOutput, Error> {
        check_name(&input.name)?;
        let mut given_tags = names::Tags::new();
        tags::add(&mut given_tags, input.tags_list.unwrap_or_default(), call)?;
        let trail = Trail {
            scope: call.scope(),
            name: input.name.clone(),
            created: call.now,
            bucket: String::new(),
            prefix: None,
            topic: None,
            global_events: true,
            multi_region: false,
            log_group: None,
            log_role: None,
            kms_key: None,
            selectors: Selectors::default(),
            tags: given_tags,
            validation: false,
        };
        let mut trail = asked!(input, Some(input.s3_bucket_name)).apply(trail, call)?;
        is_new(&trail, &context.store.view())?;
        trail.kms_key = destinations::key(&trail, call, context).await?;
        destinations::check(&trail, call, context).await?;
        context
            .transact(call, |_, tx| {
                is_new(&trail, tx)?;
                tx.put(Logging::new(trail.scope, &trail.name))?;
                tx.put(trail.clone())?;
                Ok::<(), Error>(())
            })
            .await?;
        Ok(told!(CreateTrailOutput, &trail))
    }
}

/// Without the tags of a trail that has the name already.
fn fresh(mut check: Check) -> Check {
    check.context.retain(|(key, _)| !key.starts_with("aws:ResourceTag/"));
    check
}

fn is_new(trail: &Trail, view: &View) -> Result<(), Error> {
    let known = Trail::of_region(view, trail.scope)?;
    if known.iter().any(|known| known.name == trail.name) {
        let message = format!("Trail {} already exists for customer: {}", trail.name, trail.scope.account);
        return Err(TrailAlreadyExistsException::new(message).into());
    }
    if known.len() >= MOST {
        let message =
            format!("User: {} already has {MOST} trails in {}.", trail.scope.account, trail.scope.region);
        return Err(MaximumNumberOfTrailsExceededException::new(message).into());
    }
    Ok(())
}

#[async_trait::async_trait]
impl Orchestrate<UpdateTrail> for CloudTrail {
    fn access(&self, input: &UpdateTrail, call: &Call, view: &View) -> Access {
        let access = on_trail("UpdateTrail", &input.name, call, view);
        passes(access, input.cloud_watch_logs_role_arn.as_ref())
    }

    async fn run(
        &self,
        input: UpdateTrail,
        call: &Call,
        context: &Context,
    ) -> Result<UpdateTrailOutput, Error> {
        let name = input.name;
        let known = find_at_home(&name, &context.store.view(), call)?;
        let mut trail = asked!(input, input.s3_bucket_name).apply(known.clone(), call)?;
        if trail.kms_key != known.kms_key {
            trail.kms_key = destinations::key(&trail, call, context).await?;
        }
        destinations::check(&trail, call, context).await?;
        context
            .transact(call, |call, tx| {
                let now = find_at_home(&name, tx, call)?;
                // Selectors and tags have operations of their own, which may have come between.
                let trail = Trail { selectors: now.selectors, tags: now.tags, ..trail.clone() };
                delivery::begin_digests(&trail, call.now, tx)?;
                tx.put(trail)?;
                record_data(tx, call.account)?;
                Ok::<(), Error>(())
            })
            .await?;
        Ok(told!(UpdateTrailOutput, &trail))
    }
}

impl Transact<DeleteTrail> for CloudTrail {
    fn access(input: &DeleteTrail, call: &Call, view: &View) -> Access {
        on_trail("DeleteTrail", &input.name, call, view)
    }

    fn run(input: DeleteTrail, call: &Call, tx: &mut Tx) -> Result<DeleteTrailOutput, Error> {
        let trail = find_at_home(&input.name, tx, call)?;
        tx.remove::<Trail>(trail.scope, &trail.name)?;
        tx.remove::<Logging>(trail.scope, &trail.name)?;
        tx.remove::<Cursor>(trail.scope, &trail.name)?;
        record_data(tx, call.account)?;
        delivery::end_digests(&trail, call.now, tx)?;
        Ok(DeleteTrailOutput {})
    }
}

impl Transact<GetTrail> for CloudTrail {
    fn access(input: &GetTrail, call: &Call, view: &View) -> Access {
        on_trail("GetTrail", &input.name, call, view)
    }

    fn run(input: GetTrail, call: &Call, tx: &mut Tx) -> Result<GetTrailOutput, Error> {
        Ok(GetTrailOutput { trail: Some(described(&find(&input.name, tx, call)?)) })
    }
}

impl Transact<DescribeTrails> for CloudTrail {
    fn access(_: &DescribeTrails, _: &Call, _: &View) -> Access {
        Access::to("cloudtrail:DescribeTrails")
    }

    /// Trails that are not there are left out, as on AWS.
    fn run(input: DescribeTrails, call: &Call, tx: &mut Tx) -> Result<DescribeTrailsOutput, Error> {
        let asked = input.trail_name_list.filter(|names| !names.is_empty());
        let mut found = Vec::new();
        match asked {
            Some(names) => {
                for name in names {
                    found.extend(Reference::read(&name)?.find(tx, call)?);
                }
            }
            None => found = Trail::of_region(tx, call.scope())?,
        }
        if input.include_shadow_trails == Some(false) {
            found.retain(|trail| trail.scope.region == call.region);
        }
        Ok(DescribeTrailsOutput { trail_list: Some(found.iter().map(described).collect()) })
    }
}

impl Transact<ListTrails> for CloudTrail {
    fn access(_: &ListTrails, _: &Call, _: &View) -> Access {
        Access::to("cloudtrail:ListTrails")
    }

    /// Those of all regions.
    fn run(input: ListTrails, call: &Call, tx: &mut Tx) -> Result<ListTrailsOutput, Error> {
        let trails: Vec<Trail> = tx.list_account(call.account)?;
        let keyed = trails.into_iter().map(|trail| (trail.arn().to_string(), trail)).collect();
        let (trails, next_token) = page::page("trails", input.next_token.as_deref(), keyed)?;
        let told = trails.into_iter().map(|trail| TrailInfo {
            trail_arn: Some(trail.arn().to_string()),
            home_region: Some(trail.scope.region.to_string()),
            name: Some(trail.name),
        });
        Ok(ListTrailsOutput { trails: Some(told.collect()), next_token })
    }
}
