//! A managed rule of AWS Config, a runbook of Systems Manager, and a group that is open to the world: all services, in memory, with a manual clock.

use api_config as config;
use api_ec2::{
    AuthorizeSecurityGroupIngress, CreateSecurityGroup, DescribeSecurityGroups, DescribeVpcs, IpPermission,
    IpRange,
};
use api_iam::{CreateRole, PutRolePolicy};
use api_s3::{CreateBucket, PutBucketPolicy};
use cloudchamber::services::{Choices, registrations};
use contract::Caller;
use std::collections::BTreeMap;
use std::time::Duration;
use testkit::{ACCOUNT, TestCloud};

const LOGS: &str = "config-logs";
const RULE: &str = "restricted-ssh";
const RUNBOOK: &str = "AWS-DisablePublicAccessForSecurityGroup";

struct Lab {
    cloud: TestCloud,
    root: Caller,
    group: String,
    _work: workflow::Running,
}

impl Lab {
    /// A recorder, the rule, a role for the runbook that has a policy, and a group without rules.
    async fn start(policy: &str) -> Self {
        let cloud = TestCloud::new(registrations(&Choices::for_tests()));
        let (root, work) = (cloud.root(), cloud.start_work());
        record(&root).await;
        let source = config::Source {
            owner: config::Owner::Aws,
            source_identifier: Some("INCOMING_SSH_DISABLED".into()),
            ..Default::default()
        };
        let rule = config::ConfigRule { config_rule_name: Some(RULE.into()), source, ..Default::default() };
        root.call(config::PutConfigRule { config_rule: rule, tags: None }).await.unwrap();
        let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
        let role = CreateRole {
            role_name: "fixer".into(),
            assume_role_policy_document: trust.into(),
            ..Default::default()
        };
        root.call(role).await.unwrap();
        let policy = PutRolePolicy {
            role_name: "fixer".into(),
            policy_name: "fix".into(),
            policy_document: policy.into(),
        };
        root.call(policy).await.unwrap();
        let vpcs = root.call(DescribeVpcs::default()).await.unwrap().vpcs.unwrap();
        let create = CreateSecurityGroup {
            group_name: "web".into(),
            description: "web".into(),
            vpc_id: vpcs.first().and_then(|vpc| vpc.vpc_id.clone()),
            ..Default::default()
        };
        let group = root.call(create).await.unwrap().group_id.unwrap();
        Self { cloud, root, group, _work: work }
    }

    async fn open_ssh(&self) {
        let range = IpRange { cidr_ip: Some("0.0.0.0/0".into()), ..Default::default() };
        let permission = IpPermission {
            ip_protocol: Some("tcp".into()),
            from_port: Some(22),
            to_port: Some(22),
            ip_ranges: Some(vec![range]),
            ..Default::default()
        };
        let authorize = AuthorizeSecurityGroupIngress {
            group_id: Some(self.group.clone()),
            ip_permissions: Some(vec![permission]),
            ..Default::default()
        };
        self.root.call(authorize).await.unwrap();
    }

    async fn is_open(&self) -> bool {
        let describe =
            DescribeSecurityGroups { group_ids: Some(vec![self.group.clone()]), ..Default::default() };
        let groups = self.root.call(describe).await.unwrap().security_groups.unwrap();
        groups.iter().any(|group| group.ip_permissions.as_ref().is_some_and(|it| !it.is_empty()))
    }

    async fn put_remediation(&self, automatic: bool) {
        let fixed = |value: String| config::RemediationParameterValue {
            static_value: Some(config::StaticValue { values: vec![value] }),
            resource_value: None,
        };
        let id = config::RemediationParameterValue {
            resource_value: Some(config::ResourceValue { value: config::ResourceValueType::ResourceId }),
            static_value: None,
        };
        let parameters = BTreeMap::from([
            ("AutomationAssumeRole".to_owned(), fixed(format!("arn:aws:iam::{ACCOUNT}:role/fixer"))),
            ("GroupId".to_owned(), id),
        ]);
        let wanted = config::RemediationConfiguration {
            config_rule_name: RULE.into(),
            target_type: config::RemediationTargetType::SsmDocument,
            target_id: RUNBOOK.into(),
            parameters: Some(parameters),
            automatic: Some(automatic),
            maximum_automatic_attempts: Some(3),
            retry_attempt_seconds: Some(60),
            ..Default::default()
        };
        self.root
            .call(config::PutRemediationConfigurations { remediation_configurations: vec![wanted] })
            .await
            .unwrap();
    }

    async fn status(&self) -> Option<config::RemediationExecutionStatus> {
        let describe = config::DescribeRemediationExecutionStatus {
            config_rule_name: RULE.into(),
            ..Default::default()
        };
        self.root.call(describe).await.unwrap().remediation_execution_statuses.unwrap().pop()
    }

    async fn state(&self, wanted: config::RemediationExecutionState) -> config::RemediationExecutionStatus {
        self.cloud
            .until("the remediation has the state", async || {
                self.status().await.filter(|status| status.state == Some(wanted))
            })
            .await
    }

