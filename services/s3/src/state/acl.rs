//! Access control lists. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html>

use names::AccountId;
use serde::{Deserialize, Serialize};

pub(crate) const ALL_USERS: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
pub(crate) const AUTHENTICATED_USERS: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
pub(crate) const LOG_DELIVERY: &str = "http://acs.amazonaws.com/groups/s3/LogDelivery";

/// Grants, in the order in which they were given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Acl {
    pub(crate) grants: Vec<Grant>,
}

/// One permission for one grantee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) grantee: Grantee,
    /// `FULL_CONTROL`, `READ`, `WRITE`, `READ_ACP` or `WRITE_ACP`.
    pub(crate) permission: String,
}

/// Who is granted something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Grantee {
    /// A canonical user id.
    User(String),
    /// A predefined group's URI.
    Group(String),
}

impl Grant {
    pub(crate) fn new(grantee: Grantee, permission: &str) -> Self {
        Self { grantee, permission: permission.to_owned() }
    }
}

impl Acl {
    /// The owner may do all.
    pub(crate) fn private(owner: AccountId) -> Self {
        Self { grants: vec![Grant::new(Grantee::User(canonical_id(owner)), "FULL_CONTROL")] }
    }

    /// Grants something to everybody, or to everybody with an AWS account.
    pub(crate) fn is_public(&self) -> bool {
        self.grants.iter().any(|grant| {
            matches!(&grant.grantee, Grantee::Group(uri) if uri == ALL_USERS || uri == AUTHENTICATED_USERS)
        })
    }

    /// A canned list. `bucket_owner` is who owns the bucket of the object, for the lists that name it.
    pub(crate) fn canned(name: &str, owner: AccountId, bucket_owner: AccountId) -> Self {
        let mut acl = Self::private(owner);
        let mut grant = |grantee: Grantee, permission: &str| acl.grants.push(Grant::new(grantee, permission));
        let everyone = || Grantee::Group(ALL_USERS.into());
        let bucket_owner = || Grantee::User(canonical_id(bucket_owner));
        match name {
            "public-read" => grant(everyone(), "READ"),
            "public-read-write" => {
                grant(everyone(), "READ");
                grant(everyone(), "WRITE");
            }
            "authenticated-read" => grant(Grantee::Group(AUTHENTICATED_USERS.into()), "READ"),
            "bucket-owner-read" => grant(bucket_owner(), "READ"),
            "bucket-owner-full-control" => grant(bucket_owner(), "FULL_CONTROL"),
            "log-delivery-write" => {
                grant(Grantee::Group(LOG_DELIVERY.into()), "WRITE");
                grant(Grantee::Group(LOG_DELIVERY.into()), "READ_ACP");
            }
            _ => {}
        }
        let mut kept: Vec<Grant> = Vec::new();
        for grant in acl.grants {
            if !kept.contains(&grant) {
                kept.push(grant);
            }
        }
        Self { grants: kept }
    }
}

/// The canonical user id of an account: 64 hexadecimal digits that say nothing of the account's number to a reader.
pub(crate) fn canonical_id(account: AccountId) -> String {
    sigv4::hex_sha256(format!("canonical user of {account}").as_bytes())
}
