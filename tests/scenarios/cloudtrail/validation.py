"""Log files that nobody touched are valid to `aws cloudtrail validate-logs`; changed, deleted and forged ones are not."""

import gzip
import json
import os
import subprocess
import sys

from clients import Clients
from cloud import Cloud, until

BUCKET = "trail-files"
# A laptop needs seconds, the time that calls are gathered for a file; a loaded build machine may take more.
PATIENCE = 90
BEGINNING = "2020-01-01T00:00:00Z"


def main():
    with Cloud("--ephemeral") as cloud:
        root = Clients(cloud.endpoint)
        account = root.call("sts", "GetCallerIdentity")["Account"]
        arn = trail(root, account)
        for number in range(3):
            told_in_a_file_of_its_own(root, f"topic-{number}")
        # "Upon StopLogging, CloudTrail delivers a final digest file": nobody need wait an hour.
        root.call("cloudtrail", "StopLogging", Name="audit")
        digest = until("the last digest file is there", lambda: digests(root), PATIENCE)[0]
        logs = [file["s3Object"] for file in content(root, digest)["logFiles"]]
        assert len(logs) >= 3, logs
        code, told = validate(root, arn)
        assert code == 0, told
        assert "1/1 digest files valid" in told and f"{len(logs)}/{len(logs)} log files valid" in told, told

        changed, deleted = logs[0], logs[1]
        records = content(root, changed)
        records["Records"][0]["eventName"] = "NothingAtAll"
        put(root, changed, records)
        root.call("s3", "DeleteObject", Bucket=BUCKET, Key=deleted)
        code, told = validate(root, arn)
        assert code == 1, told
        assert f"s3://{BUCKET}/{changed}\tINVALID: hash value doesn't match" in told, told
        assert f"s3://{BUCKET}/{deleted}\tINVALID: not found" in told, told
        assert f"{len(logs) - 2}/{len(logs)} log files valid, 2/{len(logs)} log files INVALID" in told, told

        # A second chain begins where logging starts again.
        root.call("cloudtrail", "StartLogging", Name="audit")
        told_in_a_file_of_its_own(root, "topic-later")
        root.call("cloudtrail", "StopLogging", Name="audit")
        until("the second chain's digest file is there", lambda: len(digests(root)) == 2, PATIENCE)
        code, told = validate(root, arn)
        assert "2/2 digest files valid" in told and "No log files were delivered by CloudTrail between" in told, told

        # Who hides the change in the digest file cannot sign it.
        forged = content(root, digest)
        forged["logFiles"] = [file for file in forged["logFiles"] if file["s3Object"] not in (changed, deleted)]
        metadata = root.call("s3", "HeadObject", Bucket=BUCKET, Key=digest)["Metadata"]
        put(root, digest, forged, Metadata=metadata)
        code, told = validate(root, arn)
        assert code == 1, told
        assert f"Digest file\ts3://{BUCKET}/{digest}\tINVALID: signature verification failed" in told, told
        assert "1/2 digest files valid, 1/2 digest files INVALID" in told, told


def trail(root, account):
    root.call("s3", "CreateBucket", Bucket=BUCKET)
    service = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    statements = [
        {**service, "Action": "s3:GetBucketAcl", "Resource": f"arn:aws:s3:::{BUCKET}"},
        {
            **service,
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{BUCKET}/logs/AWSLogs/{account}/*",
            "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
        },
    ]
    root.call("s3", "PutBucketPolicy", Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))
    made = root.call(
        "cloudtrail", "CreateTrail", Name="audit", S3BucketName=BUCKET, S3KeyPrefix="logs", EnableLogFileValidation=True
    )
    root.call("cloudtrail", "StartLogging", Name="audit")
    return made["TrailARN"]


def keys(root, part):
    listed = root.call("s3", "ListObjectsV2", Bucket=BUCKET).get("Contents", [])
    return sorted(found["Key"] for found in listed if part in found["Key"] and found["Key"].endswith(".json.gz"))


def digests(root):
    return keys(root, "/CloudTrail-Digest/")


def told_in_a_file_of_its_own(root, topic):
    known = len(keys(root, "/CloudTrail/"))
    root.call("sns", "CreateTopic", Name=topic)
    until("the call is delivered", lambda: len(keys(root, "/CloudTrail/")) > known, PATIENCE)


def content(root, key):
    return json.loads(gzip.decompress(root.call("s3", "GetObject", Bucket=BUCKET, Key=key)["Body"]))


def put(root, key, document, **parameters):
    root.call("s3", "PutObject", Bucket=BUCKET, Key=key, Body=gzip.compress(json.dumps(document).encode()), **parameters)


def validate(root, arn):
    command = [sys.executable.replace("python3", "aws"), "cloudtrail", "validate-logs"]
    command += ["--trail-arn", arn, "--start-time", BEGINNING, "--verbose"]
    ended = subprocess.run(command, env={**os.environ, **root.environment}, capture_output=True, text=True)
    return ended.returncode, ended.stdout + ended.stderr


main()