    async fn compliance(&self, wanted: config::ComplianceType) {
        let asked = || config::GetComplianceDetailsByConfigRule {
            config_rule_name: RULE.into(),
            ..Default::default()
        };
        let is = |result: &config::EvaluationResult| {
            let id = result
                .evaluation_result_identifier
                .as_ref()
                .and_then(|id| id.evaluation_result_qualifier.as_ref());
            id.is_some_and(|id| id.resource_id.as_ref() == Some(&self.group))
                && result.compliance_type == Some(wanted)
        };
        self.cloud
            .until("the group is judged so", async || {
                let results = self.root.call(asked()).await.unwrap().evaluation_results.unwrap();
                results.iter().any(is).then_some(())
            })
            .await;
    }

    async fn exceptions(&self) -> Vec<String> {
        let asked =
            config::DescribeRemediationExceptions { config_rule_name: RULE.into(), ..Default::default() };
        let found = self.root.call(asked).await.unwrap().remediation_exceptions.unwrap();
        found.into_iter().map(|exception| exception.resource_id).collect()
    }
}

pub(crate) async fn record(root: &Caller) {
    root.call(CreateBucket { bucket: LOGS.into(), ..Default::default() }).await.unwrap();
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"config.amazonaws.com"}},"Action":["s3:PutObject","s3:GetBucketAcl","s3:ListBucket"],"Resource":["arn:aws:s3:::{LOGS}","arn:aws:s3:::{LOGS}/*"]}}]}}"#
    );
    root.call(PutBucketPolicy { bucket: LOGS.into(), policy, ..Default::default() }).await.unwrap();
    let role =
        format!("arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig");
    let recorder = config::ConfigurationRecorder {
        name: Some("default".into()),
        role_arn: Some(role),
        ..Default::default()
    };
    root.call(config::PutConfigurationRecorder { configuration_recorder: recorder, tags: None })
        .await
        .unwrap();
    let delivery_channel = config::DeliveryChannel {
        name: Some("default".into()),
        s3_bucket_name: Some(LOGS.into()),
        ..Default::default()
    };
    root.call(config::PutDeliveryChannel { delivery_channel }).await.unwrap();
    root.call(config::StartConfigurationRecorder { configuration_recorder_name: "default".into() })
        .await
        .unwrap();
}

const MAY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:RevokeSecurityGroupIngress","Resource":"*"}]}"#;
const MAY_NOT: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ec2:*","Resource":"*"}]}"#;

#[tokio::test]
async fn an_open_port_is_closed_by_itself() {
    let lab = Lab::start(MAY).await;
    lab.put_remediation(true).await;
    lab.open_ssh().await;
    let status = lab.state(config::RemediationExecutionState::Succeeded).await;
    assert!(!lab.is_open().await);
    let steps = status.step_details.unwrap();
    assert_eq!(steps[0].name.as_deref(), Some("CloseSshToIpv4"));
    assert_eq!(steps[0].state, Some(config::RemediationExecutionStepState::Succeeded));
    lab.compliance(config::ComplianceType::Compliant).await;
    assert!(lab.exceptions().await.is_empty());
    // Once more: it is not done once and for all.
    lab.open_ssh().await;
    lab.cloud.until("the port is closed again", async || (!lab.is_open().await).then_some(())).await;
}

#[tokio::test]
async fn what_was_open_before_is_closed_when_somebody_asks() {
    let lab = Lab::start(MAY).await;
    lab.open_ssh().await;
    lab.compliance(config::ComplianceType::NonCompliant).await;
    lab.put_remediation(false).await;
    lab.cloud.settle().await;
    assert_eq!(lab.status().await, None);
    let key = config::ResourceKey {
        resource_type: "AWS::EC2::SecurityGroup".into(),
        resource_id: lab.group.clone(),
    };
    let stranger = config::ResourceKey { resource_id: "sg-gone".into(), ..key.clone() };
    let start = config::StartRemediationExecution {
        config_rule_name: RULE.into(),
        resource_keys: vec![key, stranger.clone()],
    };
    let failed = lab.root.call(start).await.unwrap().failed_items.unwrap();
    assert_eq!(failed, [stranger]);
    lab.state(config::RemediationExecutionState::Succeeded).await;
    assert!(!lab.is_open().await);
}

#[tokio::test]
async fn a_role_that_may_not_is_tried_as_often_as_configured_and_then_excepted() {
    let lab = Lab::start(MAY_NOT).await;
    lab.put_remediation(true).await;
    lab.open_ssh().await;
    for _ in 0..2 {
        lab.cloud
            .until("a failed attempt waits for the next", async || {
                let status = lab.status().await?;
                let failed = status.step_details.as_ref().is_some_and(|steps| !steps.is_empty());
                (failed && status.state == Some(config::RemediationExecutionState::Queued)).then_some(())
            })
            .await;
        lab.cloud.advance(Duration::from_secs(20)).await;
    }
    let status = lab.state(config::RemediationExecutionState::Failed).await;
    let message = status.step_details.unwrap()[0].error_message.clone().unwrap();
    assert!(
        message.contains("(UnauthorizedOperation) when calling the RevokeSecurityGroupIngress operation"),
        "{message}"
    );
    assert_eq!(lab.exceptions().await, std::slice::from_ref(&lab.group));
    assert!(lab.is_open().await);
    let executions = lab.root.call(api_ssm::DescribeAutomationExecutions::default()).await.unwrap();
    assert_eq!(executions.automation_execution_metadata_list.unwrap().len(), 3);
}
