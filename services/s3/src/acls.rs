//! Access control lists that requests give: canned, by headers, or whole.

use crate::access::key;
use crate::error::{error, invalid_argument, invalid_request, malformed_xml, not_implemented};
use crate::state::{
    ALL_USERS, AUTHENTICATED_USERS, Acl, Bucket, Grant, Grantee, LOG_DELIVERY, Ownership, canonical_id,
};
use api_s3::{AccessControlPolicy, BucketCannedACL, CreateBucket, Error, ObjectCannedACL, Type};
use contract::{Call, Check};
use names::AccountId;

/// The lists that a request gives.
#[derive(Default)]
pub(crate) struct Requested<'a> {
    pub(crate) canned: Option<&'a str>,
    pub(crate) full_control: Option<&'a str>,
    pub(crate) read: Option<&'a str>,
    pub(crate) read_acp: Option<&'a str>,
    pub(crate) write: Option<&'a str>,
    pub(crate) write_acp: Option<&'a str>,
    pub(crate) policy: Option<&'a AccessControlPolicy>,
}

/// The list of an input that makes or changes an object, by its fields.
macro_rules! of_object {
    ($input:expr) => {
        $crate::acls::Requested {
            canned: $input.acl.map(api_s3::ObjectCannedACL::as_str),
            full_control: $input.grant_full_control.as_deref(),
            read: $input.grant_read.as_deref(),
            read_acp: $input.grant_read_acp.as_deref(),
            write_acp: $input.grant_write_acp.as_deref(),
            ..Default::default()
        }
    };
}

pub(crate) use of_object;

impl<'a> Requested<'a> {
    pub(crate) fn of_bucket(input: &'a CreateBucket) -> Self {
        Self {
            canned: input.acl.map(BucketCannedACL::as_str),
            full_control: input.grant_full_control.as_deref(),
            read: input.grant_read.as_deref(),
            read_acp: input.grant_read_acp.as_deref(),
            write: input.grant_write.as_deref(),
            write_acp: input.grant_write_acp.as_deref(),
            policy: None,
        }
    }

    fn headers(&self) -> [(&'static str, &'static str, Option<&'a str>); 5] {
        [
            ("x-amz-grant-full-control", "FULL_CONTROL", self.full_control),
            ("x-amz-grant-read", "READ", self.read),
            ("x-amz-grant-read-acp", "READ_ACP", self.read_acp),
            ("x-amz-grant-write", "WRITE", self.write),
            ("x-amz-grant-write-acp", "WRITE_ACP", self.write_acp),
        ]
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.canned.is_none()
            && self.policy.is_none()
            && self.headers().iter().all(|(_, _, value)| value.is_none())
    }

    /// The one list that the policies which AWS publishes for Config, CloudTrail and other accounts' writers allow with `s3:PutObject`
    /// alone, and the one that a bucket without lists takes.
    pub(crate) fn gives_to_owner_only(&self) -> bool {
        self.canned == Some(ObjectCannedACL::BucketOwnerFullControl.as_str())
    }

    pub(crate) fn is_private(&self) -> bool {
        self.canned == Some("private")
    }

    /// The condition keys of a request that gives a list.
    pub(crate) fn keys(&self, check: &mut Check) {
        key(check, "s3:x-amz-acl", self.canned);
        for (header, _, value) in self.headers() {
            key(check, &format!("s3:{header}"), value);
        }
    }

    /// The list itself.
    pub(crate) fn acl(&self, owner: AccountId, bucket_owner: AccountId) -> Result<Acl, Error> {
        let mut granted = Vec::new();
        for (header, permission, value) in self.headers() {
            for grantee in value.map(|value| grantees(header, value)).transpose()?.unwrap_or_default() {
                granted.push(Grant::new(grantee, permission));
            }
        }
        match (self.canned, granted.is_empty(), self.policy) {
            (Some(_), false, _) => {
                Err(invalid_request("Specifying both Canned ACLs and Header Grants is not allowed"))
            }
            (Some(_), true, Some(_)) | (None, false, Some(_)) => {
                Err(error(400, "UnexpectedContent", "This request does not support content", []))
            }
            (Some(canned), true, None) => Ok(Acl::canned(canned, owner, bucket_owner)),
            (None, false, None) => Ok(Acl { grants: granted }),
            (None, true, Some(policy)) => whole(policy, owner),
            (None, true, None) => Ok(Acl::private(owner)),
        }
    }

    /// The list of a new object, and who will own it.
    pub(crate) fn of_new_object(
        &self,
        bucket: &Bucket,
        call: &Call,
        action: &str,
        resource: &str,
    ) -> Result<(AccountId, Option<Acl>), Error> {
        let bucket_owner = bucket.scope.account;
        if bucket.acls_disabled() {
            if !self.is_empty() && !self.gives_to_owner_only() {
                return Err(lists_disabled());
            }
            return Ok((bucket_owner, None));
        }
        let given_up =
            bucket.ownership == Some(Ownership::BucketOwnerPreferred) && self.gives_to_owner_only();
        let owner = match call.principal.account() {
            Some(writer) if !given_up => writer,
            _ => bucket_owner,
        };
        if self.is_empty() {
            return Ok((owner, (owner != bucket_owner).then(|| Acl::private(owner))));
        }
        let acl = self.acl(owner, bucket_owner)?;
        refuse_public(bucket, &acl, call, action, resource)?;
        Ok((owner, Some(acl)))
    }
}

pub(crate) fn lists_disabled() -> Error {
    error(400, "AccessControlListNotSupported", "The bucket does not allow ACLs", [])
}

/// BlockPublicAcls: no request may give a public list.
pub(crate) fn refuse_public(
    bucket: &Bucket,
    acl: &Acl,
    call: &Call,
    action: &str,
    resource: &str,
) -> Result<(), Error> {
    if !bucket.blocks().block_public_acls || !acl.is_public() {
        return Ok(());
    }
    Err(crate::error::access_denied(format!(
        "User: {} is not authorized to perform: {action} on resource: \"{resource}\" because public access control lists \
         (ACLs) are blocked by the BlockPublicAcls block public access setting.",
        call.principal.arn()
    )))
}

/// `id="…", uri="…"`
fn grantees(header: &str, value: &str) -> Result<Vec<Grantee>, Error> {
    value
        .split(',')
        .map(|part| {
            let (kind, text) = part
                .trim()
                .split_once('=')
                .ok_or_else(|| invalid_argument("Argument format not recognized", header, value))?;
            let text = text.trim().trim_matches('"');
            match kind.trim().to_ascii_lowercase().as_str() {
                "id" => user(text),
                "uri" => group(text),
                "emailaddress" => Err(not_implemented("A grantee by e-mail address")),
                _ => Err(invalid_argument("Argument format not recognized", header, value)),
            }
        })
        .collect()
}

fn user(id: &str) -> Result<Grantee, Error> {
    if id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(Grantee::User(id.to_ascii_lowercase()));
    }
    Err(invalid_argument("Invalid id", "CanonicalUser/ID", id))
}

