"""Signs with botocore what comes as JSON on stdin, and prints what botocore sends as JSON on stdout.

{"cases": [...]} are bare requests for botocore's signers; "clients" are calls of real clients, whose requests are caught before
they would be sent.
"""

import base64
import io
import json
import sys

import botocore.auth
import botocore.session
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

SIGNERS = {
    ("service", "header"): botocore.auth.SigV4Auth,
    ("service", "query"): botocore.auth.SigV4QueryAuth,
    ("s3", "header"): botocore.auth.S3SigV4Auth,
    ("s3", "query"): botocore.auth.S3SigV4QueryAuth,
}


def pairs(headers):
    text = lambda value: value.decode("utf-8") if isinstance(value, bytes) else str(value)
    return [[name, text(value)] for name, value in headers.items()]


def sign(case):
    request = AWSRequest(method=case["method"], url=case["url"], data=case["body"].encode())
    for name, value in case["headers"]:
        request.headers.add_header(name, value)
    credentials = Credentials(case["access_key"], case["secret"], case["token"])
    kind = "s3" if case["service"] == "s3" else "service"
    extra = {"expires": case["expires"]} if case["place"] == "query" else {}
    signer = SIGNERS[kind, case["place"]](credentials, case["service"], case["region"], **extra)
    signer.add_auth(request)
    return {"url": request.url, "headers": pairs(request.headers)}


class Caught(Exception):
    pass


def client_requests(setup):
    session = botocore.session.Session()
    caught = []

    def client(service, endpoint, **config):
        made = session.create_client(
            service,
            region_name="eu-west-1",
            endpoint_url=endpoint,
            aws_access_key_id=setup["access_key"],
            aws_secret_access_key=setup["secret"],
            aws_session_token=setup["token"],
            config=Config(retries={"max_attempts": 0}, **config),
        )

        def catch(request, **_):
            body = request.body
            if body is None:
                body = b""
            elif hasattr(body, "read"):
                body = body.read()
            elif isinstance(body, str):
                body = body.encode()
            caught.append(
                {
                    "service": made.meta.service_model.signing_name,
                    "method": request.method,
                    "url": request.url,
                    "headers": pairs(request.headers),
                    "body": base64.b64encode(bytes(body)).decode(),
                }
            )
            raise Caught

        made.meta.events.register("before-send", catch)
        return made

    def call(made, operation, **parameters):
        before = len(caught)
        try:
            getattr(made, operation)(**parameters)
        except Caught:
            pass
        assert len(caught) == before + 1, operation
        caught[-1]["name"] = operation

    presigned, version_2 = [], []

    def presign(made, operation, **parameters):
        method = parameters.pop("HttpMethod", "GET")
        url = made.generate_presigned_url(operation, Params=parameters, ExpiresIn=700, HttpMethod=method)
        presigned.append({"name": operation, "service": made.meta.service_model.signing_name, "method": method, "url": url})

    def presign_version_2(made, operation, bucket, **parameters):
        method = parameters.pop("HttpMethod", "GET")
        url = made.generate_presigned_url(operation, Params=parameters, ExpiresIn=700, HttpMethod=method)
        assert "&Signature=" in url or "?Signature=" in url, url
        version_2.append({"name": operation, "bucket": bucket, "method": method, "url": url})

    key = "dir/a b+c&d=e:f~(g)*'!$@,;?#[]%25ü/é//../x.txt"
    form = None
    for endpoint in ("http://localhost:4566", "https://localhost:4566"):
        for addressing in ("path", "virtual"):
            s3 = client("s3", endpoint, s3={"addressing_style": addressing}, signature_version="s3v4")
            call(s3, "list_buckets")
            call(s3, "put_object", Bucket="my-bucket", Key=key, Body=b"x" * 20000, Metadata={"color": "a   b", "empty": ""})
            call(s3, "put_object", Bucket="my-bucket", Key=key, Body=io.BytesIO(b"y" * 3000000), ChecksumAlgorithm="SHA256")
            call(s3, "put_object", Bucket="my-bucket", Key=key, Body=io.BytesIO(b""))
            call(s3, "get_object", Bucket="my-bucket", Key=key, Range="bytes=0-9", ResponseContentType="text/plain; a=b")
            call(s3, "list_objects_v2", Bucket="my-bucket", Prefix="a/b c+d&=ü", Delimiter="/", EncodingType="url")
            call(s3, "delete_objects", Bucket="my-bucket", Delete={"Objects": [{"Key": key}]})
            call(s3, "upload_part", Bucket="my-bucket", Key=key, UploadId="a.b/c=", PartNumber=7, Body=io.BytesIO(b"z" * 9000))
            call(s3, "copy_object", Bucket="my-bucket", Key=key, CopySource={"Bucket": "o", "Key": key})
            presign(s3, "get_object", Bucket="my-bucket", Key=key, VersionId="v/1")
            presign(s3, "put_object", Bucket="my-bucket", Key=key, HttpMethod="PUT")
            form = s3.generate_presigned_post(
                "my-bucket", "user/${filename}", Fields={"acl": "private"},
                Conditions=[{"acl": "private"}, ["content-length-range", 1, 100]], ExpiresIn=600,
            )
            # Left alone, botocore presigns with Signature Version 2 in the regions that are old enough.
            old = client("s3", endpoint, s3={"addressing_style": addressing})
            bucket = "my-bucket" if addressing == "virtual" else None
            text = "text/html; a=b+c"
            presign_version_2(old, "get_object", bucket, Bucket="my-bucket", Key=key, VersionId="v/1", ResponseContentType=text)
            presign_version_2(old, "put_object", bucket, Bucket="my-bucket", Key=key, ACL="private", HttpMethod="PUT")
            old_form = old.generate_presigned_post("my-bucket", "user/a.txt", ExpiresIn=600)
        call(client("dynamodb", endpoint), "put_item", TableName="t", Item={"k": {"S": "ü"}})
        call(client("sts", endpoint), "get_caller_identity")
        presign(client("sts", endpoint), "get_caller_identity")
        call(client("iam", endpoint), "create_role", RoleName="r", AssumeRolePolicyDocument='{"a": "b c+d"}')
        call(client("ec2", endpoint), "describe_instances", Filters=[{"Name": "tag:a b", "Values": ["*"]}])
        arn = "arn:aws:lambda:eu-west-1:123456789012:function:f"
        call(client("lambda", endpoint), "invoke", FunctionName=arn, Qualifier="$LATEST", Payload=b'{"a": "b"}')
        call(client("lambda", endpoint), "list_tags", Resource=arn)
        call(client("config", endpoint), "describe_config_rules")
        call(client("cloudwatch", endpoint), "list_metrics")
        call(client("logs", endpoint), "describe_log_groups")
        call(client("sqs", endpoint), "list_queues")
        call(client("apigateway", endpoint), "get_rest_apis", limit=5)
        call(client("cloudformation", endpoint), "describe_stacks", StackName="s")
    return {"requests": caught, "presigned": presigned, "form": form["fields"], "version_2": version_2, "version_2_form": old_form["fields"]}


def main():
    job = json.load(sys.stdin)
    out = {}
    if "cases" in job:
        out["cases"] = [sign(case) for case in job["cases"]]
    if "clients" in job:
        out["clients"] = client_requests(job["clients"])
    json.dump(out, sys.stdout)


main()
