//! What a service promises, and nothing that runs.
//!
//! What it is: the traits and values between the platform and its services: [`Transact`] and [`Orchestrate`] (an operation), [`Access`] (what it
//! needs), [`Call`] and [`Principal`] (who asks), [`Resource`] (what AWS names `AWS::Service::Type`), [`ResourceHandler`] (CloudFormation),
//! [`Subscriber`] (to the change feed), [`TaskHandler`] (durable work) and [`Registration`] (a service's table of contents), [`Accounting`] (what accounts may use).
//! What it is not: it starts nothing, opens nothing and knows no service.

mod access;
mod accounting;
mod any_operation;
mod call;
mod caller;
mod context;
mod handler;
mod identities;
mod operation;
mod page;
mod principal;
mod properties;
mod registration;
mod request_log;
mod resource;
mod route;
mod subscriber;
mod task;

pub use access::{Access, AccessOfEach, Check};
pub use accounting::{AccountLimits, AccountUse, Accounting, Apart, Counts, Executing, Weighed, amount};
pub use any_operation::{AnyInput, AnyOperation, AnyOutput, Execute, RunFailure};
pub use call::{Call, Chain, ClientInfo, Prepared};
pub use caller::{Caller, Dispatch};
pub use context::{Catalog, Context};
pub use handler::{Actual, Created, HandlerContext, HandlerFailure, ResourceHandler, Updated};
pub use identities::{Credential, Identities, PrincipalPolicies, Secret};
pub use operation::{Judged, Orchestrate, Prepare, Transact, TransactEach, Unprepared};
pub use page::{ForeignToken, first_page, page, page_token, read_page_token};
pub use principal::{Principal, RoleSession, ServicePrincipal, UserIdentity, UserSession};
pub use properties::Properties;
pub use registration::{LiveBlobs, Plane, Registration, Seed};
pub use request_log::{RequestLog, ServedRequest, SignedBy};
pub use resource::{Description, Located, Relationship, Resource, ResourceKind};
pub use route::{Entry, Route, RouteAnswer, RouteRequest, Signer};
pub use subscriber::Subscriber;
pub use task::{Effect, Outcome, Task, TaskHandler};
