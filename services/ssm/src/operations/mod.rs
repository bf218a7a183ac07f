//! One `impl` an operation.

mod documents;
mod executions;
mod find;
mod list_documents;
mod permissions;
mod shown;
mod start;
mod versions;

use contract::Registration;
use std::sync::Arc;

/// The operations of Systems Manager.
pub(crate) struct Ssm;

/// Adds all operations.
pub(crate) fn register(registration: Registration) -> Registration {
    use api_ssm as api;
    let ssm = Arc::new(Ssm);
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
}
