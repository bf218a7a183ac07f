"""Runbooks with scripts, from a resource that a managed rule finds fault with to one that it does not; approvals; kill -9."""

import json

from clients import Clients, Refused
from cloud import Cloud, until

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ssm.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
LOGS = "config-logs"


def allow(*actions):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]})


class Lab:
    def __init__(self, cloud):
        self.cloud, self.clients = cloud, Clients(cloud.endpoint)
        self.call = self.clients.call
        self.account = self.call("sts", "GetCallerIdentity")["Account"]

    def record(self):
        self.call("s3", "CreateBucket", Bucket=LOGS)
        statement = {
            "Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"},
            "Action": ["s3:PutObject", "s3:GetBucketAcl", "s3:ListBucket"], "Resource": [f"arn:aws:s3:::{LOGS}", f"arn:aws:s3:::{LOGS}/*"],
        }
        self.call("s3", "PutBucketPolicy", Bucket=LOGS, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        role = f"arn:aws:iam::{self.account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
        group = {"allSupported": True, "includeGlobalResourceTypes": True}
        self.call("config", "PutConfigurationRecorder", ConfigurationRecorder={"name": "default", "roleARN": role, "recordingGroup": group})
        self.call("config", "PutDeliveryChannel", DeliveryChannel={"name": "default", "s3BucketName": LOGS})
        self.call("config", "StartConfigurationRecorder", ConfigurationRecorderName="default")

    def role(self, name, *actions):
        """A role for a runbook, that may do just this."""
        self.call("iam", "CreateRole", RoleName=name, AssumeRolePolicyDocument=TRUST)
        self.call("iam", "PutRolePolicy", RoleName=name, PolicyName="p", PolicyDocument=allow(*actions))
        return f"arn:aws:iam::{self.account}:role/{name}"

    def judged(self, rule, resource):
        results = self.call("config", "GetComplianceDetailsByConfigRule", ConfigRuleName=rule, Limit=100)["EvaluationResults"]
        for result in results:
            if result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"] == resource:
                return result["ComplianceType"]
        return None

    def evaluate(self, rule):
        try:
            self.call("config", "StartConfigRulesEvaluation", ConfigRuleNames=[rule])
        except Refused:
            pass

    def cures(self, rule, kind, resource, runbook, parameter, actions, inputs=None, others=None):
        """The rule finds fault; the runbook, by Config's remediation and a role of its own, ends it."""
        source = {"Owner": "AWS", "SourceIdentifier": rule}
        self.call("config", "PutConfigRule", ConfigRule={"ConfigRuleName": rule, "Source": source, "InputParameters": json.dumps(inputs or {})})
        self.evaluate(rule)
        until(f"{rule} finds fault with {resource}", lambda: self.judged(rule, resource) == "NON_COMPLIANT")
        role = self.role("for-" + runbook.split("-")[1], *actions)
        parameters = {name: {"StaticValue": {"Values": value}} for name, value in (others or {}).items()}
        parameters["AutomationAssumeRole"] = {"StaticValue": {"Values": [role]}}
        parameters[parameter] = {"ResourceValue": {"Value": "RESOURCE_ID"}}
        wanted = {"ConfigRuleName": rule, "TargetType": "SSM_DOCUMENT", "TargetId": runbook, "Parameters": parameters}
        failed = self.call("config", "PutRemediationConfigurations", RemediationConfigurations=[wanted])["FailedBatches"]
        assert not failed, failed
        failed = self.call("config", "StartRemediationExecution", ConfigRuleName=rule, ResourceKeys=[{"resourceType": kind, "resourceId": resource}])
        assert not failed.get("FailedItems"), failed

        def ended():
            statuses = self.call("config", "DescribeRemediationExecutionStatus", ConfigRuleName=rule)["RemediationExecutionStatuses"]
            return next((status for status in statuses if status["State"] in ("SUCCEEDED", "FAILED")), None)

        status = until(f"{runbook} has ended", ended, 60)
        assert status["State"] == "SUCCEEDED", status
        self.evaluate(rule)
        until(f"{rule} finds no more fault with {resource}", lambda: self.judged(rule, resource) != "NON_COMPLIANT")
        print(runbook, "cured", rule)


def security_group(lab):
    vpc = lab.call("ec2", "DescribeVpcs")["Vpcs"][0]["VpcId"]
    group = lab.call("ec2", "CreateSecurityGroup", GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    rules = [
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}, {"CidrIp": "10.0.0.0/8"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
    ]
    lab.call("ec2", "AuthorizeSecurityGroupIngress", GroupId=group, IpPermissions=rules)
    lab.cures(
        "INCOMING_SSH_DISABLED", "AWS::EC2::SecurityGroup", group, "AWS-DisableIncomingSSHOnPort22", "SecurityGroupIds",
        ["ec2:DescribeSecurityGroups", "ec2:RevokeSecurityGroupIngress"],
    )
    left = lab.call("ec2", "DescribeSecurityGroups", GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    assert {(rule["FromPort"], each["CidrIp"]) for rule in left for each in rule["IpRanges"]} == {(22, "10.0.0.0/8"), (443, "0.0.0.0/0")}, left


def network_acl(lab):
    vpc = lab.call("ec2", "DescribeVpcs")["Vpcs"][0]["VpcId"]
    acl = lab.call("ec2", "CreateNetworkAcl", VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    lab.cures(
        "VPC_NETWORK_ACL_UNUSED_CHECK", "AWS::EC2::NetworkAcl", acl, "AWSConfigRemediation-DeleteUnusedVPCNetworkACL", "NetworkAclId",
        ["ec2:DescribeNetworkAcls", "ec2:DeleteNetworkAcl"],
    )


def identities(lab):
    group = lab.call("iam", "CreateGroup", GroupName="empty")["Group"]["GroupId"]
    lab.call("iam", "PutGroupPolicy", GroupName="empty", PolicyName="p", PolicyDocument=allow("s3:GetObject"))
    lab.cures(
        "IAM_GROUP_HAS_USERS_CHECK", "AWS::IAM::Group", group, "AWSConfigRemediation-DeleteUnusedIAMGroup", "GroupName",
        ["iam:ListGroups", "iam:GetGroup", "iam:ListAttachedGroupPolicies", "iam:ListGroupPolicies", "iam:DeleteGroupPolicy", "iam:DeleteGroup"],
    )
    policy = lab.call("iam", "CreatePolicy", PolicyName="admin", PolicyDocument=allow("*"))["Policy"]
    user = lab.call("iam", "CreateUser", UserName="ann")["User"]["UserId"]
    lab.call("iam", "AttachUserPolicy", UserName="ann", PolicyArn=policy["Arn"])
    # A second version, which has to go before the policy.
    lab.call("iam", "CreatePolicyVersion", PolicyArn=policy["Arn"], PolicyDocument=allow("s3:*"))
    history = ["config:ListDiscoveredResources", "config:GetResourceConfigHistory", "iam:ListEntitiesForPolicy"]
    detach = lab.role("detacher", *history, "iam:DetachUserPolicy")
    until("the policy is in the inventory", lambda: lab.call("config", "ListDiscoveredResources", resourceType="AWS::IAM::Policy", resourceIds=[policy["PolicyId"]])["resourceIdentifiers"])
    execution = run(lab, "AWSConfigRemediation-DetachIAMPolicy", IAMResourceId=[policy["PolicyId"]], AutomationAssumeRole=[detach])
    assert execution["AutomationExecutionStatus"] == "Success", execution
    assert lab.call("iam", "ListAttachedUserPolicies", UserName="ann")["AttachedPolicies"] == []
    lab.call("iam", "PutUserPolicy", UserName="ann", PolicyName="inline", PolicyDocument=allow("s3:GetObject"))
    lab.cures(
        "IAM_NO_INLINE_POLICY_CHECK", "AWS::IAM::User", user, "AWSConfigRemediation-ReplaceIAMInlinePolicy", "ResourceId",
        ["iam:ListUsers", "iam:GetUserPolicy", "iam:DeleteUserPolicy", "iam:CreatePolicy", "iam:AttachUserPolicy"], others={"InlinePolicyName": ["inline"]},
    )
    attached = lab.call("iam", "ListAttachedUserPolicies", UserName="ann")["AttachedPolicies"]
    assert [each["PolicyName"] for each in attached] == ["inline"], attached
    delete = lab.role("deleter", *history, "iam:ListPolicyVersions", "iam:DeletePolicyVersion", "iam:DeletePolicy")
    execution = run(lab, "AWSConfigRemediation-DeleteUnusedIAMPolicy", IAMResourceId=[policy["PolicyId"]], AutomationAssumeRole=[delete])
    assert execution["AutomationExecutionStatus"] == "Success", execution
    assert lab.clients.refused("iam", "GetPolicy", PolicyArn=policy["Arn"]).code == "NoSuchEntity"


def buckets(lab):
    policy_actions = ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"]
    lab.call("s3", "CreateBucket", Bucket="shared-bucket")
    lab.call("s3", "DeletePublicAccessBlock", Bucket="shared-bucket")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shared-bucket/*"}
    lab.call("s3", "PutBucketPolicy", Bucket="shared-bucket", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    lab.cures(
        "S3_BUCKET_POLICY_GRANTEE_CHECK", "AWS::S3::Bucket", "shared-bucket", "AWSConfigRemediation-RemovePrincipalStarFromS3BucketPolicy", "BucketName",
        policy_actions,
    )
    lab.call("s3", "CreateBucket", Bucket="plain-bucket")
    lab.cures(
        "S3_BUCKET_SSL_REQUESTS_ONLY", "AWS::S3::Bucket", "plain-bucket", "AWSConfigRemediation-RestrictBucketSSLRequestsOnly", "BucketName", policy_actions,
    )


def run(lab, document, **parameters):
    started = lab.call("ssm", "StartAutomationExecution", DocumentName=document, Parameters=parameters)["AutomationExecutionId"]
    return until(f"{document} has ended", lambda: ended(lab, started), 60)


def ended(lab, execution):
    found = lab.call("ssm", "GetAutomationExecution", AutomationExecutionId=execution)["AutomationExecution"]
    return found if "ExecutionEndTime" in found else None


OWN = """
schemaVersion: '0.3'
assumeRole: '{{ AutomationAssumeRole }}'
parameters:
  AutomationAssumeRole: {type: String, default: ''}
  Seconds: {type: Integer, default: 0}
outputs: [Who.Arn, Who.OutputPayload]
mainSteps:
  - name: Who
    action: aws:executeScript
    inputs:
      Runtime: python3.11
      Handler: who
      InputPayload: {seconds: '{{ Seconds }}'}
      Script: |
        import time
        import boto3
        def who(event, context):
            boto3.client("ssm").put_parameter(Name="/seen", Value=str(time.time()), Type="String", Overwrite=True)
            time.sleep(event["seconds"])
            return {"arn": boto3.client("sts").get_caller_identity()["Arn"]}
    outputs:
      - {Name: Arn, Selector: $.Payload.arn, Type: String}
"""


def own(lab):
    lab.call("ssm", "CreateDocument", Name="own", Content=OWN, DocumentType="Automation", DocumentFormat="YAML")
    role = lab.role("own", "ssm:PutParameter")
    execution = run(lab, "own", AutomationAssumeRole=[role])
    session = f"arn:aws:sts::{lab.account}:assumed-role/own/Automation-{execution['AutomationExecutionId']}"
    assert execution["Outputs"]["Who.Arn"] == [session], execution
    assert run(lab, "own", Seconds=["0"])["Outputs"]["Who.Arn"] == [f"arn:aws:iam::{lab.account}:root"]
    nothing = lab.role("nothing", "sts:GetCallerIdentity")
    execution = run(lab, "own", AutomationAssumeRole=[nothing])
    message = execution["FailureMessage"]
    assert message.startswith("Step fails when it is Poll action status for completion. Traceback (most recent call last):"), message
    assert "is not authorized to perform: ssm:PutParameter on resource: arn:aws:ssm:us-east-1:" in message, message


def killed(lab):
    """A script that is under way when the cloud is killed runs again."""
    before = lab.call("ssm", "GetParameter", Name="/seen")["Parameter"]["Version"]
    role = f"arn:aws:iam::{lab.account}:role/own"
    parameters = {"AutomationAssumeRole": [role], "Seconds": ["2"]}
    started = lab.call("ssm", "StartAutomationExecution", DocumentName="own", Parameters=parameters)["AutomationExecutionId"]
    version = lambda: lab.call("ssm", "GetParameter", Name="/seen")["Parameter"]["Version"]
    until("the script has begun", lambda: version() > before)
    lab.cloud.kill()
    lab.cloud.start()
    execution = until("the execution has ended", lambda: ended(lab, started), 60)
    assert execution["AutomationExecutionStatus"] == "Success", execution
    assert version() == before + 2, "it ran twice"


def main():
    with Cloud() as cloud:
        lab = Lab(cloud)
        own(lab)
        killed(lab)
        lab.record()
        security_group(lab)
        network_acl(lab)
        buckets(lab)
        identities(lab)


main()
