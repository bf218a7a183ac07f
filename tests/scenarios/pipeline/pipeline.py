"""P1 to P10 and P12: a file pipeline is deployed from a template, hardened step by step, watched and repaired."""

import json
import re
import subprocess
import sys
import os

from clients import Clients
from cloud import Cloud, until
from hardened import TEMPLATE, hardened

STACK = "immersion"
TALES = "Grimms' Fairy Tales by Jacob + Wilhelm, übersetzt.txt"


def main(via):
    with Cloud("--s3-default-encryption", "none") as cloud:
        pipeline = Pipeline(cloud, via)
        for step in (p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p12):
            step(pipeline)


class Pipeline:
    def __init__(self, cloud, via):
        self.cloud, self.clients = cloud, Clients(cloud.endpoint, via)
        self.call, self.refused = self.clients.call, self.clients.refused
        self.account = self.call("sts", "GetCallerIdentity")["Account"]
        self.partner = self.make_account("partner")

    def make_account(self, name):
        command = [os.environ["CLOUDCHAMBER_BIN"], "account", "create", "--name", name]
        command += ["--endpoint", self.cloud.endpoint, "--data-dir", str(self.cloud.data_dir)]
        made = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        key = made["AccessKeyId"], made["SecretAccessKey"]
        return made["AccountId"], Clients(self.cloud.endpoint, self.clients.via, *key)

    def stack(self):
        return self.call("cloudformation", "DescribeStacks", StackName=STACK)["Stacks"][0]

    def finished(self):
        stack = self.stack()
        return None if stack["StackStatus"].endswith("IN_PROGRESS") else stack

    def reasons(self):
        events = self.call("cloudformation", "DescribeStackEvents", StackName=STACK)["StackEvents"]
        return [(e["LogicalResourceId"], e["ResourceStatus"], e.get("ResourceStatusReason")) for e in events if "FAILED" in e["ResourceStatus"]]

    def settled(self, status):
        stack = until("the stack has come to an end", self.finished, 90)
        assert stack["StackStatus"] == status, (stack["StackStatus"], self.reasons())
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def upload(self, name, body=b"Once upon a time", **headers):
        return self.call("s3", "PutObject", Bucket=self.outputs["Bucket"], Key=name, Body=body, **headers)

    def row(self, name):
        return self.call("dynamodb", "GetItem", TableName=self.outputs["Table"], Key={"name": {"S": name}}).get("Item")

    def lands(self, name):
        return until(f"{name!r} has its row", lambda: self.row(name), 60)

    def log(self, pattern):
        answer = self.call(
            "logs", "FilterLogEvents", logGroupName=f"/aws/lambda/{self.outputs['Function']}", filterPattern=f'"{pattern}"'
        )
        return [event["message"] for event in answer["events"]]

    def on_disk(self, needle):
        """The files of the data directory that hold these bytes."""
        files = (path for path in self.cloud.data_dir.rglob("*") if path.is_file())
        return [path for path in files if needle in path.read_bytes()]

    def compliance(self, rule):
        answer = self.call("config", "GetComplianceDetailsByConfigRule", ConfigRuleName=rule)
        results = {}
        for result in answer["EvaluationResults"]:
            resource = result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]
            results[resource] = result["ComplianceType"]
        return results

    def judged(self, rule, resource, wanted):
        until(f"{rule} finds {resource} {wanted}", lambda: self.compliance(rule).get(resource) == wanted)


