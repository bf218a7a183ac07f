//! Layers and their versions.

use super::{Code, Permissions};
use names::{Arn, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, View};

/// A layer's name, and the last number that was given: numbers are never used again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Layer {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) last_version: i64,
}

/// A layer's version.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LayerVersion {
    pub(crate) scope: Scope,
    /// The layer's name.
    pub(crate) layer: String,
    pub(crate) number: i64,
    pub(crate) description: String,
    pub(crate) license: Option<String>,
    pub(crate) runtimes: Vec<String>,
    pub(crate) architectures: Vec<String>,
    pub(crate) code: Code,
    pub(crate) created: Timestamp,
    pub(crate) permissions: Permissions,
}

/// `arn:aws:lambda:R:A:layer:NAME`, with a version where one is given.
pub(crate) fn layer_arn(scope: Scope, name: &str, version: Option<i64>) -> String {
    let resource = match version {
        Some(version) => format!("layer:{name}:{version}"),
        None => format!("layer:{name}"),
    };
    Arn::new("lambda", scope, resource).to_string()
}

impl LayerVersion {
    /// Its ARN.
    pub(crate) fn arn(&self) -> String {
        layer_arn(self.scope, &self.layer, Some(self.number))
    }

    /// The one that an ARN names.
    pub(crate) fn by_arn(view: &View, arn: &str) -> Result<Option<Self>, StoreError> {
        match read_version_arn(arn) {
            Some((scope, name, number)) => view.get(scope, (name, number)),
            None => Ok(None),
        }
    }
}

/// Scope, name and number of a layer version's ARN. Only the one way to write it is read: policies are matched with what the caller wrote, and
/// a Deny on version 1 must not be passed by with version 01 or another partition.
pub(crate) fn read_version_arn(text: &str) -> Option<(Scope, String, i64)> {
    let arn: Arn = text.parse().ok()?;
    let (name, number) = arn.resource_after("layer:")?.split_once(':')?;
    let (scope, number) = (Scope::new(arn.account?, arn.region?), number.parse().ok()?);
    (layer_arn(scope, name, Some(number)) == text).then(|| (scope, name.to_owned(), number))
}

impl Row for Layer {
    const TABLE: &'static str = "lambda.layers";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }
}

impl Row for LayerVersion {
    const TABLE: &'static str = "lambda.layer-versions";
    type Key = (String, i64);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.layer.clone(), self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::read_version_arn;

    #[test]
    fn a_layer_version_has_one_arn() {
        let found = read_version_arn("arn:aws:lambda:eu-west-1:111122223333:layer:tools:12");
        assert_eq!(found.map(|(_, name, number)| (name, number)), Some(("tools".to_owned(), 12)));
        for other in [
            "arn:aws-cn:lambda:eu-west-1:111122223333:layer:tools:12",
            "arn:aws:lambda:eu-west-1:111122223333:layer:tools:012",
            "arn:aws:lambda:eu-west-1:111122223333:layer:tools:+12",
            "arn:aws:lambda:eu-west-1:111122223333:layer:tools",
            "arn:aws:lambda:eu-west-1:aws:layer:tools:12",
        ] {
            assert!(read_version_arn(other).is_none(), "{other}");
        }
    }
}
