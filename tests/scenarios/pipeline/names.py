"""Objects' names that break programs: each is put, read, listed, copied, presigned, announced and deleted as it is."""

import os
import socket
import subprocess
import sys
import unicodedata
import urllib.error
import urllib.request

import boto3
import botocore.config

from clients import Clients
from cloud import Cloud, until
from pipeline import Pipeline, p1

COMPOSED = unicodedata.normalize("NFC", "Käse für Zoë.txt")
NAMES = [
    "plain.txt",
    "Grimms' Fairy Tales by Jacob Grimm and Wilhelm Grimm.txt",
    "one+two = three.txt",
    "a space and%20an escape and %2B and %.txt",
    "100%",
    "question?mark=1&other=2#fragment",
    "?",
    "#",
    "&<>\"'\\^`{}|~[]!$()*,:;@=",
    " leading and trailing ",
    "/leading slash",
    "trailing slash/",
    "double//slash///three",
    "a/./dot",
    "a/../dots",
    "..",
    ".hidden",
    COMPOSED,
    unicodedata.normalize("NFD", COMPOSED),
    "日本語/ファイル 名.txt",
    "🎃 and 👩‍👩‍👧‍👦.png",
    "tab\tand\nnewline\rin it",
    "x" * 1024,
    "é" * 512,
    "acl", "uploads", "versions?versions", "_cloudchamber/mail",
]
# An SDK sends a path as it is; a program that gets a URL may take its dot segments away.
UNFIT_FOR_URLS = {"a/./dot", "a/../dots", ".."}


def bodies(name):
    return b"the body of " + name.encode()


def resolve_localhost():
    """Buckets' names below `localhost` are this machine, as browsers and resolvers of systemd have it and others do not."""
    resolve = socket.getaddrinfo

    def resolved(host, *arguments, **named):
        return resolve("127.0.0.1" if str(host).endswith("localhost") else host, *arguments, **named)

    socket.getaddrinfo = resolved


class Names:
    def __init__(self, pipeline, style):
        self.pipeline, self.style, self.bucket = pipeline, style, pipeline.outputs["Bucket"]
        port = pipeline.cloud.port
        configuration = botocore.config.Config(s3={"addressing_style": style}, retries={"total_max_attempts": 1}, signature_version="s3v4")
        session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
        self.client = session.client("s3", endpoint_url=f"http://localhost:{port}", config=configuration)

    def round(self):
        for name in NAMES:
            try:
                self.one(name)
            except Exception as error:
                raise AssertionError(f"{self.style} {name[:80]!r}: {error}") from error
        self.listed()

    def one(self, name):
        body, client, target = bodies(name), self.client, {"Bucket": self.bucket, "Key": name}
        client.put_object(**target, Body=body, Metadata={"number": "1"})
        assert client.get_object(**target)["Body"].read() == body
        assert client.head_object(**target)["ContentLength"] == len(body)
        found = [it["Key"] for it in client.list_objects_v2(Bucket=self.bucket, Prefix=name)["Contents"]]
        assert name in found, found
        self.copied(name, body)
        self.presigned(name, body)

    def copied(self, name, body):
        # As a map, which boto3 escapes, and from one strange name to another.
        to = ("copy of " + name)[:1024] if len(name.encode()) < 1000 else "copy"
        self.client.copy_object(Bucket=self.bucket, Key=to, CopySource={"Bucket": self.bucket, "Key": name})
        assert self.client.get_object(Bucket=self.bucket, Key=to)["Body"].read() == body
        self.client.delete_object(Bucket=self.bucket, Key=to)

    def presigned(self, name, body):
        if name in UNFIT_FOR_URLS:
            return
        target = {"Bucket": self.bucket, "Key": name}
        url = self.client.generate_presigned_url("get_object", Params=target)
        with urllib.request.urlopen(url) as answer:
            assert answer.read() == body
        url = self.client.generate_presigned_url("put_object", Params=target)
        with urllib.request.urlopen(urllib.request.Request(url, data=body, method="PUT", headers={"Content-Type": ""})) as answer:
            assert answer.status == 200
        # A signature is for one name.
        try:
            urllib.request.urlopen(url.replace("?X-Amz", "x?X-Amz"))
        except urllib.error.HTTPError as error:
            assert error.code == 403, error.code
        else:
            raise AssertionError("a presigned URL served another name")

    def listed(self):
        """Page by page, in the order of UTF-8's bytes, and by version 1 of the operation."""
        for operation, extra in (("list_objects_v2", {}), ("list_objects", {})):
            pages = self.client.get_paginator(operation).paginate(Bucket=self.bucket, PaginationConfig={"PageSize": 3}, **extra)
            keys = [it["Key"] for page in pages for it in page.get("Contents", [])]
            assert keys == sorted(NAMES, key=str.encode), (operation, [key[:40] for key in keys])

    def deleted(self):
        half = NAMES[::2]
        for name in NAMES[1::2]:
            self.client.delete_object(Bucket=self.bucket, Key=name)
        answer = self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": [{"Key": name} for name in half]})
        assert "Errors" not in answer and {it["Key"] for it in answer["Deleted"]} == set(half), answer
        assert "Contents" not in self.client.list_objects_v2(Bucket=self.bucket)


