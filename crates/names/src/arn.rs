use crate::{AccountId, NameError, Region, Scope};
use std::fmt;
use std::str::FromStr;

/// The partition that Cloudchamber is.
pub const PARTITION: &str = "aws";

/// An Amazon Resource Name: `arn:partition:service:region:account:resource`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Arn {
    /// `aws`; other partitions are parsed, so that policies that name them are kept.
    pub partition: String,
    /// The service's namespace, such as `sns`.
    pub service: String,
    /// Empty (None) for global resources.
    pub region: Option<Region>,
    /// Empty (None) for S3 buckets and AWS managed things (`aws`, see [`Arn::resource`]).
    pub account: Option<AccountId>,
    /// `account` as written where it is not twelve digits (`aws` in managed policies' ARNs).
    owner: Option<String>,
    /// All that follows the fifth colon.
    pub resource: String,
}

impl Arn {
    /// A resource in an account and region; the region is left out where the scope is global.
    #[must_use]
    pub fn new(service: &str, scope: Scope, resource: impl Into<String>) -> Self {
        Self {
            partition: PARTITION.into(),
            service: service.into(),
            region: (scope.region != Region::GLOBAL).then_some(scope.region),
            account: Some(scope.account),
            owner: None,
            resource: resource.into(),
        }
    }

    /// A resource without region and account: an S3 bucket or object.
    #[must_use]
    pub fn bare(service: &str, resource: impl Into<String>) -> Self {
        Self {
            partition: PARTITION.into(),
            service: service.into(),
            region: None,
            account: None,
            owner: None,
            resource: resource.into(),
        }
    }

    /// The account and region; None where the ARN names no account.
    #[must_use]
    pub fn scope(&self) -> Option<Scope> {
        Some(Scope { account: self.account?, region: self.region.unwrap_or(Region::GLOBAL) })
    }

    /// The resource after a prefix such as `role/` or `function:`.
    #[must_use]
    pub fn resource_after(&self, prefix: &str) -> Option<&str> {
        self.resource.strip_prefix(prefix)
    }
}

impl FromStr for Arn {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let fail = || NameError::new(text, "an ARN");
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next().ok_or_else(fail);
        if next()? != "arn" || text.len() > 2048 {
            return Err(fail());
        }
        let (partition, service, region, account, resource) = (next()?, next()?, next()?, next()?, next()?);
        if partition.is_empty() || service.is_empty() || resource.is_empty() {
            return Err(fail());
        }
        let region = if region.is_empty() { None } else { Some(region.parse().map_err(|_| fail())?) };
        let (account, owner) = match account {
            "" => (None, None),
            digits if digits.len() == 12 => (Some(digits.parse().map_err(|_| fail())?), None),
            "aws" => (None, Some("aws".to_owned())),
            _ => return Err(fail()),
        };
        Ok(Self {
            partition: partition.into(),
            service: service.into(),
            region,
            account,
            owner,
            resource: resource.into(),
        })
    }
}

impl TryFrom<String> for Arn {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        text.parse()
    }
}

impl From<Arn> for String {
    fn from(arn: Arn) -> Self {
        arn.to_string()
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let region = self.region.as_ref().map_or("", Region::as_str);
        let account = self.account.as_ref().map_or(self.owner.as_deref().unwrap_or(""), AccountId::as_str);
        write!(f, "arn:{}:{}:{region}:{account}:{}", self.partition, self.service, self.resource)
    }
}

impl fmt::Debug for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips() {
        for text in [
            "arn:aws:iam::123456789012:role/service-role/Worker",
            "arn:aws:iam::aws:policy/AdministratorAccess",
            "arn:aws:s3:::bucket/key:with:colons",
            "arn:aws:lambda:us-east-1:000000000000:function:name:alias",
        ] {
            assert_eq!(text.parse::<Arn>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn refuses_what_is_not_an_arn() {
        for bad in [
            "",
            "arn:aws:s3",
            "arn:aws:s3:::",
            "urn:aws:s3:::b",
            "arn:aws:iam::12:role/x",
            "arn:aws:ec2:US:000000000000:x",
        ] {
            assert!(bad.parse::<Arn>().is_err(), "{bad}");
        }
    }
}
