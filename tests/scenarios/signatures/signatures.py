"""Every way of signing, and every way of tampering, against a running server."""

import datetime
import http.client
import json
import urllib.request

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.config
import botocore.credentials

from clients import Clients
from cloud import Cloud


def main():
    with Cloud("--ephemeral") as cloud:
        root = Clients(cloud.endpoint)
        tampering(cloud)
        keys(cloud, root)
        sessions(cloud, root)
        presigned(cloud, root)
        chunked(root)
        reset(cloud)
    durable_reset()
    random_root()


def signed(cloud, service="sts", body=b"Action=GetCallerIdentity&Version=2011-06-15", key="test", secret="test", when=None, **headers):
    kind = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    request = botocore.awsrequest.AWSRequest("POST", cloud.endpoint + "/", headers={**kind, **headers}, data=body)
    auth = botocore.auth.SigV4Auth(botocore.credentials.Credentials(key, secret), service, "us-east-1")
    if when:
        real = botocore.auth.get_current_datetime
        botocore.auth.get_current_datetime = lambda *_, **__: when
        try:
            auth.add_auth(request)
        finally:
            botocore.auth.get_current_datetime = real
    else:
        auth.add_auth(request)
    return request


def send(cloud, request, **changes):
    headers = {**dict(request.headers.items()), **changes.pop("headers", {})}
    connection = http.client.HTTPConnection("127.0.0.1", cloud.port)
    connection.request(request.method, changes.pop("path", "/"), changes.pop("body", request.data), headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def refused(what, answer, code, status):
    assert answer[0] == status and f"<Code>{code}</Code>" in answer[1], (what, code, answer)


def tampering(cloud):
    good = signed(cloud)
    status, body = send(cloud, good)
    assert status == 200 and "arn:aws:iam::000000000000:root" in body, body
    authorization = good.headers["Authorization"]
    refused("body", send(cloud, good, body=b"Action=GetCallerIdentity&Version=2011-06-15&X=1"), "SignatureDoesNotMatch", 403)
    refused("query", send(cloud, good, path="/?x=1"), "SignatureDoesNotMatch", 403)
    refused("header", send(cloud, good, headers={"content-type": "application/x-www-form-urlencoded"}), "SignatureDoesNotMatch", 403)
    flipped = authorization[:-1] + ("0" if authorization[-1] != "0" else "1")
    refused("signature", send(cloud, good, headers={"Authorization": flipped}), "SignatureDoesNotMatch", 403)
    other = authorization.replace("/us-east-1/", "/eu-west-1/")
    refused("scope", send(cloud, good, headers={"Authorization": other}), "SignatureDoesNotMatch", 403)
    cut = authorization.split(", Signature=")[0]
    refused("no signature", send(cloud, good, headers={"Authorization": cut}), "IncompleteSignature", 400)
    refused("wrong secret", send(cloud, signed(cloud, secret="Test")), "SignatureDoesNotMatch", 403)
    refused("unknown key", send(cloud, signed(cloud, key="AKIAUNKNOWN000000000")), "InvalidClientTokenId", 403)
    refused("stray token", send(cloud, signed(cloud, **{"x-amz-security-token": "x"})), "InvalidClientTokenId", 403)
    now = datetime.datetime.now(datetime.timezone.utc)
    for minutes in (-20, 20):
        late = signed(cloud, when=now + datetime.timedelta(minutes=minutes))
        refused(f"{minutes} minutes", send(cloud, late), "SignatureDoesNotMatch", 403)
    bare = botocore.awsrequest.AWSRequest("POST", cloud.endpoint, headers={"content-type": good.headers["content-type"]}, data=good.data)
    refused("unsigned", send(cloud, bare), "MissingAuthenticationToken", 403)


def keys(cloud, root):
    root.call("iam", "CreateUser", UserName="ann")
    key = root.call("iam", "CreateAccessKey", UserName="ann")["AccessKey"]
    ann = Clients(cloud.endpoint, key=key["AccessKeyId"], secret=key["SecretAccessKey"])
    assert ann.call("sts", "GetCallerIdentity")["Arn"].endswith(":user/ann")
    denied = ann.refused("s3", "ListBuckets")
    assert denied.code == "AccessDenied" and "is not authorized to perform: s3:ListAllMyBuckets" in denied.message, denied
    root.call("iam", "UpdateAccessKey", UserName="ann", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    assert ann.refused("sts", "GetCallerIdentity").code == "InvalidClientTokenId"
    assert ann.refused("config", "DescribeConfigRules").code == "UnrecognizedClientException"
    assert ann.refused("s3", "ListBuckets").code == "InvalidAccessKeyId"
    assert ann.refused("ec2", "DescribeVpcs").code == "AuthFailure"


def sessions(cloud, root):
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "sts:AssumeRole"}]}
    role = root.call("iam", "CreateRole", RoleName="reader", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    root.call("iam", "AttachRolePolicy", RoleName="reader", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    root.call("iam", "CreateUser", UserName="bob")
    key = root.call("iam", "CreateAccessKey", UserName="bob")["AccessKey"]
    bob = Clients(cloud.endpoint, key=key["AccessKeyId"], secret=key["SecretAccessKey"])
    assert bob.refused("sts", "AssumeRole", RoleArn=role, RoleSessionName="session").code == "AccessDenied"
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role}]}
    root.call("iam", "PutUserPolicy", UserName="bob", PolicyName="p", PolicyDocument=json.dumps(allow))
    session = bob.call("sts", "AssumeRole", RoleArn=role, RoleSessionName="session")["Credentials"]
    given = {"key": session["AccessKeyId"], "secret": session["SecretAccessKey"]}
    reader = Clients(cloud.endpoint, token=session["SessionToken"], **given)
    assert reader.call("sts", "GetCallerIdentity")["Arn"].endswith(":assumed-role/reader/session")
    reader.call("s3", "ListBuckets")
    assert reader.refused("s3", "CreateBucket", Bucket="not-for-readers").code == "AccessDenied"
    assert Clients(cloud.endpoint, **given).refused("sts", "GetCallerIdentity").code == "InvalidClientTokenId"
    wrong = session["SessionToken"][:-4] + "AAAA"
    assert Clients(cloud.endpoint, token=wrong, **given).refused("sts", "GetCallerIdentity").code == "InvalidClientTokenId"


