//! GetAccountSettings.

use crate::Lambda;
use crate::code::{LARGEST_DIRECT, LARGEST_UNPACKED};
use crate::state::{Function, LayerVersion, Version};
use api_lambda::{AccountLimit, AccountUsage, Error, GetAccountSettings, GetAccountSettingsOutput};
use contract::{Access, Call, Context, Orchestrate};
use store::View;

/// 75 GB.
const TOTAL_CODE: i64 = 80_530_636_800;

#[async_trait::async_trait]
impl Orchestrate<GetAccountSettings> for Lambda {
    fn access(&self, _: &GetAccountSettings, _: &Call, _: &View) -> Access {
        Access::to("lambda:GetAccountSettings")
    }

    async fn run(
        &self,
        _: GetAccountSettings,
        call: &Call,
        context: &Context,
    ) -> Result<GetAccountSettingsOutput, Error> {
        let view = context.store.view();
        let functions = view.list::<Function>(call.scope())?;
        let mut total: i64 = functions.iter().map(|function| function.latest.code.size()).sum();
        total += view
            .list::<Version>(call.scope())?
            .iter()
            .map(|version| version.configuration.code.size())
            .sum::<i64>();
        total += view.list::<LayerVersion>(call.scope())?.iter().map(|layer| layer.code.size()).sum::<i64>();
        let (unreserved, _) = self.engine.unreserved(call.scope(), context)?;
        Ok(GetAccountSettingsOutput {
            account_limit: Some(AccountLimit {
                total_code_size: Some(TOTAL_CODE),
                code_size_unzipped: i64::try_from(LARGEST_UNPACKED).ok(),
                code_size_zipped: i64::try_from(LARGEST_DIRECT).ok(),
                concurrent_executions: Some(self.engine.account_concurrency(call.account, context)),
                unreserved_concurrent_executions: Some(unreserved),
            }),
            account_usage: Some(AccountUsage {
                total_code_size: Some(total),
                function_count: i64::try_from(functions.len()).ok(),
            }),
        })
    }
}
