//! Conformance packs, with the real CloudFormation and IAM.

use api_config as api;
use contract::Caller;
use std::time::Duration;
use testkit::TestCloud;
use wire::{ErrorResponse, document};

const TEMPLATE: &str = r#"
Parameters:
  WantedPolicy: {Type: String, Default: ""}
Conditions:
  HasPolicy: !Not [!Equals ["", !Ref WantedPolicy]]
Resources:
  Trail:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: trail-enabled
      Source: {Owner: AWS, SourceIdentifier: CLOUD_TRAIL_ENABLED}
  Policy:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: policy-in-use
      InputParameters:
        policyARN: !If [HasPolicy, !Ref WantedPolicy, "arn:aws:iam::aws:policy/ReadOnlyAccess"]
      Source: {Owner: AWS, SourceIdentifier: IAM_POLICY_IN_USE}
"#;

struct Cloud {
    test: TestCloud,
    root: Caller,
    _work: workflow::Running,
}

impl Cloud {
    async fn start() -> Self {
        let test = TestCloud::new(vec![
            config::registration(),
            cloudformation::registration(),
            iam::registration(),
            iam::sts_registration(),
            s3::registration(s3::Settings::default()),
        ]);
        let root = test.root();
        let work = test.start_work();
        let cloud = Self { test, root, _work: work };
        cloud.done("iam", "CreateUser", document!({ "UserName": "reader" })).await;
        let attach =
            document!({ "UserName": "reader", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess" });
        cloud.done("iam", "AttachUserPolicy", attach).await;
        cloud
    }

    async fn done(&self, service: &str, operation: &str, input: wire::Document) -> wire::Document {
        self.root.call_document(service, operation, input).await.unwrap()
    }

    async fn put(&self, template: &str, parameters: &[(&str, &str)]) -> Result<String, ErrorResponse> {
        let parameters = parameters.iter().map(|(name, value)| api::ConformancePackInputParameter {
            parameter_name: (*name).into(),
            parameter_value: (*value).into(),
        });
        let put = api::PutConformancePack {
            conformance_pack_name: "basics".into(),
            template_body: Some(template.into()),
            conformance_pack_input_parameters: Some(parameters.collect()),
            ..Default::default()
        };
        Ok(self.root.call(put).await?.conformance_pack_arn.unwrap())
    }

    async fn statuses(&self) -> Vec<api::ConformancePackStatusDetail> {
        let describe = api::DescribeConformancePackStatus::default();
        self.root.call(describe).await.unwrap().conformance_pack_status_details.unwrap()
    }

    /// Waits until the pack rests.
    async fn rests(&self) -> Option<api::ConformancePackStatusDetail> {
        self.waits("the pack rests", async || {
            let status = self.statuses().await.into_iter().next();
            let busy = status
                .as_ref()
                .is_some_and(|status| status.conformance_pack_state.as_str().ends_with("IN_PROGRESS"));
            (!busy).then_some(status)
        })
        .await
    }

    async fn waits<T>(&self, what: &str, mut condition: impl AsyncFnMut() -> Option<T>) -> T {
        self.test
            .until(what, async || {
                self.test.clock.advance(Duration::from_millis(200));
                condition().await
            })
            .await
    }

    async fn rules(&self) -> Vec<api::ConfigRule> {
        self.root.call(api::DescribeConfigRules::default()).await.unwrap().config_rules.unwrap()
    }
}

fn said<T>(result: Result<T, ErrorResponse>) -> (String, String) {
    let error = result.err().unwrap();
    (error.code, error.message)
}

#[tokio::test]
async fn a_pack_is_a_stack_of_rules_that_are_its_own() {
    let cloud = Cloud::start().await;
    let arn = cloud.put(TEMPLATE, &[]).await.unwrap();
    let (beginning, id) = arn.rsplit_once('/').unwrap();
    assert_eq!(beginning, "arn:aws:config:us-east-1:111122223333:conformance-pack/basics");
    let status = cloud.rests().await.unwrap();
    assert_eq!(
        status.conformance_pack_state.as_str(),
        "CREATE_COMPLETE",
        "{:?}",
        status.conformance_pack_status_reason
    );
    assert!(
        status.stack_arn.contains(&format!(":stack/awsconfigconforms-basics-{id}/")),
        "{}",
        status.stack_arn
    );
    let rules = cloud.rules().await;
    let names: Vec<String> = rules.iter().map(|rule| rule.config_rule_name.clone().unwrap()).collect();
    assert_eq!(names, [format!("policy-in-use-{id}"), format!("trail-enabled-{id}")]);
    for rule in &rules {
        assert_eq!(rule.created_by.as_deref(), Some("config-conforms.amazonaws.com"));
        let arn = rule.config_rule_arn.as_deref().unwrap();
        let own = "arn:aws:config:us-east-1:111122223333:config-rule/aws-service-rule/config-conforms.amazonaws.com/config-rule-";
        assert!(arn.starts_with(own), "{arn}");
    }
    // Nobody else changes them.
    let delete = api::DeleteConfigRule { config_rule_name: names[0].clone() };
    assert_eq!(said(cloud.root.call(delete).await).0, "AccessDeniedException");
    let put = api::PutConfigRule {
        config_rule: api::ConfigRule {
            config_rule_name: Some(names[0].clone()),
            source: api::Source {
                owner: api::Owner::Aws,
                source_identifier: Some("CLOUD_TRAIL_ENABLED".into()),
                ..Default::default()
            },
            ..Default::default()
        },
        tags: None,
    };
    assert_eq!(said(cloud.root.call(put).await).0, "AccessDeniedException");

    // What they find is the pack's.
    let found = cloud
        .waits("both rules have judged", async || {
            let describe = api::DescribeConformancePackCompliance {
                conformance_pack_name: "basics".into(),
                ..Default::default()
            };
            let list = cloud.root.call(describe).await.unwrap().conformance_pack_rule_compliance_list;
            let told: Vec<&str> = list.iter().map(|it| it.compliance_type.unwrap().as_str()).collect();
            (!told.contains(&"INSUFFICIENT_DATA"))
                .then(|| told.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
        })
        .await;
    assert_eq!(found, ["COMPLIANT", "NON_COMPLIANT"]);
    let details = api::GetConformancePackComplianceDetails {
        conformance_pack_name: "basics".into(),
        filters: Some(api::ConformancePackEvaluationFilters {
            compliance_type: Some(api::ConformancePackComplianceType::NonCompliant),
            ..Default::default()
        }),
        ..Default::default()
    };
    let details = cloud.root.call(details).await.unwrap().conformance_pack_rule_evaluation_results.unwrap();
    assert_eq!(details.len(), 1);
    assert_eq!(
        details[0].annotation.as_deref(),
        Some("No trail that fits the rule's parameters is logging.")
    );
    let summary = api::GetConformancePackComplianceSummary {
        conformance_pack_names: vec!["basics".into()],
        ..Default::default()
    };
    let summary = cloud.root.call(summary).await.unwrap().conformance_pack_compliance_summary_list.unwrap();
    assert_eq!(summary[0].conformance_pack_compliance_status.as_str(), "NON_COMPLIANT");
    let scores = cloud.root.call(api::ListConformancePackComplianceScores::default()).await.unwrap();
    assert_eq!(scores.conformance_pack_compliance_scores[0].score.as_deref(), Some("50.00"));
    let stranger = api::DescribeConformancePackCompliance {
        conformance_pack_name: "basics".into(),
        filters: Some(api::ConformancePackComplianceFilters {
            config_rule_names: Some(vec!["other".into()]),
            ..Default::default()
        }),
        ..Default::default()
    };
    assert_eq!(said(cloud.root.call(stranger).await).0, "NoSuchConfigRuleInConformancePackException");

    // Put again with another parameter, it is the same pack with changed rules.
    cloud.test.clock.advance(Duration::from_secs(1));
    let other = "arn:aws:iam::aws:policy/AdministratorAccess";
    assert_eq!(cloud.put(TEMPLATE, &[("WantedPolicy", other)]).await.unwrap(), arn);
    assert_eq!(cloud.rests().await.unwrap().conformance_pack_state.as_str(), "CREATE_COMPLETE");
    let changed = cloud.rules().await.remove(0);
    assert_eq!(
        changed.input_parameters.as_deref(),
        Some(r#"{"policyARN":"arn:aws:iam::aws:policy/AdministratorAccess"}"#)
    );
    let described = cloud.root.call(api::DescribeConformancePacks::default()).await.unwrap();
    let described = described.conformance_pack_details.unwrap().remove(0);
    assert_eq!(described.conformance_pack_input_parameters.unwrap()[0].parameter_value, other);

    let delete = || api::DeleteConformancePack { conformance_pack_name: "basics".into() };
    cloud.root.call(delete()).await.unwrap();
    assert_eq!(said(cloud.root.call(delete()).await).0, "ResourceInUseException");
    assert!(cloud.rests().await.is_none());
    cloud.waits("the rules are gone", async || cloud.rules().await.is_empty().then_some(())).await;
    assert_eq!(said(cloud.root.call(delete()).await).0, "NoSuchConformancePackException");
}

#[tokio::test]
async fn what_is_wrong_with_a_template_is_told() {
    let cloud = Cloud::start().await;
    let (code, message) =
        said(cloud.put("Resources: {A: {Type: 'AWS::Config::ConfigRule', Properties: !Ref B}}", &[]).await);
    assert_eq!(code, "ConformancePackTemplateValidationException", "{message}");
    assert!(cloud.statuses().await.is_empty());
    let (code, message) = said(cloud.put(TEMPLATE, &[("Nothing", "x")]).await);
    assert_eq!(code, "ConformancePackTemplateValidationException");
    assert!(message.contains("Nothing"), "{message}");
    let none = api::PutConformancePack { conformance_pack_name: "basics".into(), ..Default::default() };
    assert_eq!(said(cloud.root.call(none).await).0, "InvalidParameterValueException");

    // A pack makes nothing but rules: its role may not.
    let bucket = "Resources: {B: {Type: 'AWS::S3::Bucket'}}";
    cloud.put(bucket, &[]).await.unwrap();
    let failed = cloud.rests().await.unwrap();
    assert_eq!(failed.conformance_pack_state.as_str(), "CREATE_FAILED");
    let reason = failed.conformance_pack_status_reason.unwrap();
    assert!(reason.starts_with("B: ") && reason.contains("s3:CreateBucket"), "{reason}");
    // It can be put right.
    cloud.test.clock.advance(Duration::from_secs(1));
    cloud.put(TEMPLATE, &[]).await.unwrap();
    let made = cloud.rests().await.unwrap();
    assert_eq!(
        made.conformance_pack_state.as_str(),
        "CREATE_COMPLETE",
        "{:?}",
        made.conformance_pack_status_reason
    );
    assert_eq!(cloud.rules().await.len(), 2);
}

#[tokio::test]
async fn a_template_comes_from_a_bucket_as_its_caller_may_read() {
    let cloud = Cloud::start().await;
    cloud.done("s3", "CreateBucket", document!({ "Bucket": "packs" })).await;
    let put = api_s3::PutObject {
        bucket: "packs".into(),
        key: "a/pack.yaml".into(),
        body: Some(bytes::Bytes::from_static(TEMPLATE.as_bytes()).into()),
        ..Default::default()
    };
    cloud.root.call(put).await.unwrap();
    let from = |uri: &str| api::PutConformancePack {
        conformance_pack_name: "basics".into(),
        template_s3_uri: Some(uri.into()),
        ..Default::default()
    };
    assert_eq!(said(cloud.root.call(from("s3://packs/none")).await).0, "InsufficientPermissionsException");
    assert_eq!(said(cloud.root.call(from("s3://packs")).await).0, "InvalidParameterValueException");
    cloud.root.call(from("s3://packs/a/pack.yaml")).await.unwrap();
    assert_eq!(cloud.rests().await.unwrap().conformance_pack_state.as_str(), "CREATE_COMPLETE");
    assert_eq!(cloud.rules().await.len(), 2);
}
