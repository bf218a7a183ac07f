//! Filters of DescribeParameters and GetParametersByPath
//! (<https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html>).

use super::name::{check_path, is_below};
use crate::errors::validation;
use crate::state::{ParameterVersion, StoredParameter};
use api_ssm::{Error, InvalidFilterKey, InvalidFilterOption, InvalidFilterValue, ParameterStringFilter};

/// Values that a filter may have.
const MOST_VALUES: usize = 50;

/// A filter that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filter {
    key: String,
    option: String,
    values: Vec<String>,
}

/// What filters of an operation may ask for.
pub(crate) const OF_DESCRIBE: &[&str] = &["Name", "Type", "KeyId", "Path", "Tier", "DataType"];
/// Likewise, of a hierarchy's parameters.
pub(crate) const OF_PATH: &[&str] = &["Type", "KeyId", "Label"];

/// Reads filters, of whose keys these are valid. Tags are, beside `Name`.
pub(crate) fn parse(given: Vec<ParameterStringFilter>, keys: &[&str]) -> Result<Vec<Filter>, Error> {
    let mut filters: Vec<Filter> = Vec::new();
    for ParameterStringFilter { key, option, values } in given {
        let is_tag = key.starts_with("tag:") && keys.contains(&"Name");
        if !is_tag && !keys.contains(&key.as_str()) {
            return Err(InvalidFilterKey::new(format!(
                "The following filter key is not valid: {key}. Valid filter keys include: [{}].",
                keys.join(", ")
            ))
            .into());
        }
        if filters.iter().any(|known| known.key == key) {
            return Err(validation(format!(
                "The following filter is duplicated in the request: {key}. A request can contain only one occurrence of a specific filter."
            )));
        }
        let (default, options): (&str, &[&str]) = match key.as_str() {
            "Path" => ("OneLevel", &["Recursive", "OneLevel"]),
            "Name" => ("Equals", &["BeginsWith", "Equals", "Contains"]),
            _ if is_tag => ("Equals", &["Equals"]),
            _ => ("Equals", &["BeginsWith", "Equals"]),
        };
        let option = option.unwrap_or_else(|| default.to_owned());
        if !options.contains(&option.as_str()) {
            return Err(InvalidFilterOption::new(format!(
                "The following filter option is not valid: {option}. Valid options include: [{}]",
                options.join(", ")
            ))
            .into());
        }
        let values = values.unwrap_or_default();
        if values.is_empty() && !is_tag {
            return Err(InvalidFilterValue::new(format!(
                "The following filter values are missing : null for filter key {key}"
            ))
            .into());
        }
        if values.len() > MOST_VALUES {
            return Err(InvalidFilterValue::new("Filters can have at most 50 values.").into());
        }
        let allowed: &[&str] = match key.as_str() {
            "Type" => api_ssm::ParameterType::VALUES,
            "Tier" => api_ssm::ParameterTier::VALUES,
            "DataType" => &["text", "aws:ec2:image"],
            _ => &[],
        };
        if option == "Equals"
            && let Some(wrong) =
                values.iter().find(|value| !allowed.is_empty() && !allowed.contains(&value.as_str()))
        {
            return Err(InvalidFilterValue::new(format!(
                "The following filter value is not valid: {wrong}. Valid values include: [{}].",
                allowed.join(", ")
            ))
            .into());
        }
        if key == "Path" {
            values.iter().try_for_each(|path| check_path(path))?;
        }
        filters.push(Filter { key, option, values });
    }
    Ok(filters)
}

impl Filter {
    /// As `Filters` of old, which ask for what names begin with.
    pub(crate) fn of_old(key: &str, values: Vec<String>) -> Self {
        let option = if key == "Name" { "BeginsWith" } else { "Equals" };
        Self { key: key.to_owned(), option: option.to_owned(), values }
    }

    fn compares(&self, text: &str) -> bool {
        self.values.iter().any(|value| match self.option.as_str() {
            "BeginsWith" => text.starts_with(value.as_str()),
            "Contains" => text.contains(value.as_str()),
            _ => text == value,
        })
    }

    /// Whether a parameter's version is asked for.
    pub(crate) fn holds(&self, stored: &StoredParameter, version: &ParameterVersion) -> bool {
        match self.key.as_str() {
            // A slash at the beginning may be left out.
            "Name" => {
                self.compares(&stored.name)
                    || stored.name.strip_prefix('/').is_some_and(|bare| self.compares(bare))
            }
            "Type" => self.compares(&version.kind),
            "Tier" => self.compares(&version.tier),
            "DataType" => self.compares("text"),
            "KeyId" => version.key_id.as_deref().is_some_and(|key| self.compares(key)),
            "Path" => self.values.iter().any(|path| is_below(&stored.name, path, self.option == "Recursive")),
            "Label" => version.labels.iter().any(|label| self.compares(label)),
            key => key
                .strip_prefix("tag:")
                .and_then(|key| stored.tags.get(key))
                .is_some_and(|value| self.values.is_empty() || self.compares(value)),
        }
    }

    /// It asks for versions by label, and so for others than the newest.
    pub(crate) fn is_of_labels(&self) -> bool {
        self.key == "Label"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::ServiceError;

    fn given(key: &str, option: Option<&str>, values: &[&str]) -> ParameterStringFilter {
        ParameterStringFilter {
            key: key.into(),
            option: option.map(str::to_owned),
            values: Some(values.iter().map(|value| (*value).to_owned()).collect())
                .filter(|values: &Vec<_>| !values.is_empty()),
        }
    }

    #[test]
    fn wrong_filters_are_refused_in_aws_s_words() {
        for (filters, code, message) in [
            (
                vec![given("Label", None, &["x"])],
                "InvalidFilterKey",
                "The following filter key is not valid: Label. Valid filter keys include: [Name, Type, KeyId, Path, Tier, DataType].",
            ),
            (
                vec![given("Path", Some("Equals"), &["/a"])],
                "InvalidFilterOption",
                "The following filter option is not valid: Equals. Valid options include: [Recursive, OneLevel]",
            ),
            (
                vec![given("Name", None, &[])],
                "InvalidFilterValue",
                "The following filter values are missing : null for filter key Name",
            ),
            (
                vec![given("Name", None, &["a"]), given("Name", None, &["b"])],
                "ValidationException",
                "The following filter is duplicated in the request: Name. A request can contain only one occurrence of a specific filter.",
            ),
            (
                vec![given("Type", None, &["Text"])],
                "InvalidFilterValue",
                "The following filter value is not valid: Text. Valid values include: [String, StringList, SecureString].",
            ),
        ] {
            let error = parse(filters, OF_DESCRIBE).unwrap_err().into_response();
            assert_eq!((error.code.as_str(), error.message.as_str()), (code, message));
        }
        assert!(
            parse(vec![given("tag:x", None, &[]), given("Path", Some("Recursive"), &["/a"])], OF_DESCRIBE)
                .is_ok()
        );
        assert_eq!(
            parse(vec![given("tag:x", None, &["a"])], OF_PATH).unwrap_err().into_response().code,
            "InvalidFilterKey"
        );
    }
}
