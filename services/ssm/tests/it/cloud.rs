//! A cloud with Systems Manager; its runbooks call its own operations.

use crate::sts::Sts;
use api_ssm::{
    AutomationExecution, CreateDocument, DocumentFormat, DocumentType, GetAutomationExecution,
    StartAutomationExecution,
};
use contract::{Caller, Registration};
use std::collections::BTreeMap;
use std::sync::Arc;
use testkit::TestCloud;
use wire::ErrorResponse;

pub(crate) struct Cloud {
    pub(crate) test: TestCloud,
    pub(crate) root: Caller,
    running: Option<workflow::Running>,
    pub(crate) directory: tempfile::TempDir,
}

impl Cloud {
    pub(crate) fn start() -> Self {
        Self::with(Arc::new(ssm::NoScripts("not in this test".into())))
    }

    /// With something that runs scripts.
    pub(crate) fn with(scripts: Arc<dyn ssm::ScriptRuntime>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let settings = ssm::Settings::new(scripts, directory.path().join("scripts"));
        let test = TestCloud::new(vec![
            ssm::registration(settings),
            Registration::new(&api_sts::SERVICE).transact::<Sts, api_sts::AssumeRole>(),
        ]);
        let root = test.root();
        let running = Some(test.start_work());
        Self { test, root, running, directory }
    }

    /// As `kill -9` and a new start: what was under way is dropped.
    pub(crate) fn restart(&mut self) {
        self.running = None;
        self.running = Some(self.test.start_work());
    }

    pub(crate) async fn create(&self, name: &str, yaml: &str) -> Result<(), ErrorResponse> {
        self.root.call(document(name, yaml)).await.map(drop)
    }

    pub(crate) async fn run(
        &self,
        caller: &Caller,
        name: &str,
        parameters: &[(&str, &str)],
    ) -> Result<String, ErrorResponse> {
        let parameters: BTreeMap<String, Vec<String>> =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect();
        let start = StartAutomationExecution {
            document_name: name.into(),
            parameters: Some(parameters).filter(|given| !given.is_empty()),
            ..Default::default()
        };
        caller.call(start).await.map(|answer| answer.automation_execution_id.unwrap())
    }

    pub(crate) async fn execution(&self, id: &str) -> AutomationExecution {
        let get = GetAutomationExecution { automation_execution_id: id.into() };
        self.root.call(get).await.unwrap().automation_execution.unwrap()
    }

    pub(crate) async fn ended(&self, id: &str) -> AutomationExecution {
        self.test
            .until("the execution has ended", async || {
                Some(self.execution(id).await).filter(|execution| execution.execution_end_time.is_some())
            })
            .await
    }

    /// Until no task is due.
    pub(crate) async fn idle(&self) {
        self.test
            .until("no task is due", async || {
                let tasks = self.test.context().store.view().list_all::<contract::Task>().unwrap();
                tasks.iter().all(|task| task.due > self.test.now()).then_some(())
            })
            .await;
    }
}

pub(crate) fn document(name: &str, yaml: &str) -> CreateDocument {
    CreateDocument {
        name: name.into(),
        content: yaml.into(),
        document_type: Some(DocumentType::Automation),
        document_format: Some(DocumentFormat::Yaml),
        ..Default::default()
    }
}

pub(crate) fn status(execution: &AutomationExecution) -> &'static str {
    execution.automation_execution_status.unwrap().as_str()
}

pub(crate) fn statuses(execution: &AutomationExecution) -> Vec<(String, &'static str)> {
    let steps = execution.step_executions.as_ref().unwrap();
    steps.iter().map(|step| (step.step_name.clone().unwrap(), step.step_status.unwrap().as_str())).collect()
}
