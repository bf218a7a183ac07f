//! `AWS::S3::BucketPolicy`.

use super::gone_is_done;
use api_s3::{DeleteBucketPolicy, GetBucketPolicy, PutBucketPolicy};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

pub(crate) struct BucketPolicyHandler;

#[async_trait::async_trait]
impl ResourceHandler for BucketPolicyHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::S3::BucketPolicy"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["Bucket", "PolicyDocument"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["Bucket"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let bucket = properties.required_string("Bucket")?;
        let policy = document(properties)?;
        let there =
            context.caller.call(GetBucketPolicy { bucket: bucket.clone(), ..Default::default() }).await;
        match there.map(|output| output.policy) {
            // An earlier try of this step put it.
            Ok(Some(text)) if text == policy => {}
            Ok(Some(_)) => {
                return Err(HandlerFailure::new(
                    "AlreadyExists",
                    format!("The bucket policy already exists on bucket {bucket}."),
                ));
            }
            Ok(None) => put(&bucket, policy, context).await?,
            Err(error) if error.code == "NoSuchBucketPolicy" => put(&bucket, policy, context).await?,
            Err(error) => return Err(error.into()),
        }
        Ok(Created { physical_id: bucket, ..Created::default() })
    }

    async fn update(
        &self,
        physical_id: &str,
        _: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        put(physical_id, document(new)?, context).await?;
        Ok(Updated::default())
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete = DeleteBucketPolicy { bucket: physical_id.into(), ..Default::default() };
        Ok(gone_is_done(context.caller.call(delete).await)?)
    }

    async fn read(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        let gone = |error: &wire::ErrorResponse| {
            matches!(error.code.as_str(), "NoSuchBucketPolicy" | "NoSuchBucket")
        };
        let ask = wire::document!({ "Bucket": physical_id });
        let Some(answer) = context.ask("s3", "GetBucketPolicy", ask, gone).await? else {
            return Ok(Actual::Gone);
        };
        let policy = answer.get("Policy").and_then(wire::Document::as_str).unwrap_or_default();
        let policy = wire::Document::parse(policy).unwrap_or_default();
        Ok(Actual::Properties(wire::document!({ "Bucket": physical_id, "PolicyDocument": policy })))
    }
}

fn document(properties: &Properties) -> Result<String, HandlerFailure> {
    let policy = properties.json("PolicyDocument")?.ok_or_else(|| properties.missing("PolicyDocument"))?;
    Ok(policy.to_string())
}

async fn put(bucket: &str, policy: String, context: &HandlerContext) -> Result<(), HandlerFailure> {
    let put = PutBucketPolicy { bucket: bucket.into(), policy, ..Default::default() };
    context.caller.call(put).await?;
    Ok(())
}
