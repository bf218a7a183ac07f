//! Tables: describing, listing and deleting them.

use crate::Dynamodb;
use crate::access::on_table;
use crate::reference::TableReference;
use crate::refusal::{no_table, validation};
use crate::state::Table;
use crate::tasks::Purge;
use crate::writing::end_stream;
use api_dynamodb::{
    DeleteTable, DeleteTableOutput, DescribeEndpoints, DescribeEndpointsOutput, DescribeLimits,
    DescribeLimitsOutput, DescribeTable, DescribeTableOutput, Endpoint, Error, ListTables, ListTablesOutput,
    TableStatus,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// The table of a call on tables.
pub(super) fn known(view: &View, call: &Call, name: &str) -> Result<Table, Error> {
    let reference = TableReference::read(name, call.scope())?;
    Table::get(view, reference.scope, &reference.name)?.ok_or_else(|| no_table(&reference.name))
}

impl Transact<DescribeTable> for Dynamodb {
    fn access(input: &DescribeTable, call: &Call, view: &View) -> Access {
        on_table("DescribeTable", &input.table_name, call, view)
    }

    fn run(input: DescribeTable, call: &Call, tx: &mut Tx) -> Result<DescribeTableOutput, Error> {
        let table = known(tx, call, &input.table_name)?;
        Ok(DescribeTableOutput { table: Some(table.description(tx, true)?) })
    }
}

impl Transact<ListTables> for Dynamodb {
    fn access(_: &ListTables, _: &Call, _: &View) -> Access {
        Access::to("dynamodb:ListTables")
    }

    fn run(input: ListTables, call: &Call, tx: &mut Tx) -> Result<ListTablesOutput, Error> {
        let limit = input.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(100);
        let mut scan = tx.scan::<Table>(call.scope(), ());
        if let Some(start) = &input.exclusive_start_table_name {
            crate::reference::check_name(start)?;
            scan = scan.after(start.as_str());
        }
        let page = scan.limit(limit).page()?;
        let names: Vec<String> = page.rows.into_iter().map(|table| table.name).collect();
        let last = names.last().filter(|_| page.more).cloned();
        Ok(ListTablesOutput { table_names: Some(names), last_evaluated_table_name: last })
    }
}

impl Transact<DeleteTable> for Dynamodb {
    fn access(input: &DeleteTable, call: &Call, view: &View) -> Access {
        on_table("DeleteTable", &input.table_name, call, view)
    }

    /// The table is gone at once; its items are removed in the background, under an id that no other table has.
    fn run(input: DeleteTable, call: &Call, tx: &mut Tx) -> Result<DeleteTableOutput, Error> {
        let mut table = known(tx, call, &input.table_name)?;
        if table.deletion_protection {
            return Err(validation(
                "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
            ));
        }
        let mut description = table.description(tx, false)?;
        description.table_status = Some(TableStatus::Deleting);
        end_stream(&mut table, call, tx)?;
        Purge::schedule(&table.id, table.scope, call.now, tx)?;
        for index in &table.indexes {
            Purge::schedule(&index.id(&table), table.scope, call.now, tx)?;
        }
        tx.remove::<Table>(table.scope, table.name.as_str())?;
        Ok(DeleteTableOutput { table_description: Some(description) })
    }
}

impl Transact<DescribeLimits> for Dynamodb {
    fn access(_: &DescribeLimits, _: &Call, _: &View) -> Access {
        Access::to("dynamodb:DescribeLimits")
    }

    fn run(_: DescribeLimits, _: &Call, _: &mut Tx) -> Result<DescribeLimitsOutput, Error> {
        Ok(DescribeLimitsOutput {
            account_max_read_capacity_units: Some(80_000),
            account_max_write_capacity_units: Some(80_000),
            table_max_read_capacity_units: Some(40_000),
            table_max_write_capacity_units: Some(40_000),
        })
    }
}

impl Transact<DescribeEndpoints> for Dynamodb {
    fn access(_: &DescribeEndpoints, _: &Call, _: &View) -> Access {
        Access::to("dynamodb:DescribeEndpoints")
    }

    /// The endpoint that the client used.
    fn run(_: DescribeEndpoints, call: &Call, _: &mut Tx) -> Result<DescribeEndpointsOutput, Error> {
        let endpoint = &call.client.endpoint;
        let address = endpoint.split_once("://").map_or(endpoint.as_str(), |(_, address)| address);
        let endpoint = Endpoint { address: address.to_owned(), cache_period_in_minutes: 1440 };
        Ok(DescribeEndpointsOutput { endpoints: vec![endpoint] })
    }
}
