"""R1 to R12 and R14: an incident in a security group is recorded, evaluated, remediated and reported."""

import json
import sys

from clients import Clients
from cloud import Cloud, until
from lab import GROUP, MAIL, RULE, STACK, TEMPLATE, Lab


def main(via):
    with Cloud() as cloud:
        clients = Clients(cloud.endpoint, via)
        lab = Lab(cloud, clients)
        r1(lab)
        lab.confirm_mail()  # R2
        r3(lab)
        r4(lab)
        r5(lab)
        r6(lab)
        r7(lab)
        r8(lab)
        r9(lab)
        r10(lab)
        r11(lab)
        r12(lab)
        restarted(lab)
        r14(lab)


def r1(lab):
    parameters = [{"ParameterKey": "StudentId", "ParameterValue": "ann1"}, {"ParameterKey": "Email", "ParameterValue": MAIL}]
    stack = {"StackName": STACK, "TemplateBody": TEMPLATE, "Parameters": parameters}
    refused = lab.clients.refused("cloudformation", "CreateStack", **stack)
    assert refused.code == "InsufficientCapabilitiesException", refused
    assert refused.message == "Requires capabilities : [CAPABILITY_NAMED_IAM]", refused
    wrong = [{"ParameterKey": "StudentId", "ParameterValue": "Ann 1"}, parameters[1]]
    refused = lab.clients.refused(
        "cloudformation", "CreateStack", **{**stack, "Parameters": wrong, "Capabilities": ["CAPABILITY_NAMED_IAM"]}
    )
    assert refused.code == "ValidationError" and "StudentId is 3 to 16 lower-case letters" in refused.message, refused
    assert lab.call("cloudformation", "ListStacks")["StackSummaries"] == []

    lab.create_stack()
    events = lab.call("cloudformation", "DescribeStackEvents", StackName=STACK)["StackEvents"]
    assert events[0]["ResourceStatus"] == "CREATE_COMPLETE" and events[-1]["ResourceStatusReason"] == "User Initiated"
    exports = lab.call("cloudformation", "ListExports")["Exports"]
    assert [(e["Name"], e["Value"]) for e in exports] == [(f"{STACK}-group", lab.outputs["GroupId"])]
    resources = lab.call("cloudformation", "DescribeStackResources", StackName=STACK)["StackResources"]
    assert len(resources) == 15, [resource["LogicalResourceId"] for resource in resources]
    groups = lab.call("ec2", "DescribeSecurityGroups", Filters=[{"Name": "vpc-id", "Values": [lab.outputs["VpcId"]]}])
    assert {group["GroupName"] for group in groups["SecurityGroups"]} == {"default", "LabSG1"}
    # Unconfirmed subscriptions get nothing.
    lab.call("sns", "Publish", TopicArn=lab.outputs["TopicArn"], Message=json.dumps({"messageType": "ComplianceChangeNotification"}))
    assert all("Confirmation" in letter["subject"] for letter in lab.mail())


