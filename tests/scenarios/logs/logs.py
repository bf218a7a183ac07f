"""CloudWatch Logs: what is put is counted by metric filters, sent to functions by subscription filters, and queried by Insights; kills in the middle lose nothing."""

import io
import json
import sys
import threading
import time
import zipfile

import botocore.exceptions

from clients import Clients, Refused
from cloud import Cloud, until

GROUP, STREAM, BUCKET = "trail", "s", "delivered"
# A laptop does it in a second; a loaded build machine may take its time.
PATIENCE = 90
EVENTS = 20_000
ROOT_CALLS = '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) }'
NOT_EXECUTABLE = "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function."

KEEP = """
import base64, boto3, gzip, json

s3 = boto3.client("s3")

def handler(event, context):
    data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    assert data["messageType"] == "DATA_MESSAGE", data
    s3.put_object(Bucket="delivered", Key=data["logEvents"][0]["id"], Body=json.dumps(data))
"""

TEMPLATE = """
Resources:
  RootCalls:
    Type: AWS::Logs::MetricFilter
    Properties:
      LogGroupName: trail
      FilterPattern: '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) }'
      MetricTransformations: [{ MetricNamespace: CIS, MetricName: RootCalls, MetricValue: "1", DefaultValue: 0 }]
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: keep
      Action: lambda:InvokeFunction
      Principal: logs.amazonaws.com
      SourceAccount: !Ref AWS::AccountId
      SourceArn: !Sub arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:trail:*
  Errors:
    Type: AWS::Logs::SubscriptionFilter
    DependsOn: Permission
    Properties:
      LogGroupName: trail
      FilterPattern: '{ $.errorCode = * }'
      DestinationArn: !Sub arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:keep
"""


def main(via):
    with Cloud() as cloud:
        calls = Clients(cloud.endpoint, via=via)
        boto = Clients(cloud.endpoint)
        account = calls.call("sts", "GetCallerIdentity")["Account"]
        calls.call("logs", "CreateLogGroup", logGroupName=GROUP)
        calls.call("logs", "CreateLogStream", logGroupName=GROUP, logStreamName=STREAM)
        function(boto, calls, account)
        stack(calls)
        put(calls, account)
        counted(calls)
        delivered(boto, {"first": 3})
        queried(calls)
        killed(cloud, boto, account)


def function(boto, calls, account):
    boto.call("s3", "CreateBucket", Bucket=BUCKET)
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}]}
    boto.call("iam", "CreateRole", RoleName="keep", AssumeRolePolicyDocument=json.dumps(trust))
    boto.call("iam", "PutRolePolicy", RoleName="keep", PolicyName="p", PolicyDocument=json.dumps(allow))
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", KEEP)
    boto.call(
        "lambda", "CreateFunction", FunctionName="keep", Runtime="python3.12", Handler="index.handler", Timeout=60,
        Role=f"arn:aws:iam::{account}:role/keep", Code={"ZipFile": code.getvalue()},
    )  # fmt: skip
    # Without a permission of its own the function lets nobody in.
    refused = calls.refused(
        "logs", "PutSubscriptionFilter", logGroupName=GROUP, filterName="f", filterPattern="",
        destinationArn=f"arn:aws:lambda:us-east-1:{account}:function:keep",
    )  # fmt: skip
    assert (refused.code, refused.message) == ("InvalidParameterException", NOT_EXECUTABLE), refused


def stack(calls):
    calls.call("cloudformation", "CreateStack", StackName="filters", TemplateBody=TEMPLATE)

    def made():
        status = calls.call("cloudformation", "DescribeStacks", StackName="filters")["Stacks"][0]["StackStatus"]
        assert not status.endswith(("FAILED", "ROLLBACK_COMPLETE")), calls.call("cloudformation", "DescribeStackEvents", StackName="filters")
        return status == "CREATE_COMPLETE"

    until("the stack is made", made, PATIENCE)
    [metric] = calls.call("logs", "DescribeMetricFilters", logGroupName=GROUP)["metricFilters"]
    assert (metric["filterPattern"], metric["metricTransformations"][0]["defaultValue"]) == (ROOT_CALLS, 0.0), metric
    [subscription] = calls.call("logs", "DescribeSubscriptionFilters", logGroupName=GROUP)["subscriptionFilters"]
    assert subscription["distribution"] == "ByLogStream", subscription
    counts = [group["metricFilterCount"] for group in calls.call("logs", "DescribeLogGroups")["logGroups"] if group["logGroupName"] == GROUP]
    assert counts == [1], counts


def event(kind, name, **members):
    return json.dumps({"eventName": name, "userIdentity": {"type": kind}, **members})


def put(calls, account):
    now = int(time.time() * 1000)
    messages = [
        event("Root", "ConsoleLogin"),
        event("IAMUser", "RunInstances", errorCode="AccessDenied", marker="first", items=[{"x": 7}]),
        event("Root", "CreateUser", invokedBy="x"),
        event("IAMUser", "RunInstances", errorCode="AccessDenied", marker="first"),
        event("IAMUser", "DeleteTrail", errorCode="Throttled", marker="first"),
        "a line of text",
    ]
    events = [{"timestamp": now, "message": message} for message in messages]
    calls.call("logs", "PutLogEvents", logGroupName=GROUP, logStreamName=STREAM, logEvents=events)


