//! PutFunctionRecursionConfig and GetFunctionRecursionConfig.

use super::concurrency::whole;
use crate::Lambda;
use crate::access::on_function;
use api_lambda::{
    Error, GetFunctionRecursionConfig, GetFunctionRecursionConfigOutput, PutFunctionRecursionConfig,
    PutFunctionRecursionConfigOutput, RecursiveLoop,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<PutFunctionRecursionConfig> for Lambda {
    fn access(input: &PutFunctionRecursionConfig, call: &Call, view: &View) -> Access {
        on_function("lambda:PutFunctionRecursionConfig", &input.function_name, None, call, view)
    }

    fn run(
        input: PutFunctionRecursionConfig,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<PutFunctionRecursionConfigOutput, Error> {
        let mut function = whole(tx, &input.function_name, call)?;
        function.recursion_allowed = input.recursive_loop == RecursiveLoop::Allow;
        tx.update(function)?;
        Ok(PutFunctionRecursionConfigOutput { recursive_loop: Some(input.recursive_loop) })
    }
}

impl Transact<GetFunctionRecursionConfig> for Lambda {
    fn access(input: &GetFunctionRecursionConfig, call: &Call, view: &View) -> Access {
        on_function("lambda:GetFunctionRecursionConfig", &input.function_name, None, call, view)
    }

    fn run(
        input: GetFunctionRecursionConfig,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetFunctionRecursionConfigOutput, Error> {
        let function = whole(tx, &input.function_name, call)?;
        let recursion =
            if function.recursion_allowed { RecursiveLoop::Allow } else { RecursiveLoop::Terminate };
        Ok(GetFunctionRecursionConfigOutput { recursive_loop: Some(recursion) })
    }
}
