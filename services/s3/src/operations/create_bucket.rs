use crate::access::key;
use crate::acls::{Requested, with_enforced_ownership};
use crate::error::{error, not_implemented};
use crate::grammar::check_bucket;
use crate::state::{Bucket, Ownership};
use crate::tags;
use crate::{S3, Settings};
use api_s3::{
    BucketAlreadyExists, BucketAlreadyOwnedByYou, BucketNamespace, CreateBucket, CreateBucketConfiguration,
    CreateBucketOutput, Error, ObjectOwnership,
};
use contract::{Access, Call, Check, Context, Orchestrate};
use names::{Arn, Region, Scope};
use store::{Tx, View};

/// Asynchronous only so that it knows the cloud's settings.
#[async_trait::async_trait]
impl Orchestrate<CreateBucket> for S3 {
    fn access(&self, input: &CreateBucket, call: &Call, _: &View) -> Access {
        // The bucket is the caller's to be, whoever may have one of that name.
        let arn = Arn::bare("s3", input.bucket.as_str());
        let requested = Requested::of_bucket(input);
        let configuration = input.create_bucket_configuration.as_ref();
        let tags = configuration.and_then(|it| it.tags.as_deref()).unwrap_or_default();
        let mut actions = vec!["s3:CreateBucket"];
        if !requested.is_empty() {
            actions.push("s3:PutBucketAcl");
        }
        if input.object_ownership.is_some() {
            actions.push("s3:PutBucketOwnershipControls");
        }
        if !tags.is_empty() && !tags::by_stack(call) {
            actions.push("s3:TagResource");
        } else if tags.iter().any(|tag| !tags::is_reserved(&tag.key)) {
            // A stack's own tags are AWS's to put; a template's are put as by PutBucketTagging.
            actions.push("s3:PutBucketTagging");
        }
        if input.object_lock_enabled_for_bucket == Some(true) {
            actions.extend(["s3:PutBucketObjectLockConfiguration", "s3:PutBucketVersioning"]);
        }
        let mut access = Access::default();
        for action in actions {
            let mut check = Check::new(action, &arn);
            check.resource_account = Some(call.account);
            key(
                &mut check,
                "s3:locationconstraint",
                configuration.and_then(|it| it.location_constraint.as_deref()),
            );
            key(&mut check, "s3:x-amz-object-ownership", input.object_ownership.map(ObjectOwnership::as_str));
            requested.keys(&mut check);
            access = access.and(check);
        }
        access.with_request_tags(tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())))
    }

    async fn run(
        &self,
        input: CreateBucket,
        call: &Call,
        context: &Context,
    ) -> Result<CreateBucketOutput, Error> {
        context.transact(call, |call, tx| create(&input, call, self.settings, tx)).await
    }
}

fn create(
    input: &CreateBucket,
    call: &Call,
    settings: Settings,
    tx: &mut Tx,
) -> Result<CreateBucketOutput, Error> {
    check_bucket(&input.bucket)?;
    let configuration = input.create_bucket_configuration.clone().unwrap_or_default();
    let region = region_of(&configuration, call.region)?;
    refuse_unbuilt(input, &configuration)?;
    let scope = Scope::new(call.account, region);
    let mut bucket = Bucket::new(scope, &input.bucket, call.now);
    bucket.encryption = settings.new_encryption();
    bucket.ownership = Some(input.object_ownership.map_or(Ownership::default(), ownership));
    let requested = Requested::of_bucket(input);
    if !requested.is_empty() {
        let acl = requested.acl(call.account, call.account)?;
        if bucket.acls_disabled() && !requested.is_private() {
            return Err(with_enforced_ownership());
        }
        if acl.is_public() {
            return Err(error(
                400,
                "InvalidBucketAclWithBlockPublicAccessError",
                "Bucket cannot have public ACLs set with BlockPublicAccess enabled",
                [],
            ));
        }
        bucket.acl = acl;
    }
    bucket.tags = tags::of_bucket(configuration.tags.unwrap_or_default(), call)?;
    if let Some(existing) = Bucket::named(tx, &input.bucket)? {
        if existing.scope.account != call.account {
            return Err(BucketAlreadyExists::new(
                    "The requested bucket name is not available. The bucket namespace is shared by all users of the \
                     system. Please select a different name and try again.",
                )
                .into());
        }
        // The first region has always taken this for success.
        if existing.scope.region != Region::US_EAST_1 || region != Region::US_EAST_1 {
            return Err(BucketAlreadyOwnedByYou::new(
                "Your previous request to create the named bucket succeeded and you already own it.",
            )
            .into());
        }
    } else {
        tx.insert(bucket.clone())?;
    }
    let location = if region == Region::US_EAST_1 {
        format!("/{}", input.bucket)
    } else {
        format!("http://{}.s3.amazonaws.com/", input.bucket)
    };
    Ok(CreateBucketOutput { location: Some(location), bucket_arn: Some(bucket.arn()) })
}

pub(crate) fn ownership(chosen: ObjectOwnership) -> Ownership {
    match chosen {
        ObjectOwnership::BucketOwnerEnforced => Ownership::BucketOwnerEnforced,
        ObjectOwnership::BucketOwnerPreferred => Ownership::BucketOwnerPreferred,
        ObjectOwnership::ObjectWriter => Ownership::ObjectWriter,
    }
}

fn refuse_unbuilt(input: &CreateBucket, configuration: &CreateBucketConfiguration) -> Result<(), Error> {
    if configuration.location.is_some() || configuration.bucket.is_some() {
        return Err(not_implemented("A directory bucket"));
    }
    if input.object_lock_enabled_for_bucket == Some(true) {
        return Err(not_implemented("Object Lock"));
    }
    if input.bucket_namespace == Some(BucketNamespace::AccountRegional) {
        return Err(not_implemented("The account regional namespace of buckets"));
    }
    Ok(())
}

/// Where the bucket is to live: the endpoint of the first region makes buckets anywhere, the others only in their own.
fn region_of(configuration: &CreateBucketConfiguration, endpoint: Region) -> Result<Region, Error> {
    let incompatible = |what: &str| {
        let message = format!(
            "The {what} location constraint is incompatible for the region specific endpoint this request was sent to."
        );
        error(400, "IllegalLocationConstraintException", message, [])
    };
    match configuration.location_constraint.as_deref().filter(|constraint| !constraint.is_empty()) {
        None if endpoint == Region::US_EAST_1 => Ok(endpoint),
        None => Err(incompatible("unspecified")),
        Some(constraint) => {
            let name = if constraint == "EU" { "eu-west-1" } else { constraint };
            let known = name.parse::<Region>().ok().filter(|region| is_region(region.as_str()));
            match known {
                Some(Region::US_EAST_1) if endpoint == Region::US_EAST_1 => {
                    Err(invalid_constraint(constraint))
                }
                None if endpoint == Region::US_EAST_1 => Err(invalid_constraint(constraint)),
                Some(region) if region == endpoint || endpoint == Region::US_EAST_1 => Ok(region),
                _ => Err(incompatible(constraint)),
            }
        }
    }
}

fn invalid_constraint(constraint: &str) -> Error {
    error(
        400,
        "InvalidLocationConstraint",
        "The specified location-constraint is not valid",
        [("LocationConstraint", constraint.to_owned())],
    )
}

/// `eu-west-1`, `us-gov-east-1`: an area, a direction and a number.
fn is_region(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
    (3..=4).contains(&parts.len())
        && first.len() == 2
        && last.len() == 1
        && last.bytes().all(|byte| byte.is_ascii_digit())
        && parts.iter().all(|part| !part.is_empty())
}
