"""The remediation lab as its reader does it, step by step (R1 to R12 and R14 of the founding guide)."""

import gzip
import json
import pathlib
import re
import urllib.request

from cloud import until
from clients import Refused

TEMPLATE = (pathlib.Path(__file__).parent.parent / "remediation/template.yaml").read_text()
STUDENT, MAIL, STACK, RULE = "ann1", "ann@example.com", "lab-environment", "EC2SecurityGroup"
GROUP = "AWS::EC2::SecurityGroup"


class Lab:
    def __init__(self, cloud, clients):
        self.cloud, self.clients = cloud, clients
        self.call = clients.call

    # R1
    def create_stack(self, **parameters):
        values = {"StudentId": STUDENT, "Email": MAIL, **parameters}
        self.call(
            "cloudformation",
            "CreateStack",
            StackName=STACK,
            TemplateBody=TEMPLATE,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        stack = until("the stack is there", lambda: self.finished(STACK), 60)
        assert stack["StackStatus"] == "CREATE_COMPLETE", (stack, self.failures())
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        self.account = self.call("sts", "GetCallerIdentity")["Account"]
        return stack

    def finished(self, name):
        stack = self.call("cloudformation", "DescribeStacks", StackName=name)["Stacks"][0]
        return None if stack["StackStatus"].endswith("IN_PROGRESS") else stack

    def failures(self):
        events = self.call("cloudformation", "DescribeStackEvents", StackName=STACK)["StackEvents"]
        return [(e["LogicalResourceId"], e.get("ResourceStatusReason")) for e in events if "FAILED" in e["ResourceStatus"]]

    # R2
    def mail(self):
        return json.loads(self.cloud.page("mail"))["messages"]

    def confirm_mail(self):
        letter = until("the confirmation is in the mailbox", lambda: [m for m in self.mail() if "Subscription Confirmation" in m["subject"]])[0]
        assert letter["to"] == MAIL, letter
        link = re.search(r"https?://\S+ConfirmSubscription\S+", letter["body"])[0]
        with urllib.request.urlopen(link) as answer:
            assert "SubscriptionArn" in answer.read().decode()

    # R4
    def record(self, bucket="config-bucket-ann1", start=True):
        self.bucket = bucket
        self.call("s3", "CreateBucket", Bucket=bucket)
        self.call(
            "config",
            "PutConfigurationRecorder",
            ConfigurationRecorder={
                "name": "default",
                "roleARN": self.outputs["RecorderRoleArn"],
                "recordingGroup": {
                    "allSupported": False,
                    "includeGlobalResourceTypes": False,
                    "resourceTypes": [GROUP],
                    "recordingStrategy": {"useOnly": "INCLUSION_BY_RESOURCE_TYPES"},
                },
                "recordingMode": {"recordingFrequency": "CONTINUOUS"},
            },
        )
        self.call(
            "config",
            "PutDeliveryChannel",
            DeliveryChannel={"name": "default", "s3BucketName": bucket, "snsTopicARN": self.outputs["TopicArn"]},
        )
        if start:
            self.call("config", "StartConfigurationRecorder", ConfigurationRecorderName="default")

    def inventory(self, resource_type=GROUP):
        found = self.call("config", "ListDiscoveredResources", resourceType=resource_type)
        return {item["resourceId"] for item in found["resourceIdentifiers"]}

    # R5
    def incident(self, ports=(443, 465, 993)):
        permissions = [
            {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]} for port in ports
        ]
        answer = self.call("ec2", "AuthorizeSecurityGroupIngress", GroupId=self.outputs["GroupId"], IpPermissions=permissions)
        assert len({rule["SecurityGroupRuleId"] for rule in answer["SecurityGroupRules"]}) == len(ports), answer

    def open_ports(self, group=None):
        groups = self.call("ec2", "DescribeSecurityGroups", GroupIds=[group or self.outputs["GroupId"]])["SecurityGroups"]
        return sorted((p.get("FromPort"), len(p["IpRanges"]), len(p["Ipv6Ranges"])) for p in groups[0]["IpPermissions"])

    CLOSED = [(80, 1, 1), (443, 1, 1)]

    # R6
    def put_rule(self, **changes):
        self.call("config", "PutConfigRule", ConfigRule=self.rule(**changes))

    def rule(self, **changes):
        return {
            "ConfigRuleName": RULE,
            "Description": "Restrict inbound ports to HTTP and HTTPS",
            "Scope": {"ComplianceResourceTypes": [GROUP]},
            "Source": {
                "Owner": "CUSTOM_LAMBDA",
                "SourceIdentifier": self.outputs["FunctionArn"],
                "SourceDetails": [
                    {"EventSource": "aws.config", "MessageType": "ConfigurationItemChangeNotification"},
                    {"EventSource": "aws.config", "MessageType": "OversizedConfigurationItemChangeNotification"},
                ],
            },
            "InputParameters": json.dumps({"debug": "true"}),
            **changes,
        }

    def results(self):
        answer = self.call("config", "GetComplianceDetailsByConfigRule", ConfigRuleName=RULE)
        found = {}
        for result in answer["EvaluationResults"]:
            key = result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]
            found[key] = (result["ComplianceType"], result.get("Annotation"))
        return found

    def status(self):
        answer = self.call("config", "DescribeConfigRuleEvaluationStatus", ConfigRuleNames=[RULE])
        return answer["ConfigRulesEvaluationStatus"][0]

    def history(self, group=None):
        answer = self.call(
            "config", "GetResourceConfigHistory", resourceType=GROUP, resourceId=group or self.outputs["GroupId"], limit=100
        )
        return answer["configurationItems"]

    # R10
    def log_lines(self, pattern=None):
        name = "/aws/lambda/" + self.outputs["FunctionArn"].rsplit(":", 1)[1]
        parameters = {"filterPattern": pattern} if pattern else {}
        try:
            answer = self.call("logs", "FilterLogEvents", logGroupName=name, **parameters)
        except Refused as error:
            assert error.code == "ResourceNotFoundException", error
            return []
        return [event["message"] for event in answer["events"]]

    def revocations(self, port):
        return [line for line in self.log_lines('"revoking for"') if f'"FromPort": {port},' in line]

    # R12
    def objects(self, part):
        found = self.call("s3", "ListObjectsV2", Bucket=self.bucket).get("Contents", [])
        return [entry["Key"] for entry in found if part in entry["Key"]]

    def content(self, key):
        body = self.call("s3", "GetObject", Bucket=self.bucket, Key=key)["Body"]
        return json.loads(gzip.decompress(body) if key.endswith(".gz") else body)
