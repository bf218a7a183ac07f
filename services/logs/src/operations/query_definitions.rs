//! Queries that are saved.

use super::queries::only_insights;
use super::{limit, tokens};
use crate::Logs;
use crate::state::query_definition::{Parameter, QueryDefinition};
use api_logs::{
    DeleteQueryDefinition, DeleteQueryDefinitionOutput, DescribeQueryDefinitions,
    DescribeQueryDefinitionsOutput, Error, LimitExceededException, PutQueryDefinition,
    PutQueryDefinitionOutput, QueryLanguage, QueryParameter, ResourceNotFoundException,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};
use tokens::Listing;

/// Saved queries of an account and region.
const MOST: usize = 1000;

fn missing() -> Error {
    ResourceNotFoundException::new("The specified query definition does not exist.").into()
}

impl Transact<PutQueryDefinition> for Logs {
    fn access(_: &PutQueryDefinition, _: &Call, _: &View) -> Access {
        Access::to("logs:PutQueryDefinition")
    }

    /// As on AWS, neither the query nor its groups are looked at before it is started.
    fn run(input: PutQueryDefinition, call: &Call, tx: &mut Tx) -> Result<PutQueryDefinitionOutput, Error> {
        let scope = call.scope();
        only_insights(input.query_language)?;
        let answer = |id: String| Ok(PutQueryDefinitionOutput { query_definition_id: Some(id) });
        let (id, token) = match input.query_definition_id {
            Some(id) => {
                let known = tx.get::<QueryDefinition>(scope, &id)?.ok_or_else(missing)?;
                (id, known.token)
            }
            None => {
                let known = tx.list::<QueryDefinition>(scope)?;
                let same =
                    |known: &&QueryDefinition| known.token.is_some() && known.token == input.client_token;
                if let Some(known) = known.iter().find(same) {
                    return answer(known.id.clone());
                }
                if known.len() >= MOST {
                    return Err(LimitExceededException::new("Resource limit exceeded.").into());
                }
                (call.entropy.uuid(), input.client_token)
            }
        };
        let parameter = |given: QueryParameter| Parameter {
            name: given.name,
            default: given.default_value,
            description: given.description,
        };
        tx.put(QueryDefinition {
            scope,
            id: id.clone(),
            name: input.name,
            text: input.query_string,
            groups: input.log_group_names,
            parameters: input.parameters.map(|given| given.into_iter().map(parameter).collect()),
            modified: call.now,
            token,
        })?;
        answer(id)
    }
}

impl Transact<DescribeQueryDefinitions> for Logs {
    fn access(_: &DescribeQueryDefinitions, _: &Call, _: &View) -> Access {
        Access::to("logs:DescribeQueryDefinitions")
    }

    fn run(
        input: DescribeQueryDefinitions,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeQueryDefinitionsOutput, Error> {
        let of_language = input.query_language.is_none_or(|language| language == QueryLanguage::Cwli);
        let prefix = input.query_definition_name_prefix.unwrap_or_default();
        let mut found = tx.list::<QueryDefinition>(call.scope())?;
        found.retain(|definition| of_language && definition.name.starts_with(&prefix));
        let keyed = found.into_iter().map(|it| (format!("{}\n{}", it.name, it.id), described(it)));
        let (token, most) = (input.next_token.as_deref(), limit(input.max_results, 1000));
        let (definitions, next_token) =
            tokens::page(Listing::QueryDefinitions, token, most, call.now, keyed.collect())?;
        Ok(DescribeQueryDefinitionsOutput { query_definitions: Some(definitions), next_token })
    }
}

impl Transact<DeleteQueryDefinition> for Logs {
    fn access(_: &DeleteQueryDefinition, _: &Call, _: &View) -> Access {
        Access::to("logs:DeleteQueryDefinition")
    }

    fn run(
        input: DeleteQueryDefinition,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteQueryDefinitionOutput, Error> {
        tx.remove::<QueryDefinition>(call.scope(), &input.query_definition_id)?.ok_or_else(missing)?;
        Ok(DeleteQueryDefinitionOutput { success: Some(true) })
    }
}

fn described(definition: QueryDefinition) -> api_logs::QueryDefinition {
    let parameter = |kept: Parameter| QueryParameter {
        name: kept.name,
        default_value: kept.default,
        description: kept.description,
    };
    api_logs::QueryDefinition {
        query_language: Some(QueryLanguage::Cwli),
        query_definition_id: Some(definition.id),
        name: Some(definition.name),
        query_string: Some(definition.text),
        last_modified: Some(definition.modified.millis()),
        log_group_names: definition.groups,
        parameters: definition.parameters.map(|kept| kept.into_iter().map(parameter).collect()),
    }
}
