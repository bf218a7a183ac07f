//! Rules on tags.

use super::parameters::{Parameter, list, text};
use super::{ManagedRule, Parameters, Verdict};
use crate::state::Item;

const REQUIRED: &[Parameter] = &[
    text("tag1Key").required(),
    list("tag1Value"),
    text("tag2Key"),
    list("tag2Value"),
    text("tag3Key"),
    list("tag3Value"),
    text("tag4Key"),
    list("tag4Value"),
    text("tag5Key"),
    list("tag5Value"),
    text("tag6Key"),
    list("tag6Value"),
];

const TAGGED: &[&str] = &[
    "AWS::ACM::Certificate",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::CloudFormation::Stack",
    "AWS::CodeBuild::Project",
    "AWS::DynamoDB::Table",
    "AWS::EC2::CustomerGateway",
    "AWS::EC2::Instance",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::NetworkInterface",
    "AWS::EC2::RouteTable",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet",
    "AWS::EC2::Volume",
    "AWS::EC2::VPC",
    "AWS::EC2::VPNConnection",
    "AWS::EC2::VPNGateway",
    "AWS::ElasticLoadBalancing::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBSecurityGroup",
    "AWS::RDS::DBSnapshot",
    "AWS::RDS::DBSubnetGroup",
    "AWS::RDS::EventSubscription",
    "AWS::Redshift::Cluster",
    "AWS::Redshift::ClusterParameterGroup",
    "AWS::Redshift::ClusterSecurityGroup",
    "AWS::Redshift::ClusterSnapshot",
    "AWS::Redshift::ClusterSubnetGroup",
    "AWS::S3::Bucket",
];

const KEYS: &[Parameter] = &[list("requiredKeyTags")];

pub(super) const RULES: &[ManagedRule] = &[
    ManagedRule::item("KMS_KEY_TAGGED", &["AWS::KMS::Key"], tagged).with(KEYS),
    ManagedRule::item(
        "LAMBDA_CODE_SIGNING_CONFIGURATION_TAGGED",
        &["AWS::Lambda::CodeSigningConfig"],
        tagged,
    )
    .with(KEYS),
    ManagedRule::item("LAMBDA_FUNCTION_TAGGED", &["AWS::Lambda::Function"], tagged).with(KEYS),
    ManagedRule::item("REQUIRED_TAGS", TAGGED, required_tags).with(REQUIRED),
    ManagedRule::item("S3_BUCKET_TAGGED", &["AWS::S3::Bucket"], tagged).with(KEYS),
];

/// Tags that AWS put on it do not count.
fn tagged(item: &Item, parameters: &Parameters) -> Verdict {
    let keys = parameters.list("requiredKeyTags").unwrap_or_default();
    if keys.is_empty() {
        let own = item.tags.keys().any(|key| !key.to_ascii_lowercase().starts_with("aws:"));
        return Verdict::require(own, "The resource has no tags.");
    }
    let missing = keys.into_iter().find(|key| !item.tags.contains_key(*key));
    Verdict::unless(missing.map(|key| format!("The resource does not have the tag {key}.")))
}

fn required_tags(item: &Item, parameters: &Parameters) -> Verdict {
    let wrong = (1..=6).find_map(|number| {
        let key = parameters.text(&format!("tag{number}Key"))?;
        let Some(value) = item.tags.get(key) else {
            return Some(format!("The resource does not have the tag {key}."));
        };
        let values = parameters.list(&format!("tag{number}Value"))?;
        (!values.contains(&value.as_str()))
            .then(|| format!("The value of the tag {key} is not one of those that the rule asks for."))
    });
    Verdict::unless(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::managed::testing::{item, table};
    use wire::document;

    fn with(tags: &[(&str, &str)]) -> Item {
        let mut item = item("AWS::S3::Bucket", "b", document!({}));
        item.tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        item
    }

    #[test]
    fn keys_and_values_are_asked_for() {
        let one = r#"{"tag1Key":"team"}"#;
        let two = r#"{"tag1Key":"team","tag1Value":"red, blue","tag2Key":"stage"}"#;
        table(
            "REQUIRED_TAGS",
            &[
                (with(&[("team", "x")]), one, Some(true)),
                (with(&[("Team", "x")]), one, Some(false)),
                (with(&[("team", "blue"), ("stage", "")]), two, Some(true)),
                (with(&[("team", "green"), ("stage", "")]), two, Some(false)),
                (with(&[("team", "blue")]), two, Some(false)),
            ],
        );
    }

    #[test]
    fn some_tag_or_the_named_ones() {
        table(
            "S3_BUCKET_TAGGED",
            &[
                (with(&[("a", "")]), "{}", Some(true)),
                (with(&[]), "{}", Some(false)),
                (with(&[("aws:cloudformation:stack-name", "s")]), "{}", Some(false)),
                (with(&[("a", ""), ("b", "")]), r#"{"requiredKeyTags":"a,b"}"#, Some(true)),
                (with(&[("a", "")]), r#"{"requiredKeyTags":"a,b"}"#, Some(false)),
            ],
        );
    }
}
