//! A cloud with AWS Config and stand-ins for what it records and calls.

pub(crate) use crate::peers::{BUCKET, Bucket, Event, FUNCTION, Peers, ROLE, TOPIC, answered};
pub(crate) use crate::resources::{GROUP, Group, IAM_ROLE, IamRole, VPC, Vpc, ports, put_group};
use api_config as api;
use contract::{Caller, Context};
use names::{Scope, Timestamp};
use std::sync::Arc;
use store::{Position, Tx};
use testkit::TestCloud;

/// The cloud of a test.
pub(crate) struct Cloud {
    pub(crate) test: TestCloud,
    pub(crate) peers: Arc<Peers>,
}

impl Cloud {
    /// With no recorder yet, and nothing that runs.
    pub(crate) fn new() -> Self {
        let peers = Arc::new(Peers::default());
        let mut registrations = Peers::registrations(&peers);
        registrations.push(config::registration());
        let test = TestCloud::new(registrations);
        // The recorder's role may write to the bucket and publish; sessions of it share its policies.
        let _ = test.role(
            "recorder",
            &[r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:PutObject","sns:Publish"],"Resource":"*"}]}"#],
        );
        Self { test, peers }
    }

    pub(crate) fn root(&self) -> Caller {
        self.test.root()
    }

    pub(crate) fn context(&self) -> &Context {
        self.test.context()
    }

    /// Writes a group.
    pub(crate) fn put_group(&self, id: &str, ports: &[u16]) {
        put_group(self.context(), self.test.scope(), id, ports);
    }

    pub(crate) fn delete_group(&self, id: &str) {
        let scope = self.test.scope();
        self.context().store.transact(None, |tx: &mut Tx| tx.remove::<Group>(scope, id)).unwrap();
    }

    /// Waits until the feed is read and no task of the service is due.
    pub(crate) async fn quiet(&self) {
        self.test
            .until("the engine is quiet", async || {
                self.test.settle().await;
                let view = self.context().store.view();
                let read = view.cursor("config.recorder").unwrap().unwrap_or(Position::START);
                let feed = self.context().store.feed().last().unwrap();
                let now = self.test.now();
                let busy = view
                    .list_all::<contract::Task>()
                    .unwrap()
                    .into_iter()
                    .any(|task| task.due <= now && task.kind.starts_with("config."));
                (read >= feed && !busy).then_some(())
            })
            .await;
    }

    /// Puts and starts a recorder of groups, with a channel.
    pub(crate) async fn record_groups(&self) {
        self.put_recorder(including(&[GROUP])).await.unwrap();
        self.put_channel(None).await.unwrap();
        self.start().await;
    }

    pub(crate) async fn put_recorder(&self, group: api::RecordingGroup) -> Result<(), wire::ErrorResponse> {
        let recorder = api::ConfigurationRecorder {
            role_arn: Some(ROLE.into()),
            recording_group: Some(group),
            ..api::ConfigurationRecorder::default()
        };
        let put = api::PutConfigurationRecorder { configuration_recorder: recorder, tags: None };
        self.root().call(put).await.map(drop)
    }

    pub(crate) async fn put_channel(
        &self,
        frequency: Option<api::MaximumExecutionFrequency>,
    ) -> Result<(), wire::ErrorResponse> {
        let channel = api::DeliveryChannel {
            s3_bucket_name: Some(BUCKET.into()),
            sns_topic_arn: Some(TOPIC.into()),
            config_snapshot_delivery_properties: frequency.map(|frequency| {
                api::ConfigSnapshotDeliveryProperties { delivery_frequency: Some(frequency) }
            }),
            ..api::DeliveryChannel::default()
        };
        self.root().call(api::PutDeliveryChannel { delivery_channel: channel }).await.map(drop)
    }

    pub(crate) async fn start(&self) {
        let start = api::StartConfigurationRecorder { configuration_recorder_name: "default".into() };
        self.root().call(start).await.unwrap();
    }

    pub(crate) async fn stop(&self) {
        let stop = api::StopConfigurationRecorder { configuration_recorder_name: "default".into() };
        self.root().call(stop).await.unwrap();
    }

    /// The items of a resource, oldest first.
    pub(crate) async fn history(&self, resource_type: &str, id: &str) -> Vec<api::ConfigurationItem> {
        let asked = api::GetResourceConfigHistory {
            resource_type: resource_type.into(),
            resource_id: id.into(),
            chronological_order: Some(api::ChronologicalOrder::Forward),
            limit: Some(100),
            ..api::GetResourceConfigHistory::default()
        };
        self.root().call(asked).await.unwrap().configuration_items.unwrap()
    }

    pub(crate) async fn discovered(&self, resource_type: &str) -> Vec<String> {
        let asked = api::ListDiscoveredResources {
            resource_type: resource_type.into(),
            ..api::ListDiscoveredResources::default()
        };
        let found = self.root().call(asked).await.unwrap().resource_identifiers.unwrap();
        found.into_iter().map(|found| found.resource_id.unwrap()).collect()
    }

    /// Puts a rule of the function.
    pub(crate) async fn put_rule(&self, rule: api::ConfigRule) -> Result<(), wire::ErrorResponse> {
        self.root().call(api::PutConfigRule { config_rule: rule, tags: None }).await.map(drop)
    }

    pub(crate) async fn rule(&self, name: &str) -> api::ConfigRule {
        let asked = api::DescribeConfigRules {
            config_rule_names: Some(vec![name.into()]),
            ..api::DescribeConfigRules::default()
        };
        self.root().call(asked).await.unwrap().config_rules.unwrap().remove(0)
    }

    pub(crate) async fn status(&self, name: &str) -> api::ConfigRuleEvaluationStatus {
        let asked = api::DescribeConfigRuleEvaluationStatus {
            config_rule_names: Some(vec![name.into()]),
            ..api::DescribeConfigRuleEvaluationStatus::default()
        };
        let statuses = self.root().call(asked).await.unwrap().config_rules_evaluation_status;
        statuses.unwrap().remove(0)
    }

    /// The results of a rule: resource id and compliance.
    pub(crate) async fn results(&self, rule: &str) -> Vec<(String, api::ComplianceType)> {
        let asked = api::GetComplianceDetailsByConfigRule {
            config_rule_name: rule.into(),
            ..api::GetComplianceDetailsByConfigRule::default()
        };
        let results = self.root().call(asked).await.unwrap().evaluation_results.unwrap();
        results
            .into_iter()
            .map(|result| {
                let qualifier =
                    result.evaluation_result_identifier.unwrap().evaluation_result_qualifier.unwrap();
                (qualifier.resource_id.unwrap(), result.compliance_type.unwrap())
            })
            .collect()
    }

    pub(crate) async fn put_evaluations(
        &self,
        token: &str,
        evaluations: Vec<api::Evaluation>,
    ) -> Result<api::PutEvaluationsOutput, wire::ErrorResponse> {
        let put = api::PutEvaluations {
            evaluations: Some(evaluations),
            result_token: token.into(),
            test_mode: None,
        };
        self.root().call(put).await
    }
}

pub(crate) fn including(types: &[&str]) -> api::RecordingGroup {
    api::RecordingGroup {
        resource_types: Some(types.iter().map(|own| (*own).to_owned()).collect()),
        ..api::RecordingGroup::default()
    }
}

pub(crate) fn details(messages: &[api::MessageType]) -> Vec<api::SourceDetail> {
    let detail = |message: &api::MessageType| api::SourceDetail {
        event_source: Some(api::EventSource::AwsConfig),
        message_type: Some(*message),
        maximum_execution_frequency: None,
    };
    messages.iter().map(detail).collect()
}

/// A rule of the function on groups.
pub(crate) fn group_rule(name: &str) -> api::ConfigRule {
    api::ConfigRule {
        config_rule_name: Some(name.into()),
        scope: Some(api::Scope {
            compliance_resource_types: Some(vec![GROUP.into()]),
            ..api::Scope::default()
        }),
        source: api::Source {
            owner: api::Owner::CustomLambda,
            source_identifier: Some(FUNCTION.into()),
            source_details: Some(details(&[api::MessageType::ConfigurationItemChangeNotification])),
            custom_policy_details: None,
        },
        input_parameters: Some(r#"{"debug":"true"}"#.into()),
        ..api::ConfigRule::default()
    }
}

pub(crate) fn evaluation(id: &str, compliance: api::ComplianceType, at: Timestamp) -> api::Evaluation {
    api::Evaluation {
        compliance_resource_type: GROUP.into(),
        compliance_resource_id: id.into(),
        compliance_type: compliance,
        annotation: Some("Permissions were modified".into()),
        ordering_timestamp: at,
    }
}

/// Reports from within the function, as the function's account.
pub(crate) async fn report(
    context: &Context,
    event: &Event,
    compliance: api::ComplianceType,
) -> Result<api::PutEvaluationsOutput, wire::ErrorResponse> {
    let account = testkit::ACCOUNT.parse().unwrap();
    let scope = Scope::new(account, testkit::REGION);
    let caller = context.caller(contract::Principal::Root(account), scope, contract::Chain::default());
    let captured = event.text(&["configurationItem", "configurationItemCaptureTime"]);
    let evaluation = evaluation(&event.resource_id(), compliance, Timestamp::parse_iso(&captured).unwrap());
    caller
        .call(api::PutEvaluations {
            evaluations: Some(vec![evaluation]),
            result_token: event.token(),
            test_mode: None,
        })
        .await
}