def counted(calls):
    """The metric is CloudWatch's to keep."""
    now = int(time.time())

    def sum_is_two():
        answer = calls.call(
            "cloudwatch", "GetMetricStatistics", Namespace="CIS", MetricName="RootCalls", Statistics=["Sum"], Period=60,
            StartTime=now - 600, EndTime=now + 600,
        )  # fmt: skip
        return sum(point["Sum"] for point in answer["Datapoints"]) == 2

    until("the root's calls are counted", sum_is_two, PATIENCE)


def kept(boto):
    """What the function was given, in the order of events."""
    pages = boto.client("s3").get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
    found = {}
    for key in sorted(keys):
        data = json.loads(boto.call("s3", "GetObject", Bucket=BUCKET, Key=key)["Body"])
        for item in data["logEvents"]:
            message = json.loads(item["message"])
            found.setdefault(message["marker"], []).append(message)
    return found


def delivered(boto, expected):
    until("the function is given what was selected", lambda: {name: len(all) for name, all in kept(boto).items()} == expected, PATIENCE)


def answer(calls, query_id):
    def over():
        found = calls.call("logs", "GetQueryResults", queryId=query_id)
        return found if found["status"] not in ("Scheduled", "Running") else None

    found = until("the query is over", over, PATIENCE)
    assert found["status"] == "Complete", found
    return found


def rows(found):
    return [{field["field"]: field["value"] for field in row if field["field"] != "@ptr"} for row in found["results"]]


def start(calls, text):
    now = int(time.time())
    return calls.call("logs", "StartQuery", logGroupName=GROUP, startTime=now - 3600, endTime=now + 60, queryString=text)["queryId"]


def queried(calls):
    by_name = answer(calls, start(calls, "filter ispresent(errorCode) | stats count(*) as calls by eventName, errorCode | sort calls desc"))
    assert rows(by_name) == [
        {"eventName": "RunInstances", "errorCode": "AccessDenied", "calls": "2"},
        {"eventName": "DeleteTrail", "errorCode": "Throttled", "calls": "1"},
    ], by_name
    assert (by_name["statistics"]["recordsMatched"], by_name["statistics"]["recordsScanned"]) == (3.0, 6.0), by_name
    one = answer(calls, start(calls, "fields items.0.x as x | filter @message like /(?i)runinstances/ and x = 7"))
    assert rows(one) == [{"x": "7"}], one
    [pointer] = [field["value"] for field in one["results"][0] if field["field"] == "@ptr"]
    record = calls.call("logs", "GetLogRecord", logRecordPointer=pointer)["logRecord"]
    assert (record["eventName"], record["@logStream"]) == ("RunInstances", STREAM), record
    try:
        start(calls, "fields @timestamp | count()")
        raise AssertionError("what is no query was started")
    except Refused as refused:
        assert refused.code == "MalformedQueryException", refused
        assert refused.message == "unexpected symbol found count at line 1 and position 21", refused
    try:
        if calls.via == "boto3":
            calls.client("logs").start_query(logGroupName=GROUP, startTime=0, endTime=1, queryString="x")
    except botocore.exceptions.ClientError as error:
        place = error.response["queryCompileError"]["location"]
        assert place == {"startCharOffset": 0, "endCharOffset": 1}, error.response


def killed(cloud, boto, account):
    """kill -9 while deliveries and queries are on their way."""
    many = [{"timestamp": int(time.time() * 1000), "message": event("Service", "Many", number=number)} for number in range(5_000)]
    for _ in range(EVENTS // len(many)):
        boto.call("logs", "PutLogEvents", logGroupName=GROUP, logStreamName=STREAM, logEvents=many)
    before = start(boto, "stats count(*) as n")
    assert rows(answer(boto, before)) == [{"n": str(EVENTS + 6)}]
    acknowledged = []

    def write():
        for number in range(1_000):
            message = event("IAMUser", "Loop", errorCode="E", marker="killed", number=number)
            events = [{"timestamp": int(time.time() * 1000), "message": message}]
            try:
                boto.call("logs", "PutLogEvents", logGroupName=GROUP, logStreamName=STREAM, logEvents=events)
            except (botocore.exceptions.BotoCoreError, OSError):
                return
            acknowledged.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    until("some events are put", lambda: len(acknowledged) >= 20)
    running = start(boto, "parse @message '\"number\": *}' as n | stats count_distinct(n) as n, max(@message) as last")
    cloud.kill()
    writer.join()
    cloud.start()
    assert rows(answer(boto, before)) == [{"n": str(EVENTS + 6)}], "results survive"
    again = answer(boto, running)
    assert int(rows(again)[0]["n"]) >= 5_000, again

    def all_there():
        numbers = {message["number"] for message in kept(boto).get("killed", [])}
        return numbers.issuperset(acknowledged)

    until("every acknowledged event is delivered", all_there, PATIENCE)
    numbers = [message["number"] for message in kept(boto)["killed"]]
    assert sorted(set(numbers)) == numbers == list(range(len(numbers))), "in order"
    assert len(numbers) - len(acknowledged) in (0, 1), "what was not acknowledged is at most the last"


main(sys.argv[1])