def p1(pipeline):
    trusted = [{"ParameterKey": "TrustedAccount", "ParameterValue": pipeline.partner[0]}]
    stack = {"StackName": STACK, "TemplateBody": TEMPLATE, "Parameters": trusted}
    refused = pipeline.refused("cloudformation", "CreateStack", **stack)
    assert refused.message == "Requires capabilities : [CAPABILITY_IAM]", refused
    pipeline.call("cloudformation", "CreateStack", **stack, Capabilities=["CAPABILITY_IAM"])
    pipeline.settled("CREATE_COMPLETE")
    assert pipeline.outputs["Announces"] == pipeline.outputs["Bucket"], "the custom resource's answer"
    table = pipeline.call("dynamodb", "DescribeTable", TableName=pipeline.outputs["Table"])["Table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST" and "SSEDescription" not in table, table
    configuration = pipeline.call("s3", "GetBucketNotificationConfiguration", Bucket=pipeline.outputs["Bucket"])
    assert [it["QueueArn"] for it in configuration["QueueConfigurations"]] == [pipeline.outputs["QueueArn"]], configuration


def p2(pipeline):
    pipeline.upload(TALES)
    row = pipeline.lands(TALES)
    assert row["bucket"]["S"] == pipeline.outputs["Bucket"] and row["size"]["N"] == "16", row
    assert row["operation"]["S"] == "ObjectCreated:Put" and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", row["time"]["S"]), row
    long = "x" * 1000 + " 'ü' +&=?#%"
    pipeline.upload(long)
    pipeline.lands(long)
    assert pipeline.log(TALES.replace('"', '\\"')), "the function printed the name"


def p3(pipeline):
    resources = pipeline.call("cloudformation", "ListStackResources", StackName=STACK)["StackResourceSummaries"]
    types = {resource["LogicalResourceId"]: resource["ResourceType"] for resource in resources}
    assert types["Files"] == "AWS::DynamoDB::Table" and types["Subscription"] == "Custom::BucketSubscription", types
    body = pipeline.call("cloudformation", "GetTemplate", StackName=STACK)["TemplateBody"]
    assert all(f"\n  {resource['LogicalResourceId']}:" in body and resource["PhysicalResourceId"] for resource in resources)


def p4(pipeline):
    bucket = pipeline.outputs["Bucket"]
    refused = pipeline.refused("s3", "GetBucketEncryption", Bucket=bucket)
    assert refused.code == "ServerSideEncryptionConfigurationNotFoundError", refused
    secret = b"the wolf is in the grandmother's bed"
    plain = pipeline.upload("plain.txt", secret)
    assert "ServerSideEncryption" not in plain, plain
    until("a body without encryption is on the disk as it is", lambda: pipeline.on_disk(secret))
    pipeline.call("s3", "DeleteObject", Bucket=bucket, Key="plain.txt")
    rules = [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
    pipeline.call("s3", "PutBucketEncryption", Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})
    for name, body in (("small.txt", b"small: " + secret[::-1]), ("large.txt", (b"large: " + secret[::-1]) * 40_000)):
        assert pipeline.upload(name, body)["ServerSideEncryption"] == "AES256"
        answer = pipeline.call("s3", "GetObject", Bucket=bucket, Key=name)
        assert answer["Body"] == body and answer["ServerSideEncryption"] == "AES256"
    assert pipeline.on_disk(secret[::-1]) == [], "an encrypted body cannot be found on the disk"


def p5(pipeline):
    bucket, logs = pipeline.outputs["Bucket"], "upload-logs-ann"
    pipeline.call("s3", "CreateBucket", Bucket=logs)
    enabled = {"LoggingEnabled": {"TargetBucket": logs, "TargetPrefix": "by-hand/"}}
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{logs}/*",
        "Condition": {"StringEquals": {"aws:SourceAccount": pipeline.account}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    pipeline.call("s3", "PutBucketPolicy", Bucket=logs, Policy=policy)
    pipeline.call("s3", "PutBucketLogging", Bucket=bucket, BucketLoggingStatus=enabled)
    pipeline.call("s3", "GetObject", Bucket=bucket, Key="small.txt")

    def written():
        keys = [it["Key"] for it in pipeline.call("s3", "ListObjectsV2", Bucket=logs).get("Contents", [])]
        assert all(re.fullmatch(r"by-hand/\d{4}(-\d\d){5}-[0-9A-F]{16}", key) for key in keys), keys
        text = b"".join(pipeline.call("s3", "GetObject", Bucket=logs, Key=key)["Body"] for key in keys).decode()
        return [line for line in text.splitlines() if "REST.GET.OBJECT small.txt" in line]

    line = until("the access is in the log", written, 60)[0]
    assert f" {bucket} [" in line and '"GET /' in line and " 200 - " in line, line


def p6(pipeline):
    role, (account, partner) = pipeline.outputs["RoleArn"], pipeline.partner
    session = {"RoleArn": role, "RoleSessionName": "visit"}
    # Root may not assume roles, so the partner sends a user.
    partner.call("iam", "CreateUser", UserName="eve")
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}
    partner.call("iam", "PutUserPolicy", UserName="eve", PolicyName="assume", PolicyDocument=json.dumps(allow))
    key = partner.call("iam", "CreateAccessKey", UserName="eve")["AccessKey"]
    eve = Clients(pipeline.cloud.endpoint, pipeline.clients.via, key["AccessKeyId"], key["SecretAccessKey"])
    eve.call("sts", "AssumeRole", **session)
    trust = pipeline.call("iam", "GetRole", RoleName=pipeline.outputs["Role"])["Role"]["AssumeRolePolicyDocument"]
    statement = trust["Statement"][0]
    assert set(statement["Principal"]) == {"Service", "AWS"}, trust
    del statement["Principal"]["AWS"]
    pipeline.call("iam", "UpdateAssumeRolePolicy", RoleName=pipeline.outputs["Role"], PolicyDocument=json.dumps(trust))
    refused = eve.refused("sts", "AssumeRole", **session)
    assert refused.code == "AccessDenied", refused
    assert refused.message == f"User: arn:aws:iam::{account}:user/eve is not authorized to perform: sts:AssumeRole on resource: {role}", refused
    pipeline.upload("after the trust was narrowed")
    pipeline.lands("after the trust was narrowed")


def least(pipeline, action):
    statements = [
        {"Effect": "Allow", "Action": action, "Resource": pipeline.outputs["TableArn"]},
        {
            "Effect": "Allow",
            "Action": ["sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:DeleteMessage"],
            "Resource": pipeline.outputs["QueueArn"],
        },
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    pipeline.call("iam", "PutRolePolicy", RoleName=pipeline.outputs["Role"], PolicyName="anything", PolicyDocument=document)


def p7(pipeline):
    role = pipeline.outputs["Role"]
    pipeline.call("iam", "DetachRolePolicy", RoleName=role, PolicyArn="arn:aws:iam::aws:policy/job-function/SystemAdministrator")
    basic = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    pipeline.call("iam", "AttachRolePolicy", RoleName=role, PolicyArn=basic)
    least(pipeline, "dynamodb:PutItem")
    pipeline.upload("by least privilege")
    pipeline.lands("by least privilege")
    # The wrong action: the row is missing, and the log says why.
    least(pipeline, "dynamodb:GetItem")
    pipeline.upload("denied at first")
    caller = f"arn:aws:sts::{pipeline.account}:assumed-role/{role}/{pipeline.outputs['Function']}"
    sentence = (
        "An error occurred (AccessDeniedException) when calling the PutItem operation: "
        f"User: {caller} is not authorized to perform: dynamodb:PutItem on resource: {pipeline.outputs['TableArn']} "
        "because no identity-based policy allows the dynamodb:PutItem action"
    )
    lines = until("the log tells of the denial", lambda: pipeline.log("AccessDeniedException"), 30)
    assert any(sentence in line for line in lines), (sentence, lines)
    assert pipeline.row("denied at first") is None
    least(pipeline, "dynamodb:PutItem")
    pipeline.lands("denied at first")


def p8(pipeline):
    bucket = pipeline.outputs["Bucket"]
    queue_policy(pipeline)
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
        "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "AES256"}},
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    pipeline.call("s3", "PutBucketPolicy", Bucket=bucket, Policy=json.dumps(document))
    refused = pipeline.refused("s3", "PutObject", Bucket=bucket, Key="plain", Body=b"x")
    assert refused.code == "AccessDenied" and "with an explicit deny in a resource-based policy" in refused.message, refused
    pipeline.upload("asked for", ServerSideEncryption="AES256")
    pipeline.call("s3", "DeleteBucketPolicy", Bucket=bucket)
    block = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    pipeline.call("s3", "PutPublicAccessBlock", Bucket=bucket, PublicAccessBlockConfiguration=block)
    public = {**statement, "Effect": "Allow", "Action": "s3:GetObject"}
    del public["Condition"]
    refused = pipeline.refused("s3", "PutBucketPolicy", Bucket=bucket, Policy=json.dumps({**document, "Statement": [public]}))
    assert refused.code == "AccessDenied" and "BlockPublicPolicy" in refused.message, refused
    boundary(pipeline)


def queue_policy(pipeline):
    url, bucket = pipeline.outputs["QueueUrl"], pipeline.outputs["Bucket"]
    policy = pipeline.call("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"]
    elsewhere = policy.replace(f"arn:aws:s3:::{bucket}", "arn:aws:s3:::somebody-elses")
    assert elsewhere != policy
    pipeline.call("sqs", "SetQueueAttributes", QueueUrl=url, Attributes={"Policy": elsewhere})
    announced = [{"QueueArn": pipeline.outputs["QueueArn"], "Events": ["s3:ObjectCreated:*"]}]
    refused = pipeline.refused(
        "s3", "PutBucketNotificationConfiguration", Bucket=bucket, NotificationConfiguration={"QueueConfigurations": announced}
    )
    assert refused.code == "InvalidArgument", refused
    assert refused.message == "Unable to validate the following destination configurations", refused
    pipeline.call("sqs", "SetQueueAttributes", QueueUrl=url, Attributes={"Policy": policy})


def boundary(pipeline):
    role = pipeline.outputs["Role"]
    nothing = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sqs:*", "logs:*"], "Resource": "*"}]}
    made = pipeline.call("iam", "CreatePolicy", PolicyName="no-tables", PolicyDocument=json.dumps(nothing))["Policy"]["Arn"]
    pipeline.call("iam", "PutRolePermissionsBoundary", RoleName=role, PermissionsBoundary=made)
    pipeline.upload("beyond the boundary")
    wanted = "because no permissions boundary allows the dynamodb:PutItem action"
    until("the log tells of the boundary", lambda: [line for line in pipeline.log("AccessDeniedException") if wanted in line])
    pipeline.call("iam", "DeleteRolePermissionsBoundary", RoleName=role)
    pipeline.lands("beyond the boundary")


LOGGING, ENCRYPTION = "s3-bucket-logging-enabled", "s3-bucket-server-side-encryption-enabled"


def p9(pipeline):
    logs = "upload-logs-ann"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": ["config.amazonaws.com", "logging.s3.amazonaws.com"]},
        "Action": ["s3:PutObject", "s3:GetBucketAcl", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{logs}", f"arn:aws:s3:::{logs}/*"],
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    pipeline.call("s3", "PutBucketPolicy", Bucket=logs, Policy=policy)
    role = f"arn:aws:iam::{pipeline.account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    group = {"allSupported": False, "resourceTypes": ["AWS::S3::Bucket"]}
    recorder = {"name": "default", "roleARN": role, "recordingGroup": group}
    pipeline.call("config", "PutConfigurationRecorder", ConfigurationRecorder=recorder)
    pipeline.call("config", "PutDeliveryChannel", DeliveryChannel={"name": "default", "s3BucketName": logs})
    pipeline.call("config", "StartConfigurationRecorder", ConfigurationRecorderName="default")
    for name in (LOGGING, ENCRYPTION):
        rule = {"ConfigRuleName": name, "Source": {"Owner": "AWS", "SourceIdentifier": name.upper().replace("-", "_")}}
        pipeline.call("config", "PutConfigRule", ConfigRule=rule)
    bucket = pipeline.outputs["Bucket"]
    pipeline.judged(LOGGING, bucket, "COMPLIANT")
    pipeline.judged(ENCRYPTION, bucket, "COMPLIANT")
    pipeline.call("s3", "CreateBucket", Bucket="forgotten-ann")
    pipeline.judged(LOGGING, "forgotten-ann", "NON_COMPLIANT")
    pipeline.judged(ENCRYPTION, "forgotten-ann", "NON_COMPLIANT")
    enabled = {"LoggingEnabled": {"TargetBucket": logs, "TargetPrefix": "forgotten/"}}
    pipeline.call("s3", "PutBucketLogging", Bucket="forgotten-ann", BucketLoggingStatus=enabled)
    pipeline.judged(LOGGING, "forgotten-ann", "COMPLIANT")
    summary = pipeline.call("config", "GetComplianceSummaryByConfigRule")["ComplianceSummary"]
    assert summary["NonCompliantResourceCount"]["CappedCount"] >= 1, summary


def p10(pipeline):
    # A rule of EventBridge hears of the change of compliance and puts it into a queue.
    url = pipeline.call("sqs", "CreateQueue", QueueName="compliance-changes")["QueueUrl"]
    queue = pipeline.call("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["aws.config"], "detail-type": ["Config Rules Compliance Change"], "detail": {"configRuleName": [ENCRYPTION]}}
    rule = pipeline.call("events", "PutRule", Name="compliance", EventPattern=json.dumps(pattern))["RuleArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    pipeline.call("sqs", "SetQueueAttributes", QueueUrl=url, Attributes={"Policy": policy})
    failed = pipeline.call("events", "PutTargets", Rule="compliance", Targets=[{"Id": "queue", "Arn": queue}])
    assert failed["FailedEntryCount"] == 0, failed

    remediate(pipeline)
    pipeline.judged(ENCRYPTION, "forgotten-ann", "COMPLIANT")
    rules = pipeline.call("s3", "GetBucketEncryption", Bucket="forgotten-ann")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256", rules

    def told():
        answer = pipeline.call("sqs", "ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10)
        events = [json.loads(message["Body"]) for message in answer.get("Messages", [])]
        return [event for event in events if event["detail"]["resourceId"] == "forgotten-ann"]

    event = until("the change of compliance was announced", told)[-1]
    assert event["detail"]["newEvaluationResult"]["complianceType"] == "COMPLIANT", event


def remediate(pipeline):
    trust = {"Effect": "Allow", "Principal": {"Service": "ssm.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = pipeline.call("iam", "CreateRole", RoleName="repair", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    allow = {"Effect": "Allow", "Action": "s3:PutEncryptionConfiguration", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    pipeline.call("iam", "PutRolePolicy", RoleName="repair", PolicyName="encrypt", PolicyDocument=policy)
    configuration = {
        "ConfigRuleName": ENCRYPTION,
        "TargetType": "SSM_DOCUMENT",
        "TargetId": "AWS-EnableS3BucketEncryption",
        "Automatic": True,
        "MaximumAutomaticAttempts": 3,
        "RetryAttemptSeconds": 60,
        "Parameters": {
            "AutomationAssumeRole": {"StaticValue": {"Values": [role]}},
            "BucketName": {"ResourceValue": {"Value": "RESOURCE_ID"}},
            "SSEAlgorithm": {"StaticValue": {"Values": ["AES256"]}},
        },
    }
    pipeline.call("config", "PutRemediationConfigurations", RemediationConfigurations=[configuration])
    keys = [{"resourceType": "AWS::S3::Bucket", "resourceId": "forgotten-ann"}]
    pipeline.call("config", "StartRemediationExecution", ConfigRuleName=ENCRYPTION, ResourceKeys=keys)
    # And without being asked, for a bucket that comes later.
    pipeline.call("s3", "CreateBucket", Bucket="later-ann")
    pipeline.judged(ENCRYPTION, "later-ann", "COMPLIANT")


def p12(pipeline):
    # A failing update rolls back.
    broken = hardened().replace("Timeout: 6\n      Role: !GetAtt IndexerRole.Arn", "Timeout: 20\n      MemorySize: 100000\n      Role: !GetAtt IndexerRole.Arn", 1)
    assert broken != hardened()
    same = [{"ParameterKey": "TrustedAccount", "UsePreviousValue": True}]
    update = {"StackName": STACK, "Parameters": same, "Capabilities": ["CAPABILITY_IAM"]}
    pipeline.call("cloudformation", "UpdateStack", TemplateBody=broken, **update)
    pipeline.settled("UPDATE_ROLLBACK_COMPLETE")
    none = [{"ParameterKey": "TrustedAccount", "ParameterValue": ""}]
    change = {"StackName": STACK, "ChangeSetName": "harden", "Parameters": none, "Capabilities": ["CAPABILITY_IAM"]}
    pipeline.call("cloudformation", "CreateChangeSet", TemplateBody=hardened(), **change)

    def described():
        found = pipeline.call("cloudformation", "DescribeChangeSet", StackName=STACK, ChangeSetName="harden")
        assert found["Status"] != "FAILED", found
        return found if found["Status"] == "CREATE_COMPLETE" else None

    changes = {change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"] for change in until("the change set is there", described)["Changes"]}
    assert changes["AccessLogs"]["Action"] == "Add" and changes["Uploads"]["Action"] == "Modify", changes
    assert changes["Uploads"]["Replacement"] == "False" and changes["Files"]["Replacement"] == "False", changes
    pipeline.call("cloudformation", "ExecuteChangeSet", StackName=STACK, ChangeSetName="harden")
    until("the update has begun", lambda: pipeline.stack()["StackStatus"] != "UPDATE_ROLLBACK_COMPLETE")
    pipeline.settled("UPDATE_COMPLETE")
    pipeline.judged(LOGGING, pipeline.outputs["Bucket"], "COMPLIANT")
    pipeline.upload("after the update")
    pipeline.lands("after the update")
    backups = pipeline.call("dynamodb", "DescribeContinuousBackups", TableName=pipeline.outputs["Table"])["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED", backups


if __name__ == "__main__":
    main(sys.argv[1])
