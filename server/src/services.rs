//! The one list of services.

use contract::Registration;
use std::path::PathBuf;
use std::sync::Arc;

/// What the services need to know of how the cloud was started.
pub struct Choices {
    /// How functions are run.
    pub lambda: lambda::Settings,
    /// Where mail goes.
    pub sns: sns::Settings,
}

impl Choices {
    /// What tests over all services choose: no function runs, and no mail leaves the process.
    #[must_use]
    pub fn for_tests() -> Self {
        let reason = "Functions are not run in this test.".to_owned();
        let cache: PathBuf = std::env::temp_dir().join(format!("cloudchamber-test-{}", std::process::id()));
        Self {
            lambda: lambda::Settings::new(Arc::new(lambda::Unavailable(reason)), cache),
            sns: sns::Settings { mail_dir: None, smtp: None },
        }
    }
}

/// Every service that this cloud serves.
#[must_use]
pub fn registrations(choices: &Choices) -> Vec<Registration> {
    vec![
        cloudformation::registration(),
        config::registration(),
        ec2::registration(),
        iam::registration(),
        lambda::registration(choices.lambda.clone()),
        logs::registration(),
        s3::registration(),
        sns::registration(choices.sns.clone()),
        iam::sts_registration(),
    ]
}
