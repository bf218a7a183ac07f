//! DynamoDB's errors, as AWS words them.

use api_dynamodb::{Error, ResourceInUseException, ResourceNotFoundException, TableNotFoundException};

/// `ValidationException`
pub(crate) fn validation(message: impl Into<String>) -> Error {
    Error::sender("ValidationException", message)
}

/// `One or more parameter values were invalid: …`
pub(crate) fn invalid(what: impl std::fmt::Display) -> Error {
    validation(format!("One or more parameter values were invalid: {what}"))
}

/// What AWS has and this cloud does not.
pub(crate) fn not_built(what: &str) -> Error {
    validation(format!("{what} not built in Cloudchamber."))
}

/// The table of a call on items.
pub(crate) fn no_resource() -> Error {
    ResourceNotFoundException::new("Requested resource not found").into()
}

/// The table of a call on tables.
pub(crate) fn no_table(name: &str) -> Error {
    ResourceNotFoundException::new(format!("Requested resource not found: Table: {name} not found")).into()
}

/// The table of a call on backups and recovery.
pub(crate) fn table_not_found(name: &str) -> Error {
    TableNotFoundException::new(format!("Table not found: {name}")).into()
}

pub(crate) fn in_use(message: impl Into<String>) -> Error {
    ResourceInUseException::new(message).into()
}
