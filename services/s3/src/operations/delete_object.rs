use crate::S3;
use crate::access::{self, Target, Undecidable, decided, key};
use crate::conditions::check_write;
use crate::error::{header_not_implemented, invalid_argument, malformed_xml};
use crate::state::{Bucket, Object};
use crate::versions::{self, By, Removed};
use api_s3::{
    DeleteObject, DeleteObjectOutput, DeleteObjects, DeleteObjectsOutput, DeletedObject, Error, ErrorShape,
    ObjectIdentifier,
};
use contract::{Access, AccessOfEach, Call, Check, Judged, Transact, TransactEach};
use store::{Tx, View};
use wire::{ErrorResponse, ServiceError};

fn checks(
    target: &Target<'_>,
    view: &View,
    object_key: &str,
    version: Option<&str>,
    compares: bool,
) -> Result<Vec<Check>, Undecidable> {
    let object = target.version(view, object_key, version)?;
    let action = if version.is_some() { "s3:DeleteObjectVersion" } else { "s3:DeleteObject" };
    let mut check = target.object(action, object_key, object.as_ref())?;
    key(&mut check, "s3:VersionId", version);
    let mut checks = vec![check];
    if compares {
        // A deletion that compares tells what is there.
        checks.push(target.object("s3:GetObject", object_key, object.as_ref())?);
    }
    Ok(checks)
}

fn refuse_unbuilt(mfa: bool, bypass: Option<bool>) -> Result<(), Error> {
    if mfa {
        return Err(header_not_implemented("x-amz-mfa"));
    }
    if bypass == Some(true) {
        return Err(invalid_argument(
            "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.",
            "x-amz-bypass-governance-retention",
            "true",
        ));
    }
    Ok(())
}

/// Removes a version or leaves a marker, where the entity tag is as expected.
fn remove(
    tx: &mut Tx,
    call: &Call,
    bucket: &Bucket,
    object_key: &str,
    version: Option<&str>,
    if_match: Option<&str>,
) -> Result<Option<Removed>, Error> {
    if if_match.is_some() {
        let object = Object::find(tx, bucket.scope, &bucket.name, object_key, version)?;
        check_write(object.as_ref(), object_key, if_match, None)?;
    }
    match version {
        Some(version) => {
            versions::delete_version(tx, call, bucket, object_key, version, By::Request).map(Some)
        }
        None => Ok(versions::delete(tx, call, bucket, object_key, By::Request)?),
    }
}

impl Transact<DeleteObject> for S3 {
    fn access(input: &DeleteObject, call: &Call, view: &View) -> Access {
        decided(Target::find(view, call, &input.bucket).and_then(|target| {
            let compares = input.if_match.is_some();
            let checks = checks(&target, view, &input.key, input.version_id.as_deref(), compares)?;
            Ok(Access { checks, unconditional: false })
        }))
    }

    fn run(input: DeleteObject, call: &Call, tx: &mut Tx) -> Result<DeleteObjectOutput, Error> {
        refuse_unbuilt(input.mfa.is_some(), input.bypass_governance_retention)?;
        if input.if_match_last_modified_time.is_some() {
            return Err(header_not_implemented("x-amz-if-match-last-modified-time"));
        }
        if input.if_match_size.is_some() {
            return Err(header_not_implemented("x-amz-if-match-size"));
        }
        let bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let (version, if_match) = (input.version_id.as_deref(), input.if_match.as_deref());
        let removed = remove(tx, call, &bucket, &input.key, version, if_match)?;
        Ok(DeleteObjectOutput {
            delete_marker: removed.as_ref().and_then(|removed| removed.was_delete_marker.then_some(true)),
            version_id: removed.map(|removed| removed.version),
            request_charged: None,
        })
    }
}

impl TransactEach<DeleteObjects> for S3 {
    type Part = ObjectIdentifier;

    fn split(input: &mut DeleteObjects) -> Vec<ObjectIdentifier> {
        std::mem::take(&mut input.delete.objects)
    }

    /// The call itself needs nothing, as on AWS; each object does.
    fn access(input: &DeleteObjects, parts: &[ObjectIdentifier], call: &Call, view: &View) -> AccessOfEach {
        let access = Target::find(view, call, &input.bucket).and_then(|target| {
            if parts.is_empty() {
                // Nothing that could be denied: only who may delete is told what is wrong with that.
                return Ok(
                    Access { checks: vec![target.bucket("s3:DeleteObject")?], unconditional: false }.into()
                );
            }
            let part = |object: &ObjectIdentifier| {
                let (version, compares) = (object.version_id.as_deref(), object.e_tag.is_some());
                let checks = checks(&target, view, &object.key, version, compares)?;
                Ok(Access { checks, unconditional: false })
            };
            let parts = parts.iter().map(part).collect::<Result<_, Undecidable>>()?;
            Ok(AccessOfEach { call: Access::unconditional(), parts })
        });
        match access {
            Ok(access) => access,
            Err(undecidable) => decided(Err(undecidable)).into(),
        }
    }

    fn run(
        input: DeleteObjects,
        parts: Vec<Judged<ObjectIdentifier>>,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteObjectsOutput, Error> {
        refuse_unbuilt(input.mfa.is_some(), input.bypass_governance_retention)?;
        if parts.is_empty() || parts.len() > 1000 {
            return Err(malformed_xml());
        }
        // Who may delete nothing is not told whether there is such a bucket.
        let bucket = if parts.iter().any(|part| matches!(part, Judged::Allowed(_))) {
            Some(access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?)
        } else {
            None
        };
        let quiet = input.delete.quiet == Some(true);
        let mut output = DeleteObjectsOutput::default();
        for part in parts {
            let (object, failure) = match (part, &bucket) {
                (Judged::Denied(object, denial), _) => (object, denial),
                (Judged::Allowed(object), Some(bucket)) => match delete_one(tx, call, bucket, &object) {
                    Ok(deleted) if !quiet => {
                        output.deleted.get_or_insert_default().push(deleted);
                        continue;
                    }
                    Ok(_) => continue,
                    Err(fault @ Error::Fault(_)) => return Err(fault),
                    Err(error) => (object, error.into_response()),
                },
                (Judged::Allowed(_), None) => continue,
            };
            output.errors.get_or_insert_default().push(told(object, failure));
        }
        Ok(output)
    }
}

fn told(object: ObjectIdentifier, failure: ErrorResponse) -> ErrorShape {
    ErrorShape {
        key: Some(object.key),
        version_id: object.version_id,
        code: Some(failure.code),
        message: Some(failure.message),
    }
}

fn delete_one(
    tx: &mut Tx,
    call: &Call,
    bucket: &Bucket,
    object: &ObjectIdentifier,
) -> Result<DeletedObject, Error> {
    if object.last_modified_time.is_some() || object.size.is_some() {
        return Err(header_not_implemented("LastModifiedTime and Size"));
    }
    let (version, if_match) = (object.version_id.as_deref(), object.e_tag.as_deref());
    let removed = remove(tx, call, bucket, &object.key, version, if_match)?;
    let marker = removed.filter(|removed| removed.was_delete_marker).map(|removed| removed.version);
    Ok(DeletedObject {
        key: Some(object.key.clone()),
        version_id: object.version_id.clone(),
        delete_marker: marker.as_ref().map(|_| true),
        delete_marker_version_id: marker,
    })
}