def get(url):
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def presigned(cloud, root):
    root.call("s3", "CreateBucket", Bucket="presigned")
    root.call("s3", "PutObject", Bucket="presigned", Key="a b+c/é.txt", Body=b"hello")
    parameters = {"Bucket": "presigned", "Key": "a b+c/é.txt"}
    # SDKs sign these with version 2 unless told otherwise.
    for client in (root.client("s3"), s3v4(cloud)):
        url = client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=60)
        assert get(url) == (200, "hello"), url
        assert get(url.replace("a%20b", "a%20x"))[0] == 403
        status, body = get(url[:-2] + ("AA" if not url.endswith("AA") else "BB"))
        assert status == 403, body
    assert get(f"{cloud.endpoint}/presigned/x")[0] == 403, "anonymous"


def s3v4(cloud):
    configuration = botocore.config.Config(signature_version="s3v4")
    return boto3.client("s3", endpoint_url=cloud.endpoint, aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1", config=configuration)


def chunked(root):
    """Bodies of unknown length go in chunks with a trailing checksum."""
    import io

    class Stream(io.RawIOBase):
        def __init__(self):
            self.left = [b"x" * 70_000, b"y" * 5]

        def readable(self):
            return True

        def readinto(self, buffer):
            if not self.left:
                return 0
            chunk = self.left[0][: len(buffer)]
            self.left[0] = self.left[0][len(chunk) :]
            if not self.left[0]:
                self.left.pop(0)
            buffer[: len(chunk)] = chunk
            return len(chunk)

    body = b"x" * 70_000 + b"y" * 5
    root.client("s3").put_object(Bucket="presigned", Key="chunked", Body=io.BytesIO(body), ChecksumAlgorithm="CRC32")
    assert root.call("s3", "GetObject", Bucket="presigned", Key="chunked")["Body"] == body


def reset(cloud):
    assert '"empty"' in cloud.page("reset", method="POST")
    assert Clients(cloud.endpoint).call("s3", "ListBuckets")["Buckets"] == []


def durable_reset():
    with Cloud(name="durable") as cloud:
        Clients(cloud.endpoint).call("s3", "CreateBucket", Bucket="kept-bucket")
        try:
            cloud.page("reset", method="POST")
            raise SystemExit("an unsigned reset of a durable cloud was taken")
        except urllib.error.HTTPError as error:
            assert error.code == 403
        assert len(Clients(cloud.endpoint).call("s3", "ListBuckets")["Buckets"]) == 1
        request = botocore.awsrequest.AWSRequest("POST", cloud.endpoint + "/_cloudchamber/reset", data=b"")
        botocore.auth.SigV4Auth(botocore.credentials.Credentials("test", "test"), "sts", "us-east-1").add_auth(request)
        status, body = send(cloud, request, path="/_cloudchamber/reset")
        assert status == 200, body
        assert Clients(cloud.endpoint).call("s3", "ListBuckets")["Buckets"] == []


def random_root():
    with Cloud("--root-credentials", "random", name="random") as cloud:
        assert Clients(cloud.endpoint).refused("sts", "GetCallerIdentity").code == "InvalidClientTokenId"
        kept = cloud.data_dir / "root-credentials"
        assert kept.stat().st_mode & 0o777 == 0o600
        key, secret = kept.read_text().split()
        assert secret in cloud.log.read_text(), "told once, at the start"
        own = Clients(cloud.endpoint, key=key, secret=secret)
        assert own.call("sts", "GetCallerIdentity")["Arn"] == "arn:aws:iam::000000000000:root"


if __name__ == "__main__":
    main()
