//! GetFunction, GetFunctionConfiguration, ListFunctions, and finding what a qualifier names.

use crate::Lambda;
use crate::access::on_function;
use crate::answer::configuration as answer;
use crate::error::{function_not_found, invalid};
use crate::page::page;
use crate::reference::{FunctionReference, LATEST};
use crate::state::{Alias, Configuration, Function, Version};
use api_lambda::{
    Concurrency, Error, FunctionCodeLocation, FunctionConfiguration, GetFunction, GetFunctionConfiguration,
    GetFunctionOutput, ListFunctions, ListFunctionsOutput,
};
use contract::{Access, Call, Context, Orchestrate, Transact};
use store::{Tx, View};

/// What a reference names.
pub(crate) struct Found {
    pub(crate) function: Function,
    /// Of the version that the qualifier leads to.
    pub(crate) configuration: Configuration,
    /// `$LATEST` or a number.
    pub(crate) version: String,
    /// The alias that the qualifier is.
    pub(crate) alias: Option<Alias>,
}

impl Found {
    /// As the API answers it, under the qualifier that was asked for.
    pub(crate) fn answer(&self, qualifier: Option<&str>) -> FunctionConfiguration {
        answer(&self.function, &self.configuration, qualifier, &self.version)
    }
}

/// Finds the function, and the version that its qualifier leads to; `draw` chooses where an alias has shares.
pub(crate) fn find(view: &View, reference: &FunctionReference, draw: Option<u32>) -> Result<Found, Error> {
    let missing = || function_not_found(reference.arn());
    let (scope, name) = (reference.scope, reference.name.as_str());
    let function = Function::named(view, scope, name)?.ok_or_else(missing)?;
    let Some(qualifier) = reference.qualifier.as_deref().filter(|qualifier| *qualifier != LATEST) else {
        let configuration = function.latest.clone();
        return Ok(Found { function, configuration, version: LATEST.to_owned(), alias: None });
    };
    if let Some(version) = Version::numbered(view, scope, name, qualifier)? {
        let number = version.number.to_string();
        return Ok(Found { function, configuration: version.configuration, version: number, alias: None });
    }
    let alias = view.get::<Alias>(scope, (name, qualifier))?.ok_or_else(missing)?;
    let version = draw.map_or(alias.version.as_str(), |draw| alias.drawn(draw)).to_owned();
    let configuration = if version == LATEST {
        function.latest.clone()
    } else {
        Version::numbered(view, scope, name, &version)?.ok_or_else(missing)?.configuration
    };
    Ok(Found { function, configuration, version, alias: Some(alias) })
}

#[async_trait::async_trait]
impl Orchestrate<GetFunction> for Lambda {
    fn access(&self, input: &GetFunction, call: &Call, view: &View) -> Access {
        on_function("lambda:GetFunction", &input.function_name, input.qualifier.as_deref(), call, view)
    }

    async fn run(
        &self,
        input: GetFunction,
        call: &Call,
        context: &Context,
    ) -> Result<GetFunctionOutput, Error> {
        let reference = FunctionReference::read(&input.function_name, input.qualifier.as_deref(), call)?;
        let found = find(&context.store.view(), &reference, None)?;
        let endpoint =
            if call.client.endpoint.is_empty() { &context.endpoint } else { &call.client.endpoint };
        let location = self.links.to(&found.configuration.code.blob, call.now, endpoint)?;
        let tags = &found.function.tags;
        Ok(GetFunctionOutput {
            configuration: Some(found.answer(reference.qualifier.as_deref())),
            code: Some(FunctionCodeLocation {
                repository_type: Some("S3".into()),
                location: Some(location),
                ..FunctionCodeLocation::default()
            }),
            tags: (!tags.is_empty()).then(|| tags.clone()),
            tags_error: None,
            concurrency: found
                .function
                .reserved_concurrency
                .map(|reserved| Concurrency { reserved_concurrent_executions: Some(reserved) }),
        })
    }
}

impl Transact<GetFunctionConfiguration> for Lambda {
    fn access(input: &GetFunctionConfiguration, call: &Call, view: &View) -> Access {
        on_function(
            "lambda:GetFunctionConfiguration",
            &input.function_name,
            input.qualifier.as_deref(),
            call,
            view,
        )
    }

    fn run(
        input: GetFunctionConfiguration,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<FunctionConfiguration, Error> {
        let reference = FunctionReference::read(&input.function_name, input.qualifier.as_deref(), call)?;
        Ok(find(tx, &reference, None)?.answer(reference.qualifier.as_deref()))
    }
}

impl Transact<ListFunctions> for Lambda {
    fn access(_: &ListFunctions, _: &Call, _: &View) -> Access {
        Access::to("lambda:ListFunctions")
    }

    fn run(input: ListFunctions, call: &Call, tx: &mut Tx) -> Result<ListFunctionsOutput, Error> {
        let all = input.function_version.is_some();
        if input.master_region.is_some() && !all {
            return Err(invalid("FunctionVersion must be set to ALL if MasterRegion is specified."));
        }
        let mut things = Vec::new();
        // MasterRegion asks for functions that Lambda@Edge replicated here: there are none.
        let functions =
            if input.master_region.is_some() { Vec::new() } else { tx.list::<Function>(call.scope())? };
        for function in functions {
            let key = |version: u64| format!("{}\t{version:020}", function.name);
            things.push((key(0), answer(&function, &function.latest, all.then_some(LATEST), LATEST)));
            if all {
                for version in Version::of(tx, call.scope(), &function.name)? {
                    let number = version.number.to_string();
                    let one = answer(&function, &version.configuration, Some(&number), &number);
                    things.push((key(version.number), one));
                }
            }
        }
        let list = if all { "versions of functions" } else { "functions" };
        let (functions, next_marker) = page(list, input.marker.as_deref(), input.max_items, things)?;
        Ok(ListFunctionsOutput { functions: Some(functions), next_marker })
    }
}
