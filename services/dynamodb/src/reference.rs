//! Tables by name or ARN.

use crate::refusal::validation;
use api_dynamodb::Error;
use names::{Arn, Scope};

/// What a request names: a table, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableReference {
    pub(crate) scope: Scope,
    pub(crate) name: String,
}

impl TableReference {
    /// A name in the caller's account and region, or an ARN of a table of any account in the region.
    pub(crate) fn read(text: &str, scope: Scope) -> Result<Self, Error> {
        if !text.starts_with("arn:") {
            check_name(text)?;
            return Ok(Self { scope, name: text.to_owned() });
        }
        let (reference, rest) = Self::read_arn(text)?;
        if rest.is_some() {
            return Err(invalid_arn(text));
        }
        if reference.scope.region != scope.region {
            return Err(validation(format!(
                "Invalid table ARN: {text}. The table is in another region than the request"
            )));
        }
        Ok(reference)
    }

    /// An ARN of a table or of what belongs to one (`index/…`, `stream/…`, `backup/…`), which is answered beside it.
    pub(crate) fn read_arn(text: &str) -> Result<(Self, Option<String>), Error> {
        let arn: Arn = text.parse().map_err(|_| invalid_arn(text))?;
        // Another partition's ARN names nothing here: it would be another text to policies and the same table to us.
        let ours = arn.service == "dynamodb" && arn.partition == names::PARTITION;
        let path = arn.resource_after("table/").filter(|_| ours);
        let (Some(path), Some(scope)) = (path, arn.scope()) else { return Err(invalid_arn(text)) };
        let (name, rest) = match path.split_once('/') {
            None => (path, None),
            Some((name, rest)) => (name, Some(rest.to_owned())),
        };
        check_name(name).map_err(|_| invalid_arn(text))?;
        Ok((Self { scope, name: name.to_owned() }, rest))
    }

    pub(crate) fn arn(&self) -> Arn {
        Arn::new("dynamodb", self.scope, format!("table/{}", self.name))
    }
}

fn invalid_arn(text: &str) -> Error {
    validation(format!("Invalid ResourceArn provided as input: {text}"))
}

/// The grammar of tables' and indexes' names.
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    let characters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if (3..=255).contains(&name.len()) && name.bytes().all(characters) {
        return Ok(());
    }
    Err(validation(
        "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'",
    ))
}
