"""CloudWatch's metrics and dashboards by boto3 in JSON and CBOR, by the AWS CLI, by the old query protocol, and after kill -9."""

import datetime
import gzip
import json
import re
import sys
import urllib.error
import urllib.request

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.model

from clients import Clients, Refused
from cloud import Cloud, until

NOW = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
BODY = json.dumps({"widgets": [{"type": "text", "properties": {"markdown": "Hello"}}]})


def ago(minutes):
    return (NOW - datetime.timedelta(minutes=minutes)).isoformat()


def by_hand(cloud, body, headers, path="/"):
    """A request that is signed, and otherwise as it is given: status, headers, body."""
    request = botocore.awsrequest.AWSRequest("POST", cloud.endpoint + path, headers=headers, data=body)
    credentials = botocore.credentials.Credentials("test", "test")
    botocore.auth.SigV4Auth(credentials, "monitoring", "us-east-1").add_auth(request)
    sent = urllib.request.Request(request.url, data=request.body, headers=dict(request.headers), method="POST")
    try:
        with urllib.request.urlopen(sent) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def by_query(cloud, form, **headers):
    kind = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    status, _, body = by_hand(cloud, form, {**kind, **headers})
    return status, body.decode()


def by_json(cloud, operation, document):
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": f"GraniteServiceVersion20100801.{operation}",
    }
    status, headers, body = by_hand(cloud, json.dumps(document).encode(), headers)
    return status, headers, json.loads(body or b"{}")


def put_and_read(clients):
    data = [{"MetricName": "Latency", "Timestamp": ago(minute), "Value": minute, "Unit": "Milliseconds"} for minute in range(1, 6)]
    data.append({"MetricName": "Errors", "Timestamp": ago(2), "Values": [1.0, 3.0], "Counts": [2.0, 1.0],
                 "Dimensions": [{"Name": "Host", "Value": "a"}]})
    clients.call("cloudwatch", "PutMetricData", Namespace="Shop", MetricData=data)
    listed = clients.call("cloudwatch", "ListMetrics", Namespace="Shop")["Metrics"]
    assert {metric["MetricName"]: metric["Dimensions"] for metric in listed} == {
        "Latency": [], "Errors": [{"Name": "Host", "Value": "a"}]}, listed
    statistics = clients.call(
        "cloudwatch", "GetMetricStatistics", Namespace="Shop", MetricName="Latency", StartTime=ago(5), EndTime=ago(0),
        Period=300, Statistics=["Average", "Maximum", "SampleCount"])
    assert statistics["Label"] == "Latency"
    point, = statistics["Datapoints"]
    assert (point["Average"], point["Maximum"], point["SampleCount"], point["Unit"]) == (3.0, 5.0, 5.0, "Milliseconds"), point
    assert "Sum" not in point
    queries = [
        {"Id": "m1", "ReturnData": False, "MetricStat": {
            "Metric": {"Namespace": "Shop", "MetricName": "Latency"}, "Period": 60, "Stat": "p90"}},
        {"Id": "e1", "Label": "Doubled", "Expression": "m1 * 2"},
        {"Id": "e2", "Expression": "SEARCH('{Shop,Host} Errors', 'Sum', 60)"},
    ]
    read = clients.call("cloudwatch", "GetMetricData", MetricDataQueries=queries, StartTime=ago(5), EndTime=ago(0),
                        ScanBy="TimestampAscending")
    doubled, errors = read["MetricDataResults"]
    assert (doubled["Label"], doubled["Values"], doubled["StatusCode"]) == ("Doubled", [10.0, 8.0, 6.0, 4.0, 2.0], "Complete"), read
    assert (errors["Id"], errors["Label"], errors["Values"]) == ("e2", "Errors", [5.0]), read
    assert len(doubled["Timestamps"]) == 5


