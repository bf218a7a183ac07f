//! All services, in memory, with a manual clock; a recorder and a role that runbooks act as.

use crate::remediation::record;
use api_config as config;
use cloudchamber::services::{Choices, registrations};
use contract::Caller;
use std::collections::BTreeMap;
use testkit::{ACCOUNT, TestCloud};
use wire::{Document, document};

pub(super) const ROLE: &str = "arn:aws:iam::111122223333:role/fixer";

pub(super) struct Lab {
    pub(super) cloud: TestCloud,
    pub(super) root: Caller,
    _work: workflow::Running,
}

/// A rule's name for a resource that it finds fault with.
pub(super) struct Fault<'a> {
    /// The managed rule.
    pub(super) rule: &'a str,
    /// Its parameters, in JSON.
    pub(super) inputs: &'a str,
    pub(super) resource_type: &'a str,
    pub(super) id: &'a str,
}

/// What is done about it.
pub(super) struct Cure<'a> {
    pub(super) runbook: &'a str,
    /// The parameter that the resource's id is given to.
    pub(super) of_resource: &'a str,
    pub(super) others: &'a [(&'a str, &'a str)],
}

impl Lab {
    pub(super) async fn start() -> Self {
        Self::of(Choices::for_tests()).await
    }

    pub(super) async fn of(choices: Choices) -> Self {
        let cloud = TestCloud::new(registrations(&choices));
        let (root, work) = (cloud.root(), cloud.start_work());
        record(&root).await;
        let lab = Self { cloud, root, _work: work };
        let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
        let policy =
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
        lab.call("iam", "CreateRole", document!({ "RoleName": "fixer", "AssumeRolePolicyDocument": trust }))
            .await;
        let policy = document!({ "RoleName": "fixer", "PolicyName": "fix", "PolicyDocument": policy });
        lab.call("iam", "PutRolePolicy", policy).await;
        lab
    }

    /// Calls an operation as root; fails the test where it is refused.
    pub(super) async fn call(&self, service: &str, operation: &str, input: Document) -> Document {
        let answer = self.root.call_document(service, operation, input).await;
        answer.unwrap_or_else(|error| panic!("{service}:{operation}: {error}"))
    }

    async fn judged(&self, fault: &Fault<'_>) -> Option<config::ComplianceType> {
        let asked = config::GetComplianceDetailsByConfigRule {
            config_rule_name: fault.rule.to_owned(),
            ..Default::default()
        };
        let results = self.root.call(asked).await.unwrap().evaluation_results.unwrap();
        let of = |result: &config::EvaluationResult| {
            let qualifier = result.evaluation_result_identifier.clone()?.evaluation_result_qualifier?;
            let same = qualifier.resource_id.as_deref() == Some(fault.id)
                && qualifier.resource_type.as_deref() == Some(fault.resource_type);
            same.then_some(result.compliance_type?)
        };
        results.iter().find_map(of)
    }

    /// Asks for an evaluation; one that is under way is as good.
    async fn evaluate(&self, fault: &Fault<'_>) {
        let start =
            config::StartConfigRulesEvaluation { config_rule_names: Some(vec![fault.rule.to_owned()]) };
        let _ = self.root.call(start).await;
    }

    /// The rule is there.
    pub(super) async fn rule(&self, fault: &Fault<'_>) {
        let source = config::Source {
            owner: config::Owner::Aws,
            source_identifier: Some(fault.rule.to_owned()),
            ..Default::default()
        };
        let config_rule = config::ConfigRule {
            config_rule_name: Some(fault.rule.to_owned()),
            input_parameters: Some(fault.inputs.to_owned()).filter(|inputs| !inputs.is_empty()),
            source,
            ..Default::default()
        };
        self.root.call(config::PutConfigRule { config_rule, tags: None }).await.unwrap();
    }

    /// The rule finds fault with the resource.
    pub(super) async fn found(&self, fault: &Fault<'_>) {
        self.rule(fault).await;
        self.evaluate(fault).await;
        self.cloud
            .until("the rule finds fault with the resource", async || {
                self.cloud.advance(std::time::Duration::from_secs(1)).await;
                (self.judged(fault).await == Some(config::ComplianceType::NonCompliant)).then_some(())
            })
            .await;
    }

