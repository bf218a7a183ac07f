"""Bad input at every edge gets AWS's error and changes nothing."""

import http.client
import json

import botocore.auth
import botocore.awsrequest
import botocore.credentials

from clients import Clients
from cloud import Cloud


def main():
    with Cloud("--ephemeral") as cloud:
        clients = Clients(cloud.endpoint)
        clients.call("s3", "CreateBucket", Bucket="input-bucket")
        before = state(clients)
        malformed(cloud)
        unknown(cloud)
        oversized(cloud)
        documents(clients)
        assert state(clients) == before, "refused input changed something"
        # A connection that breaks off in the middle of a body leaves nothing.
        broken_off(cloud, clients)


def state(clients):
    return (
        [bucket["Name"] for bucket in clients.call("s3", "ListBuckets")["Buckets"]],
        clients.call("s3", "ListObjectsV2", Bucket="input-bucket").get("KeyCount"),
        len(clients.call("iam", "ListUsers")["Users"]),
        len(clients.call("iam", "ListRoles")["Roles"]),
        len(clients.call("lambda", "ListFunctions")["Functions"]),
        clients.call("cloudformation", "ListStacks")["StackSummaries"],
        len(clients.call("logs", "DescribeLogGroups")["logGroups"]),
    )


def raw(cloud, service, method, path, body, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = botocore.awsrequest.AWSRequest(method, cloud.endpoint + path, headers=headers, data=body)
    kind = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
    kind(botocore.credentials.Credentials("test", "test"), service, "us-east-1").add_auth(request)
    connection = http.client.HTTPConnection("127.0.0.1", cloud.port)
    connection.request(method, path, body, dict(request.headers.items()))
    answer = connection.getresponse()
    return answer.status, answer.read().decode(errors="replace")


FORM = "application/x-www-form-urlencoded; charset=utf-8"
JSON = "application/x-amz-json-1.1"


def expect(answer, status, *parts):
    assert answer[0] == status and all(part in answer[1] for part in parts), (answer, status, parts)


def malformed(cloud):
    config = lambda body: raw(cloud, "config", "POST", "/", body, content_type=JSON, x_amz_target="StarlingDoveService.DescribeConfigRules")
    expect(config(b"{"), 400, "SerializationException")
    expect(config(b'{"ConfigRuleNames": 7}'), 400, "SerializationException")
    expect(config(b"[" * 100_000), 400, "SerializationException")
    expect(config(b"\xff\xfe"), 400, "SerializationException")
    expect(raw(cloud, "s3", "PUT", "/input-bucket?versioning", b"<VersioningConfiguration><Status>", content_type="text/xml"), 400, "MalformedXML")
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><VersioningConfiguration><Status>&b;</Status></VersioningConfiguration>'
    expect(raw(cloud, "s3", "PUT", "/input-bucket?versioning", bomb, content_type="text/xml"), 400, "MalformedXML")
    cbor = raw(cloud, "config", "POST", "/service/StarlingDoveService/operation/DescribeConfigRules", b"\x9f", content_type="application/cbor", smithy_protocol="rpc-v2-cbor")
    assert cbor[0] in (400, 501), cbor
    expect(raw(cloud, "iam", "POST", "/", b"Action=CreateUser&Version=2010-05-08", content_type=FORM), 400, "<Code>", "userName")
    expect(raw(cloud, "iam", "POST", "/", b"Action=CreateUser&Version=2010-05-08&UserName=a/b", content_type=FORM), 400, "ValidationError")


def unknown(cloud):
    expect(raw(cloud, "config", "POST", "/", b"{}", content_type=JSON, x_amz_target="StarlingDoveService.NoSuchOperation"), 400, "UnknownOperationException")
    expect(raw(cloud, "config", "POST", "/", b"{}", content_type=JSON, x_amz_target="StarlingDoveService.PutOrganizationConfigRule"), 501, "PutOrganizationConfigRule")
    expect(raw(cloud, "ec2", "POST", "/", b"Action=NoSuchAction&Version=2016-11-15", content_type=FORM), 400, "InvalidAction")
    expect(raw(cloud, "ec2", "POST", "/", b"Action=RunInstances&Version=2016-11-15", content_type=FORM), 501, "RunInstances")
    expect(raw(cloud, "kinesis", "POST", "/", b"{}", content_type=JSON, x_amz_target="Kinesis_20131202.ListStreams"), 501, "Kinesis")
    expect(raw(cloud, "lambda", "GET", "/2015-03-31/nothing", b""), 501, "not built")


def oversized(cloud):
    body = b"x" * (17 << 20)
    try:
        answer = raw(cloud, "config", "POST", "/", body, content_type=JSON, x_amz_target="StarlingDoveService.DescribeConfigRules")
        expect(answer, 413, "RequestEntityTooLarge")
    except (BrokenPipeError, ConnectionResetError):
        pass  # It answered before the body was over, and closed.


def documents(clients):
    stack = lambda body: clients.refused("cloudformation", "CreateStack", StackName="bad", TemplateBody=body)
    assert "not well-formed" in stack("{").message
    assert "At least one Resources member must be defined" in stack("Description: x").message
    assert stack(json.dumps({"Resources": {"A": {"Type": "AWS::No::Such"}}})).message == "Template format error: Unrecognized resource types: [AWS::No::Such]"
    trust = clients.refused("iam", "CreateRole", RoleName="bad", AssumeRolePolicyDocument="{")
    assert trust.code == "MalformedPolicyDocument", trust
    policy = clients.refused("s3", "PutBucketPolicy", Bucket="input-bucket", Policy='{"Statement": 1}')
    assert policy.code == "MalformedPolicy", policy
    good = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = clients.call("iam", "CreateRole", RoleName="for-functions", AssumeRolePolicyDocument=json.dumps(good))["Role"]["Arn"]
    zipped = clients.refused("lambda", "CreateFunction", FunctionName="bad", Runtime="python3.12", Role=role, Handler="a.b", Code={"ZipFile": b"no zip"})
    assert zipped.code == "InvalidParameterValueException" and "unzip" in zipped.message, zipped
    clients.call("iam", "DeleteRole", RoleName="for-functions")


def broken_off(cloud, clients):
    request = botocore.awsrequest.AWSRequest("PUT", cloud.endpoint + "/input-bucket/half", data=b"x" * 1_000_000)
    botocore.auth.S3SigV4Auth(botocore.credentials.Credentials("test", "test"), "s3", "us-east-1").add_auth(request)
    connection = http.client.HTTPConnection("127.0.0.1", cloud.port)
    connection.putrequest("PUT", "/input-bucket/half", skip_host=True)
    for name, value in {**dict(request.headers.items()), "Host": f"127.0.0.1:{cloud.port}", "Content-Length": "1000000"}.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(b"x" * 500_000)
    connection.close()
    assert clients.call("s3", "ListObjectsV2", Bucket="input-bucket").get("KeyCount") == 0
    wrong = raw(cloud, "s3", "PUT", "/input-bucket/wrong", b"abc", **{"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="})
    expect(wrong, 400, "BadDigest")
    assert clients.call("s3", "ListObjectsV2", Bucket="input-bucket").get("KeyCount") == 0


if __name__ == "__main__":
    main()
