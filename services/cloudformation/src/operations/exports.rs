//! Exported values, and who uses them.

use super::{CloudFormation, invalid, page};
use crate::state::export::{Export, Import};
use api_cloudformation::{Error, ListExports, ListExportsOutput, ListImports, ListImportsOutput};
use contract::{Access, Call, Transact};
use store::{Tx, View};

const PAGE: usize = 100;

impl Transact<ListExports> for CloudFormation {
    fn access(_: &ListExports, _: &Call, _: &View) -> Access {
        Access::to("cloudformation:ListExports")
    }

    fn run(input: ListExports, call: &Call, tx: &mut Tx) -> Result<ListExportsOutput, Error> {
        let (exports, next_token) = page(
            tx.list::<Export>(call.scope())?,
            input.next_token.as_deref(),
            PAGE,
            |export| export.name.clone(),
            |export, last| export.name.as_str() > last,
        )?;
        let shown = |export: Export| api_cloudformation::Export {
            exporting_stack_id: Some(export.stack_id),
            name: Some(export.name),
            value: Some(export.value),
        };
        Ok(ListExportsOutput { exports: Some(exports.into_iter().map(shown).collect()), next_token })
    }
}

impl Transact<ListImports> for CloudFormation {
    fn access(_: &ListImports, _: &Call, _: &View) -> Access {
        Access::to("cloudformation:ListImports")
    }

    fn run(input: ListImports, call: &Call, tx: &mut Tx) -> Result<ListImportsOutput, Error> {
        if !tx.exists::<Export>(call.scope(), &input.export_name)? {
            return Err(invalid(format!("Export '{}' does not exist.", input.export_name)));
        }
        let users = tx.scan::<Import>(call.scope(), (input.export_name.as_str(),)).rows()?;
        if users.is_empty() {
            return Err(invalid(format!("Export '{}' is not imported by any stack.", input.export_name)));
        }
        let (users, next_token) = page(
            users,
            input.next_token.as_deref(),
            PAGE,
            |user| user.stack_id.clone(),
            |user, last| user.stack_id.as_str() > last,
        )?;
        Ok(ListImportsOutput {
            imports: Some(users.into_iter().map(|user| user.stack_name).collect()),
            next_token,
        })
    }
}
