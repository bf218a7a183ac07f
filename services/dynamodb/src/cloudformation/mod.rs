//! CloudFormation's view of DynamoDB. `AWS::DynamoDB::GlobalTable` is not built.

mod table;

pub(crate) use table::TableHandler;
