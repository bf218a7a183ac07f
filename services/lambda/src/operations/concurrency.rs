//! PutFunctionConcurrency, GetFunctionConcurrency, DeleteFunctionConcurrency.

use crate::Lambda;
use crate::access::on_function;
use crate::error::{function_not_found, invalid};
use crate::execution::UNRESERVED_AT_LEAST;
use crate::reference::FunctionReference;
use crate::state::Function;
use api_lambda::{
    Concurrency, DeleteFunctionConcurrency, DeleteFunctionConcurrencyOutput, Error, GetFunctionConcurrency,
    GetFunctionConcurrencyOutput, PutFunctionConcurrency,
};
use contract::{Access, Call, Context, Orchestrate, Transact};
use store::{Tx, View};

/// The function as a whole.
pub(super) fn whole(view: &View, name: &str, call: &Call) -> Result<Function, Error> {
    let reference = FunctionReference::unqualified(name, call)?;
    Function::named(view, reference.scope, &reference.name)?
        .ok_or_else(|| function_not_found(reference.arn()))
}

#[async_trait::async_trait]
impl Orchestrate<PutFunctionConcurrency> for Lambda {
    fn access(&self, input: &PutFunctionConcurrency, call: &Call, view: &View) -> Access {
        on_function("lambda:PutFunctionConcurrency", &input.function_name, None, call, view)
    }

    async fn run(
        &self,
        input: PutFunctionConcurrency,
        call: &Call,
        context: &Context,
    ) -> Result<Concurrency, Error> {
        let limit = self.engine.account_concurrency(call.account, context);
        let reserved = input.reserved_concurrent_executions;
        context
            .transact(call, |call, tx| {
                let mut function = whole(tx, &input.function_name, call)?;
                let mut others = Function::reserving(tx, function.scope)?;
                others.remove(&function.name);
                let taken: i32 = others.values().sum();
                if limit.saturating_sub(taken).saturating_sub(reserved) < UNRESERVED_AT_LEAST {
                    return Err(invalid(format!(
                        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below \
                         its minimum value of [{UNRESERVED_AT_LEAST}]."
                    )));
                }
                function.reserved_concurrency = Some(reserved);
                tx.update(function)?;
                Ok(Concurrency { reserved_concurrent_executions: Some(reserved) })
            })
            .await
    }
}

impl Transact<GetFunctionConcurrency> for Lambda {
    fn access(input: &GetFunctionConcurrency, call: &Call, view: &View) -> Access {
        on_function("lambda:GetFunctionConcurrency", &input.function_name, None, call, view)
    }

    fn run(
        input: GetFunctionConcurrency,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetFunctionConcurrencyOutput, Error> {
        let function = whole(tx, &input.function_name, call)?;
        Ok(GetFunctionConcurrencyOutput { reserved_concurrent_executions: function.reserved_concurrency })
    }
}

impl Transact<DeleteFunctionConcurrency> for Lambda {
    fn access(input: &DeleteFunctionConcurrency, call: &Call, view: &View) -> Access {
        on_function("lambda:DeleteFunctionConcurrency", &input.function_name, None, call, view)
    }

    fn run(
        input: DeleteFunctionConcurrency,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteFunctionConcurrencyOutput, Error> {
        let mut function = whole(tx, &input.function_name, call)?;
        function.reserved_concurrency = None;
        tx.update(function)?;
        Ok(DeleteFunctionConcurrencyOutput {})
    }
}
