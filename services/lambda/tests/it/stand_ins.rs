//! Stand-ins for the services that Lambda calls: STS with trust policies, and CloudWatch Logs, SNS and S3 that remember what they were told.

use crate::support::package;
use contract::{Access, Call, Transact};
use names::Scope;
use std::time::Duration;
use store::{Row, Tx, View};
use wire::ErrorResponse;

/// A role and its trust policy.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct TestRole {
    pub(crate) scope: Scope,
    pub(crate) arn: String,
    pub(crate) trust: String,
}

impl Row for TestRole {
    const TABLE: &'static str = "test.roles";
    type Key = String;
    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.arn.clone()
    }
}

/// Whatever the stand-ins were told, in order.
#[derive(Clone, serde::Serialize, serde::Deserialize, Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) scope: Scope,
    pub(crate) number: u64,
    pub(crate) who: String,
    pub(crate) kind: String,
    pub(crate) to: String,
    pub(crate) texts: Vec<String>,
}

impl Row for Told {
    const TABLE: &'static str = "test.told";
    type Key = u64;
    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> u64 {
        self.number
    }
}

fn tell(tx: &mut Tx, call: &Call, kind: &str, to: &str, texts: Vec<String>) -> Result<(), store::StoreError> {
    let number = u64::try_from(tx.list_all::<Told>()?.len()).unwrap();
    let (scope, who) = (call.scope(), call.principal.arn());
    tx.insert(Told { scope, number, who, kind: kind.into(), to: to.into(), texts })
}

pub(crate) struct Sts;

impl Transact<api_sts::AssumeRole> for Sts {
    fn access(input: &api_sts::AssumeRole, call: &Call, view: &View) -> Access {
        let mut access = Access::on("sts:AssumeRole", &input.role_arn);
        let role = view.get::<TestRole>(Scope::global(call.account), input.role_arn.as_str()).unwrap();
        for check in &mut access.checks {
            check.resource_account = Some(call.account);
            match &role {
                Some(role) => {
                    let trust = policy::parse(&role.trust, policy::Kind::Trust).unwrap();
                    check.resource_policy = Some(policy::ResourcePolicy::new(&role.arn, trust));
                }
                None => check.no_resource_policy = Some(policy::Authority::Trust),
            }
        }
        access
    }

    fn run(
        input: api_sts::AssumeRole,
        call: &Call,
        _: &mut Tx,
    ) -> Result<api_sts::AssumeRoleOutput, api_sts::Error> {
        let credentials = api_sts::Credentials {
            access_key_id: "ASIATEST".into(),
            secret_access_key: "secret".into(),
            session_token: format!("token of {}", input.role_session_name),
            expiration: call.now.plus(Duration::from_secs(3600)),
        };
        Ok(api_sts::AssumeRoleOutput { credentials: Some(credentials), ..Default::default() })
    }
}

/// A group or stream.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Place {
    scope: Scope,
    name: String,
}

impl Row for Place {
    const TABLE: &'static str = "test.places";
    type Key = String;
    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.name.clone()
    }
}

pub(crate) struct CloudWatchLogs;

fn place(tx: &mut Tx, call: &Call, name: String) -> Result<(), api_logs::Error> {
    if tx.exists::<Place>(call.scope(), name.as_str())? {
        return Err(api_logs::Error::sender("ResourceAlreadyExistsException", "it exists"));
    }
    Ok(tx.insert(Place { scope: call.scope(), name })?)
}

fn needs(tx: &Tx, call: &Call, name: &str) -> Result<(), api_logs::Error> {
    match tx.exists::<Place>(call.scope(), name)? {
        true => Ok(()),
        false => Err(api_logs::Error::sender("ResourceNotFoundException", format!("no {name}"))),
    }
}

impl Transact<api_logs::CreateLogGroup> for CloudWatchLogs {
    fn access(_: &api_logs::CreateLogGroup, _: &Call, _: &View) -> Access {
        Access::to("logs:CreateLogGroup")
    }
    fn run(
        input: api_logs::CreateLogGroup,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<api_logs::CreateLogGroupOutput, api_logs::Error> {
        place(tx, call, input.log_group_name)?;
        Ok(api_logs::CreateLogGroupOutput {})
    }
}

impl Transact<api_logs::CreateLogStream> for CloudWatchLogs {
    fn access(_: &api_logs::CreateLogStream, _: &Call, _: &View) -> Access {
        Access::to("logs:CreateLogStream")
    }
    fn run(
        input: api_logs::CreateLogStream,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<api_logs::CreateLogStreamOutput, api_logs::Error> {
        needs(tx, call, &input.log_group_name)?;
        place(tx, call, format!("{}:{}", input.log_group_name, input.log_stream_name))?;
        Ok(api_logs::CreateLogStreamOutput {})
    }
}

impl Transact<api_logs::PutLogEvents> for CloudWatchLogs {
    fn access(_: &api_logs::PutLogEvents, _: &Call, _: &View) -> Access {
        Access::to("logs:PutLogEvents")
    }
    fn run(
        input: api_logs::PutLogEvents,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<api_logs::PutLogEventsOutput, api_logs::Error> {
        let to = format!("{}:{}", input.log_group_name, input.log_stream_name);
        needs(tx, call, &to)?;
        tell(tx, call, "log", &to, input.log_events.into_iter().map(|event| event.message).collect())?;
        Ok(api_logs::PutLogEventsOutput::default())
    }
}

pub(crate) struct Sns;

impl Transact<api_sns::Publish> for Sns {
    fn access(input: &api_sns::Publish, _: &Call, _: &View) -> Access {
        Access::on("sns:Publish", input.topic_arn.clone().unwrap_or_default())
    }
    fn run(
        input: api_sns::Publish,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<api_sns::PublishOutput, api_sns::Error> {
        let mut texts = vec![input.message];
        for (name, value) in input.message_attributes.unwrap_or_default() {
            texts.push(format!("{name}={}", value.string_value.unwrap_or_default()));
        }
        tell(tx, call, "message", &input.topic_arn.unwrap_or_default(), texts)?;
        Ok(api_sns::PublishOutput::default())
    }
}

pub(crate) struct S3;

impl Transact<api_s3::GetObject> for S3 {
    fn access(input: &api_s3::GetObject, call: &Call, _: &View) -> Access {
        Access::on("s3:GetObject", format!("arn:aws:s3:::{}/{}", input.bucket, input.key))
            .with_policy(call.account, None)
    }
    fn run(input: api_s3::GetObject, _: &Call, _: &mut Tx) -> Result<api_s3::GetObjectOutput, api_s3::Error> {
        if input.key != "code.zip" {
            let missing = ErrorResponse::new("NoSuchKey", "The specified key does not exist.", 404);
            return Err(wire::ServiceError::from_response(missing));
        }
        Ok(api_s3::GetObjectOutput { body: Some(package("from s3").into()), ..Default::default() })
    }
}
