//! AWS managed keys (`alias/aws/s3` …): made when a service first needs them, with the policy that AWS gives them.
//!
//! A service names the alias in a call that it makes with its caller's credentials (see the crate's page). DescribeKey makes the key too, as on
//! AWS: <https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html>

use crate::state::{Alias, Key, Material, Rotation, Spec};
use contract::Call;
use names::{Scope, Tags};
use sha2::{Digest, Sha256};
use std::time::Duration;
use store::{StoreError, Tx};
use wire::{Document, document};

/// A service that has a key of its own.
#[derive(Debug)]
pub(crate) struct Service {
    /// As in `alias/aws/s3` and `s3.amazonaws.com`.
    name: &'static str,
    /// As in the policy's `auto-s3-2`.
    policy: &'static str,
    /// As DescribeKey and the policy's Sid print it.
    title: (&'static str, &'static str),
    actions: &'static [&'static str],
}

const USE: &[&str] = &[
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncrypt*",
    "kms:GenerateDataKey*",
    "kms:CreateGrant",
    "kms:DescribeKey",
];

const SERVICES: &[Service] = &[
    Service {
        name: "dynamodb",
        policy: "auto-dynamodb-1",
        title: ("Default key that protects my DynamoDB data when no other key is defined", "Amazon DynamoDB"),
        actions: USE,
    },
    Service {
        name: "lambda",
        policy: "auto-awslambda",
        title: ("Default key that protects my Lambda functions when no other key is defined", "AWS Lambda"),
        actions: USE,
    },
    Service {
        name: "s3",
        policy: "auto-s3-2",
        title: ("Default key that protects my S3 objects when no other key is defined", "S3"),
        actions: &["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
    },
    Service {
        name: "secretsmanager",
        policy: "auto-secretsmanager-2",
        title: (
            "Default key that protects my Secrets Manager data when no other key is defined",
            "AWS Secrets Manager",
        ),
        actions: USE,
    },
    Service {
        name: "sns",
        policy: "auto-sns-1",
        title: ("Default key that protects my SNS data when no other key is defined", "SNS"),
        actions: &["kms:Decrypt", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"],
    },
    Service {
        name: "sqs",
        policy: "auto-sqs-1",
        title: ("Default key that protects my SQS messages when no other key is defined", "SQS"),
        actions: USE,
    },
    Service {
        name: "ssm",
        policy: "auto-ssm-1",
        title: ("Default key that protects my SSM parameters when no other key is defined", "SSM"),
        actions: USE,
    },
];

/// The service whose alias it is.
pub(crate) fn service_of(alias: &str) -> Option<&'static Service> {
    let name = alias.strip_prefix("alias/aws/")?;
    SERVICES.iter().find(|service| service.name == name)
}

/// Whether the call makes the key where there is none: one by the service itself, or one that asks what key it is. Never another account's.
pub(crate) fn may_make(service: &Service, scope: Scope, call: &Call) -> bool {
    let by_service = call
        .chain
        .via
        .last()
        .and_then(|last| last.strip_suffix(".amazonaws.com"))
        .is_some_and(|last| last == service.name);
    scope == call.scope() && (by_service || call.operation.1 == "DescribeKey")
}

/// The key as it will be made. Its id is a function of where it lives, so that authorization can judge a key that is yet to be made.
pub(crate) fn key(service: &Service, scope: Scope, call: &Call) -> Key {
    let mut digest = Sha256::new();
    for part in ["alias/aws/", service.name, "\n", scope.account.as_str(), "\n", scope.region.as_str()] {
        digest.update(part.as_bytes());
    }
    let digest: [u8; 32] = digest.finalize().into();
    let mut id = [0_u8; 16];
    id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    id[6] = (id[6] & 0x0f) | 0x40;
    id[8] = (id[8] & 0x3f) | 0x80;
    Key {
        scope,
        id: names::RequestId(id).to_string(),
        created: call.now,
        description: service.title.0.to_owned(),
        spec: Spec::SymmetricDefault,
        enabled: true,
        deletion: None,
        policy: policy(service, scope).to_string(),
        tags: Tags::new(),
        service: Some(service.name.to_owned()),
        // Every year, without anybody's asking.
        rotation: Some(Rotation {
            period_in_days: 365,
            next: call.now.plus(Duration::from_secs(365 * 86_400)),
        }),
        generation: 0,
        material_id: String::new(),
        step: None,
    }
}

/// Makes it, with its alias.
pub(crate) fn make(mut key: Key, call: &Call, tx: &mut Tx) -> Result<Key, StoreError> {
    let material = Material::new(&key, 0, call, None);
    key.material_id.clone_from(&material.id);
    let alias = Alias {
        scope: key.scope,
        name: format!("alias/aws/{}", key.service.as_deref().unwrap_or_default()),
        target: key.id.clone(),
        created: call.now,
        updated: call.now,
    };
    tx.insert(material)?;
    tx.insert(alias)?;
    tx.insert(key.clone())?;
    crate::tasks::schedule_rotation(&key, tx)?;
    Ok(key)
}

fn policy(service: &Service, scope: Scope) -> Document {
    let (account, region) = (scope.account, scope.region);
    let title = service.title.1;
    let sid = format!(
        "Allow access through {title} for all principals in the account that are authorized to use {title}"
    );
    let metadata: &[&str] = if service.name == "s3" {
        &["kms:Describe*", "kms:Get*", "kms:List*"]
    } else {
        &["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"]
    };
    let texts = |texts: &[&str]| texts.iter().map(|text| Document::from(*text)).collect::<Vec<_>>();
    document!({
        "Version": "2012-10-17",
        "Id": (service.policy),
        "Statement": [
            {
                "Sid": sid,
                "Effect": "Allow",
                "Principal": { "AWS": "*" },
                "Action": (texts(service.actions)),
                "Resource": "*",
                "Condition": { "StringEquals": {
                    "kms:CallerAccount": (account.as_str()),
                    "kms:ViaService": (format!("{}.{region}.amazonaws.com", service.name))
                } }
            },
            {
                "Sid": "Allow direct access to key metadata to the account",
                "Effect": "Allow",
                "Principal": { "AWS": (format!("arn:aws:iam::{account}:root")) },
                "Action": (texts(metadata)),
                "Resource": "*"
            }
        ]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_can_be_read_and_every_service_is_found() {
        let scope = Scope::new("111122223333".parse().unwrap(), names::Region::US_EAST_1);
        for service in SERVICES {
            policy::parse(&policy(service, scope).to_string(), policy::Kind::Resource(policy::Flavour::Kms))
                .unwrap();
            assert_eq!(service_of(&format!("alias/aws/{}", service.name)).unwrap().name, service.name);
        }
        assert!(service_of("alias/aws/nothing").is_none() && service_of("alias/s3").is_none());
    }
}
