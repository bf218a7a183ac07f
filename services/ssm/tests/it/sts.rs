//! A stand-in for STS, whose roles trust Systems Manager, save `stranger`.

use contract::{Access, Call, Transact};
use std::time::Duration;
use store::{Tx, View};

pub(crate) struct Sts;

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;

impl Transact<api_sts::AssumeRole> for Sts {
    fn access(input: &api_sts::AssumeRole, call: &Call, _: &View) -> Access {
        let mut access = Access::on("sts:AssumeRole", &input.role_arn);
        for check in &mut access.checks {
            check.resource_account = Some(call.account);
            if input.role_arn.ends_with("/stranger") {
                check.no_resource_policy = Some(policy::Authority::Trust);
            } else {
                let trust = policy::parse(TRUST, policy::Kind::Trust).unwrap();
                check.resource_policy = Some(policy::ResourcePolicy::new(&input.role_arn, trust));
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
