//! One `impl` an operation.

mod delete_parameters;
mod describe_parameters;
mod documents;
mod executions;
mod find;
mod get_parameters;
mod judged;
mod labels;
mod list_documents;
mod permissions;
mod put_parameter;
mod shown;
mod signals;
mod start;
mod tag;
mod versions;

use contract::Registration;
use std::sync::Arc;

/// The operations of Systems Manager.
#[derive(Default)]
pub(crate) struct Ssm {
    judged: judged::Judged,
}

/// Adds all operations.
pub(crate) fn register(registration: Registration) -> Registration {
    use api_ssm as api;
    let ssm = Arc::new(Ssm::default());
    registration
        .transact::<Ssm, api::CreateDocument>()
        .transact::<Ssm, api::GetDocument>()
        .transact::<Ssm, api::DescribeDocument>()
        .transact::<Ssm, api::DeleteDocument>()
        .transact::<Ssm, api::ListDocuments>()
        .transact::<Ssm, api::ListDocumentVersions>()
        .transact::<Ssm, api::UpdateDocument>()
        .transact::<Ssm, api::UpdateDocumentDefaultVersion>()
        .transact::<Ssm, api::DescribeDocumentPermission>()
        .transact::<Ssm, api::ModifyDocumentPermission>()
        .orchestrate::<Ssm, api::StartAutomationExecution>(&ssm)
        .transact::<Ssm, api::GetAutomationExecution>()
        .transact::<Ssm, api::DescribeAutomationExecutions>()
        .transact::<Ssm, api::DescribeAutomationStepExecutions>()
        .transact::<Ssm, api::StopAutomationExecution>()
        .transact::<Ssm, api::SendAutomationSignal>()
        .orchestrate::<Ssm, api::PutParameter>(&ssm)
        .orchestrate::<Ssm, api::GetParameter>(&ssm)
        .orchestrate::<Ssm, api::GetParameters>(&ssm)
        .orchestrate::<Ssm, api::GetParametersByPath>(&ssm)
        .orchestrate::<Ssm, api::GetParameterHistory>(&ssm)
        .transact::<Ssm, api::DescribeParameters>()
        .transact::<Ssm, api::DeleteParameter>()
        .transact::<Ssm, api::DeleteParameters>()
        .transact::<Ssm, api::LabelParameterVersion>()
        .transact::<Ssm, api::UnlabelParameterVersion>()
        .transact::<Ssm, api::AddTagsToResource>()
        .transact::<Ssm, api::RemoveTagsFromResource>()
        .transact::<Ssm, api::ListTagsForResource>()
}
