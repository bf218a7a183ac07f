"""How long the file pipeline takes on a running server: upload to row, bucket change to rule result.

Usage: pipeline.py ENDPOINT; prints a line of tab-separated figures in milliseconds each. Times are a client's: they hold its polling, every 2 ms."""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent.parent / "tests/scenarios"
sys.path[:0] = [str(pathlib.Path(__file__).parent), str(HERE / "common")]

import time  # noqa: E402

from clients import Clients  # noqa: E402
from loop import tell, when  # noqa: E402

TEMPLATE = (HERE / "pipeline/template.yaml").read_text()
STACK, RULE = "bench-pipeline", "s3-bucket-logging-enabled"


def main(endpoint):
    clients = Clients(endpoint)
    outputs = deploy(clients)
    uploads = []
    for number in range(22):
        name = f"file {number}"
        start = time.perf_counter()
        clients.call("s3", "PutObject", Bucket=outputs["Bucket"], Key=name, Body=b"x")
        uploads.append((when(lambda: row(clients, outputs, name)) - start) * 1000)
    tell("upload to row (warm)", uploads[2:])
    tell("bucket change to rule result", judged(clients, outputs))


def deploy(clients):
    clients.call("cloudformation", "CreateStack", StackName=STACK, TemplateBody=TEMPLATE, Capabilities=["CAPABILITY_IAM"])

    def stack():
        return clients.call("cloudformation", "DescribeStacks", StackName=STACK)["Stacks"][0]

    when(lambda: not stack()["StackStatus"].endswith("IN_PROGRESS"), 60)
    assert stack()["StackStatus"] == "CREATE_COMPLETE", stack()
    return {output["OutputKey"]: output["OutputValue"] for output in stack()["Outputs"]}


def row(clients, outputs, name):
    return clients.call("dynamodb", "GetItem", TableName=outputs["Table"], Key={"name": {"S": name}}).get("Item")


def judged(clients, outputs):
    """The recorder of the remediation loop is on already, or is made; it then takes buckets as well."""
    account = clients.call("sts", "GetCallerIdentity")["Account"]
    logs = "bench-logs"
    clients.call("s3", "CreateBucket", Bucket=logs)
    resources = [f"arn:aws:s3:::{logs}", f"arn:aws:s3:::{logs}/*"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": ["config.amazonaws.com", "logging.s3.amazonaws.com"]},
        "Action": ["s3:PutObject", "s3:GetBucketAcl", "s3:ListBucket"],
        "Resource": resources,
    }
    clients.call("s3", "PutBucketPolicy", Bucket=logs, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    recorders = clients.call("config", "DescribeConfigurationRecorders")["ConfigurationRecorders"]
    role = f"arn:aws:iam::{account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    types = ["AWS::S3::Bucket", "AWS::EC2::SecurityGroup"]
    recorder = {
        "name": recorders[0]["name"] if recorders else "default",
        "roleARN": recorders[0]["roleARN"] if recorders else role,
        "recordingGroup": {"allSupported": False, "resourceTypes": types},
    }
    clients.call("config", "PutConfigurationRecorder", ConfigurationRecorder=recorder)
    if not recorders:
        clients.call("config", "PutDeliveryChannel", DeliveryChannel={"name": "default", "s3BucketName": logs})
    clients.call("config", "StartConfigurationRecorder", ConfigurationRecorderName=recorder["name"])
    rule = {"ConfigRuleName": RULE, "Source": {"Owner": "AWS", "SourceIdentifier": "S3_BUCKET_LOGGING_ENABLED"}}
    clients.call("config", "PutConfigRule", ConfigRule=rule)

    def is_judged(wanted):
        answer = clients.call("config", "GetComplianceDetailsByConfigRule", ConfigRuleName=RULE)
        found = {
            result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]: result["ComplianceType"]
            for result in answer["EvaluationResults"]
        }
        return found.get(outputs["Bucket"]) == wanted

    when(lambda: is_judged("NON_COMPLIANT"))
    times = []
    for number in range(20):
        on = number % 2 == 0
        status = {"LoggingEnabled": {"TargetBucket": logs, "TargetPrefix": "bench/"}} if on else {}
        start = time.perf_counter()
        clients.call("s3", "PutBucketLogging", Bucket=outputs["Bucket"], BucketLoggingStatus=status)
        times.append((when(lambda: is_judged("COMPLIANT" if on else "NON_COMPLIANT")) - start) * 1000)
    return times


if __name__ == "__main__":
    main(sys.argv[1])
