//! How callers name functions: a name, a partial ARN or an ARN, each with or without a qualifier.

use crate::error::{function_not_found, invalid, not_found};
use api_lambda::Error;
use contract::Call;
use names::{AccountId, Arn, Region, Scope};

/// The qualifier of what can still be changed.
pub(crate) const LATEST: &str = "$LATEST";

/// A function that a caller named, and perhaps one of its versions or aliases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FunctionReference {
    /// Where the function lives: the owner's account.
    pub(crate) scope: Scope,
    /// Its name.
    pub(crate) name: String,
    /// `$LATEST`, a version's number or an alias.
    pub(crate) qualifier: Option<String>,
}

impl FunctionReference {
    /// Reads a `FunctionName` and a `Qualifier`.
    pub(crate) fn read(text: &str, qualifier: Option<&str>, call: &Call) -> Result<Self, Error> {
        let Named { account, region, name, qualifier: derived } =
            Named::read(text).ok_or_else(|| function_not_found(text))?;
        if let Some(region) = region
            && region != call.region
        {
            let (there, here) = (region, call.region);
            return Err(not_found(format!(
                "Functions from '{there}' are not reachable in this region ('{here}')"
            )));
        }
        if let (Some(derived), Some(given)) = (&derived, qualifier)
            && derived != given
        {
            let message =
                "The derived qualifier from the function name does not match the specified qualifier.";
            return Err(invalid(message));
        }
        Ok(Self {
            scope: Scope::new(account.unwrap_or(call.account), call.region),
            name,
            qualifier: derived.or_else(|| qualifier.map(str::to_owned)),
        })
    }

    /// As [`FunctionReference::read`], for operations on the function as a whole.
    pub(crate) fn unqualified(text: &str, call: &Call) -> Result<Self, Error> {
        let reference = Self::read(text, None, call)?;
        match reference.qualifier {
            Some(qualifier) => Err(invalid(format!(
                "This operation does not support the qualifier {qualifier}. Name the function without it."
            ))),
            None => Ok(reference),
        }
    }

    /// Whether it is the function itself or its `$LATEST`.
    pub(crate) fn is_latest(&self) -> bool {
        self.qualifier.as_deref().is_none_or(|qualifier| qualifier == LATEST)
    }

    /// The ARN, with the qualifier where there is one.
    pub(crate) fn arn(&self) -> String {
        qualified(self.scope, &self.name, self.qualifier.as_deref())
    }

    /// The function's own ARN.
    pub(crate) fn function_arn(&self) -> String {
        qualified(self.scope, &self.name, None)
    }
}

/// A function's ARN, with a qualifier where there is one.
pub(crate) fn qualified(scope: Scope, name: &str, qualifier: Option<&str>) -> String {
    let resource = match qualifier {
        Some(qualifier) => format!("function:{name}:{qualifier}"),
        None => format!("function:{name}"),
    };
    Arn::new("lambda", scope, resource).to_string()
}

struct Named {
    account: Option<AccountId>,
    region: Option<Region>,
    name: String,
    qualifier: Option<String>,
}

impl Named {
    fn read(text: &str) -> Option<Self> {
        let (account, region, rest) = if text.starts_with("arn:") {
            let arn: Arn = text.parse().ok()?;
            if arn.service != "lambda" {
                return None;
            }
            (Some(arn.account?), Some(arn.region?), arn.resource_after("function:")?.to_owned())
        } else if let Some((account, rest)) = text.split_once(":function:") {
            (Some(account.parse().ok()?), None, rest.to_owned())
        } else {
            (None, None, text.strip_prefix("function:").unwrap_or(text).to_owned())
        };
        let (name, qualifier) = match rest.split_once(':') {
            Some((name, qualifier)) => (name, Some(qualifier.to_owned())),
            None => (rest.as_str(), None),
        };
        let named = |text: &str, also: &[u8]| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || also.contains(&byte))
        };
        if !named(name, b"-_")
            || name.len() > 64
            || qualifier.as_deref().is_some_and(|text| !named(text, b"-_$"))
        {
            return None;
        }
        Some(Self { account, region, name: name.to_owned(), qualifier })
    }
}

#[cfg(test)]
mod tests {
    use super::Named;

    type Parts = (Option<String>, Option<String>, String, Option<String>);

    fn read(text: &str) -> Option<Parts> {
        let named = Named::read(text)?;
        let account = named.account.map(|account| account.to_string());
        Some((account, named.region.map(|region| region.to_string()), named.name, named.qualifier))
    }

    #[test]
    fn names_partial_arns_and_arns() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(read("f"), Some((None, None, "f".into(), None)));
        assert_eq!(read("f:live"), Some((None, None, "f".into(), some("live"))));
        assert_eq!(
            read("123456789012:function:f:$LATEST"),
            Some((some("123456789012"), None, "f".into(), some("$LATEST")))
        );
        assert_eq!(
            read("arn:aws:lambda:eu-west-1:123456789012:function:f:7"),
            Some((some("123456789012"), some("eu-west-1"), "f".into(), some("7")))
        );
    }

    #[test]
    fn what_names_no_function() {
        for bad in [
            "",
            "a b",
            "arn:aws:s3:::b",
            "arn:aws:lambda:eu-west-1:123456789012:layer:f",
            "f:a:b",
            "f:",
            "1:function:f",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
