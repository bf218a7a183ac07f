"""Managed rules of AWS Config over the socket: a new bucket turns NON_COMPLIANT by itself, and COMPLIANT after the fix."""

import json
import time

from clients import Clients
from cloud import Cloud

LOGS = "config-and-access-logs"
# A laptop does it in milliseconds; a loaded build machine may take its time.
PATIENCE = 20


def main():
    with Cloud("--ephemeral") as cloud:
        root = Clients(cloud.endpoint)
        record(root)
        rules(root)
        buckets(root)
        groups(root)
        topics(root)
        refusals(root)
        deletion(root)


def record(root):
    account = root.call("sts", "GetCallerIdentity")["Account"]
    root.call("s3", "CreateBucket", Bucket=LOGS)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": ["config.amazonaws.com", "logging.s3.amazonaws.com"]},
        "Action": ["s3:PutObject", "s3:GetBucketAcl", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{LOGS}", f"arn:aws:s3:::{LOGS}/*"],
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    root.call("s3", "PutBucketPolicy", Bucket=LOGS, Policy=policy)
    role = f"arn:aws:iam::{account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    recorder = {"name": "default", "roleARN": role, "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True}}
    root.call("config", "PutConfigurationRecorder", ConfigurationRecorder=recorder)
    root.call("config", "PutDeliveryChannel", DeliveryChannel={"name": "default", "s3BucketName": LOGS})
    root.call("config", "StartConfigurationRecorder", ConfigurationRecorderName="default")


def rules(root):
    for name, identifier in {
        "s3-bucket-logging-enabled": "S3_BUCKET_LOGGING_ENABLED",
        "s3-bucket-server-side-encryption-enabled": "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED",
        "s3-bucket-public-read-prohibited": "S3_BUCKET_PUBLIC_READ_PROHIBITED",
        "restricted-ssh": "INCOMING_SSH_DISABLED",
        "sns-topic-no-public-access": "SNS_TOPIC_NO_PUBLIC_ACCESS",
    }.items():
        rule = {"ConfigRuleName": name, "Source": {"Owner": "AWS", "SourceIdentifier": identifier}}
        root.call("config", "PutConfigRule", ConfigRule=rule)
    rule = root.call("config", "DescribeConfigRules", ConfigRuleNames=["s3-bucket-logging-enabled"])["ConfigRules"][0]
    assert rule["Source"] == {"Owner": "AWS", "SourceIdentifier": "S3_BUCKET_LOGGING_ENABLED"}, rule
    assert "Scope" not in rule and "MaximumExecutionFrequency" not in rule, rule
    becomes(root, "s3-bucket-logging-enabled", LOGS, "NON_COMPLIANT")
    becomes(root, "s3-bucket-server-side-encryption-enabled", LOGS, "COMPLIANT")


def results(root, rule):
    found = root.call("config", "GetComplianceDetailsByConfigRule", ConfigRuleName=rule, Limit=100)["EvaluationResults"]
    identifier = lambda result: result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]
    return {identifier(result): result for result in found}


def becomes(root, rule, resource, compliance):
    """Waits until a rule says so of a resource; None: until it says nothing."""
    end = time.monotonic() + PATIENCE
    while True:
        found = results(root, rule).get(resource, {})
        if found.get("ComplianceType") == compliance:
            return found
        assert time.monotonic() < end, f"{rule} says {found} of {resource}, not {compliance}"


def buckets(root):
    root.call("s3", "CreateBucket", Bucket="photos")
    found = becomes(root, "s3-bucket-logging-enabled", "photos", "NON_COMPLIANT")
    assert found["Annotation"] == "Server access logging is not enabled for the bucket.", found
    target = {"TargetBucket": LOGS, "TargetPrefix": "photos/"}
    root.call("s3", "PutBucketLogging", Bucket="photos", BucketLoggingStatus={"LoggingEnabled": target})
    found = becomes(root, "s3-bucket-logging-enabled", "photos", "COMPLIANT")
    assert "Annotation" not in found, found

    root.call("s3", "DeletePublicAccessBlock", Bucket="photos")
    statement = {"Sid": "Everybody", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    root.call("s3", "PutBucketPolicy", Bucket="photos", Policy=policy)
    found = becomes(root, "s3-bucket-public-read-prohibited", "photos", "NON_COMPLIANT")
    assert "Everybody" in found["Annotation"], found
    root.call("s3", "DeleteBucketPolicy", Bucket="photos")
    becomes(root, "s3-bucket-public-read-prohibited", "photos", "COMPLIANT")
    root.call("s3", "DeleteBucket", Bucket="photos")
    becomes(root, "s3-bucket-logging-enabled", "photos", None)


def groups(root):
    group = root.call("ec2", "CreateSecurityGroup", GroupName="web", Description="web")["GroupId"]
    becomes(root, "restricted-ssh", group, "COMPLIANT")
    for family, cidr in (("IpRanges", {"CidrIp": "0.0.0.0/0"}), ("Ipv6Ranges", {"CidrIpv6": "::/0"})):
        permission = {"IpProtocol": "tcp", "FromPort": 20, "ToPort": 25, family: [cidr]}
        root.call("ec2", "AuthorizeSecurityGroupIngress", GroupId=group, IpPermissions=[permission])
        becomes(root, "restricted-ssh", group, "NON_COMPLIANT")
        root.call("ec2", "RevokeSecurityGroupIngress", GroupId=group, IpPermissions=[permission])
        becomes(root, "restricted-ssh", group, "COMPLIANT")


def topics(root):
    topic = root.call("sns", "CreateTopic", Name="news")["TopicArn"]
    becomes(root, "sns-topic-no-public-access", topic, "COMPLIANT")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": topic}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    root.call("sns", "SetTopicAttributes", TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    becomes(root, "sns-topic-no-public-access", topic, "NON_COMPLIANT")


def refusals(root):
    def refused(**source):
        return root.refused("config", "PutConfigRule", ConfigRule={"ConfigRuleName": "bad", "Source": {"Owner": "AWS", **source}})

    error = refused(SourceIdentifier="RDS_STORAGE_ENCRYPTED")
    assert error.code == "NotImplemented" and "RDS_STORAGE_ENCRYPTED" in error.message, error
    error = refused(SourceIdentifier="NO_SUCH_RULE")
    assert error.code == "InvalidParameterValueException", error
    assert error.message.startswith("The sourceIdentifier NO_SUCH_RULE is invalid."), error
    error = refused(SourceIdentifier="REQUIRED_TAGS")
    assert error.message == "The required parameter [tag1Key] is not present in the inputParameters", error


def deletion(root):
    summary = root.call("config", "GetComplianceSummaryByConfigRule")["ComplianceSummary"]
    assert summary["NonCompliantResourceCount"]["CappedCount"] == 2, summary
    root.call("config", "DeleteConfigRule", ConfigRuleName="sns-topic-no-public-access")
    end = time.monotonic() + PATIENCE
    while len(root.call("config", "DescribeConfigRules")["ConfigRules"]) > 4:
        assert time.monotonic() < end, "the rule is still there"


if __name__ == "__main__":
    main()
