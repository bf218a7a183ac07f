use crate::{AnyInput, AnyOutput, Chain, Principal};
use names::{Arn, Region, Scope};
use std::sync::Arc;
use wire::{Document, ErrorResponse, Operation, OperationSchema};

/// The in-process way into the pipeline; the pipeline implements it.
#[async_trait::async_trait]
pub trait Dispatch: Send + Sync + 'static {
    /// Authorizes, executes, commits and records a call, as for a client.
    ///
    /// # Errors
    /// What a client would be answered.
    async fn dispatch(
        &self,
        operation: &'static OperationSchema,
        input: AnyInput,
        principal: Principal,
        scope: Scope,
        chain: Chain,
    ) -> Result<AnyOutput, ErrorResponse>;

    /// As [`Dispatch::dispatch`], of an operation by its service's and own name, with members by the model's names.
    ///
    /// # Errors
    /// What a client would be answered.
    async fn dispatch_document(
        &self,
        operation: (&str, &str),
        input: Document,
        principal: Principal,
        scope: Scope,
        chain: Chain,
    ) -> Result<Document, ErrorResponse>;

    /// A session of a role, for a service or principal that its trust policy allows: sts:AssumeRole, whole.
    ///
    /// # Errors
    /// What a client would be answered (`AccessDenied` where the trust policy does not allow it).
    async fn assume_role(
        &self,
        role: &Arn,
        session_name: &str,
        principal: Principal,
        scope: Scope,
        chain: Chain,
    ) -> Result<Principal, ErrorResponse>;
}

/// Sends API calls as a principal, on the one path.
#[derive(Clone)]
pub struct Caller {
    dispatch: Arc<dyn Dispatch>,
    principal: Principal,
    scope: Scope,
    chain: Chain,
}

impl Caller {
    /// A caller that acts as a principal in an account and region.
    #[must_use]
    pub fn new(dispatch: Arc<dyn Dispatch>, principal: Principal, scope: Scope, chain: Chain) -> Self {
        Self { dispatch, principal, scope, chain }
    }

    /// Who calls.
    #[must_use]
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Where the calls act.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// The same caller in another region.
    #[must_use]
    pub fn in_region(&self, region: Region) -> Self {
        Self { scope: Scope { region, ..self.scope }, ..self.clone() }
    }

    /// The same caller at the end of another chain of calls.
    #[must_use]
    pub fn after(&self, chain: Chain) -> Self {
        Self { chain, ..self.clone() }
    }

    /// Calls an operation.
    ///
    /// # Errors
    /// What a client would be answered.
    pub async fn call<I: Operation>(&self, input: I) -> Result<I::Output, ErrorResponse> {
        let output = self
            .dispatch
            .dispatch(I::SCHEMA, Box::new(input), self.principal.clone(), self.scope, self.chain.clone())
            .await?;
        output.downcast::<I::Output>().map(|output| *output).map_err(|_| {
            ErrorResponse::new(
                "InternalFailure",
                format!("{} answered another operation's output", I::SCHEMA.name),
                500,
            )
        })
    }

    /// Calls any operation that this cloud serves by its name, such as `ec2` and `DescribeVpcs`: input and output are documents whose members go by the
    /// model's names, as boto3 has them.
    ///
    /// # Errors
    /// What a client would be answered; `NotImplemented` where the operation is not served; `ParamValidationError` for what the model has not.
    pub async fn call_document(
        &self,
        service: &str,
        operation: &str,
        input: Document,
    ) -> Result<Document, ErrorResponse> {
        let (principal, chain) = (self.principal.clone(), self.chain.clone());
        self.dispatch.dispatch_document((service, operation), input, principal, self.scope, chain).await
    }

    /// A caller that acts as a session of a role, which this caller's principal assumes.
    ///
    /// # Errors
    /// What a client would be answered.
    pub async fn assume_role(&self, role: &Arn, session_name: &str) -> Result<Self, ErrorResponse> {
        let principal = self
            .dispatch
            .assume_role(role, session_name, self.principal.clone(), self.scope, self.chain.clone())
            .await?;
        Ok(Self { principal, ..self.clone() })
    }
}