def announced(pipeline):
    """Every name has its row, and no row has another name."""
    def names():
        found, token = set(), {}
        while True:
            answer = pipeline.call("dynamodb", "Scan", TableName=pipeline.outputs["Table"], ConsistentRead=True, **token)
            found |= {item["name"]["S"] for item in answer["Items"]}
            if "LastEvaluatedKey" not in answer:
                return found
            token = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    until("every name has its row", lambda: set(NAMES) <= names(), 60)
    others = {name for name in names() - set(NAMES) if not name.startswith("copy")}
    assert not others, others


def too_long(names):
    for name in ("x" * 1025, "é" * 512 + "x"):
        for style in (names.client, names.pipeline.clients.client("s3")):
            try:
                style.put_object(Bucket=names.bucket, Key=name, Body=b"")
            except style.exceptions.ClientError as error:
                told = error.response["Error"]
                assert told["Code"] == "KeyTooLongError" and told["Message"] == "Your key is too long", told
                assert told["Size"] == "1025" and told["MaxSizeAllowed"] == "1024", told
            else:
                raise AssertionError("1,025 bytes were taken")


def by_cli(pipeline):
    """Some of them through the AWS CLI: its low level, and `aws s3 cp`, `ls` and `rm`."""
    bucket, cli = pipeline.outputs["Bucket"], Clients(pipeline.cloud.endpoint, "cli")
    aws = sys.executable.replace("python3", "aws")

    def s3(*arguments):
        environment = {**os.environ, **cli.environment, "LC_ALL": "C.UTF-8"}
        done = subprocess.run([aws, "s3", *arguments], env=environment, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    cli.call("s3", "PutObject", Bucket=bucket, Key=NAMES[8], Body=b"by the CLI")
    assert cli.call("s3", "GetObject", Bucket=bucket, Key=NAMES[8])["Body"] == b"by the CLI"
    folder = pipeline.cloud.data_dir.parent / "files"
    folder.mkdir()
    strange = "cli: it's 100% + ünusual & 🎃.txt"
    (folder / strange).write_bytes(b"copied in")
    s3("cp", str(folder), f"s3://{bucket}/", "--recursive")
    assert strange in s3("ls", f"s3://{bucket}/").decode()
    assert s3("cp", f"s3://{bucket}/{strange}", "-") == b"copied in"
    pipeline.lands(strange)
    s3("mv", f"s3://{bucket}/{strange}", f"s3://{bucket}/moved/{strange}")
    pipeline.lands(f"moved/{strange}")
    s3("rm", f"s3://{bucket}/", "--recursive")
    assert "Contents" not in pipeline.call("s3", "ListObjectsV2", Bucket=bucket)


def main():
    resolve_localhost()
    with Cloud() as cloud:
        pipeline = Pipeline(cloud, "boto3")
        p1(pipeline)
        for style in ("path", "virtual"):
            names = Names(pipeline, style)
            names.round()
            too_long(names)
            announced(pipeline)
            names.deleted()
        by_cli(pipeline)


if __name__ == "__main__":
    main()
