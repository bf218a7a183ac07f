//! The one list of services.

use contract::Registration;
use std::path::PathBuf;
use std::sync::Arc;

/// What the services need to know of how the cloud was started.
pub struct Choices {
    /// How functions are run.
    pub lambda: lambda::Settings,
    /// Whether new buckets are encrypted by default.
    pub s3: s3::Settings,
    /// Where mail goes.
    pub sns: sns::Settings,
    /// How scripts of runbooks are run.
    pub ssm: ssm::Settings,
}

impl Choices {
    /// What tests over all services choose: no function runs, and no mail leaves the process.
    #[must_use]
    pub fn for_tests() -> Self {
        let reason = "Functions are not run in this test.".to_owned();
        let cache: PathBuf = std::env::temp_dir().join(format!("cloudchamber-test-{}", std::process::id()));
        Self {
            ssm: ssm::Settings::new(Arc::new(ssm::NoScripts(reason.clone())), cache.clone()),
            lambda: lambda::Settings::new(Arc::new(lambda::Unavailable(reason)), cache),
            s3: s3::Settings::default(),
            sns: sns::Settings::default(),
        }
    }
}

/// Every service that this cloud serves.
#[must_use]
pub fn registrations(choices: &Choices) -> Vec<Registration> {
    vec![
        cloudformation::registration(),
        cloudtrail::registration(),
        cloudwatch::registration(),
        config::registration(),
        dynamodb::registration(),
        dynamodb::streams_registration(),
        ec2::registration(),
        events::registration(),
        iam::registration(),
        iam::access_analyzer_registration(),
        kms::registration(),
        lambda::registration(choices.lambda.clone()),
        logs::registration(),
        s3::registration(choices.s3),
        s3::control_registration(),
        sns::registration(choices.sns.clone()),
        sqs::registration(),
        ssm::registration(choices.ssm.clone()),
        iam::sts_registration(),
    ]
}