    /// Remediates it, and answers how that ended.
    pub(super) async fn run(&self, fault: &Fault<'_>, cure: &Cure<'_>) -> config::RemediationExecutionStatus {
        let fixed = |value: &str| config::RemediationParameterValue {
            static_value: Some(config::StaticValue { values: vec![value.to_owned()] }),
            resource_value: None,
        };
        let id = config::RemediationParameterValue {
            resource_value: Some(config::ResourceValue { value: config::ResourceValueType::ResourceId }),
            static_value: None,
        };
        let mut parameters: BTreeMap<String, config::RemediationParameterValue> =
            cure.others.iter().map(|(name, value)| ((*name).to_owned(), fixed(value))).collect();
        parameters.insert("AutomationAssumeRole".to_owned(), fixed(ROLE));
        parameters.insert(cure.of_resource.to_owned(), id);
        let wanted = config::RemediationConfiguration {
            config_rule_name: fault.rule.to_owned(),
            target_type: config::RemediationTargetType::SsmDocument,
            target_id: cure.runbook.to_owned(),
            parameters: Some(parameters),
            ..Default::default()
        };
        let put = config::PutRemediationConfigurations { remediation_configurations: vec![wanted] };
        let failed = self.root.call(put).await.unwrap().failed_batches.unwrap_or_default();
        assert!(failed.is_empty(), "{failed:?}");
        let key = config::ResourceKey {
            resource_type: fault.resource_type.to_owned(),
            resource_id: fault.id.to_owned(),
        };
        let start = config::StartRemediationExecution {
            config_rule_name: fault.rule.to_owned(),
            resource_keys: vec![key],
        };
        assert!(self.root.call(start).await.unwrap().failed_items.unwrap_or_default().is_empty());
        let asked = config::DescribeRemediationExecutionStatus {
            config_rule_name: fault.rule.to_owned(),
            ..Default::default()
        };
        self.cloud
            .until("the remediation ends", async || {
                // Steps that wait for a property look again after five seconds.
                self.cloud.advance(std::time::Duration::from_secs(1)).await;
                let statuses = self.root.call(asked.clone()).await.unwrap().remediation_execution_statuses;
                statuses.unwrap().pop().filter(|status| {
                    let ended = [
                        config::RemediationExecutionState::Succeeded,
                        config::RemediationExecutionState::Failed,
                    ];
                    status.state.is_some_and(|state| ended.contains(&state))
                })
            })
            .await
    }

    /// From fault to none.
    pub(super) async fn cures(&self, fault: &Fault<'_>, cure: &Cure<'_>) {
        self.found(fault).await;
        let status = self.run(fault, cure).await;
        assert_eq!(status.state, Some(config::RemediationExecutionState::Succeeded), "{status:?}");
        self.evaluate(fault).await;
        self.cloud
            .until("the rule finds no more fault with the resource", async || {
                self.cloud.advance(std::time::Duration::from_secs(1)).await;
                (self.judged(fault).await != Some(config::ComplianceType::NonCompliant)).then_some(())
            })
            .await;
    }

    /// Starts a runbook by hand, and answers its status and why it failed.
    pub(super) async fn automation(&self, runbook: &str, parameters: Document) -> (String, Option<String>) {
        let start = document!({ "DocumentName": runbook, "Parameters": parameters });
        let id = text(&self.call("ssm", "StartAutomationExecution", start).await, "AutomationExecutionId");
        self.cloud
            .until("the runbook ends", async || {
                self.cloud.advance(std::time::Duration::from_secs(1)).await;
                let asked = document!({ "AutomationExecutionId": (id.as_str()) });
                let found = self.call("ssm", "GetAutomationExecution", asked).await;
                let execution = found.get("AutomationExecution")?;
                execution.get("ExecutionEndTime").filter(|end| !end.is_null())?;
                let failure = execution.get("FailureMessage").and_then(Document::as_str).map(str::to_owned);
                Some((text(execution, "AutomationExecutionStatus"), failure))
            })
            .await
    }

    pub(super) async fn key(&self) -> (String, String) {
        let made = self.call("kms", "CreateKey", Document::object()).await;
        let metadata = made.get("KeyMetadata").unwrap();
        (text(metadata, "KeyId"), text(metadata, "Arn"))
    }
}

pub(super) fn text(document: &Document, name: &str) -> String {
    document
        .get(name)
        .and_then(Document::as_str)
        .unwrap_or_else(|| panic!("no {name} in {document}"))
        .to_owned()
}

pub(super) fn account() -> &'static str {
    ACCOUNT
}
