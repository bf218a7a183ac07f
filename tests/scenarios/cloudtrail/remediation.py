"""CloudTrail -> EventBridge -> Lambda: a port that is opened to the world is closed again, and the trail's files tell who did what."""

import gzip
import io
import json
import time
import zipfile

from clients import Clients, Refused
from cloud import Cloud, until

BUCKET = "trail-files"
# A laptop does it in milliseconds; a loaded build machine may take its time.
PATIENCE = 60

REVOKE = """
import boto3

def handler(event, context):
    detail = event["detail"]
    given = detail["requestParameters"]
    open_to_all = [
        {"IpProtocol": item["ipProtocol"], "FromPort": item["fromPort"], "ToPort": item["toPort"],
         "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        for item in given["ipPermissions"]["items"]
        if any(range["cidrIp"] == "0.0.0.0/0" for range in item["ipRanges"].get("items", []))
    ]
    if open_to_all:
        boto3.client("ec2").revoke_security_group_ingress(GroupId=given["groupId"], IpPermissions=open_to_all)
"""


def main():
    with Cloud("--ephemeral") as cloud:
        root = Clients(cloud.endpoint)
        account = root.call("sts", "GetCallerIdentity")["Account"]
        trail(root, account)
        function(root, account)
        group = remediation(root)
        history(root, group)
        files(root, account)


def trail(root, account):
    root.call("s3", "CreateBucket", Bucket=BUCKET)
    try:
        root.call("cloudtrail", "CreateTrail", Name="audit", S3BucketName=BUCKET)
        raise AssertionError("a bucket without a policy was taken")
    except Refused as refused:
        assert refused.code == "InsufficientS3BucketPolicyException", refused
        assert refused.message == f"Incorrect S3 bucket policy is detected for bucket: {BUCKET}", refused
    condition = {"aws:SourceArn": f"arn:aws:cloudtrail:us-east-1:{account}:trail/audit"}
    service = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    statements = [
        {**service, "Action": "s3:GetBucketAcl", "Resource": f"arn:aws:s3:::{BUCKET}", "Condition": {"StringEquals": condition}},
        {
            **service,
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{BUCKET}/AWSLogs/{account}/*",
            "Condition": {"StringEquals": {**condition, "s3:x-amz-acl": "bucket-owner-full-control"}},
        },
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    root.call("s3", "PutBucketPolicy", Bucket=BUCKET, Policy=policy)
    root.call("cloudtrail", "CreateTrail", Name="audit", S3BucketName=BUCKET, IsMultiRegionTrail=True)
    root.call("cloudtrail", "StartLogging", Name="audit")
    assert root.call("cloudtrail", "GetTrailStatus", Name="audit")["IsLogging"] is True


def function(root, account):
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = root.call("iam", "CreateRole", RoleName="close", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    may = {"Effect": "Allow", "Action": "ec2:RevokeSecurityGroupIngress", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    root.call("iam", "PutRolePolicy", RoleName="close", PolicyName="close", PolicyDocument=policy)
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", REVOKE)
    made = root.call(
        "lambda",
        "CreateFunction",
        FunctionName="close",
        Runtime="python3.12",
        Role=role,
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
        Timeout=30,
    )
    pattern = {
        "source": ["aws.ec2"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {"eventSource": ["ec2.amazonaws.com"], "eventName": ["AuthorizeSecurityGroupIngress"]},
    }
    rule = root.call("events", "PutRule", Name="opened", EventPattern=json.dumps(pattern))["RuleArn"]
    root.call("events", "PutTargets", Rule="opened", Targets=[{"Id": "close", "Arn": made["FunctionArn"]}])
    root.call(
        "lambda",
        "AddPermission",
        FunctionName="close",
        StatementId="events",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule,
    )


def remediation(root):
    vpc = root.call("ec2", "CreateVpc", CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group = root.call("ec2", "CreateSecurityGroup", GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    began = time.monotonic()
    root.call("ec2", "AuthorizeSecurityGroupIngress", GroupId=group, IpPermissions=[https, ssh])

    def closed():
        found = root.call("ec2", "DescribeSecurityGroups", GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
        return [permission["FromPort"] for permission in found] == [443]

    until("the port is closed", closed, PATIENCE)
    print(f"closed after {time.monotonic() - began:.2f} s")
    return group


def history(root, group):
    def told():
        attribute = [{"AttributeKey": "ResourceName", "AttributeValue": group}]
        events = root.call("cloudtrail", "LookupEvents", LookupAttributes=attribute)["Events"]
        names = [event["EventName"] for event in events if event["ReadOnly"] == "false"]
        return events if names[:2] == ["RevokeSecurityGroupIngress", "AuthorizeSecurityGroupIngress"] else None

    events = until("the history tells of both", told, PATIENCE)
    revoked = next(event for event in events if event["EventName"] == "RevokeSecurityGroupIngress")
    record = json.loads(revoked["CloudTrailEvent"])
    identity = record["userIdentity"]
    assert identity["type"] == "AssumedRole", record
    assert identity["sessionContext"]["sessionIssuer"]["userName"] == "close", record
    assert revoked["Username"] == "close", revoked


def files(root, account):
    def delivered():
        listed = root.call("s3", "ListObjectsV2", Bucket=BUCKET).get("Contents", [])
        records = []
        for key in (found["Key"] for found in listed):
            if not key.endswith(".json.gz"):
                continue
            assert key.startswith(f"AWSLogs/{account}/CloudTrail/us-east-1/"), key
            body = root.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
            records += json.loads(gzip.decompress(body))["Records"]
        names = [record["eventName"] for record in records]
        return records if "RevokeSecurityGroupIngress" in names else None

    records = until("the calls are delivered", delivered, PATIENCE)
    ids = [record["eventID"] for record in records]
    assert len(ids) == len(set(ids)), "a call was told twice"
    names = [record["eventName"] for record in records]
    assert "CreateFunction20150331" in names and "CreateVpc" in names, names


main()