def r3(lab):
    attached = lab.call("iam", "ListAttachedRolePolicies", RoleName="recorder-ann1")["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["AWS_ConfigRole"], attached
    policy = lab.call("iam", "GetPolicy", PolicyArn=attached[0]["PolicyArn"])["Policy"]
    version = lab.call("iam", "GetPolicyVersion", PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
    assert "config:Put*" in json.dumps(version["PolicyVersion"]["Document"]), "the real document"
    inline = lab.call("iam", "GetRolePolicy", RoleName="remediation-ann1", PolicyName="keep-groups-closed")
    assert "ec2:RevokeSecurityGroupIngress" in json.dumps(inline["PolicyDocument"])


def r4(lab):
    lab.record()
    status = lab.call("config", "DescribeConfigurationRecorderStatus")["ConfigurationRecordersStatus"][0]
    assert status["recording"], status
    groups = lab.call("ec2", "DescribeSecurityGroups")["SecurityGroups"]
    assert len(groups) == 3, "the default VPC's, the lab VPC's, and LabSG1"
    wanted = {group["GroupId"] for group in groups}
    until("all groups are in the inventory", lambda: lab.inventory() == wanted)
    until("their VPCs are listed as related", lambda: len(lab.inventory("AWS::EC2::VPC")) == 2)
    assert lab.objects("ConfigWritabilityCheckFile") == [f"AWSLogs/{lab.account}/Config/ConfigWritabilityCheckFile"]


def r5(lab):
    before = len(lab.history())
    lab.incident()
    until("the incident is recorded", lambda: len(lab.history()) == before + 1)
    newest = lab.history()[0]
    assert newest["configurationItemStatus"] == "OK" and newest["configurationStateId"].isdigit(), newest
    ports = {permission["fromPort"] for permission in json.loads(newest["configuration"])["ipPermissions"]}
    assert ports == {80, 443, 465, 993}, ports


def r6(lab):
    name = lab.outputs["FunctionArn"]
    permission = json.loads(lab.call("lambda", "GetPolicy", FunctionName=name)["Policy"])["Statement"][0]
    lab.call("lambda", "RemovePermission", FunctionName=name, StatementId=permission["Sid"])
    refused = lab.clients.refused("config", "PutConfigRule", ConfigRule=lab.rule())
    assert refused.code == "InsufficientPermissionsException", refused
    lab.call(
        "lambda", "AddPermission", FunctionName=name, StatementId="config", Action="lambda:InvokeFunction",
        Principal="config.amazonaws.com", SourceAccount=lab.account,
    )
    lab.put_rule()
    status = until("the rule has been evaluated", lambda: lab.status() if "LastSuccessfulEvaluationTime" in lab.status() else None)
    assert "LastErrorCode" not in status, status


def r7(lab):
    groups = lab.inventory()
    until("all groups have results", lambda: set(lab.results()) == groups)
    for group in groups:
        until(f"{group} is closed", lambda: lab.open_ports(group) == lab.CLOSED)
        until(f"{group} is compliant", lambda: lab.results()[group][0] == "COMPLIANT")
    assert "Permissions were modified" in {annotation for _, annotation in lab.results().values()}
    # Every later change is reverted the same way.
    lab.incident(ports=(22,))
    until("the second incident is remediated", lambda: lab.open_ports() == lab.CLOSED and (lab.revocations(22) or None))
    summary = lab.call("config", "DescribeComplianceByConfigRule", ConfigRuleNames=[RULE])["ComplianceByConfigRules"]
    assert summary[0]["Compliance"]["ComplianceType"] == "COMPLIANT", summary


def r8(lab):
    until("nothing is being evaluated", lambda: quiet(lab))
    items, lines = len(lab.history()), len(lab.log_lines("START"))
    lab.call("config", "StartConfigRulesEvaluation", ConfigRuleNames=[RULE])
    until("the groups were evaluated again", lambda: len(lab.log_lines("START")) >= lines + 3)
    until("nothing is being evaluated", lambda: quiet(lab))
    assert len(lab.history()) == items, "an evaluation that changes nothing makes no item"
    assert len(lab.log_lines("START")) == lines + 3, "and no further evaluation"


def quiet(lab):
    first = len(lab.log_lines("START"))
    import time

    time.sleep(1)
    return len(lab.log_lines("START")) == first


def r9(lab):
    function = lab.call("lambda", "GetFunctionConfiguration", FunctionName=lab.outputs["FunctionArn"])
    assert (function["MemorySize"], function["Timeout"], function["EphemeralStorage"]["Size"]) == (128, 300, 512), function
    assert function["SnapStart"]["ApplyOn"] == "None", function
    recursion = lab.call("lambda", "GetFunctionRecursionConfig", FunctionName=function["FunctionName"])
    assert recursion["RecursiveLoop"] == "Terminate", recursion
    management = lab.call("lambda", "GetRuntimeManagementConfig", FunctionName=function["FunctionName"])
    assert management["UpdateRuntimeOn"] == "Auto", management


def r10(lab):
    lines = lab.log_lines()
    for start in ("START RequestId: ", "END RequestId: ", "REPORT RequestId: ", "revoking for sg-"):
        assert any(line.startswith(start) for line in lines), (start, lines[:5])
    found = lab.log_lines('"revoking for"')
    removed = [line for line in found if lab.outputs["GroupId"] in line]
    assert any("465" in line and "993" in line for line in removed), found
    streams = lab.call("logs", "DescribeLogStreams", logGroupName="/aws/lambda/keep-groups-closed-ann1")["logStreams"]
    assert streams and "[$LATEST]" in streams[0]["logStreamName"], streams


def r11(lab):
    def kinds():
        found = {}
        for letter in lab.mail():
            if "Confirmation" not in letter["subject"]:
                found.setdefault(json.loads(letter["body"].split("\n\n--")[0])["messageType"], []).append(letter["subject"])
        return found

    until("both kinds of mail arrived", lambda: {"ConfigurationItemChangeNotification", "ComplianceChangeNotification"} <= set(kinds()))
    assert set(kinds()) == {"ConfigurationItemChangeNotification", "ComplianceChangeNotification"}, "only what the filter lets through"
    subjects = kinds()["ComplianceChangeNotification"]
    assert any(subject.startswith(f"[AWS Config:us-east-1] {GROUP} {lab.outputs['GroupId']} is COMPLIANT") for subject in subjects), subjects


def r12(lab):
    items = lab.history()
    times = [str(item["configurationItemCaptureTime"]) for item in items]
    assert times == sorted(times, reverse=True), times
    relationships = {(r["resourceType"], r["relationshipName"]) for r in items[0]["relationships"]}
    assert ("AWS::EC2::VPC", "Is contained in Vpc") in relationships, relationships
    lab.call("config", "DeliverConfigSnapshot", deliveryChannelName="default")
    key = until("the snapshot is delivered", lambda: lab.objects("ConfigSnapshot/"))[0]
    snapshot = lab.content(key)
    assert lab.outputs["GroupId"] in {item["resourceId"] for item in snapshot["configurationItems"]}, snapshot.keys()
    assert key.startswith(f"AWSLogs/{lab.account}/Config/us-east-1/2"), key


def restarted(lab):
    items, results = lab.history(), lab.results()
    lab.cloud.kill()
    lab.cloud.start()
    assert lab.history() == items and lab.results() == results
    lab.incident(ports=(3389,))
    until("remediation goes on after kill -9", lambda: lab.open_ports() == lab.CLOSED and lab.revocations(3389))


def r14(lab):
    until("nothing is being evaluated", lambda: quiet(lab))
    lab.call("config", "StopConfigurationRecorder", ConfigurationRecorderName="default")
    items = len(lab.history())
    lab.incident(ports=(8080,))
    assert quiet(lab) and len(lab.history()) == items, "a stopped recorder records nothing, and keeps its history"

    # A bucket that is not empty cannot be deleted with its stack.
    bucket = {"Resources": {"Store": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "full-bucket-ann1"}}}}
    lab.call("cloudformation", "CreateStack", StackName="with-bucket", TemplateBody=json.dumps(bucket))
    until("the bucket is there", lambda: lab.finished("with-bucket"))
    lab.call("s3", "PutObject", Bucket="full-bucket-ann1", Key="a", Body=b"b")
    lab.call("cloudformation", "DeleteStack", StackName="with-bucket")
    stack = until("the deletion has ended", lambda: lab.finished("with-bucket"))
    assert stack["StackStatus"] == "DELETE_FAILED", stack
    lab.call("s3", "DeleteObject", Bucket="full-bucket-ann1", Key="a")
    lab.call("cloudformation", "DeleteStack", StackName="with-bucket")

    stack_id = lab.finished(STACK)["StackId"]
    lab.call("cloudformation", "DeleteStack", StackName=STACK)
    stack = until("the stack is deleted", lambda: lab.finished(stack_id), 60)
    assert stack["StackStatus"] == "DELETE_COMPLETE", (stack, lab.call("cloudformation", "DescribeStackEvents", StackName=stack_id)["StackEvents"][:8])
    refused = lab.clients.refused("cloudformation", "DescribeStacks", StackName=STACK)
    assert refused.message == f"Stack with id {STACK} does not exist", refused
    assert lab.clients.refused("ec2", "DescribeVpcs", VpcIds=[lab.outputs["VpcId"]]).code == "InvalidVpcID.NotFound"


if __name__ == "__main__":
    main(sys.argv[1])