def refusals(clients):
    error = clients.refused("cloudwatch", "PutMetricData", Namespace="AWS/EC2", MetricData=[{"MetricName": "m", "Value": 1.0}])
    assert (error.code, error.message) == ("InvalidParameterValue", "The value AWS/EC2 for parameter Namespace is invalid."), error
    error = clients.refused("cloudwatch", "GetDashboard", DashboardName="none")
    assert (error.code, error.message) == ("ResourceNotFound", "Dashboard none does not exist"), error
    error = clients.refused(
        "cloudwatch", "GetMetricData", StartTime=ago(5), EndTime=ago(0),
        MetricDataQueries=[{"Id": "e1", "Expression": "WHAT(1)"}])
    assert (error.code, error.message) == ("ValidationError", "Error in expression 'e1': Unknown function WHAT."), error
    error = clients.refused("cloudwatch", "PutDashboard", DashboardName="main", DashboardBody="{}")
    assert error.code == "InvalidParameterInput", error
    error = clients.refused("cloudwatch", "DescribeAnomalyDetectors")
    assert error.code == "NotImplemented", error


def dashboards(clients):
    clients.call("cloudwatch", "PutDashboard", DashboardName="main", DashboardBody=BODY, Tags=[{"Key": "team", "Value": "shop"}])
    found = clients.call("cloudwatch", "GetDashboard", DashboardName="main")
    assert found["DashboardBody"] == BODY
    assert found["DashboardArn"] == "arn:aws:cloudwatch::000000000000:dashboard/main", found
    tags = clients.call("cloudwatch", "ListTagsForResource", ResourceARN=found["DashboardArn"])["Tags"]
    assert tags == [{"Key": "team", "Value": "shop"}]
    entry, = clients.call("cloudwatch", "ListDashboards", DashboardNamePrefix="ma")["DashboardEntries"]
    assert (entry["DashboardName"], entry["Size"]) == ("main", len(BODY)), entry


