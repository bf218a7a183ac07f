//! What calls need: actions on buckets and objects, the bucket's policy, its owner, and the condition keys of
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>.

use crate::error;
use crate::policies::{self, Unreadable};
use crate::state::{Bucket, Object};
use api_s3::Error;
use contract::{Access, Call, Check, Principal};
use names::Arn;
use store::{StoreError, View};

/// The bucket that a call names, as authorization sees it: it may not exist, and the answer to who may not know is the same.
pub(crate) struct Target<'a> {
    call: &'a Call,
    name: &'a str,
    pub(crate) bucket: Option<Bucket>,
}

/// Nothing can be decided, so nothing is allowed.
pub(crate) struct Undecidable(String);

impl From<StoreError> for Undecidable {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

impl From<Unreadable> for Undecidable {
    fn from(error: Unreadable) -> Self {
        Self(error.to_string())
    }
}

/// What a call needs, or, where that cannot be found out, an access that denies.
pub(crate) fn decided(access: Result<Access, Undecidable>) -> Access {
    access.unwrap_or_else(|Undecidable(reason)| {
        tracing::error!(reason, "a call to S3 is denied: what it needs cannot be found out");
        Access::default()
    })
}

impl<'a> Target<'a> {
    pub(crate) fn find(view: &View, call: &'a Call, name: &'a str) -> Result<Self, Undecidable> {
        Ok(Self { call, name, bucket: Bucket::named(view, name)? })
    }

    /// An action on the bucket.
    pub(crate) fn bucket(&self, action: &str) -> Result<Check, Undecidable> {
        self.check(action, Arn::bare("s3", self.name).to_string(), None)
    }

    /// An action on an object that is to be made.
    pub(crate) fn new_object(&self, action: &str, key: &str) -> Result<Check, Undecidable> {
        self.check(action, self.object_arn(key), None)
    }

    /// An action on an object, whose tags and access control list count.
    pub(crate) fn object(
        &self,
        action: &str,
        key: &str,
        object: Option<&Object>,
    ) -> Result<Check, Undecidable> {
        let mut check = self.check(action, self.object_arn(key), object)?;
        for (tag, value) in object.iter().flat_map(|object| &object.tags) {
            check.context.push((format!("s3:ExistingObjectTag/{tag}"), vec![value.clone()]));
        }
        Ok(check)
    }

    /// Whoever asks for what is not there learns so only if listing the bucket would tell.
    pub(crate) fn list_if_missing(
        &self,
        access: Access,
        object: Option<&Object>,
    ) -> Result<Access, Undecidable> {
        let missing = self.bucket.is_some() && object.is_none_or(Object::is_delete_marker);
        Ok(if missing { access.and(self.bucket("s3:ListBucket")?) } else { access })
    }

    /// A version of an object in the bucket.
    pub(crate) fn version(
        &self,
        view: &View,
        key: &str,
        version: Option<&str>,
    ) -> Result<Option<Object>, Undecidable> {
        let Some(bucket) = &self.bucket else { return Ok(None) };
        Ok(Object::find(view, bucket.scope, &bucket.name, key, version)?)
    }

    fn object_arn(&self, key: &str) -> String {
        Arn::bare("s3", format!("{}/{key}", self.name)).to_string()
    }

    fn check(&self, action: &str, resource: String, object: Option<&Object>) -> Result<Check, Undecidable> {
        let mut check = Check::new(action, resource);
        // A bucket that does not exist is the caller's own, so that no other account's silence tells anything.
        let owner = self.bucket.as_ref().map_or(self.call.account, |bucket| bucket.scope.account);
        check.resource_account = Some(owner);
        key(&mut check, "s3:ResourceAccount", Some(owner.as_str()));
        if let Some(bucket) = &self.bucket {
            check.resource_policy = policies::governing(bucket, object, &self.call.principal)?;
        }
        Ok(check)
    }
}

/// Adds a condition key where the request has a value.
pub(crate) fn key(check: &mut Check, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        check.context.push((name.to_owned(), vec![value.to_owned()]));
    }
}

/// The access that a bucket's own operation needs.
pub(crate) fn on_bucket(view: &View, call: &Call, name: &str, action: &str) -> Access {
    decided(
        Target::find(view, call, name)
            .and_then(|target| Ok(Access { checks: vec![target.bucket(action)?], unconditional: false })),
    )
}

/// The bucket of a call that is authorized: where it is, and whose the caller says it must be.
///
/// # Errors
/// `NoSuchBucket`, `PermanentRedirect` where it lives in another region, `AccessDenied` where it is somebody else's.
pub(crate) fn bucket(
    view: &View,
    call: &Call,
    name: &str,
    expected_owner: Option<&str>,
) -> Result<Bucket, Error> {
    let bucket = Bucket::named(view, name)?.ok_or_else(|| error::no_such_bucket(name))?;
    // Services deliver across regions (Config, CloudTrail); their callers are inside and follow no redirect.
    if bucket.scope.region != call.region && !matches!(call.principal, Principal::Service(_)) {
        return Err(error::permanent_redirect(&bucket));
    }
    if let Some(expected) = expected_owner {
        if expected.len() != 12 || !expected.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(error::error(
                400,
                "InvalidBucketOwnerAWSAccountID",
                "The value of the expected bucket owner parameter must be an AWS account ID",
                [],
            ));
        }
        if expected != bucket.scope.account.as_str() {
            return Err(error::access_denied("Access Denied"));
        }
    }
    Ok(bucket)
}
