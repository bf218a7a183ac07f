//! A cloud with CloudTrail, and what tests do with it.

use api_cloudtrail::{Event, LookupAttribute, LookupAttributeKey, LookupEvents};
use contract::{Caller, Chain, Registration};
use testkit::TestCloud;
use wire::{Document, ErrorResponse};

pub(crate) const BUCKET: &str = "trail-files";

pub(crate) struct Cloud {
    pub(crate) cloud: TestCloud,
    pub(crate) root: Caller,
    _running: Box<dyn std::any::Any + Send>,
}

impl Cloud {
    pub(crate) fn start() -> Self {
        Self::with(Vec::new())
    }

    pub(crate) fn with(mut others: Vec<Registration>) -> Self {
        others.push(cloudtrail::registration());
        others.push(sns::registration(sns::Settings::default()));
        others.push(s3::registration(s3::Settings::default()));
        others.push(logs::registration());
        let cloud = TestCloud::new(others);
        let root = cloud.root();
        let running = Box::new(cloud.start_work());
        Self { cloud, root, _running: running }
    }

    pub(crate) fn in_region(&self, region: &str) -> Caller {
        self.root.in_region(region.parse().unwrap())
    }

    /// The root user of another account.
    pub(crate) fn stranger(&self) -> Caller {
        let account = "444455556666".parse().unwrap();
        let scope = names::Scope::new(account, testkit::REGION);
        self.cloud.context().caller(contract::Principal::Root(account), scope, Chain::default())
    }

    /// What was recorded soon is there.
    pub(crate) fn flush(&self) {
        self.cloud.context().store.flush_appended().unwrap();
    }

    pub(crate) async fn lookup(&self, key: LookupAttributeKey, value: &str) -> Vec<Event> {
        self.flush();
        let lookup =
            LookupEvents { lookup_attributes: Some(vec![attribute(key, value)]), ..Default::default() };
        self.root.call(lookup).await.unwrap().events.unwrap()
    }

    /// A bucket that nobody may write to but its owner.
    pub(crate) async fn plain_bucket(&self) {
        let create = api_s3::CreateBucket { bucket: BUCKET.into(), ..Default::default() };
        self.root.call(create).await.unwrap();
    }

    /// The bucket, with the policy that AWS's guide gives for a trail.
    pub(crate) async fn bucket(&self) {
        self.plain_bucket().await;
        self.bucket_policy("arn:aws:cloudtrail:us-east-1:111122223333:trail/audit").await;
    }

    pub(crate) async fn bucket_policy(&self, trail: &str) {
        let policy = wire::document!({
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": { "Service": "cloudtrail.amazonaws.com" },
                    "Action": "s3:GetBucketAcl",
                    "Resource": (format!("arn:aws:s3:::{BUCKET}")),
                    "Condition": { "ArnLike": { "aws:SourceArn": trail } }
                },
                {
                    "Effect": "Allow",
                    "Principal": { "Service": "cloudtrail.amazonaws.com" },
                    "Action": "s3:PutObject",
                    "Resource": (format!("arn:aws:s3:::{BUCKET}/*")),
                    "Condition": {
                        "ArnLike": { "aws:SourceArn": trail },
                        "StringEquals": { "s3:x-amz-acl": "bucket-owner-full-control" }
                    }
                }
            ]
        });
        let put = api_s3::PutBucketPolicy {
            bucket: BUCKET.into(),
            policy: policy.to_string(),
            ..Default::default()
        };
        self.root.call(put).await.unwrap();
    }

    /// The log files so far, by key.
    pub(crate) async fn files(&self) -> Vec<(String, Document)> {
        let list = api_s3::ListObjectsV2 { bucket: BUCKET.into(), ..Default::default() };
        let mut files = Vec::new();
        for object in self.root.call(list).await.unwrap().contents.unwrap_or_default() {
            let key = object.key.unwrap();
            if !key.ends_with(".gz") {
                continue;
            }
            let get = api_s3::GetObject { bucket: BUCKET.into(), key: key.clone(), ..Default::default() };
            let mut chunks = self.root.call(get).await.unwrap().body.unwrap().into_chunks();
            let mut body = Vec::new();
            while let Some(chunk) = futures::StreamExt::next(&mut chunks).await {
                body.extend_from_slice(&chunk.unwrap());
            }
            let mut content = String::new();
            std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&body[..]), &mut content)
                .unwrap();
            files.push((key, Document::parse(&content).unwrap()));
        }
        files
    }

    /// Waits until something is true, moving the clock so that what is gathered is delivered.
    pub(crate) async fn gathered<T>(&self, mut condition: impl AsyncFnMut() -> Option<T>) -> T {
        self.flush();
        self.cloud
            .until("what is gathered is delivered", async || {
                self.cloud.clock.advance(std::time::Duration::from_secs(1));
                condition().await
            })
            .await
    }

    pub(crate) async fn topic(&self, name: &str) -> String {
        self.cloud.clock.advance(std::time::Duration::from_millis(10));
        let create = api_sns::CreateTopic { name: name.into(), ..Default::default() };
        let made = self.root.call(create).await.unwrap().topic_arn.unwrap();
        self.cloud.clock.advance(std::time::Duration::from_millis(10));
        made
    }
}

pub(crate) fn attribute(key: LookupAttributeKey, value: &str) -> LookupAttribute {
    LookupAttribute { attribute_key: key, attribute_value: value.into() }
}

pub(crate) fn record(event: &Event) -> Document {
    Document::parse(event.cloud_trail_event.as_deref().unwrap()).unwrap()
}

pub(crate) fn text<'a>(document: &'a Document, path: &[&str]) -> &'a str {
    document.at(path).and_then(Document::as_str).unwrap_or_else(|| panic!("{path:?} in {document}"))
}

pub(crate) fn refusal<T>(result: Result<T, ErrorResponse>) -> (String, String) {
    let error = result.err().unwrap();
    (error.code, error.message)
}