def denials(cloud, clients):
    """A user who may measure in one namespace, and read nothing."""
    clients.call("iam", "CreateUser", UserName="meter")
    statement = {"Effect": "Allow", "Action": "cloudwatch:PutMetricData", "Resource": "*",
                 "Condition": {"StringEquals": {"cloudwatch:namespace": "Mine"}}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    clients.call("iam", "PutUserPolicy", UserName="meter", PolicyName="measure", PolicyDocument=document)
    key = clients.call("iam", "CreateAccessKey", UserName="meter")["AccessKey"]
    user = Clients(cloud.endpoint, clients.via, key["AccessKeyId"], key["SecretAccessKey"])
    datum = [{"MetricName": "m", "Value": 1.0}]
    user.call("cloudwatch", "PutMetricData", Namespace="Mine", MetricData=datum)
    for error in [user.refused("cloudwatch", "PutMetricData", Namespace="Shop", MetricData=datum), user.refused("cloudwatch", "ListMetrics")]:
        assert error.code == "AccessDenied" and "arn:aws:iam::000000000000:user/meter is not authorized to perform: cloudwatch:" in error.message, error


def protocols(cloud, clients, speaks):
    """What boto3 speaks, and what others speak."""
    if clients.via == "boto3":
        client = clients.client("cloudwatch")
        sent = []
        client.meta.events.register("before-send.cloudwatch.*", lambda request, **_: sent.append(request))
        # More than 10 KiB: the SDK compresses it.
        data = [{"MetricName": f"many{n}", "Value": float(n), "Dimensions": [{"Name": "Padding", "Value": "x" * 100}]} for n in range(200)]
        client.put_metric_data(Namespace="Many", MetricData=data)
        is_cbor = sent[0].url.endswith("/service/GraniteServiceVersion20100801/operation/PutMetricData")
        assert is_cbor == (speaks == "cbor"), sent[0].url
        assert sent[0].headers["Content-Encoding"] in (b"gzip", "gzip"), sent[0].headers
        assert len(client.list_metrics(Namespace="Many")["Metrics"]) == 200
        try:
            client.put_metric_data(Namespace="AWS/EC2", MetricData=data[:1])
            raise AssertionError("AWS's namespaces are its own")
        except client.exceptions.InvalidParameterValueException as error:
            assert error.response["Error"]["Code"] == "InvalidParameterValue", error.response
        # An error in CBOR says the old code in a header.
        status, headers, _ = by_hand(
            cloud, b"\xa0", {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"},
            "/service/GraniteServiceVersion20100801/operation/DeleteDashboards")
        assert status == 400 and headers["smithy-protocol"] == "rpc-v2-cbor", (status, headers)

    form = ("Action=PutMetricData&Version=2010-08-01&Namespace=Old&MetricData.member.1.MetricName=m&MetricData.member.1.Value=7"
            "&MetricData.member.1.Dimensions.member.1.Name=Host&MetricData.member.1.Dimensions.member.1.Value=a")
    status, body = by_query(cloud, form.encode())
    assert status == 200 and '<PutMetricDataResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/">' in body, body
    status, body = by_query(cloud, gzip.compress(form.encode()), **{"Content-Encoding": "gzip"})
    assert status == 200 and "<PutMetricDataResponse" in body, body
    status, body = by_query(cloud, b"Action=ListMetrics&Version=2010-08-01&Namespace=Old")
    assert status == 200 and re.sub(r"\s", "", body).startswith(
        '<ListMetricsResponsexmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><ListMetricsResult><Metrics><member><Namespace>Old</Namespace>'
        "<MetricName>m</MetricName><Dimensions><member><Name>Host</Name><Value>a</Value></member></Dimensions></member></Metrics>"), body
    status, body = by_query(cloud, b"Action=GetDashboard&Version=2010-08-01&DashboardName=none")
    assert status == 404 and "<Type>Sender</Type>" in body and "<Code>ResourceNotFound</Code>" in body, body
    status, body = by_query(cloud, b"Action=PutMetricData&Version=2010-08-01&Namespace=Old")
    assert status == 400 and "<Code>MissingParameter</Code>" in body and "The parameter MetricData is required." in body, body

    read = {"MetricDataQueries": [{"Id": "m1", "MetricStat": {"Metric": {"Namespace": "Old", "MetricName": "m", "Dimensions": [
        {"Name": "Host", "Value": "a"}]}, "Period": 60, "Stat": "Sum"}}]}
    minute = int(NOW.timestamp())
    status, _, answer = by_json(cloud, "GetMetricData", {**read, "StartTime": minute - 60, "EndTime": minute + 600})
    assert status == 200 and sum(answer["MetricDataResults"][0]["Values"]) == 14.0, answer
    status, headers, answer = by_json(cloud, "GetDashboard", {"DashboardName": "none"})
    assert (status, headers["x-amzn-query-error"]) == (404, "ResourceNotFound;Sender"), (status, headers)
    assert answer == {"__type": "DashboardNotFoundError", "message": "Dashboard none does not exist"}, answer


def platform(clients):
    """What the platform measures itself appears by itself."""
    clients.call("sqs", "CreateQueue", QueueName="orders")
    found = until("a queue is measured", lambda: measured(clients))
    assert found[0]["Dimensions"] == [{"Name": "QueueName", "Value": "orders"}], found


def measured(clients):
    clients.call("sqs", "SendMessage", QueueUrl=f"{clients.endpoint}/000000000000/orders", MessageBody="x")
    return clients.call("cloudwatch", "ListMetrics", Namespace="AWS/SQS", MetricName="NumberOfMessagesSent")["Metrics"]


def main(speaks):
    if speaks == "cbor":
        # What AWS's other SDKs choose; botocore prefers JSON.
        botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS = ["smithy-rpc-v2-cbor", *botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS]
    with Cloud() as cloud:
        clients = Clients(cloud.endpoint, "cli" if speaks == "cli" else "boto3")
        put_and_read(clients)
        refusals(clients)
        dashboards(clients)
        denials(cloud, clients)
        protocols(cloud, clients, speaks)
        platform(clients)
        cloud.kill()
        cloud.start()
        dashboards(clients)
        point, = clients.call(
            "cloudwatch", "GetMetricStatistics", Namespace="Shop", MetricName="Latency", StartTime=ago(5), EndTime=ago(0),
            Period=300, Statistics=["SampleCount"])["Datapoints"]
        assert point["SampleCount"] == 5.0, point
        assert clients.call("cloudwatch", "ListMetrics", Namespace="Mine")["Metrics"]
    print(f"CloudWatch by {speaks}: metrics, mathematics, dashboards, three protocols, after kill -9")


main(sys.argv[1])
