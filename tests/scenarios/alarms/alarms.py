"""Alarms of a stack: a topic, a function and EventBridge are told; policies decide who is; kill -9 between datum and alarm loses nothing."""

import datetime
import io
import json
import time
import zipfile

from clients import Clients
from cloud import Cloud, until

ACCOUNT = "000000000000"
ARN = f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:errors"

TEMPLATE = {
    "Resources": {
        "Alerts": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "alerts"}},
        "Errors": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "AlarmName": "errors",
                "AlarmDescription": "more than one error",
                "Namespace": "Shop",
                "MetricName": "Errors",
                "Statistic": "Sum",
                "Period": 60,
                "EvaluationPeriods": 1,
                "DatapointsToAlarm": 1,
                "Threshold": 1,
                "ComparisonOperator": "GreaterThanThreshold",
                "TreatMissingData": "notBreaching",
                "AlarmActions": [{"Ref": "Alerts"}],
            },
        },
        "Shop": {
            "Type": "AWS::CloudWatch::CompositeAlarm",
            "Properties": {"AlarmName": "shop", "AlarmRule": {"Fn::Sub": "ALARM(\"${Errors.Arn}\")"}},
        },
    },
    "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Errors", "Arn"]}}},
}


class Shop:
    def __init__(self, cloud):
        self.cloud = cloud
        self.clients = Clients(cloud.endpoint)
        self.call = self.clients.call

    def stack(self):
        self.call("cloudformation", "CreateStack", StackName="shop", TemplateBody=json.dumps(TEMPLATE))
        stack = lambda: self.call("cloudformation", "DescribeStacks", StackName="shop")["Stacks"][0]
        until("the stack stands", lambda: stack()["StackStatus"] == "CREATE_COMPLETE")
        assert stack()["Outputs"][0]["OutputValue"] == ARN
        self.topic = f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts"

    def queue(self, name, sender, source):
        url = self.call("sqs", "CreateQueue", QueueName=name)["QueueUrl"]
        arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": sender},
                    "Action": "sqs:SendMessage",
                    "Resource": arn,
                    "Condition": {"ArnLike": {"aws:SourceArn": source}},
                }
            ],
        }
        self.call("sqs", "SetQueueAttributes", QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
        return url, arn

    def receive(self, url):
        """Takes what has come."""
        taken = []
        for message in self.call("sqs", "ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            self.call("sqs", "DeleteMessage", QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            taken.append(json.loads(message["Body"]))
        return taken

    def measure(self, value, ago=60):
        at = datetime.datetime.fromtimestamp(time.time() - ago, datetime.UTC)
        datum = {"MetricName": "Errors", "Value": value, "Timestamp": at}
        self.call("cloudwatch", "PutMetricData", Namespace="Shop", MetricData=[datum])

    def alarm(self, kind="MetricAlarm", name="errors"):
        return self.call("cloudwatch", "DescribeAlarms", AlarmNames=[name], AlarmTypes=[kind])[f"{kind}s"][0]

    def set(self, value):
        self.call("cloudwatch", "SetAlarmState", AlarmName="errors", StateValue=value, StateReason="testing purposes")

    def actions(self):
        """What the history tells of actions, newest first."""
        history = self.call("cloudwatch", "DescribeAlarmHistory", AlarmName="errors", HistoryItemType="Action")
        return [item["HistorySummary"] for item in history["AlarmHistoryItems"]]

    def function(self):
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        self.call("iam", "CreateRole", RoleName="fix", AssumeRolePolicyDocument=json.dumps(trust))
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("fix.py", "def handler(event, context):\n    return event['alarmData']['state']['value']\n")
        role = f"arn:aws:iam::{ACCOUNT}:role/fix"
        made = self.call("lambda", "CreateFunction", FunctionName="fix", Runtime="python3.12", Role=role, Handler="fix.handler", Code={"ZipFile": file.getvalue()})
        return made["FunctionArn"]


def main():
    with Cloud() as cloud:
        shop = Shop(cloud)
        shop.stack()
        messages, queue = shop.queue("messages", "sns.amazonaws.com", shop.topic)
        shop.call("sns", "Subscribe", TopicArn=shop.topic, Protocol="sqs", Endpoint=queue)
        told(shop, messages)
        killed(shop, messages)
        policies_decide(shop)
        recorded(shop)


def told(shop, messages):
    """A breach: the alarm, its composite alarm, the topic with its default policy, and EventBridge."""
    events, queue = shop.queue("events", "events.amazonaws.com", f"arn:aws:events:us-east-1:{ACCOUNT}:rule/alarms")
    pattern = {"source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"], "detail": {"alarmName": ["errors"], "state": {"value": ["ALARM"]}}}
    shop.call("events", "PutRule", Name="alarms", EventPattern=json.dumps(pattern))
    shop.call("events", "PutTargets", Rule="alarms", Targets=[{"Id": "q", "Arn": queue}])
    until("missing data do not breach", lambda: shop.alarm()["StateValue"] == "OK")
    shop.measure(5)
    until("the alarm is on", lambda: shop.alarm()["StateValue"] == "ALARM", seconds=5)
    until("the composite alarm follows", lambda: shop.alarm("CompositeAlarm", "shop")["StateValue"] == "ALARM")
    [message] = until("the topic is told", lambda: shop.receive(messages))
    assert message["Subject"] == 'ALARM: "errors" in US East (N. Virginia)', message
    told = json.loads(message["Message"])
    assert (told["AlarmArn"], told["OldStateValue"], told["NewStateValue"]) == (ARN, "OK", "ALARM"), told
    assert told["Trigger"]["Statistic"] == "SUM" and told["AlarmDescription"] == "more than one error", told
    [event] = until("EventBridge is told", lambda: shop.receive(events))
    assert event["resources"] == [ARN] and event["detail"]["previousState"]["value"] == "OK", event
    assert json.loads(event["detail"]["state"]["reasonData"])["recentDatapoints"] == [5.0], event


def killed(shop, messages):
    """What was acknowledged before kill -9 is decided on after it."""
    for round_ in range(3):
        shop.set("OK")
        shop.measure(7 + round_, ago=60)
        shop.cloud.kill()
        shop.cloud.start()
        until("the alarm is on after the restart", lambda: shop.alarm()["StateValue"] == "ALARM", seconds=70)
        until("the topic is told after the restart", lambda: shop.receive(messages), seconds=70)


def policies_decide(shop):
    """A topic's policy without CloudWatch silences the alarm, and only the history tells; a function is invoked with its permission only."""
    policy = {"Version": "2012-10-17", "Statement": [{"Sid": "x", "Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sns:Publish", "Resource": shop.topic}]}
    shop.call("sns", "SetTopicAttributes", TopicArn=shop.topic, AttributeName="Policy", AttributeValue=json.dumps(policy))
    function = shop.function()
    alarm = shop.alarm()
    put = {name: alarm[name] for name in ("AlarmName", "Namespace", "MetricName", "Statistic", "Period", "EvaluationPeriods", "Threshold", "ComparisonOperator", "TreatMissingData")}
    shop.call("cloudwatch", "PutMetricAlarm", **put, AlarmActions=[shop.topic, function])
    before = len(shop.actions())
    shop.set("OK")
    shop.set("ALARM")
    failed = until("both actions failed", lambda: (found := shop.actions()[:-before])[1:] and found)
    assert failed[1] == f'Failed to execute action {shop.topic}. Received error: "CloudWatch Alarms is not authorized to perform: SNS:Publish on resource: {shop.topic}"', failed
    assert failed[0].startswith(f"Failed to execute action {function}. Received error: "), failed
    policy["Statement"][0]["Principal"] = {"Service": "cloudwatch.amazonaws.com"}
    policy["Statement"][0]["Condition"] = {"ArnLike": {"aws:SourceArn": ARN}, "StringEquals": {"aws:SourceAccount": ACCOUNT}}
    shop.call("sns", "SetTopicAttributes", TopicArn=shop.topic, AttributeName="Policy", AttributeValue=json.dumps(policy))
    shop.call("lambda", "AddPermission", FunctionName="fix", StatementId="alarm", Action="lambda:InvokeFunction", Principal="lambda.alarms.cloudwatch.amazonaws.com", SourceArn=ARN, SourceAccount=ACCOUNT)
    shop.set("OK")
    shop.set("ALARM")
    done = [f"Successfully executed action {function}", f"Successfully executed action {shop.topic}"]
    until("both actions are done", lambda: shop.actions()[:2] == done)


def recorded(shop):
    """AWS Config records the alarm, and not its states."""
    role = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    shop.call("config", "PutConfigurationRecorder", ConfigurationRecorder={"name": "default", "roleARN": role, "recordingGroup": {"resourceTypes": ["AWS::CloudWatch::Alarm"]}})
    shop.call("s3", "CreateBucket", Bucket="alarms-config")
    shop.call("s3", "PutBucketPolicy", Bucket="alarms-config", Policy=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"}, "Action": "s3:*", "Resource": ["arn:aws:s3:::alarms-config", "arn:aws:s3:::alarms-config/*"]}]}))
    shop.call("config", "PutDeliveryChannel", DeliveryChannel={"name": "default", "s3BucketName": "alarms-config"})
    shop.call("config", "StartConfigurationRecorder", ConfigurationRecorderName="default")
    items = lambda: shop.call("config", "GetResourceConfigHistory", resourceType="AWS::CloudWatch::Alarm", resourceId=ARN)["configurationItems"]
    discovered = lambda: shop.call("config", "ListDiscoveredResources", resourceType="AWS::CloudWatch::Alarm")["resourceIdentifiers"]
    until("the alarm is recorded", discovered)
    rule = lambda name, identifier, parameters: shop.call(
        "config", "PutConfigRule", ConfigRule={"ConfigRuleName": name, "Source": {"Owner": "AWS", "SourceIdentifier": identifier}, "InputParameters": json.dumps(parameters)}
    )
    rule("actions", "CLOUDWATCH_ALARM_ACTION_CHECK", {"alarmActionRequired": "true", "insufficientDataActionRequired": "false", "okActionRequired": "false"})
    rule("enabled", "CLOUDWATCH_ALARM_ACTION_ENABLED_CHECK", {})
    compliance = lambda name: {
        result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]: result["ComplianceType"]
        for result in shop.call("config", "GetComplianceDetailsByConfigRule", ConfigRuleName=name)["EvaluationResults"]
    }
    until("the alarm complies", lambda: compliance("actions") == compliance("enabled") == {ARN: "COMPLIANT"})
    [first] = items()
    configuration = json.loads(first["configuration"])
    assert configuration["alarmName"] == "errors" and "stateValue" not in configuration, configuration
    for value in ("OK", "ALARM"):
        shop.set(value)
    shop.call("cloudwatch", "DisableAlarmActions", AlarmNames=["errors"])
    until("the switched alarm does not comply", lambda: compliance("enabled") == {ARN: "NON_COMPLIANT"})
    assert len(items()) == 2, "states are no changes"
    groups = shop.call("logs", "CreateLogGroup", logGroupName="/kept") and ["/kept"]
    shop.call("logs", "PutRetentionPolicy", logGroupName="/kept", retentionInDays=7)
    rule("retention", "CW_LOGGROUP_RETENTION_PERIOD_CHECK", {"LogGroupNames": ",".join(groups)})
    until("the log group does not comply", lambda: compliance("retention") == {"/kept": "NON_COMPLIANT"})


if __name__ == "__main__":
    main()
