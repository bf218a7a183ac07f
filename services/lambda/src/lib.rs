//! Lambda: functions, their versions, aliases, layers and permissions, and running them.
//!
//! What it is: the API and its rules, a pool of environments, logs written as the function's role, and durable asynchronous invocation.
//! What it is not: the sandbox that code runs in ([`Runtime`] is the seam), and no function URLs, container images,
//! code signing, file systems or durable functions: what asks for those is refused by name.

mod access;
mod answer;
mod asynchronous;
mod cloudformation;
mod code;
mod error;
mod event_source;
mod execution;
mod metrics;
mod network;
mod operations;
mod page;
mod reference;
mod requested;
mod runtime;
mod settings;
mod state;
mod statement;
mod tags;

pub use runtime::{Environment, Runtime, Sandboxed, StartFailure, Unavailable};
pub use settings::Settings;

/// Whether there is any function, in any account and region.
///
/// # Errors
/// The store's failure.
pub fn has_functions(view: &store::View) -> Result<bool, store::StoreError> {
    Ok(view.scan_all::<state::Function>().first()?.is_some())
}

use contract::Registration;
use execution::Engine;
use reference::FunctionReference;
use std::sync::Arc;

/// The principal that Lambda is, for roles' trust policies.
pub(crate) const SERVICE_PRINCIPAL: &str = "lambda.amazonaws.com";

/// The service.
pub(crate) struct Lambda {
    engine: Arc<Engine>,
    links: Arc<code::Links>,
}

impl Lambda {
    /// Ends the waiting environments of `$LATEST`, whose code or configuration has changed.
    fn retire_latest(&self, reference: &FunctionReference) {
        self.engine.pool.retire(reference.scope, &reference.name, |owner| owner.version != reference::LATEST);
    }
}

/// The service's table of contents. The server says how functions are run here.
#[must_use]
pub fn registration(settings: Settings) -> Registration {
    let engine = Arc::new(Engine::new(settings));
    let links = Arc::new(code::Links::default());
    let lambda = Arc::new(Lambda { engine: Arc::clone(&engine), links: Arc::clone(&links) });
    let registration = Registration::new(&api_lambda::SERVICE)
        .resource::<state::Function>()
        .task(asynchronous::Carry::new(Arc::clone(&engine)))
        .task(asynchronous::Deliver)
        .task(event_source::Mappings::new(engine))
        .route(code::Download(links))
        .live_blobs(state::live_blobs);
    let registration = functions(registration, &lambda);
    let registration = settings_of_functions(registration);
    let registration = event_sources(registration, &lambda);
    let registration = layers(registration, &lambda);
    cloudformation::handlers(registration)
}

fn functions(registration: Registration, lambda: &Arc<Lambda>) -> Registration {
    registration
        .orchestrate::<Lambda, api_lambda::CreateFunction>(lambda)
        .orchestrate::<Lambda, api_lambda::GetFunction>(lambda)
        .transact::<Lambda, api_lambda::GetFunctionConfiguration>()
        .transact::<Lambda, api_lambda::ListFunctions>()
        .orchestrate::<Lambda, api_lambda::UpdateFunctionCode>(lambda)
        .orchestrate::<Lambda, api_lambda::UpdateFunctionConfiguration>(lambda)
        .orchestrate::<Lambda, api_lambda::DeleteFunction>(lambda)
        .transact::<Lambda, api_lambda::PublishVersion>()
        .transact::<Lambda, api_lambda::ListVersionsByFunction>()
        .transact::<Lambda, api_lambda::CreateAlias>()
        .transact::<Lambda, api_lambda::GetAlias>()
        .transact::<Lambda, api_lambda::ListAliases>()
        .transact::<Lambda, api_lambda::UpdateAlias>()
        .transact::<Lambda, api_lambda::DeleteAlias>()
        .transact::<Lambda, api_lambda::AddPermission>()
        .transact::<Lambda, api_lambda::RemovePermission>()
        .transact::<Lambda, api_lambda::GetPolicy>()
        .transact::<Lambda, api_lambda::TagResource>()
        .transact::<Lambda, api_lambda::UntagResource>()
        .transact::<Lambda, api_lambda::ListTags>()
        .orchestrate_data::<Lambda, api_lambda::Invoke>(lambda)
        .orchestrate_data::<Lambda, api_lambda::InvokeAsync>(lambda)
        .orchestrate::<Lambda, api_lambda::GetAccountSettings>(lambda)
        .orchestrate::<Lambda, api_lambda::PutFunctionConcurrency>(lambda)
}

fn settings_of_functions(registration: Registration) -> Registration {
    registration
        .transact::<Lambda, api_lambda::GetFunctionConcurrency>()
        .transact::<Lambda, api_lambda::DeleteFunctionConcurrency>()
        .transact::<Lambda, api_lambda::PutFunctionEventInvokeConfig>()
        .transact::<Lambda, api_lambda::UpdateFunctionEventInvokeConfig>()
        .transact::<Lambda, api_lambda::GetFunctionEventInvokeConfig>()
        .transact::<Lambda, api_lambda::ListFunctionEventInvokeConfigs>()
        .transact::<Lambda, api_lambda::DeleteFunctionEventInvokeConfig>()
        .transact::<Lambda, api_lambda::PutFunctionRecursionConfig>()
        .transact::<Lambda, api_lambda::GetFunctionRecursionConfig>()
        .transact::<Lambda, api_lambda::PutRuntimeManagementConfig>()
        .transact::<Lambda, api_lambda::GetRuntimeManagementConfig>()
        .transact::<Lambda, api_lambda::PutProvisionedConcurrencyConfig>()
        .transact::<Lambda, api_lambda::GetProvisionedConcurrencyConfig>()
        .transact::<Lambda, api_lambda::ListProvisionedConcurrencyConfigs>()
        .transact::<Lambda, api_lambda::DeleteProvisionedConcurrencyConfig>()
}

fn event_sources(registration: Registration, lambda: &Arc<Lambda>) -> Registration {
    registration
        .orchestrate::<Lambda, api_lambda::CreateEventSourceMapping>(lambda)
        .transact::<Lambda, api_lambda::GetEventSourceMapping>()
        .transact::<Lambda, api_lambda::ListEventSourceMappings>()
        .orchestrate::<Lambda, api_lambda::UpdateEventSourceMapping>(lambda)
        .transact::<Lambda, api_lambda::DeleteEventSourceMapping>()
}

fn layers(registration: Registration, lambda: &Arc<Lambda>) -> Registration {
    registration
        .orchestrate::<Lambda, api_lambda::PublishLayerVersion>(lambda)
        .orchestrate::<Lambda, api_lambda::GetLayerVersion>(lambda)
        .orchestrate::<Lambda, api_lambda::GetLayerVersionByArn>(lambda)
        .transact::<Lambda, api_lambda::ListLayers>()
        .transact::<Lambda, api_lambda::ListLayerVersions>()
        .transact::<Lambda, api_lambda::DeleteLayerVersion>()
        .transact::<Lambda, api_lambda::AddLayerVersionPermission>()
        .transact::<Lambda, api_lambda::GetLayerVersionPolicy>()
        .transact::<Lambda, api_lambda::RemoveLayerVersionPermission>()
}