fn group(uri: &str) -> Result<Grantee, Error> {
    if [ALL_USERS, AUTHENTICATED_USERS, LOG_DELIVERY].contains(&uri) {
        return Ok(Grantee::Group(uri.to_owned()));
    }
    Err(invalid_argument("Invalid group uri", "Group/URI", uri))
}

pub(crate) fn grantee(given: &api_s3::Grantee) -> Result<Grantee, Error> {
    match given.r#type {
        Type::CanonicalUser => user(given.id.as_deref().unwrap_or_default()),
        Type::Group => group(given.uri.as_deref().unwrap_or_default()),
        Type::AmazonCustomerByEmail => Err(not_implemented("A grantee by e-mail address")),
    }
}

/// A list that was given whole.
fn whole(policy: &AccessControlPolicy, owner: AccountId) -> Result<Acl, Error> {
    let named = policy.owner.as_ref().and_then(|owner| owner.id.as_deref());
    if named.is_some_and(|id| id != canonical_id(owner)) {
        return Err(crate::error::access_denied("Access Denied"));
    }
    let mut acl = Acl::default();
    for grant in policy.grants.iter().flatten() {
        let (Some(grantee), Some(permission)) = (&grant.grantee, grant.permission) else {
            return Err(malformed_xml());
        };
        acl.grants.push(Grant::new(self::grantee(grantee)?, permission.as_str()));
    }
    if acl.grants.len() > 100 {
        return Err(malformed_xml());
    }
    Ok(acl)
}

/// As answers list them.
pub(crate) fn listed(acl: &Acl) -> Vec<api_s3::Grant> {
    acl.grants
        .iter()
        .map(|grant| {
            let grantee = match &grant.grantee {
                Grantee::User(id) => api_s3::Grantee {
                    id: Some(id.clone()),
                    r#type: Type::CanonicalUser,
                    ..Default::default()
                },
                Grantee::Group(uri) => {
                    api_s3::Grantee { uri: Some(uri.clone()), r#type: Type::Group, ..Default::default() }
                }
            };
            api_s3::Grant { grantee: Some(grantee), permission: grant.permission.parse().ok() }
        })
        .collect()
}

/// A request to put a list that gives none.
pub(crate) fn missing() -> Error {
    error(
        400,
        "MissingSecurityHeader",
        "Your request was missing a required header",
        [("MissingHeaderName", "x-amz-acl".into())],
    )
}

/// A bucket whose lists grant something cannot have them switched off.
pub(crate) fn with_enforced_ownership() -> Error {
    error(
        400,
        "InvalidBucketAclWithObjectOwnership",
        "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
        [],
    )
}
